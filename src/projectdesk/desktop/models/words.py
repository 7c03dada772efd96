"""What the values of the domain are called, and which tone they have."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from projectdesk.desktop.language import say
from projectdesk.desktop.models import mail_sentences
from projectdesk.desktop.models.fields import Option
from projectdesk.desktop.theme.tokens import Tone
from projectdesk.domain.consortium import BodyKind, OrganisationType, PartnerRole
from projectdesk.domain.effort import StatementState
from projectdesk.domain.meetings import (
    CallRole,
    InvitationAnswer,
    ItemKind,
    MeetingState,
    MeetingType,
)
from projectdesk.domain.minutes import ActionStatus, CorrectionKind, MinutesState
from projectdesk.domain.preparation import QuestionState
from projectdesk.domain.rules.attendance import AttendanceStatus, CorrectionFault
from projectdesk.domain.rules.quorum import ProxyFault
from projectdesk.domain.workplan import (
    DeliverableStatus,
    DeliverableType,
    DependencyType,
    DisseminationLevel,
    RiskGrade,
    RiskStatus,
)
from projectdesk.services import notice_rows
from projectdesk.services.plan_problems import TEXTS
from projectdesk.services.rows import Kind

_WORDS: Final[tuple[tuple[StrEnum, str], ...]] = (
    (PartnerRole.COORDINATOR, "Coordinator"),
    (PartnerRole.BENEFICIARY, "Beneficiary"),
    (PartnerRole.AFFILIATED_ENTITY, "Affiliated entity"),
    (PartnerRole.ASSOCIATED_PARTNER, "Associated partner"),
    (PartnerRole.SUBCONTRACTOR, "Subcontractor"),
    (PartnerRole.THIRD_PARTY, "Third party"),
    (PartnerRole.GRANTING_AUTHORITY, "Granting authority"),
    (OrganisationType.HES, "Higher education"),
    (OrganisationType.REC, "Research organisation"),
    (OrganisationType.PRC, "Private company"),
    (OrganisationType.PUB, "Public body"),
    (OrganisationType.OTH, "Other"),
    (OrganisationType.UNKNOWN, "Not known"),
    (BodyKind.GENERAL_ASSEMBLY, "General Assembly"),
    (BodyKind.EXECUTIVE_BOARD, "Executive Board"),
    (BodyKind.STEERING_COMMITTEE, "Steering Committee"),
    (BodyKind.ADVISORY_BOARD, "Advisory Board"),
    (BodyKind.WORK_PACKAGE_TEAM, "Work package team"),
    (BodyKind.OTHER, "Other"),
    (MeetingType.KICK_OFF, "Kick-off"),
    (MeetingType.INTERIM_REVIEW, "Interim review"),
    (MeetingType.FINAL_REVIEW, "Final review"),
    (MeetingType.GENERAL_ASSEMBLY, "General Assembly"),
    (MeetingType.EXECUTIVE_BOARD, "Executive Board"),
    (MeetingType.WORK_PACKAGE_CALL, "Work package call"),
    (MeetingType.WORKSHOP, "Workshop"),
    (MeetingType.AD_HOC, "Ad hoc"),
    (MeetingType.PITCHING, "Pitching"),
    (MeetingType.MATCHMAKING, "Matchmaking"),
    (MeetingType.WEBINAR, "Webinar"),
    (MeetingType.CONCEPT_WORKSHOP, "Concept workshop"),
    (MeetingState.PLANNED, "Planned|meeting"),
    (MeetingState.LIVE, "Live"),
    (MeetingState.HELD, "Held"),
    (MeetingState.CANCELLED, "Cancelled"),
    (ItemKind.INFORMATION, "Information"),
    (ItemKind.DISCUSSION, "Discussion"),
    (ItemKind.DECISION, "Decision"),
    (ItemKind.BREAK, "Break"),
    (CallRole.CHAIR, "Chair"),
    (CallRole.COHOST, "Co-host"),
    (CallRole.PRESENTER, "Presenter"),
    (CallRole.PARTICIPANT, "Participant"),
    (CallRole.OBSERVER, "Observer"),
    (CallRole.INTERPRETER, "Interpreter"),
    (InvitationAnswer.NONE, "No answer"),
    (InvitationAnswer.ACCEPTED, "Accepted|answer"),
    (InvitationAnswer.TENTATIVE, "Tentative"),
    (InvitationAnswer.DECLINED, "Declined|answer"),
    (ActionStatus.OPEN, "Open"),
    (ActionStatus.DONE, "Done"),
    (ActionStatus.DROPPED, "Dropped"),
    (AttendanceStatus.PRESENT, "Present"),
    (AttendanceStatus.REPRESENTED, "Represented"),
    (AttendanceStatus.EXCUSED, "Excused"),
    (AttendanceStatus.ABSENT, "Absent"),
    (CorrectionKind.PRESENT, "Present"),
    (CorrectionKind.ABSENT, "Absent"),
    (CorrectionFault.BACKWARDS, "Ends before it begins"),
    (CorrectionFault.OUTSIDE, "Reaches beyond the meeting"),
    (CorrectionFault.OVERLAP, "Overlaps another correction"),
    (ProxyFault.NOT_ALLOWED, "The body takes no proxies"),
    (ProxyFault.NO_MEMBER, "Not a member of the body"),
    (ProxyFault.ITSELF, "A member cannot represent itself"),
    (ProxyFault.IN_DEFAULT, "In default, no vote"),
    (ProxyFault.CHAIN, "A proxy cannot be passed on"),
    (ProxyFault.LIMIT, "Represents too many members"),
    (ProxyFault.TWICE, "Gave two proxies at once"),
    (MinutesState.DRAFT, "Draft"),
    (MinutesState.CIRCULATED, "Circulated"),
    (MinutesState.ACCEPTED, "Accepted"),
    (MinutesState.SUPERSEDED, "Superseded"),
    (DeliverableStatus.PLANNED, "Planned"),
    (DeliverableStatus.IN_PREPARATION, "In preparation"),
    (DeliverableStatus.INTERNAL_REVIEW, "Internal review"),
    (DeliverableStatus.SUBMITTED, "Submitted"),
    (DeliverableStatus.ACCEPTED, "Accepted"),
    (DeliverableStatus.REVISION_REQUESTED, "Revision requested"),
    (DeliverableStatus.REJECTED, "Rejected"),
    (DeliverableType.R, "Report (R)"),
    (DeliverableType.DEM, "Demonstrator (DEM)"),
    (DeliverableType.DEC, "Website, media (DEC)"),
    (DeliverableType.DATA, "Data sets (DATA)"),
    (DeliverableType.DMP, "Data management plan (DMP)"),
    (DeliverableType.ETHICS, "Ethics"),
    (DeliverableType.SECURITY, "Security"),
    (DeliverableType.OTHER, "Other"),
    (DisseminationLevel.PU, "Public (PU)"),
    (DisseminationLevel.SEN, "Sensitive (SEN)"),
    (DisseminationLevel.EU_R, "R-UE/EU-R"),
    (DisseminationLevel.EU_C, "C-UE/EU-C"),
    (DisseminationLevel.EU_S, "S-UE/EU-S"),
    (DependencyType.FINISH_START, "starts after it ends"),
    (DependencyType.START_START, "starts with its start"),
    (DependencyType.FINISH_FINISH, "ends with its end"),
    (DependencyType.START_FINISH, "ends with its start"),
    (Kind.PROJECT, "Project"),
    (Kind.ORGANISATION, "Organisation"),
    (Kind.PARTNER, "Partner"),
    (Kind.PERSON, "Person"),
    (Kind.MEMBERSHIP, "Membership"),
    (Kind.BODY, "Body"),
    (Kind.BODY_MEMBER, "Body member"),
    (Kind.WORK_PACKAGE, "Work package"),
    (Kind.TASK, "Task"),
    (Kind.DELIVERABLE, "Deliverable"),
    (Kind.MILESTONE, "Milestone"),
    (Kind.DEPENDENCY, "Dependency"),
    (Kind.RISK, "Risk"),
    (StatementState.OPEN, "Not asked"),
    (StatementState.ASKED, "Asked"),
    (StatementState.ANSWERED, "Answered"),
    (StatementState.SENT_BACK, "Sent back"),
    (StatementState.APPROVED, "Approved"),
    (RiskGrade.LOW, "Low"),
    (RiskGrade.MEDIUM, "Medium"),
    (RiskGrade.HIGH, "High"),
    (RiskStatus.OPEN, "Open"),
    (RiskStatus.OCCURRED, "Occurred"),
    (RiskStatus.CLOSED, "Closed"),
    (Kind.EFFORT, "Effort"),
    (Kind.REPORTING_PERIOD, "Reporting period"),
    (Kind.EFFORT_STATEMENT, "Statement of effort"),
    (Kind.REPORTED_EFFORT, "Reported effort"),
    (Kind.MEETING, "Meeting"),
    (Kind.AGENDA_ITEM, "Agenda item"),
    (Kind.INVITATION, "Invitation"),
    (Kind.MINUTES, "Minutes"),
    (Kind.DECISION, "Decision"),
    (Kind.VOTE, "Vote of a body"),
    (Kind.VOTE_SEAT, "Vote of a member"),
    (Kind.PROXY, "Proxy"),
    (Kind.VETO, "Veto"),
    (Kind.INFORMATION, "Information"),
    (Kind.MINUTES_READER, "Reader of minutes"),
    (Kind.OBJECTION, "Objection"),
    (Kind.ACTION_NOTE, "Note on an action"),
    (Kind.ATTENDANCE_CORRECTION, "Correction of attendance"),
    (Kind.COMPANION, "Person behind a camera"),
    (Kind.ACTION, "Action"),
    (Kind.ATTENDANCE, "Attendance"),
    (Kind.POLL, "Poll"),
    (Kind.DATE_POLL, "Date poll"),
    (Kind.DATE_OPTION, "Date of a poll"),
    (Kind.DATE_VOTER, "Voter"),
    (Kind.DATE_VOTE, "Vote"),
    (Kind.DOCUMENT, "Document"),
    (Kind.CAPTION_LINE, "Caption"),
    (Kind.CALENDAR_FEED, "Calendar feed"),
    (Kind.REVIEW_QUESTION, "Question"),
    (QuestionState.OPEN, "Open"),
    (QuestionState.ANSWERED, "Answered"),
    (QuestionState.FOLLOW_UP, "Follow-up"),
    (Kind.MEETING_SERIES, "Series"),
    (Kind.BUSY_SOURCE, "Calendar"),
    (Kind.BACKLOG_ITEM, "Item of the backlog"),
    (Kind.OWN_TEMPLATE, "Own template"),
    (Kind.REMINDER, "Reminder"),
    (Kind.PLANNED_SHARE, "Planned share of a frozen period"),
)
_BY_TYPE: Final = {(type(value), value): text for value, text in _WORDS}

_TONES: Final[dict[tuple[type, StrEnum], Tone]] = {
    (type(value), value): tone
    for value, tone in (
        (MeetingState.LIVE, Tone.SUCCESS),
        (MeetingState.PLANNED, Tone.ACCENT),
        (MeetingState.CANCELLED, Tone.DANGER),
        (ItemKind.DECISION, Tone.WARNING),
        (ItemKind.DISCUSSION, Tone.INFO),
        (CallRole.CHAIR, Tone.ACCENT),
        (CallRole.COHOST, Tone.ACCENT),
        (CallRole.PRESENTER, Tone.INFO),
        (InvitationAnswer.ACCEPTED, Tone.SUCCESS),
        (InvitationAnswer.TENTATIVE, Tone.WARNING),
        (InvitationAnswer.DECLINED, Tone.DANGER),
        (ActionStatus.OPEN, Tone.ACCENT),
        (ActionStatus.DONE, Tone.SUCCESS),
        (DeliverableStatus.IN_PREPARATION, Tone.INFO),
        (DeliverableStatus.INTERNAL_REVIEW, Tone.INFO),
        (DeliverableStatus.SUBMITTED, Tone.ACCENT),
        (DeliverableStatus.ACCEPTED, Tone.SUCCESS),
        (DeliverableStatus.REVISION_REQUESTED, Tone.WARNING),
        (DeliverableStatus.REJECTED, Tone.DANGER),
        (StatementState.ASKED, Tone.INFO),
        (StatementState.ANSWERED, Tone.ACCENT),
        (StatementState.SENT_BACK, Tone.WARNING),
        (StatementState.APPROVED, Tone.SUCCESS),
        (RiskGrade.LOW, Tone.SUCCESS),
        (RiskGrade.MEDIUM, Tone.WARNING),
        (RiskGrade.HIGH, Tone.DANGER),
        (RiskStatus.OPEN, Tone.ACCENT),
        (RiskStatus.OCCURRED, Tone.DANGER),
        (PartnerRole.COORDINATOR, Tone.ACCENT),
        (MinutesState.ACCEPTED, Tone.SUCCESS),
        (AttendanceStatus.PRESENT, Tone.SUCCESS),
        (AttendanceStatus.REPRESENTED, Tone.INFO),
        (AttendanceStatus.EXCUSED, Tone.WARNING),
        (CorrectionKind.PRESENT, Tone.SUCCESS),
        (QuestionState.OPEN, Tone.ACCENT),
        (QuestionState.ANSWERED, Tone.SUCCESS),
        (QuestionState.FOLLOW_UP, Tone.WARNING),
    )
}


def word(value: StrEnum) -> str:
    """Return what `value` is called, in the reader's language."""
    return say(_BY_TYPE[type(value), value])


def tone(value: StrEnum) -> Tone:
    """Return the tone that `value` is shown in."""
    return _TONES.get((type(value), value), Tone.NEUTRAL)


def options(values: Iterable[StrEnum]) -> tuple[Option, ...]:
    """Return `values` to choose from."""
    return tuple(Option(value, word(value)) for value in values)


def all_words() -> frozenset[str]:
    """Return every English text here, for the check of the catalogues."""
    problems = (text for _, what, todo in TEXTS.values() for text in (what, todo))
    elsewhere = frozenset(problems) | notice_rows.all_texts() | mail_sentences.all_texts()
    return frozenset(text for _, text in _WORDS) | elsewhere
