"""The composition root: where the parts meet that must not know each other.

Folders, logging and the secret store are chosen here, once; everything below is handed what it
needs. Nothing heavy is imported before it is asked for.
"""

from __future__ import annotations

import logging
import logging.handlers
import re
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from projectdesk.errors import EnvironmentFailure
from projectdesk.folders import make_private

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

_LOG_BYTES = 2_000_000
_LOG_FILES = 5
_SECRET = re.compile(
    r"(?P<before>#|[Bb]earer |[?&](?:token|key)=|[Cc]ookie: |\"(?:token|resume)\": ?\"|pd_\w+=)"
    r"[A-Za-z0-9_\-.=]{16,}"
)
_API_KEY = re.compile(r"pdk_[A-Za-z0-9_\-]{16,}")


def data_folder(given: str | None) -> Path:
    """Return the data folder: the one given, else the platform's for this application."""
    if given:
        return Path(given).expanduser().absolute()
    return platformdirs.user_data_path("ProjectDesk", appauthor=False)


class _Masking(logging.Formatter):
    """Formats a record with every token, cookie and key masked (security.md)."""

    def format(self, record: logging.LogRecord) -> str:
        text = _SECRET.sub(r"\g<before>***", super().format(record))
        return _API_KEY.sub("pdk_***", text)


def log_file(data: Path, name: str) -> Path:
    """Return where a program named `name` ("projectdesk", "host") logs."""
    return data / "logs" / f"{name}.log"


def start_logging(data: Path, name: str = "projectdesk", *, verbose: bool = False) -> Path:
    """Log to a rotating file (5 of 2 MB) in the data folder, secrets masked; return its path.

    A folder that cannot be written must not stop the program: the log then goes to standard error.
    """
    path = log_file(data, name)
    handler: logging.Handler
    try:
        make_private(data)
        path.parent.mkdir(exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES - 1, encoding="utf-8", delay=True
        )
    except (OSError, EnvironmentFailure):
        handler = logging.StreamHandler()
    handler.setFormatter(_Masking("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    logging.captureWarnings(capture=True)
    return path


def open_workspace(data: Path) -> Workspace:
    """Open the data of this person with the secret store of this computer.

    Raises:
        EnvironmentFailure: the database cannot be opened; says what to do.
    """
    from projectdesk import secrets
    from projectdesk.services.workspace import Workspace

    return Workspace.open(data, secrets=secrets.choose(data))
