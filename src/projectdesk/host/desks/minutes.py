"""Circulated minutes at their readers' desks: what is taken of a receipt, objections and vetoes."""

from __future__ import annotations

from projectdesk.errors import Conflict, DomainError
from projectdesk.host.desks.texts import tidy_comment, tidy_text
from projectdesk.signalling.outcome import (
    MAX_REASON,
    DecisionVeto,
    ItemObjection,
    MinutesAnswer,
    MinutesSnapshot,
)


def tidy_minutes(form: MinutesSnapshot, answer: MinutesAnswer) -> MinutesAnswer:
    """Return an answer as it is kept: in the order of the form, one objection an item.

    Texts that are empty are left out: what is not in an answer any more is withdrawn. Accepted
    minutes take vetoes alone, of decisions whose time for them lasts longer.

    Raises:
        Conflict: `minutes_accepted`, `minutes_superseded`.
        DomainError: `may_not_object`; `other_items`, the answer is to another form;
            `no_veto_here`; `objection_too_long`, `reason_too_long`, `comment_too_long`.
    """
    if form.status == "accepted" and (answer.objections or not _open_decisions(form)):
        raise Conflict("minutes_accepted", "These minutes are accepted; they are only read.")
    if form.status == "superseded":
        raise Conflict("minutes_superseded", "A newer revision took the place of these minutes.")
    return MinutesAnswer(
        objections=_objections(form, answer),
        vetoes=_vetoes(form, answer),
        comment=tidy_comment(answer.comment),
    )


def _objections(form: MinutesSnapshot, answer: MinutesAnswer) -> list[ItemObjection]:
    given = {
        each.item: tidy_text(each.text, MAX_REASON, "objection_too_long").strip()
        for each in answer.objections
    }
    items = ["", *(item.id for item in form.items)]
    if len(given) != len(answer.objections) or not given.keys() <= set(items):
        raise DomainError(
            "other_items",
            "The minutes were changed meanwhile. Load the page again and answer anew.",
        )
    found = [ItemObjection(item=item, text=given[item]) for item in items if given.get(item)]
    if found and not form.may_object:
        raise DomainError("may_not_object", "Only parties of the project object to minutes.")
    return found


def _vetoes(form: MinutesSnapshot, answer: MinutesAnswer) -> list[DecisionVeto]:
    given = {
        each.decision: tidy_text(each.reason, MAX_REASON, "reason_too_long").strip()
        for each in answer.vetoes
    }
    open_here = _open_decisions(form)
    if len(given) != len(answer.vetoes) or not given.keys() <= set(open_here):
        raise DomainError("no_veto_here", "This decision cannot be vetoed here.")
    return [
        DecisionVeto(decision=each, reason=given[each]) for each in open_here if given.get(each)
    ]


def _open_decisions(form: MinutesSnapshot) -> list[str]:
    """Return the decisions that this reader may veto."""
    return [each.id for item in form.items for each in item.decisions if each.may_veto]
