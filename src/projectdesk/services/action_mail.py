"""The mail of actions: given ones, reminders, the weekly digest, and what goes to a partner's lead.

    links = ...                      # of `action_desks.action_links`, once the host has the desks
    action_mail.give_actions(workspace, action_ids, links)      # somebody pressed Send
    action_mail.send_due(workspace, links)                      # what is due by now, by itself

Each person gets one mail at a time. What is due is decided in the unit that queues it, under a lock
of the person: of two desktops on one database one sends it (docs/adr/0087).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Person
from projectdesk.domain.minutes import Action, ActionStatus
from projectdesk.domain.rules.action_dates import (
    digest_day,
    escalation_is_due,
    reminder_is_due,
)
from projectdesk.errors import DomainError
from projectdesk.mail.action_letter import (
    ActionOccasion,
)
from projectdesk.services import action_leads, mail_accounts, outbox
from projectdesk.services.action_composing import (
    ActionMail,
    Composer,
    opens_elsewhere,
    queue,
)
from projectdesk.services.action_composing import (
    save_mails as save_mails,
)
from projectdesk.services.action_keys import DIGEST_KEYS, REMINDER_PURPOSE, digest_key
from projectdesk.services.action_rows import ActionLink, ActionRow
from projectdesk.services.action_settings import FollowUpSettings, read_follow_up, turn_on_in
from projectdesk.services.inviting.public_links import check_links
from projectdesk.services.inviting.sender import check_can_send
from projectdesk.services.numbers import reserve
from projectdesk.services.queries.actions import action_query, action_row, actions_by_id
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.unit_settings import keep
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


@dataclass(frozen=True)
class DueMail:
    """What goes out by now. projects: of the actions in it, whose links are needed."""

    digests: tuple[UUID, ...] = ()
    reminders: tuple[UUID, ...] = ()
    escalations: tuple[UUID, ...] = ()
    projects: tuple[UUID, ...] = ()
    unlinked: tuple[UUID, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is due. unlinked: actions in it that have no personal link yet."""
        return bool(self.digests or self.reminders or self.escalations)


@dataclass(frozen=True)
class SentMail:
    """How many mails were put into the outbox."""

    digests: int = 0
    reminders: int = 0
    escalations: int = 0


# --- given by hand --------------------------------------------------------------------------------


def compose_given(
    workspace: Workspace, action_ids: Collection[UUID], links: Iterable[ActionLink]
) -> list[ActionMail]:
    """Return the mails that give people their actions, without sending anything.

    One mail for each person, with all of theirs among `action_ids` that are open; who has no
    address gets none.

    Raises:
        DomainError: `mail_no_sender`; an address is none.
    """
    with workspace.read() as session:
        rows = actions_by_id(session, action_ids).values()
    return _compose_all(workspace, ActionOccasion.GIVEN, rows, links)


def compose_digests(
    workspace: Workspace,
    links: Iterable[ActionLink] = (),
    project_id: UUID | None = None,
    person_ids: Collection[UUID] | None = None,
) -> list[ActionMail]:
    """Return everybody's digest as it would be now, without sending anything.

    Args:
        workspace: the open data.
        links: of the actions in them.
        project_id: of this project's actions; None = of all projects.
        person_ids: for these only.

    Raises:
        DomainError: `mail_no_sender`.
    """
    query = action_query().where(
        schema.action.c.status == ActionStatus.OPEN, schema.action.c.owner_person_id.is_not(None)
    )
    if project_id is not None:
        query = query.where(schema.action.c.project_id == project_id)
    with workspace.read() as session:
        rows = [action_row(row) for row in session.execute(query)]
    if person_ids is not None:
        rows = [row for row in rows if row.owner_person_id in person_ids]
    return _compose_all(workspace, ActionOccasion.DIGEST, rows, links)


def give_actions(
    workspace: Workspace,
    action_ids: Collection[UUID],
    links: Sequence[ActionLink],
    *,
    again: bool = False,
    anyway: bool = False,
) -> tuple[int, Changes]:
    """Put into the outbox what gives people their actions, with the personal links.

    Mail of the project's open actions goes out by itself from then on (reminders, digest).

    Args:
        workspace: the open data.
        action_ids: which actions; those that are not open, or whose owner was told already, are
            passed over.
        links: of these actions (`commands.actions.issue_links`, then `action_desks.action_links`).
        again: also those whose owner was told already.
        anyway: also with links that only this computer or its network can open.

    Returns:
        How many mails, and what changed.

    Raises:
        DomainError: `no_mail_account`; `link_not_public`; `nobody_to_write`, none of them is open,
            has an owner with an address and was not told.
    """
    check_can_send(workspace)
    with workspace.read() as session:
        found = actions_by_id(session, action_ids)
    rows = [row for row in found.values() if again or row.sent_at is None]
    mails = _compose_all(workspace, ActionOccasion.GIVEN, rows, links)
    if not mails:
        raise DomainError(
            "nobody_to_write",
            "Nothing was sent: none of these actions is open, has somebody with an e-mail address "
            "who does it, and was not mailed before.",
        )
    if not anyway:
        inside = {each for mail in mails for each in mail.action_ids}
        check_links({link.action_id: link.url for link in links if link.action_id in inside})
    count = 0
    with workspace.change(
        f"Give {len(mails)} people their actions", undoable=False, in_turn=True
    ) as unit:
        for mail in mails:
            reserve(unit.session, mail.person_id)
            actions = [unit.session.get(Action, each) for each in mail.action_ids]
            if not again and any(each is None or each.sent_at is not None for each in actions):
                continue  # a colleague's desktop was faster
            for action in actions:
                if action is not None:
                    action.sent_at = unit.now
            queue(unit, mail, found[mail.action_ids[0]], private_links=anyway)
            count += 1
        for project_id in {row.project_id for row in rows}:
            turn_on_in(unit, project_id)
    return count, unit.changes


# --- by itself ------------------------------------------------------------------------------------


def due_mail(workspace: Workspace) -> DueMail:
    """Return to whom mail of open actions is to go out by now; nothing is changed."""
    now = workspace.now()
    with workspace.read() as session:
        settings = read_follow_up(session)
        if not settings.projects:
            return DueMail()
        rows = _followed(session, settings)
        theirs: dict[UUID, list[ActionRow]] = {}
        for row in rows:
            if row.owner_person_id and row.email:
                theirs.setdefault(row.owner_person_id, []).append(row)
        last = _last_digests(session)
        digests = [
            person
            for person, own in theirs.items()
            if _digest_is_due(settings, own, last.get(digest_key(person)), now)
        ]
        elsewhere = _elsewhere(session, rows)
        reminded = [
            row for row in rows if row.email and _reminder_is_due(row, settings, now, elsewhere)
        ]
        leads = _escalations(session, rows, settings, now)
    reminders = {row.owner_person_id for row in reminded if row.owner_person_id}
    told = {*digests, *reminders}
    mine = [row for row in rows if row.owner_person_id in told]
    return DueMail(
        tuple(sorted(digests)),
        tuple(sorted(reminders - set(digests))),
        tuple(sorted(leads)),
        tuple(sorted({row.project_id for row in mine})),
        tuple(row.id for row in mine if row.desk is None),
    )


def send_due(
    workspace: Workspace, links: Iterable[ActionLink] = (), folder: Path | None = None
) -> tuple[SentMail, Changes]:
    """Put into the outbox what is due by now, each once, with nobody there to be asked.

    A link that opens only on this computer or in its network is left out, unless the mail account
    allows it: the mail can be answered all the same.

    Args:
        workspace: the open data.
        links: of the actions of `due_mail`; without one an action is told without.
        folder: the mails are written there as files instead; they count as told.

    Raises:
        DomainError: `no_mail_account` (without a folder), `mail_no_sender`.
        EnvironmentFailure: `folder_unusable`.
    """
    if folder is None:
        check_can_send(workspace)
    account = mail_accounts.account(workspace.data)
    inside = folder is not None or (account is not None and account.private_links)
    urls = {each.action_id: each.url for each in links if inside or opens_elsewhere(each.url)}
    due = due_mail(workspace)
    if not due:
        return SentMail(), Changes()
    desk = Composer(workspace, urls, folder)
    with workspace.change("Follow actions up", undoable=False, in_turn=True) as unit:
        digests = sum(_send_own(unit, desk, person) is ActionOccasion.DIGEST
                      for person in due.digests)  # fmt: skip
        reminders = sum(_send_own(unit, desk, person) is ActionOccasion.REMINDER
                        for person in due.reminders)  # fmt: skip
        escalations = sum(_send_lead(unit, desk, person) for person in due.escalations)
    return SentMail(digests, reminders, escalations), unit.changes


def _send_own(unit: Unit, desk: Composer, person_id: UUID) -> ActionOccasion | None:
    """Queue somebody's digest, or else their reminder; None if neither is due any more."""
    reserve(unit.session, person_id)
    settings = read_follow_up(unit.session)
    rows = _followed(unit.session, settings, person_id)
    elsewhere = _elsewhere(unit.session, rows)
    reminded = [row for row in rows if _reminder_is_due(row, settings, unit.now, elsewhere)]
    last = _last_digests(unit.session, person_id).get(digest_key(person_id))
    digest = _digest_is_due(settings, rows, last, unit.now)
    told = rows if digest else reminded
    occasion = ActionOccasion.DIGEST if digest else ActionOccasion.REMINDER
    mail = desk.compose(occasion, unit.get(Person, person_id), told, unit.now)
    if mail is None:
        return None
    for row in reminded:
        unit.get(Action, row.id).reminded_at = unit.now
    if digest:
        _note_digest(unit, person_id)
    desk.deliver(unit, mail, told[0])
    return occasion


def _send_lead(unit: Unit, desk: Composer, person_id: UUID) -> bool:
    """Queue what goes to somebody who answers for a partner; False if it is not due any more."""
    reserve(unit.session, person_id)
    settings = read_follow_up(unit.session)
    rows = _followed(unit.session, settings)
    told = _escalations(unit.session, rows, settings, unit.now).get(person_id, [])
    days = settings.rules.escalate_after or 0
    person = unit.get(Person, person_id)
    mail = desk.compose(ActionOccasion.ESCALATION, person, told, unit.now, days)
    if mail is None:
        return False
    for row in told:
        unit.get(Action, row.id).escalated_at = unit.now
    desk.deliver(unit, mail, told[0])
    return True


# --- what is due ----------------------------------------------------------------------------------


def _followed(
    session: Session, settings: FollowUpSettings, person_id: UUID | None = None
) -> list[ActionRow]:
    """Return the open actions whose mail goes out by itself."""
    action = schema.action.c
    query = action_query().where(
        action.status == ActionStatus.OPEN, action.project_id.in_(settings.projects)
    )
    if person_id is not None:
        query = query.where(action.owner_person_id == person_id)
    return [action_row(row) for row in session.execute(query)]


def _elsewhere(session: Session, rows: Iterable[ActionRow]) -> dict[UUID, set[date]]:
    """Return by action the days whose reminder a server sends, or sent."""
    owners = {row.id: row.owner_person_id for row in rows}
    handled = outbox.handled(session, REMINDER_PURPOSE, owners)
    return {action_id: {at.date() for at in times} for action_id, times in handled.items()}


def _reminder_is_due(
    row: ActionRow, settings: FollowUpSettings, now: datetime, elsewhere: Mapping[UUID, set[date]]
) -> bool:
    rules = settings.rules_of(row.project_id)
    if rules is None or row.due_on is None or row.owner_person_id is None:
        return False
    told = (row.sent_at, row.reminded_at)
    return reminder_is_due(row.due_on, told, now, rules, elsewhere.get(row.id, ()))


def _last_digests(session: Session, person_id: UUID | None = None) -> dict[str, str]:
    """Return the days of the last digests, as they are kept, by `digest_key`; of one, or of all."""
    kept = schema.setting.c
    query = select(kept.key, kept.value).where(
        kept.key.startswith(DIGEST_KEYS, autoescape=True)
        if person_id is None
        else kept.key == digest_key(person_id)
    )
    return {row.key: row.value for row in session.execute(query)}


def _digest_is_due(
    settings: FollowUpSettings, own: Iterable[ActionRow], last: str | None, now: datetime
) -> bool:
    """Return whether this week's digest is still to go to who has these open actions.

    last: the day of the last one, as it is kept.
    """
    days = [
        day
        for each in {row.project_id for row in own}
        if (rules := settings.rules_of(each)) and (day := digest_day(now, rules))
    ]
    return bool(days) and (last is None or last < min(days).isoformat())


def _note_digest(unit: Unit, person_id: UUID) -> None:
    keep(unit.session, digest_key(person_id), unit.now.date().isoformat())


def _escalations(
    session: Session, rows: Iterable[ActionRow], settings: FollowUpSettings, now: datetime
) -> dict[UUID, list[ActionRow]]:
    """Return who is told of which late actions of their partner."""
    due = [
        row
        for row in rows
        if row.due_on is not None
        and (rules := settings.rules_of(row.project_id)) is not None
        and escalation_is_due(row.due_on, row.escalated_at, now, rules)
    ]
    leads = action_leads.leads(session, due)
    found: dict[UUID, list[ActionRow]] = {}
    for row in due:
        lead = leads.get(row.id)
        if lead is not None:
            found.setdefault(lead, []).append(row)
    return found


def _compose_all(
    workspace: Workspace,
    occasion: ActionOccasion,
    rows: Iterable[ActionRow],
    links: Iterable[ActionLink],
) -> list[ActionMail]:
    desk = Composer(workspace, {each.action_id: each.url for each in links})
    theirs: dict[UUID, list[ActionRow]] = {}
    for row in rows:
        if row.owner_person_id is not None and row.status is ActionStatus.OPEN:
            theirs.setdefault(row.owner_person_id, []).append(row)
    with workspace.read() as session:
        people = session.scalars(select(Person).where(schema.person.c.id.in_(theirs)))
        made = [
            desk.compose(occasion, person, theirs[person.id], workspace.now())
            for person in sorted(people, key=lambda each: (each.family_name, each.given_name))
        ]
    return [mail for mail in made if mail is not None]
