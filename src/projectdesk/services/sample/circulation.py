"""The sample's minutes after they were written: circulated, received, objected to, accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import insert

from projectdesk.domain.consortium import Person
from projectdesk.domain.meetings import AgendaItem, Invitation, Meeting
from projectdesk.domain.minutes import (
    Acceptance,
    Action,
    Decision,
    Minutes,
    MinutesReader,
    MinutesState,
    Objection,
    ObjectionState,
)
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.domain.rules.minutes_life import window_end
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.services.minutes_versions import (
    VersionAction,
    VersionContent,
    VersionDecision,
    VersionItem,
)
from projectdesk.services.sample.trails import SampleTrail
from projectdesk.services.session import Unit
from projectdesk.store import schema

_AFTER: Final = timedelta(days=6, hours=3)
"""How long after the meeting its minutes were circulated."""
_ACCEPT_DAYS: Final = 15
_COLLECTED: Final = timedelta(hours=8, minutes=41)
"""How long after the end of a window a desktop heard of it: the next morning, as it was opened."""
_OBJECTIONS: Final = (
    (3, 1, "The second campaign was left open, not moved to May: Galway depends on the ship's "
     "schedule, which comes in January.", ""),
    (8, 0, "Our participant left before the vote and should not be listed with it.",
     "Attendance has him in the call to its end, and so when the vote was closed."),
)  # fmt: skip
"""Reader and agenda item by place, words, and the chair's answer ("" = none yet)."""


def make_circulation(
    unit: Unit,
    meeting: Meeting,
    minutes: Minutes,
    items: Sequence[tuple[AgendaItem, str]],
    invitations: Mapping[str, Invitation],
    people: Mapping[str, Person],
    records: Iterable[Decision | Action],
) -> None:
    """Add what came of circulating a meeting's minutes, unless they are a draft.

    Args:
        unit: the change that makes the sample.
        meeting: whose minutes.
        minutes: in the state that they have by now.
        items: of the agenda, each with its notes.
        invitations: by the key of the person.
        people: by the same keys.
        records: what was decided, and given to do.
    """
    if minutes.state is MinutesState.DRAFT or meeting.ended_at is None:
        return
    sent = meeting.ended_at + _AFTER
    until = window_end(sent, _ACCEPT_DAYS, zone_of(meeting.zone))
    minutes.circulated_at, minutes.objections_until = sent, until
    told = SampleTrail(minutes.id)
    told.step(meeting.ended_at, AuditStep.BEGUN, text=meeting.title)
    readers = [
        (people[key], MinutesReader(
            minutes_id=minutes.id,
            person_id=invitation.person_id,
            partner_id=invitation.partner_id,
            may_object=invitation.partner_id is not None,
            sent_at=sent + timedelta(minutes=2),
        ))
        for key, invitation in invitations.items()
    ]  # fmt: skip
    names = ", ".join(person.name for person, _ in readers)
    told.step(sent, AuditStep.CIRCULATED, text=f"Until {until:%Y-%m-%dT%H:%M:%SZ}, to {names}")
    for at, (person, reader) in enumerate(readers):
        unit.add(reader)
        if at % 5 != 4:
            reader.received_at = sent + timedelta(hours=2 + 7 * at, minutes=11 * at % 60)
            told.step(reader.received_at, AuditStep.RECEIVED, reader.id, person.name)
    accepted = minutes.state is MinutesState.ACCEPTED
    if not accepted:
        _object(unit, minutes, readers, [item for item, _ in items], sent, told)
    _keep(unit, meeting, minutes, items, list(records), sent)
    if accepted:
        minutes.accepted_at = until + _COLLECTED
        minutes.acceptance = Acceptance.UNOPPOSED
        told.step(minutes.accepted_at, AuditStep.ACCEPTED, text="nobody objected")
    minutes.audit_head = told.write(unit)[AuditStep.CIRCULATED]


def _object(
    unit: Unit,
    minutes: Minutes,
    readers: Sequence[tuple[Person, MinutesReader]],
    items: Sequence[AgendaItem],
    sent: datetime,
    told: SampleTrail,
) -> None:
    parties = [each for each in readers if each[1].may_object]
    for number, (whose, item, words, answer) in enumerate(_OBJECTIONS, 1):
        person, reader = parties[whose % len(parties)]
        at = sent + timedelta(days=3 + number, hours=5)
        objection = Objection(
            minutes_id=minutes.id,
            reader_id=reader.id,
            agenda_item_id=items[item % len(items)].id,
            number=number,
            text=words,
            raised_at=at,
            state=ObjectionState.DECLINED if answer else ObjectionState.OPEN,
            answer=answer,
            answered_at=at + timedelta(days=1) if answer else None,
        )
        unit.add(objection)
        told.step(at, AuditStep.OBJECTED, objection.id, f"{person.name}: {words}")
        if objection.answered_at is not None:
            said = f"{objection.state.value}: {answer}"
            told.step(objection.answered_at, AuditStep.OBJECTION_ANSWERED, objection.id, said)


def _keep(
    unit: Unit,
    meeting: Meeting,
    minutes: Minutes,
    items: Sequence[tuple[AgendaItem, str]],
    records: Sequence[Decision | Action],
    at: datetime,
) -> None:
    """Keep what was circulated."""
    decisions = [each for each in records if isinstance(each, Decision)]
    actions = [each for each in records if isinstance(each, Action)]
    content = VersionContent(
        title=meeting.title,
        date=meeting.local_start.date().isoformat(),
        items=[
            VersionItem(
                id=item.id.hex,
                label=str(number),
                title=item.title,
                text=notes,
                decisions=[
                    VersionDecision(each.id.hex, f"D{each.number}", each.text, each.rule)
                    for each in decisions
                    if each.agenda_item_id == item.id
                ],
                actions=[
                    VersionAction(each.id.hex, f"A{each.number}", each.text, "", each.due_on)
                    for each in actions
                    if each.agenda_item_id == item.id
                ],
            )
            for number, (item, notes) in enumerate(items, 1)
        ],
    )
    row = {
        "minutes_id": minutes.id,
        "number": 1,
        "state": MinutesState.CIRCULATED,
        "made_at": at,
        "made_by": "",
        "content": msgspec.json.encode(content).decode(),
    }
    unit.session.execute(insert(schema.minutes_version), [row])
