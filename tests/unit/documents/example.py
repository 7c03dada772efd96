"""A General Assembly with everything that a document can say, and names of many scripts."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, date, datetime, timedelta

from projectdesk.domain.meetings import CallRole, InvitationAnswer, ItemKind
from projectdesk.domain.minutes import (
    ActionStatus,
    DecisionOrigin,
    DecisionState,
    MinutesState,
    ObjectionState,
)
from projectdesk.domain.preparation import QuestionState
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.domain.voting import MajorityBase, VetoState, VoteResult, VoteState
from projectdesk.domain.workplan import DeliverableStatus, RiskGrade
from projectdesk.exchange.documents.agenda_outline import of_agenda
from projectdesk.exchange.documents.attendance_outline import of_attendance
from projectdesk.exchange.documents.content import (
    ActionFacts,
    ActionsContent,
    AgendaContent,
    Attendance,
    AttendanceContent,
    AttendanceFacts,
    DecisionFacts,
    DecisionsContent,
    DeliveredFacts,
    InformationFacts,
    InviteeFacts,
    ItemFacts,
    LifeFacts,
    MeetingFacts,
    MinutesContent,
    NextMeeting,
    ObjectionFacts,
    Outcome,
    PartnerFacts,
    Picture,
    PollFacts,
    ProcedureTrail,
    ProxyFacts,
    QuestionFacts,
    QuorumFacts,
    QuorumStretchFacts,
    RegisteredDecision,
    ReviewReportContent,
    RiskFacts,
    Scope,
    SeatFacts,
    TrailFacts,
    TrailStep,
    VetoFacts,
    VoteFacts,
)
from projectdesk.exchange.documents.minutes_outline import of_minutes
from projectdesk.exchange.documents.outline import Outline
from projectdesk.exchange.documents.register_outline import of_actions, of_decisions
from projectdesk.exchange.documents.review_outline import of_review
from projectdesk.exchange.documents.trail_outline import of_procedure

START = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
NOW = START + timedelta(hours=3)
HEAD = "9f2c" * 16
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
NOTES = """# Sites

Ana showed the *sites* and **two** risks; see [the plan](https://example.org/plan).

### Far below

- Porto
- Aarhus
  1. pier
  2. harbour
     - north

| Site | Sensors |
|---|---|
| Porto | 12 |

> as quoted

`D1.1` and
a second line.
"""


def picture(width: int = 60, height: int = 20) -> Picture:
    """Return a blue PNG as the consortium's logo."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    row = b"\x00" + b"\x1f\x5f\xbf" * width
    content = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(row * height))
        + chunk(b"IEND", b"")
    )
    return Picture(content, "image/png", "Logo of TIDEWATCH")


def meeting(title: str = "General Assembly 2") -> MeetingFacts:
    """Return the head of the meeting."""
    return MeetingFacts(
        project="TIDEWATCH",
        project_title="Coastal flood early warning",
        grant_number="101999001",
        title=title,
        starts_at=START,
        zone="Europe/Copenhagen",
        duration_minutes=180,
        place="Aarhus, Skolegade 3",
        organiser="Ingrid Holm",
        zones=("Europe/Copenhagen", "America/New_York", "Asia/Seoul"),
        body="General Assembly",
        chair="Ingrid Holm (DTU)",
        writers=("Søren Å. Bæk (DTU)",),
        logo=picture(),
    )


def at(minutes: int) -> datetime:
    """Return an instant, minutes after the start."""
    return START + timedelta(minutes=minutes)


def open_vote() -> VoteFacts:
    """Return an open vote that was carried, with a proxy, an abstention and a default."""
    return VoteFacts(
        label="V1",
        question="Move 42,000 euro to sensors?",
        state=VoteState.CLOSED,
        result=VoteResult.CARRIED,
        counts=(3, 1, 1),
        seats=6,
        present=5,
        record=(
            SeatFacts("DTU", "for", voted=True),
            SeatFacts("UPORTO", "for", voted=True),
            SeatFacts("KIOST", "for", voted=True, proxy="DTU"),
            SeatFacts("UHH", "against", voted=True),
            SeatFacts("UBI", "abstain", voted=True),
            SeatFacts("ITENA"),
            SeatFacts("GONE", in_default=True),
        ),
    )


def secret_vote() -> VoteFacts:
    """Return a secret vote: who voted is known, and nothing else."""
    return VoteFacts(
        label="V2",
        question="Who chairs next?",
        state=VoteState.CLOSED,
        result=VoteResult.CHOSEN,
        counts=(4, 1),
        choices=("Ana Sousa", "דנה לוי"),
        chosen="Ana Sousa",
        secret=True,
        seats=6,
        present=5,
        record=(SeatFacts("DTU", voted=True), SeatFacts("UHH", voted=True), SeatFacts("ITENA")),
    )


def attendance() -> Attendance:
    """Return who was there: a broken quorum, a proxy, somebody beside another, one corrected."""
    people = (
        AttendanceFacts("Ingrid Holm", "DTU", at(-3), at(176), 176, 0.99),
        AttendanceFacts("דנה לוי", "DTU", at(0), at(176), 176, 0.99, beside="Ingrid Holm"),
        AttendanceFacts("Ana Sousa", "UPORTO", at(2), at(60), 58, 0.33, corrected=True, note="!"),
        AttendanceFacts("김지애", "KIOST", None, None, 0, 0, excused=True),
        AttendanceFacts("محمد علي", "UHH", None, None, 0, 0),
        AttendanceFacts("Margit Aava", "", at(1), at(170), 169, 0.95),
    )
    partners = (
        PartnerFacts("DTU", "DK", True, 0.99, ("Ingrid Holm", "דנה לוי")),
        PartnerFacts("UPORTO", "PT", True, 0.33, ("Ana Sousa",)),
        PartnerFacts("KIOST", "KR", False, 0, (), represented_by="DTU"),
        PartnerFacts("UHH", "DE", False, 0, ()),
    )
    quorum = QuorumFacts(
        "General Assembly",
        "2/3",
        (
            QuorumStretchFacts(at(0), at(60), 2, 1, 3, 4, met=True),
            QuorumStretchFacts(at(60), at(72), 1, 1, 3, 4, met=False),
            QuorumStretchFacts(at(72), at(176), 2, 1, 3, 4, met=True),
        ),
    )
    return Attendance(people, partners, (ProxyFacts("KIOST", "DTU"),), quorum)


def items() -> tuple[ItemFacts, ...]:
    """Return items: one with all that can come of one, one not treated."""
    outcome = Outcome(
        decisions=(
            DecisionFacts("D1", "Meet on the first Tuesday.", binding_at=at(200)),
            DecisionFacts("D2", "Money moves.", vote="V1", veto_until=NOW + timedelta(days=15)),
            DecisionFacts("D3", LONG, state=DecisionState.REPLACED, replaced_by="D4"),
        ),
        actions=actions(),
        polls=(PollFacts("When?", (("Monday", 2), ("Friday", 1)), 3),),
        votes=(open_vote(), secret_vote()),
        information=(InformationFacts("I1", "The officer changes in May.", ("WP1",)),),
        questions=questions(),
        risks=risks(),
    )
    return (
        ItemFacts(
            label="1",
            title="Welcome, quorum, minutes of last time",
            kind=ItemKind.DECISION,
            presenter="Ingrid Holm (DTU)",
            planned_minutes=15,
            starts_after_minutes=0,
            actual_seconds=700,
            notes=NOTES,
            outcome=outcome,
            minutes_of="General Assembly 1, 9 September 2025",
            documents=("budget.xlsx", "slides.pdf"),
            related=("WP1", "D1.1"),
        ),
        ItemFacts("2", LONG, ItemKind.INFORMATION, "김지애 (KIOST)", 10, 45),
    )


def actions() -> tuple[ActionFacts, ...]:
    """Return one action that is late and was postponed, one that is done."""
    return (
        ActionFacts(
            "A1",
            "Send the draft",
            "Ana Sousa (UPORTO)",
            date(2026, 3, 1),
            ActionStatus.OPEN,
            ("WP3", "D3.2"),
            first_due_on=date(2026, 2, 1),
            source="Executive Board 1",
        ),
        ActionFacts("A2", "=1+1", "", None, ActionStatus.DONE, done_on=date(2026, 3, 2)),
    )


def questions() -> tuple[QuestionFacts, ...]:
    """Return one question that was answered, and one that was not."""
    return (
        QuestionFacts(
            "Q1",
            "Why so late?",
            asked_by="Lorenzo",
            answer="Because of **ice**.",
            answered_by="Ana Sousa",
            state=QuestionState.ANSWERED,
            related=("D3.2",),
        ),
        QuestionFacts("Q2", "And the licence?", due_on=date(2026, 4, 1)),
    )


def risks() -> tuple[RiskFacts, ...]:
    """Return a risk that was raised."""
    return (
        RiskFacts("R7", "Ice", RiskGrade.HIGH, RiskGrade.LOW, "Wait for spring", "DTU", ("WP2",)),
    )


def minutes() -> MinutesContent:
    """Return circulated minutes, second revision, after an objection."""
    life = LifeFacts(
        state=MinutesState.CIRCULATED,
        revision=2,
        reason="objection 1",
        circulated_at=NOW - timedelta(days=1),
        objections_until=NOW + timedelta(days=14),
        audit_head=HEAD,
    )
    return MinutesContent(
        meeting=meeting(),
        life=life,
        opened_at=START,
        ended_at=at(176),
        attendance=attendance(),
        items=items(),
        beside=Outcome(information=(InformationFacts("I2", "Lunch was cold."),)),
        objections=(
            ObjectionFacts(1, 1, "Ana Sousa (UPORTO)", "Welcome", "I said 40,000.",
                           ObjectionState.UPHELD, "Right, mended."),
        ),
        next_meeting=NextMeeting("General Assembly 3", at(260_000), "Europe/Lisbon"),
    )  # fmt: skip


def scope() -> Scope:
    """Return of what a register is: the project's first quarter."""
    return Scope(
        "TIDEWATCH",
        "Coastal flood early warning",
        "101999001",
        since=date(2026, 1, 1),
        until=date(2026, 3, 31),
        logo=picture(),
    )


def decisions() -> DecisionsContent:
    """Return a register with a vetoed decision of a written procedure."""
    written = VoteFacts(
        "V3", "Amend?", VoteState.CLOSED, VoteResult.CARRIED, (4, 0, 0),
        majority=(51, 100), base=MajorityBase.ALL, seats=6, present=5,
    )  # fmt: skip
    return DecisionsContent(
        scope(),
        (
            RegisteredDecision(
                DecisionFacts("D1", "Meet on the first Tuesday.", binding_at=at(200)),
                date(2026, 3, 9),
                "General Assembly 2",
                "Welcome",
                "General Assembly",
                DecisionOrigin.MEETING,
                open_vote(),
                actions=actions(),
                related=("WP1",),
                zone="Europe/Copenhagen",
            ),
            RegisteredDecision(
                DecisionFacts("D2", "Amend the plan.", state=DecisionState.VETOED),
                date(2026, 3, 20),
                "",
                "",
                "General Assembly",
                DecisionOrigin.WRITTEN_PROCEDURE,
                written,
                vetoes=(VetoFacts("UHH", "Our ship is sold.", VetoState.RAISED),),
            ),
        ),
    )


def review() -> ReviewReportContent:
    """Return the report of a review."""
    due = date(2026, 2, 28)
    return ReviewReportContent(
        meeting=meeting("Interim review"),
        period="RP1",
        months=(1, 12),
        days=(date(2025, 3, 1), date(2026, 2, 28)),
        opened_at=START,
        ended_at=at(176),
        attendance=attendance(),
        deliverables=(
            DeliveredFacts("D1.1", "Plan", "DTU", 3, due, DeliverableStatus.ACCEPTED, due, 0),
            DeliveredFacts("D3.2", LONG, "UHH", 12, due, DeliverableStatus.PLANNED, None, 9),
        ),
        milestones=(DeliveredFacts("MS1", "Under way", "DTU", 3, due, None, None, 1),),
        questions=questions(),
        decisions=(DecisionFacts("D1", "Go on."),),
        actions=actions(),
        risks=risks(),
    )


def invitees() -> tuple[InviteeFacts, ...]:
    """Return who is invited."""
    return (
        InviteeFacts("Ana Sousa", "UPORTO", "PT", CallRole.PRESENTER, InvitationAnswer.ACCEPTED),
        InviteeFacts("김지애", "KIOST", "KR", CallRole.PARTICIPANT, InvitationAnswer.DECLINED),
    )


def attendance_list(*, held: bool) -> AttendanceContent:
    """Return the attendance list, or before the meeting the sheet to sign."""
    there = attendance() if held else Attendance()
    return AttendanceContent(meeting(), held, START, at(176), there, invitees())


def action_list() -> ActionsContent:
    """Return the action list."""
    return ActionsContent(scope(), NOW.date(), actions())


def procedure_trail() -> ProcedureTrail:
    """Return the trail of a written procedure, one step of it erased."""
    said = [
        (AuditStep.OPENED, "until 2026-03-23T22:59Z: Move 20 kEUR to WP2."),
        (AuditStep.VOTED, "for: DTU, Ingrid Holm, by link: Gladly."),
        (AuditStep.VOTED, None),
        (AuditStep.COUNTED, "carried: 2 of 3 votes, 2/3 needed"),
    ]
    steps = tuple(
        TrailStep(number, at(number), step, text, f"{number}f" * 32)
        for number, (step, text) in enumerate(said, 1)
    )
    trail = TrailFacts(0, HEAD, "", holds=True, steps=steps)
    return ProcedureTrail(
        scope(), "TIDEWATCH-V3", "General Assembly", "Move 20 kEUR to WP2.", "Europe/Lisbon", trail
    )


def documents(minutes_language: str = "de") -> dict[str, Outline]:
    """Return every document there is."""
    return {
        "minutes": of_minutes(minutes(), now=NOW, language=minutes_language),
        "agenda": of_agenda(AgendaContent(meeting(), items(), invitees()), now=NOW),
        "attendance": of_attendance(attendance_list(held=True), now=NOW),
        "sheet": of_attendance(attendance_list(held=False), now=NOW, language="de"),
        "decisions": of_decisions(decisions(), now=NOW),
        "actions": of_actions(action_list(), now=NOW, language="de"),
        "review-report": of_review(review(), now=NOW),
        "procedure-trail": of_procedure(procedure_trail(), now=NOW, language="de"),
    }
