"""Rows of who was at a meeting: people, partners, corrections, proxies, the quorum over time.

Instants are UTC, shares 0..1 of the meeting's time, minutes and seconds as named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from projectdesk.domain.meetings import CallRole, InvitationAnswer
from projectdesk.domain.minutes import CorrectionKind
from projectdesk.domain.rules.attendance import AttendanceStatus, CorrectionFault, Interval
from projectdesk.domain.rules.quorum import ProxyFault


@dataclass(frozen=True)
class CorrectionRow:
    """One correction by hand. from_at, to_at: as said; None = the meeting's begin, end.

    stretch: what they mean. fault: why it cannot be as it is, None = it can.
    """

    id: UUID
    version: int
    invitation_id: UUID
    name: str
    kind: CorrectionKind
    from_at: datetime | None
    to_at: datetime | None
    stretch: Interval
    reason: str
    made_at: datetime
    fault: CorrectionFault | None = None


@dataclass(frozen=True)
class CompanionRow:
    """Somebody in the room behind another's camera. with_name: of the invitee whose it is.

    person_id: None = only a name. from_at, to_at: None = as long as the invitee.
    """

    id: UUID
    version: int
    invitation_id: UUID
    with_name: str
    person_id: UUID | None
    name: str
    partner_id: UUID | None
    partner: str
    from_at: datetime | None
    to_at: datetime | None


@dataclass(frozen=True)
class AttendanceRow:
    """One person's attendance: an invitee, or (companion_id) somebody behind an invitee's camera.

    Effective, after corrections: first_in, last_out (None if never there), minutes, share, late
    and early minutes, intervals. measured_minutes, measured: as the host had it, times: how often
    they joined. corrections: made by hand. spoken_seconds: how long they were the loudest.
    """

    invitation_id: UUID
    name: str
    partner_id: UUID | None
    partner: str
    country: str
    first_in: datetime | None
    last_out: datetime | None
    minutes: float
    share: float
    times: int
    person_id: UUID | None = None
    role: CallRole = CallRole.PARTICIPANT
    answer: InvitationAnswer = InvitationAnswer.NONE
    required: bool = True
    status: AttendanceStatus = AttendanceStatus.ABSENT
    late_minutes: float = 0.0
    early_minutes: float = 0.0
    intervals: tuple[Interval, ...] = ()
    measured: tuple[Interval, ...] = ()
    measured_minutes: float = 0.0
    corrections: tuple[CorrectionRow, ...] = ()
    spoken_seconds: float = 0.0
    companion_id: UUID | None = None
    with_name: str = ""

    @property
    def id(self) -> UUID:
        """What tells this row from the others: of the companion, else of the invitation."""
        return self.companion_id or self.invitation_id

    @property
    def is_corrected(self) -> bool:
        """Whether somebody said otherwise than what was measured."""
        return bool(self.corrections)


@dataclass(frozen=True)
class PartnerAttendanceRow:
    """One partner's attendance: it is there while any of its people is.

    people: names of those who were. represented_by: short name of the partner that held its proxy
    while nobody of it was there, "" = none. represented_share: of the meeting. member: of the
    body that meets; in_default: without a vote. spoken_seconds: of its people together.
    """

    partner_id: UUID
    partner: str
    number: int | None
    country: str
    present: bool
    minutes: float
    share: float
    people: tuple[str, ...]
    status: AttendanceStatus = AttendanceStatus.ABSENT
    first_in: datetime | None = None
    last_out: datetime | None = None
    represented_by: str = ""
    represented_share: float = 0.0
    member: bool = False
    in_default: bool = False
    intervals: tuple[Interval, ...] = ()
    spoken_seconds: float = 0.0


@dataclass(frozen=True)
class ProxyRow:
    """One member lets another represent it. fault: why it cannot, None = it can."""

    id: UUID
    version: int
    from_partner_id: UUID
    from_partner: str
    to_partner_id: UUID
    to_partner: str
    announced_at: datetime
    ended_at: datetime | None
    note: str
    fault: ProxyFault | None = None


@dataclass(frozen=True)
class QuorumStretch:
    """How the body stood in a stretch. seats: with a vote; needed: of them.

    items: agenda items that ran in it ("3 Budget"). votes: taken in it ("V2 Budget").
    """

    start: datetime
    end: datetime
    present: int
    represented: int
    needed: int
    seats: int
    met: bool
    items: tuple[str, ...] = ()
    votes: tuple[str, ...] = ()

    @property
    def there(self) -> int:
        """Seats present or represented."""
        return self.present + self.represented


@dataclass(frozen=True)
class QuorumLine:
    """The quorum of a body over its meeting: stretches without a gap, in order of time.

    body: its name. rule: "2/3". An empty line: no body, no seats, or not begun.
    """

    body: str = ""
    rule: str = ""
    stretches: tuple[QuorumStretch, ...] = ()

    @property
    def broken(self) -> tuple[QuorumStretch, ...]:
        """The stretches without quorum."""
        return tuple(each for each in self.stretches if not each.met)

    @property
    def broken_minutes(self) -> float:
        """Minutes without quorum."""
        return sum((each.end - each.start).total_seconds() for each in self.broken) / 60


@dataclass(frozen=True)
class AttendanceList:
    """Everything of one meeting's attendance: what the page shows and the list prints.

    start, end: the meeting's time that shares are of. confirmed_at: when somebody found it right.
    by_hand: nothing was measured (a meeting without a call of ours). due: it runs, is over, or
    should have begun: before that nobody is absent.
    """

    meeting_id: UUID
    project_id: UUID
    project: str
    title: str
    body: str
    zone: str
    local_start: datetime
    place: str
    start: datetime
    end: datetime
    confirmed_at: datetime | None
    version: int
    by_hand: bool
    due: bool
    people: tuple[AttendanceRow, ...]
    partners: tuple[PartnerAttendanceRow, ...]
    companions: tuple[CompanionRow, ...]
    proxies: tuple[ProxyRow, ...]
    quorum: QuorumLine

    @property
    def present(self) -> int:
        """How many people were there."""
        return sum(row.status is AttendanceStatus.PRESENT for row in self.people)

    @property
    def excused(self) -> int:
        """How many said before that they would not be."""
        return sum(row.status is AttendanceStatus.EXCUSED for row in self.people)

    @property
    def absent(self) -> int:
        """How many were neither there nor excused."""
        return sum(row.status is AttendanceStatus.ABSENT for row in self.people)
