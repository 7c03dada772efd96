"""What a room waits for. A timer is named by its value: starting it again replaces it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LobbyPatience:
    """Somebody has waited in the lobby for as long as the rules allow."""

    invitation: str


@dataclass(frozen=True)
class Grace:
    """Somebody whose socket was lost did not come back."""

    invitation: str


@dataclass(frozen=True)
class ClosingTime:
    """The room closes by its rules."""


@dataclass(frozen=True)
class MediaRetry:
    """The media server is to be started once more."""


@dataclass(frozen=True)
class RelayRenewal:
    """Relays that were given run out soon."""


@dataclass(frozen=True)
class BreakoutsOver:
    """The time of the breakout rooms is over."""


@dataclass(frozen=True)
class MinutesDue:
    """The desktop is to be told that minutes wait for it."""


@dataclass(frozen=True)
class NotesDue:
    """Those who read get what was written in the minutes meanwhile."""


Timer = (
    LobbyPatience
    | Grace
    | ClosingTime
    | MediaRetry
    | RelayRenewal
    | BreakoutsOver
    | NotesDue
    | MinutesDue
)
