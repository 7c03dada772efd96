"""What the chair sets for all from the console: minutes to read, times, focus, breakout rooms."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as with_fields
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from projectdesk.desktop.call import breakout_plan
from projectdesk.desktop.call.agenda_panel import AgendaPanel
from projectdesk.desktop.call.breakouts_panel import BreakoutsPanel
from projectdesk.desktop.call.minutes_panel import MinutesPanel
from projectdesk.desktop.call.panel import Panel, Surroundings
from projectdesk.desktop.call.people_panel import People
from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.pages.meeting.minutes import MinutesPane
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.runtime.host_client import HostAddress
from projectdesk.desktop.runtime.hosting import Published
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.signalling import breakouts, leading, notes, writing
from tests.unit.desktop.call.meeting import clock, item, person, state
from tests.unit.desktop.conftest import InstantSession, Sample

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)
SEAT = "ida"


@pytest.fixture
def around(
    qtbot: QtBot, dressed: object, instant: InstantSession, kick_off: UUID, sample: Sample
) -> Iterator[Surroundings]:
    choices = Choices(instant)
    choices.open(sample.project)
    minutes = MinutesPane(instant, choices, compact=True)
    minutes.open_meeting(kick_off)
    address = HostAddress("http://127.0.0.1:1", "key", "http://127.0.0.1:1")
    published = Published(kick_off, "room", address, "", (), SEAT)
    yield Surroundings(published, instant, minutes)
    minutes.presenter.close()
    choices.close()
    minutes.deleteLater()


@pytest.fixture
def make(around: Surroundings) -> Iterator[Callable[[Any], Any]]:
    """Make a panel; what it sends is kept in `panel.said`."""
    panels: list[Panel] = []

    def made(kind: Any) -> Panel:
        panel: Panel = kind(around)
        panel.said = []  # type: ignore[attr-defined]
        panel.sent.connect(  # the document itself is in test_live_writing
            lambda message: (
                None if isinstance(message, writing.WritingRequest) else panel.said.append(message)  # type: ignore[attr-defined]
            )
        )
        panels.append(panel)
        panel.show()
        return panel

    yield made
    around.minutes.setParent(None)
    for panel in panels:
        panel.close()
        panel.deleteLater()


def room(**changes: Any) -> LiveRoom:
    here = (person("Ida", "chair"), person("Bo"), person("Zoë"), person("Li"))
    items = (item(1, elapsed=600), item(2, planned=30), item(3), item(4, planned=20))
    told = state(now=NOW, clock=clock(NOW, "i2", *items), here=here)
    return replace(LiveRoom().after(told, now=NOW), **changes)


# --- minutes --------------------------------------------------------------------------------------


def written(panel: Any) -> dict[str, str]:
    """Return the last notes of each item that a host was told."""
    told = [m.notes for m in panel.said if isinstance(m, notes.WriteNotes)]
    return {one.item: one.text for one in told}


@pytest.mark.full
def test_what_is_typed_is_told_within_a_second_and_only_what_changed(
    qtbot: QtBot, make: Any, around: Surroundings, workspace: Workspace, kick_off: UUID
) -> None:
    panel = make(MinutesPanel)
    first, second = (row.id for row in queries.agenda(workspace, kick_off)[:2])
    panel.hear(state(now=NOW, clock=clock(NOW, None)))
    around.minutes.show_item(first)
    QTest.keyClicks(around.minutes.notes, "Said so")
    qtbot.waitUntil(lambda: written(panel) == {first.hex: "Said so"})
    around.minutes.show_item(second)
    around.minutes.new_decision.written.emit("We go on.")
    qtbot.waitUntil(lambda: second.hex in written(panel))
    assert panel.said[-1].notes.decisions == ["We go on."]
    assert sum(m.notes.item == first.hex for m in panel.said) <= len("Said so")
    del panel.said[:]
    panel.hear(state(now=NOW, clock=clock(NOW, None)))  # the host was restarted
    qtbot.waitUntil(lambda: written(panel).keys() == {first.hex, second.hex})


def test_nothing_is_told_before_a_host_is_there_and_after_the_end(
    qtbot: QtBot, make: Any, around: Surroundings, workspace: Workspace, kick_off: UUID
) -> None:
    panel = make(MinutesPanel)
    around.minutes.show_item(queries.agenda(workspace, kick_off)[0].id)
    QTest.keyClicks(around.minutes.notes, "Early")
    assert not panel._live._timer.isActive()
    panel.hear(state(now=NOW, clock=clock(NOW, None)))
    assert panel._live._timer.isActive()
    panel.end()
    assert not panel._live._timer.isActive()
    assert panel.said == []


def test_an_action_is_told_with_owner_and_date(
    qtbot: QtBot, make: Any, around: Surroundings, workspace: Workspace, kick_off: UUID
) -> None:
    panel = make(MinutesPanel)
    row = queries.agenda(workspace, kick_off)[0]
    meeting = queries.meeting(workspace, kick_off)
    values = {
        "project_id": meeting.project_id,
        "meeting_id": kick_off,
        "agenda_item_id": row.id,
        "text": "Send it",
        "due_on": NOW.date(),
    }
    commands.create(workspace, Kind.ACTION, values)
    around.minutes.open_meeting(kick_off)
    panel.hear(state(now=NOW, clock=clock(NOW, None)))
    qtbot.waitUntil(lambda: row.id.hex in written(panel))
    (action,) = panel.said[-1].notes.actions
    assert (action.text, action.due, action.done) == ("Send it", "2027-03-10", False)


def test_the_chair_closes_the_minutes(make: Any) -> None:
    panel = make(MinutesPanel)
    panel.shared.click()
    assert panel.said == [notes.ShareNotes(shared=False)]
    panel.show_room(room(notes_shared=True), NOW)
    assert panel.shared.isChecked()


# --- times ----------------------------------------------------------------------------------------


def test_an_overrun_is_said_and_what_is_left_is_shortened(make: Any) -> None:
    panel = make(AgendaPanel)
    late = room(ends_at=NOW + timedelta(minutes=45))
    panel.show_room(late, NOW)
    assert panel.overrun.isVisible()
    panel.fit.click()
    (asked,) = panel.said
    assert asked.items == [
        leading.Retiming(item="i3", minutes=5),
        leading.Retiming(item="i4", minutes=10),
    ]
    panel.show_room(room(ends_at=NOW + timedelta(minutes=60)), NOW)
    assert not panel.overrun.isVisible()


def test_an_item_is_given_time_or_left_out(make: Any) -> None:
    panel = make(AgendaPanel)
    panel.show_room(room(), NOW)
    row = panel.list._rows["i3"]
    row.menu.menu().aboutToShow.emit()
    offered = {action.text(): action for action in row.menu.menu().actions()}
    assert list(offered) == ["5 minutes more", "Skip", "Postpone to another meeting"]
    offered["5 minutes more"].trigger()
    offered["Postpone to another meeting"].trigger()
    assert [m.items[0] for m in panel.said] == [
        leading.Retiming(item="i3", minutes=15),
        leading.Retiming(item="i3", dropped="postponed"),
    ]
    assert panel.list._rows["i1"].menu.isHidden()  # it was treated


def test_what_was_re_planned_counts() -> None:
    shorter = [
        with_fields(item(1), allotted_minutes=4, elapsed_seconds=300.0),
        with_fields(item(2), dropped="skipped"),
        item(3),
    ]
    told = LiveRoom().after(state(now=NOW, clock=clock(NOW, "i1", *shorter)), now=NOW)
    current = told.current(NOW)
    assert current is not None
    assert current.over
    following = told.next_item()
    assert following is not None
    assert following.id == "i3"
    assert told.planned() == timedelta(minutes=14)


# --- people ---------------------------------------------------------------------------------------


def test_the_lobby_is_written_to_and_what_is_half_typed_is_kept(make: Any) -> None:
    panel = make(People)
    panel.show_room(room(lobby_message="Soon"), NOW)
    assert panel.words.text() == "Soon"
    assert panel.draft() == {}
    panel.words.setText("In five minutes")
    assert panel.draft() == {"lobby": "In five minutes"}
    panel.show_room(room(lobby_message="Soon"), NOW)
    assert panel.words.text() == "In five minutes"
    panel.set_words.click()
    assert panel.said == [leading.SetLobbyMessage(text="In five minutes")]
    again = make(People)
    again.restore({"lobby": "Half ty"})
    assert again.words.text() == "Half ty"


def test_who_presents_may_stay_among_the_others(make: Any) -> None:
    panel = make(People)
    focus = leading.Focus(participant="bo", chosen=True)
    panel.show_room(room(focus=focus), NOW)
    panel.follow.click()
    assert panel.said == [leading.Spotlight(participant="bo", follows=False)]


# --- breakout rooms -------------------------------------------------------------------------------


def shown(panel: BreakoutsPanel) -> dict[str, list[str]]:
    """Return the tree: names of groups with the ids of their people."""
    tree = panel.tree
    tops = [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]
    found = {}
    for top in tops:
        assert top is not None
        people = [top.child(place).text(0).split("  ")[0] for place in range(top.childCount())]
        found[top.text(0)] = people
    return found


def test_groups_are_planned_and_opened(make: Any) -> None:
    panel = make(BreakoutsPanel)
    proposed = (
        breakouts.PlannedGroup(name="WP1 Coasts", people=["bo", "gone"]),
        breakouts.PlannedGroup(name="WP2 Models", people=["zoë"]),
    )
    panel.show_room(room(proposed_groups=proposed), NOW)
    panel.by_plan.click()
    everybody = {"WP1 Coasts": ["Bo"], "WP2 Models": ["Zoë"], "Main room": ["Ida", "Li"]}
    assert shown(panel) == everybody
    panel.tree.moved.emit("li", "1")
    panel.tree.renamed.emit("0", "Coasts")
    assert shown(panel)["WP2 Models"] == ["Zoë", "Li"]
    panel.minutes.setValue(0)
    panel.open.click()
    groups = [
        breakouts.PlannedGroup(name="Coasts", people=["bo", "gone"]),
        breakouts.PlannedGroup(name="WP2 Models", people=["zoë", "li"]),
    ]
    assert panel.said == [breakouts.OpenBreakouts(groups=groups)]


def test_a_plan_outlives_the_desktop(make: Any) -> None:
    panel = make(BreakoutsPanel)
    panel.show_room(room(), NOW)
    panel.count_field.setValue(3)
    panel.tree.moved.emit("bo", "2")
    panel.words.setText("Two min")
    again = make(BreakoutsPanel)
    again.restore(panel.draft())
    again.show_room(room(), NOW)
    assert shown(again) == shown(panel)
    assert again.words.text() == "Two min"
    again.restore({"plan": "[1, 2"})
    assert shown(again) == shown(panel)


def test_people_are_moved_and_brought_back_while_groups_are_open(make: Any) -> None:
    panel = make(BreakoutsPanel)
    groups = [
        breakouts.Group(id="g1", name="A", people=["bo"]),
        breakouts.Group(id="g2", name="B", people=["zoë", "li"], calls=NOW),
    ]
    ends = NOW + timedelta(minutes=5)
    now = breakouts.Breakouts(groups=groups, opened_at=NOW, ends_at=ends)
    labelled: list[int] = []
    panel.labelled.connect(lambda: labelled.append(panel.count))
    panel.show_room(room(breakouts=now), NOW)
    assert labelled == [1]
    assert not panel.planning.isVisible()
    assert panel.time.text() == "5:00 left"
    assert shown(panel) == {
        "A": ["Bo"],
        "B asks for the chair": ["Zoë", "Li"],
        "Main room": ["Ida"],
    }
    panel.tree.setCurrentItem(panel.tree.topLevelItem(1))
    panel.join.click()
    panel.tree.moved.emit("bo", "")
    panel.settle.click()
    panel.words.setText("Two minutes")
    panel.words.returnPressed.emit()
    panel.back.click()
    assert panel.said == [
        breakouts.MoveToGroup(participant=SEAT, group="g2"),
        breakouts.MoveToGroup(participant="bo", group=None),
        breakouts.DismissCall(group="g2"),
        breakouts.Announce(text="Two minutes"),
        breakouts.CloseBreakouts(),
    ]
    panel.show_room(room(), NOW)
    assert panel.planning.isVisible()


def test_a_person_goes_by_menu_as_by_dragging(make: Any) -> None:
    panel = make(BreakoutsPanel)
    panel.show_room(room(), NOW)
    menu = panel.tree.menu_for("bo")
    actions = {action.text(): action for action in menu.actions()}
    assert list(actions) == ["Group 1", "Group 2", "Main room"]
    assert not actions["Main room"].isEnabled()
    actions["Group 2"].trigger()
    assert shown(panel)["Group 2"] == ["Bo"]


@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.integers(1, 5), st.integers())
def test_chance_deals_everybody_out_once_and_evenly(
    people: list[str], count: int, seed: int
) -> None:
    plan = breakout_plan.resized((), count, str)
    dealt = breakout_plan.dealt_out(plan, people, random.Random(seed))
    assert sorted(one for group in dealt for one in group.people) == sorted(people)
    sizes = [len(group.people) for group in dealt]
    assert max(sizes) - min(sizes) <= 1
