"""What an answering mail says: a receipt, or an objection."""

from __future__ import annotations

import pytest

from projectdesk.domain.rules.minutes_replies import objection_in

QUOTED = "\n\nOn 2 March Maya wrote:\n> The minutes of this meeting\n> Minutes d3d3d3d3d3-abc123\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Received, thanks.",
        "Vielen Dank, erhalten!",
        "Dear Maya,\nthank you.\nKind regards, Rui",
    ],
)
def test_thanks_and_receipts_object_to_nothing(text):
    assert objection_in(text + QUOTED) == ""


def test_what_is_written_above_the_quoted_text_is_an_objection():
    said = "Dear Maya,\n\nIt was 10 kEUR, not 20.\nPlease correct item 2."
    assert objection_in(said + QUOTED) == "It was 10 kEUR, not 20.\nPlease correct item 2."
