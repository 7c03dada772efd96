"""Circulating minutes: what they say is fixed, the window opens, everybody is written to (adr 86).

Each step is one change with its entry in the audit trail. What readers were sent is known outside,
so no step is undone (decisions 16): what was wrong is corrected by a new revision.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from projectdesk.domain.minutes import (
    Decision,
    DecisionState,
    Minutes,
    MinutesReader,
    MinutesState,
)
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.domain.rules.minutes_life import Bar, Step
from projectdesk.errors import DomainError
from projectdesk.mail.message import as_bytes, as_unsent
from projectdesk.services import audit, minutes_mail, outbox
from projectdesk.services.circulation_rows import CirculationOrder, MinutesLife, PlannedReader
from projectdesk.services.hosting import link_key
from projectdesk.services.inviting.public_links import check_links
from projectdesk.services.inviting.sender import check_can_send
from projectdesk.services.labels import name_of
from projectdesk.services.mail_files import check_folder, writing_into
from projectdesk.services.minutes_keys import minutes_host_key
from projectdesk.services.minutes_steps import (
    WHY_NOT,
    check_step,
    circulated_content,
    my_name,
    name_of_person,
    newest_minutes,
    titled,
)
from projectdesk.services.minutes_versions import (
    content_now,
    keep_version,
)
from projectdesk.services.notes import settle_notes
from projectdesk.services.numbers import reserve
from projectdesk.services.queries.minutes_life import circulation_plan, decisions_to_veto, life_of
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.typed_lines import step_draft
from projectdesk.services.unit_settings import keep
from projectdesk.services.workspace import Workspace


@dataclass(frozen=True)
class Circulated:
    """What came of circulating. queued: mails in the outbox. unmailed: who has no address."""

    minutes_id: UUID
    revision: int
    readers: int
    queued: int
    until: datetime
    unmailed: tuple[str, ...]


# --- circulating ----------------------------------------------------------------------------------


def circulate_minutes(
    workspace: Workspace, meeting_id: UUID, order: CirculationOrder
) -> tuple[Circulated, Changes]:
    """Circulate a meeting's newest minutes: fix what they say, open the window, write to everybody.

    All of it is one change: version, readers, window, trail, and the mails in the outbox. Two
    desktops cannot both do it.

    Args:
        workspace: the open data.
        meeting_id: whose minutes.
        order: to whom and how.

    Raises:
        NotFound: no such meeting.
        Conflict: `minutes_circulated`, ...: they are circulated already.
        DomainError: `minutes_empty`, `minutes_not_held`; `nobody_to_read`; `no_mail_account`,
            `nobody_to_write`; `link_not_public`, also of mails that are written to files;
            `bad_link_key`.
        EnvironmentFailure: `disk_full` and such; nothing was done.
    """
    _check_reach(meeting_id, order)
    step_draft(workspace, meeting_id)
    settle_notes(workspace, meeting_id)
    if order.send:
        check_can_send(workspace)
    link_key(workspace)  # before anything is written: without it there are no links
    author = my_name(workspace)
    with workspace.change("Circulate the minutes", undoable=False, in_turn=True) as unit:
        reserve(unit.session, meeting_id)
        life = life_of(unit.session, meeting_id, unit.now)
        check_step(life, Step.CIRCULATE, passing=Bar.NOT_HELD if order.held else None)
        minutes = _draft(unit, life)
        reserve(unit.session, minutes.id)  # what others type waits until this is committed
        content = content_now(workspace, meeting_id)
        if content.is_empty:
            raise DomainError("minutes_empty", WHY_NOT[Bar.EMPTY])
        plan = circulation_plan(workspace, meeting_id)
        audit.begin(unit, minutes.id, titled(life, minutes))
        minutes.state = MinutesState.CIRCULATED
        minutes.circulated_at = unit.now
        minutes.objections_until = plan.until
        minutes.host = order.host
        readers = _add_readers(unit, minutes, plan.readers, order)
        keep_version(unit, minutes, content, MinutesState.CIRCULATED, author)
        _open_vetoes(unit, meeting_id, plan.veto_until)
        minutes.audit_head = audit.append(
            unit,
            minutes.id,
            AuditStep.CIRCULATED,
            text=f"Until {plan.until:%Y-%m-%dT%H:%M:%SZ}, to {', '.join(readers.values())}",
        )
        keep(unit.session, minutes_host_key(minutes.id), order.host)
        unit.session.flush()
        sent = minutes_mail.queue_minutes(unit, workspace, minutes, content, order, set(readers))
        unit.label = f"Circulate {name_of(unit.session, minutes)}"
    settle_notes(workspace, meeting_id)
    done = Circulated(
        minutes.id, minutes.revision, len(readers), sent.queued, plan.until, sent.unmailed
    )
    return done, unit.changes


def circulate_to_files(
    workspace: Workspace, meeting_id: UUID, order: CirculationOrder, folder: Path
) -> tuple[Circulated, list[Path]]:
    """Circulate minutes, and write the mails to files; a folder that cannot be used stops it first.

    Raises:
        EnvironmentFailure: `folder_unusable`.
        ProjectDeskError: as of `circulate_minutes` and `save_minutes_mails`.
    """
    check_folder(folder)
    done, _ = circulate_minutes(workspace, meeting_id, order)
    return done, save_minutes_mails(workspace, meeting_id, order, folder)


def send_minutes_again(
    workspace: Workspace,
    meeting_id: UUID,
    reader_ids: Collection[UUID],
    order: CirculationOrder,
) -> tuple[int, Changes]:
    """Write to readers of circulated minutes again, with the same links; return how many mails.

    Args:
        workspace: the open data.
        meeting_id: whose minutes.
        reader_ids: to these.
        order: where the links lead; `send`, `leave_out` and `extra` do not matter.

    Raises:
        NotFound: no such meeting.
        DomainError: `minutes_not_circulated`; `no_mail_account`, `link_not_public`,
            `nobody_to_write`.
    """
    check_can_send(workspace)
    with workspace.change("Send the minutes again", undoable=False, in_turn=True) as unit:
        life = life_of(unit.session, meeting_id, unit.now)
        check_step(life, Step.SEND)
        minutes = newest_minutes(unit, life)
        content = circulated_content(unit.session, minutes)
        sent = minutes_mail.queue_minutes(
            unit, workspace, minutes, content, order, set(reader_ids), required=True
        )
    return sent.queued, unit.changes


def save_minutes_mails(
    workspace: Workspace,
    meeting_id: UUID,
    order: CirculationOrder,
    folder: Path,
    reader_ids: Collection[UUID] | None = None,
) -> list[Path]:
    """Write the mails to readers of circulated minutes as .eml files; return their paths.

    For who sends them with a mail program of their own: it opens each as a draft.

    Args:
        workspace: the open data.
        meeting_id: whose minutes.
        order: where the links lead.
        folder: made where it is missing.
        reader_ids: to these; None = all whose link works.

    Raises:
        NotFound: no such meeting.
        DomainError: `minutes_not_circulated`; `no_sender`; `nobody_to_write`; `link_not_public`.
        EnvironmentFailure: `folder_unusable`.
    """
    _check_reach(meeting_id, order)
    mails = minutes_mail.compose_minutes(workspace, meeting_id, order, reader_ids)
    if not mails:
        raise DomainError("nobody_to_write", "Nobody of them has an e-mail address.")
    written = []
    with writing_into(folder):
        for number, mail in enumerate(mails, 1):
            path = folder / f"{number:02} {mail.recipient.replace('/', '_')}.eml"
            path.write_bytes(as_unsent(as_bytes(mail.message)))
            written.append(path)
    _note_written(workspace, [mail.reader_id for mail in mails])
    return written


def add_minutes_readers(
    workspace: Workspace, meeting_id: UUID, people: Mapping[UUID, UUID | None]
) -> tuple[list[UUID], Changes]:
    """Let more people read circulated minutes: person to the partner they read for (None: none).

    The window stays as it is. They are written to by `send_minutes_again`.

    Raises:
        NotFound: no such meeting or person.
        DomainError: `minutes_not_circulated`.
    """
    with workspace.change("Add readers of minutes", undoable=False) as unit:
        life = life_of(unit.session, meeting_id, unit.now)
        check_step(life, Step.SEND)
        minutes = newest_minutes(unit, life)
        known = {row.person_id for row in life.readers}
        added = []
        for person_id, partner_id in people.items():
            if person_id in known:
                continue
            reader = _reader(minutes, person_id, partner_id)
            unit.add(reader)
            unit.session.flush()
            added.append(reader.id)
            name = name_of_person(unit, person_id)
            audit.append(unit, minutes.id, AuditStep.READER_ADDED, reader.id, f"{name}")
    return added, unit.changes


def revoke_reader(workspace: Workspace, reader_id: UUID) -> Changes:
    """Shut a reader's link; what they said before stays.

    Raises:
        NotFound: no such reader.
    """
    with workspace.change("Revoke a link to minutes", undoable=False) as unit:
        reader = unit.get(MinutesReader, reader_id)
        if not reader.revoked:
            reader.revoked = True
            outbox.cancel(unit, record_id=reader.id)
            name = name_of_person(unit, reader.person_id)
            audit.append(unit, reader.minutes_id, AuditStep.READER_REVOKED, reader.id, name)
        unit.label = f"Revoke the link of {name_of(unit.session, reader)}"
    return unit.changes


def renew_reader_link(workspace: Workspace, reader_id: UUID) -> Changes:
    """Issue a reader's link anew: the old one ends (it may be in wrong hands).

    Raises:
        NotFound: no such reader.
    """
    with workspace.change("Renew a link to minutes", undoable=False) as unit:
        reader = unit.get(MinutesReader, reader_id)
        reader.generation += 1
        reader.revoked = False
        outbox.cancel(unit, record_id=reader.id, purpose=minutes_mail.MINUTES_PURPOSE)
        name = name_of_person(unit, reader.person_id)
        audit.append(unit, reader.minutes_id, AuditStep.LINK_RENEWED, reader.id, name)
        unit.label = f"Renew the link of {name_of(unit.session, reader)}"
    return unit.changes


# --- inside ---------------------------------------------------------------------------------------


def _check_reach(meeting_id: UUID, order: CirculationOrder) -> None:
    """Refuse links that readers elsewhere cannot open: a file is sent as well as a mail."""
    if not order.anyway:
        check_links({meeting_id: order.public_url})


def _note_written(workspace: Workspace, reader_ids: Sequence[UUID]) -> None:
    """Put into the trail whose mails are files now; whether they are sent is not known here."""
    with workspace.change("Write the minutes to files", undoable=False) as unit:
        for reader_id in reader_ids:
            reader = unit.get(MinutesReader, reader_id)
            name = name_of_person(unit, reader.person_id)
            audit.append(unit, reader.minutes_id, AuditStep.WRITTEN, reader.id, name)


def _draft(unit: Unit, life: MinutesLife) -> Minutes:
    """Return the draft that is circulated; minutes of decisions and actions alone have no text."""
    if life.newest is not None:
        return unit.get(Minutes, life.newest.id)
    made = Minutes(meeting_id=life.meeting_id)
    unit.add(made)
    unit.session.flush()
    return made


def _reader(minutes: Minutes, person_id: UUID, partner_id: UUID | None) -> MinutesReader:
    return MinutesReader(
        minutes_id=minutes.id,
        person_id=person_id,
        partner_id=partner_id,
        may_object=partner_id is not None,
    )


def _add_readers(
    unit: Unit, minutes: Minutes, planned: Sequence[PlannedReader], order: CirculationOrder
) -> dict[UUID, str]:
    """Make the readers; return their ids and names."""
    people = {
        row.person_id: row.partner_id for row in planned if row.person_id not in order.leave_out
    } | dict(order.extra)
    if not people:
        raise DomainError("nobody_to_read", "There is nobody whom the minutes would go to.")
    made = {}
    for person_id, partner_id in people.items():
        name = name_of_person(unit, person_id)
        reader = _reader(minutes, person_id, partner_id)
        unit.add(reader)
        made[reader.id] = name
    unit.session.flush()
    return made


def _open_vetoes(unit: Unit, meeting_id: UUID, until: datetime) -> None:
    """Open the veto window of decisions that these minutes first tell of."""
    for decision_id in decisions_to_veto(unit.session, meeting_id):
        decision = unit.get(Decision, decision_id)
        if decision.state is DecisionState.TAKEN and decision.binding_at is None:
            decision.veto_until = decision.veto_until or until
