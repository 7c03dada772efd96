"""The tab of date polls: make one, add dates, open, write, enter answers, choose the date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from projectdesk.desktop.models.slot_words import ChosenSlots
from projectdesk.desktop.pages.dialogs import FormDialog
from projectdesk.desktop.pages.find_time import poll_dialogs as dialogs
from projectdesk.desktop.pages.find_time.polls_pane import PollsPane
from projectdesk.desktop.pages.letters_dialog import LettersDialog
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.domain.preparation import DateChoice, PollState
from projectdesk.errors import EnvironmentFailure
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import commands, mail_accounts, poll_desks, queries
from projectdesk.services.poll_rows import DatePollDetail, PollLink
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import InstantSession, Sample

NOW = datetime(2099, 3, 2, 9, tzinfo=UTC)


class Desks:
    """Stands for `PollDesks`: the links are those of a host that has everything."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.error: EnvironmentFailure | None = None
        self.server = "https://x.example"

    def publish(
        self,
        owner: UUID,
        then: Callable[[tuple[PollLink, ...]], None],
        failed: Callable[[Any], None],
    ) -> None:
        if self.error is not None:
            failed(self.error)
        else:
            then(tuple(poll_desks.poll_links(self.workspace, owner, self.server)))


@pytest.fixture
def desks(instant: InstantSession) -> Desks:
    return Desks(instant.workspace)


@pytest.fixture
def pane(
    qtbot: QtBot, dressed: object, instant: InstantSession, sample: Sample, desks: Desks
) -> Iterator[PollsPane]:
    reader = Reader(instant)  # type: ignore[arg-type]
    reader.load()
    made = PollsPane(instant, reader, desks, lambda: NOW)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.set_project(sample.project)
    made.resize(1200, 800)
    made.show()
    yield made
    made.close_presenters()
    reader.close()


def fill(dialog: FormDialog, **values: object) -> None:
    for name, value in values.items():
        dialog.form.rows[name].editor.set_value(value)


def dialog_of(pane: PollsPane, kind: type[Any]) -> Any:
    """Return the dialog that is open."""
    return next(each for each in pane.window().findChildren(kind) if each.isVisible())


def found(pane: PollsPane) -> DatePollDetail:
    shown = pane._found
    assert shown is not None
    return shown


@pytest.fixture
def drafted(pane: PollsPane) -> PollsPane:
    """A poll of two dates, made in the dialogs."""
    pane.add.click()
    dialog = dialog_of(pane, FormDialog)
    fill(
        dialog, title="WP1 call", zone="Europe/Lisbon", until_day=date(2099, 3, 9), days="7, 2",
        description="Sensors.",
    )  # fmt: skip
    dialog.submit()
    for day, hour in ((24, 10), (26, 14)):
        pane.add_date.click()
        asked = dialog_of(pane, FormDialog)
        fill(asked, day=date(2099, 3, day), time=time(hour))
        asked.submit()
    return pane


def open_it(pane: PollsPane) -> None:
    dialog = pane.ask_open()
    assert dialog is not None
    dialog.buttons.itemAt(dialog.buttons.count() - 1).widget().click()


def test_a_poll_is_made_with_its_dates_and_voters(drafted: PollsPane) -> None:
    poll = found(drafted).poll
    assert (poll.title, poll.state, poll.reminder_days) == ("WP1 call", PollState.DRAFT, (7, 2))
    assert poll.deadline == datetime(2099, 3, 9, 23, 59, 59, tzinfo=UTC)
    assert [option.starts_at.hour for option in found(drafted).options] == [10, 14]
    assert poll.voters == 2
    assert not drafted.close_poll.isVisible()
    assert drafted.open_poll.isEnabled()
    columns = [column.title for column in drafted.answers.columns]
    assert any(title.startswith("Tue 24") for title in columns), columns


@pytest.mark.full
def test_days_of_reminders_are_numbers(pane: PollsPane) -> None:
    pane.add.click()
    dialog = dialog_of(pane, FormDialog)
    fill(dialog, title="WP1 call", days="a week")
    dialog.submit()
    assert dialog.isVisible()
    assert pane.polls.rows == ()


def test_opening_offers_to_write_to_each_voter(drafted: PollsPane) -> None:
    open_it(drafted)
    assert found(drafted).poll.state is PollState.OPEN
    dialog = dialog_of(drafted, LettersDialog)
    assert not dialog.action.isEnabled(), "no mail account is set up"
    assert len(dialog._letters.links) == 2
    dialog._copy(dialog._letters.links[0])
    assert "https://x.example/d/" in QGuiApplication.clipboard().text()
    assert found(drafted).voters[0].reminded_at is None, "asking is no reminder"


def letters(pane: PollsPane) -> LettersDialog:
    """Offer to write to all, and return the dialog."""
    for each in pane.window().findChildren(LettersDialog):
        each.close()
    pane.write.click()
    dialog: LettersDialog = dialog_of(pane, LettersDialog)
    return dialog


@pytest.mark.full
def test_who_was_asked_by_mail_is_asked_again_only_when_that_is_ticked(
    drafted: PollsPane, instant: InstantSession, desks: Desks
) -> None:
    server = MailServer(host="mail.example.org", port=587)
    account = MailAccount(address="ada@example.org", name="Ada", smtp=server)
    mail_accounts.save(instant.workspace.data, account)
    desks.server = "http://127.0.0.1:8080"
    open_it(drafted)
    dialog = letters(drafted)
    mails = len(dialog._letters.mails)
    assert mails > 0
    assert not dialog.action.isEnabled(), "nobody elsewhere can open these links"
    dialog.anyway.setChecked(True)
    assert dialog.action.isEnabled()
    assert dialog.again.isHidden()
    desks.server = "https://x.example"
    dialog = letters(drafted)
    assert dialog.anyway.isHidden()
    dialog.action.click()
    assert not dialog.isVisible(), "they are in the outbox"
    dialog = letters(drafted)
    assert len(dialog._letters.asked) == mails
    assert not dialog.action.isEnabled()
    dialog.again.setChecked(True)
    assert dialog.action.isEnabled()


@pytest.mark.full
def test_links_that_cannot_be_sent_yet_are_told(drafted: PollsPane, desks: Desks) -> None:
    desks.error = EnvironmentFailure("host_unreachable", "Silence.")
    open_it(drafted)
    assert "Silence." in drafted.news.words


def test_answers_are_entered_in_the_matrix_and_taken_back(
    drafted: PollsPane, instant: InstantSession
) -> None:
    voter = found(drafted).voters[0]
    table = drafted.answers
    dates = [column for column in table.columns if column.field and len(column.field.name) == 32]
    table.edited.emit(voter, dates[0].field, DateChoice.YES)
    assert found(drafted).voters[0].choices == {drafted.answers.dates[0]: DateChoice.YES}
    assert dates[0].text(found(drafted).voters[0]) == "\N{CHECK MARK} Yes", "not by colour alone"
    commands.undo(instant.workspace)
    assert found(drafted).voters[0].choices == {}
    required = next(c for c in table.columns if c.field and c.field.name == "required")
    table.edited.emit(found(drafted).voters[0], required.field, False)
    assert {voter.required for voter in found(drafted).voters} == {True, False}


def test_the_chosen_date_becomes_a_meeting(drafted: PollsPane, instant: InstantSession) -> None:
    open_it(drafted)
    drafted.dates.select(found(drafted).options[1].id)
    drafted.ask_close()
    dialog = dialog_of(drafted, Dialog)
    for each in drafted.window().findChildren(Dialog):
        if each.isVisible() and not isinstance(each, LettersDialog):
            dialog = each
    dialog.buttons.itemAt(dialog.buttons.count() - 1).widget().click()
    poll = found(drafted).poll
    assert poll.state is PollState.DECIDED
    assert poll.meeting_id is not None
    meeting = queries.meeting(instant.workspace, poll.meeting_id)
    assert meeting.local_start == datetime(2099, 3, 26, 14)  # noqa: DTZ001 - local times are naive
    went: list[Any] = []
    drafted.go.connect(went.append)
    drafted.meeting.click()
    assert went[0].id == poll.meeting_id
    commands.undo(instant.workspace)
    assert found(drafted).poll.state is PollState.OPEN


@pytest.mark.full
@pytest.mark.parametrize("tells", [True, False])
def test_who_was_asked_may_be_told_that_a_poll_is_called_off(
    drafted: PollsPane, instant: InstantSession, tells: bool
) -> None:
    open_it(drafted)
    poll = found(drafted)
    commands.remind_voters(instant.workspace, [voter.id for voter in poll.voters])
    asked: list[bool] = []
    dialog = dialogs.ask_calling_off(
        drafted.window(), found(drafted), can_send=True, cancel=asked.append
    )
    (box,) = dialog.findChildren(QCheckBox)
    box.setChecked(tells)
    dialog.buttons.itemAt(dialog.buttons.count() - 1).widget().click()
    assert asked == [tells]
    drafted.presenter.cancel(poll.poll, tell=False)
    assert found(drafted).poll.state is PollState.CANCELLED
    commands.undo(instant.workspace)
    assert found(drafted).poll.state is PollState.OPEN


@pytest.mark.full
def test_times_of_the_slot_finder_become_a_poll(pane: PollsPane, sample: Sample) -> None:
    people = [row.id for row in queries.people(pane.presenter._session.workspace, sample.project)]  # type: ignore[attr-defined]
    starts = (datetime(2099, 3, 24, 9, tzinfo=UTC), datetime(2099, 3, 25, 9, tzinfo=UTC))
    pane.take_slots(
        ChosenSlots(sample.project, "Asia/Seoul", 45, starts, (people[0],), (people[1],))
    )
    shown = found(pane)
    assert [option.starts_at for option in shown.options] == list(starts)
    assert shown.options[0].local_start.hour == 18
    assert {voter.person_id: voter.required for voter in shown.voters} == {
        people[0]: True, people[1]: False
    }  # fmt: skip
    assert shown.poll.duration_minutes == 45


@pytest.mark.full
def test_a_poll_that_is_asked_for_is_shown_and_the_list_goes_on(
    drafted: PollsPane, sample: Sample, instant: InstantSession
) -> None:
    first = found(drafted).poll.id
    second, _ = commands.create_poll(instant.workspace, sample.project, "Second", "UTC")
    drafted.select_poll(second)
    assert found(drafted).poll.title == "Second"
    drafted.polls.select(first)
    assert found(drafted).poll.id == first
    drafted.presenter.delete(found(drafted).poll)
    assert found(drafted).poll.id == second, "what is left is shown"
    commands.undo(instant.workspace)
    assert {row.id for row in drafted.polls.rows} == {first, second}
