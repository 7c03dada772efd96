"""Invitations by mail: who gets what, what the calendar object says, what is never said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from projectdesk.domain.meetings import (
    AgendaItem,
    CallRole,
    Invitation,
    InvitationAnswer,
    MeetingState,
)
from projectdesk.domain.rules.invitation_changes import Change, Telling
from projectdesk.errors import DomainError
from projectdesk.mail.address import Mailbox
from projectdesk.mail.message import parse
from projectdesk.services import commands, queries
from projectdesk.services.commands import inviting
from projectdesk.services.commands.inviting import Request
from projectdesk.services.hosting import personal_links
from projectdesk.services.inviting.composing import Composed
from projectdesk.services.inviting.planning import InviteeLine, plan_invitations
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from tests.unit.meetings.conftest import LOCAL, Clock, Consortium
from tests.unit.meetings.itip import calendar_of, checked, start_of

SENDER = Mailbox("maya@example.org", "Maya Test")


def request(workspace: Workspace, meeting_id: UUID, **more: Any) -> Request:
    links = personal_links(workspace, meeting_id, "https://meet.example.org")
    return Request(SENDER, {link.invitation_id: link.url for link in links}, **more)


def send(workspace: Workspace, meeting_id: UUID, **more: Any) -> tuple[Composed, ...]:
    composed, _ = inviting.send_invitations(
        workspace, meeting_id, request(workspace, meeting_id, **more)
    )
    return composed


def lines(workspace: Workspace, meeting_id: UUID) -> dict[str, InviteeLine]:
    plan = plan_invitations(workspace, meeting_id, SENDER.address)
    return {line.name.split()[0]: line for line in plan.lines}


def mails(workspace: Workspace) -> list[EmailMessage]:
    table = schema.outgoing_mail
    with workspace.read() as session:
        rows = session.scalars(select(table.c.content).order_by(table.c.id)).all()
    return [parse(row) for row in rows]


def change(workspace: Workspace, meeting_id: UUID, **values: object) -> None:
    row = queries.meeting(workspace, meeting_id)
    commands.set_fields(workspace, Kind.MEETING, meeting_id, row.version, values)


def answer(workspace: Workspace, meeting_id: UUID, name: str, said: InvitationAnswer) -> None:
    line = lines(workspace, meeting_id)[name]
    assert line.invitation_id is not None
    with workspace.change("Answer", undoable=False) as unit:
        invitation = unit.get(Invitation, line.invitation_id)
        invitation.answer, invitation.answered_at = said, unit.now


def said(workspace: Workspace, meeting_id: UUID, name: str) -> InvitationAnswer:
    return lines(workspace, meeting_id)[name].answer


def test_everybody_gets_one_mail_and_sees_nobody_else(workspace: Workspace, kick_off: UUID) -> None:
    composed = send(workspace, kick_off)
    sent = mails(workspace)
    assert [str(m["To"]) for m in sent] == [str(c.message["To"]) for c in composed]
    everybody = {line.email for line in lines(workspace, kick_off).values()} - {SENDER.address}
    assert len(sent) == len(everybody) > 2
    for mail, made in zip(sent, composed, strict=True):
        whole = mail.as_bytes() + made.text.encode() + made.calendar
        for part in mail.walk():
            if not part.is_multipart():
                whole += bytes(part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
        others = everybody - {made.line.email}
        assert not [address for address in others if address.encode() in whole]
        assert mail["Cc"] is None
        assert mail["Bcc"] is None


@pytest.mark.full
def test_the_organiser_gets_no_invitation_to_their_own_meeting(
    workspace: Workspace, kick_off: UUID
) -> None:
    assert lines(workspace, kick_off)["Maya"].problem == "organiser"
    assert SENDER.address not in {c.line.email for c in send(workspace, kick_off)}


def test_a_request_says_when_where_and_by_which_link(workspace: Workspace, kick_off: UUID) -> None:
    items = queries.agenda(workspace, kick_off)
    with workspace.change("Sections") as unit:
        for item in items:
            unit.get(AgendaItem, item.id).section = "Beginning" if item is items[0] else "Work"
    composed = {c.line.name.split()[0]: c for c in send(workspace, kick_off)}
    kiri = composed["Kiri"]
    calendar = checked(calendar_of(kiri.message))
    event = calendar.vevent
    assert calendar.method.value == "REQUEST"
    assert start_of(event).astimezone(UTC) == datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    assert event.uid.value == f"{kick_off.hex}@projectdesk"
    assert event.sequence.value == "0"
    assert event.attendee.value == "mailto:kiri@example.org"
    assert event.url.value.startswith("https://meet.example.org/r/")
    links = {c.text.split("https://")[1].split()[0] for c in composed.values()}
    assert len(links) == len(composed)  # each their own
    # Their own zone first, with its distance to UTC, and the others below.
    assert "Tuesday 10 March 2026, 22:00 – " in kiri.text
    assert "Auckland (UTC+13)" in kiri.text
    assert "Copenhagen (UTC+1)" in kiri.text
    assert "Lisbon (UTC)" in kiri.text
    assert "/check#" in kiri.text
    assert kiri.text.startswith("Dear Kiri Test,\n\nYou are invited to this meeting.\n")
    assert kiri.text.count("\n  Beginning\n") == kiri.text.count("\n  Work\n") == 1
    assert f"  22:00  1. {items[0].title}" in kiri.text
    numbered = [item for item in items if item.label]
    page = next(p for p in kiri.message.walk() if p.get_content_type() == "text/html").get_content()
    assert f">{numbered[-1].label}. {escape(numbered[-1].title)}" in page
    assert page.count(">Work</td>") == 1


def test_the_page_holds_nothing_of_the_network_and_escapes_what_was_typed(
    workspace: Workspace, kick_off: UUID
) -> None:
    change(workspace, kick_off, title='Kick-off <script>alert("1")</script> & more')
    made = send(workspace, kick_off)[0]
    page = next(p for p in made.message.walk() if p.get_content_type() == "text/html").get_content()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    for remote in ('src="http', "url(http", "<link", "@import", "background="):
        assert remote not in page


@pytest.mark.full
def test_nothing_is_sent_to_who_knows_already(workspace: Workspace, kick_off: UUID) -> None:
    send(workspace, kick_off)
    assert not [line for line in lines(workspace, kick_off).values() if line.goes_out]
    with pytest.raises(DomainError) as refused:
        send(workspace, kick_off)
    assert refused.value.code == "nothing_to_send"
    again = send(workspace, kick_off, again=True)
    assert {checked(c.calendar).vevent.sequence.value for c in again} == {"0"}


def test_what_has_changed_is_said_and_the_sequence_raised(
    workspace: Workspace, kick_off: UUID
) -> None:
    send(workspace, kick_off)
    change(workspace, kick_off, local_start=datetime.fromisoformat("2026-03-11T14:00"))
    change(workspace, kick_off, title="Kick-off, moved", place="Copenhagen, room 4")
    found = lines(workspace, kick_off)["Kiri"]
    assert found.telling is Telling.UPDATE
    assert found.changes == (Change.TIME, Change.TITLE, Change.PLACE)
    composed = {c.line.name.split()[0]: c for c in send(workspace, kick_off)}
    kiri = composed["Kiri"]
    event = checked(kiri.calendar).vevent
    assert event.sequence.value == "1"
    assert start_of(event).astimezone(UTC) == datetime(2026, 3, 11, 13, 0, tzinfo=UTC)
    assert "Time: Tuesday 10 March 2026, 22:00 Auckland" in kiri.text
    assert "->  Thursday 12 March 2026, 02:00 Auckland" in kiri.text
    assert "Copenhagen, room 4" in kiri.text
    assert kiri.subject.startswith("Changed: ")


@pytest.mark.full
def test_several_edits_before_the_sending_raise_the_sequence_once(
    workspace: Workspace, kick_off: UUID
) -> None:
    send(workspace, kick_off)
    for hour in (11, 12, 13):
        change(workspace, kick_off, local_start=LOCAL.replace(hour=hour))
    assert checked(send(workspace, kick_off)[0].calendar).vevent.sequence.value == "1"


@pytest.mark.full
def test_an_edit_taken_back_needs_no_update(workspace: Workspace, kick_off: UUID) -> None:
    send(workspace, kick_off)
    change(workspace, kick_off, local_start=LOCAL.replace(hour=12))
    change(workspace, kick_off, local_start=LOCAL)
    assert not [line for line in lines(workspace, kick_off).values() if line.goes_out]


@pytest.mark.full
def test_another_time_asks_again_another_title_does_not(
    workspace: Workspace, clock: Clock, kick_off: UUID
) -> None:
    send(workspace, kick_off)
    clock.advance(hours=1)
    answer(workspace, kick_off, "Kiri", InvitationAnswer.ACCEPTED)
    change(workspace, kick_off, title="Kick-off of TIDE")
    clock.advance(hours=1)
    made = {c.line.name.split()[0]: c for c in send(workspace, kick_off)}["Kiri"]
    assert said(workspace, kick_off, "Kiri") is InvitationAnswer.ACCEPTED
    assert checked(made.calendar).vevent.attendee.params["PARTSTAT"] == ["ACCEPTED"]
    change(workspace, kick_off, duration_minutes=45)
    clock.advance(hours=1)
    made = {c.line.name.split()[0]: c for c in send(workspace, kick_off)}["Kiri"]
    assert said(workspace, kick_off, "Kiri") is InvitationAnswer.NONE
    assert "Please answer again" in made.text
    assert checked(made.calendar).vevent.attendee.params["PARTSTAT"] == ["NEEDS-ACTION"]


@pytest.mark.full
def test_an_answer_that_was_given_to_the_new_time_stays(
    workspace: Workspace, clock: Clock, kick_off: UUID
) -> None:
    send(workspace, kick_off)
    clock.advance(hours=1)
    change(workspace, kick_off, duration_minutes=45)
    clock.advance(hours=1)
    answer(workspace, kick_off, "Kiri", InvitationAnswer.ACCEPTED)  # the page showed the new time
    clock.advance(hours=1)
    send(workspace, kick_off)
    assert said(workspace, kick_off, "Kiri") is InvitationAnswer.ACCEPTED


@pytest.mark.full
def test_a_new_invitee_raises_nothing_and_the_others_get_nothing(
    workspace: Workspace, consortium: Consortium, kick_off: UUID
) -> None:
    petra = consortium.people["Petra"]
    send(workspace, kick_off)
    commands.invite(workspace, kick_off, petra, CallRole.OBSERVER)
    composed = send(workspace, kick_off)
    assert [c.line.id for c in composed] == [petra]
    assert checked(composed[0].calendar).vevent.sequence.value == "0"
    assert not composed[0].line.zone_known  # the meeting's zone stands in


def test_a_cancelled_meeting_is_cancelled_for_those_who_were_invited(
    workspace: Workspace, consortium: Consortium, kick_off: UUID
) -> None:
    send(workspace, kick_off, chosen=[consortium.people["Kiri"], consortium.people["Rui"]])
    change(workspace, kick_off, state=MeetingState.CANCELLED)
    composed = send(workspace, kick_off)
    assert {c.line.id for c in composed} == {consortium.people["Kiri"], consortium.people["Rui"]}
    for made in composed:
        calendar = checked(calendar_of(made.message))
        assert calendar.method.value == "CANCEL"
        assert calendar.vevent.sequence.value == "1"
        assert "/r/" not in made.text
    assert not [line for line in lines(workspace, kick_off).values() if line.goes_out]
    change(workspace, kick_off, state=MeetingState.PLANNED)
    revived = {c.line.name.split()[0]: c for c in send(workspace, kick_off)}["Kiri"]
    assert revived.subject.startswith("Invitation again: ")
    assert checked(revived.calendar).vevent.sequence.value == "2"


@pytest.mark.full
def test_who_is_removed_is_told_and_not_when_invited_again(
    workspace: Workspace, consortium: Consortium, kick_off: UUID
) -> None:
    send(workspace, kick_off)
    kiri = next(r for r in queries.invitations(workspace, kick_off) if r.name.startswith("Kiri"))
    commands.delete(workspace, Kind.INVITATION, kiri.id, kiri.version)
    found = lines(workspace, kick_off)["Kiri"]
    assert found.telling is Telling.CANCEL
    assert found.removed
    commands.undo(workspace)
    assert lines(workspace, kick_off)["Kiri"].telling is Telling.NOTHING
    commands.redo(workspace)
    made = send(workspace, kick_off)
    assert [c.line.id for c in made] == [consortium.people["Kiri"]]
    assert checked(made[0].calendar).method.value == "CANCEL"
    assert "no longer expected" in made[0].text
    commands.invite(workspace, kick_off, kiri.person_id, CallRole.PARTICIPANT)
    again = send(workspace, kick_off)
    assert checked(again[0].calendar).vevent.sequence.value == "2"


def test_links_that_only_this_computer_opens_are_not_mailed_unless_told(
    workspace: Workspace, kick_off: UUID
) -> None:
    for base in ("http://127.0.0.1:20001", "https://192.168.1.20:8443", "http://localhost:8080"):
        links = personal_links(workspace, kick_off, base)
        local = Request(SENDER, {link.invitation_id: link.url for link in links})
        with pytest.raises(DomainError) as refused:
            inviting.send_invitations(workspace, kick_off, local)
        assert refused.value.code == "link_not_public"
    assert mails(workspace) == []
    inviting.send_invitations(workspace, kick_off, local, anyway=True)
    assert mails(workspace)


@pytest.mark.full
def test_who_prefers_german_is_written_german(
    workspace: Workspace, consortium: Consortium, kick_off: UUID
) -> None:
    row = next(p for p in queries.people(workspace) if p.id == consortium.people["Ole"])
    commands.set_fields(
        workspace, Kind.PERSON, row.id, row.version, {"languages": ["sv", "de", "en"]}
    )
    made = {c.line.name.split()[0]: c for c in send(workspace, kick_off)}["Ole"]
    assert made.subject.startswith("Einladung: ")
    assert "Dienstag, 10. März 2026, 10:00" in made.text
    change(workspace, kick_off, title="Anders")
    made = {c.line.name.split()[0]: c for c in send(workspace, kick_off)}["Ole"]
    assert "\n\ndiese Besprechung hat sich geändert:" in made.text  # goes on after the comma
    page = next(p for p in made.message.walk() if p.get_content_type() == "text/html").get_content()
    assert ". Diese Besprechung hat sich geändert:</div>" in page


def test_files_are_ready_to_be_sent_and_count_as_sent(
    workspace: Workspace, kick_off: UUID, tmp_path: Path
) -> None:
    composed, paths, _ = inviting.save_invitations(
        workspace, kick_off, request(workspace, kick_off), tmp_path / "out"
    )
    assert len(paths) == len(composed) > 2
    for path, made in zip(paths, composed, strict=True):
        mail = parse(path.read_bytes())
        assert mail["X-Unsent"] == "1"
        assert path.with_suffix(".ics").read_bytes() == made.calendar
        checked(calendar_of(mail))
    assert mails(workspace) == []
    assert not [line for line in lines(workspace, kick_off).values() if line.goes_out]


def test_links_that_lead_elsewhere_by_now_are_told_to_those_who_have_the_earlier_ones(
    workspace: Workspace, kick_off: UUID
) -> None:
    first = send(workspace, kick_off)
    moved = personal_links(workspace, kick_off, "https://other.example.org")
    elsewhere = Request(SENDER, {link.invitation_id: link.url for link in moved})
    composed, _ = inviting.send_invitations(workspace, kick_off, elsewhere)
    assert {c.line.id for c in composed} == {c.line.id for c in first}
    assert {c.line.changes for c in composed} == {(Change.LINK,)}
    assert not any(line.goes_out for line in lines(workspace, kick_off).values())
    with pytest.raises(DomainError) as refused:
        inviting.send_invitations(workspace, kick_off, elsewhere)
    assert refused.value.code == "nothing_to_send"


@pytest.mark.full
def test_a_folder_that_cannot_be_written_leaves_everything_as_it_was(
    workspace: Workspace, kick_off: UUID, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(Exception, match="Nothing can be written") as refused:
        inviting.save_invitations(workspace, kick_off, request(workspace, kick_off), blocked)
    assert getattr(refused.value, "code", "") == "folder_unusable"
    assert lines(workspace, kick_off)["Kiri"].telling is Telling.NEW


@pytest.mark.full
def test_a_preview_changes_nothing(workspace: Workspace, kick_off: UUID) -> None:
    before = queries.meeting(workspace, kick_off)
    assert inviting.compose_invitations(workspace, kick_off, request(workspace, kick_off))
    assert queries.meeting(workspace, kick_off) == before
    assert mails(workspace) == []


@pytest.mark.full
def test_the_project_s_logo_is_inside_every_mail(
    workspace: Workspace, consortium: Consortium, kick_off: UUID, tmp_path: Path
) -> None:
    picture = tmp_path / "TIDE logo.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    commands.attach_documents(workspace, Kind.PROJECT, consortium.project, [picture])
    made = send(workspace, kick_off)[0]
    images = [p for p in made.message.walk() if p.get_content_type() == "image/png"]
    assert [p["Content-ID"] for p in images] == ["<logo>"]
    assert images[0].get_payload(decode=True) == picture.read_bytes()


@pytest.mark.full
def test_a_meeting_across_the_change_of_the_clock_has_its_true_length(
    workspace: Workspace, plan: Callable[..., UUID]
) -> None:
    meeting = plan(local_start=datetime.fromisoformat("2026-03-29T01:00"), duration_minutes=180)
    made = send(workspace, meeting)[0]
    event = checked(made.calendar).vevent
    assert event.dtend.value - event.dtstart.value.astimezone(UTC) == timedelta(minutes=180)
    ole = {c.line.name.split()[0]: c for c in send(workspace, meeting, again=True)}["Ole"]
    assert "01:00 – 05:00" in ole.text  # the clock skips 02:00 to 03:00
