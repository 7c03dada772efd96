"""What became of a veto that came as mail against circulated minutes, written to who gave it.

Sent once for each mail that is taken, or comes too late, to the address that it was checked to come
from; what a person has to look at is answered by that person. A computer without a mail account
takes vetoes and writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from projectdesk.domain.consortium import Project
from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import Meeting
from projectdesk.domain.minutes import Decision, Minutes, MinutesReader
from projectdesk.domain.rules.veto_replies import SaidVeto
from projectdesk.mail.address import Mailbox
from projectdesk.mail.message import compose, new_message_id
from projectdesk.mail.minutes_notice_letter import (
    ConfirmedVeto,
    MinutesNotice,
    Vetoed,
    as_html,
    as_text,
)
from projectdesk.mail.words import language_of
from projectdesk.services import minutes_mail, outbox
from projectdesk.services.inbox import IncomingMail
from projectdesk.services.minutes_keys import VETO_REPLY_PURPOSE
from projectdesk.services.queries.names import person_name
from projectdesk.services.session import Unit


def confirm_vetoes(
    unit: Unit,
    mail: IncomingMail,
    minutes: Minutes,
    reader: MinutesReader,
    said: Sequence[tuple[Decision, SaidVeto]],
    late: Collection[UUID] = (),
) -> None:
    """Queue the answer to a mail that vetoed, in the unit that reads it.

    An answer to an earlier mail of the reader that still waits goes out before it.

    Args:
        unit: the change.
        mail: that came.
        minutes: that it is about.
        reader: who sent it, from the address that is known of them.
        said: the decisions, with what it says against each.
        late: those of them for which it came too late, by id.
    """
    rows = minutes_mail.mailed_readers(unit.session, minutes.id)
    row = next((each for each in rows if each.id == reader.id and each.email), None)
    if mail.account is None or row is None:
        return
    meeting = unit.get(Meeting, minutes.meeting_id)
    notice = MinutesNotice(
        language=language_of(tuple(row.languages or ())),
        title=meeting.title,
        project=unit.get(Project, meeting.project_id).acronym,
        held_on=meeting.local_start.date(),
        organiser=mail.account.name,
        name=person_name(row),
        revision=minutes.revision,
        zone=row.zone or meeting.zone,
        head=minutes.audit_head,
        code=minutes_mail.minutes_code(row.desk, minutes.audit_head),
        what=Vetoed(
            [
                ConfirmedVeto(f"D{each.number}", each.text, veto.reason, each.id in late)
                for each, veto in said
            ]
        ),
    )
    outbox.queue(
        unit,
        purpose=VETO_REPLY_PURPOSE,
        recipient=row.email,
        message=compose(
            sender=mail.account,
            recipient=Mailbox(row.email, notice.name),
            subject=notice.subject,
            text=as_text(notice),
            html=as_html(notice),
            message_id=new_message_id(mail.account.address, new_id()),
            date=unit.now,
        ),
        project_id=meeting.project_id,
        meeting_id=meeting.id,
        person_id=row.person_id,
        record_id=reader.id,
    )
