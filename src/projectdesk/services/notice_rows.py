"""The notice of a meeting as it is shown, and its words.

The words are English; the desktop translates them with the same facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from projectdesk.domain.rules.notice import (
    AddedItem,
    Deadline,
    NoticeEffect,
    NoticeLight,
    NoticeStep,
)

WITHOUT_BODY: Final = (
    "This meeting belongs to no body: no notice is required. Tell people in good time all the same."
)
CANCELLED: Final = "The meeting is cancelled: no notice is required."
LIGHTS: Final[Mapping[NoticeLight, str]] = {
    NoticeLight.NONE: "No rule",
    NoticeLight.GREEN: "In order",
    NoticeLight.AMBER: "Needs attention",
    NoticeLight.RED: "Not kept",
}
EFFECTS: Final[Mapping[NoticeEffect, str]] = {
    NoticeEffect.NOT_CONVENED: (
        "The members were not invited in time. What is decided can be contested, unless all "
        "members agree to the shorter notice."
    ),
    NoticeEffect.AGENDA_LATE: (
        "The agenda is late: its items count as added later. They are decided only if all members "
        "agree to treat them."
    ),
    NoticeEffect.DECISION_NEEDS_ALL: (
        "Decisions on items that were added too late are not possible, unless all members who are "
        "present or represented agree to add them."
    ),
    NoticeEffect.ITEM_NEEDS_ALL: (
        "Other items that were added too late are treated only if all members who are present or "
        "represented agree."
    ),
    NoticeEffect.VETO_AFTER_DRAFT: (
        "On decision items added after the agenda was sent, a member can veto until {days} days "
        "after receiving the draft minutes; on the others only during the meeting."
    ),
}
STEPS: Final[Mapping[NoticeStep, str]] = {
    NoticeStep.INVITE_BY: "Send the invitations by {invite_by}.",
    NoticeStep.SEND_AGENDA_BY: "Send the agenda by {agenda_by}.",
    NoticeStep.SEND_NOW: "Send what is missing today: every day counts when members agree to it.",
    NoticeStep.CALL_EXTRAORDINARY: (
        "Call it as an extraordinary meeting, if the executive body or a third of the members "
        "ask for it: then all would be in time."
    ),
    NoticeStep.MOVE: "Move it to {earliest} or later.",
    NoticeStep.ASK_ALL: (
        "Ask all members to agree to it, in writing before the meeting or as its first point."
    ),
    NoticeStep.TAKE_LATER: "Move the late decision items to the next meeting.",
    NoticeStep.WRITTEN_PROCEDURE: "Decide them by written procedure after the meeting.",
}


@dataclass(frozen=True)
class NoticeRow:
    """The notice of one meeting.

    body_id, body: None, "" = of no body. words: what the light means, or why there is none.
    effect_words, step_words: what follows, and what to do next; their dates are ISO 8601.
    """

    meeting_id: UUID
    meeting: str
    on: date
    zone: str
    body_id: UUID | None
    body: str
    extraordinary: bool
    light: NoticeLight
    words: str
    deadlines: tuple[Deadline, ...] = ()
    added: tuple[AddedItem, ...] = ()
    effects: tuple[NoticeEffect, ...] = ()
    steps: tuple[NoticeStep, ...] = ()
    earliest_on: date | None = None
    veto_days: int = 0
    effect_words: tuple[str, ...] = ()
    step_words: tuple[str, ...] = ()


def all_texts() -> frozenset[str]:
    """Return every English text here, for the check of the catalogues."""
    return frozenset(
        (WITHOUT_BODY, CANCELLED, *LIGHTS.values(), *EFFECTS.values(), *STEPS.values())
    )
