from __future__ import annotations

import pytest

from projectdesk.commandline.ports import video_codecs
from projectdesk.errors import DomainError


@pytest.mark.parametrize(
    ("text", "codecs"),
    [
        ("vp8", ("vp8",)),
        ("VP9, vp8", ("vp9", "vp8")),
        ("h264,vp9", ("h264", "vp9")),
        ("vp9,h264,vp8", ("vp9", "h264", "vp8")),
    ],
)
def test_codecs_are_taken_in_their_order(text, codecs):
    assert video_codecs(text) == codecs


@pytest.mark.parametrize("text", ["", "av1", "vp9,vp9", "vp8,vp9", "vp9,,vp8", "vp9;vp8"])
def test_a_list_that_says_nothing_sensible_is_refused(text):
    with pytest.raises(DomainError) as refused:
        video_codecs(text)
    assert refused.value.code == "bad_video_codecs"
    assert "h264" in str(refused.value)
