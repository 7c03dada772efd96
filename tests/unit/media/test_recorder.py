"""The recorder: packets as a network brings them become files that play, in step."""

from __future__ import annotations

import heapq
import io
import itertools
from datetime import UTC, datetime

import av
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.errors import EnvironmentFailure, NotFound
from projectdesk.media.recording import manifest, opus
from projectdesk.media.recording.feed import REPORT, Kind, Stream, pack, read_frame
from projectdesk.media.recording.finish import finish
from projectdesk.media.recording.process import Recorder, run
from projectdesk.media.recording.reorder import PATIENCE_S, Reorder
from projectdesk.media.recording.vp8 import Pictures, read_picture
from projectdesk.signalling.media import RecordedPerson
from tests.unit.media.recording_streams import (
    audio_packets,
    pictures,
    sounds,
    through_network,
    video_packets,
)

STARTED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANA = RecordedPerson(id="ana", name="Ana Ribeiro", organisation="UPORTO")
BO = RecordedPerson(id="bo", name="Bo Lind", organisation="NORDLYS")
CLOCK = 5000.0
"""The SFU's clock when a test begins."""


class Session:
    """Plays the SFU to a recorder whose files lie in a folder."""

    def __init__(self, folder, number=1, *, reserve=0):
        self.folder = folder
        self.recorder = Recorder(folder, number, STARTED, reserve=reserve)
        self.wanted = []

    def say(self, kind, at, value=None, stream=0):
        body = b"" if value is None else msgspec.json.encode(value)
        self.recorder.take(kind, stream, CLOCK + at, body)

    def begin(self, at=0.0, people=(ANA,)):
        self.say(Kind.RESUME, at)
        self.say(Kind.PEOPLE, at, list(people))

    def declare(self, number, participant, source):
        rate = 48000 if source == "audio" else 90000
        stream = Stream(participant=participant, source=source, clock_rate=rate)
        self.say(Kind.STREAM, 0.0, stream, number)

    def play(self, *streams, until):
        """Bring the packets of several streams (number, packets) in, with ticks between."""
        runs = [[(one.at, number, one.data) for one in packets] for number, packets in streams]
        ticks = ((at / 20, -1, b"") for at in range(round(until * 20) + 1))
        for at, number, data in heapq.merge(*runs, ticks):
            if number < 0:
                self.say(Kind.TICK, at)
                self.wanted += [(at, stream) for stream in self.recorder.wanted]
                self.recorder.wanted.clear()
            else:
                self.recorder.take(Kind.PACKET, number, CLOCK + at, data)

    def end(self, erased=()):
        self.recorder.close(erased)
        return finish(self.folder)


def video_times(path, kind="video"):
    """Return when each picture is shown, in seconds, and how light it is."""
    with av.open(str(path)) as opened:
        stream = next(s for s in opened.streams if s.type == kind)
        return [(frame.time, memoryview(frame.planes[0])[0]) for frame in opened.decode(stream)]


def clicks(path):
    """Return when the clicks begin, in seconds."""
    found, loud_until = [], -1.0
    with av.open(str(path)) as opened:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=48000)
        for frame in opened.decode(opened.streams.audio[0]):
            base = frame.time or 0.0
            for made in resampler.resample(frame):
                samples = memoryview(bytes(made.planes[0])).cast("h")[: made.samples]
                for place in range(0, len(samples), 48):
                    at = base + place / 48000
                    if abs(samples[place]) > 3000 and at > loud_until:
                        found.append(at)
                    if abs(samples[place]) > 3000:
                        loud_until = at + 0.3
    return found


def flashes(path):
    """Return when the picture turns light, in seconds."""
    steps = itertools.pairwise([(-1.0, 0), *video_times(path)])
    return [at for (_, before), (at, light) in steps if light > 120 > before]


@pytest.fixture
def session(tmp_path):
    return Session(tmp_path)


# --- whole recordings -----------------------------------------------------------------------------


def test_voice_and_camera_become_one_file_that_plays(session):
    session.begin()
    session.declare(0, "ana", "audio")
    session.declare(1, "ana", "video")
    session.play(
        (0, through_network(audio_packets(4))), (1, through_network(video_packets(4))), until=5.5
    )
    made = session.end()
    (file,) = made.files
    assert (file.name, file.sources) == ("ana.webm", ["audio", "video"])
    assert file.start_s == pytest.approx(0.0, abs=0.1)
    assert made.seconds == pytest.approx(5.5, abs=0.2)
    path = session.folder / file.name
    assert len(video_times(path)) == 100
    assert video_times(path)[-1][0] == pytest.approx(3.96, abs=0.05)
    assert (file.width, file.height) == (160, 120)
    assert sorted(p.name for p in session.folder.iterdir()) == ["ana.webm", "manifest.json"]


@pytest.mark.parametrize("reports", [False, True])
def test_lips_and_words_stay_together_over_a_bad_network(session, reports):
    session.begin()
    session.declare(0, "ana", "audio")
    session.declare(1, "ana", "video")
    late = 0.15 if reports else 0.0  # a slow encoder: only the sender's reports tell
    voice = through_network(audio_packets(6), jitter=0.08, loss=0.03, seed=3)
    camera = through_network(
        video_packets(6, late=late), jitter=0.08, loss=0.1, again_after=0.25, seed=4
    )
    if reports:
        for at in (0.3, 2.3):
            ntp = int((1000 + at) * (1 << 32))
            sound = REPORT.pack(ntp, (0xFFFFFF00 + round(at * 48000)) & 0xFFFFFFFF)
            picture = REPORT.pack(ntp, 12345 + round(at * 90000))
            session.play(
                (0, [one for one in voice if one.at < at]),
                (1, [one for one in camera if one.at < at]),
                until=at,
            )
            voice = [one for one in voice if one.at >= at]
            camera = [one for one in camera if one.at >= at]
            session.recorder.take(Kind.REPORT, 0, CLOCK + at + 0.02, sound)
            session.recorder.take(Kind.REPORT, 1, CLOCK + at + 0.02, picture)
    session.play((0, voice), (1, camera), until=7.5)
    made = session.end()
    path = session.folder / made.files[0].name
    heard, seen = clicks(path), flashes(path)
    assert len(seen) == 6
    assert len(heard) >= 5  # a click may be among the lost 3 %
    offsets = [min(abs(sound - picture) for picture in seen) for sound in heard]
    assert max(offsets) < 0.08


def test_what_never_comes_costs_pictures_up_to_the_next_key_frame(session):
    session.begin()
    session.declare(0, "ana", "video")
    packets = [one for one in video_packets(4) if not 1.30 < one.at < 1.42]
    session.play((0, through_network(iter(packets))), until=5.5)
    made = session.end()
    times = [at for at, _ in video_times(session.folder / "ana.webm")]
    assert max(b - a for a, b in itertools.pairwise(times)) == pytest.approx(0.72, abs=0.1)
    assert len(times) == 100 - 17
    assert session.wanted == []  # the next key frame came by itself
    assert made.files[0].seconds == pytest.approx(3.96, abs=0.05)


def test_a_picture_that_cannot_go_on_asks_for_a_key_frame(session):
    session.begin()
    session.declare(0, "ana", "video")
    packets = [one for one in video_packets(3) if not 2.1 < one.at < 2.2]
    session.play((0, through_network(iter(packets))), until=4.0)
    assert [number for _, number in session.wanted] == [0]
    assert session.wanted[0][0] == pytest.approx(3.2, abs=0.2)


def test_a_muted_while_is_a_gap_of_its_length(session):
    session.begin()
    session.declare(0, "ana", "audio")
    packets = [one for one in audio_packets(6) if not 1.5 < one.at < 4.5]
    session.play((0, through_network(iter(packets))), until=7.5)
    session.end()
    assert clicks(session.folder / "ana.webm") == pytest.approx([0, 1, 5], abs=0.05)


@pytest.mark.full
def test_a_camera_that_changes_its_size_goes_on(session):
    session.begin()
    session.declare(0, "ana", "video")
    session.declare(1, "ana", "video")
    small = through_network(video_packets(2))
    large = through_network(video_packets(2, begin=2.0, width=320, height=240))
    session.play((0, small), (1, large), until=5.5)
    made = session.end()
    assert (made.files[0].width, made.files[0].height) == (320, 240)
    with av.open(str(session.folder / "ana.webm")) as opened:
        widths = [frame.width for frame in opened.decode(video=0)]
    assert (widths.count(160), widths.count(320)) == (50, 50)


def test_a_size_that_comes_back_after_its_numbers_went_half_around_is_recorded(session):
    session.begin()
    session.declare(0, "ana", "video")
    first = list(through_network(video_packets(1)))
    again = list(through_network(video_packets(1, begin=4.0, number=40_000)))
    session.play((0, first), (0, again), until=6.5)
    session.end()
    shown = [at for at, _ in video_times(session.folder / "ana.webm")]
    assert [at > 3 for at in shown].count(True) == 25
    assert len(shown) == 50


def test_a_screen_has_a_file_of_its_own(session):
    session.begin()
    session.declare(0, "ana", "audio")
    session.declare(1, "ana", "screen")
    session.play(
        (0, through_network(audio_packets(3))),
        (1, through_network(video_packets(1, begin=2.0))),
        until=5,
    )
    made = session.end()
    assert [(f.name, f.sources) for f in made.files] == [
        ("ana.webm", ["audio"]),
        ("ana-screen.webm", ["screen"]),
    ]
    assert made.files[1].start_s == pytest.approx(2.0, abs=0.1)
    assert video_times(session.folder / "ana-screen.webm")[0][0] == pytest.approx(0, abs=0.01)


def test_a_pause_is_left_out_and_told(session):
    session.begin()
    session.declare(0, "ana", "audio")
    voice = through_network(audio_packets(8))
    session.play((0, [one for one in voice if one.at < 2.5]), until=2.5)
    session.say(Kind.PAUSE, 2.5)
    for at in range(60, 120):
        session.say(Kind.TICK, at / 20)
    session.begin(5.5)
    session.play((0, [one for one in voice if one.at >= 5.5]), until=9.0)
    made = session.end()
    (pause,) = made.pauses
    assert (pause.at_s, pause.lasted_s) == (pytest.approx(2.5), pytest.approx(3.0))
    assert clicks(session.folder / "ana.webm") == pytest.approx([0, 1, 2, 3, 4], abs=0.06)


def test_who_withdrew_leaves_nothing(session):
    session.begin(people=(ANA, BO))
    session.declare(0, "ana", "audio")
    session.declare(1, "bo", "audio")
    session.play(
        (0, through_network(audio_packets(2))), (1, through_network(audio_packets(2))), until=4
    )
    session.recorder.close()
    assert {file.participant for file in finish(session.folder).files} == {"ana", "bo"}
    made = finish(session.folder, without=["bo"])
    assert [file.participant for file in made.files] == ["ana"]
    assert manifest.read_manifest(session.folder) == made
    assert not list(session.folder.glob("*bo*"))


def test_who_withdrew_while_it_ran_leaves_nothing_either(session):
    session.begin(people=(ANA, BO))
    session.declare(0, "ana", "audio")
    session.declare(1, "bo", "audio")
    session.play(
        (0, through_network(audio_packets(2))), (1, through_network(audio_packets(2))), until=4
    )
    made = session.end(erased=["bo"])
    assert [file.participant for file in made.files] == ["ana"]
    assert made.names() == {"ana": "Ana Ribeiro"}
    assert not list(session.folder.glob("*bo*"))


def test_a_second_part_goes_on_where_the_first_ended(session):
    session.begin()
    session.declare(0, "ana", "audio")
    session.play((0, through_network(audio_packets(2))), until=3)
    session.recorder.close()
    again = Session(session.folder, 2)
    again.begin()
    again.declare(0, "ana", "audio")
    again.play((0, through_network(audio_packets(2))), until=3)
    made = again.end()
    assert clicks(session.folder / "ana.webm") == pytest.approx([0, 1, 3, 4], abs=0.06)
    assert made.seconds == pytest.approx(6.0, abs=0.1)
    assert not made.interrupted


def test_what_a_crash_left_is_read_as_far_as_it_goes(session):
    session.begin()
    session.declare(0, "ana", "audio")
    session.declare(1, "ana", "video")
    session.play(
        (0, through_network(audio_packets(5))), (1, through_network(video_packets(5))), until=5.2
    )
    # Neither closed nor described: what is on the disk is what a killed process leaves.
    live = session.folder / "live-1-ana-video.webm"
    data = live.read_bytes()
    live.write_bytes(data[: len(data) - 200])
    made = finish(session.folder)
    assert made.interrupted
    assert made.files[0].sources == ["audio", "video"]
    assert len(video_times(session.folder / "ana.webm")) > 60
    assert finish(session.folder) == made


def test_finishing_nothing_is_refused(tmp_path):
    with pytest.raises(NotFound):
        finish(tmp_path)


def test_a_manifest_cannot_lead_out_of_its_folder(session):
    session.begin()
    session.declare(0, "ana", "audio")
    session.play((0, through_network(audio_packets(1))), until=2.5)
    made = session.end()
    file = msgspec.structs.replace(made.files[0], name="../ana.webm")
    manifest.write(session.folder / manifest.MANIFEST, msgspec.structs.replace(made, files=[file]))
    with pytest.raises(EnvironmentFailure):
        manifest.read_manifest(session.folder)


# --- the program ----------------------------------------------------------------------------------


def frames(*entries):
    return io.BytesIO(b"".join(entries))


def test_a_full_disk_ends_the_recording_and_keeps_what_is_there(tmp_path):
    recorder = Recorder(tmp_path, 1, STARTED, reserve=1 << 62)
    out = io.StringIO()
    people = pack(Kind.PEOPLE, 0, CLOCK, msgspec.json.encode([ANA]))
    assert run(recorder, frames(people, pack(Kind.TICK, 0, CLOCK + 1)), out) == 1
    said = [msgspec.json.decode(line) for line in out.getvalue().splitlines()]
    assert [one["what"] for one in said] == ["started", "failed"]
    assert said[1]["code"] == "disk_full"
    assert manifest.read_parts(tmp_path)[0].failed == "disk_full"


def test_the_end_of_the_input_closes_the_files(tmp_path):
    recorder = Recorder(tmp_path, 1, STARTED, reserve=0)
    stream = Stream(participant="ana", source="audio", clock_rate=48000)
    packets = [
        pack(Kind.PACKET, 0, CLOCK + one.at, one.data) for one in through_network(audio_packets(1))
    ]
    source = frames(
        pack(Kind.STREAM, 0, CLOCK, msgspec.json.encode(stream)),
        pack(Kind.PEOPLE, 0, CLOCK, msgspec.json.encode([ANA])),
        *packets,
    )
    assert run(recorder, source, io.StringIO()) == 0
    assert manifest.read_parts(tmp_path)[0].closed
    assert len(clicks(tmp_path / "live-1-ana-audio.webm")) == 1


@given(st.binary(max_size=200))
def test_frames_of_nonsense_end_the_input(data):
    source = io.BytesIO(data)
    while read_frame(source) is not None:
        pass


# --- the pieces -----------------------------------------------------------------------------------


@given(st.randoms(use_true_random=False), st.integers(0, 65535), st.sets(st.integers(1, 60)))
def test_packets_come_out_in_order_once_each(chance, first, lost):
    numbers = [n for n in range(64) if n not in lost]
    shuffled = sorted(numbers, key=lambda n: n + chance.random() * 6)
    reorder = Reorder()
    for number in [*shuffled, *shuffled[:5]]:
        reorder.push((first + number) & 0xFFFF, bytes([number]), 0.0)
    assert list(reorder.pop(PATIENCE_S / 2)) == []
    out = list(reorder.pop(PATIENCE_S + 0.1))
    assert [one.packet[0] for one in out] == numbers
    after = {n for n in numbers if n - 1 in lost}
    assert {one.packet[0] for one in out if one.after_gap} == after
    assert reorder.lost == sum(n < numbers[-1] for n in lost)


@given(st.lists(st.tuples(st.binary(max_size=12), st.booleans(), st.booleans())))
def test_no_payload_breaks_the_pictures(payloads):
    found = Pictures()
    for number, (payload, marker, gap) in enumerate(payloads):
        list(found.push(payload, number // 2, marker=marker, gap=gap))


def test_pictures_are_the_encoders_own():
    found = Pictures()
    made = [
        picture
        for one in video_packets(2, size=100)
        for picture in found.push(
            one.data[12:],
            int.from_bytes(one.data[4:8], "big"),
            marker=bool(one.data[1] & 0x80),
            gap=False,
        )
    ]
    assert [one.data for one in made] == list(pictures(2))
    assert made[0].key
    assert (made[0].width, made[0].height) == (160, 120)
    assert read_picture(b"\x00", 0) is None


def test_an_opus_packet_says_how_long_it_is():
    assert {opus.duration_ms(packet) for packet in sounds(1)} == {20.0}
    assert opus.duration_ms(b"") == 0.0
    assert opus.duration_ms(bytes([0b00011011, 0x3F])) == 0.0


def test_a_lost_packet_is_one(tmp_path):
    session = Session(tmp_path)
    session.begin()
    session.declare(0, "ana", "audio")
    packets = list(audio_packets(2))
    del packets[40]
    session.play((0, packets), until=4)
    assert session.recorder.part.tracks[0].lost == 1
