"""The film of a recording: who stands where, and that it shows and sounds what was recorded."""

from __future__ import annotations

import itertools

import av
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.errors import DomainError
from projectdesk.media.recording.combine import best_suffix, combine
from projectdesk.media.recording.feed import Kind
from projectdesk.media.recording.layout import arrange, fit
from projectdesk.media.recording.picture import Bitmap
from tests.unit.media.recording_streams import audio_packets, through_network, video_packets
from tests.unit.media.test_recorder import ANA, BO, Session, clicks

SIZE = (320, 180)


@given(
    st.integers(0, 25),
    st.booleans(),
    st.sampled_from([(1280, 720), (640, 360), (720, 1280)]),
)
def test_nobody_stands_in_front_of_another(count, with_screen, size):
    width, height = size
    people = [str(number) for number in range(count)]
    tiles = arrange(people, "0" if with_screen else None, width, height)
    assert len(tiles) == count + with_screen
    for tile in tiles:
        assert tile.x >= 0 <= tile.y
        assert tile.x + tile.width <= width
        assert tile.y + tile.height <= height
        assert not any(value % 2 for value in (tile.x, tile.y, tile.width, tile.height))
        assert tile.width > 0 < tile.height
    for one, other in itertools.combinations(tiles, 2):
        apart = (
            one.x + one.width <= other.x
            or other.x + other.width <= one.x
            or one.y + one.height <= other.y
            or other.y + other.height <= one.y
        )
        assert apart


@given(st.integers(1, 4000), st.integers(1, 4000), st.integers(8, 1280), st.integers(8, 720))
def test_a_picture_fits_its_box(width, height, box_width, box_height):
    made = fit(width, height, box_width, box_height)
    assert made[0] <= max(2, box_width)
    assert made[1] <= max(2, box_height)


@pytest.fixture
def folder(tmp_path):
    """Ana sends voice and camera from the start, Bo a screen and no camera from 1 s on."""
    session = Session(tmp_path)
    session.begin(people=(ANA,))
    session.declare(0, "ana", "audio")
    session.declare(1, "ana", "video")
    session.declare(2, "bo", "audio")
    session.declare(3, "bo", "screen")
    session.play(until=0.0)
    session.recorder.take(Kind.TICK, 0, 5000.0, b"")
    voice, camera = through_network(audio_packets(4)), through_network(video_packets(4))
    session.play(
        (0, [one for one in voice if one.at < 1]), (1, [one for one in camera if one.at < 1]),
        until=0.95,
    )  # fmt: skip
    session.say(Kind.PEOPLE, 1.0, [ANA, BO])
    session.play(
        (0, [one for one in voice if one.at >= 1]),
        (1, [one for one in camera if one.at >= 1]),
        (2, through_network(audio_packets(2, begin=1.5))),
        (3, through_network(video_packets(2, begin=1.0))),
        until=4.5,
    )
    session.end()
    return tmp_path


def letters(text: str, height: int, most: int) -> Bitmap:
    width = min(most, len(text) * height // 2) // 2 * 2
    return Bitmap(width, height, b"\xff" * (width * height))


@pytest.mark.parametrize("suffix", [".mp4", pytest.param(".webm", marks=pytest.mark.full)])
def test_the_film_shows_and_sounds_what_was_recorded(folder, tmp_path, suffix):
    done: list[float] = []
    film = combine(
        folder, tmp_path / f"film{suffix}", lettering=letters, size=SIZE, told=done.append
    )
    assert film.people == ("Ana Ribeiro", "Bo Lind")
    assert done == sorted(done)
    assert done[-1] == 1.0
    assert not list(tmp_path.glob(".film*"))
    with av.open(str(film.file)) as opened:
        kinds = {stream.codec_context.name for stream in opened.streams}
        assert kinds == ({"h264", "aac"} if suffix == ".mp4" else {"vp8", "opus"})
        frames = list(opened.decode(video=0))
    assert (frames[0].width, frames[0].height) == SIZE
    assert len(frames) == pytest.approx(film.seconds * 25, abs=1)
    assert clicks(film.file) == pytest.approx([0, 1, 1.5, 2, 2.5, 3], abs=0.08)
    # Alone, Ana's flash at 0 s fills the picture; beside Bo's screen it is small.
    middle, beside = (160, 60), (284, 6)
    assert max(level(frame, *middle) for frame in frames[:6]) > 100
    assert max(level(frame, *beside) for frame in frames[13:20]) < 60
    assert max(level(frame, *beside) for frame in frames[50:54]) > 100
    assert max(level(frame, *beside) for frame in frames[62:70]) < 60


def test_who_interprets_is_not_heard_over_the_floor(tmp_path):
    session = Session(tmp_path)
    session.begin(people=(ANA, BO))
    session.declare(0, "ana", "audio")
    session.declare(1, "bo", "audio")
    session.play(until=0.0)
    session.recorder.take(Kind.TICK, 0, 5000.0, b"")
    voice, interpreter = (
        through_network(audio_packets(4)),
        through_network(audio_packets(3, begin=0.5)),
    )

    def parts(begin: float, end: float):
        return [
            (number, [one for one in sent if begin <= one.at < end])
            for number, sent in enumerate((voice, interpreter))
        ]

    session.play(*parts(0, 2), until=1.95)
    session.say(Kind.PEOPLE, 2.0, [ANA, msgspec.structs.replace(BO, interprets="de")])
    session.play(*parts(2, 9), until=4.5)
    session.end()
    film = combine(tmp_path, tmp_path / "film.mp4", size=SIZE)
    assert clicks(film.file) == pytest.approx([0, 0.5, 1, 1.5, 2, 3], abs=0.08)
    assert film.people == ("Ana Ribeiro", "Bo Lind")


def level(frame, x, y):
    plane = frame.reformat(format="yuv420p").planes[0]
    return memoryview(plane)[y * plane.line_size + x]


def test_a_film_of_another_kind_is_refused(folder, tmp_path):
    with pytest.raises(DomainError) as caught:
        combine(folder, tmp_path / "film.avi")
    assert caught.value.code == "bad_film"
    assert best_suffix() == ".mp4"
    assert not (tmp_path / "film.avi").exists()
