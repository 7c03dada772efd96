"""The rules that a new body starts with: quorum, majority, notice, minutes.

The numbers follow published DESCA-style consortium agreements (terms.md, Rules of a body); each is
a field of the body and stays editable.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from projectdesk.domain.consortium import BodyKind

_GENERAL_ASSEMBLY: Final[Mapping[str, int]] = {
    "notice_ordinary_days": 45,
    "notice_extraordinary_days": 15,
    "agenda_days": 21,
    "agenda_extraordinary_days": 10,
    "items_days": 14,
}
_SMALLER_BODY: Final[Mapping[str, int]] = {
    "notice_ordinary_days": 14,
    "notice_extraordinary_days": 7,
    "agenda_days": 7,
    "agenda_extraordinary_days": 7,
    "items_days": 7,
}


_SHARES_AND_MINUTES: Final[Mapping[str, int]] = {
    "quorum_numerator": 2,
    "quorum_denominator": 3,
    "majority_numerator": 2,
    "majority_denominator": 3,
    "minutes_draft_days": 10,
    "minutes_accept_days": 15,
    "written_days": 10,
    "written_numerator": 51,
    "written_denominator": 100,
    "veto_days": 15,
}


def usual_rules(kind: BodyKind) -> Mapping[str, int]:
    """Return all usual rules of a kind of body, by the names of `Body`'s fields."""
    return {**_SHARES_AND_MINUTES, **usual_notice(kind)}


def usual_notice(kind: BodyKind) -> Mapping[str, int]:
    """Return the usual notice of a kind of body in days, by the names of `Body`'s fields."""
    return _GENERAL_ASSEMBLY if kind is BodyKind.GENERAL_ASSEMBLY else _SMALLER_BODY


def notice_after(before: BodyKind, after: BodyKind, now: Mapping[str, int]) -> dict[str, int]:
    """Return the notice of a body that becomes another kind.

    What was agreed otherwise than usual stays; what was usual becomes what is usual now.

    Args:
        before: its kind so far.
        after: its kind from now on.
        now: its notice so far, by the names of `Body`'s fields, in days.
    """
    usual, wanted = usual_notice(before), usual_notice(after)
    return {name: wanted[name] if days == usual[name] else days for name, days in now.items()}
