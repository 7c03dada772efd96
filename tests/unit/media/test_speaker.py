from __future__ import annotations

from projectdesk.media.embedded.speaker import SpeakerWatch


def run(watch: SpeakerWatch, seconds: float, start: float, **loudness: float) -> list[str | None]:
    changes, now = [], start
    while now < start + seconds:
        if watch.observe(loudness, now):
            changes.append(watch.current)
        now += 0.2
    return changes


def test_who_speaks_for_a_while_is_the_speaker():
    assert run(SpeakerWatch(), 3, 0, anna=100, bert=20) == ["anna"]


def test_a_cough_does_not_move_the_picture():
    watch = SpeakerWatch()
    run(watch, 3, 0, anna=95, bert=20)
    assert run(watch, 0.5, 3, anna=95, bert=110) == []
    assert run(watch, 3, 3.6, anna=95, bert=20) == []


def test_equally_loud_people_do_not_alternate():
    watch = SpeakerWatch()
    run(watch, 3, 0, anna=100, bert=20)
    assert run(watch, 5, 3, anna=98, bert=101) == []


def test_another_takes_over():
    watch = SpeakerWatch()
    run(watch, 3, 0, anna=100, bert=20)
    assert run(watch, 3, 3, anna=20, bert=100) == ["bert"]


def test_silence_has_no_speaker():
    watch = SpeakerWatch()
    run(watch, 3, 0, anna=100)
    assert run(watch, 6, 3, anna=10) == [None]
    assert run(watch, 6, 9) == []
