"""Where the content of documents lies: in the data folder, each once, under its SHA-256."""

from __future__ import annotations

import re
from pathlib import Path

from projectdesk.folders import make_private

DOCUMENTS = "documents"
_HASH = re.compile(r"[0-9a-f]{64}")


def is_hash(text: str) -> bool:
    """Return whether `text` is a SHA-256 in hex."""
    return _HASH.fullmatch(text) is not None


def document_folder(data: Path) -> Path:
    """Return where the content of files lies; made if missing, readable by its owner alone.

    Raises:
        EnvironmentFailure: `folder_unusable`.
    """
    folder = data / DOCUMENTS
    make_private(folder)
    return folder


def document_path(data: Path, sha256: str) -> Path | None:
    """Return the file with this content, or None if it is not here."""
    if not is_hash(sha256):
        return None
    path = data / DOCUMENTS / sha256[:2] / sha256
    return path if path.is_file() else None
