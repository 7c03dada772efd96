"""The usual notice of bodies (terms.md, Rules of a body)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from projectdesk.domain.consortium import Body, BodyKind
from projectdesk.domain.rules.body_rules import notice_after, usual_notice, usual_rules


@pytest.mark.parametrize("kind", list(BodyKind))
def test_a_general_assembly_is_called_earlier_than_a_smaller_body(kind: BodyKind) -> None:
    wanted = (45, 15, 21) if kind is BodyKind.GENERAL_ASSEMBLY else (14, 7, 7)
    told = usual_notice(kind)
    assert wanted == (
        told["notice_ordinary_days"],
        told["notice_extraordinary_days"],
        told["agenda_days"],
    )


def test_what_was_agreed_stays_when_a_body_becomes_another() -> None:
    now = {"notice_ordinary_days": 45, "notice_extraordinary_days": 3, "agenda_days": 21}
    assert notice_after(BodyKind.GENERAL_ASSEMBLY, BodyKind.EXECUTIVE_BOARD, now) == {
        "notice_ordinary_days": 14,
        "notice_extraordinary_days": 3,
        "agenda_days": 7,
    }


def test_the_usual_rules_are_what_a_new_body_has() -> None:
    for kind in BodyKind:
        body = Body(project_id=uuid4(), name="", kind=kind, **usual_notice(kind))
        usual = usual_rules(kind)
        assert {name: getattr(body, name) for name in usual} == usual
    rules = {name for name in vars(body) if name.endswith(("_days", "ator"))}
    assert rules == set(usual)
