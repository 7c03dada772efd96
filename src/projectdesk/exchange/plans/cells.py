"""Cells of a work plan's tables as values: labels, project months, person-months, words.

A cell that cannot be read raises `Unread`; the reader that knows file, row and column says where.

May import: domain, exchange.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from projectdesk.domain.rules.person_months import read_person_months
from projectdesk.domain.rules.project_months import LAST_MONTH, month_of
from projectdesk.domain.rules.validation import PERSON_MONTHS_LIMIT
from projectdesk.domain.workplan import (
    DeliverableStatus,
    DeliverableType,
    DependencyType,
    DisseminationLevel,
    RiskGrade,
    RiskStatus,
)
from projectdesk.exchange.plans.lines import PlanEnd
from projectdesk.exchange.tables import normalised
from projectdesk.exchange.values import is_blank, read_date
from projectdesk.worded import worded

EnumT = TypeVar("EnumT")

_MONTH = re.compile(
    r"(?:project\s*)?(?:months?|monat|mois|m)?\s*\.?\s*([0-9]{1,3})(?:\.0)?", re.IGNORECASE
)
_MONTH_OF_YEAR = re.compile(r"(?:([0-9]{1,2})[/.]([0-9]{4})|([0-9]{4})-([0-9]{1,2}))")
_LABEL = re.compile(r"(?:[a-z]{1,20}[\s.\-]*)?([0-9]{1,4})(?:\.0)?", re.IGNORECASE)
_DOTTED = re.compile(r"(?:[a-z]{1,20}[\s.\-]*)?([0-9]{1,4})\.([0-9]{1,4})", re.IGNORECASE)
_RANGE = re.compile(
    r"(?:[a-z]{2}\s*)?([0-9]{1,4})\s*[-–]\s*(?:[a-z]{2}\s*)?([0-9]{1,4})", re.IGNORECASE
)
_SEVERAL = re.compile(r"\s*(?:[,;&+\n]|\band\b|\bund\b|\bet\b)\s*", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[^0-9,]*[0-9]+,[0-9]+")
_SEPARATORS = re.compile(r"\s*(?:[,;/&+\n]|\band\b|\bund\b|\bet\b)\s*", re.IGNORECASE)
_HUNDREDTH = Decimal("0.01")

TYPES = {normalised(kind): kind for kind in DeliverableType} | {
    "report": DeliverableType.R,
    "bericht": DeliverableType.R,
    "rapport": DeliverableType.R,
    "reports": DeliverableType.R,
    "document": DeliverableType.R,
    "documents": DeliverableType.R,
    "documentreport": DeliverableType.R,
    "demonstrator": DeliverableType.DEM,
    "demonstratorpilotprototype": DeliverableType.DEM,
    "prototype": DeliverableType.DEM,
    "pilot": DeliverableType.DEM,
    "p": DeliverableType.DEM,
    "d": DeliverableType.DEM,
    "websitespatentsfillingsvideosetc": DeliverableType.DEC,
    "websitespatentfilingspressmediaactionsvideosetc": DeliverableType.DEC,
    "website": DeliverableType.DEC,
    "video": DeliverableType.DEC,
    "datasetsmicrodataetc": DeliverableType.DATA,
    "dataset": DeliverableType.DATA,
    "datasets": DeliverableType.DATA,
    "software": DeliverableType.OTHER,
    "softwaretechnicaldiagrametc": DeliverableType.OTHER,
    "datamanagementplan": DeliverableType.DMP,
    "ordp": DeliverableType.DMP,
    "o": DeliverableType.OTHER,
}
LEVELS = {normalised(level): level for level in DisseminationLevel} | {
    "public": DisseminationLevel.PU,
    "öffentlich": DisseminationLevel.PU,
    "sensitive": DisseminationLevel.SEN,
    "confidential": DisseminationLevel.SEN,
    "restricted": DisseminationLevel.SEN,
    "consortium": DisseminationLevel.SEN,
    "consortiumonly": DisseminationLevel.SEN,
    "vertraulich": DisseminationLevel.SEN,
    "co": DisseminationLevel.SEN,
    "re": DisseminationLevel.SEN,
    "pp": DisseminationLevel.SEN,
    "eures": DisseminationLevel.EU_R,
    "eucon": DisseminationLevel.EU_C,
    "eusec": DisseminationLevel.EU_S,
}
STATUSES = {normalised(status): status for status in DeliverableStatus}
GRADES = {normalised(grade): grade for grade in RiskGrade} | {
    "l": RiskGrade.LOW,
    "m": RiskGrade.MEDIUM,
    "h": RiskGrade.HIGH,
    "niedrig": RiskGrade.LOW,
    "gering": RiskGrade.LOW,
    "mittel": RiskGrade.MEDIUM,
    "hoch": RiskGrade.HIGH,
    "faible": RiskGrade.LOW,
    "moyen": RiskGrade.MEDIUM,
    "moyenne": RiskGrade.MEDIUM,
    "élevé": RiskGrade.HIGH,
    "élevée": RiskGrade.HIGH,
}
RISK_STATUSES = {normalised(status): status for status in RiskStatus} | {
    "offen": RiskStatus.OPEN,
    "eingetreten": RiskStatus.OCCURRED,
    "geschlossen": RiskStatus.CLOSED,
    "materialised": RiskStatus.OCCURRED,
}
LINKS = {normalised(kind): kind for kind in DependencyType} | {
    "finishtostart": DependencyType.FINISH_START,
    "starttostart": DependencyType.START_START,
    "finishtofinish": DependencyType.FINISH_FINISH,
    "starttofinish": DependencyType.START_FINISH,
}


class Unread(ValueError):
    """A cell is not understood; its text says what was expected."""


def number_of(cell: str) -> int:
    """Return the number of "3", "WP3", "3.0".

    Raises:
        Unread: it has none.
    """
    found = _LABEL.fullmatch(cell.strip())
    if not found or not int(found[1]):
        raise Unread(worded("a number such as 3 or a label such as WP3"))
    return int(found[1])


def dotted(cell: str) -> tuple[int, int] | None:
    """Return (3, 2) of "D3.2", None of anything else."""
    found = _DOTTED.fullmatch(cell.strip())
    return (int(found[1]), int(found[2])) if found else None


def months(cell: str) -> list[str]:
    """Return the cells of "M6, M12 and M18", what is due more than once; [] of anything else.

    "1,5" is a number with a decimal comma, as nothing says that it is not.
    """
    if _DECIMAL_COMMA.fullmatch(cell.strip()):
        return []
    parts = [part for part in _SEVERAL.split(cell.strip()) if part]
    return parts if len(parts) > 1 and all(map(_MONTH.fullmatch, parts)) else []


def month(cell: str, start: date | None) -> int:
    """Return a project month of "M12", "12", "[M12]", "2027-02-28", "02/2027".

    Raises:
        Unread: no month, or a date where the start is not known.
    """
    text = cell.strip()
    if text[:1] + text[-1:] in ("[]", "()"):
        text = text[1:-1].strip()
    if found := _MONTH.fullmatch(text):
        number = int(found[1])
    else:
        day = _day(text)
        if start is None:
            raise Unread(worded("a project month, as the project has no start date"))
        number = month_of(start, day)
    if not 1 <= number <= LAST_MONTH:
        raise Unread(worded("a project month from M1 to M{last}", last=LAST_MONTH))
    return number


def _day(text: str) -> date:
    try:
        if found := _MONTH_OF_YEAR.fullmatch(text):
            return date(int(found[2] or found[3]), int(found[1] or found[4]), 15)
        day = read_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Unread(worded("a project month (M12 or 12) or a date"))
    return day


def day(cell: str) -> date | None:
    """Return a date, None of a blank cell.

    Raises:
        Unread: it is none.
    """
    try:
        return read_date(cell)
    except ValueError:
        raise Unread(worded("a date such as 2026-11-24")) from None


def one_of(cell: str, known: Mapping[str, EnumT]) -> EnumT | None:
    """Return what a word stands for, None of a blank cell.

    Raises:
        Unread: nobody knows it.
    """
    text = cell.strip()
    # "R — Document, report" and "PU - Public" say the code first.
    for part in (text, re.split(r"\s+[-–—:]\s+|\s*\(", text)[0]):
        if (found := known.get(normalised(part))) is not None:
            return found
    if is_blank(text):
        return None
    raise Unread(", ".join(dict.fromkeys(str(value) for value in known.values())))


def packages(cell: str) -> tuple[int, ...]:
    """Return the work packages of "WP1, WP3-WP5".

    Raises:
        Unread: a part of it is none.
    """
    text = cell.strip()
    if is_blank(text):
        return ()
    numbers: list[int] = []
    for part in _SEPARATORS.split(text):
        if span := _RANGE.fullmatch(part):
            first, last = int(span[1]), int(span[2])
            if last - first > 1000:
                raise Unread(worded("work packages such as WP1, WP3"))
            numbers.extend(range(first, last + 1))
        elif found := _LABEL.fullmatch(part):
            numbers.append(int(found[1]))
        elif part:
            raise Unread(worded("work packages such as WP1, WP3"))
    return tuple(dict.fromkeys(numbers))


def end(cell: str) -> PlanEnd:
    """Return what "WP3" or "T3.2" is.

    Raises:
        Unread: neither.
    """
    if found := dotted(cell):
        return PlanEnd(*found)
    try:
        return PlanEnd(number_of(cell))
    except Unread:
        raise Unread(worded("a work package such as WP3 or a task such as T3.2")) from None


def whole(cell: str) -> int:
    """Return a whole number, 0 of a blank cell.

    Raises:
        Unread: it is none, or has more than three digits.
    """
    text = cell.strip()
    if _is_empty(text):
        return 0
    found = re.fullmatch(r"([+\-−]?)\s*M?([0-9]{1,3})(?:\.0)?", text)
    if not found:
        raise Unread(worded("whole months such as 2 or -1"))
    return -int(found[2]) if found[1] in ("-", "−") else int(found[2])


def person_months(cell: str) -> Decimal | None:
    """Return person-months with all places the file has, None of a blank cell.

    Raises:
        Unread: no number, or negative.
    """
    text = re.sub(r"\s|(?:PMs?|PM|MM)$", "", cell.strip(), flags=re.IGNORECASE)
    if _is_empty(text):
        return None
    try:
        value = read_person_months(text)
    except ValueError:
        raise Unread(worded("person-months such as 12 or 2.5")) from None
    if not 0 <= value <= PERSON_MONTHS_LIMIT:
        raise Unread(worded("person-months from 0 to {most}", most=PERSON_MONTHS_LIMIT))
    return value


def _is_empty(text: str) -> bool:
    """Return whether a cell for a number is blank: "NaN" there is a sum that went wrong."""
    return is_blank(text) and text.casefold() != "nan"


def hundredths(value: Decimal) -> Decimal:
    """Return person-months as they are kept: two places."""
    return value.quantize(_HUNDREDTH, ROUND_HALF_UP)
