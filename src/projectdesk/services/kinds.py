"""The kinds of record: what each is called, what of it a person edits, and by which rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from projectdesk.domain import (
    consortium,
    effort,
    meetings,
    minutes,
    preparation,
    talk,
    workplan,
)
from projectdesk.domain.rules import validation
from projectdesk.domain.rules.project_months import LAST_MONTH
from projectdesk.services import field_rules as rule
from projectdesk.services.field_rules import Reference, Rule
from projectdesk.services.rows import Kind


@dataclass(frozen=True)
class KindSpec:
    """One kind. entity: its class. fixed: fields given once, when it is made. fields: editable.

    by_hand: whether a person makes such records; others come about by what happens.
    """

    entity: type[Any]
    noun: str
    plural: str
    fields: Mapping[str, Rule] = field(default_factory=dict)
    fixed: Mapping[str, Rule] = field(default_factory=dict)
    by_hand: bool = True


_PROJECT = Reference(Kind.PROJECT, optional=False)
_PARTNER = Reference(Kind.PARTNER, optional=False)
_WORK_PACKAGE = Reference(Kind.WORK_PACKAGE, optional=False)
_MEETING = Reference(Kind.MEETING, optional=False)
_DAYS = rule.whole(0, 1000)
_LENGTH = rule.whole(1, 14 * rule.DAY_MINUTES)
_RELATED: Mapping[str, Rule] = {
    "work_package_id": Reference(Kind.WORK_PACKAGE),
    "deliverable_id": Reference(Kind.DELIVERABLE),
    "milestone_id": Reference(Kind.MILESTONE),
}

SPECS: dict[Kind, KindSpec] = {
    Kind.PROJECT: KindSpec(
        consortium.Project,
        "project",
        "projects",
        {
            "acronym": rule.line(required=True),
            "title": rule.line(),
            "grant_number": rule.line(),
            "programme": rule.line(),
            "call": rule.line(),
            "topics": rule.lines,
            "funding_scheme": rule.line(),
            "status": rule.line(),
            "objective": rule.prose(),
            "website": rule.text(validation.web),
            "start_date": rule.day,
            "end_date": rule.day,
            "duration_months": rule.optional_whole(1, LAST_MONTH),
            "total_cost": rule.amount,
            "eu_contribution": rule.amount,
        },
        {"source": rule.line(), "source_id": rule.line()},
    ),
    Kind.ORGANISATION: KindSpec(
        consortium.Organisation,
        "organisation",
        "organisations",
        {
            "legal_name": rule.line(required=True),
            "short_name": rule.line(),
            "country": rule.country,
            "pic": rule.text(validation.pic),
            "vat_number": rule.line(),
            "type": rule.choice(consortium.OrganisationType),
            "sme": rule.optional_flag,
            "street": rule.line(),
            "post_code": rule.line(),
            "city": rule.line(),
            "nuts_code": rule.text(validation.nuts),
            "website": rule.text(validation.web),
            "latitude": rule.degrees(90),
            "longitude": rule.degrees(180),
        },
    ),
    Kind.PARTNER: KindSpec(
        consortium.Partner,
        "partner",
        "partners",
        {
            "number": rule.optional_whole(1),
            "parent_number": rule.optional_whole(1),
            "parent_id": Reference(Kind.PARTNER),
            "replaces_id": Reference(Kind.PARTNER),
            "position": rule.whole(),
            "short_name": rule.line(),
            "role": rule.choice(consortium.PartnerRole),
            "active_from": rule.day,
            "active_to": rule.day,
            "coordinator_from": rule.day,
            "coordinator_to": rule.day,
            "contribution": rule.amount,
            "total_cost": rule.amount,
        },
        {
            "project_id": _PROJECT,
            "organisation_id": Reference(Kind.ORGANISATION, optional=False),
            "source_id": rule.line(),
        },
    ),
    Kind.PERSON: KindSpec(
        consortium.Person,
        "person",
        "people",
        {
            "given_name": rule.line(),
            "family_name": rule.line(),
            "email": rule.text(validation.email),
            "phone": rule.line(),
            "organisation_id": Reference(Kind.ORGANISATION),
            "country": rule.country,
            "region": rule.line(),
            "zone": rule.text(validation.zone),
            "work_from": rule.whole(0, rule.DAY_MINUTES),
            "work_to": rule.whole(0, rule.DAY_MINUTES),
            "languages": rule.languages,
        },
    ),
    Kind.MEMBERSHIP: KindSpec(
        consortium.Membership,
        "membership",
        "memberships",
        {"partner_id": Reference(Kind.PARTNER), "function": rule.line()},
        {"project_id": _PROJECT, "person_id": Reference(Kind.PERSON, optional=False)},
    ),
    Kind.BODY: KindSpec(
        consortium.Body,
        "body",
        "bodies",
        {
            "kind": rule.choice(consortium.BodyKind),
            "name": rule.line(required=True),
            "chair_id": Reference(Kind.PERSON),
            "quorum_numerator": rule.whole(1, 1000),
            "quorum_denominator": rule.whole(1, 1000),
            "majority_numerator": rule.whole(1, 1000),
            "majority_denominator": rule.whole(1, 1000),
            "notice_ordinary_days": _DAYS,
            "notice_extraordinary_days": _DAYS,
            "agenda_days": _DAYS,
            "agenda_extraordinary_days": _DAYS,
            "items_days": _DAYS,
            "minutes_draft_days": _DAYS,
            "minutes_accept_days": _DAYS,
        },
        {"project_id": _PROJECT},
    ),
    Kind.BODY_MEMBER: KindSpec(
        consortium.BodyMember,
        "seat",
        "seats in bodies",
        {
            "representative_id": Reference(Kind.PERSON),
            "deputy_id": Reference(Kind.PERSON),
        },
        {
            "body_id": Reference(Kind.BODY, optional=False),
            "partner_id": _PARTNER,
        },
    ),
    Kind.WORK_PACKAGE: KindSpec(
        workplan.WorkPackage,
        "work package",
        "work packages",
        {
            "number": rule.whole(1),
            "title": rule.line(required=True),
            "lead_partner_id": Reference(Kind.PARTNER),
            "start_month": rule.month(),
            "end_month": rule.month(),
            "objectives": rule.prose(),
            "description": rule.prose(),
        },
        {"project_id": _PROJECT},
    ),
    Kind.TASK: KindSpec(
        workplan.Task,
        "task",
        "tasks",
        {
            "number": rule.whole(1),
            "title": rule.line(required=True),
            "lead_partner_id": Reference(Kind.PARTNER),
            "start_month": rule.month(),
            "end_month": rule.month(),
            "description": rule.prose(),
            "work_package_id": _WORK_PACKAGE,
        },
    ),
    Kind.DELIVERABLE: KindSpec(
        workplan.Deliverable,
        "deliverable",
        "deliverables",
        {
            "number": rule.whole(1),
            "title": rule.line(required=True),
            "description": rule.prose(),
            "lead_partner_id": Reference(Kind.PARTNER),
            "type": rule.choice(workplan.DeliverableType),
            "level": rule.choice(workplan.DisseminationLevel),
            "due_month": rule.month(),
            "status": rule.choice(workplan.DeliverableStatus),
            "draft_on": rule.day,
            "reviewer_id": Reference(Kind.PERSON),
            "reviewed_on": rule.day,
            "expected_on": rule.day,
            "submitted_on": rule.day,
            "decided_on": rule.day,
            "work_package_id": _WORK_PACKAGE,
        },
    ),
    Kind.MILESTONE: KindSpec(
        workplan.Milestone,
        "milestone",
        "milestones",
        {
            "number": rule.whole(1),
            "title": rule.line(required=True),
            "work_package_ids": rule.work_packages,
            "lead_partner_id": Reference(Kind.PARTNER),
            "due_month": rule.month(),
            "means_of_verification": rule.prose(),
            "expected_on": rule.day,
            "achieved_on": rule.day,
            "verified_by_id": Reference(Kind.PERSON),
            "verification": rule.prose(),
        },
        {"project_id": _PROJECT},
    ),
    Kind.DEPENDENCY: KindSpec(
        workplan.Dependency,
        "dependency",
        "dependencies",
        {
            "type": rule.choice(workplan.DependencyType),
            "lag_months": rule.whole(-LAST_MONTH, LAST_MONTH),
        },
        {
            "project_id": _PROJECT,
            "before_work_package_id": Reference(Kind.WORK_PACKAGE),
            "before_task_id": Reference(Kind.TASK),
            "after_work_package_id": Reference(Kind.WORK_PACKAGE),
            "after_task_id": Reference(Kind.TASK),
        },
    ),
    Kind.RISK: KindSpec(
        workplan.Risk,
        "risk",
        "risks",
        {
            "number": rule.whole(1),
            "title": rule.prose(required=True),
            "work_package_ids": rule.work_packages,
            "likelihood": rule.choice(workplan.RiskGrade),
            "severity": rule.choice(workplan.RiskGrade),
            "mitigation": rule.prose(),
            "owner_partner_id": Reference(Kind.PARTNER),
            "status": rule.choice(workplan.RiskStatus),
        },
        {"project_id": _PROJECT},
    ),
    Kind.EFFORT: KindSpec(
        effort.Effort,
        "effort",
        "cells of effort",
        {"months": rule.person_months},
        {"partner_id": _PARTNER, "work_package_id": _WORK_PACKAGE},
    ),
    Kind.REPORTING_PERIOD: KindSpec(
        effort.ReportingPeriod,
        "reporting period",
        "reporting periods",
        {
            "number": rule.whole(1),
            "start_month": rule.month(),
            "end_month": rule.month(),
            "due_days": _DAYS,
            "frozen_on": rule.day,
        },
        {"project_id": _PROJECT},
    ),
    Kind.EFFORT_STATEMENT: KindSpec(
        effort.EffortStatement,
        "statement of effort",
        "statements of effort",
        {"person_id": Reference(Kind.PERSON), "deadline": rule.day, "remark": rule.prose()},
        by_hand=False,
    ),
    Kind.REPORTED_EFFORT: KindSpec(
        effort.ReportedEffort,
        "reported effort",
        "cells of reported effort",
        {"months": rule.person_months},
        {
            "statement_id": Reference(Kind.EFFORT_STATEMENT, optional=False),
            "work_package_id": _WORK_PACKAGE,
        },
    ),
    Kind.MEETING: KindSpec(
        meetings.Meeting,
        "meeting",
        "meetings",
        {
            "type": rule.choice(meetings.MeetingType),
            "title": rule.line(required=True),
            "body_id": Reference(Kind.BODY),
            "local_start": rule.local_time,
            "zone": rule.required_zone,
            "fold_rule": rule.choice(meetings.FoldRule),
            "duration_minutes": _LENGTH,
            "place": rule.line(),
            "state": rule.choice(meetings.MeetingState),
            "host": rule.line(),
            "extraordinary": rule.flag,
            "organiser": rule.line(),
            "outside_url": rule.text(validation.web),
            "rehearsal_of_id": Reference(Kind.MEETING),
            "nights": rule.lines,
        },
        {"project_id": _PROJECT},
    ),
    Kind.AGENDA_ITEM: KindSpec(
        meetings.AgendaItem,
        "agenda item",
        "agenda items",
        {
            "position": rule.whole(),
            "title": rule.line(required=True),
            "kind": rule.choice(meetings.ItemKind),
            "duration_minutes": rule.whole(0, rule.DAY_MINUTES),
            "presenter_id": Reference(Kind.PERSON),
            "presenter_text": rule.line(),
            "description": rule.prose(),
            **_RELATED,
            "risk_id": Reference(Kind.RISK),
            "section": rule.line(),
            "day": rule.whole(1, 14),
            "starts_minute": rule.optional_whole(0, rule.DAY_MINUTES),
            "track": rule.line(),
            "minutes_of_id": Reference(Kind.MEETING),
            "carried_from_id": Reference(Kind.AGENDA_ITEM),
        },
        {"meeting_id": _MEETING, "added_at": rule.instant},
    ),
    Kind.INVITATION: KindSpec(
        meetings.Invitation,
        "invitation",
        "invitations",
        {
            "partner_id": Reference(Kind.PARTNER),
            "role": rule.choice(meetings.CallRole),
            "required": rule.flag,
        },
        {"meeting_id": _MEETING, "person_id": Reference(Kind.PERSON, optional=False)},
    ),
    Kind.MINUTES: KindSpec(minutes.Minutes, "set of minutes", "sets of minutes", by_hand=False),
    Kind.DECISION: KindSpec(
        minutes.Decision,
        "decision",
        "decisions",
        {
            "text": rule.prose(required=True),
            "agenda_item_id": Reference(Kind.AGENDA_ITEM),
            "made_at": rule.instant,
        },
        {"project_id": _PROJECT, "meeting_id": _MEETING, "number": rule.whole(1)},
    ),
    Kind.ACTION: KindSpec(
        minutes.Action,
        "action",
        "actions",
        {
            "text": rule.prose(required=True),
            "agenda_item_id": Reference(Kind.AGENDA_ITEM),
            "owner_person_id": Reference(Kind.PERSON),
            "owner_partner_id": Reference(Kind.PARTNER),
            "due_on": rule.day,
            "status": rule.choice(minutes.ActionStatus),
            "done_on": rule.day,
            "work_package_id": Reference(Kind.WORK_PACKAGE),
            "deliverable_id": Reference(Kind.DELIVERABLE),
        },
        {
            "project_id": _PROJECT,
            "meeting_id": Reference(Kind.MEETING),
            "number": rule.whole(1),
        },
    ),
    Kind.ATTENDANCE: KindSpec(
        minutes.AttendanceInterval,
        "stretch of attendance",
        "stretches of attendance",
        by_hand=False,
    ),
    Kind.POLL: KindSpec(talk.Poll, "poll", "polls", by_hand=False),
    Kind.DOCUMENT: KindSpec(
        talk.Document,
        "document",
        "documents",
        {"name": rule.line(required=True), "note": rule.prose()},
        by_hand=False,
    ),
    Kind.CAPTION_LINE: KindSpec(talk.CaptionLine, "caption", "captions", by_hand=False),
    Kind.MEETING_SERIES: KindSpec(
        preparation.MeetingSeries,
        "series of meetings",
        "series of meetings",
        {
            "title": rule.line(required=True),
            "type": rule.choice(meetings.MeetingType),
            "rule": rule.line(required=True),
            "local_start": rule.local_time,
            "zone": rule.required_zone,
            "duration_minutes": _LENGTH,
        },
        {"project_id": _PROJECT},
    ),
    Kind.BACKLOG_ITEM: KindSpec(
        preparation.BacklogItem,
        "item of the backlog",
        "items of the backlog",
        {
            "body_id": Reference(Kind.BODY),
            "position": rule.whole(),
            "title": rule.line(required=True),
            "kind": rule.choice(meetings.ItemKind),
            "duration_minutes": rule.whole(0, rule.DAY_MINUTES),
            "presenter_id": Reference(Kind.PERSON),
            "presenter_text": rule.line(),
            "description": rule.prose(),
            **_RELATED,
            "risk_id": Reference(Kind.RISK),
            "reason": rule.line(),
        },
        {
            "project_id": _PROJECT,
            "carried_from_id": Reference(Kind.AGENDA_ITEM),
            "added_at": rule.instant,
        },
    ),
    Kind.OWN_TEMPLATE: KindSpec(
        preparation.OwnTemplate,
        "template",
        "templates",
        {
            "name": rule.line(required=True),
            "type": rule.choice(meetings.MeetingType),
            "content": rule.prose(required=True),
        },
        {"project_id": Reference(Kind.PROJECT)},
    ),
    Kind.DATE_POLL: KindSpec(
        preparation.DatePoll,
        "date poll",
        "date polls",
        {
            "title": rule.line(required=True),
            "description": rule.prose(),
            "type": rule.choice(meetings.MeetingType),
            "body_id": Reference(Kind.BODY),
            "duration_minutes": _LENGTH,
            "zone": rule.required_zone,
            "deadline": rule.optional_instant,
            "rule": rule.choice(preparation.PollRule),
            "shows_answers": rule.flag,
            "reminder_days": rule.days_before,
        },
        {"project_id": _PROJECT, "meeting_id": Reference(Kind.MEETING)},
    ),
    Kind.DATE_OPTION: KindSpec(
        preparation.DateOption,
        "date of a poll",
        "dates of polls",
        {"local_start": rule.local_time, "fold_rule": rule.choice(meetings.FoldRule)},
        {"date_poll_id": Reference(Kind.DATE_POLL, optional=False)},
        by_hand=False,
    ),
    Kind.DATE_VOTER: KindSpec(
        preparation.DateVoter,
        "voter",
        "voters",
        {"partner_id": Reference(Kind.PARTNER), "required": rule.flag},
        {
            "date_poll_id": Reference(Kind.DATE_POLL, optional=False),
            "person_id": Reference(Kind.PERSON, optional=False),
        },
    ),
    Kind.DATE_VOTE: KindSpec(preparation.DateVote, "vote", "votes", by_hand=False),
    Kind.BUSY_SOURCE: KindSpec(
        preparation.BusySource,
        "calendar of a person",
        "calendars of people",
        {"name": rule.line(required=True), "address": rule.text(validation.web)},
        {
            "person_id": Reference(Kind.PERSON, optional=False),
            "kind": rule.choice(preparation.BusySourceKind),
        },
    ),
    Kind.REMINDER: KindSpec(
        preparation.Reminder,
        "reminder",
        "reminders",
        {"minutes_before": rule.whole(0, 365 * rule.DAY_MINUTES)},
        {"meeting_id": _MEETING},
    ),
    Kind.CALENDAR_FEED: KindSpec(
        preparation.CalendarFeed,
        "calendar feed",
        "calendar feeds",
        {"name": rule.line(required=True)},
        {"project_id": Reference(Kind.PROJECT)},
    ),
    Kind.REVIEW_QUESTION: KindSpec(
        preparation.ReviewQuestion,
        "question",
        "questions",
        {
            "number": rule.whole(1),
            "asked_by": rule.line(),
            "text": rule.prose(required=True),
            "answer": rule.prose(),
            "answered_by_id": Reference(Kind.PERSON),
            "state": rule.choice(preparation.QuestionState),
            "work_package_id": Reference(Kind.WORK_PACKAGE),
            "deliverable_id": Reference(Kind.DELIVERABLE),
            "due_on": rule.day,
        },
        {"meeting_id": _MEETING},
    ),
}
"""Every kind."""


def in_words(kind: Kind, number: int) -> str:
    """Return a count in words: `1 task`, `7 tasks`."""
    spec = SPECS[kind]
    return f"{number} {spec.noun if number == 1 else spec.plural}"
