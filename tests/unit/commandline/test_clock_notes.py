"""What is said of a local time on a day when the clocks change."""

from __future__ import annotations

from datetime import datetime

import pytest

from projectdesk.commandline.clock_notes import clock_note, tell_clocks


def test_a_time_that_is_skipped_or_comes_twice_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    starts = [
        datetime.fromisoformat(text)
        for text in ("2027-03-28T02:30", "2027-10-31T02:30", "2027-11-01T02:30")
    ]
    tell_clocks(starts, "Europe/Berlin")
    assert capsys.readouterr().err.splitlines() == [
        "On 2027-03-28 the clocks of Europe/Berlin skip 02:30: it becomes 03:30.",
        "On 2027-10-31 the clocks of Europe/Berlin show 02:30 twice: the first of both is meant, "
        "00:30 UTC.",
    ]
    assert clock_note(starts[2], "Europe/Berlin") == ""
