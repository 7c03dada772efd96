"""Send invitations, their updates and cancellations; or write them to files for a mail program.

What was sent cannot be undone; it is corrected by sending again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import Invitation, InvitationAnswer
from projectdesk.domain.rules.invitation_changes import Telling, changes
from projectdesk.errors import DomainError
from projectdesk.mail.address import Mailbox
from projectdesk.mail.message import InlineImage, as_bytes, as_unsent
from projectdesk.services import outbox
from projectdesk.services.inviting.composing import Composed, Sending, compose_for
from projectdesk.services.inviting.logo import find_logo
from projectdesk.services.inviting.planning import InvitationPlan, InviteeLine, read_plan
from projectdesk.services.inviting.public_links import check_links
from projectdesk.services.inviting.told import Told, keep_told
from projectdesk.services.mail_files import writing_into
from projectdesk.services.queries.meetings import agenda, organiser
from projectdesk.services.rows import AgendaItemRow, Changes
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

INVITATION: Final = "invitation"
"""What these mails are for, in the outbox."""
_Deliver = Callable[[Unit, InvitationPlan, tuple[Composed, ...]], None]
_TIMES: Final = frozenset({"starts_at", "local_start", "zone", "duration_minutes"})


@dataclass(frozen=True)
class Request:
    """What is to be sent.

    sender: whose mail it is. links: personal links by invitation. note: the organiser's own words.
    chosen: ids of people, None = all who get something. again: also who has it already gets it
    once more, unchanged. cancel: the meeting is cancelled with this.
    """

    sender: Mailbox
    links: Mapping[UUID, str]
    note: str = ""
    chosen: Collection[UUID] | None = None
    again: bool = False
    cancel: bool = False


def compose_invitations(
    workspace: Workspace, meeting_id: UUID, request: Request
) -> tuple[Composed, ...]:
    """Return the mails as they would be sent now; nothing is changed.

    Raises:
        NotFound: no such meeting.
        DomainError: `bad_email`, an address is none.
    """
    items, by = agenda(workspace, meeting_id), _organiser(workspace, meeting_id)
    with workspace.read() as session:
        plan = _plan(session, meeting_id, request)
        logo = find_logo(session, workspace.data, plan.subject.project_id)
        return _compose(plan, request, _sending(plan, request, by, items, logo, workspace.now()))


def send_invitations(
    workspace: Workspace, meeting_id: UUID, request: Request, *, anyway: bool = False
) -> tuple[tuple[Composed, ...], Changes]:
    """Put the mails into the outbox, and keep what everybody was told, as one change.

    Args:
        workspace: the open data.
        meeting_id: which meeting.
        request: what is sent, to whom.
        anyway: also with links that only this computer or its network can open.

    Raises:
        NotFound: no such meeting.
        DomainError: `link_not_public`; `nothing_to_send`; `bad_email`. Nothing was sent.
    """
    _check_links(request, anyway=anyway)

    def queue(unit: Unit, plan: InvitationPlan, made: tuple[Composed, ...]) -> None:
        queue_all(unit, plan, made, anyway=anyway)

    return _tell(workspace, meeting_id, request, queue)


def save_invitations(
    workspace: Workspace,
    meeting_id: UUID,
    request: Request,
    folder: Path,
    *,
    anyway: bool = False,
) -> tuple[tuple[Composed, ...], list[Path], Changes]:
    """Write the mails to a folder, for a mail program to send, and count them as sent.

    Raises:
        NotFound: no such meeting.
        DomainError: `link_not_public`; `nothing_to_send`; `bad_email`.
        EnvironmentFailure: `folder_unusable`; nothing counts as sent then.
    """
    _check_links(request, anyway=anyway)
    paths: list[Path] = []

    def write(_unit: Unit, _plan: InvitationPlan, made: tuple[Composed, ...]) -> None:
        paths.extend(write_files(made, folder))

    composed, changed = _tell(workspace, meeting_id, request, write)
    return composed, paths, changed


def write_files(composed: Collection[Composed], folder: Path) -> list[Path]:
    """Write each mail as .eml, ready to be sent by hand, with its calendar object beside it.

    Returns:
        The .eml files, in the order of `composed`.

    Raises:
        EnvironmentFailure: `folder_unusable`.
    """
    written = []
    with writing_into(folder):
        for number, each in enumerate(composed, 1):
            name = f"{number:02} {_file_name(each.line)}"
            path = folder / f"{name}.eml"
            path.write_bytes(as_unsent(as_bytes(each.message)))
            path.with_suffix(".ics").write_bytes(each.calendar)
            written.append(path)
    return written


# --- inside ---------------------------------------------------------------------------------------


def _check_links(request: Request, *, anyway: bool) -> None:
    """Refuse links that guests elsewhere cannot open; a cancellation has none."""
    if not (anyway or request.cancel):
        check_links(request.links)


def _plan(session: Session, meeting_id: UUID, request: Request) -> InvitationPlan:
    return read_plan(
        session, meeting_id, request.sender.address, cancel=request.cancel, links=request.links
    )


def _organiser(workspace: Workspace, meeting_id: UUID) -> str:
    with workspace.read() as session:
        project_id = session.scalar(
            select(schema.meeting.c.project_id).where(schema.meeting.c.id == meeting_id)
        )
    return organiser(workspace, project_id) if project_id is not None else ""


def _chosen(plan: InvitationPlan, request: Request) -> tuple[InviteeLine, ...]:
    lines = plan.lines
    if request.again:
        lines = tuple(_once_more(line) for line in lines)
    return tuple(
        line
        for line in lines
        if line.goes_out and (request.chosen is None or line.id in request.chosen)
    )


def _once_more(line: InviteeLine) -> InviteeLine:
    """Return the line of somebody who knows already as one who gets the same again."""
    told = line.told
    if line.telling is Telling.NOTHING and told is not None and not changes(told.facts, line.now):
        return line if told.cancelled else replace(line, telling=Telling.NEW)
    return line


def _sending(
    plan: InvitationPlan,
    request: Request,
    by: str,
    items: Sequence[AgendaItemRow],
    logo: InlineImage | None,
    now: datetime,
) -> Sending:
    return Sending(
        sender=request.sender,
        organiser=by,
        links=request.links,
        agenda=items,
        logo=logo,
        note=request.note.strip(),
        sequence=plan.sequence_for(_chosen(plan, request)),
        now=now,
    )


def _compose(plan: InvitationPlan, request: Request, sending: Sending) -> tuple[Composed, ...]:
    chosen = _chosen(plan, request)
    return tuple(compose_for(plan, line, sending, new_id()) for line in chosen)


def _tell(
    workspace: Workspace, meeting_id: UUID, request: Request, deliver: _Deliver
) -> tuple[tuple[Composed, ...], Changes]:
    items, by = agenda(workspace, meeting_id), _organiser(workspace, meeting_id)
    with workspace.change("Send invitations", undoable=False, in_turn=True) as unit:
        plan = _plan(unit.session, meeting_id, request)
        logo = find_logo(unit.session, workspace.data, plan.subject.project_id)
        sending = _sending(plan, request, by, items, logo, unit.now)
        composed = _compose(plan, request, sending)
        meeting = plan.subject.meeting
        if meeting.state is not plan.subject.state:
            meeting.state = plan.subject.state
        elif not composed:
            raise DomainError(
                "nothing_to_send",
                "Everybody who can be written to knows it. Nothing was sent.",
            )
        unit.label = _label(plan, composed, cancelled=request.cancel)
        since = moved_at(unit, meeting_id)
        for each in composed:
            _mark(unit, plan, each, sending.sequence, since)
        meeting.sequence = sending.sequence
        if composed and meeting.invited_at is None:
            meeting.invited_at = unit.now
        deliver(unit, plan, composed)
    return composed, unit.changes


def queue_all(
    unit: Unit, plan: InvitationPlan, composed: tuple[Composed, ...], *, anyway: bool
) -> None:
    """Put mails into the outbox. anyway: also those whose links only this network opens."""
    for each in composed:
        outbox.queue(
            unit,
            purpose=INVITATION,
            recipient=each.line.email,
            message=each.message,
            project_id=plan.subject.project_id,
            meeting_id=plan.subject.meeting.id,
            person_id=each.line.id,
            record_id=each.line.invitation_id,
            private_links=anyway,
        )


def _mark(
    unit: Unit, plan: InvitationPlan, each: Composed, sequence: int, since: datetime | None
) -> None:
    """Keep what one person is told by this mail."""
    line, told = each.line, each.line.told
    invitation = None
    if line.invitation_id is not None:
        invitation = unit.get(Invitation, line.invitation_id)
        invitation.sent_at, invitation.sent_sequence = unit.now, sequence
        if line.asks_again and is_answer_before(invitation, since, told):
            forget_answer(invitation)
    asks = told is None or line.asks_again
    keep_told(
        unit.session,
        Told(
            subject_id=plan.subject.id,
            person_id=line.id,
            invitation_id=line.invitation_id or (told.invitation_id if told else line.id),
            uid=plan.subject.uid,
            recurrence=plan.subject.recurrence,
            address=line.email,
            sequence=sequence,
            asked_sequence=sequence if asks else (told.asked_sequence if told else sequence),
            cancelled=line.telling is Telling.CANCEL,
            facts=line.now if line.telling is not Telling.CANCEL or told is None else told.facts,
            sent_at=unit.now,
            replied=told.replied if told is not None else None,
            proposal=told.proposal if told is not None and not asks else None,
        ),
    )


def forget_answer(invitation: Invitation) -> None:
    """Ask anew: an answer to another time says nothing."""
    invitation.answer, invitation.answered_at = InvitationAnswer.NONE, None
    invitation.comment = ""


def is_answer_before(invitation: Invitation, since: datetime | None, told: Told | None) -> bool:
    """Return whether an answer was given before the meeting got the time that it has now.

    Args:
        invitation: whose answer.
        since: when its time was changed, None = never.
        told: what they were told last; without a change, what came after that counts.
    """
    since = since or (told.sent_at if told is not None else None)
    return (
        invitation.answered_at is not None and since is not None and invitation.answered_at < since
    )


def moved_at(unit: Unit, meeting_id: UUID) -> datetime | None:
    """Return when the time or length of a meeting was changed last, None = never."""
    history = schema.history.c
    query = (
        select(history.at, history.before)
        .where(history.record_id == meeting_id, history.operation == "update")
        .order_by(history.change_id.desc())
    )
    for row in unit.session.execute(query):
        if _TIMES & set(row.before or ()):
            at: datetime = row.at
            return at
    return None


def _label(plan: InvitationPlan, composed: tuple[Composed, ...], *, cancelled: bool) -> str:
    title = plan.subject.meeting.title
    if cancelled:
        return f"Cancel {title}"
    count = len(composed)
    kinds = {each.line.telling for each in composed}
    if kinds == {Telling.CANCEL}:
        what = "cancellation" if count == 1 else "cancellations"
    elif kinds == {Telling.UPDATE}:
        what = "update" if count == 1 else "updates"
    else:
        what = "invitation" if count == 1 else "invitations"
    return f"Send {count} {what} to {title}"


def _file_name(line: InviteeLine) -> str:
    kept = "".join(c if c.isalnum() or c in " -" else " " for c in line.name)
    return " ".join(kept.split())[:60] or "invitee"
