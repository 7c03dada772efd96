from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules.replanning import share_out

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "rules" / "share_out.json"
EXAMPLES = json.loads(FIXTURE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_that_the_page_reads_too(example):
    assert share_out(example["weights"], example["available"]) == example["minutes"]


@given(st.lists(st.integers(0, 240), min_size=1, max_size=20), st.integers(0, 600))
def test_everybody_gets_a_minute_and_together_they_take_what_there_is(weights, available):
    shares = share_out(weights, available)
    assert len(shares) == len(weights)
    assert min(shares) >= 1
    assert sum(shares) == max(available, len(weights))
