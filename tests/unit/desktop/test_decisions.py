"""The page of decisions: the register with its details, vetoes, and written procedures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from projectdesk.desktop.models.decision_words import how_words, standing_words, time_left
from projectdesk.desktop.pages.decisions.page import DecisionsPage
from projectdesk.desktop.pages.dialogs import FormDialog
from projectdesk.desktop.pages.letters_dialog import LettersDialog
from projectdesk.desktop.presenters.decisions import VETO
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.domain.meetings import Meeting, MeetingState
from projectdesk.domain.minutes import Decision, Minutes, MinutesState
from projectdesk.domain.rules.written_procedure import ProcedureStage
from projectdesk.domain.voting import FOR, VetoState, Vote, VoteSeat, VoteState
from projectdesk.services import commands, queries
from projectdesk.services.commands.votes import HeldByHand
from projectdesk.services.decision_rows import Standing
from projectdesk.services.documents.registers import Span
from projectdesk.services.procedure_rows import BallotLink, VotingDetail
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import InstantSession, Sample

NOW = datetime(2099, 3, 2, 9, tzinfo=UTC)


class Desks:
    """Stands for `ProcedureDesks`: the links are those of a host that has everything."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def publish(
        self, owner: UUID, then: Callable[[tuple[BallotLink, ...]], None], failed: Any
    ) -> None:
        then(tuple(commands.ballot_links(self.workspace, owner, "https://x.example")))


@pytest.fixture
def body(instant: InstantSession, sample: Sample) -> UUID:
    """A body of two members, each with one who votes for it."""
    workspace = instant.workspace
    made, _ = commands.create(
        workspace, Kind.BODY, {"project_id": sample.project, "name": "General Assembly"}
    )
    for partner, person in zip(sample.partners, sample.people, strict=True):
        commands.create(
            workspace,
            Kind.BODY_MEMBER,
            {"body_id": made, "partner_id": partner, "representative_id": person},
        )
    return made


@pytest.fixture
def page(
    qtbot: QtBot, dressed: object, instant: InstantSession, sample: Sample, body: UUID
) -> Iterator[DecisionsPage]:
    reader = Reader(instant)
    reader.load()
    made = DecisionsPage(instant, reader, lambda: NOW, Desks(instant.workspace))
    qtbot.addWidget(made)
    made.set_project(sample.project)
    made.resize(1280, 800)
    made.show()
    yield made
    made.close_page()
    reader.close()


def fill(dialog: FormDialog, **values: object) -> None:
    for name, value in values.items():
        dialog.form.rows[name].editor.set_value(value)


def dialog_of(page: QWidget, kind: type[Any]) -> Any:
    """Return the dialog that is open."""
    return next(each for each in page.window().findChildren(kind) if each.isVisible())


def press(dialog: Dialog) -> None:
    """Press the button that does it."""
    dialog.buttons.itemAt(dialog.buttons.count() - 1).widget().click()


def button_of(page: DecisionsPage, words: str) -> QPushButton:
    QApplication.processEvents()  # what was laid out anew is shown
    found = page.register.panel.findChildren(QPushButton)
    return next(each for each in found if each.text() == words and each.isVisibleTo(page))


@pytest.fixture
def decided(instant: InstantSession, kick_off: UUID) -> UUID:
    """A decision of a meeting whose minutes are a draft."""
    made, _ = commands.create(
        instant.workspace, Kind.DECISION, {"meeting_id": kick_off, "text": "The lights stay on."}
    )
    return made


def circulate(workspace: Workspace, meeting: UUID) -> None:
    with workspace.change("Circulate") as unit:
        unit.add(Minutes(meeting_id=meeting, state=MinutesState.CIRCULATED))


class TestRegister:
    def test_a_draft_is_changed_and_what_was_circulated_is_replaced(
        self, page: DecisionsPage, instant: InstantSession, decided: UUID, kick_off: UUID
    ) -> None:
        register = page.register
        register.select(decided)
        assert register.inspector is not None
        editor = register.inspector.form.rows["text"].editor
        assert editor.isEnabled()
        circulate(instant.workspace, kick_off)
        assert not editor.isEnabled()
        row = queries.decision_detail(instant.workspace, decided).decision
        assert (row.standing, row.editable) == (Standing.MINUTES_OPEN, False)
        button_of(page, "Replace…").click()
        dialog = dialog_of(page, FormDialog)
        dialog.submit()
        assert dialog.form.rows["text"].problem, "the same text replaces nothing"
        fill(dialog, text="The lights go out at ten.")
        dialog.submit()
        old, new = queries.decision_register(instant.workspace)
        assert (old.standing, old.replaced_by, new.replaces) == (
            Standing.REPLACED,
            "AURORA-D2",
            ("AURORA-D1",),
        )
        assert old.text == "The lights stay on."

    @pytest.mark.full
    def test_a_veto_against_what_its_member_voted_for_says_so(
        self, page: DecisionsPage, instant: InstantSession, sample: Sample, decided: UUID
    ) -> None:
        partner = sample.partners[1]
        with instant.workspace.change("A vote") as unit:
            decision = unit.get(Decision, decided)
            vote = Vote(project_id=decision.project_id, question="?", state=VoteState.CLOSED)
            unit.add(vote)
            unit.session.flush()
            unit.add(VoteSeat(vote_id=vote.id, partner_id=partner, choice=FOR))
            decision.vote_id = vote.id
        register = page.register
        register.select(decided)
        button_of(page, "Note a veto…").click()
        dialog = dialog_of(page, FormDialog)
        fill(dialog, partner_id=partner, reason="It doubles our costs.")
        dialog.submit()
        (veto,) = queries.decision_detail(instant.workspace, decided).vetoes
        said = f"{veto.partner} voted for this decision."
        assert instant.notices[-1].text == f"The veto is noted. {said}"
        assert said in [label.text() for label in page.findChildren(QLabel)]

    @pytest.mark.full
    def test_a_veto_is_noted_answered_and_undone(
        self, page: DecisionsPage, instant: InstantSession, sample: Sample, decided: UUID
    ) -> None:
        register = page.register
        register.select(decided)
        button_of(page, "Note a veto…").click()
        dialog = dialog_of(page, FormDialog)
        fill(dialog, partner_id=sample.partners[1], reason="It doubles our costs.")
        dialog.submit()
        (row,) = queries.decision_register(instant.workspace)
        assert (row.standing, row.vetoes) == (Standing.VETOED, 1)
        assert instant.notices[-1].text == "The veto is noted."
        register.filters.choose(VETO)
        register.presenter.show_only(VETO)
        assert [each.id for each in register.table.rows] == [decided]
        button_of(page, "Answer…").click()
        dialog = dialog_of(page, FormDialog)
        fill(dialog, state=VetoState.NOT_ADMITTED)
        dialog.submit()
        assert dialog.form.rows["answer"].problem
        fill(dialog, answer="No interest of yours is affected.")
        dialog.submit()
        (row,) = queries.decision_register(instant.workspace)
        assert row.standing is Standing.NO_MINUTES
        undo = instant.notices[-1].undo
        assert undo is not None
        commands.undo(instant.workspace, undo)
        assert queries.decision_register(instant.workspace)[0].vetoes == 1

    @pytest.mark.full
    def test_a_decision_is_followed_up_in_one_step(
        self, page: DecisionsPage, instant: InstantSession, sample: Sample, decided: UUID
    ) -> None:
        page.register.select(decided)
        button_of(page, "Follow up…").click()
        dialog = dialog_of(page, FormDialog)
        fill(dialog, text="Buy lamps", owner_person_id=sample.people[0], due_on=date(2099, 4, 1))
        dialog.submit()
        (action,) = queries.decision_detail(instant.workspace, decided).actions
        assert (action.label, action.text) == ("A1", "Buy lamps")
        (row,) = page.register.table.rows
        assert (row.open_actions, row.actions) == (1, 1)

    @pytest.mark.full
    def test_words_of_the_item_find_a_decision(
        self, page: DecisionsPage, instant: InstantSession, decided: UUID, kick_off: UUID
    ) -> None:
        other, _ = commands.create(
            instant.workspace, Kind.DECISION, {"meeting_id": kick_off, "text": "Dogs may come."}
        )
        register = page.register
        for text, wanted in (("lights", {decided}), ("D2", {other}), ("xyzzy", set())):
            register.presenter.search(text)
            assert {row.id for row in register.table.rows} == wanted, text
        register.presenter.search("kick-off")
        assert {row.id for row in register.table.rows} == {decided, other}, "by their meeting"
        register.presenter.search("")
        assert len(register.table.rows) == 2

    @pytest.mark.full
    def test_a_route_selects_a_decision(self, page: DecisionsPage, decided: UUID) -> None:
        page.open(Route(Place.DECISIONS, tab=Kind.DECISION, select=decided))
        current = page.register.table.current()
        assert current is not None
        assert current.id == decided

    @pytest.mark.full
    def test_a_vote_that_was_found_opens_where_it_belongs(
        self, page: DecisionsPage, instant: InstantSession, decided: UUID, kick_off: UUID
    ) -> None:
        went: list[Route] = []
        page.go.connect(went.append)
        vote = Vote(project_id=page.register.presenter.rows[0].project_id, question="Lights?")
        vote.meeting_id = kick_off
        with instant.workspace.change("A vote") as unit:
            unit.add(vote)
        page.open(Route(Place.DECISIONS, tab=Kind.VOTE, select=vote.id))
        assert [(each.place, each.id) for each in went] == [(Place.MEETING, kick_off)]
        with instant.workspace.change("Its decision") as unit:
            unit.get(Decision, decided).vote_id = vote.id
        page.open(Route(Place.DECISIONS, tab=Kind.VOTE, select=vote.id))
        current = page.register.table.current()
        assert current is not None
        assert current.id == decided

    @pytest.mark.full
    def test_a_veto_window_is_counted_down(
        self, page: DecisionsPage, instant: InstantSession, decided: UUID
    ) -> None:
        now = instant.workspace.now()
        with instant.workspace.change("Window") as unit:
            unit.get(Decision, decided).veto_until = now + timedelta(days=3, hours=1)
        (row,) = queries.decision_register(instant.workspace)
        assert standing_words(row, now) == "Veto: 3 days left"
        assert time_left(now + timedelta(hours=5, minutes=3), now) == "5 hours left"


class TestByHand:
    @pytest.mark.full
    def test_a_vote_in_a_room_becomes_a_decision(
        self, page: DecisionsPage, instant: InstantSession, sample: Sample, body: UUID,
        kick_off: UUID,
    ) -> None:  # fmt: skip
        with instant.workspace.change("It was held") as unit:
            meeting = unit.get(Meeting, kick_off)
            meeting.body_id, meeting.state = body, MeetingState.HELD
        page.record.click()
        dialog = dialog_of(page, FormDialog)
        fill(dialog, question="We buy a boat.")
        dialog.submit()
        ballots = dialog_of(page, FormDialog)
        fill(ballots, **{partner.hex: "for" for partner in sample.partners})
        ballots.submit()
        (row,) = queries.decision_register(instant.workspace)
        assert (row.text, row.meeting_id) == ("We buy a boat.", kick_off)
        assert row.words.startswith("carried: 2 of 2 votes cast")

    def test_how_it_was_carried_is_said_in_the_language_of_the_desktop(
        self, instant: InstantSession, sample: Sample, body: UUID, kick_off: UUID, decided: UUID,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        workspace = instant.workspace
        with workspace.change("It was held") as unit:
            meeting = unit.get(Meeting, kick_off)
            meeting.body_id, meeting.state = body, MeetingState.HELD
            unit.get(Decision, decided).rule = "by acclamation"
        held = HeldByHand("We buy a boat.", dict.fromkeys(sample.partners, "for"))
        vote, _ = commands.record_vote(workspace, kick_off, held)
        bare, boat = queries.decision_register(workspace)
        shown = queries.vote_detail(workspace, vote).vote
        english = "carried: 2 of 2 votes cast, 2/3 needed (2)"
        assert [how_words(boat), how_words(shown)] == [english, english]
        monkeypatch.setattr("projectdesk.desktop.models.decision_words.current", lambda: "de")
        german = "angenommen: 2 von 2 abgegebenen Stimmen, 2/3 nötig (2)"
        assert [how_words(boat), how_words(shown)] == [german, german]
        assert how_words(bare) == "by acclamation"

    @pytest.mark.full
    def test_a_period_is_compiled(
        self, page: DecisionsPage, instant: InstantSession, sample: Sample, decided: UUID,
        tmp_path: Path,
    ) -> None:  # fmt: skip
        page.compile.click()
        dialog = dialog_of(page, FormDialog)
        fill(dialog, what="minutes", form="csv")
        dialog.submit()
        assert dialog.form.rows["form"].problem
        fill(dialog, what="decisions", first=date(2030, 1, 2), last=date(2030, 1, 1))
        dialog.submit()
        assert dialog.form.rows["last"].problem
        dialog.reject()
        out = tmp_path / "all.csv"
        page.register.presenter.compile_period(Span(sample.project), "decisions", "csv", out)
        assert "The lights stay on." in out.read_text()
        assert instant.notices[-1].text == "Saved all.csv."


def found(page: DecisionsPage) -> VotingDetail:
    shown = page.procedures._found
    assert shown is not None
    return shown


@pytest.fixture
def drafted(page: DecisionsPage, body: UUID) -> DecisionsPage:
    """A procedure made in the dialog."""
    page.open(Route(Place.DECISIONS, tab="procedures"))
    page.procedures.add.click()
    dialog = dialog_of(page, FormDialog)
    fill(dialog, question="We paint the boat.", until_day=date(2099, 4, 1), days="7, 2")
    dialog.submit()
    return page


def opened(page: DecisionsPage) -> DecisionsPage:
    page.procedures.open_procedure.click()
    press(dialog_of(page, Dialog))
    return page


class TestProcedures:
    def test_one_is_made_and_opened_with_its_links(self, drafted: DecisionsPage) -> None:
        vote = found(drafted).vote
        assert (vote.question, vote.stage) == ("We paint the boat.", ProcedureStage.DRAFT)
        assert vote.reminder_days == (7, 2)
        assert vote.deadline == datetime(2099, 4, 1, 21, 59, 59, tzinfo=UTC)
        opened(drafted)
        letters = dialog_of(drafted, LettersDialog)
        assert not letters.action.isEnabled(), "no mail account is set up"
        letters.accept()
        assert found(drafted).vote.stage is ProcedureStage.VOTING
        assert not drafted.procedures.close_vote.isEnabled()
        assert not drafted.procedures.open_procedure.isVisible()

    @pytest.mark.full
    def test_the_earliest_day_is_said_beside_the_deadline(self, drafted: DecisionsPage) -> None:
        drafted.procedures.add.click()
        dialog = dialog_of(drafted, FormDialog)
        fill(dialog, question="Soon.", until_day=date(2020, 1, 1))
        dialog.submit()
        assert "earliest last day" in dialog.form.rows["until_day"].problem
        dialog.reject()

    @pytest.mark.full
    def test_votes_are_entered_counted_and_told(
        self, drafted: DecisionsPage, instant: InstantSession
    ) -> None:
        pane = opened(drafted).procedures
        dialog_of(drafted, LettersDialog).accept()
        column = next(each for each in pane.seats.columns if each.title == "Vote")
        for seat in found(drafted).seats:
            assert column.field is not None
            pane.seats.edited.emit(seat, column.field, "for")
        assert pane.close_vote.isEnabled(), "all have voted"
        pane.close_vote.click()
        press(dialog_of(drafted, Dialog))
        assert found(drafted).vote.stage is ProcedureStage.RESULT
        pane.tell.click()
        press(dialog_of(drafted, Dialog))
        assert found(drafted).vote.stage is ProcedureStage.VETO
        (row,) = queries.decision_register(instant.workspace)
        assert (row.text, row.standing) == ("We paint the boat.", Standing.VETO_OPEN)
        went: list[Route] = []
        drafted.go.connect(went.append)
        pane.decision.click()
        assert [(route.place, route.select) for route in went] == [(Place.DECISIONS, row.id)]

    @pytest.mark.full
    def test_another_person_votes(self, drafted: DecisionsPage, sample: Sample) -> None:
        pane = opened(drafted).procedures
        dialog_of(drafted, LettersDialog).accept()
        seat = found(drafted).seats[1]
        pane.ask_voter(seat)
        dialog = dialog_of(drafted, FormDialog)
        fill(dialog, voter_id=sample.people[0])
        dialog.submit()
        dialog_of(drafted, LettersDialog).accept()
        assert found(drafted).seats[1].voter_id == sample.people[0]
        assert found(drafted).seats[1].generation == seat.generation + 1

    @pytest.mark.full
    def test_a_procedure_is_called_off(self, drafted: DecisionsPage) -> None:
        drafted.procedures.ask_cancel()
        press(dialog_of(drafted, Dialog))
        assert found(drafted).vote.stage is ProcedureStage.CANCELLED
