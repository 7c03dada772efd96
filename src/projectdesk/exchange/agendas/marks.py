"""What stands in a line of an agenda beside its title: times, lengths, kinds, who presents.

Each `take_...` returns what it found and the line without it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from projectdesk.domain.meetings import ItemKind

DAY_MINUTES: Final = 24 * 60
_EARLIEST: Final = 7
"""Before this hour "1.10" alone is the number of an item, not a time."""
_DASH: Final = r"[-–—−‒]"  # noqa: RUF001 - the dashes that people type

_HOUR: Final = (
    r"(?:(?P<h{n}>[01]?\d|2[0-4])(?:[:.](?P<m{n}>[0-5]\d)|\s?h\s?(?P<x{n}>[0-5]\d)?(?![a-z]))"
    r"(?:\s?(?P<p{n}>[ap]\.?m\.?)(?![a-z]))?|(?P<h{n}b>1[0-2]|[1-9])\s?(?P<p{n}b>[ap]\.?m\.?)(?![a-z]))"
)
_FROM_TO: Final = re.compile(
    r"^\W{0,3}(?:from\s+|von\s+)?"
    + _HOUR.format(n=1)
    + rf"(?:\s*(?:{_DASH}|to|until|till|bis|à)\s*"
    + _HOUR.format(n=2)
    + r")?(?:\s*(?:uhr|hrs?|cet|cest|utc|gmt|bst|est|edt|wet|west|eet|eest)\b\.?)?"
    + rf"(?:\s*(?:{_DASH}|[:|,;.)\]])+)?\s*(?=\S|$)",
    re.IGNORECASE,
)
_BARE_RANGE: Final = re.compile(
    rf"^(?P<a>[01]\d|2[0-3])(?P<b>[0-5]\d)\s*{_DASH}\s*(?P<c>[01]\d|2[0-3])(?P<d>[0-5]\d)\b[\s:]*"
)
_LENGTH: Final = (
    r"(?:(?P<hours>\d{1,2}(?:[.,]5)?)\s?(?:hours?|hrs?|std\.?|stunden?|h)(?![a-z])"
    r"(?:\s?(?:and\s)?(?P<rest>\d{1,2})\s?(?:minutes|minuten|mins?\.?|m|')?)?"
    r"|(?P<minutes>\d{1,3})\s?(?:minutes|minuten|minute|mins?\.?|['’′](?!\w)|m(?![a-z])))"  # noqa: RUF001
)
_LENGTH_IN_BRACKETS: Final = re.compile(
    rf"[(\[]\s*(?:ca\.?\s|approx\.?\s|~\s?)?{_LENGTH}\s*(?P<more>[,;/|]\s*[^)\]]*)?[)\]]",
    re.IGNORECASE,
)
_LENGTH_LAST_IN_BRACKETS: Final = re.compile(
    rf"[(\[](?P<before>[^()\[\]]*?)[,;/|]\s*{_LENGTH}\s*[)\]]", re.IGNORECASE
)
_LENGTH_AT_END: Final = re.compile(rf"\s*(?:{_DASH}|[,;:|/])\s*{_LENGTH}\s*$", re.IGNORECASE)
_LENGTH_AT_START: Final = re.compile(rf"^{_LENGTH}\s*(?:{_DASH}|[:|,;])\s*(?=\S)", re.IGNORECASE)
_KIND_WORDS: Final = {
    "decision": ItemKind.DECISION,
    "decide": ItemKind.DECISION,
    "approval": ItemKind.DECISION,
    "vote": ItemKind.DECISION,
    "beschluss": ItemKind.DECISION,
    "d": ItemKind.DECISION,
    "discussion": ItemKind.DISCUSSION,
    "discuss": ItemKind.DISCUSSION,
    "diskussion": ItemKind.DISCUSSION,
    "information": ItemKind.INFORMATION,
    "info": ItemKind.INFORMATION,
    "i": ItemKind.INFORMATION,
}
_KIND_MARK: Final = re.compile(
    r"\s*[(\[](?:for\s+|zur\s+)?(?P<kind>decision|decide|approval|vote|beschluss|discussion"
    r"|discuss|diskussion|information|info|d|i)[)\]]",
    re.IGNORECASE,
)
_KIND_AT_END: Final = re.compile(
    rf"\s*(?:(?:{_DASH}|[,;:])\s*(?:for\s+)?|\s+for\s+)"
    r"(?P<kind>decision|approval|discussion|information)\s*$",
    re.IGNORECASE,
)
_KIND_AT_START: Final = re.compile(
    r"^(?P<kind>decision|discussion|vote|beschluss|diskussion)\s*:\s*(?=\S)", re.IGNORECASE
)
_DECIDES: Final = re.compile(
    r"^(?:approval|adoption|approve|adopt|election|vote|genehmigung|beschluss)\b", re.IGNORECASE
)
_BREAK: Final = re.compile(
    r"^(?:(?:morning|afternoon|short|virtual|networking|health|bio|comfort|light|working|joint|"
    r"group|social|welcome|buffet|standing)\s+){0,2}"
    r"(?:coffee|tea|lunch|dinner|breakfast|break|pause|recess|refreshments?|kaffee(?:pause)?|"
    r"mittag(?:essen|spause)?|abendessen|d[ée]jeuner|almuerzo|pranzo|cena|caf[ée])"
    r"(?:[\s/&+-]+(?:and|und|et|y|break|lunch|tea|coffee|pause|networking|at\s.*|in\s.*|photo|"
    r"group|time))*\W*$",
    re.IGNORECASE,
)
_END: Final = re.compile(
    r"^(?:end|ende|fin|close|adjourn(?:ment)?|departure|end of (?:the )?(?:meeting|day(?: \d+)?"
    r"|session|workshop|call))\W*$",
    re.IGNORECASE,
)
_SAYS_WHO: Final = (
    "presenters?|presented by|presentation by|speakers?|leads?|led by|chaired by|moderated by"
    "|moderators?|chair|referent(?:in)?|vortrag"
)
_SAYS_BY: Final = "presented by|presentation by|led by|chaired by|moderated by"
_BY: Final = re.compile(
    rf"\s*[(\[,;–—-]?\s*\b(?:{_SAYS_WHO})\s*:\s*(?P<who>[^()\[\]]+)[)\]]?\s*$"
    rf"|\s*[(\[,;–—-]?\s*\b(?:{_SAYS_BY})\s+(?P<also>[^()\[\]:]+)[)\]]?\s*$",
    re.IGNORECASE,
)
_LAST_BRACKETS: Final = re.compile(r"\s*[(\[](?P<who>[^()\[\]]+)[)\]]\s*$")
_EVERYBODY: Final = frozenset(
    {
        *("all", "everybody", "everyone", "alle", "partners", "coordinator", "chair", "reviewers"),
        *("tbc", "tbd", "tba", "n.n.", "nn", "po", "project officer", "project manager"),
        *("all partners", "all participants", "each partner", "the coordinator", "the chair"),
        *("wp leaders", "wp leader", "wp leads", "all wp leaders", "task leaders"),
        *("work package leaders", "open discussion", "external experts"),
    }
)
_TITLES: Final = re.compile(r"^(?:dr|prof|mr|mrs|ms|ing|phd|msc|hr|fr)\.?$", re.IGNORECASE)
_NAME_WORD: Final = re.compile(r"^[^\W\d_][\w'’.-]*$")
_SMALL: Final = frozenset(
    {
        *("de", "da", "do", "dos", "das", "van", "von", "der", "den", "di", "del", "della"),
        *("la", "le", "el", "al", "bin", "ibn", "y"),
    }
)


@dataclass(frozen=True)
class Times:
    """Begin and end in minutes since midnight; None = not said."""

    starts: int | None = None
    ends: int | None = None


def take_times(line: str) -> tuple[Times, str]:
    """Take "09:00", "9.30-10.00", "14h30 - 15h", "9 am to 10 am", "0930-1000" from the start."""
    bare = _BARE_RANGE.match(line)
    if bare is not None:
        starts = int(bare["a"]) * 60 + int(bare["b"])
        return Times(starts, int(bare["c"]) * 60 + int(bare["d"])), line[bare.end() :].strip()
    found = _FROM_TO.match(line)
    if found is None or _is_number(found):
        return Times(), line
    times = Times(_minute(found, 1), _minute(found, 2))
    halved = (found["p2"] or found["p2b"]) and not (found["p1"] or found["p1b"])
    if halved and None not in (times.starts, times.ends):
        later = (times.starts or 0) + DAY_MINUTES // 2  # "1 - 2 pm"
        if later < (times.ends or 0):
            times = Times(later, times.ends)
    return times, line[found.end() :].strip()


def _is_number(found: re.Match[str]) -> bool:
    """Tell whether "1.10 Title" is the number of an item rather than a time in the night."""
    hour = found["h1"]
    ranged = found["h2"] or found["h2b"]
    if hour is None or len(hour) != 1 or int(hour) >= _EARLIEST or ranged or found["p1"]:
        return False
    return found[0].lstrip()[1:2] == "."


def _minute(found: re.Match[str], n: int) -> int | None:
    hour = found[f"h{n}"] or found[f"h{n}b"]
    if hour is None:
        return None
    minute = int(found[f"m{n}"] or found[f"x{n}"] or 0)
    half = (found[f"p{n}"] or found[f"p{n}b"] or "").lower()
    hours = int(hour)
    if half.startswith("p") and hours < 12:
        hours += 12
    elif half.startswith("a") and hours == 12:
        hours = 0
    return hours * 60 + minute


def take_length(line: str) -> tuple[int | None, str]:
    """Take "(15 min)", "[1h30]", "(20')", "- 45 minutes", "15 min: ..." from a line."""
    found = _LENGTH_IN_BRACKETS.search(line)
    if found is not None:
        more = (found["more"] or "").lstrip(",;/| ").strip()
        rest = f"({more})" if more else ""
        return _length(found), _joined(line[: found.start()], rest, line[found.end() :])
    found = _LENGTH_LAST_IN_BRACKETS.search(line)
    if found is not None:
        rest = f"({found['before'].strip()})"
        return _length(found), _joined(line[: found.start()], rest, line[found.end() :])
    for pattern in (_LENGTH_AT_END, _LENGTH_AT_START):
        found = pattern.search(line)
        if found is not None and (line[: found.start()] + line[found.end() :]).strip():
            return _length(found), _joined(line[: found.start()], line[found.end() :])
    return None, line


def only_length(text: str) -> int | None:
    """Return the minutes that a whole cell says: "15", "15 min", "1 h"; None if it says else."""
    found = re.fullmatch(_LENGTH, text.strip(), re.IGNORECASE)
    if found is not None:
        return _length(found)
    return int(text) if re.fullmatch(r"\s*\d{1,3}\s*", text) else None


def _length(found: re.Match[str]) -> int:
    if found["minutes"]:
        return min(int(found["minutes"]), DAY_MINUTES)
    hours = float(found["hours"].replace(",", "."))
    return min(round(hours * 60) + int(found["rest"] or 0), DAY_MINUTES)


def take_kind(line: str) -> tuple[ItemKind | None, str]:
    """Take "(decision)", "[D]", "for information", "Discussion: ..." from a line."""
    for pattern in (_KIND_MARK, _KIND_AT_END, _KIND_AT_START):
        found = pattern.search(line)
        if found is not None:
            kind = _KIND_WORDS[found["kind"].lower()]
            return kind, _joined(line[: found.start()], line[found.end() :])
    return (ItemKind.DECISION if _DECIDES.match(line) else None), line


def is_break(title: str) -> bool:
    """Tell whether a title is that of a break: "Coffee", "Lunch break", "Break & group photo"."""
    return _BREAK.match(title) is not None


def is_end(title: str) -> bool:
    """Tell whether a line only says when it ends: "End of day 1", "Adjourn"."""
    return _END.match(title) is not None


def take_presenter(line: str, known: Collection[str]) -> tuple[str, str]:
    """Take who presents: after "by", in brackets at the end, or after the last dash.

    A text counts as people when it names somebody who is known, or is written as names are.

    Args:
        line: what is left of the line.
        known: names of people and partners, in lower case.
    """
    found = _BY.search(line)
    if found is not None:
        return (found["who"] or found["also"]).strip(" .,;"), line[: found.start()].strip(" ,;")
    who = _last_segment(line)
    if who and is_people(who, known):
        return who, line[: line.rindex(who)].rstrip(" -–—−‒|;").strip()  # noqa: RUF001
    found = _LAST_BRACKETS.search(line)
    if found is not None and is_people(found["who"], known):
        return found["who"].strip(), line[: found.start()].strip()
    named, _, after = line.rpartition(", ")
    parts = re.split(r"\s*(?:&|/|\band\b)\s*", after)
    if named and all(part.strip(" .").lower() in known for part in parts):
        return after.strip(), named.strip()
    return "", line


def _last_segment(line: str) -> str:
    parts = re.split(rf"\s+{_DASH}\s+|\s*[|;]\s*", line)
    return parts[-1].strip() if len(parts) > 1 else ""


def is_people(text: str, known: Collection[str]) -> bool:
    """Tell whether a text names people or partners: "Ida Holm (DTU) and Prof. A. Sousa"."""
    bare = text.strip(" .").lower()
    if not bare:
        return False
    if bare in _EVERYBODY or bare in known:
        return True
    parts = re.split(r"\s*(?:,|;|/|&|\+|\band\b|\bund\b)\s*", re.sub(r"[()\[\]]", ",", text))
    named = [part for part in (each.strip() for each in parts) if part]
    return bool(named) and all(_is_one(part, known) for part in named)


def _is_one(text: str, known: Collection[str]) -> bool:
    lower = text.strip(" .").lower()
    if lower in known or lower in _EVERYBODY:
        return True
    words = [word for word in text.split() if not _TITLES.match(word)]
    titled = len(words) < len(text.split())
    if not words or len(words) > 4 or not all(_NAME_WORD.match(word) for word in words):
        return False
    capitals = [word for word in words if word[0].isupper()]
    small = [word for word in words if word.lower() in _SMALL]
    if len(capitals) + len(small) < len(words) or not capitals:
        return False
    if len(words) == 1:
        return titled or (text.isupper() and 2 <= len(text) <= 10 and not _is_label(text))
    return not any(word.isupper() and len(word) > 3 for word in words)


def _is_label(text: str) -> bool:
    return re.fullmatch(r"(?:WP|T|D|MS|R|RP|M)\d*(?:\.\d+)?", text) is not None


def _joined(*parts: str) -> str:
    return " ".join(" ".join(part.split()) for part in parts if part.strip()).strip(" ,;")
