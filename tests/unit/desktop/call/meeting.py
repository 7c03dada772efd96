"""Messages of a made-up meeting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from projectdesk.signalling import call

START = datetime(2027, 3, 10, 8, tzinfo=UTC)


def person(name: str, role: call.Role = "participant", **more: bool) -> call.Participant:
    return call.Participant(
        id=name.lower(),
        name=name,
        organisation="UiT",
        country="NO",
        role=role,
        zone="Europe/Oslo",
        since=START,
        **more,
    )


def item(
    number: int, *, key: str = "", planned: int = 10, elapsed: float = 0, presenter: str = ""
) -> call.ShownItem:
    return call.ShownItem(
        id=key or f"i{number}",
        number=str(number),
        title=f"Item {number}",
        kind="information",
        planned_minutes=planned,
        presenter=presenter,
        presenter_participant=None,
        elapsed_seconds=elapsed,
    )


def clock(at: datetime, current: str | None, *items: call.ShownItem) -> call.AgendaClock:
    """Return the agenda's clock as the host says it at an instant."""
    started = START if current or any(shown.elapsed_seconds for shown in items) else None
    return call.AgendaClock(at=at, started_at=started, current=current, items=list(items))


def state(
    *,
    now: datetime,
    clock: call.AgendaClock,
    here: tuple[call.Participant, ...] = (),
    lobby: tuple[call.Participant, ...] = (),
) -> call.RoomState:
    return call.RoomState(
        now=now,
        participants=list(here),
        lobby=list(lobby),
        clock=clock,
        ends_at=now + timedelta(hours=1),
    )
