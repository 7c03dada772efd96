"""Ballots of a written procedure at their desks: what is taken, and until when."""

from __future__ import annotations

from projectdesk.errors import Conflict, DomainError
from projectdesk.host.desks.texts import tidy_comment, tidy_text
from projectdesk.signalling.outcome import MAX_REASON, BallotAnswer, BallotSnapshot


def tidy_ballot(form: BallotSnapshot, answer: BallotAnswer) -> BallotAnswer:
    """Return a vote, or at stage veto a veto, as it is kept: with the stage it was given at.

    Raises:
        Conflict: `ballot_closed`, `ballot_cancelled`; `other_stage`, the page was loaded before the
            result was told.
        DomainError: `unknown_choice`; `comment_too_long`, `reason_too_long`.
    """
    if form.stage == "closed":
        raise Conflict("ballot_closed", "This procedure is over; nothing can be changed here.")
    if form.stage == "cancelled":
        raise Conflict("ballot_cancelled", "This procedure was called off.")
    if answer.stage != form.stage:
        raise Conflict("other_stage", "The vote went on meanwhile. Load the page again.")
    comment = tidy_comment(answer.comment)
    if form.stage == "veto":
        reason = tidy_text(answer.veto, MAX_REASON, "reason_too_long")
        return BallotAnswer(veto=reason, comment=comment, stage="veto")
    if answer.choice not in {*form.choices, ""}:
        raise DomainError("unknown_choice", "This choice is not offered. Load the page again.")
    return BallotAnswer(choice=answer.choice, comment=comment)
