"""What a field may hold, checked beside the field (terms.md, People and organisations, Work plan).

Each function takes a value and the name of its field, and returns the value as it is kept: text in
NFC, trimmed, without control characters or marks that turn the direction of writing. One that
cannot be kept raises a `DomainError` whose fact `field` says where.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Sequence
from datetime import date
from decimal import Decimal

from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.errors import DomainError, Fact

LINE_LIMIT = 500
PROSE_LIMIT = 100_000
MONEY_LIMIT = Decimal(10) ** 13
PERSON_MONTHS_LIMIT = 100_000
_DIRECTION_MARKS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_EMAIL = re.compile(
    r"[^\s@<>,;:\"()\[\]\\]{1,64}@(?:[^\s@.<>,;:\"()\[\]\\]+\.)+[^\s@.<>,;:\"()\[\]\\]{2,}"
)
_PIC = re.compile(r"[0-9]{9}")
_NUTS = re.compile(r"[A-Z]{2}[A-Z0-9]{0,3}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_WEB = re.compile(r"(?:https?://)?[^\s/@]+\.[^\s/@]{2,}(?:[/?#]\S*)?", re.IGNORECASE)


def refuse(code: str, field: str, text: str, **facts: Fact) -> DomainError:
    """Return the error that a field's value breaks a rule.

    Args:
        code: of the rule.
        field: name of the entity's field.
        text: sentence for the user, with places for `facts`.
        facts: what the sentence needs.
    """
    return DomainError(code, text, field=field, **facts)


def line(value: str, field: str, *, required: bool = False, limit: int = LINE_LIMIT) -> str:
    """Return one line of text; breaks become spaces.

    Args:
        value: as typed.
        field: name of the field.
        required: whether it must not be empty.
        limit: characters at most.

    Raises:
        DomainError: `required`, `too_long`.
    """
    return _text(" ".join(value.split()), field, required, limit)


def prose(value: str, field: str, *, required: bool = False, limit: int = PROSE_LIMIT) -> str:
    """Return long text; paragraphs stay, every line end becomes a line feed.

    Raises:
        DomainError: `required`, `too_long`.
    """
    return _text(value.replace("\r\n", "\n").replace("\r", "\n"), field, required, limit)


def _text(value: str, field: str, required: bool, limit: int) -> str:
    kept = "".join(
        c
        for c in unicodedata.normalize("NFC", value)
        if c in "\n\t"
        or (unicodedata.category(c) not in {"Cc", "Cs"} and c not in _DIRECTION_MARKS)
    ).strip()
    if required and not kept:
        raise refuse("required", field, "This cannot be empty.")
    if len(kept) > limit:
        raise refuse("too_long", field, "This is longer than {limit} characters.", limit=limit)
    return kept


def pic(value: str, field: str = "pic") -> str:
    """Return a participant identification code: 9 digits, or "" = not known.

    Raises:
        DomainError: `bad_pic`.
    """
    digits = "".join(value.split())
    if digits and not _PIC.fullmatch(digits):
        raise refuse("bad_pic", field, "A PIC has 9 digits.")
    return digits


def email(value: str, field: str = "email") -> str:
    """Return an e-mail address by its form (RFC 5321 without quoted local parts), or "".

    Raises:
        DomainError: `bad_email`.
    """
    address = line(value, field, limit=254)
    if address and not _EMAIL.fullmatch(address):
        raise refuse("bad_email", field, "Expected an address such as name@example.org.")
    return address


def zone(value: str, field: str = "zone", *, required: bool = False) -> str:
    """Return an IANA zone name that exists, or "" = not known.

    Raises:
        DomainError: `required`, `unknown_zone`.
    """
    name = line(value, field, required=required)
    if name:
        try:
            zone_of(name)
        except DomainError:
            raise refuse(
                "unknown_zone",
                field,
                "“{zone}” is no time zone: expected an IANA name such as Europe/Lisbon.",
                zone=name,
            ) from None
    return name


def country(value: str, known: Container[str], field: str = "country") -> str:
    """Return an ISO 3166 alpha-2 code, or "" = not known.

    Args:
        value: as typed.
        known: the codes there are.
        field: name of the field.

    Raises:
        DomainError: `unknown_country`.
    """
    code = line(value, field).upper()
    if code and code not in known:
        raise refuse("unknown_country", field, "Expected a country code such as PT or DE.")
    return code


def nuts(value: str, field: str = "nuts_code") -> str:
    """Return a NUTS code (country and up to three characters), or "".

    Raises:
        DomainError: `bad_nuts`.
    """
    code = line(value, field).upper()
    if code and not _NUTS.fullmatch(code):
        raise refuse("bad_nuts", field, "A NUTS code is like PT17 or DE300.")
    return code


def web(value: str, field: str = "website") -> str:
    """Return a web address by its form, http or https or without a scheme, or "".

    Raises:
        DomainError: `bad_address`.
    """
    address = line(value, field, limit=2000)
    if address and not _WEB.fullmatch(address):
        raise refuse("bad_address", field, "Expected a web address such as www.example.org.")
    return address


def languages(value: Sequence[str], field: str = "languages") -> list[str]:
    """Return language tags (BCP 47: `en`, `pt-BR`), doubles left out.

    Raises:
        DomainError: `unknown_language`.
    """
    tags = list(dict.fromkeys(tag.strip() for tag in value if tag.strip()))
    for tag in tags:
        if not _LANGUAGE.fullmatch(tag):
            raise refuse(
                "unknown_language", field, "“{tag}” is no language tag such as en or pt.", tag=tag
            )
    return tags


def lines(value: Sequence[str], field: str) -> list[str]:
    """Return a list of lines (topics), empty ones and doubles left out.

    Raises:
        DomainError: `too_long`.
    """
    return list(dict.fromkeys(kept for each in value if (kept := line(each, field))))


def whole(value: int, field: str, least: int, most: int) -> int:
    """Return a whole number within limits, both included.

    Raises:
        DomainError: `out_of_range`.
    """
    if not least <= value <= most:
        raise refuse("out_of_range", field, "Expected {least} to {most}.", least=least, most=most)
    return value


def degrees(value: float | None, field: str, most: float) -> float | None:
    """Return a latitude or longitude in degrees, -most..most.

    Raises:
        DomainError: `out_of_range`.
    """
    if value is not None and not -most <= value <= most:
        raise refuse("out_of_range", field, "Expected {least} to {most}.", least=-most, most=most)
    return value


def money(value: Decimal | None, field: str) -> Decimal | None:
    """Return an amount in euro, not negative, whole cents; None = not known.

    Raises:
        DomainError: `bad_money`.
    """
    if value is None:
        return None
    if not value.is_finite() or not 0 <= value < MONEY_LIMIT:
        raise refuse("bad_money", field, "Expected an amount of 0 or more.")
    if value != round(value, 2):
        raise refuse("bad_money", field, "Expected whole cents.")
    return value


def person_months(value: Decimal, field: str) -> Decimal:
    """Return person-months: 0 to 100,000, at most two places.

    Raises:
        DomainError: `bad_person_months`.
    """
    if not value.is_finite() or not 0 <= value <= PERSON_MONTHS_LIMIT:
        raise refuse("bad_person_months", field, "Expected person-months from 0 to 100,000.")
    if value != round(value, 2):
        raise refuse("bad_person_months", field, "Expected at most two places, as in 2.25.")
    return value


def month(value: int, field: str, duration: int | None, longest: int) -> int:
    """Return a project month within the project.

    Args:
        value: 1 = the first.
        field: name of the field.
        duration: months the project has; None = not known.
        longest: the largest month taken when that is not known.

    Raises:
        DomainError: `month_out_of_range`.
    """
    last = longest if duration is None else duration
    if not 1 <= value <= last:
        raise refuse(
            "month_out_of_range",
            field,
            "M{month} is outside the project: expected M1 to M{last}.",
            month=value,
            last=last,
        )
    return value


def months_in_order(start: int, end: int, field: str) -> None:
    """Refuse an end before its start.

    Raises:
        DomainError: `end_before_start`.
    """
    if end < start:
        raise refuse(
            "end_before_start",
            field,
            "M{end} is before the start, M{start}.",
            start=start,
            end=end,
        )


def days_in_order(start: date | None, end: date | None, field: str) -> None:
    """Refuse an end before its start, where both are known.

    Raises:
        DomainError: `end_before_start`.
    """
    if start is not None and end is not None and end < start:
        raise refuse(
            "end_before_start",
            field,
            "{end} is before the start, {start}.",
            start=start.isoformat(),
            end=end.isoformat(),
        )


def share(numerator: int, denominator: int, field: str) -> None:
    """Refuse a quorum or majority that is no share: more than none, at most all.

    Raises:
        DomainError: `bad_share`.
    """
    if not 0 < numerator <= denominator:
        raise refuse("bad_share", field, "Expected a share such as 2/3, at most the whole.")
