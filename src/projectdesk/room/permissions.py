"""Who may do what in a call, by role, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from projectdesk.signalling.call import Role


class Act(StrEnum):
    """What somebody may want to do."""

    ENTER = "enter"  # without waiting in the lobby: the chair exists before the first guest
    WATCH = "watch"  # receive the others' feeds
    SPEAK = "speak"  # send microphone and camera
    SHARE = "share"  # send a screen
    ADMIT = "admit"  # let in or turn away who waits
    STEER = "steer"  # move through the agenda
    END = "end"  # end the meeting for all
    CHAT = "chat"  # write to all, or to one
    GESTURE = "gesture"  # raise a hand, show a reaction
    MODERATE = "moderate"  # silence, ask to unmute, lower hands, remove, lock
    BALLOT = "ballot"  # prepare, open and close votes of the body; proxies, who votes for whom
    POLL = "poll"  # prepare, open and close polls
    RECORD = "record"  # ask for a recording, pause and stop it
    VOTE = "vote"  # answer a poll
    MINUTE = "minute"  # show everybody the minutes as they are written
    LANGUAGE = "language"  # name channels, interpreters and captioners; keep captions
    GROUP = "group"  # send people into breakout rooms and bring them back
    APPOINT = "appoint"  # hand over the chair, appoint and dismiss co-hosts


_BE_THERE = frozenset({Act.WATCH, Act.CHAT, Act.GESTURE})
_TAKE_PART = _BE_THERE | {Act.SPEAK, Act.SHARE, Act.VOTE}
_LEAD = frozenset(Act)

PERMISSIONS: Mapping[Role, frozenset[Act]] = MappingProxyType(
    {
        "chair": _LEAD,
        "cohost": _LEAD - {Act.APPOINT},
        "presenter": _TAKE_PART,
        "participant": _TAKE_PART,
        "interpreter": _BE_THERE | {Act.SPEAK},
        "observer": _BE_THERE,
    }
)
"""Role to what it may do. A presenter waits in the lobby like everybody else."""

CONSOLE = frozenset(
    {Act.ADMIT, Act.STEER, Act.END, Act.MODERATE, Act.POLL, Act.RECORD, Act.APPOINT}
) | {
    Act.MINUTE,
    Act.GROUP,
    Act.LANGUAGE,
    Act.BALLOT,
}
"""What the desktop's console may do: it leads, but it has no media."""


def may(role: Role, act: Act) -> bool:
    """Tell whether a role may do something."""
    return act in PERMISSIONS[role]
