"""The lines of a vCard file: bytes to text, folded lines to whole ones, lines to properties.

Versions 2.1 (which has quoted-printable and charsets per line), 3.0 (RFC 2426) and 4.0 (RFC 6350)
differ in how a value is written, not in what a line is. Files of telephones, mail programs and
servers break all of the rules; what can be understood is.

May import: exchange.values.
"""

from __future__ import annotations

import codecs
import quopri
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ESCAPES = re.compile(r"\\(.)", re.DOTALL)
_SPLITTERS = {";": re.compile(r"(?<!\\)((?:\\\\)*);"), ",": re.compile(r"(?<!\\)((?:\\\\)*),")}
_HEAD_LENGTH, _HEAD_PIECES = 1_000, 5
"""Letters and pieces of a line in which its encoding is said: its name and parameters."""

_QUOTED_PRINTABLE = re.compile(r"quoted-printable", re.IGNORECASE)


@dataclass(frozen=True)
class Property:
    """One line. row: where it begins. parameters: lower-case names to their values.

    A parameter without a name, as version 2.1 has them (`TEL;WORK;FAX`), is filed under "type".
    """

    row: int
    name: str
    value: str
    parameters: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def has(self, name: str, value: str) -> bool:
        """Return whether a parameter has a value, whatever its case."""
        return any(value == one.casefold() for one in self.parameters.get(name, ()))

    def text(self) -> str:
        """Return the value with its escapes undone."""
        return unescape(self.value)

    def parts(self, separator: str = ";") -> list[str]:
        """Return the components of a structured value, escapes undone."""
        marked = _SPLITTERS[separator].sub("\\1\ue000", self.value)
        return [unescape(part) for part in marked.split("\ue000")]


def unescape(text: str) -> str:
    r"""Return a value without its escapes: `\n`, `\,`, `\;`, `\\`."""
    return _ESCAPES.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def decode(data: bytes) -> str:
    """Return the text of a file: by its mark, as UTF-16 without one, as UTF-8, or as Windows did.

    Bytes of quoted-printable lines are plain ASCII here; their charset is each line's own matter.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if data[1:2] == b"\0":
        return data.decode("utf-16-le", errors="replace")
    if data[:1] == b"\0":
        return data.decode("utf-16-be", errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def properties(text: str) -> Iterator[Property | int]:
    """Yield the properties of a file; for a line that is none, its number."""
    for row, line in _unfolded(text):
        if not line.strip():
            continue
        yield _property(row, line) or row


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield whole lines with the numbers at which they begin.

    A line goes on where the next begins with white space, and, in quoted-printable, where it ends
    with "=". Base64 of version 2.1 goes on likewise and ends with an empty line.
    """
    row, pieces = 0, [""]
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if pieces[-1].endswith("=") and _is_quoted(pieces):
            pieces[-1] = pieces[-1][:-1]
            pieces.append(line.lstrip("\t"))
        elif any(pieces) and line[:1] in {" ", "\t"}:
            pieces.append(line[1:])
        else:
            if any(pieces):
                yield row, "".join(pieces)
            row, pieces = number, [line]
    if any(pieces):
        yield row, "".join(pieces)


def _is_quoted(pieces: Sequence[str]) -> bool:
    """Return whether a line that is gathered says that it is in quoted-printable."""
    head = "".join(piece[:_HEAD_LENGTH] for piece in pieces[:_HEAD_PIECES]).partition(":")[0]
    return _QUOTED_PRINTABLE.search(head) is not None


def _property(row: int, line: str) -> Property | None:
    head, colon, value = _split_head(line)
    if not colon:
        return None
    name, *rest = _split_unquoted(head, ";")
    name = name.rpartition(".")[2].strip().upper()  # a group ("item1.EMAIL") says nothing to us
    if not name or not re.fullmatch(r"[A-Z0-9-]+", name):
        return None
    parameters: dict[str, list[str]] = {}
    for one in rest:
        key, equals, given = one.partition("=")
        key, given = (key.strip().lower(), given) if equals else ("type", key)
        values = [part.strip().strip('"') for part in _split_unquoted(given, ",")]
        parameters.setdefault(key, []).extend(value for value in values if value)
    return Property(row, name, _decoded(value, parameters), parameters)


def _split_head(line: str) -> tuple[str, str, str]:
    """Split at the first colon outside of quotes."""
    quoted = False
    for at, sign in enumerate(line):
        if sign == '"':
            quoted = not quoted
        elif sign == ":" and not quoted:
            return line[:at], ":", line[at + 1 :]
    return line.partition(":")  # a quote that never ends


def _split_unquoted(text: str, separator: str) -> list[str]:
    parts, start, quoted = [], 0, False
    for at, sign in enumerate(text):
        if sign == '"':
            quoted = not quoted
        elif sign == separator and not quoted:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def _decoded(value: str, parameters: Mapping[str, Sequence[str]]) -> str:
    """Undo the encodings of version 2.1."""
    said = {one.casefold() for key in ("encoding", "type") for one in parameters.get(key, ())}
    raw: bytes | None = None
    if "quoted-printable" in said:
        raw = quopri.decodestring(value.encode("utf-8", errors="surrogateescape"))
    elif said & {"base64", "b"} and any(key == "charset" for key in parameters):
        try:
            raw = b64decode(re.sub(r"\s+", "", value), validate=True)
        except (Base64Error, ValueError):
            return value
    if raw is None:
        return value
    charset = next(iter(parameters.get("charset", ())), "")
    for encoding in (charset, "utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("latin-1")
