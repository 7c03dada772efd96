"""What owners of actions told by their personal links, out of the host's journal."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from projectdesk.domain.minutes import Action, ActionNoteKind
from projectdesk.errors import DomainError
from projectdesk.services import outbox
from projectdesk.services.action_telling import Told, tell
from projectdesk.services.session import Unit
from projectdesk.signalling.journal import DeskAnswered
from projectdesk.signalling.outcome import ActionAnswer

_KINDS: Final = {
    "done": ActionNoteKind.DONE,
    "postpone": ActionNoteKind.POSTPONED,
    "comment": ActionNoteKind.COMMENT,
    "reopen": ActionNoteKind.REOPENED,
}


def action_answered(unit: Unit, at: datetime, fact: DeskAnswered) -> bool:
    """Note what an action's owner told, and let the action follow it.

    Who did it before and lost the link meanwhile is heard, but does not decide any more.

    Args:
        unit: the collection's change.
        at: when the host received it.
        fact: with an answer of the kind action.

    Returns:
        Whether it was taken; False if nothing here is meant.
    """
    answer = fact.answer
    action_id, person_id = _subject(fact.subject)
    action = unit.session.get(Action, action_id) if action_id is not None else None
    if not isinstance(answer, ActionAnswer) or action is None:
        return False
    told = Told(_KINDS[answer.what], answer.text, answer.due_on, person_id)
    if action.desk != fact.desk or action.owner_person_id != person_id:
        tell(unit, action, _as_comment(told), at)
        return True
    try:
        changed = tell(unit, action, told, at)
    except DomainError:  # a day that cannot be: the words are kept all the same
        tell(unit, action, _as_comment(told), at)
        return True
    if changed:
        outbox.cancel(unit, record_id=action.id)
    return True


def _as_comment(told: Told) -> Told:
    """Return what is told as words alone."""
    if told.kind is ActionNoteKind.COMMENT:
        return told
    said = f"({told.kind.value}{f': {told.due_on}' if told.due_on else ''})"
    return Told(ActionNoteKind.COMMENT, f"{told.text} {said}".strip(), None, told.person_id)


def _subject(text: str) -> tuple[UUID | None, UUID | None]:
    """Return action and person of a desk's subject (`action_desks.subject_of`)."""
    action, _, person = text.partition(".")
    try:
        return UUID(action), UUID(person)
    except ValueError:
        return None, None
