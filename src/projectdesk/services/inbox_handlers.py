"""Who takes mail that was received, in order: each decides by what is in it (`services.inbox`)."""

from __future__ import annotations

from typing import Final

from projectdesk.services import (
    action_answers,
    ballot_answers,
    bounces,
    minutes_replies,
    poll_answers,
    replies,
)
from projectdesk.services.inbox import Handler

HANDLERS: Final[tuple[Handler, ...]] = (
    bounces.take,
    replies.take,
    poll_answers.take,
    action_answers.take,
    minutes_replies.take,
    ballot_answers.take,
)
"""Add yours here: a function of (unit, mail) that returns what became of it, or None."""
