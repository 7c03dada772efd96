"""What this computer remembers of the window: colours, language, size and place.

It is read before the database is opened, so it is no setting of the database.

May import: theme.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from projectdesk.desktop.theme import Scheme
from projectdesk.desktop.theme.scale import SIZES

_FILE = "desktop.json"
_TABLES = "tables.json"
_SIZE = "size.json"
_WIDEST = 10_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Preferences:
    """scheme: light, dark or the system's. language: "" = the system's. geometry: Qt's, base64.

    project: hex id of the project that is shown, "" = all. seen: when the desktop was last closed,
    ISO 8601 with its zone, "" = never.
    """

    scheme: str = Scheme.SYSTEM.value
    language: str = ""
    geometry: str = ""
    project: str = ""
    seen: str = ""

    @property
    def wanted_scheme(self) -> Scheme:
        """The scheme; the system's where the file says nonsense."""
        return Scheme(self.scheme) if self.scheme in list(Scheme) else Scheme.SYSTEM

    @property
    def seen_at(self) -> datetime | None:
        """When the desktop was last closed; None for never, and where the file says nonsense."""
        try:
            seen = datetime.fromisoformat(self.seen)
        except ValueError:
            return None
        return None if seen.tzinfo is None else seen.astimezone(UTC)

    @property
    def geometry_bytes(self) -> bytes:
        """Size and place as Qt takes them; empty where the file says nonsense."""
        try:
            return base64.b64decode(self.geometry, validate=True)
        except (binascii.Error, ValueError):
            return b""


@dataclass(frozen=True)
class TableLook:
    """How a person has arranged the columns of a table, each by its name.

    shown: what was switched on or off; others come as they are. widths: in pixels, of those that
    were dragged. order: from left to right, () = as they come.
    """

    shown: Mapping[str, bool] = field(default_factory=dict)
    widths: Mapping[str, int] = field(default_factory=dict)
    order: tuple[str, ...] = ()


def load_tables(data: Path) -> dict[str, TableLook]:
    """Return the looks of tables by name; what makes no sense is left out."""
    try:
        kept = json.loads((data / _TABLES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {name: _table_look(look) for name, look in kept.items() if isinstance(look, dict)}


def _table_look(kept: Mapping[str, object]) -> TableLook:
    shown, widths, order = kept.get("shown"), kept.get("widths"), kept.get("order")
    return TableLook(
        shown={k: v for k, v in shown.items() if isinstance(v, bool)}
        if isinstance(shown, dict)
        else {},
        widths={
            k: v
            for k, v in widths.items()
            if isinstance(v, int) and not isinstance(v, bool) and 0 < v <= _WIDEST
        }
        if isinstance(widths, dict)
        else {},
        order=tuple(each for each in order if isinstance(each, str))
        if isinstance(order, list)
        else (),
    )


def save_tables(data: Path, looks: Mapping[str, TableLook]) -> None:
    """Keep the looks of tables; a full disk costs them, nothing else."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        kept = {name: asdict(look) for name, look in looks.items()}
        (data / _TABLES).write_text(json.dumps(kept, indent=1), encoding="utf-8")
    except OSError as error:
        _log.warning("columns not kept: %s", error)


def load_size(data: Path) -> int:
    """Return how large everything is shown, in per cent; 0 = as the system says."""
    try:
        kept = json.loads((data / _SIZE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0
    percent = kept.get("percent") if isinstance(kept, dict) else None
    return percent if isinstance(percent, int) and percent in SIZES else 0


def save_size(data: Path, percent: int) -> None:
    """Keep how large everything is shown from the next start on; 0 = as the system says."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        (data / _SIZE).write_text(json.dumps({"percent": percent}), encoding="utf-8")
    except OSError as error:
        _log.warning("size not kept: %s", error)


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
