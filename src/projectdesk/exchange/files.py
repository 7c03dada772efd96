"""Files from outside, and the members of ZIP archives, as named streams of bytes with limits.

A member is read where it lies, so no path in an archive can lead out of it, and it is read no
further than its stated size. A workbook is an archive itself: `unpacked` lends it as a file of its
own, in a folder of ours and under a name that is only a name.

May import: errors.
"""

from __future__ import annotations

import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, cast

from projectdesk.errors import FileTooLarge, ImportError_, NotFound, UnreadableFile

FILE_BYTES_LIMIT = 1 << 30
"""Largest file that is read; the tables of a whole framework programme have about 200 MB."""

ARCHIVE_BYTES_LIMIT = 4 << 30
ARCHIVE_MEMBERS_LIMIT = 200_000
ARCHIVE_RATIO_LIMIT = 200
"""Text packs to a tenth; beyond this an archive is a bomb."""

_HEAD = 4096
_ODD_IN_NAMES = re.compile(r"[^\w. -]")
_NAME_LENGTH = 80
_ZIP = b"PK\x03\x04"
_OF_MACOS = "__MACOSX/"
"""Where its Finder puts what it knows of each file, under the name of the file."""

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


@dataclass(frozen=True)
class Source:
    """One file, or one member of an archive. name: as shown. size: bytes when unpacked."""

    name: str
    path: Path
    size: int
    member: str = ""
    archive: zipfile.ZipFile | None = None

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open it as seekable bytes.

        Raises:
            UnreadableFile: the archive is damaged.
        """
        if self.archive is None:
            with self.path.open("rb") as stream:
                yield stream
            return
        try:
            with self.archive.open(self.member) as packed:
                yield cast("BinaryIO", packed)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise _damaged(self.name) from error

    def head(self) -> bytes:
        """Return its first bytes, to recognise what it is."""
        with self.open() as stream:
            return stream.read(_HEAD)

    def read(self, limit: int) -> bytes:
        """Return all of it.

        Raises:
            FileTooLarge: over `limit` bytes.
        """
        if self.size > limit:
            raise too_large(self.name, self.size, limit)
        with self.open() as stream:
            return stream.read()


@contextmanager
def unpacked(source: Source) -> Iterator[Path]:
    """Lend a member of an archive as a file, for readers that need one; it is gone afterwards.

    Raises:
        UnreadableFile: the archive is damaged.
        OSError: it cannot be written.
    """
    last = _ODD_IN_NAMES.sub("_", source.member.rpartition("/")[2])[-_NAME_LENGTH:]
    with TemporaryDirectory(prefix="projectdesk-") as folder:
        copy = Path(folder) / (last.strip(". ") or "file")
        with source.open() as stream, copy.open("wb") as written:
            shutil.copyfileobj(stream, written, 1 << 20)
        yield copy


def too_large(name: str, size: int, limit: int) -> FileTooLarge:
    """Return the error of a file over its limit."""
    return FileTooLarge(
        "file_too_large",
        "{file} has {megabytes} MB; the limit is {limit} MB.",
        file=name,
        megabytes=size >> 20,
        limit=limit >> 20,
        expected=f"at most {limit >> 20} MB",
    )


@contextmanager
def sources(paths: Sequence[Path]) -> Iterator[list[Source]]:
    """Lend the files, archives replaced by their members, which stay open as long.

    Raises:
        NotFound: a file is not there.
        UnreadableFile: an archive is damaged or a path is a folder.
        FileTooLarge: over the limits of this module.
    """
    with ExitStack() as opened:
        found: list[Source] = []
        for path in paths:
            size, packed = _look(path)
            if size > FILE_BYTES_LIMIT:
                raise too_large(path.name, size, FILE_BYTES_LIMIT)
            if packed:
                found.extend(_members(path, opened))
            else:
                found.append(Source(path.name, path, size))
        yield found


def is_archive(path: Path) -> bool:
    """Return whether a path is a file that begins as a ZIP archive; False for what is not there."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) == _ZIP
    except OSError:
        return False


def _look(path: Path) -> tuple[int, bool]:
    """Return (bytes, whether it is a ZIP archive)."""
    try:
        if path.is_dir():
            raise UnreadableFile("is_a_folder", "{file} is a folder.", file=path.name)
        with path.open("rb") as stream:
            return path.stat().st_size, stream.read(4) == _ZIP
    except FileNotFoundError:
        raise NotFound("file_not_found", "{file} does not exist.", file=str(path)) from None
    except OSError as error:
        reason = error.strerror or "unknown"
        raise UnreadableFile(
            "cannot_open", "{file} cannot be read: {reason}.", file=str(path), reason=reason
        ) from error


def _members(path: Path, opened: ExitStack) -> Iterator[Source]:
    try:
        archive = opened.enter_context(zipfile.ZipFile(path))
    except (zipfile.BadZipFile, EOFError) as error:
        raise _damaged(path.name) from error
    members = [
        member
        for member in archive.infolist()
        if not (member.is_dir() or member.filename.startswith(_OF_MACOS))
    ]
    _refuse_odd(path, members)
    for member in members:
        # An odd path inside an archive is only a name here: nothing is written by it.
        name = f"{path.name}/{member.filename}"
        yield Source(name, path, member.file_size, member.filename, archive)


def _refuse_odd(path: Path, members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse office documents, encryption and bombs."""
    if any(member.filename == "[Content_Types].xml" for member in members):
        raise UnreadableFile(
            "office_document",
            "{file} is an Excel or Word document. Save the table as CSV.",
            file=path.name,
            expected="CSV",
        )
    if any(m.flag_bits & 1 or m.compress_type not in _METHODS for m in members):
        raise UnreadableFile(
            "unusual_archive", "{file} is encrypted or packed in an unusual way.", file=path.name
        )
    if len(members) > ARCHIVE_MEMBERS_LIMIT:
        raise FileTooLarge("too_many_members", "{file} has too many members.", file=path.name)
    limit = min(ARCHIVE_BYTES_LIMIT, ARCHIVE_RATIO_LIMIT * path.stat().st_size + (1 << 20))
    unpacked = sum(member.file_size for member in members)
    if unpacked > limit:
        raise too_large(path.name, unpacked, limit)
    for member in members:
        if member.file_size > FILE_BYTES_LIMIT:
            raise too_large(member.filename, member.file_size, FILE_BYTES_LIMIT)


def _damaged(name: str) -> ImportError_:
    return UnreadableFile("damaged_archive", "{file} is damaged or cut off.", file=name)
