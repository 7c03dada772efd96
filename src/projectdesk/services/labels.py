"""What a record is called, in change labels and messages: WP3, T3.1, D3.2, MS4, A12."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from projectdesk.domain.consortium import (
    Body,
    BodyMember,
    Membership,
    Organisation,
    Partner,
    Person,
    Project,
)
from projectdesk.domain.effort import (
    Effort,
    EffortStatement,
    PlannedShare,
    ReportedEffort,
    ReportingPeriod,
)
from projectdesk.domain.meetings import AgendaItem, Invitation, Meeting
from projectdesk.domain.minutes import (
    Action,
    ActionNote,
    AttendanceCorrection,
    AttendanceInterval,
    Companion,
    Decision,
    Information,
    Minutes,
    MinutesReader,
    Objection,
)
from projectdesk.domain.preparation import (
    BacklogItem,
    BusySource,
    CalendarFeed,
    DateOption,
    DatePoll,
    DateVote,
    DateVoter,
    MeetingSeries,
    OwnTemplate,
    Reminder,
    ReviewQuestion,
)
from projectdesk.domain.talk import CaptionLine, Document, Poll
from projectdesk.domain.voting import Proxy, Veto, Vote, VoteSeat
from projectdesk.domain.workplan import (
    Deliverable,
    Dependency,
    Milestone,
    Risk,
    Task,
    WorkPackage,
)

_SHORT = 60


def name_of(session: Session, record: Any) -> str:
    """Return what a record is called.

    Args:
        session: to look a name up that is in another record.
        record: an entity.
    """
    match record:
        case Project():
            return record.acronym
        case Organisation():
            return _short(record.short_name or record.legal_name)
        case Person():
            return record.name or record.email
        case Partner():
            return _short(record.short_name) or _of(session, Organisation, record.organisation_id)
        case Membership() | Invitation():
            return _of(session, Person, record.person_id)
        case Body():
            return _short(record.name)
        case BodyMember():
            return _of(session, Partner, record.partner_id)
        case Meeting() | AgendaItem():
            return f"“{_short(record.title)}”"
        case Minutes():
            return _of(session, Meeting, record.meeting_id)
        case AttendanceInterval():
            return record.name
        case Poll():
            return f"“{_short(record.question)}”"
        case Document():
            return f"“{_short(record.name)}”"
        case CaptionLine():
            return _short(record.text)
        case Dependency():
            return f"{_end(session, record, 'before')} to {_end(session, record, 'after')}"
        case Effort():
            partner = _of(session, Partner, record.partner_id)
            return f"{partner} in {_of(session, WorkPackage, record.work_package_id)}"
        case EffortStatement():
            partner = _of(session, Partner, record.partner_id)
            return f"{partner} in {_of(session, ReportingPeriod, record.period_id)}"
        case PlannedShare():
            partner = _of(session, Partner, record.partner_id)
            return f"{partner} in {_of(session, ReportingPeriod, record.period_id)}"
        case ReportedEffort():
            statement = _of(session, EffortStatement, record.statement_id)
            return f"{statement}, {_of(session, WorkPackage, record.work_package_id)}"
        case _:
            return _prepared(session, record)


def _prepared(session: Session, record: Any) -> str:
    match record:
        case MeetingSeries() | DatePoll() | BacklogItem():
            return f"“{_short(record.title)}”"
        case OwnTemplate() | BusySource() | CalendarFeed():
            return f"“{_short(record.name)}”"
        case DateOption():
            return f"{record.local_start:%Y-%m-%d %H:%M}"
        case DateVoter():
            return _of(session, Person, record.person_id)
        case DateVote():
            voter = _of(session, DateVoter, record.date_voter_id)
            return f"{voter}, {_of(session, DateOption, record.date_option_id)}"
        case Reminder():
            return _of(session, Meeting, record.meeting_id)
        case _:
            return _outcome(session, record)


def _outcome(session: Session, record: Any) -> str:
    match record:
        case MinutesReader():
            return _of(session, Person, record.person_id)
        case Objection() | Information() | ActionNote():
            return f"“{_short(record.text)}”"
        case AttendanceCorrection():
            return _of(session, Invitation, record.invitation_id)
        case Companion():
            return record.name or _of(session, Person, record.person_id)
        case VoteSeat():
            partner = _of(session, Partner, record.partner_id)
            return f"{partner} in {_of(session, Vote, record.vote_id)}"
        case Proxy():
            given, taken = record.from_partner_id, record.to_partner_id
            return f"{_of(session, Partner, given)} to {_of(session, Partner, taken)}"
        case Veto():
            partner = _of(session, Partner, record.partner_id)
            return f"{partner} against {_of(session, Decision, record.decision_id)}"
        case Vote():
            return f"V{record.number}"
        case _:
            return _numbered(session, record)


def _numbered(session: Session, record: Any) -> str:
    match record:
        case WorkPackage():
            return f"WP{record.number}"
        case Task():
            return f"T{_package(session, record)}.{record.number}"
        case Deliverable():
            return f"D{_package(session, record)}.{record.number}"
        case Milestone():
            return f"MS{record.number}"
        case Risk():
            return f"R{record.number}"
        case ReportingPeriod():
            return f"RP{record.number}"
        case Decision():
            return f"D{record.number}"
        case Action():
            return f"A{record.number}"
        case ReviewQuestion():
            return f"Q{record.number}"
    raise TypeError(f"nothing is called {type(record).__name__}")


def _of(session: Session, entity: type[Any], record_id: object) -> str:
    found = session.get(entity, record_id)
    return "" if found is None else name_of(session, found)


def _end(session: Session, record: Dependency, side: str) -> str:
    task = getattr(record, f"{side}_task_id")
    if task is not None:
        return _of(session, Task, task)
    return _of(session, WorkPackage, getattr(record, f"{side}_work_package_id"))


def _package(session: Session, record: Task | Deliverable) -> int | str:
    package = session.get(WorkPackage, record.work_package_id)
    return "?" if package is None else package.number


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…"
