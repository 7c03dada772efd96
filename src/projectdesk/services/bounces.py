"""Mail that came back: a server that took it tells later that it cannot deliver it (RFC 3464)."""

from __future__ import annotations

from email.message import Message
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from projectdesk.mail.message import header_text, parse_received
from projectdesk.services.inbox import IncomingMail, Taken
from projectdesk.services.outbox import MailState, touch
from projectdesk.store import schema

if TYPE_CHECKING:
    from projectdesk.services.session import Unit

_OURS = (MailState.SENT.value, MailState.UNCERTAIN.value)


def take(unit: Unit, mail: IncomingMail) -> Taken | None:
    """Take a report that one of our mails did not arrive: it is refused then."""
    report = mail.message
    if report.get_content_type() != "multipart/report":
        return None
    if str(report.get_param("report-type", "")).lower() != "delivery-status":
        return None
    table = schema.outgoing_mail
    ours = unit.session.execute(
        select(table).where(table.c.message_id.in_(_returned(report, mail)))
    ).first()
    if ours is None:
        return None
    action, words = _status(report)
    if action != "failed":
        detail = f"A server says of the mail to {ours.recipient}: {action or 'nothing'}. {words}"
        return Taken("delivery_told", detail.strip(), ours.meeting_id, ours.person_id)
    words = words or "It came back; the server does not say why."
    unit.session.execute(
        update(table)
        .where(table.c.id == ours.id, table.c.state.in_(_OURS))
        .values(state=MailState.REFUSED.value, reply=words)
    )
    touch(unit, ours.project_id, ours.meeting_id, ours.person_id)
    detail = f"The mail to {ours.recipient} came back: {words}"
    return Taken("delivery_failed", detail, ours.meeting_id, ours.person_id)


def _returned(report: Message, mail: IncomingMail) -> list[str]:
    """Return which mails a report may be about: those it returns, and those it answers."""
    found = list(mail.refers_to)
    for part in report.walk():
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                found.append(header_text(parse_received(content), "Message-ID"))
        elif part is not report and part["Message-ID"]:
            found.append(header_text(part, "Message-ID"))
    return [each for each in dict.fromkeys(found) if each]


def _status(report: Message) -> tuple[str, str]:
    """Return what happened ("failed", "delayed", ...) and the server's words."""
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload():
            if isinstance(block, Message) and block["Action"]:
                code = str(block.get("Diagnostic-Code", "")).partition(";")[2]
                status = str(block.get("Status", ""))
                return str(block["Action"]).strip().lower(), " ".join((code or status).split())
    return "", ""
