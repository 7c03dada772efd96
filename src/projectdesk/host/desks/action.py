"""Actions at their desks: what their owner may tell."""

from __future__ import annotations

from projectdesk.errors import Conflict, DomainError
from projectdesk.host.desks.texts import tidy_comment
from projectdesk.signalling.outcome import ActionAnswer, ActionSnapshot


def tidy_action(form: ActionSnapshot, answer: ActionAnswer) -> ActionAnswer:
    """Return what is told of an action as it is kept.

    What was told here and is not collected yet is not known to the form, so only what can never
    be is refused.

    Raises:
        Conflict: `action_dropped`, it is not to be done any more.
        DomainError: `text_needed`, a comment without words; `due_needed`, `same_due`: postponed to
            no day, or to the one it has; `comment_too_long`.
    """
    text = tidy_comment(answer.text)
    if form.status == "dropped" and answer.what != "comment":
        raise Conflict("action_dropped", "This action is not to be done any more.")
    if answer.what == "comment" and not text:
        raise DomainError("text_needed", "Write a comment first.")
    if answer.what != "postpone":
        return ActionAnswer(what=answer.what, text=text)
    if answer.due_on is None:
        raise DomainError("due_needed", "To postpone it, say until when.")
    if answer.due_on == form.due_on:
        raise DomainError("same_due", "It is due on that day already.")
    return ActionAnswer(what="postpone", text=text, due_on=answer.due_on)
