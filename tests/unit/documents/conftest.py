"""One meeting's content, rich enough to show every element of a document."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from projectdesk.domain.meetings import CallRole, InvitationAnswer, ItemKind
from projectdesk.domain.minutes import ActionStatus
from projectdesk.exchange.documents.content import (
    ActionFacts,
    AgendaContent,
    Attendance,
    AttendanceFacts,
    DecisionFacts,
    InviteeFacts,
    ItemFacts,
    LifeFacts,
    MeetingFacts,
    MinutesContent,
    Outcome,
    PartnerFacts,
)
from projectdesk.exchange.documents.outline import Outline
from tests.unit.documents import example

START = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 9, 12, 0, 7, 123456, tzinfo=UTC)
NOTES = """Ana showed the *sites* and **two** risks.

- Porto
- Aarhus
  1. pier
  2. harbour

| Site | Sensors |
|---|---|
| Porto | 12 |

> as quoted

See [the plan](https://example.org/plan) and `D1.1`.
"""


@pytest.fixture
def meeting() -> MeetingFacts:
    """A kick-off in Copenhagen with people in four more zones."""
    return MeetingFacts(
        project="TIDEWATCH",
        project_title="Coastal flood early warning",
        grant_number="101999001",
        title="Kick-off meeting",
        starts_at=START,
        zone="Europe/Copenhagen",
        duration_minutes=180,
        place="",
        organiser="Ingrid Holm",
        zones=("Europe/Copenhagen", "America/New_York", "Asia/Seoul", "Europe/Warsaw"),
    )


@pytest.fixture
def items() -> tuple[ItemFacts, ...]:
    """Three items: one with notes and a decision, one with an action, one not treated."""
    return (
        ItemFacts(
            "1",
            "Welcome",
            ItemKind.DECISION,
            "Ingrid Holm (DTU)",
            15,
            0,
            actual_seconds=700,
            notes=NOTES,
            outcome=Outcome(decisions=(DecisionFacts("D1", "Meet on the first Tuesday."),)),
        ),
        ItemFacts(
            "2",
            "WP1: Sensors",
            ItemKind.DISCUSSION,
            "Ana Sousa (UPORTO)",
            30,
            15,
            description="Read **D1.1** before.",
            actual_seconds=1860,
            outcome=Outcome(
                actions=(
                    ActionFacts(
                        "A1", "Send the draft", "Ana Sousa", date(2026, 4, 1), ActionStatus.OPEN
                    ),
                )
            ),
        ),
        ItemFacts("3", "Any other business", ItemKind.INFORMATION, "", 10, 45),
    )


@pytest.fixture
def minutes(meeting: MeetingFacts, items: tuple[ItemFacts, ...]) -> MinutesContent:
    """Minutes of that meeting: one person present, one absent."""
    return MinutesContent(
        meeting=meeting,
        life=LifeFacts(),
        opened_at=START,
        ended_at=START + timedelta(minutes=127),
        attendance=Attendance(
            people=(
                AttendanceFacts(
                    "Ana Sousa", "UPORTO", START, START + timedelta(hours=2), 118, 0.93
                ),
                AttendanceFacts("Kim Jae", "KIOST", None, None, 0, 0),
            ),
            partners=(
                PartnerFacts("UPORTO", "PT", True, 0.93, ("Ana Sousa",)),
                PartnerFacts("KIOST", "KR", False, 0, ()),
            ),
        ),
        items=items,
    )


@pytest.fixture
def agenda(meeting: MeetingFacts, items: tuple[ItemFacts, ...]) -> AgendaContent:
    """The agenda of that meeting with one invitee."""
    return AgendaContent(
        meeting,
        items,
        (InviteeFacts("Ana Sousa", "UPORTO", "PT", CallRole.PRESENTER, InvitationAnswer.ACCEPTED),),
    )


@pytest.fixture(scope="session")
def every_document() -> dict[str, Outline]:
    """One of each document, with everything in it that it can say; the minutes in German."""
    return example.documents()
