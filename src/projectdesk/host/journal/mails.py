"""Mail that desktops handed over to be sent at its time, each at most once (adr/0103).

`waiting` -> `sending` (committed before the mail server gets its text) -> `sent`, `refused`,
`uncertain`; `waiting` again when the server says "later". `cancelled`: taken back, or its time was
over. `returned`: not sent, and it will not be. How it ended is an entry of the journal, written in
the same transaction that empties the mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, func, insert, or_, select, true, update
from sqlalchemy.engine import Connection

from projectdesk.errors import Conflict, DomainError, NotFound
from projectdesk.host.journal import desks
from projectdesk.host.journal.desks import StoredDesk
from projectdesk.host.journal.entries import append
from projectdesk.host.journal.tables import api_key, later_mail
from projectdesk.signalling.desk import (
    InvitationAnswer,
    PollAnswer,
    PollSnapshot,
    Snapshot,
)
from projectdesk.signalling.journal import MailSettled
from projectdesk.signalling.mails import LaterMail, MailFacts, MailList, MailOutcome, allows
from projectdesk.signalling.outcome import (
    ActionAnswer,
    ActionSnapshot,
    BallotAnswer,
    BallotSnapshot,
)

LATE: Final = timedelta(minutes=15)
"""A mail that goes out so long after its time is late."""
ABANDONED: Final = timedelta(hours=1)
"""A mail that another node has been sending for so long was left by a process that died."""
OVERDUE: Final = timedelta(minutes=10)
"""A mail that waits for so long after its time wants an administrator."""
_mail = later_mail.c


@dataclass(frozen=True)
class Limits:
    """How much one owner of mail (a key, or a team) may have waiting; bytes in all."""

    waiting: int = 5_000
    size: int = 200_000_000


@dataclass(frozen=True)
class Claimed:
    """A mail that this host sends now; nobody else does."""

    id: str
    author: str
    recipient: str
    content: bytes
    due_at: datetime
    attempts: int


def domains_of(connection: Connection, key: str) -> tuple[str, ...]:
    """Return the domains whose mail a key may hand over. key: its own id, not its team's."""
    found = connection.scalar(select(api_key.c.mail_domains).where(api_key.c.id == key))
    return tuple((found or "").split())


def put(
    connection: Connection,
    mail_id: str,
    owner: str,
    key: str,
    mail: LaterMail,
    at: datetime,
    limits: Limits,
) -> MailFacts:
    """Keep a mail until its time; one that waits, or was taken back, is replaced.

    Args:
        connection: to the journal.
        mail_id: the desktop's id of it.
        owner: by whose id it is seen: the key's or its team's.
        key: who hands it over.
        mail: checked already.
        at: now.
        limits: of the owner.

    Raises:
        Conflict: `mail_taken`, it is another's; `mail_not_waiting`, it is being sent or settled.
        DomainError: `too_many_mails`.
    """
    row = connection.execute(
        select(later_mail).where(_mail.id == mail_id).with_for_update()
    ).first()
    if row is not None and row.key_id != owner:
        raise Conflict("mail_taken", "This mail's id is in use.")
    if row is not None and row.state not in {"waiting", "cancelled", "returned"}:
        raise _not_waiting()
    _check_room(connection, mail_id, owner, len(mail.content), limits)
    values: dict[str, Any] = {
        "handed_by": key,
        "message_id": mail.message_id,
        "author": mail.author,
        "recipient": mail.recipient,
        "content": mail.content,
        "size": len(mail.content),
        "state": "waiting",
        "due_at": mail.due_at,
        "not_after": mail.not_after,
        "desk": mail.desk,
        "retry_at": None,
        "changed_at": at,
        "attempts": 0,
        "node": None,
    }
    if row is None:
        connection.execute(insert(later_mail).values(id=mail_id, key_id=owner, **values))
    else:
        connection.execute(update(later_mail).where(_mail.id == mail_id).values(**values))
    return MailFacts(id=mail_id, state="waiting", due_at=mail.due_at, message_id=mail.message_id)


def take_back(connection: Connection, mail_id: str, owner: str, at: datetime) -> MailFacts:
    """Take a mail back if it waits, and erase it; return where it stands then.

    Raises:
        NotFound: `mail_unknown`; this owner has none of that id (any more).
    """
    mine = (_mail.id == mail_id) & (_mail.key_id == owner)
    empty = _emptied("cancelled", at)
    connection.execute(update(later_mail).where(mine, _mail.state == "waiting").values(**empty))
    row = connection.execute(select(later_mail).where(mine)).first()
    if row is None:
        raise NotFound("mail_unknown", "The host has no such mail.")
    return _facts(row)


def waiting(connection: Connection, owner: str) -> MailList:
    """Return what waits of an owner, by its time."""
    rows = connection.execute(
        select(later_mail)
        .where(_mail.key_id == owner, _mail.state.in_(("waiting", "sending")))
        .order_by(_mail.due_at, _mail.id)
    )
    return MailList(mails=[_facts(row) for row in rows])


def counts(connection: Connection, now: datetime) -> tuple[int, int, int]:
    """Return how many mails wait, are being sent, and are overdue by more than `OVERDUE`."""
    waits = _mail.state == "waiting"
    row = connection.execute(
        select(
            func.count().filter(waits),
            func.count().filter(_mail.state == "sending"),
            func.count().filter(waits & (_mail.due_at < now - OVERDUE)),
        )
    ).one()
    return row[0], row[1], row[2]


# --- sending --------------------------------------------------------------------------------------


def next_due(connection: Connection) -> datetime | None:
    """Return when the next mail is to be tried; None = none waits."""
    when = func.coalesce(_mail.retry_at, _mail.due_at, type_=_mail.due_at.type)
    found: datetime | None = connection.scalar(
        select(func.min(when, type_=_mail.due_at.type)).where(_mail.state == "waiting")
    )
    return found


def due(connection: Connection, now: datetime, limit: int) -> list[str]:
    """Return the ids of mails that go out now, the oldest first."""
    rows = connection.scalars(
        select(_mail.id).where(_is_due(now)).order_by(_mail.due_at, _mail.id).limit(limit)
    )
    return list(rows)


def settle_needless(connection: Connection, now: datetime) -> int:
    """Settle what is due and must not go out (any more); return how many mails.

    Its time is over, or who handed it over may not do so any more.
    """
    rows = connection.execute(
        select(later_mail, api_key.c.revoked_at, api_key.c.mail_domains)
        .join(api_key, api_key.c.id == _mail.handed_by)
        .where(_is_due(now))
    ).all()
    count = 0
    for row in rows:
        if row.not_after is not None and row.not_after <= now:
            words = "Not sent: its time was over."
            _settle(connection, row, "cancelled", words, now)
        elif row.revoked_at is not None:
            _settle(connection, row, "returned", "Not sent: the API key was revoked.", now)
        elif not allows(row.mail_domains.split(), row.author):
            words = "Not sent: the server sends no mail of this domain any more."
            _settle(connection, row, "returned", words, now)
        elif _is_needless(connection, row):
            words = "Not sent: it was answered, or its link was taken back."
            _settle(connection, row, "cancelled", words, now)
        else:
            continue
        count += 1
    return count


def claim(connection: Connection, mail_id: str, now: datetime, node: str | None) -> Claimed | None:
    """Say `sending`; None when somebody else has it, or it was taken back."""
    row = connection.execute(
        update(later_mail)
        .where(_mail.id == mail_id, _is_due(now))
        .values(state="sending", changed_at=now, attempts=_mail.attempts + 1, node=node)
        .returning(later_mail)
    ).first()
    if row is None:
        return None
    return Claimed(row.id, row.author, row.recipient, row.content, row.due_at, row.attempts)


def put_off(connection: Connection, mail_id: str, retry_at: datetime, now: datetime) -> None:
    """Let a mail wait again: the mail server said "later"."""
    connection.execute(
        update(later_mail)
        .where(_mail.id == mail_id, _mail.state == "sending")
        .values(state="waiting", retry_at=retry_at, changed_at=now, node=None)
    )


def settle(
    connection: Connection, mail_id: str, outcome: MailOutcome, words: str, now: datetime
) -> None:
    """Write what became of a mail that was being sent, and erase its text and addresses."""
    row = connection.execute(
        select(later_mail).where(_mail.id == mail_id, _mail.state == "sending")
    ).first()
    if row is not None:
        _settle(connection, row, outcome, words, now)


def settle_abandoned(connection: Connection, now: datetime, node: str | None) -> int:
    """Make uncertain what this host was sending when its process died; return how many mails.

    Args:
        connection: to the journal.
        now: UTC.
        node: this host, which sends nothing yet; None = it is the only one.
    """
    left = _mail.state == "sending"
    return _abandon(connection, left if node is None else left & (_mail.node == node), now)


def settle_abandoned_elsewhere(connection: Connection, now: datetime, node: str | None) -> int:
    """Make uncertain what another node left; return how many mails. node: this one, None = alone.

    No attempt takes as long as `ABANDONED`.
    """
    if node is None:
        return 0
    left = (_mail.state == "sending") & (_mail.changed_at < now - ABANDONED)
    return _abandon(connection, left, now)


def _abandon(connection: Connection, left: ColumnElement[bool], now: datetime) -> int:
    rows = connection.execute(select(later_mail).where(left)).all()
    for row in rows:
        words = "The server ended while this was being sent."
        _settle(connection, row, "uncertain", words, now)
    return len(rows)


def doubt(connection: Connection, now: datetime, owner: str | None = None) -> None:
    """Send nothing that a backup says: it may have been sent, changed or taken back since.

    What was due already may have been sent. The rest is returned: its desktop hands it over again.

    Args:
        connection: to the journal.
        now: UTC.
        owner: whose mail; None = everybody's.
    """
    mine = _mail.key_id == owner if owner is not None else true()
    rows = connection.execute(
        select(later_mail).where(mine, _mail.state.in_(("waiting", "sending")))
    ).all()
    for row in rows:
        words = "The server was put back from a backup."
        sent = row.state == "sending" or row.due_at <= now
        _settle(connection, row, "uncertain" if sent else "returned", words, now)


def erase_old(connection: Connection, before: datetime) -> int:
    """Erase the rows of mails that were settled before; return how many."""
    over = _mail.state.not_in(("waiting", "sending")) & (_mail.changed_at < before)
    return connection.execute(delete(later_mail).where(over, _mail.due_at < before)).rowcount


def _is_needless(connection: Connection, row: Row[Any]) -> bool:
    """Tell whether a mail's receiver has answered at their desk, or is not asked any more."""
    known = desks.find(connection, row.desk) if row.desk else None
    if known is None or known.key_id != row.key_id:
        return False
    gone = known.withdrawn or not known.snapshot.token_hash
    return gone or _is_over(known.snapshot.form) or _is_answered(known)


def _is_answered(desk: StoredDesk) -> bool:
    said, form = desk.answer, desk.snapshot.form
    match said:
        case InvitationAnswer():
            return said.answer == "declined"
        case BallotAnswer():
            return said.stage == "vote" and bool(said.choice)
        case ActionAnswer() if isinstance(form, ActionSnapshot):  # what its desktop has not heard
            return form.given_at is None or (desk.answered_at or form.given_at) > form.given_at
        case _:
            return isinstance(said, PollAnswer)


def _is_over(form: Snapshot) -> bool:
    match form:
        case PollSnapshot():
            return form.status != "asked"
        case BallotSnapshot():
            return form.stage != "vote"
        case ActionSnapshot():
            return form.status != "open"
        case _:
            return False


def _settle(
    connection: Connection, row: Row[Any], outcome: MailOutcome, words: str, now: datetime
) -> None:
    changed = connection.execute(
        update(later_mail)
        .where(_mail.id == row.id, _mail.state == row.state)
        .values(**_emptied(outcome, now))
    )
    if not changed.rowcount:
        return
    fact = MailSettled(
        mail=row.id,
        message_id=row.message_id,
        outcome=outcome,
        words=words,
        late=outcome == "sent" and now - row.due_at > LATE,
    )
    append(connection, row.key_id, "", [(now, fact)])


def _emptied(state: str, at: datetime) -> dict[str, Any]:
    return {
        "state": state,
        "author": "",
        "recipient": "",
        "content": b"",
        "size": 0,
        "retry_at": None,
        "changed_at": at,
        "node": None,
    }


def _is_due(now: datetime) -> ColumnElement[bool]:
    return (
        (_mail.state == "waiting")
        & (_mail.due_at <= now)
        & or_(_mail.retry_at.is_(None), _mail.retry_at <= now)
    )


def _check_room(
    connection: Connection, mail_id: str, owner: str, size: int, limits: Limits
) -> None:
    count, total = connection.execute(
        select(func.count(), func.coalesce(func.sum(_mail.size), 0)).where(
            _mail.key_id == owner, _mail.state == "waiting", _mail.id != mail_id
        )
    ).one()
    if count >= limits.waiting or total + size > limits.size:
        raise DomainError(
            "too_many_mails",
            "The server keeps no more mail of this key: at most {count}, {size} MB in all.",
            count=limits.waiting,
            size=limits.size // 1_000_000,
        )


def _facts(row: Row[Any]) -> MailFacts:
    return MailFacts(id=row.id, state=row.state, due_at=row.due_at, message_id=row.message_id)


def _not_waiting() -> Conflict:
    return Conflict("mail_not_waiting", "This mail is being sent, or was sent, already.")
