"""The kinds of record that come of a meeting; a part of `services.kinds`."""

from __future__ import annotations

from projectdesk.domain import minutes, voting
from projectdesk.services import field_rules as rule
from projectdesk.services.field_rules import Reference
from projectdesk.services.kind_spec import MEETING, PARTNER, PROJECT, KindSpec
from projectdesk.services.rows import Kind

_ITEM = Reference(Kind.AGENDA_ITEM)
_PERSON = Reference(Kind.PERSON)
_SHARE = rule.whole(1, 1000)

OUTCOME: dict[Kind, KindSpec] = {
    Kind.MINUTES: KindSpec(minutes.Minutes, "set of minutes", "sets of minutes", by_hand=False),
    Kind.DECISION: KindSpec(
        minutes.Decision,
        "decision",
        "decisions",
        {
            "text": rule.prose(required=True),
            "agenda_item_id": Reference(Kind.AGENDA_ITEM),
            "made_at": rule.instant,
            "state": rule.choice(minutes.DecisionState),
            "body_id": Reference(Kind.BODY),
            "replaced_by_id": Reference(Kind.DECISION),
            "work_package_id": Reference(Kind.WORK_PACKAGE),
            "deliverable_id": Reference(Kind.DELIVERABLE),
        },
        {
            "project_id": PROJECT,
            "meeting_id": Reference(Kind.MEETING),
            "number": rule.whole(1),
            "origin": rule.choice(minutes.DecisionOrigin),
            "vote_id": Reference(Kind.VOTE),
            "rule": rule.prose(),
        },
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
            "milestone_id": Reference(Kind.MILESTONE),
            "decision_id": Reference(Kind.DECISION),
        },
        {
            "project_id": PROJECT,
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
    Kind.MINUTES_READER: KindSpec(
        minutes.MinutesReader, "reader of minutes", "readers of minutes", by_hand=False
    ),
    Kind.OBJECTION: KindSpec(
        minutes.Objection,
        "objection",
        "objections",
        {"answer": rule.prose(), "state": rule.choice(minutes.ObjectionState)},
        by_hand=False,
    ),
    Kind.ACTION_NOTE: KindSpec(
        minutes.ActionNote,
        "note on an action",
        "notes on actions",
        {"text": rule.prose()},
        {
            "action_id": Reference(Kind.ACTION, optional=False),
            "kind": rule.choice(minutes.ActionNoteKind),
            "due_on": rule.day,
            "person_id": _PERSON,
            "made_at": rule.instant,
        },
    ),
    Kind.INFORMATION: KindSpec(
        minutes.Information,
        "information",
        "pieces of information",
        {
            "text": rule.prose(required=True),
            "agenda_item_id": _ITEM,
            "work_package_id": Reference(Kind.WORK_PACKAGE),
            "deliverable_id": Reference(Kind.DELIVERABLE),
        },
        {"meeting_id": MEETING, "number": rule.whole(1)},
    ),
    Kind.ATTENDANCE_CORRECTION: KindSpec(
        minutes.AttendanceCorrection,
        "correction of attendance",
        "corrections of attendance",
        {
            "kind": rule.choice(minutes.CorrectionKind),
            "from_at": rule.optional_instant,
            "to_at": rule.optional_instant,
            "reason": rule.line(),
        },
        {
            "meeting_id": MEETING,
            "invitation_id": Reference(Kind.INVITATION, optional=False),
            "made_at": rule.instant,
        },
    ),
    Kind.COMPANION: KindSpec(
        minutes.Companion,
        "person behind another's camera",
        "people behind others' cameras",
        {
            "person_id": _PERSON,
            "partner_id": Reference(Kind.PARTNER),
            "name": rule.line(),
            "from_at": rule.optional_instant,
            "to_at": rule.optional_instant,
        },
        {
            "meeting_id": MEETING,
            "invitation_id": Reference(Kind.INVITATION, optional=False),
        },
    ),
    Kind.VOTE: KindSpec(
        voting.Vote,
        "vote",
        "votes",
        {
            "question": rule.prose(required=True),
            "description": rule.prose(),
            "choices": rule.lines,
            "agenda_item_id": _ITEM,
            "secret": rule.flag,
            "weighted": rule.flag,
            "quorum_numerator": _SHARE,
            "quorum_denominator": _SHARE,
            "majority_numerator": _SHARE,
            "majority_denominator": _SHARE,
            "base": rule.choice(voting.MajorityBase),
            "tie": rule.choice(voting.TieRule),
            "deadline": rule.optional_instant,
        },
        {
            "project_id": PROJECT,
            "body_id": Reference(Kind.BODY),
            "meeting_id": Reference(Kind.MEETING),
            "setting": rule.choice(voting.VoteSetting),
            "number": rule.whole(1),
        },
    ),
    Kind.VOTE_SEAT: KindSpec(
        voting.VoteSeat,
        "seat in a vote",
        "seats in votes",
        {"voter_id": _PERSON},
        by_hand=False,
    ),
    Kind.PROXY: KindSpec(
        voting.Proxy,
        "proxy",
        "proxies",
        {"ended_at": rule.optional_instant, "note": rule.line()},
        {
            "meeting_id": MEETING,
            "from_partner_id": PARTNER,
            "to_partner_id": PARTNER,
            "announced_at": rule.instant,
        },
    ),
    Kind.VETO: KindSpec(
        voting.Veto,
        "veto",
        "vetoes",
        {
            "reason": rule.prose(required=True),
            "state": rule.choice(voting.VetoState),
            "answer": rule.prose(),
        },
        {
            "decision_id": Reference(Kind.DECISION, optional=False),
            "partner_id": PARTNER,
            "person_id": _PERSON,
            "raised_at": rule.instant,
        },
    ),
}
"""Their specifications."""
