"""`bench minutes`, shortened: a real host, eight writers, equal documents."""

from __future__ import annotations

import pytest

from projectdesk.bench import minutes


@pytest.mark.full
def test_eight_writers_end_with_the_same_text(monkeypatch):
    monkeypatch.setattr(minutes, "PARTS", ())
    report = minutes.run(["--edits", "240", "--seconds", "4"])
    rows = {row["what"]: row for row in report["rows"]}
    assert rows["replicas equal, host's included"]["equal"] is True
    assert {goal["name"] for goal in report["goals"]} == {"minutes.p95_ms", "minutes.load_ms"}
    assert all(goal["value"] is not None for goal in report["goals"])
