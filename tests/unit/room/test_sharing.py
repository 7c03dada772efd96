"""Files in the chat: who may, how many, what is told, kept and recorded."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.room import events
from projectdesk.room.entrance import Refusal
from projectdesk.room.memory import RoomMemory
from projectdesk.room.names import clean_file_name
from projectdesk.room.sharing import MAX_BYTES_OF_ONE, MAX_FILES, MAX_FILES_OF_ONE
from projectdesk.signalling import breakouts, call, floor, journal
from projectdesk.signalling.control import RoomRules
from projectdesk.signalling.files import MAX_FILE_NAME, SharedFile
from tests.unit.room.conftest import Stage, invitee, snapshot

GUEST = f"{3:032x}"


def session(stage, number):
    return stage.room._meeting.passes[f"{number:032x}"][0]


def share(stage, number, size=10, name="plan.pdf"):
    """Let the host take a file of somebody; return its id."""
    file = f"{len(stage.room._meeting.files) + 1:032x}"
    shared = SharedFile(id=file, name=name, size=size)
    stage.handle(events.FileTaken, session=session(stage, number), file=shared, sha256="ab" * 32)
    return file


def code(stage, number, size=10):
    refusal = stage.room.refusal_to_share(session(stage, number), size)
    return None if refusal is None else refusal.code


def told(stage, peer):
    return [news.message.file for news in stage.got(peer, floor.ChatReceived)]


def test_a_file_is_told_to_all_recorded_and_given_to_who_is_in_the_call(call_with_two):
    stage = call_with_two
    stage.handle(events.ConsoleAttached, peer="desk")
    file = share(stage, 3)
    for peer in ("p1", "p3", "desk"):
        assert told(stage, peer) == [SharedFile(id=file, name="plan.pdf", size=10)]
    assert stage.facts(journal.FileShared) == [
        journal.FileShared(
            file=file, name="plan.pdf", size=10, sha256="ab" * 32, by=GUEST, by_name="Person 3"
        )
    ]
    assert stage.room.file_for(session(stage, 1), file).name == "plan.pdf"
    assert stage.room.file_for(session(stage, 1), "0" * 32).code == "unknown_file"
    state = stage.got("p3", call.RoomState)[-1]
    assert state.limits.file_bytes == 25_000_000


def test_who_waits_or_left_neither_sends_nor_gets(call_with_two):
    stage = call_with_two
    file = share(stage, 3)
    stage.join(4)
    waiting = session(stage, 4)
    assert code(stage, 4) == "not_admitted"
    assert stage.room.file_for(waiting, file).code == "not_admitted"
    gone = session(stage, 3)
    stage.say("p3", call.Leave())
    assert stage.room.file_for(gone, file).code == "not_admitted"
    stage.handle(
        events.FileTaken, session=gone, file=SharedFile(id="x", name="n", size=1), sha256=""
    )
    assert len(stage.facts(journal.FileShared)) == 1


def test_limits_of_size_person_and_meeting(call_with_two):
    stage = call_with_two
    assert code(stage, 3, 25_000_000) is None
    assert code(stage, 3, 25_000_001) == "file_too_large"
    assert code(stage, 3, 0) == "file_empty"
    for _ in range(MAX_FILES_OF_ONE):
        share(stage, 3, size=1)
    assert code(stage, 3, 1) == "too_many_own_files"
    assert code(stage, 1, 1) is None
    share(stage, 1, size=25_000_000)
    while code(stage, 1, 25_000_000) is None:
        share(stage, 1, size=25_000_000)
    sizes = [file.size for file in stage.room._meeting.files.values() if file.by == f"{1:032x}"]
    assert sum(sizes) == MAX_BYTES_OF_ONE


def test_a_meeting_has_so_many_files_and_no_more():
    people = [invitee(number, "cohost") for number in range(1, 10)]
    stage = Stage(snapshot([invitee(20, "chair"), *people], rules=RoomRules(capacity=20)))
    for number in range(1, 10):
        stage.join(number)
    for place in range(MAX_FILES):
        share(stage, 1 + place % 8, size=1)
    assert code(stage, 9, 1) == "too_many_files"


def test_a_meeting_may_take_no_files():
    stage = Stage(snapshot(rules=RoomRules(file_megabytes=0)))
    stage.join(1)
    assert code(stage, 1, 1) == "no_files"
    assert stage.got("p1", call.RoomState)[-1].limits.file_bytes == 0


def test_files_stay_in_the_chat_when_the_host_restarts(call_with_two):
    stage = call_with_two
    file = share(stage, 3)
    stage.say("p3", floor.SendChat(text="gone with the process"))
    kept = msgspec.json.decode(msgspec.json.encode(stage.room.memory()), type=RoomMemory)
    again = Stage(stage.plan, kept)
    again.join(3)
    [history] = again.got("p3", floor.ChatHistory)
    assert [message.file.id for message in history.messages] == [file]
    again.say("p3", floor.SendChat(text="next"))
    assert again.got("p3", floor.ChatReceived)[0].message.number == 2


def test_a_file_of_a_breakout_room_is_told_there_also_after_a_restart(call_with_two):
    stage = call_with_two
    groups = [breakouts.PlannedGroup(name="A", people=[GUEST])]
    stage.say("p1", breakouts.OpenBreakouts(groups=groups, minutes=10))
    file = share(stage, 3)
    assert told(stage, "p1") == []
    assert len(told(stage, "p3")) == 1
    assert stage.room.file_for(session(stage, 1), file).code == "unknown_file"
    assert stage.room.file_for(session(stage, 3), file).name == "plan.pdf"
    again = Stage(stage.plan, stage.room.memory())
    again.join(1)
    again.join(3)
    assert again.got("p1", floor.ChatHistory) == []
    assert len(again.got("p3", floor.ChatHistory)) == 1


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("Plan.pdf", "Plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\Plan v2.docx", "Plan v2.docx"),
        (' a"b<c>?.txt ', "a_b_c__.txt"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("con.txt", "_con.txt"),
        ("report\u202egnp.exe", "reportgnp.exe"),
        ("a\r\nSet-Cookie: x.txt", "a Set-Cookie_ x.txt"),
        ("x" * 300 + ".tar.gz", "x" * (MAX_FILE_NAME - 3) + ".gz"),
    ],
)
def test_names_are_safe_on_every_system(given_name, name):
    assert clean_file_name(given_name) == name


@given(st.text(max_size=400))
def test_any_name_becomes_one_of_a_file(text):
    name = clean_file_name(text)
    assert 0 < len(name) <= MAX_FILE_NAME
    assert not set(name) & set('/\\<>:"|?*\0\r\n')
    assert name not in {".", ".."}
    assert clean_file_name(name) == name


def test_nobody_without_a_session_gets_anything(call_with_two):
    file = share(call_with_two, 3)
    assert isinstance(call_with_two.room.file_for("", file), Refusal)
    assert isinstance(call_with_two.room.file_for("s99", file), Refusal)


def test_a_page_is_told_whether_cameras_may_come_in_sizes():
    for takes in (True, False):
        stage = Stage(takes_sizes=takes)
        stage.join(1)
        assert stage.got("p1", call.RoomState)[-1].limits.camera_sizes is takes
