"""The composition root: where the parts meet that must not know each other.

Folders, logging and the secret store are chosen here, once; everything below is handed what it
needs. Nothing heavy is imported before it is asked for.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import platformdirs

from projectdesk.errors import EnvironmentFailure
from projectdesk.folders import make_private
from projectdesk.policy import policy

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

PASSWORD_VARIABLE = "PROJECTDESK_DATABASE_PASSWORD"  # noqa: S105 - the name of a variable
"""The password of a team's database, for commands where there is no key store."""
_LOG_BYTES = 2_000_000
_LOG_FILES = 5
_SECRET = re.compile(
    r"(?P<before>#|/feed/|[Bb]earer |[?&](?:token|key)=|[Cc]ookie: |"
    r"\"(?:token|resume)\": ?\"|pd_\w+=)"
    r"[A-Za-z0-9_\-.=]{16,}"
)
_API_KEY = re.compile(r"pdk_[A-Za-z0-9_\-]{16,}")


def data_folder(given: str | None) -> Path:
    """Return the data folder: the one given, the organisation's, or the platform's usual one."""
    if given:
        return Path(given).expanduser().absolute()
    settled = policy().data_folder
    if settled is not None:
        return settled
    return platformdirs.user_data_path("ProjectDesk", appauthor=False)


class _Masking(logging.Formatter):
    """Formats a record with every token, cookie and key masked (security.md)."""

    def format(self, record: logging.LogRecord) -> str:
        text = _SECRET.sub(r"\g<before>***", super().format(record))
        return _API_KEY.sub("pdk_***", text)


class _Json(logging.Formatter):
    """Formats a record as one line of JSON, masked as text is."""

    def __init__(self) -> None:
        super().__init__()
        self._masking = _Masking("%(message)s")

    def format(self, record: logging.LogRecord) -> str:
        text, _, trace = self._masking.format(record).partition("\n")
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": text,
        }
        return json.dumps(fields | ({"trace": trace} if trace else {}), ensure_ascii=False)


def log_file(data: Path, name: str) -> Path:
    """Return where a program named `name` ("projectdesk", "host") logs."""
    return data / "logs" / f"{name}.log"


def start_logging(
    data: Path,
    name: str = "projectdesk",
    *,
    verbose: bool = False,
    form: Literal["text", "json"] = "text",
    to_stderr: bool = False,
) -> Path:
    """Log to a rotating file (5 of 2 MB) in the data folder, secrets masked; return its path.

    A folder that cannot be written must not stop the program: the log then goes to standard error.

    Args:
        data: the data folder.
        name: of the program.
        verbose: log what only a developer wants to know too.
        form: plain lines, or a JSON object a line.
        to_stderr: log there instead, as a service manager collects it.
    """
    path = log_file(data, name)
    handler: logging.Handler = logging.StreamHandler()
    if not to_stderr:
        handler = _file_handler(data, path)
    plain = "%(asctime)s %(levelname)s %(name)s %(message)s"
    handler.setFormatter(_Json() if form == "json" else _Masking(plain))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    logging.captureWarnings(capture=True)
    return path


def _file_handler(data: Path, path: Path) -> logging.Handler:
    try:
        make_private(data)
        path.parent.mkdir(exist_ok=True)
        return logging.handlers.RotatingFileHandler(
            path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES - 1, encoding="utf-8", delay=True
        )
    except (OSError, EnvironmentFailure):
        return logging.StreamHandler()


def open_workspace(data: Path) -> Workspace:
    """Open the data of this person, here or at a team's server, with this computer's secrets.

    Raises:
        EnvironmentFailure: the database cannot be opened; says what to do.
    """
    from projectdesk import secrets
    from projectdesk.services.team_database import open_chosen

    return open_chosen(data, secrets.choose(data), password=os.environ.get(PASSWORD_VARIABLE))
