"""Invitations on the desktop, shown before they are sent; series made, changed and extended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from sqlalchemy import func, select

from projectdesk.desktop.pages.meeting.invitees import InviteesPane
from projectdesk.desktop.pages.meeting.inviting_dialog import InvitingDialog, telling_words, why
from projectdesk.desktop.pages.meeting.series_dialogs import RepeatDialog, ask_change, ask_extend
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.preparation import MeetingSeries
from projectdesk.domain.rules.invitation_changes import Proposal
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import commands, mail_accounts, queries
from projectdesk.services.commands.inviting import Request, save_invitations
from projectdesk.services.commands.series import Scope
from projectdesk.services.hosting import personal_links
from projectdesk.services.inviting.planning import plan_invitations
from projectdesk.services.inviting.sender import sender_of
from projectdesk.services.inviting.told import keep_reply
from projectdesk.services.rows import Kind, MeetingRow
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from tests.unit.desktop.conftest import NOW, InstantSession

SERVER = "https://meet.example.org"


@pytest.fixture
def account(workspace: Workspace) -> None:
    server = MailServer("smtp.example.org", 587)
    mail_accounts.save(workspace.data, MailAccount("ada@example.org", "Ada", smtp=server))


@pytest.fixture
def open_dialog(
    qtbot: Any, dressed: object, instant: InstantSession, workspace: Workspace
) -> Callable[..., InvitingDialog]:
    """Return a function that opens the dialog of a meeting, with links to a host."""
    parent = QWidget()
    qtbot.addWidget(parent)

    def opened(row: MeetingRow, base: str = SERVER, **more: Any) -> InvitingDialog:
        def links(meeting: UUID, then: Any, _failed: Any) -> None:
            made = personal_links(workspace, meeting, base)
            then({link.invitation_id: link.url for link in made})

        return InvitingDialog(parent, instant, links, row, **more)

    return opened


def queued(workspace: Workspace) -> int:
    with workspace.read() as session:
        return session.scalar(select(func.count()).select_from(schema.outgoing_mail)) or 0


def invited(workspace: Workspace, meeting: UUID) -> MeetingRow:
    """Let the meeting be on a server; return it."""
    row = queries.meeting(workspace, meeting)
    commands.set_fields(workspace, Kind.MEETING, meeting, row.version, {"host": SERVER})
    return queries.meeting(workspace, meeting)


def test_who_gets_what_is_shown_before_it_is_sent(
    open_dialog: Any, account: None, workspace: Workspace, kick_off: UUID
) -> None:
    dialog = open_dialog(invited(workspace, kick_off))
    goes = [line for line in dialog.table.rows if line.goes_out]
    assert goes
    assert {telling_words(line) for line in goes} == {"Invitation"}
    assert dialog.action.text() == f"Send {len(goes)}"
    assert dialog.action.isEnabled()
    assert dialog.reach.words == ""
    assert f"{SERVER}/r/" in dialog.mail.toPlainText()
    assert dialog.subject.text().startswith("Invitation: ")
    assert queued(workspace) == 0
    dialog.action.click()
    assert queued(workspace) == len(goes)
    assert dialog.result() == dialog.DialogCode.Accepted


@pytest.mark.full
def test_who_is_left_out_gets_nothing_this_time(
    open_dialog: Any, account: None, workspace: Workspace, kick_off: UUID
) -> None:
    dialog = open_dialog(invited(workspace, kick_off))
    before = dialog.chosen()
    line = next(each for each in dialog.table.rows if each.id == before[0])
    dialog.leave_out([line])
    assert dialog.chosen() == before[1:]
    dialog.take_in([line])
    assert dialog.chosen() == before


@pytest.mark.full
def test_without_an_account_the_mails_are_written_to_files(
    open_dialog: Any,
    instant: InstantSession,
    workspace: Workspace,
    kick_off: UUID,
    tmp_path: Path,
) -> None:
    dialog = open_dialog(invited(workspace, kick_off))
    assert "No mail account" in dialog.account.words
    assert not dialog.action.isEnabled()
    assert dialog.files.isEnabled()
    assert dialog.mailto().startswith("mailto:")
    count = len(dialog.chosen())
    dialog.save_to(tmp_path / "mails")
    assert len(list((tmp_path / "mails").glob("*.eml"))) == count
    assert "written to mails" in instant.notices[-1].text


@pytest.mark.parametrize(
    ("base", "said"),
    [("http://127.0.0.1:20001", "nobody elsewhere"), ("https://192.168.1.9:8443", "network")],
)
def test_links_of_this_computer_are_sent_only_when_told(
    open_dialog: Any, account: None, workspace: Workspace, kick_off: UUID, base: str, said: str
) -> None:
    dialog = open_dialog(queries.meeting(workspace, kick_off), base)
    assert said in dialog.reach.words
    assert not dialog.action.isEnabled()
    dialog.anyway.setChecked(True)
    assert dialog.action.isEnabled()


@pytest.mark.full
def test_a_meeting_is_cancelled_with_its_cancellations(
    open_dialog: Any, account: None, workspace: Workspace, kick_off: UUID
) -> None:
    row = invited(workspace, kick_off)
    first = open_dialog(row)
    count = len(first.chosen())
    first.action.click()
    dialog = open_dialog(queries.meeting(workspace, kick_off), cancel=True)
    assert {telling_words(line) for line in dialog.table.rows if line.goes_out} == {"Cancellation"}
    assert dialog.action.text() == f"Cancel and send {count}"
    dialog.action.click()
    assert queries.meeting(workspace, kick_off).state is MeetingState.CANCELLED
    assert queued(workspace) == 2 * count


@pytest.mark.full
def test_why_somebody_gets_it_is_said(
    open_dialog: Any, account: None, workspace: Workspace, kick_off: UUID
) -> None:
    row = invited(workspace, kick_off)
    open_dialog(row).action.click()
    seen = queries.meeting(workspace, kick_off)
    values = {"local_start": seen.local_start + timedelta(hours=1), "title": "Another title"}
    commands.set_fields(workspace, Kind.MEETING, kick_off, seen.version, values)
    dialog = open_dialog(queries.meeting(workspace, kick_off))
    assert {why(line) for line in dialog.table.rows if line.goes_out} == {"Time, Title"}
    assert {telling_words(line) for line in dialog.table.rows if line.goes_out} == {"Update"}


@pytest.fixture
def window(qtbot: Any, dressed: object) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_a_meeting_is_repeated_after_a_look_at_its_dates(
    window: QWidget, instant: InstantSession, workspace: Workspace, kick_off: UUID
) -> None:
    row = queries.meeting(workspace, kick_off)
    dialog = RepeatDialog(window, instant, row)
    assert dialog.dates.count() == 6
    assert dialog.action.text() == "Plan 6 dates"
    assert dialog.words.text() == "Every week on Thursday"
    dialog.dates.item(2).setCheckState(Qt.CheckState.Unchecked)
    assert dialog.action.text() == "Plan 5 dates"
    dialog.action.click()
    rows = [each for each in queries.meetings(workspace) if each.series_id is not None]
    assert len(rows) == 5
    assert instant.notices[-1].text == "5 dates planned."
    assert instant.notices[-1].undo is not None


@pytest.mark.full
def test_a_series_is_changed_and_extended_from_one_of_its_meetings(
    window: QWidget, instant: InstantSession, workspace: Workspace, kick_off: UUID
) -> None:
    RepeatDialog(window, instant, queries.meeting(workspace, kick_off)).submit()
    rows = [each for each in queries.meetings(workspace) if each.series_id is not None]
    changing = ask_change(window, instant, rows[2])
    changing.form.rows["scope"].editor.set_value(Scope.FOLLOWING)
    changing.form.rows["duration_minutes"].editor.set_value(45)
    changing.submit()
    after = [each for each in queries.meetings(workspace) if each.series_id is not None]
    assert [each.duration_minutes == 45 for each in after] == [False, False, True, True, True, True]
    series = after[3].series_id
    assert series is not None
    extending = ask_extend(window, instant, series)
    extending.form.rows["more"].editor.set_value(3)
    extending.submit()
    assert len([each for each in queries.meetings(workspace) if each.series_id == series]) == 7
    with workspace.read() as session:
        assert session.get_one(MeetingSeries, series).rule.endswith("COUNT=7")


def test_the_button_says_what_is_still_to_be_told(
    qtbot: Any, dressed: object, instant: InstantSession, workspace: Workspace, kick_off: UUID
) -> None:
    choices = Choices(instant)
    pane = InviteesPane(instant, choices, lambda *_: None)
    qtbot.addWidget(pane)
    pane.presenter.activate()
    pane.open_meeting(kick_off)
    count = len(pane.table.rows) - 1  # who organises invites nobody to themselves
    assert pane.send.text() == f"Send invitations: {count}"
    save_invitations(
        workspace, kick_off, Request(sender_of(workspace, kick_off), {}), workspace.data / "out"
    )
    pane.presenter.reload()
    assert pane.send.text() == "Send invitations"
    row = queries.meeting(workspace, kick_off)
    commands.set_fields(workspace, Kind.MEETING, kick_off, row.version, {"title": "Other"})
    pane.presenter.reload()
    assert pane.send.text() == f"Send the change: {count}"
    pane.presenter.close()
    choices.close()


@pytest.mark.full
def test_a_proposal_is_taken_or_dismissed(
    qtbot: Any, dressed: object, instant: InstantSession, workspace: Workspace, kick_off: UUID
) -> None:
    save_invitations(
        workspace, kick_off, Request(sender_of(workspace, kick_off), {}), workspace.data / "out"
    )
    plan = plan_invitations(workspace, kick_off)
    told = next(line.told for line in plan.lines if line.told is not None)
    proposed = Proposal(NOW + timedelta(days=30), 45, NOW)
    with workspace.change("Propose", undoable=False) as unit:
        keep_reply(unit.session, told, (0, NOW), proposed)
    choices = Choices(instant)
    pane = InviteesPane(instant, choices, lambda *_: None)
    qtbot.addWidget(pane)
    pane.presenter.activate()
    pane.open_meeting(kick_off)
    row = next(each for each in pane.table.rows if each.proposal is not None)
    assert row.proposal == proposed
    pane.presenter.take_proposal(row)
    meeting = queries.meeting(workspace, kick_off)
    assert (meeting.starts_at, meeting.duration_minutes) == (NOW + timedelta(days=30), 45)
    pane.presenter.dismiss_proposals([row])
    assert not [each for each in queries.invitations(workspace, kick_off) if each.proposal]
    pane.presenter.close()
    choices.close()
