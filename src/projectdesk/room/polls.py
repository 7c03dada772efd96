"""The polls of a room: what is asked, who chose what, and what of it who may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from projectdesk.signalling.instant import Instant
from projectdesk.signalling.journal import PollClosed
from projectdesk.signalling.polls import Poll, PollResult, PollState

MAX_POLLS = 50
"""Polls of one meeting, drafts included."""


class VoteMemory(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody chose; name: as shown when they did."""

    name: str
    choices: list[int]


class PollMemory(msgspec.Struct, frozen=True, kw_only=True):
    """A poll as it survives the host. votes: by invitation. counts, names: once it is closed."""

    number: int
    question: str
    options: list[str]
    multiple: bool
    named: bool
    live: bool
    state: PollState
    opened_at: Instant | None = None
    item: str | None = None
    by: str = ""
    votes: dict[str, VoteMemory] = {}
    voted: int = 0
    counts: list[int] = []
    names: list[list[str]] = []


@dataclass
class Asked:
    """One poll. item: the agenda item during which it was opened. by: invitation of who opened it.

    counts, names, voted: filled when it closes; without names shown, `votes` is emptied then.
    """

    number: int
    question: str
    options: list[str]
    multiple: bool
    named: bool
    live: bool
    state: PollState = "draft"
    opened_at: datetime | None = None
    item: str | None = None
    by: str = ""
    votes: dict[str, VoteMemory] = field(default_factory=dict)
    voted: int = 0
    counts: list[int] = field(default_factory=list)
    names: list[list[str]] = field(default_factory=list)

    def vote(self, invitation: str, name: str, choices: list[int]) -> None:
        """Take a vote in place of the one before; no choice takes it back."""
        if choices:
            self.votes[invitation] = VoteMemory(name=name, choices=choices)
        else:
            self.votes.pop(invitation, None)

    def close(self) -> PollClosed:
        """Count, and forget who chose what where that is not shown."""
        assert self.opened_at is not None  # noqa: S101 - only an open poll closes
        result = self._result()
        self.state, self.voted = "closed", len(self.votes)
        self.counts, self.names = result.counts, result.names or []
        if not self.named:
            self.votes.clear()
        return PollClosed(
            poll=self.number,
            question=self.question,
            options=self.options,
            multiple=self.multiple,
            opened_at=self.opened_at,
            voted=self.voted,
            counts=self.counts,
            names=result.names,
            item=self.item,
            by=self.by,
        )

    def shown(self, invitation: str) -> Poll:
        """Return the poll as somebody ("" = a console) sees it."""
        result = None
        if self.state == "closed":
            result = PollResult(counts=self.counts, names=self.names if self.named else None)
        elif self.state == "open" and self.live:
            result = self._result()
        own = self.votes.get(invitation)
        return Poll(
            number=self.number,
            question=self.question,
            options=self.options,
            multiple=self.multiple,
            named=self.named,
            live=self.live,
            state=self.state,
            voted=self.voted if self.state == "closed" else len(self.votes),
            chosen=own.choices if own is not None else [],
            result=result,
        )

    def _result(self) -> PollResult:
        by_option = [
            [vote.name for vote in self.votes.values() if place in vote.choices]
            for place in range(len(self.options))
        ]
        counts = [len(names) for names in by_option]
        return PollResult(counts=counts, names=by_option if self.named else None)


class PollBook:
    """All polls of the room, by number."""

    def __init__(self, memory: Iterable[PollMemory]) -> None:
        self._polls = {kept.number: Asked(**msgspec.structs.asdict(kept)) for kept in memory}

    def find(self, number: int) -> Asked | None:
        """Return a poll, or None."""
        return self._polls.get(number)

    def open(self) -> Asked | None:
        """Return the poll that is open, or None."""
        return next((poll for poll in self._polls.values() if poll.state == "open"), None)

    def is_empty(self) -> bool:
        """Tell whether no poll was ever made, or every draft was thrown away."""
        return not self._polls

    def is_full(self) -> bool:
        """Tell whether the meeting has as many polls as it may have."""
        return len(self._polls) >= MAX_POLLS

    def put(self, poll: Asked) -> None:
        """Keep a poll, in place of the draft of its number."""
        self._polls[poll.number] = poll

    def discard(self, number: int) -> None:
        """Forget a poll."""
        del self._polls[number]

    def next_number(self) -> int:
        """Return the number of the poll to come."""
        return max(self._polls, default=0) + 1

    def shown(self, invitation: str, *, drafts: bool) -> list[Poll]:
        """Return the polls as somebody sees them, by number."""
        seen = (poll for poll in self._polls.values() if drafts or poll.state != "draft")
        return sorted((poll.shown(invitation) for poll in seen), key=lambda poll: poll.number)

    def memory(self) -> list[PollMemory]:
        """Return what must survive the host."""
        return [
            PollMemory(
                number=poll.number,
                question=poll.question,
                options=list(poll.options),
                multiple=poll.multiple,
                named=poll.named,
                live=poll.live,
                state=poll.state,
                opened_at=poll.opened_at,
                item=poll.item,
                by=poll.by,
                votes=dict(poll.votes),
                voted=poll.voted,
                counts=list(poll.counts),
                names=[list(names) for names in poll.names],
            )
            for poll in self._polls.values()
        ]
