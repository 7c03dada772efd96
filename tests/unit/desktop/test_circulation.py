"""The tab Circulation: circulate, answer objections, revise, compare, accept, see the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from projectdesk.desktop.pages.dialogs import FormDialog
from projectdesk.desktop.pages.meeting import circulation
from projectdesk.desktop.pages.meeting.circulation import CirculationPane
from projectdesk.desktop.pages.meeting.circulation_dialogs import CirculateDialog, LinksDialog
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.domain.meetings import Meeting, MeetingState, MeetingType
from projectdesk.domain.minutes import MinutesState, ObjectionState
from projectdesk.domain.rules.minutes_life import Standing, Step
from projectdesk.errors import EnvironmentFailure
from projectdesk.services import commands, minutes_desks, minutes_mail, notes, queries
from projectdesk.services.circulation_rows import MinutesLife, ReaderLink
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import InstantSession, Sample


class Hosts:
    """Stands for `MinutesDesks`: a host that has everything, unless it is away."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.error: EnvironmentFailure | None = None
        self.address = "https://x.example"

    def find_address(
        self, host: str, then: Callable[[str], None], failed: Callable[[Any], None]
    ) -> None:
        if self.error is not None:
            failed(self.error)
        else:
            then(self.address)

    def publish(
        self,
        owner: UUID,
        then: Callable[[tuple[ReaderLink, ...]], None],
        failed: Callable[[Any], None],
    ) -> None:
        then(tuple(minutes_desks.minutes_links(self.workspace, owner, self.address)))


@pytest.fixture(autouse=True)
def plain_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minutes_mail, "minutes_pdf", lambda *_: b"%PDF")


@pytest.fixture
def hosts(instant: InstantSession) -> Hosts:
    return Hosts(instant.workspace)


@pytest.fixture
def meeting(instant: InstantSession, sample: Sample) -> UUID:
    """A held meeting with a sentence in its minutes."""
    workspace = instant.workspace
    begin = datetime.fromisoformat("2026-03-02T10:00")
    found, _ = commands.plan_meeting(
        workspace, sample.project, MeetingType.KICK_OFF, begin, "Europe/Lisbon"
    )
    with workspace.change("Hold it") as unit:
        held = unit.get(Meeting, found)
        held.state, held.ended_at = MeetingState.HELD, unit.now
    document = notes.open_notes(workspace, found)
    item = next(row for row in queries.agenda(workspace, found) if not row.is_break)
    document.edit(item.id, 0, 0, "The budget is moved.")
    document.close()
    return found


@pytest.fixture
def pane(
    qtbot: QtBot, dressed: object, instant: InstantSession, hosts: Hosts, meeting: UUID
) -> Iterator[CirculationPane]:
    made = CirculationPane(instant, hosts, instant.workspace.now)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.open_meeting(meeting)
    made.resize(1200, 800)
    made.show()
    yield made
    made.presenter.close()


def life_of(pane: CirculationPane) -> MinutesLife:
    assert pane.presenter.life is not None
    return pane.presenter.life


def dialog_of(pane: CirculationPane, kind: type[Any]) -> Any:
    """Return the dialog that is open."""
    found = [each for each in pane.window().findChildren(kind) if each.isVisible()]
    assert found, kind
    return found[-1]


def circulate(pane: CirculationPane, folder: Path) -> None:
    pane.steps[Step.CIRCULATE].click()
    dialog = dialog_of(pane, CirculateDialog)
    dialog._run(folder)
    assert dialog.problem == ""


def test_without_an_account_minutes_go_out_as_files(pane, tmp_path):
    assert life_of(pane).standing is Standing.DRAFT
    pane.steps[Step.CIRCULATE].click()
    dialog = dialog_of(pane, CirculateDialog)
    assert not dialog.action.isEnabled(), "nothing would send it"
    assert not dialog.warning.isHidden(), "the links lead to this computer"
    count = dialog.people.count()
    dialog._run(tmp_path)
    assert life_of(pane).standing is Standing.WINDOW
    assert len(life_of(pane).readers) == count
    assert pane.readers.rows
    assert list(tmp_path.glob("*.eml"))
    assert pane.steps[Step.CIRCULATE].isHidden()
    assert not pane.steps[Step.ACCEPT].isEnabled()
    assert pane.steps[Step.ACCEPT].toolTip() == "Objections are still taken."


@pytest.mark.full
def test_a_host_that_is_away_circulates_nothing(pane, hosts, tmp_path):
    hosts.error = EnvironmentFailure("host_unreachable", "The host does not answer.")
    pane.steps[Step.CIRCULATE].click()
    dialog = dialog_of(pane, CirculateDialog)
    dialog._run(tmp_path)
    assert dialog.problem == "The host does not answer."
    assert life_of(pane).standing is Standing.DRAFT
    dialog.reject()


@pytest.fixture
def circulated(pane, tmp_path) -> CirculationPane:
    circulate(pane, tmp_path)
    return pane


def test_an_objection_is_entered_and_answered(circulated):
    pane = circulated
    workspace = pane._session.workspace
    reader = next(row for row in life_of(pane).readers if row.may_object)
    pane._ask_objection([reader])
    dialog = dialog_of(pane, FormDialog)
    dialog.form.rows["text"].editor.set_value("It was 10.")
    dialog.submit()
    (card,) = pane.objections.shown
    card.declined.click()
    assert life_of(pane).objections[0].state is ObjectionState.OPEN, "a reason is needed"
    assert not card._problem.isHidden()
    card.field.setPlainText("It was 20.")
    card.declined.click()
    row = life_of(pane).objections[0]
    assert (row.state, row.answer) == (ObjectionState.DECLINED, "It was 20.")
    assert queries.minutes_life(workspace, life_of(pane).meeting_id).open_objections == 0


@pytest.mark.full
def test_a_revision_is_begun_and_compared(circulated, tmp_path):
    pane = circulated
    workspace, found = pane._session.workspace, life_of(pane)
    pane.steps[Step.REVISE].click()
    dialog = dialog_of(pane, FormDialog)
    dialog.form.rows["reason"].editor.set_value("A figure.")
    dialog.submit()
    assert [row.state for row in life_of(pane).revisions] == [
        MinutesState.SUPERSEDED,
        MinutesState.DRAFT,
    ]
    document = notes.open_notes(workspace, found.meeting_id)
    (item,) = document.texts()
    document.edit(item, 0, 3, "That")
    document.close()
    circulate(pane, tmp_path / "second")
    pane.show_part(circulation.VERSIONS)
    assert len(pane.comparison.changed) == 1
    shown = pane.comparison.page.toPlainText()
    assert "\N{MINUS SIGN}The budget" in shown
    assert "+That budget" in shown


@pytest.mark.full
def test_links_say_whose_they_are_and_the_trail_is_whole(circulated):
    pane = circulated
    pane.presenter.show_links()
    dialog = dialog_of(pane, LinksDialog)
    assert dialog.links.count() == len(life_of(pane).readers)
    dialog.accept()
    pane.show_part(circulation.TRAIL)
    assert len(pane.trail.rows) == 2 + len(life_of(pane).readers), "begun, circulated, and files"
    assert pane._summary.text() == f"{len(pane.trail.rows)} steps, none was changed"
    assert pane.problem.words == ""


@pytest.mark.full
def test_approval_at_a_meeting_accepts(circulated, sample):
    pane = circulated
    workspace = pane._session.workspace
    later = queries.meeting(workspace, life_of(pane).meeting_id)
    made, _ = commands.plan_meeting(
        workspace, sample.project, later.type, later.local_start.replace(year=2099), later.zone
    )
    pane.steps[Step.APPROVE].click()
    dialog = dialog_of(pane, FormDialog)
    assert dialog.form.values()["at"] == made
    dialog.submit()
    assert life_of(pane).standing is Standing.ACCEPTED
    assert pane.steps[Step.ACCEPT].isHidden()
    assert isinstance(dialog, Dialog)


@pytest.mark.full
def test_what_readers_were_not_told_is_offered_and_saved_once(pane, instant, tmp_path):
    circulate(pane, tmp_path / "mails")
    reader = next(row for row in life_of(pane).readers if row.may_object and row.email)
    commands.enter_objection(instant.workspace, reader.id, "It was 10 kEUR.")
    (objection,) = queries.minutes_life(instant.workspace, life_of(pane).meeting_id).objections
    pane.presenter.answer(objection.id, ObjectionState.UPHELD, "True.")
    assert reader.name in pane.notices._untold.text()
    assert not pane.notices.send.isEnabled(), "nothing would send it"
    pane.presenter.tell_readers(tmp_path / "notices")
    assert list((tmp_path / "notices").glob("*.eml"))
    assert pane.notices._card.isHidden()
    assert not pane.notices.by_itself.isChecked()
    pane.notices.by_itself.click()
    assert pane.notices.by_itself.isChecked()
