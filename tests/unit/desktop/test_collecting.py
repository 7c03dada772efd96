from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from projectdesk.desktop import collecting


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_a_start_is_not_searched_for_garbage() -> None:
    collecting.start()
    before = gc.get_stats()[0]["collections"]
    kept = [[] for _ in range(20_000)]
    assert gc.get_stats()[0]["collections"] == before
    assert len(kept) == 20_000


def test_after_the_start_only_what_is_new_is_looked_at() -> None:
    usual = gc.get_threshold()
    collecting.start()
    collecting.settle()
    settled = gc.get_freeze_count()
    assert gc.get_threshold() == usual
    assert settled > 10_000
    collecting.settle()  # the data was opened anew: its new pages are not kept for ever
    assert gc.get_freeze_count() <= settled
