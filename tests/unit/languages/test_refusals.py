"""What the room and the desks refuse is said in the languages of the page, by its code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from projectdesk import errors
from projectdesk.catalogues import ENGLISH, refusals

SOURCE = Path(errors.__file__).parent
TO_PEOPLE = ("room", "host/desks")
TO_PROGRAMS = frozenset({"bad_update", "too_many_feeds"})
"""Codes that no page and no console causes, whatever a person does there."""
CODE = re.compile(r"[a-z]+(_[a-z0-9]+)+")


def codes() -> Iterator[str]:
    """Yield the codes that stand beside a text in the code of what people talk to."""
    for room in TO_PEOPLE:
        for file in sorted((SOURCE / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                values = node.args if isinstance(node, ast.Call) else getattr(node, "elts", [])
                for code, text in pairwise(values):
                    if (
                        isinstance(code, ast.Constant)
                        and isinstance(code.value, str)
                        and CODE.fullmatch(code.value)
                        and isinstance(text, ast.Constant)
                        and " " in str(text.value)
                    ):
                        yield code.value


def test_each_refusal_that_a_person_may_meet_has_a_text_in_each_language() -> None:
    """The languages are compared with English in `test_worded`."""
    raised, said = set(codes()), refusals(ENGLISH).keys()
    assert len(raised) > 80
    assert sorted(raised - said - TO_PROGRAMS) == []
    assert sorted(TO_PROGRAMS - raised) == [], "no longer raised"
