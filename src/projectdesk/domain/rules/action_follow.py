"""What follows for a deliverable from an action that is done (docs/adr/0087).

Two ways, both conservative:

- The action says so itself: its text ends with an arrow and a step, "Send the draft of D3.2 to the
  reviewers -> internal review". Then the deliverable goes there when the action is done.
- Its words let it be guessed ("send the draft"). Then the step is only proposed; a person takes it
  with one click.

Either way the step has to be the deliverable's next one, and nothing follows while another open
action is linked to it: then the work is not done.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from projectdesk.domain.rules.deliverables import next_statuses
from projectdesk.domain.workplan import DeliverableStatus as Status

_ARROW: Final = re.compile(
    r"(?:->|=>|\N{RIGHTWARDS ARROW})\s*(?P<step>[^\W\d][\w ]{2,40}?)\s*[.!]?\s*$"
)
_STEPS: Final[dict[str, Status]] = {
    "in preparation": Status.IN_PREPARATION,
    "preparation": Status.IN_PREPARATION,
    "in arbeit": Status.IN_PREPARATION,
    "internal review": Status.INTERNAL_REVIEW,
    "in review": Status.INTERNAL_REVIEW,
    "review": Status.INTERNAL_REVIEW,
    "interne prüfung": Status.INTERNAL_REVIEW,
    "in prüfung": Status.INTERNAL_REVIEW,
    "submitted": Status.SUBMITTED,
    "eingereicht": Status.SUBMITTED,
}
# What is submitted comes first: "submit the draft to the portal" is a submission.
_GUESSES: Final[tuple[tuple[re.Pattern[str], Status], ...]] = (
    (
        re.compile(r"\b(submit|hand in|upload\b.*\bportal|einreichen|reiche\w* .* ein)\b", re.I),
        Status.SUBMITTED,
    ),
    (
        re.compile(
            r"\b(send|circulate|share|deliver|finish|complete|schicken|senden|verteilen)\b.*"
            r"\b(draft|version|deliverable|report|text|entwurf|fassung|D\d+\.\d+)\b",
            re.I,
        ),
        Status.INTERNAL_REVIEW,
    ),
    (
        re.compile(r"\b(outline|table of contents|start|begin|gliederung|beginnen)\b", re.I),
        Status.IN_PREPARATION,
    ),
)
_WANTS: Final = re.compile(r"\b(comment\w*|review|feedback|kommentar\w*|prüfen)\b", re.I)


@dataclass(frozen=True)
class FollowingStep:
    """A step of a deliverable that follows. by_itself: the action says so."""

    status: Status
    by_itself: bool


def following_step(text: str, status: Status, others_open: int = 0) -> FollowingStep | None:
    """Return where a deliverable goes when an action linked to it is done, None = stays.

    Args:
        text: of the action.
        status: of the deliverable.
        others_open: how many other open actions are linked to it.
    """
    if others_open:
        return None
    said = _ARROW.search(text)
    if said is not None:
        step = _STEPS.get(said["step"].strip().casefold())
        return FollowingStep(step, by_itself=True) if step in next_statuses(status) else None
    for pattern, step in _GUESSES:
        if pattern.search(text):
            if step is Status.INTERNAL_REVIEW and _WANTS.match(text):
                return None
            return FollowingStep(step, by_itself=False) if step in next_statuses(status) else None
    return None
