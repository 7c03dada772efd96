"""Pictures of the life of minutes: before they go out, readers, objections, comparison, trail."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from projectdesk.desktop.pages.meeting.circulation import (
    OBJECTIONS,
    READERS,
    TRAIL,
    VERSIONS,
    CirculationPane,
)
from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.routes import Place
from projectdesk.domain.minutes import ObjectionState
from projectdesk.domain.rules.minutes_life import Step
from projectdesk.screens.stage import Stage
from projectdesk.services import commands, notes, queries
from projectdesk.services.circulation_rows import CirculationOrder

_DRAFT, _OPEN = "Executive Board 2", "General Assembly 1"
_ORDER = CirculationOrder("https://meet.example.org", host="https://meet.example.org", send=False)


def draft(stage: Stage) -> None:
    """Show a draft that is due."""
    _pane(stage, _DRAFT, READERS)


def circulating(stage: Stage) -> None:
    """Show what is asked before minutes are circulated."""
    _pane(stage, _DRAFT, READERS).presenter.ask_circulating()
    stage.settle()


def readers(stage: Stage) -> None:
    """Show who has the minutes, and who said that they came."""
    _circulated(stage)
    _pane(stage, _DRAFT, READERS)


def objections(stage: Stage) -> None:
    """Show objections, one of them answered."""
    _circulated(stage)
    _pane(stage, _DRAFT, OBJECTIONS)


def comparison(stage: Stage) -> None:
    """Show how a second revision differs from the first."""
    meeting = _circulated(stage)
    life = queries.minutes_life(stage.workspace, meeting)
    if not life.readers or len(life.revisions) > 1:
        _pane(stage, _DRAFT, VERSIONS)
        return
    for row in life.objections:
        commands.answer_objection(stage.workspace, row.id, ObjectionState.UPHELD)
    commands.revise_minutes(stage.workspace, meeting, "A figure was wrong.")
    document = notes.open_notes(stage.workspace, meeting)
    for item in queries.agenda(stage.workspace, meeting):
        said = document.item_text(item.id)
        if said:
            first, _, _ = said.partition(" ")
            document.edit(item.id, 0, len(first), "In short:")
            document.edit(item.id, len(said) - len(first) + 9, 0, " It is checked again in spring.")
            break
    document.close()
    commands.circulate_minutes(stage.workspace, meeting, _ORDER)
    _pane(stage, _DRAFT, VERSIONS)


def trail(stage: Stage) -> None:
    """Show the audit trail."""
    _circulated(stage)
    _pane(stage, _DRAFT, TRAIL)


def sample(stage: Stage) -> None:
    """Show the sample's minutes whose window is over."""
    _pane(stage, _OPEN, OBJECTIONS)


# --- inside ---------------------------------------------------------------------------------------


def _meeting(stage: Stage, title: str) -> UUID:
    rows = queries.meetings(stage.workspace)
    return next((row.id for row in rows if row.title == title), rows[0].id)


def _pane(stage: Stage, title: str, part: int) -> CirculationPane:
    stage.go(Place.MEETING, _meeting(stage, title), "circulation")
    stage.settle()
    pane = cast(MeetingPage, stage.workbench.page(Place.MEETING)).circulation
    pane.by.choose(part)
    pane.show_part(part)
    stage.settle()
    return pane


def _circulated(stage: Stage) -> UUID:
    """Circulate the draft, with what some readers say of it."""
    meeting = _meeting(stage, _DRAFT)
    before = queries.minutes_life(stage.workspace, meeting)
    if before.readers or before.bar(Step.CIRCULATE) is not None:
        return meeting  # another picture has done it, or there is nothing to circulate
    commands.circulate_minutes(stage.workspace, meeting, _ORDER)
    life = queries.minutes_life(stage.workspace, meeting)
    for row in life.readers[::2]:
        commands.note_received(stage.workspace, row.id)
    parties = [row for row in life.readers if row.may_object]
    if len(parties) < 5:
        return meeting
    items = [row for row in queries.agenda(stage.workspace, meeting) if not row.is_break]
    said = (
        (parties[1], items[1].id, "The buoys were not ordered at the meeting: we agreed to wait "
         "for the second quote."),
        (parties[4], None, "Our deputy was there for the whole call; the list says absent."),
    )  # fmt: skip
    for reader, item, words in said:
        commands.enter_objection(stage.workspace, reader.id, words, item)
    last = queries.minutes_life(stage.workspace, meeting).objections[-1]
    commands.answer_objection(
        stage.workspace, last.id, ObjectionState.UPHELD, "Right: she dialled in with Ana."
    )
    return meeting
