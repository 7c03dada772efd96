"""The `.projectdesk` file: one project with all that belongs to it, to move it to a colleague.

A ZIP archive, every member a flat name under one of five folders:

    manifest.json          what this is, of which version, and how much of it there is
    records/KIND.jsonl     one record a line: {"id", "version", "fields"}
    history.jsonl          one change of one record a line, as the history keeps it
    minutes/ID             a Yjs document: the text of one minutes revision
    beside/TABLE.jsonl     one row a line of what stands beside minutes: versions, authors, trail
    documents/SHA256       the content of documents, each once

A reader of version n reads what was written with a version up to n. Members that it does not know
are passed over and named in a finding. Nothing is unpacked by a name out of the archive.

May import: errors.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar
from uuid import UUID

import msgspec

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.files import Source, sources
from projectdesk.exchange.findings import Findings
from projectdesk.worded import worded

SUFFIX: Final = ".projectdesk"
FORMAT: Final = "projectdesk-project"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
HISTORY: Final = "history.jsonl"
LINES_LIMIT: Final = 256 << 20
"""Largest table of records, in bytes; twenty thousand actions have about 10 MB."""
TEXT_LIMIT: Final = 64 << 20
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_PART: Final = 1 << 20

Json = Mapping[str, Any]
StructT = TypeVar("StructT", bound=msgspec.Struct)


class ProjectFacts(msgspec.Struct, frozen=True):
    """Which project it is."""

    id: UUID
    acronym: str
    title: str = ""


class Manifest(msgspec.Struct, frozen=True):
    """What the file says of itself. schema: of the database it came from. counts: by kind."""

    format: str
    version: int
    schema: str
    program: str
    written_at: datetime
    written_by: str
    project: ProjectFacts
    counts: dict[str, int] = {}


class Record(msgspec.Struct, frozen=True):
    """One record. fields: by the names of the domain's dataclasses, as `store.record` writes."""

    id: UUID
    version: int
    fields: dict[str, Any]


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one record."""

    change_id: UUID
    seq: int
    at: datetime
    who: str
    label: str
    kind: str
    record_id: UUID
    project_id: UUID | None
    operation: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    version_before: int
    version_after: int


class Row(msgspec.Struct, frozen=True):
    """One row of a table that is no record. fields: by the names of its columns."""

    fields: dict[str, Any]


class ProjectFile:
    """An open file. Made by `open_project_file`."""

    def __init__(self, name: str, members: Mapping[str, Source], manifest: Manifest) -> None:
        self.name = name
        self.manifest = manifest
        self._members = members

    def records(self, kind: str) -> Iterator[tuple[int, Record]]:
        """Yield the records of a kind with their line; nothing where the file has none.

        Raises:
            UnreadableFile: a line is no record.
            FileTooLarge: the table is over its limit.
        """
        yield from self._lines(f"records/{kind}.jsonl", Record)

    def history(self) -> Iterator[tuple[int, HistoryLine]]:
        """Yield the changes with their line; errors as `records`."""
        yield from self._lines(HISTORY, HistoryLine)

    def beside(self, table: str) -> Iterator[tuple[int, Json]]:
        """Yield the rows of a table beside the records with their line; errors as `records`."""
        for number, row in self._lines(f"{_BESIDE}/{table}.jsonl", Row):
            yield number, row.fields

    def kinds(self) -> list[str]:
        """Return the kinds of which the file has records."""
        found = re.compile(r"records/([a-z_]+)\.jsonl")
        return [match[1] for name in self._members if (match := found.fullmatch(name))]

    def texts(self) -> Iterator[tuple[UUID, bytes]]:
        """Yield the text of each minutes: its id, and its Yjs document."""
        for name, member in self._members.items():
            folder, _, rest = name.partition("/")
            if folder == "minutes":
                try:
                    identity = UUID(rest)
                except ValueError:
                    continue
                yield identity, member.read(TEXT_LIMIT)

    def has_document(self, sha256: str) -> bool:
        """Return whether the file brings the content with this hash."""
        return _HASH.fullmatch(sha256) is not None and f"documents/{sha256}" in self._members

    def copy_document(self, sha256: str, out: BinaryIO) -> None:
        """Write the content with this hash to `out`.

        Raises:
            UnreadableFile: it is not there, or not what its name says.
        """
        digest = hashlib.sha256()
        with self._members[f"documents/{sha256}"].open() as stream:
            while part := stream.read(_PART):
                digest.update(part)
                out.write(part)
        if digest.hexdigest() != sha256:
            raise _damaged(self.name, f"documents/{sha256}", 0, "the content of its hash")

    def _lines(self, member: str, struct: type[StructT]) -> Iterator[tuple[int, StructT]]:
        source = self._members.get(member)
        if source is None:
            return
        decoder = msgspec.json.Decoder(struct)
        for number, line in enumerate(source.read(LINES_LIMIT).split(b"\n"), start=1):
            if not line.strip():
                continue
            try:
                yield number, decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise _damaged(self.name, member, number, str(error)) from error


@contextmanager
def open_project_file(path: Path, findings: Findings) -> Iterator[ProjectFile]:
    """Open a file and read its manifest.

    Args:
        path: the file.
        findings: where members that this version does not know are named.

    Raises:
        NotFound: no such file.
        UnreadableFile: `not_a_project_file`, `project_file_newer`, `project_file_damaged`.
        FileTooLarge: a ZIP bomb.
    """
    with sources([path]) as found:
        members = {_inner(each): each for each in found}
        if MANIFEST not in members or members[MANIFEST].archive is None:
            raise UnreadableFile(
                "not_a_project_file",
                "{file} is no project file of ProjectDesk: it has no manifest.",
                file=path.name,
                expected="a .projectdesk file, as written by Export project",
            )
        manifest = _manifest(path.name, members[MANIFEST])
        for name in members:
            known = name in (MANIFEST, HISTORY) or name.split("/")[0] in _FOLDERS
            if not known:
                findings.add(
                    path.name,
                    0,
                    name,
                    "unknown_member",
                    worded("{name} was passed over.", name=name),
                )
        yield ProjectFile(path.name, members, manifest)


def is_project_file(path: Path) -> bool:
    """Return whether a file is one of ours by what is in it, whatever it is called."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(MANIFEST) as stream:
            head = msgspec.json.decode(stream.read(1 << 16))
    except (OSError, KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        return False
    except (EOFError, msgspec.DecodeError):
        return False
    return isinstance(head, dict) and head.get("format") == FORMAT


_BESIDE: Final = "beside"
_FOLDERS: Final = ("records", "minutes", "documents", _BESIDE)


def _inner(source: Source) -> str:
    return source.member or source.name


def _manifest(name: str, member: Source) -> Manifest:
    try:
        head = msgspec.json.decode(member.read(TEXT_LIMIT))
        if not isinstance(head, dict) or head.get("format") != FORMAT:
            raise UnreadableFile(
                "not_a_project_file",
                "{file} is no project file of ProjectDesk.",
                file=name,
                expected=f"format {FORMAT}",
            )
        version = head.get("version")
        if isinstance(version, int) and version > VERSION:
            raise UnreadableFile(
                "project_file_newer",
                "{file} was written by a newer version of ProjectDesk (format {found}; this "
                "version knows {known}). Update ProjectDesk, or have it exported again.",
                file=name,
                found=version,
                known=VERSION,
            )
        return msgspec.convert(head, Manifest)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise _damaged(name, MANIFEST, 0, str(error)) from error


def _damaged(file: str, member: str, row: int, reason: str) -> UnreadableFile:
    place = f"{member}, line {row}" if row else member
    return UnreadableFile(
        "project_file_damaged",
        "{file} is damaged: {place} ({reason}). Nothing was changed.",
        file=file,
        place=place,
        reason=reason,
        row=row,
    )


def damaged(file: str, kind: str, row: int, reason: str) -> UnreadableFile:
    """Return the error of a record that cannot be what it says."""
    return _damaged(file, f"records/{kind}.jsonl", row, reason)


def damaged_beside(file: str, table: str, row: int, reason: str) -> UnreadableFile:
    """Return the error of a row beside the records that cannot be what it says."""
    return _damaged(file, f"{_BESIDE}/{table}.jsonl", row, reason)


class ProjectFileWriter:
    """Writes a file, member by member. Use `with writing(path)`."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._documents: set[str] = set()

    def manifest(self, manifest: Manifest) -> None:
        """Write the manifest; the last thing."""
        data = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
        self._archive.writestr(MANIFEST, data)

    def records(self, kind: str, records: Iterable[Record]) -> int:
        """Write the records of a kind; return how many."""
        return self._lines(f"records/{kind}.jsonl", records)

    def history(self, lines: Iterable[HistoryLine]) -> int:
        """Write the changes; return how many."""
        return self._lines(HISTORY, lines)

    def beside(self, table: str, rows: Iterable[dict[str, Any]]) -> int:
        """Write the rows of a table beside the records; return how many."""
        return self._lines(f"{_BESIDE}/{table}.jsonl", (Row(row) for row in rows))

    def text(self, minutes_id: UUID, state: bytes) -> None:
        """Write the text of one minutes revision."""
        self._archive.writestr(f"minutes/{minutes_id}", state)

    def document(self, sha256: str, path: Path) -> None:
        """Write the content of a document, once; as it is, for most are packed already."""
        if sha256 not in self._documents:
            self._documents.add(sha256)
            self._archive.write(path, f"documents/{sha256}", zipfile.ZIP_STORED)

    def _lines(self, member: str, structs: Iterable[msgspec.Struct]) -> int:
        count = 0
        with self._archive.open(member, "w") as stream:
            for struct in structs:
                stream.write(msgspec.json.encode(struct) + b"\n")
                count += 1
        return count


@contextmanager
def writing(path: Path) -> Iterator[ProjectFileWriter]:
    """Write a file; the caller moves it to its place when it is whole."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        yield ProjectFileWriter(archive)
