from __future__ import annotations

from projectdesk.media.embedded.speaker import CircleSpeakers, SpeakerWatch


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


def told(
    speakers: CircleSpeakers, seconds: float, start: float, **loudness: float
) -> list[tuple[list[str], str | None]]:
    """Return what is told while everybody is so loud for a while."""
    return [
        news
        for step in range(int(seconds * 5))
        for news in speakers.observe(loudness, start + step / 5)
    ]


def test_all_are_one_circle_until_they_are_divided():
    assert told(CircleSpeakers(), 2, 0, anna=100, bert=90) == [([], "anna")]


def test_each_circle_has_its_speaker_and_who_is_in_none_never_speaks():
    speakers = CircleSpeakers()
    assert speakers.divide([["anna", "bert"], ["carl", "dora"]]) == [
        (["anna", "bert"], None),
        (["carl", "dora"], None),
    ]
    news = told(speakers, 2, 0, anna=90, bert=0, carl=80, dora=0, inge=120)
    assert sorted(news) == [(["anna", "bert"], "anna"), (["carl", "dora"], "carl")]
    assert told(speakers, 4, 10, carl=80) == [(["anna", "bert"], None)]


def test_who_speaks_goes_on_to_in_another_circle():
    speakers = CircleSpeakers()
    told(speakers, 2, 0, anna=100, bert=0)
    assert speakers.divide([["anna", "carl"], ["bert"]]) == [
        (["anna", "carl"], "anna"),
        (["bert"], None),
    ]
    assert speakers.divide(None) == [([], "anna")]
    assert speakers.divide([["bert"]]) == [(["bert"], None)]
