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


_TAKE_PART = frozenset({Act.WATCH, Act.SPEAK, Act.SHARE})
_LEAD = frozenset(Act)

PERMISSIONS: Mapping[Role, frozenset[Act]] = MappingProxyType(
    {
        "chair": _LEAD,
        "cohost": _LEAD,
        "presenter": _TAKE_PART,
        "participant": _TAKE_PART,
        "interpreter": frozenset({Act.WATCH, Act.SPEAK}),
        "observer": frozenset({Act.WATCH}),
    }
)
"""Role to what it may do. A presenter waits in the lobby like everybody else."""

CONSOLE = frozenset({Act.ADMIT, Act.STEER, Act.END})
"""What the desktop's console may do: it leads, but it has no media."""


def may(role: Role, act: Act) -> bool:
    """Tell whether a role may do something."""
    return act in PERMISSIONS[role]
