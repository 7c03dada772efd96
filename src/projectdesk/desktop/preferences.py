"""What this computer remembers of the window: colours, language, size and place.

It is read before the database is opened, so it is no setting of the database.

May import: theme.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from projectdesk.desktop.theme import Scheme

_FILE = "desktop.json"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Preferences:
    """scheme: light, dark or the system's. language: "" = the system's. geometry: Qt's, base64.

    project: hex id of the project that is shown, "" = all.
    """

    scheme: str = Scheme.SYSTEM.value
    language: str = ""
    geometry: str = ""
    project: str = ""

    @property
    def wanted_scheme(self) -> Scheme:
        """The scheme; the system's where the file says nonsense."""
        return Scheme(self.scheme) if self.scheme in list(Scheme) else Scheme.SYSTEM

    @property
    def geometry_bytes(self) -> bytes:
        """Size and place as Qt takes them; empty where the file says nonsense."""
        try:
            return base64.b64decode(self.geometry, validate=True)
        except (binascii.Error, ValueError):
            return b""


def load(data: Path) -> Preferences:
    """Return the preferences kept in the data folder; defaults where there are none."""
    try:
        kept = json.loads((data / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Preferences()
    if not isinstance(kept, dict):
        return Preferences()
    known = {
        key: value
        for key, value in kept.items()
        if key in Preferences.__dataclass_fields__ and isinstance(value, str)
    }
    return Preferences(**known)


def save(data: Path, preferences: Preferences) -> None:
    """Keep the preferences; a full disk costs them, nothing else."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        (data / _FILE).write_text(json.dumps(asdict(preferences), indent=1), encoding="utf-8")
    except OSError as error:
        _log.warning("preferences not kept: %s", error)


def encode(geometry: bytes) -> str:
    """Return size and place as they are kept."""
    return base64.b64encode(geometry).decode("ascii")
