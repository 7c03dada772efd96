#!/usr/bin/env python3
"""Makes and signs the feed of updates of a release (`projectdesk.updates`).

python3 dev.py feed key --out FILE        a new key: the private one into FILE, the public one shown
python3 dev.py feed write ...             the feed of the packages in a folder, signed and read back
python3 dev.py feed verify FILE --public KEY...

Private keys come from files outside of this tree that only their owner can read (`--key FILE`), or
from PROJECTDESK_FEED_KEYS: base64, several with commas. They are never printed and never written
anywhere else. Two keys sign while one is changed for the next (`updates/built.py`).
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import os
import re
import stat
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from projectdesk.errors import ProjectDeskError
from projectdesk.updates.feed import Feed, Package, document, key_id, read, sign

ROOT: Final = Path(__file__).resolve().parents[1]
VARIABLE: Final = "PROJECTDESK_FEED_KEYS"
LIFE_DAYS: Final = 180
MINIMUM: Final = {"deb": "2.36", "msi": "10.0.17763", "dmg": "12.0"}
"""glibc of Debian 12; Windows 10, 1809; macOS as in `macos/Info.plist`."""
SYSTEM_OF: Final = {"deb": "linux", "msi": "windows", "dmg": "macos"}
_ARM: Final = re.compile(r"arm64|aarch64")


class RefusedError(Exception):
    """Something is not as it must be; nothing was written."""


def make_key(out: Path) -> str:
    """Write a new private key, and return its public one."""
    _check_outside(out)
    key = Ed25519PrivateKey.generate()
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(base64.b64encode(key.private_bytes_raw()).decode("ascii") + "\n")
    return public_of(key)


def public_of(key: Ed25519PrivateKey) -> str:
    """Return the public key in base64, as it stands in `built.py` and in policies."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode("ascii")


def private_keys(files: Sequence[Path]) -> list[Ed25519PrivateKey]:
    """Return the keys that sign: of files, else of the environment.

    Raises:
        RefusedError: there are none, or others could read them.
    """
    words = [_read_key_file(path) for path in files]
    if not words:
        words = [word for word in os.environ.get(VARIABLE, "").split(",") if word.strip()]
    if not words:
        raise RefusedError(f"no key: name a file with --key, or set {VARIABLE}")
    try:
        raw = [base64.b64decode(word.strip(), validate=True) for word in words]
        return [Ed25519PrivateKey.from_private_bytes(each) for each in raw]
    except (binascii.Error, ValueError):
        # Without the error below it: that may quote what it could not read.
        raise RefusedError("a key is none: expected 32 bytes in base64") from None


def _read_key_file(path: Path) -> str:
    _check_outside(path)
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise RefusedError(f"others can read {path}: chmod 600 it")
    return path.read_text(encoding="ascii").strip()


def _check_outside(path: Path) -> None:
    if path.resolve().is_relative_to(ROOT):
        raise RefusedError(f"{path} lies in the source tree: keep keys elsewhere")


def packages_in(folder: Path, base: str) -> tuple[Package, ...]:
    """Return the packages of a folder; base: where they can be downloaded.

    Raises:
        RefusedError: there are none.
    """
    found = []
    for path in sorted(folder.iterdir()):
        kind = path.suffix.removeprefix(".")
        if kind not in SYSTEM_OF:
            continue
        machine = "arm64" if kind == "dmg" or _ARM.search(path.name) else "x86_64"
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
        url = f"{base.rstrip('/')}/{path.name}"
        size = path.stat().st_size
        found.append(Package(SYSTEM_OF[kind], machine, kind, url, size, digest, MINIMUM[kind]))
    if not found:
        raise RefusedError(f"no package (.deb, .msi, .dmg) in {folder}")
    return tuple(found)


def write(options: argparse.Namespace) -> None:
    """Write the feed, and read it back with the public keys of those that signed it."""
    keys = private_keys(options.key)
    now = datetime.now(UTC).replace(microsecond=0)
    feed = Feed(
        options.sequence if options.sequence is not None else int(now.timestamp()),
        now,
        now + timedelta(days=options.days),
        options.version,
        options.page,
        {tag: Path(file).read_text(encoding="utf-8").strip() for tag, file in options.notes},
        packages_in(options.packages, options.base),
    )
    content = sign(document(feed), keys)
    for key in keys:
        if read(content, [public_of(key)]) != feed:
            raise RefusedError("what was written is not what is read")
    options.out.write_bytes(content)
    names = ", ".join(key_id(key.public_key().public_bytes_raw()) for key in keys)
    print(f"{options.out}: {feed.version}, sequence {feed.sequence}, signed by {names}")


def verify(options: argparse.Namespace) -> None:
    """Read a feed as the program does."""
    feed = read(options.file.read_bytes(), options.public)
    print(f"{feed.version}, sequence {feed.sequence}, until {feed.expires:%Y-%m-%d}")
    for package in feed.packages:
        print(f"  {package.system} {package.machine} {package.kind}: {package.url}")


def _notes(text: str) -> tuple[str, str]:
    tag, found, file = text.partition("=")
    if not found:
        raise argparse.ArgumentTypeError("expected LANGUAGE=FILE")
    return tag, file


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py feed", description="The feed of updates.")
    kinds = parser.add_subparsers(required=True, dest="what")
    making = kinds.add_parser("key", help="make a key")
    making.add_argument("--out", type=Path, required=True, metavar="FILE")
    writing = kinds.add_parser("write", help="make and sign the feed of a release")
    writing.add_argument("--version", required=True)
    writing.add_argument("--packages", type=Path, required=True, metavar="DIR")
    writing.add_argument("--base", required=True, metavar="URL", help="where packages are")
    writing.add_argument("--page", default="", metavar="URL", help="what is new, and downloads")
    writing.add_argument("--notes", type=_notes, action="append", default=[], metavar="LANG=FILE")
    writing.add_argument("--sequence", type=int, help="default: the time in seconds")
    writing.add_argument("--days", type=int, default=LIFE_DAYS, help="how long it counts")
    writing.add_argument("--key", type=Path, action="append", default=[], metavar="FILE")
    writing.add_argument("--out", type=Path, required=True, metavar="FILE")
    checking = kinds.add_parser("verify", help="read a feed as the program does")
    checking.add_argument("file", type=Path)
    checking.add_argument("--public", action="append", required=True, metavar="KEY")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one of them; 1 where something is not as it must be."""
    options = _parser().parse_args(arguments)
    try:
        if options.what == "key":
            print(f"public key: {make_key(options.out)}")
        elif options.what == "write":
            write(options)
        else:
            verify(options)
    except (RefusedError, ProjectDeskError, OSError) as error:
        print(f"feed: {getattr(error, 'text', error)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
