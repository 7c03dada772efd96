"""What the console says of how large the call is, before a limit is met. Pure."""

from __future__ import annotations

from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.language import say

_AHEAD = 2
"""People before a limit from whom on the chair is told."""


def size_words(room: LiveRoom) -> str:
    """Return what to say, or ""."""
    if room.limits is None:
        return ""
    count = len(room.participants)
    capacity, everyone = room.limits.capacity, room.limits.everyone
    if count >= capacity:
        return say(
            "The meeting is full with {count} people. Whoever comes now is told to try again when "
            "somebody has left.",
            count=count,
        )
    if count >= capacity - _AHEAD:
        return say(
            "{count} people are here. Places left: {left}.", count=count, left=capacity - count
        )
    if everyone - _AHEAD <= count <= everyone:
        return say(
            "{count} people are here. From {start} people on, each sees at most {cameras} "
            "cameras: those pinned, who presents, who spoke last.",
            count=count,
            start=everyone + 1,
            cameras=room.limits.cameras,
        )
    return ""
