from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from projectdesk.room import commands, events
from projectdesk.room.memory import RoomMemory
from projectdesk.room.room import Room
from projectdesk.signalling import call, control, journal

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def invitee(number: int, role: call.Role = "participant", **changes: Any) -> control.Invitee:
    fields = {
        "id": f"{number:032x}",
        "name": f"Person {number}",
        "organisation": "Org",
        "country": "DK",
        "role": role,
        "zone": "Europe/Copenhagen",
        "token_hash": f"{number:064x}",
    }
    return control.Invitee(**{**fields, **changes})


def planned(id_: str, minutes: int = 10) -> control.PlannedItem:
    return control.PlannedItem(
        id=id_, number="1", title=id_.title(), kind="information", planned_minutes=minutes
    )


def snapshot(invitees: list[control.Invitee] | None = None, **changes: Any) -> control.RoomSnapshot:
    people = invitees or [invitee(1, "chair"), invitee(2, "presenter"), invitee(3), invitee(4)]
    fields = {
        "meeting": "m",
        "title": "Kick-off",
        "project": "TIDEWATER",
        "organiser": "Ida Holm",
        "starts_at": START,
        "local_start": "2026-03-02T10:00",
        "zone": "Europe/Copenhagen",
        "duration_minutes": 120,
        "agenda": [planned("a"), planned("b")],
        "invitees": people,
    }
    return control.RoomSnapshot(**{**fields, **changes})


class Stage:
    """Plays a room: time runs by hand, sockets are names, what was sent is kept."""

    def __init__(
        self,
        plan: control.RoomSnapshot | None = None,
        memory: RoomMemory | None = None,
        **media: Any,
    ):
        self.plan = plan or snapshot()
        self.now = START
        self.room = Room("k3jq8w2xz0", self.plan, memory, **{"records": True, **media})
        self.inbox: dict[str, list[call.HostMessage]] = defaultdict(list)
        self.journal: list[tuple[datetime, journal.Fact]] = []
        self.timers: dict[Any, datetime] = {}
        self.closed: list[str] = []
        self.forgotten: list[str] = []
        self.media: list[Any] = []
        self.relays: list[commands.GiveRelays] = []
        self._sessions = 0
        self.handle(events.RoomLoaded)

    def handle(self, kind: Any, **fields: Any) -> list[Any]:
        out = self.room.handle(kind(at=self.now, **fields))
        for command in out:
            match command:
                case commands.Send(peers=peers, message=message):
                    assert peers
                    for peer in peers:
                        assert peer not in self.closed, "sent to a closed socket"
                        self.inbox[peer].append(message)
                case commands.ClosePeer(peer=peer):
                    self.closed.append(peer)
                case commands.Record(at=at, fact=fact):
                    self.journal.append((at, fact))
                case commands.StartTimer(timer=timer, due=due):
                    self.timers[timer] = due
                case commands.CancelTimer(timer=timer):
                    self.timers.pop(timer, None)
                case commands.ForgetSession(session=session):
                    self.forgotten.append(session)
                case commands.GiveRelays():
                    self.relays.append(command)
                case _:
                    self.media.append(command)
        return out

    def wait(self, **duration: float) -> None:
        """Let time pass and timers fire, each at its due time."""
        until = self.now + timedelta(**duration)
        while due := min((t for t in self.timers.values() if t <= until), default=None):
            timer = next(t for t, at in self.timers.items() if at == due)
            del self.timers[timer]
            self.now = max(self.now, due)
            self.handle(events.TimerFired, timer=timer)
        self.now = until

    def pass_(self, number: int, name: str = "") -> str:
        self._sessions += 1
        session = f"s{self._sessions}"
        self.handle(
            events.SessionOpened,
            session=session,
            invitation=f"{number:032x}",
            name=name or f"Person {number}",
        )
        return session

    def join(self, number: int, peer: str = "", name: str = "") -> str:
        """Join and say Hello; returns the session."""
        session = self.pass_(number, name)
        self.connect(session, peer or f"p{number}")
        return session

    def connect(self, session: str, peer: str) -> None:
        self.handle(events.Connected, peer=peer, session=session)

    def drop(self, peer: str) -> None:
        self.handle(events.Disconnected, peer=peer)

    def say(self, peer: str, message: call.ClientMessage) -> list[call.HostMessage]:
        """Send a message and return what came back to the sender."""
        before = len(self.inbox[peer])
        self.handle(events.MessageReceived, peer=peer, message=message)
        return self.inbox[peer][before:]

    def got(self, peer: str, kind: Any) -> list[Any]:
        return [message for message in self.inbox[peer] if isinstance(message, kind)]

    def facts(self, kind: Any = object) -> list[Any]:
        return [fact for _, fact in self.journal if isinstance(fact, kind)]

    def present(self) -> int:
        return self.room.facts().present


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def call_with_two() -> Stage:
    """Chair 1 and guest 3 are in the call."""
    stage = Stage()
    stage.join(1)
    stage.join(3)
    stage.say("p1", call.Admit())
    return stage
