"""After the call: what should be seen to before minutes are circulated (terms.md, Minutes).

None of it forbids to circulate; each is said with what it is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Check(StrEnum):
    """What should be seen to.

    ATTENDANCE: nobody confirmed who was there. DECISION_TEXT: a decision says nothing. UNDECIDED:
    an item for decision was treated, and no decision is written down. ACTION_OWNER, ACTION_DATE:
    nobody does it, or by no day. LEFT_OVER: an item was not treated and waits nowhere. DRAFT_LATE:
    the draft should be out already.
    """

    ATTENDANCE = "attendance"
    DECISION_TEXT = "decision_text"
    UNDECIDED = "undecided"
    ACTION_OWNER = "action_owner"
    ACTION_DATE = "action_date"
    LEFT_OVER = "left_over"
    DRAFT_LATE = "draft_late"


@dataclass(frozen=True)
class Finding:
    """One thing to see to. about: what it concerns: labels of actions, titles of items."""

    check: Check
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Todo:
    """An open action as far as it is checked: its label, whether it has an owner, its day."""

    label: str
    owned: bool
    due_on: date | None


def findings(
    *,
    confirmed: bool,
    empty_decisions: Iterable[str],
    undecided: Iterable[str],
    actions: Iterable[Todo],
    left_over: Iterable[str],
    days_late: int = 0,
) -> tuple[Finding, ...]:
    """Return what should be seen to, in the order in which it is done.

    Args:
        confirmed: somebody found the attendance right.
        empty_decisions: labels of decisions without text.
        undecided: titles of items for decision that were treated and decided nothing.
        actions: the open ones.
        left_over: titles of items that were not treated and wait for no other meeting.
        days_late: of the draft.
    """
    todos = list(actions)
    about = {
        Check.DECISION_TEXT: tuple(empty_decisions),
        Check.UNDECIDED: tuple(undecided),
        Check.ACTION_OWNER: tuple(each.label for each in todos if not each.owned),
        Check.ACTION_DATE: tuple(each.label for each in todos if each.due_on is None),
        Check.LEFT_OVER: tuple(left_over),
    }
    found = [] if confirmed else [Finding(Check.ATTENDANCE)]
    found += [Finding(check, names) for check, names in about.items() if names]
    if days_late:
        found.append(Finding(Check.DRAFT_LATE))
    return tuple(found)
