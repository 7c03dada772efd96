"""A desktop or a host that is killed during a call: the call goes on, and nothing is lost."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from projectdesk.bootstrap import open_workspace
from projectdesk.demo import stage, story
from projectdesk.demo.actor import Actor
from projectdesk.demo.company import Company
from projectdesk.demo.troupe import Troupe
from projectdesk.desktop.runtime.host_process import host_folder, read_record
from projectdesk.services import queries
from projectdesk.services.rows import InvitationRow
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.journal import JournalBatch
from tests.e2e import reading

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]

FRAMES = 8
NOTES = "Said before the desktop was killed.\n"
TYPED_ON = "".join(str(number % 10) for number in range(3_000))
"""More than is typed before the kill."""
StartDesktop = Callable[..., Actor]


@pytest.fixture
def start_desktop(qtbot: QtBot, data: Path) -> Iterator[StartDesktop]:
    started: list[Actor] = []

    def start(meeting: str = "") -> Actor:
        program = [sys.executable, str(Path(__file__).with_name("desktop_process.py")), str(data)]
        actor = Actor([*program, *([meeting] if meeting else [])])
        started.append(actor)
        return actor

    yield start
    for actor in started:
        actor.end()


@pytest.fixture
def guests(qtbot: QtBot, chromium_path: Path) -> Iterator[Troupe]:
    troupe = Troupe()
    assert troupe.in_browser
    yield troupe
    troupe.end()


@pytest.mark.full
def test_a_killed_desktop_leaves_the_call_alone_and_finds_it_again(
    start_desktop: StartDesktop, guests: Troupe, data: Path
) -> None:
    desktop = start_desktop()
    host = desktop.carry_out(do="host")
    desktop.carry_out(do="window")
    players = cast(data, host["meeting"])
    let_in(desktop, guests, players, host["links"])
    desktop.carry_out(do="next")
    item = desktop.carry_out(do="next")["item"]
    desktop.carry_out(do="notes", words=NOTES)
    desktop.carry_out(do="half", words="We agree to")
    they_see_each_other(guests, players)

    desktop.begin(do="type on", words=TYPED_ON)
    kept = wait_for_notes(data, host["meeting"], NOTES + TYPED_ON[:20])

    desktop.kill()

    they_see_each_other(guests, players)
    seen = guests.carry_out(do="read")["guests"]
    assert all(guest["shown"]["title"] == item for guest in seen.values())

    again = start_desktop(host["meeting"])
    assert again.carry_out(do="host")["pid"] == host["pid"]
    console = again.carry_out(do="window")
    assert console["item"] == item
    assert (console["panel"], console["half"]) == ("people", "We agree to")
    assert {player.id.hex for player in players} <= set(console["here"])
    again.carry_out(do="next")
    again.carry_out(do="end")
    again.end()
    nothing_is_missing(data, host["meeting"], kept)


def wait_for_notes(data: Path, meeting: str, least: str) -> str:
    """Wait until notes that begin like this are in the database; return them."""
    workspace = open_workspace(data)
    try:
        found: list[str] = []

        def are_there() -> bool:
            texts = queries.notes(workspace, UUID(meeting)).values()
            found[:] = [text for text in texts if text.startswith(least)]
            return bool(found)

        stage.wait(are_there, "what is typed to be in the database")
        return found[0]
    finally:
        workspace.close()


def cast(data: Path, meeting: str) -> tuple[InvitationRow, ...]:
    """Return the invitations of the guests, as the desktop's process picked them."""
    workspace = open_workspace(data)
    try:
        return story.cast(workspace, UUID(meeting)).guests
    finally:
        workspace.close()


def let_in(
    desktop: Actor, guests: Troupe, players: tuple[InvitationRow, ...], links: dict[str, str]
) -> None:
    for guest in players:
        guests.carry_out(do="open", name=guest.name, url=links[guest.id.hex])
    for guest in players:
        guests.carry_out(do="join", name=guest.name)
    wanted = {guest.id.hex for guest in players}
    stage.wait(lambda: set(desktop.carry_out(do="read")["lobby"]) == wanted, "the guests to wait")
    desktop.carry_out(do="admit")
    stage.wait(lambda: wanted <= set(desktop.carry_out(do="read")["here"]), "the guests to be in")


def they_see_each_other(guests: Troupe, players: tuple[InvitationRow, ...]) -> None:
    """Wait until both guests decode more pictures of each other than before."""

    def decoded() -> list[int]:
        seen = guests.carry_out(do="read")["guests"]
        pairs = zip(players, reversed(players), strict=True)
        return [
            seen[viewer.name]["statistics"].get(other.id.hex, {}).get("framesDecoded", 0)
            for viewer, other in pairs
        ]

    before = decoded()
    stage.wait(
        lambda: all(now >= then + FRAMES for now, then in zip(decoded(), before, strict=True)),
        "the guests to see each other move",
        45,
    )


def nothing_is_missing(data: Path, meeting: str, kept: str) -> None:
    """Compare notes, attendance and agenda with what was done; the host has ended by now.

    kept: the notes that were in the database when the desktop was killed amid typing.
    """
    workspace = open_workspace(data)
    try:
        [text] = queries.notes(workspace, UUID(meeting)).values()
        assert text.startswith(kept)
        assert (NOTES + TYPED_ON).startswith(text)
        assert queries.meeting(workspace, UUID(meeting)).ended_at is not None
        spent = [item.actual_seconds for item in queries.agenda(workspace, UUID(meeting))]
        assert all(seconds > 0 for seconds in spent[:3])
        assert sum(spent[3:]) == 0
        there = [r for r in queries.attendance(workspace, UUID(meeting)) if r.times]
        assert len(there) == 3
        assert all(row.share > 0.99 for row in there if row.times == 1)
    finally:
        workspace.close()


@pytest.mark.full
def test_a_killed_host_comes_back_where_it_was_and_the_call_with_it(
    company: Company, data: Path
) -> None:
    desk = company.desk
    desk.start_host()
    desk.open_window()
    company.guests_knock()
    company.admit_all()
    company.watch(FRAMES)
    item = desk.next_item()
    first = read_record(host_folder(data))
    assert first is not None
    media = children(first.pid)

    os.kill(first.pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    def is_back() -> bool:
        record = read_record(host_folder(data))
        return record is not None and record.pid != first.pid

    stage.wait(is_back, "the host to be started again", 60)
    second = read_record(host_folder(data))
    assert second is not None
    assert second.url == first.url
    stage.wait(
        lambda: all(company.is_here(player.id) for player in company.story.guests),
        "the guests to be back by themselves",
        60,
    )
    assert desk.running_item == item
    company.watch(FRAMES)
    stage.wait(lambda: not any(runs(pid) for pid in media), "the old media server to end")
    desk.next_item()
    desk.end_meeting()
    times_are_whole(desk.journal(), desk.workspace, company)


def children(pid: int) -> list[int]:
    """Return the processes that a process started, where the system shows them in /proc."""
    found = [path for path in Path("/proc").glob("[0-9]*") if _parent(path) == pid]
    assert found or sys.platform != "linux"  # a host in a call has a media server
    return [int(path.name) for path in found]


def runs(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() and _parent(Path(f"/proc/{pid}")) is not None


def _parent(process: Path) -> int | None:
    """Return the parent of a process, or None when it is gone or only waits to be buried."""
    try:
        state, parent = (process / "stat").read_text().rpartition(")")[2].split()[:2]
    except (OSError, ValueError):
        return None
    return None if state == "Z" else int(parent)


def times_are_whole(batch: JournalBatch, workspace: Workspace, company: Company) -> None:
    reading.check_whole(batch)
    meeting = company.story.meeting.id
    for row in queries.attendance(workspace, meeting):
        there = reading.presences(batch, row.invitation_id.hex)
        assert row.times == len(there)
        assert row.minutes * 60 == pytest.approx(reading.total(there).total_seconds(), abs=0.1)
    for item in queries.agenda(workspace, meeting):
        spent = reading.total(reading.runs(batch, item.id.hex)).total_seconds()
        assert item.actual_seconds == pytest.approx(spent, abs=0.01)
        assert (spent > 0) == (item.label in {"1", "2"})
