"""The console's picture of a live meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as replace_struct

from projectdesk.desktop.call.room import LiveRoom, spell
from projectdesk.signalling import call, floor

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def _person(name: str, role: call.Role = "participant") -> call.Participant:
    return call.Participant(
        id=name.lower(), name=name, organisation="", country="", role=role, zone="UTC", since=NOW
    )


def _item(number: int, *, elapsed: float = 0, planned: int = 10) -> call.ShownItem:
    return call.ShownItem(
        id=f"i{number}",
        number=str(number),
        title=f"Item {number}",
        kind="information",
        planned_minutes=planned,
        presenter="",
        presenter_participant=None,
        elapsed_seconds=elapsed,
    )


def _clock(current: str | None, *items: call.ShownItem) -> call.AgendaClock:
    started = NOW if current or any(item.elapsed_seconds for item in items) else None
    return call.AgendaClock(at=NOW, started_at=started, current=current, items=list(items))


def _admitted(clock: call.AgendaClock, *people: call.Participant) -> LiveRoom:
    state = call.RoomState(
        now=NOW, participants=list(people), lobby=[], clock=clock, ends_at=NOW + timedelta(hours=2)
    )
    return LiveRoom().after(state, now=NOW)


def test_the_running_item_goes_on_by_the_hosts_clock_not_ours() -> None:
    ours = NOW - timedelta(minutes=7)  # this computer is seven minutes slow
    state = call.RoomState(
        now=NOW,
        participants=[],
        lobby=[],
        clock=_clock("i1", _item(1, elapsed=60), _item(2)),
        ends_at=NOW,
    )
    room = LiveRoom().after(state, now=ours)
    current = room.current(ours + timedelta(seconds=30))
    assert current is not None
    assert current.elapsed == timedelta(seconds=90)
    assert current.left == timedelta(minutes=8, seconds=30)
    assert not current.over
    assert room.item_clocks(ours)[1].elapsed == timedelta()


def test_an_item_is_over_time_once_its_plan_is_spent() -> None:
    room = _admitted(_clock("i1", _item(1, elapsed=601)))
    current = room.current(NOW)
    assert current is not None
    assert current.over


def test_what_comes_next() -> None:
    assert _admitted(_clock(None, _item(1), _item(2))).next_item() == _item(1)
    following = _admitted(_clock("i1", _item(1), _item(2))).next_item()
    assert following is not None
    assert following.id == "i2"
    back = _admitted(_clock("i1", _item(1), _item(2, elapsed=5), _item(3))).next_item()
    assert back is not None
    assert back.id == "i2"
    between = _admitted(_clock(None, _item(1, elapsed=5), _item(2))).next_item()
    assert between is not None
    assert between.id == "i2"
    assert _admitted(_clock("i2", _item(1), _item(2))).next_item() is None
    assert LiveRoom().next_item() is None


def test_people_come_change_and_go() -> None:
    room = _admitted(_clock(None), _person("Zoe"), _person("Ana", "chair"))
    room = room.after(call.ParticipantJoined(participant=_person("Bo")), now=NOW)
    changed = call.Participant(
        id="bo", name="Bo", organisation="", country="", role="cohost", zone="", since=NOW
    )
    room = room.after(call.ParticipantChanged(participant=changed), now=NOW)
    assert [one.name for one in room.in_order()] == ["Ana", "Bo", "Zoe"]
    room = room.after(call.ParticipantLeft(participant="zoe"), now=NOW)
    assert [one.name for one in room.in_order()] == ["Ana", "Bo"]


def test_raised_hands_come_first_by_time() -> None:
    people = [_person("Ana", "chair"), _person("Bo"), _person("Cy")]
    late = replace_struct(people[1], hand=NOW + timedelta(seconds=2))
    early = replace_struct(people[2], hand=NOW + timedelta(seconds=1))
    room = _admitted(_clock(None), people[0], late, early)
    assert [one.name for one in room.in_order()] == ["Cy", "Bo", "Ana"]
    assert [one.name for one in room.hands()] == ["Cy", "Bo"]


def test_lock_and_removed_people_are_kept() -> None:
    gone = floor.RemovedPerson(id="zoe", name="Zoe")
    room = _admitted(_clock(None)).after(floor.LockChanged(locked=True), now=NOW)
    room = room.after(floor.RemovedChanged(removed=[gone]), now=NOW)
    assert (room.locked, room.removed) == (True, (gone,))


def test_the_end_empties_the_room_and_a_new_welcome_opens_it() -> None:
    room = _admitted(_clock(None), _person("Ana")).after(
        call.Ended(reason="ended", text=""), now=NOW
    )
    assert room.ended == "ended"
    assert not room.participants
    welcome = call.Welcome(version=1, you="", role="chair", now=NOW, title="T", project="P")
    assert replace(room).after(welcome, now=NOW).ended == ""


@given(st.lists(st.sampled_from(["join", "leave", "lobby"]), max_size=30), st.data())
def test_nobody_is_listed_twice(script: list[str], data: st.DataObject) -> None:
    room = _admitted(_clock(None))
    for step in script:
        person = _person(data.draw(st.sampled_from(["Ana", "Bo", "Cy"])))
        messages: dict[str, call.HostMessage] = {
            "join": call.ParticipantJoined(participant=person),
            "leave": call.ParticipantLeft(participant=person.id),
            "lobby": call.LobbyChanged(lobby=[person]),
        }
        room = room.after(messages[step], now=NOW)
        ids = [one.id for one in room.participants]
        assert len(ids) == len(set(ids))


def test_clocks_are_spelled() -> None:
    assert spell(timedelta(seconds=245)) == "4:05"
    assert spell(timedelta(hours=1, minutes=2, seconds=7)) == "1:02:07"
    assert spell(timedelta(seconds=-30)) == "-0:30"
    assert spell(timedelta(milliseconds=-400)) == "0:00"
