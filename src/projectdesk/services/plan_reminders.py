"""Reminders of what the work plan awaits: by hand, and by themselves around the due days.

    plan_reminders.remind(workspace, rows)  # somebody pressed Send; of `queries.late_items`
    plan_reminders.send_due(workspace)      # what is due by now, by itself

Each person gets one mail at a time. What was told of a record is a setting of the data, kept by its
step and due day: what has a new due day, or goes on to its next step, begins anew. It is noted in
the unit that queues the mail, which takes its turn: of two desktops on one database one sends it.
Nothing goes out of a project before somebody turned it on (docs/adr/0068).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Person
from projectdesk.domain.identity import new_id
from projectdesk.domain.rules.action_dates import FollowUp, reminder_is_due
from projectdesk.domain.rules.deliverables import Step
from projectdesk.errors import DomainError
from projectdesk.mail.address import Mailbox
from projectdesk.mail.message import as_bytes, as_unsent, compose, new_message_id
from projectdesk.mail.plan_letter import PlanLetter, PlanLine, as_html, as_text
from projectdesk.mail.words import language_of
from projectdesk.services import mail_accounts, outbox
from projectdesk.services.action_settings import check_rules
from projectdesk.services.inviting.sender import check_can_send
from projectdesk.services.mail_files import unused, writing_into
from projectdesk.services.plan_rows import LateRow
from projectdesk.services.queries.late import late_items
from projectdesk.services.queries.meetings import organiser
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.unit_settings import keep, kept
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

PURPOSE: Final = "plan-reminder"
"""Purpose of these mails in the outbox."""
SETTINGS_KEY: Final = "plan.reminders"
"""Setting: when they go out by themselves, and of which projects."""
_TOLD: Final = "plan.told."
"""Beginning of the settings that say what was told of a record; its id in hex follows."""
EVER: Final = 100_000
"""Days ahead within which every due day lies."""
USUAL: Final = FollowUp(before=(14, 3), after=(1, 7, 21), escalate_after=None, weekday=None)


@dataclass(frozen=True)
class PlanReminding:
    """When reminders go out (days before and after), and of which projects, each since a day."""

    rules: FollowUp = USUAL
    projects: Mapping[UUID, date] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """What somebody was last reminded of, of one record. at: UTC."""

    step: Step
    due_on: date
    at: datetime


@dataclass(frozen=True)
class PlanReminded:
    """What was sent. unreachable: rows whose person, or whose address, nobody knows."""

    mails: int = 0
    unreachable: tuple[LateRow, ...] = ()


class _Kept(msgspec.Struct, frozen=True):
    """As the setting holds it."""

    before: tuple[int, ...] = USUAL.before
    after: tuple[int, ...] = USUAL.after
    projects: dict[str, date] = {}


# --- when they go out -----------------------------------------------------------------------------


def plan_reminding(workspace: Workspace) -> PlanReminding:
    """Return when reminders go out by themselves."""
    with workspace.read() as session:
        return _read(session)


def set_plan_reminding(
    workspace: Workspace,
    before: Sequence[int],
    after: Sequence[int],
    projects: Mapping[UUID, bool],
) -> None:
    """Keep when reminders go out by themselves, and whether they do for some projects.

    Args:
        workspace: the open data.
        before: days before the due day.
        after: days after it.
        projects: on or off, by project; those left out stay as they are. What is turned on counts
            from today: nobody is written of what was due before.

    Raises:
        DomainError: `bad_days`.
    """
    rules = replace(
        USUAL,
        before=tuple(sorted(set(before), reverse=True)),
        after=tuple(sorted(set(after))),
    )
    check_rules(rules)
    with workspace.change("Change when reminders of the plan go out", undoable=False) as unit:
        since = dict(_read(unit.session).projects)
        for project, on in projects.items():
            if on:
                since.setdefault(project, unit.now.date())
            else:
                since.pop(project, None)
        made = _Kept(rules.before, rules.after, {each.hex: day for each, day in since.items()})
        _write(unit.session, SETTINGS_KEY, made)


def _read(session: Session) -> PlanReminding:
    try:
        found = msgspec.json.decode(kept(session, SETTINGS_KEY) or "{}", type=_Kept)
        projects = {UUID(each): since for each, since in found.projects.items()}
    except (msgspec.MsgspecError, ValueError):
        return PlanReminding()
    return PlanReminding(replace(USUAL, before=found.before, after=found.after), projects)


def _write(session: Session, key: str, value: msgspec.Struct) -> None:
    keep(session, key, msgspec.json.encode(value).decode())


# --- what was told --------------------------------------------------------------------------------


class _Noted(msgspec.Struct, frozen=True):
    step: Step
    due_on: date
    at: datetime


def told(workspace: Workspace) -> dict[UUID, Told]:
    """Return what was last told of each deliverable and milestone, by its id."""
    with workspace.read() as session:
        return _told(session)


def _told(session: Session) -> dict[UUID, Told]:
    setting = schema.setting.c
    found = {}
    query = select(setting.key, setting.value).where(setting.key.startswith(_TOLD, autoescape=True))
    for key, value in session.execute(query):
        try:
            noted = msgspec.json.decode(value, type=_Noted)
            record = UUID(key.removeprefix(_TOLD))
        except (msgspec.MsgspecError, ValueError):
            continue
        found[record] = Told(noted.step, noted.due_on, noted.at)
    return found


def _told_of(row: LateRow, before: Mapping[UUID, Told]) -> datetime | None:
    """Return when somebody was reminded of just this: the same step, with the same due day."""
    last = before.get(row.id)
    if last is None or (last.step, last.due_on) != (row.step, row.due_on):
        return None
    return last.at


def _note(unit: Unit, rows: Iterable[LateRow]) -> None:
    at = unit.now.astimezone(UTC)
    for row in rows:
        _write(unit.session, f"{_TOLD}{row.id.hex}", _Noted(row.step, row.due_on, at))


def _forget_others(unit: Unit, awaited: Iterable[LateRow]) -> None:
    """Drop what was told of what is not awaited any more."""
    setting, open_ones = schema.setting, {row.id for row in awaited}
    over = [f"{_TOLD}{each.hex}" for each in _told(unit.session) if each not in open_ones]
    for key in over:
        unit.session.execute(delete(setting).where(setting.c.key == key))


# --- what is due ----------------------------------------------------------------------------------


def due_reminders(workspace: Workspace, project_id: UUID | None = None) -> list[LateRow]:
    """Return what somebody is to be reminded of by now; nothing is changed.

    Args:
        workspace: the open data.
        project_id: of which project, None = of all that are turned on.
    """
    with workspace.read() as session:
        settings, before = _read(session), _told(session)
    if not settings.projects:
        return []
    rows = _awaited(workspace, max((0, *settings.rules.before)), project_id)
    return [row for row in rows if _is_due(row, settings, before, workspace.now())]


def _awaited(
    workspace: Workspace, ahead_days: int, project_id: UUID | None = None
) -> list[LateRow]:
    return late_items(workspace, project_id, workspace.now().date(), ahead_days=ahead_days)


def _is_due(
    row: LateRow, settings: PlanReminding, before: Mapping[UUID, Told], now: datetime
) -> bool:
    since = settings.projects.get(row.project_id)
    if since is None or row.mine or not row.email:
        return False
    rules = replace(settings.rules, since=since)
    return reminder_is_due(row.due_on, (_told_of(row, before),), now, rules)


# --- sending --------------------------------------------------------------------------------------


def send_due(
    workspace: Workspace, folder: Path | None = None, project_id: UUID | None = None
) -> tuple[PlanReminded, Changes]:
    """Put into the outbox what is due by now, each once, with nobody there to be asked.

    Args:
        workspace: the open data.
        folder: the mails are written there as files instead; they count as told.
        project_id: of which project, None = of all that are turned on.

    Raises:
        DomainError: `no_mail_account` (without a folder), `mail_no_sender`.
        EnvironmentFailure: `folder_unusable`.
    """
    due = due_reminders(workspace, project_id)
    if not due:
        return PlanReminded(), Changes()
    return _send(workspace, due, folder, by_itself=True)


def remind(
    workspace: Workspace, rows: Sequence[LateRow], folder: Path | None = None
) -> tuple[PlanReminded, Changes]:
    """Put into the outbox a mail to each person who answers for some of `rows`.

    Args:
        workspace: the open data.
        rows: of `queries.late_items`; those of whom nobody is known, or no address, are left out.
        folder: the mails are written there as files instead; they count as told.

    Raises:
        DomainError: `nobody_to_remind`; as `send_due`.
        EnvironmentFailure: `folder_unusable`.
    """
    if not any(row.email and row.person_id for row in rows):
        raise DomainError(
            "nobody_to_remind",
            "Nothing was sent: nobody with an e-mail address is known who answers for this.",
        )
    return _send(workspace, rows, folder, by_itself=False)


def _send(
    workspace: Workspace, rows: Sequence[LateRow], folder: Path | None, *, by_itself: bool
) -> tuple[PlanReminded, Changes]:
    if folder is None:
        check_can_send(workspace)
    desk = _Desk(workspace, folder, by_itself=by_itself)
    theirs: dict[UUID, list[LateRow]] = {}
    for row in rows:
        if row.email and row.person_id is not None:
            theirs.setdefault(row.person_id, []).append(row)
    awaited = _awaited(workspace, EVER)
    mails = 0
    with workspace.change("Remind of the work plan", undoable=False, in_turn=True) as unit:
        # A colleague's desktop may have been faster; from here on it waits for its turn.
        settings, before = _read(unit.session), _told(unit.session)
        for person_id, wanted in sorted(theirs.items()):
            if by_itself:
                wanted = [row for row in wanted if _is_due(row, settings, before, unit.now)]
            if wanted:
                desk.deliver(unit, unit.get(Person, person_id), wanted)
                _note(unit, wanted)
                mails += 1
        _forget_others(unit, awaited)
    unreachable = tuple(row for row in rows if not row.email or row.person_id is None)
    return PlanReminded(mails, unreachable), unit.changes


class _Desk:
    """Who writes, and where the mails go: the outbox, or files in a folder."""

    def __init__(self, workspace: Workspace, folder: Path | None, *, by_itself: bool) -> None:
        self._workspace, self._folder, self._by_itself = workspace, folder, by_itself
        self._sender = mail_accounts.sender(workspace)

    def deliver(self, unit: Unit, person: Person, rows: Sequence[LateRow]) -> None:
        """Queue the mail to somebody, or write it to a file."""
        message = self._compose(person, rows, unit.now)
        if self._folder is not None:
            with writing_into(self._folder):
                path = unused(self._folder, f"{PURPOSE} {person.email}")
                path.write_bytes(as_unsent(as_bytes(message)))
            return
        outbox.queue(
            unit,
            purpose=PURPOSE,
            recipient=person.email,
            message=message,
            project_id=rows[0].project_id,
            person_id=person.id,
            record_id=rows[0].id if len(rows) == 1 else None,
        )

    def _compose(self, person: Person, rows: Sequence[LateRow], now: datetime) -> EmailMessage:
        letter = PlanLetter(
            language=language_of(tuple(person.languages)),
            name=person.name,
            organiser=self._sender.name or organiser(self._workspace, rows[0].project_id),
            today=now.date(),
            lines=[_line(row) for row in rows],
        )
        return compose(
            sender=self._sender,
            recipient=Mailbox(person.email, person.name),
            subject=letter.subject,
            text=as_text(letter),
            html=as_html(letter),
            message_id=new_message_id(self._sender.address, new_id()),
            date=now,
            automatic=self._by_itself,
        )


def _line(row: LateRow) -> PlanLine:
    return PlanLine(
        project=row.project,
        label=row.label,
        title=row.title,
        step=row.step.value,
        due_on=row.due_on,
        days_late=max(0, row.days),
        expected_on=row.expected_on,
    )
