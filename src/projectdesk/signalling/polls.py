"""Polls in the call: a question with two to ten options, asked by the chair, answered by people.

These are messages of the same socket as those of `call`, whose unions hold them. Votes count when
the host received them and may be changed until the poll is closed. A poll that is shown without
names keeps who chose what no longer than it is open; a secret ballot of the consortium is another
thing (decisions 14).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

MAX_QUESTION = 300
"""Longest question in characters."""
MAX_OPTION = 200
"""Longest option in characters."""
MIN_OPTIONS, MAX_OPTIONS = 2, 10

PollState = Literal["draft", "open", "closed"]
Choices = Annotated[list[int], Meta(max_length=MAX_OPTIONS)]


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", rename="camel"):
    """Base of the socket's messages: frozen, tagged by `type`, camelCase on the wire."""


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of what messages are made of."""


class PollResult(_Record, frozen=True):
    """How a poll stands. counts: votes by option. names: who chose it, by option; None = hidden."""

    counts: list[int]
    names: list[list[str]] | None


class Poll(_Record, frozen=True):
    """One poll as somebody sees it.

    number: rises within the room. multiple: several options may be chosen. named: the result shows
    who chose what. live: the result is shown while the poll is open. voted: how many have voted.
    chosen: what the reader chose, by place in `options` from 0. result: None = not shown yet.
    Drafts are seen by chair and co-hosts only.
    """

    number: int
    question: str
    options: list[str]
    multiple: bool
    named: bool
    live: bool
    state: PollState
    voted: int
    chosen: list[int]
    result: PollResult | None


# --- page to host -------------------------------------------------------------------------------


class PreparePoll(_Message, frozen=True, tag="preparePoll"):
    """Chair, co-host: write a poll down.

    poll: the draft that it replaces; None = a new one. open: let people vote at once; where another
    poll is open, that is refused and the draft stays.
    """

    question: Annotated[str, Meta(max_length=4 * MAX_QUESTION)]
    options: Annotated[
        list[Annotated[str, Meta(max_length=4 * MAX_OPTION)]], Meta(max_length=2 * MAX_OPTIONS)
    ]
    multiple: bool = False
    named: bool = False
    live: bool = True
    poll: int | None = None
    open: bool = False


class OpenPoll(_Message, frozen=True, tag="openPoll"):
    """Chair, co-host: let people vote on a draft. One poll is open at a time."""

    poll: int


class ClosePoll(_Message, frozen=True, tag="closePoll"):
    """Chair, co-host: count; the result is told to all and kept."""

    poll: int


class DiscardPoll(_Message, frozen=True, tag="discardPoll"):
    """Chair, co-host: throw a draft away."""

    poll: int


class Vote(_Message, frozen=True, tag="vote"):
    """Choose, by place from 0; again = instead of before; nothing = take the vote back."""

    poll: int
    choices: Choices


PollRequest = PreparePoll | OpenPoll | ClosePoll | DiscardPoll | Vote

# --- host to page -------------------------------------------------------------------------------


class PollsListed(_Message, frozen=True, tag="pollsListed"):
    """Every poll that you may see, by number; after `RoomState`, and when your role changed.

    It is not sent where there is none: a `Welcome` empties the list.
    """

    polls: list[Poll]


class PollChanged(_Message, frozen=True, tag="pollChanged"):
    """A poll is new or another."""

    poll: Poll


class PollDiscarded(_Message, frozen=True, tag="pollDiscarded"):
    """A draft is gone."""

    poll: int


PollNews = PollsListed | PollChanged | PollDiscarded
