"""The lines of a calendar file: bytes to content lines, those to components (RFC 5545, 3.1).

What can be understood is read and noted: bytes of another encoding, folds inside a character, lines
that are no property, components that do not close in order. A component that the file cuts off in
its middle is an error, since nobody knows what is missing.
"""

from __future__ import annotations

import codecs
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from projectdesk.errors import FileTooLarge, UnreadableFile
from projectdesk.exchange.findings import Findings
from projectdesk.worded import worded

BYTES_LIMIT = 64 << 20
DEPTH_LIMIT = 16
LINE_LIMIT = 4 << 20
"""Bytes of one content line; pictures are attached inside a line."""

PARAMETERS_LIMIT = 200
"""Of one content line."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ITEMS = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"})
"""Components that lie in none of each other, nor in a zone (RFC 5545, section 3.6)."""

_COMPONENTS = _ITEMS | {
    *("VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VALARM", "VAVAILABILITY", "AVAILABLE"),
    *("VCARD", "VPOLL", "PARTICIPANT", "VLOCATION", "VRESOURCE"),
}
_NEVER_AROUND = dict.fromkeys(_ITEMS, _ITEMS | {"VTIMEZONE"}) | {
    "VTIMEZONE": frozenset({"VTIMEZONE"})  # some put the zone into the event
}
_NAMES = """
ACKNOWLEDGED ATTACH ATTENDEE CALSCALE DTEND DTSTAMP DTSTART EXDATE EXRULE FREEBUSY GEO
LAST-MODIFIED PERCENT-COMPLETE PRODID RDATE RECURRENCE-ID REFRESH-INTERVAL RELATED-TO
REQUEST-STATUS RRULE STRUCTURED-DATA STYLED-DESCRIPTION TRANSP TZID TZID-ALIAS-OF TZNAME
TZOFFSETFROM TZOFFSETTO TZUNTIL TZURL UID
"""
_NO_WORDS = frozenset(_NAMES.split())
"""Properties whose names begin no line of a text (RFC 5545, 7986, 7808, 9073, 9074)."""

_WORDY_NAMES = """
ACTION CATEGORIES CLASS COLOR COMMENT COMPLETED CONFERENCE CONTACT CREATED DESCRIPTION DUE
DURATION IMAGE LOCATION METHOD NAME ORGANIZER PRIORITY REPEAT RESOURCES SEQUENCE SOURCE STATUS
SUMMARY TRIGGER URL VERSION
"""
_WORDS = frozenset(_WORDY_NAMES.split())
"""Properties whose names do: "Location: Room 1"."""

_TEXTS = frozenset({"SUMMARY", "DESCRIPTION", "COMMENT", "LOCATION", "X-ALT-DESC"})
_MAY_BE_TORN = _TEXTS | {"ATTENDEE", "ORGANIZER"}
_HEAD_LENGTH = 1_000
"""Bytes of a line in which its encoding is said: its name and first parameters."""

_ADDRESS_LENGTH = 400
"""Letters of the end of a value in which an address is looked for."""

# Of a line whose value is in the next one: a name, perhaps with parameters, and no colon.
_BARE = re.compile(rb'[A-Za-z0-9-]{1,80}(?:;(?:[^":]|"[^"]*")*)?')
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
# No two parts that match the same characters side by side: a hostile line stays linear.
_PARAMETER = re.compile(r'[;,]?([^=;:,"]+)=\s*((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
_CARETS = re.compile(r"\^([n'^])")
_CARET_TEXT = {"n": "\n", "'": '"', "^": "^"}
_NO_PARAMETERS: dict[str, str] = {}


@dataclass(slots=True)
class Line:
    """One property. row: 1-based line of the file where it begins.

    parameters: upper-case names to their values; several values are one text with commas.
    """

    row: int
    name: str
    value: str
    parameters: dict[str, str]


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END. name: upper-case. closed: its END was found."""

    name: str
    row: int
    lines: list[Line] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)
    closed: bool = True

    def first(self, name: str) -> Line | None:
        """Return the first property of a name."""
        return next((line for line in self.lines if line.name == name), None)

    def text(self, name: str) -> str:
        """Return the value of the first property of a name, as it is written, "" without one."""
        line = self.first(name)
        return line.value.strip() if line else ""

    def named(self, name: str) -> list[Component]:
        """Return the components of a name that stand directly in it."""
        return [part for part in self.parts if part.name == name]


def read_components(data: bytes, file: str, findings: Findings) -> Component:
    """Return a file's components as the parts of one root.

    Raises:
        UnreadableFile: `cut_off`, an event or another part does not end; `nested_too_deep`.
        FileTooLarge: over the limits of this module.
    """
    if len(data) > BYTES_LIMIT:
        raise FileTooLarge(
            "file_too_large",
            "{file} has {megabytes} MB; the limit is {limit} MB.",
            file=file,
            megabytes=len(data) >> 20,
            limit=BYTES_LIMIT >> 20,
            expected=f"at most {BYTES_LIMIT >> 20} MB",
        )
    root = Component("", 0)
    stack = [root]
    torn = _Torn(file, findings)
    for row, text in _whole_lines(_as_utf8(data), file, findings):
        line = _property(row, text)
        if torn.goes_on(row, text, line):
            continue
        torn.begin(text, line)
        if line is None:
            if text.strip():
                findings.add(
                    file, row, "", "bad_line", worded("no property: {text}", text=_short(text))
                )
        elif line.name == "BEGIN":
            _begin(stack, line, file, findings)
        elif line.name == "END":
            _end(stack, line, file, findings)
        else:
            stack[-1].lines.append(line)
    torn.begin("", None)
    _close(stack, file, findings)
    return root


class _Torn:
    """Values that a program wrote over several lines without folding them (RFC 5545, 3.1).

    Such a line is no property, or looks like one of an unknown name: "Join: https://...".
    """

    def __init__(self, file: str, findings: Findings) -> None:
        self._file = file
        self._findings = findings
        self._line: Line | None = None
        self._pieces: list[str] = []
        self._size = 0
        self._end = ""

    def begin(self, text: str, line: Line | None) -> None:
        """Take the next whole line: what went on before it is done."""
        if self._line is not None and self._pieces:
            glue = "\n" if self._line.name in _TEXTS else ""
            self._line.value = glue.join((self._line.value, *self._pieces))
            self._pieces, self._size = [], 0
        upper = line is not None and text.startswith(line.name)
        self._line = line if upper and line is not None and line.name in _MAY_BE_TORN else None
        self._end = self._line.value[-_ADDRESS_LENGTH:] if self._line else ""

    def goes_on(self, row: int, text: str, line: Line | None) -> bool:
        """Return whether a line goes on with the value before it."""
        if self._line is None or not text.strip() or self._size + len(text) > LINE_LIMIT:
            return False
        is_text = self._line.name in _TEXTS
        if not is_text and _ends_with_address(self._end):
            return False
        if line is not None and (not is_text or _is_property(text, line)):
            return False
        if not self._pieces:
            name = self._line.name
            self._findings.add(
                self._file,
                row,
                name,
                "torn_text",
                worded("{name} goes on without being folded", name=name),
            )
        self._pieces.append(text)
        self._size += len(text)
        self._end = (self._end + text)[-_ADDRESS_LENGTH:]
        return True


def _is_property(text: str, line: Line) -> bool:
    """Return whether a line in a torn text is a property: names may be in any case."""
    if text.startswith(line.name) or line.name.startswith("X-") or line.name in _NO_WORDS:
        return True
    if line.name in ("BEGIN", "END"):
        return line.value.strip().upper() in _COMPONENTS
    # Who writes "Location: Room 1" writes for people; no program puts a space there.
    return line.name in _WORDS and not line.value.startswith(" ")


def _ends_with_address(text: str) -> bool:
    """Return whether a value is whole: more of it would spoil its address."""
    before, _, domain = text.strip().rpartition("@")
    host, _, top = domain.rpartition(".")
    return bool(before and host) and len(top) > 1 and ";" not in domain


def _begin(stack: list[Component], line: Line, file: str, findings: Findings) -> None:
    name = line.value.strip().upper()
    never = _NEVER_AROUND.get(name, frozenset())
    while any(part.name in never for part in stack[1:]):
        _leave_unended(stack, never, line, file, findings)
    if len(stack) > DEPTH_LIMIT:
        raise UnreadableFile(
            "nested_too_deep",
            "{file}, line {row}: components lie in more than {limit} others.",
            file=file,
            row=line.row,
            limit=DEPTH_LIMIT,
        )
    part = Component(name, line.row)
    around = stack[-1]
    if name == "VTIMEZONE":  # it counts for the calendar wherever it stands
        around = next((one for one in reversed(stack) if one.name == "VCALENDAR"), stack[0])
    around.parts.append(part)
    stack.append(part)


def _leave_unended(
    stack: list[Component], names: frozenset[str], line: Line, file: str, findings: Findings
) -> None:
    """Close the innermost part of some names, which lacks its END: the next one begins."""
    while True:
        part = stack.pop()
        part.closed = False
        if part.name in names:
            break
    text = worded(
        "{name} of line {row} does not end before the next part begins",
        name=part.name,
        row=part.row,
    )
    findings.add(file, line.row, "END", "bad_end", text)


def _end(stack: list[Component], line: Line, file: str, findings: Findings) -> None:
    name = line.value.strip().upper()
    if all(part.name != name for part in stack[1:]):
        findings.add(
            file,
            line.row,
            "END",
            "bad_end",
            worded("END:{name} without its BEGIN", name=_named(name)),
        )
        return
    while stack[-1].name != name:
        open_part = stack.pop()
        open_part.closed = False
        text = worded(
            "{name} of line {row} ends with {other}",
            name=_named(open_part.name),
            row=open_part.row,
            other=_named(name),
        )
        findings.add(file, line.row, "END", "bad_end", text)
    stack.pop()


def _close(stack: list[Component], file: str, findings: Findings) -> None:
    """Look at what is open where the file ends: a whole calendar may lack its END, no part may."""
    for part in stack[1:]:
        if part.name != "VCALENDAR":
            raise UnreadableFile(
                "cut_off",
                "{file} ends in the middle of {part}, which begins in line {row}: it is cut off.",
                file=file,
                part=_named(part.name),
                row=part.row,
                expected=f"END:{_named(part.name)}",
            )
        findings.add(file, part.row, "END", "bad_end", worded("the calendar has no END"))


def _as_utf8(data: bytes) -> bytes:
    """Return the bytes as UTF-8 where a mark, or NULs, say that they are UTF-16."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            data = data[len(mark) :]
            return data if encoding == "utf-8" else data.decode(encoding, "replace").encode()
    head = data[:64]
    if head.count(0) > len(head) // 3:
        encoding = "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
        return data.decode(encoding, "replace").encode("utf-8")
    return data


def _whole_lines(data: bytes, file: str, findings: Findings) -> Iterator[tuple[int, str]]:
    """Yield (row, content line), unfolded in bytes, as some programs fold inside a character."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    start, pieces, soft, size = 0, [b""], False, 0
    for row, raw in enumerate(data.split(b"\n"), 1):
        if not raw:
            continue  # also one that a copy put between a line and its fold
        folded = raw[:1] in (b" ", b"\t")
        # Old programs break a line before its colon, and some copies lose the space of the fold.
        torn = raw[:1] in (b":", b";") and len(pieces) == 1 and _BARE.fullmatch(pieces[0])
        if folded or soft or torn:
            pieces.append(raw[1:] if folded else raw)
            size += len(raw)
            if size > LINE_LIMIT:
                raise FileTooLarge(
                    "line_too_long",
                    "{file}, line {row}: a property has more than {limit} MB.",
                    file=file,
                    row=start,
                    limit=LINE_LIMIT >> 20,
                )
        else:
            if start:
                yield start, _text(pieces, file, start, findings)
            start, pieces, size = row, [raw], len(raw)
        # Quoted-printable of vCalendar 1.0 goes on after "=" at the end of a line.
        soft = raw.endswith(b"=") and b"QUOTED-PRINTABLE" in pieces[0][:_HEAD_LENGTH].upper()
    if start:
        yield start, _text(pieces, file, start, findings)


def _text(pieces: list[bytes], file: str, row: int, findings: Findings) -> str:
    whole = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    try:
        return whole.decode("utf-8")
    except UnicodeDecodeError:
        findings.add(
            file, row, "", "not_utf8", worded("bytes that are not UTF-8, read as Windows-1252")
        )
        return whole.decode("cp1252", "replace")


def _property(row: int, text: str) -> Line | None:
    """Return a content line taken apart, None when it is none."""
    head, colon, value = text.partition(":")
    if colon and ";" not in head and '"' not in head:
        name = head.strip()
        if name.isalpha() or _NAME.fullmatch(name):
            return Line(row, name.upper(), value, _NO_PARAMETERS)
        return None
    text = text.lstrip("\ufeff \t")
    found = _NAME.match(text)
    if found is None or not text[found.end() :].lstrip().startswith((";", ":")):
        return None
    return _with_parameters(row, found[0].upper(), text[found.end() :].lstrip())


def _with_parameters(row: int, name: str, rest: str) -> Line | None:
    parameters: dict[str, str] = {}
    at, looked = 0, 0
    while at < len(rest) and rest[at] != ":":
        looked += 1
        if looked > PARAMETERS_LIMIT:
            return None
        found = _PARAMETER.match(rest, at)
        if found is None:
            # A parameter without a value, or a stray ";": as vCalendar 1.0 has it.
            at = _next_mark(rest, at + 1)
            continue
        value = found[2]
        if '"' in value:
            value = value.replace('"', "")
        if "^" in value:
            value = _CARETS.sub(lambda caret: _CARET_TEXT[caret[1]], value)
        parameters.setdefault(found[1].strip().upper(), value)
        at = found.end()
    if at >= len(rest):
        return None
    value = rest[at + 1 :]
    if "QUOTED-PRINTABLE" in rest[:at].upper():
        value = _unquoted(value, parameters.get("CHARSET", "utf-8"))
    return Line(row, name, value, parameters)


def _next_mark(text: str, at: int) -> int:
    """Return where the next ";" or ":" stands, the length without one."""
    return min((i for i in (text.find(";", at), text.find(":", at)) if i >= 0), default=len(text))


def _unquoted(value: str, charset: str) -> str:
    raw = quopri.decodestring(value.encode("utf-8"))
    try:
        return raw.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return raw.decode("cp1252", "replace")


def _named(part: str) -> str:
    """Return what a message calls a component: its name, unless that is no name."""
    return part if len(part) <= 40 and _NAME.fullmatch(part) else "a part without a proper name"


def _short(text: str) -> str:
    text = "".join(mark if mark.isprintable() else "\ufffd" for mark in text[:61])
    return text if len(text) <= 60 else text[:57] + "..."
