"""Rows of date polls: the poll, its dates with how they stand, its voters with what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.preparation import DateChoice, PollRule, PollState
from projectdesk.domain.rules.date_polls import Standing, Verdict


@dataclass(frozen=True)
class DateOptionRow:
    """A date of a poll. number: 1 = the earliest, as in the mail. is_best: none is better.

    chosen: the poll was decided for it.
    """

    id: UUID
    version: int
    number: int
    local_start: datetime
    starts_at: datetime
    standing: Standing
    is_best: bool
    chosen: bool


@dataclass(frozen=True)
class DateVoterRow:
    """A voter of a poll. choices: by date, empty = nothing was said."""

    id: UUID
    version: int
    person_id: UUID
    partner_id: UUID | None
    name: str
    email: str
    partner: str
    own_zone: str
    required: bool
    desk: str
    generation: int
    revoked: bool
    asked_at: datetime | None
    reminded_at: datetime | None
    answered_at: datetime | None
    zone: str
    comment: str
    choices: Mapping[UUID, DateChoice] = field(default_factory=dict)

    @property
    def is_missing(self) -> bool:
        """Return whether an answer is still waited for."""
        return not self.choices and not self.revoked


@dataclass(frozen=True)
class DatePollRow:
    """A date poll. meeting: title of the meeting that it moves, or that it became.

    starts_at: the date that was chosen. verdict: what it comes to by itself. The counts are of
    dates and of voters whose links are not revoked.
    """

    id: UUID
    version: int
    project_id: UUID
    project: str
    title: str
    description: str
    type: MeetingType
    body_id: UUID | None
    body: str
    duration_minutes: int
    zone: str
    deadline: datetime | None
    rule: PollRule
    shows_answers: bool
    reminder_days: tuple[int, ...]
    state: PollState
    option_id: UUID | None
    starts_at: datetime | None
    meeting_id: UUID | None
    meeting: str
    opened_at: datetime | None
    closed_at: datetime | None
    host: str
    verdict: Verdict
    dates: int
    voters: int
    answered: int
    missing: int


@dataclass(frozen=True)
class DatePollDetail:
    """A poll with its dates, the earliest first, and its voters, the required ones first."""

    poll: DatePollRow
    options: tuple[DateOptionRow, ...]
    voters: tuple[DateVoterRow, ...]

    @property
    def missing(self) -> tuple[DateVoterRow, ...]:
        """Return who has said nothing yet."""
        return tuple(voter for voter in self.voters if voter.is_missing)

    @property
    def best(self) -> tuple[DateOptionRow, ...]:
        """Return the best date; several when they tie."""
        return tuple(option for option in self.options if option.is_best)


@dataclass(frozen=True)
class PollLink:
    """A voter's personal link. url holds the token."""

    voter_id: UUID
    name: str
    email: str
    url: str
