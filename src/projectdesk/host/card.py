"""`host.json`: by which a desktop finds the host that it, or a desktop before it, started.

The file is for the user only and written at once (never half), after the host listens; the host
removes it when it ends. A file whose process is gone, or another one by now, is stale.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import msgspec

from projectdesk.signalling.instant import Instant


class HostCard(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is in `host.json`. url: on loopback, for the desktop; public_url: for links."""

    pid: int
    started_at: Instant
    port: int
    protocol: int
    url: str
    public_url: str
    journal: str


def write_card(path: Path, card: HostCard) -> None:
    """Write the file at once, readable by its owner only."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # made with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(card), indent=1))
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def read_card(path: Path) -> HostCard | None:
    """Return what a host left, or None if there is no readable file."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=HostCard)
    except (OSError, msgspec.DecodeError):
        return None


def remove_card(path: Path, *, pid: int) -> None:
    """Remove the file if it is still this process's."""
    card = read_card(path)
    if card is not None and card.pid == pid:
        with contextlib.suppress(OSError):
            path.unlink()
