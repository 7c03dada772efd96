"""Periods after which what is known of people is erased: who set them, and to what.

A period of a policy comes before the one of the data, and that before the usual one. One that is
shorter than the rules of a body need (their time to object and to veto) is lengthened to that where
a policy says it, and refused where a person does.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from projectdesk.domain.rules.retention import (
    MOST_DAYS,
    OF_HOSTS,
    USUAL,
    Kept,
    Windows,
    least_days,
)
from projectdesk.errors import DomainError
from projectdesk.folders import write_whole
from projectdesk.policy import managed
from projectdesk.services.kept_settings import set_setting
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

log = logging.getLogger(__name__)
_KEY: Final = "retention."
HOST_FOLDERS: Final = ("host", "host-lan")
"""Of the hosts that a desktop starts, below the data folder."""
HOST_FILE: Final = "periods.json"
"""What such a host reads its periods from (`host.periods`)."""


@dataclass(frozen=True)
class Period:
    """How long something is kept. days: None = until it is deleted.

    chosen: what the person chose, None = until it is deleted. settled: by a policy, which comes
    first. least: the shortest that the rules of the consortium allow.
    """

    kept: Kept
    days: int | None
    chosen: int | None
    settled: bool
    least: int


def periods(workspace: Workspace) -> list[Period]:
    """Return all periods, in the order in which they are shown."""
    s, b = schema.setting.c, schema.body.c
    with workspace.read() as session:
        kept = session.execute(select(s.key, s.value).where(s.key.startswith(_KEY)))
        chosen = {row.key.removeprefix(_KEY): row.value for row in kept}
        rules = session.execute(
            select(b.minutes_draft_days, b.minutes_accept_days, b.veto_days).distinct()
        )
        windows = [Windows(*row) for row in rules] or [Windows()]
    return [_period(each, chosen.get(each.value), windows) for each in Kept]


def period(workspace: Workspace, kept: Kept) -> Period:
    """Return the period of one thing."""
    return next(each for each in periods(workspace) if each.kept is kept)


def set_period(workspace: Workspace, kept: Kept, days: int | None) -> None:
    """Choose how long something is kept.

    Args:
        workspace: the open data.
        kept: what.
        days: a whole number; None = until it is deleted.

    Raises:
        DomainError: `period_settled`, a policy says it; `period_too_short`, `period_too_long`,
            `period_needed`. Nothing was changed.
    """
    now = period(workspace, kept)
    if now.settled:
        raise DomainError(
            "period_settled",
            "Your organisation has settled this ({place}).",
            place=managed().place,
            field=kept.value,
        )
    if days is None and kept in OF_HOSTS:
        raise DomainError(
            "period_needed",
            "A host does not keep this for ever: at most {most} days.",
            most=MOST_DAYS,
            field=kept.value,
        )
    if days is not None and days < now.least:
        raise DomainError("period_too_short", _too_short(kept), least=now.least, field=kept.value)
    if days is not None and days > MOST_DAYS:
        raise DomainError(
            "period_too_long", "At most {most} days.", most=MOST_DAYS, field=kept.value
        )
    set_setting(workspace, _KEY + kept.value, "" if days is None else str(days))
    if kept in OF_HOSTS:
        tell_hosts(workspace)


def tell_hosts(workspace: Workspace) -> None:
    """Write the periods of hosts to where those that this desktop starts read them, daily."""
    found = {each.kept.value: each.days for each in periods(workspace) if each.kept in OF_HOSTS}
    for name in HOST_FOLDERS:
        folder = workspace.data / name
        if folder.is_dir():
            _write(folder / HOST_FILE, found)


def _write(path: Path, found: dict[str, int | None]) -> None:
    text = json.dumps(found)
    try:
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return
        write_whole(path, text)
    except OSError as error:
        log.warning("a host does not know its periods: %s", error)


def _period(kept: Kept, text: str | None, windows: list[Windows]) -> Period:
    least = least_days(kept, windows)
    chosen = USUAL[kept]
    if text is not None:
        chosen = int(text) if text.isdecimal() else None
    field = f"keep_{kept.value}"
    days: int | None = getattr(managed().policy, field)
    if days is None:
        # A body's rules may have become longer since the period was chosen.
        return Period(kept, None if chosen is None else max(chosen, least), chosen, False, least)
    if kept in OF_HOSTS:
        days = days or USUAL[kept]
    return Period(kept, max(days, least) if days else None, chosen, True, least)


def _too_short(kept: Kept) -> str:
    match kept:
        case Kept.RECORDINGS | Kept.CALL_FILES | Kept.CAPTIONS | Kept.MAIL:
            return (
                "At least {least} days: so long people may object to the minutes and veto what "
                "was decided, by the rules of your bodies."
            )
        case Kept.HISTORY:
            return "At least {least} days: what was changed by mistake is found by it."
        case Kept.BACKUPS:
            return "At least {least} days: a mistake is rarely found on the same day."
        case Kept.JOURNAL:
            return "At least {least} days: a desktop that was restored collects it again."
        case _:
            return "At least {least} days."
