"""What is past its period is erased by itself, with its history; what is still needed is not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select

from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import Meeting, MeetingState
from projectdesk.domain.minutes import Minutes, MinutesState
from projectdesk.domain.rules.retention import USUAL, Kept, Windows, least_days
from projectdesk.domain.talk import CaptionLine, Document
from projectdesk.errors import DomainError
from projectdesk.policy import managed, sources
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, document_upkeep, erasing, queries, retention
from projectdesk.services.document_store import document_path
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.backup import back_up
from tests.unit.services.conftest import Clock, add_project

WORDS = "Sandrine said it"


def plan(workspace: Workspace, project: UUID) -> UUID:
    """Plan a meeting two days ago and say that it was held."""
    meeting = Meeting(
        project_id=project,
        title="Kick-off",
        local_start=datetime(2026, 2, 28, 9),  # noqa: DTZ001 - local
        zone="UTC",
        starts_at=datetime(2026, 2, 28, 9, tzinfo=UTC),
        state=MeetingState.HELD,
        ended_at=workspace.now(),
    )
    with workspace.change("Hold") as unit:
        unit.add(meeting)
    return meeting.id


@pytest.fixture
def held(workspace: Workspace) -> UUID:
    return plan(workspace, add_project(workspace))


def erased(workspace: Workspace, *, dry_run: bool = False) -> dict[str, tuple[int, int]]:
    """Return what is erased: how many, and how many are still needed."""
    done = erasing.erase_over(workspace, dry_run=dry_run)
    return {each.kept: (each.count, each.waiting) for each in done if each.count or each.waiting}


def caption(workspace: Workspace, meeting: UUID) -> UUID:
    with workspace.change("Caption", undoable=False) as unit:
        line = CaptionLine(
            meeting_id=meeting, language="en", number=1, text=WORDS, written_at=workspace.now()
        )
        unit.add(line)
    return line.id


def rows(workspace: Workspace, *tables: str) -> str:
    """Return all that tables say."""
    with workspace.read() as session:
        found = [session.execute(select(schema.metadata.tables[each])).all() for each in tables]
    return str(found)


# --- periods --------------------------------------------------------------------------------------


def test_periods_are_chosen_and_not_shorter_than_the_rules_of_bodies(workspace: Workspace) -> None:
    assert {each.kept: each.days for each in retention.periods(workspace)} == USUAL
    retention.set_period(workspace, Kept.CAPTIONS, 25)
    assert retention.period(workspace, Kept.CAPTIONS).days == 25
    with pytest.raises(DomainError) as caught:
        retention.set_period(workspace, Kept.CAPTIONS, 24)
    assert caught.value.code == "period_too_short"
    assert "At least 25 days" in caught.value.text
    retention.set_period(workspace, Kept.CAPTIONS, None)
    assert retention.period(workspace, Kept.CAPTIONS).days is None
    with pytest.raises(DomainError, match="does not keep this for ever"):
        retention.set_period(workspace, Kept.JOURNAL, None)


@pytest.mark.full
def test_a_body_that_gives_more_time_lengthens_what_was_chosen(workspace: Workspace) -> None:
    project = add_project(workspace)
    retention.set_period(workspace, Kept.MAIL, 25)
    made = commands.create(
        workspace, Kind.BODY, {"project_id": project, "name": "GA", "minutes_accept_days": 45}
    )
    assert made
    found = retention.period(workspace, Kept.MAIL)
    assert (found.days, found.chosen, found.least) == (55, 25, 55)
    assert least_days(Kept.MAIL, [Windows(), Windows(10, 15, 60)]) == 70


def test_a_policy_comes_first_and_one_that_cannot_be_read_erases_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    values: dict[str, object] = {"KeepMailDays": 5, "KeepLogsDays": 0, "KeepBusyTimesDays": "soon"}
    monkeypatch.setattr(sources, "_read_system", lambda: ("policy.json", values, ""))
    managed.cache_clear()
    try:
        found = {each.kept: each for each in retention.periods(workspace)}
        assert (found[Kept.MAIL].days, found[Kept.MAIL].settled) == (25, True)
        assert (found[Kept.LOGS].days, found[Kept.LOGS].settled) == (None, True)
        assert (found[Kept.BUSY_TIMES].days, found[Kept.BUSY_TIMES].settled) == (None, True)
        assert not found[Kept.HISTORY].settled
        with pytest.raises(DomainError) as caught:
            retention.set_period(workspace, Kept.MAIL, 90)
        assert caught.value.code == "period_settled"
    finally:
        managed.cache_clear()


def test_hosts_of_this_computer_are_told_their_periods(workspace: Workspace) -> None:
    (workspace.data / "host").mkdir()
    retention.set_period(workspace, Kept.JOURNAL, 10)
    told = json.loads((workspace.data / "host" / retention.HOST_FILE).read_text())
    assert told == {"journal": 10, "waiting_recordings": 14}
    assert not (workspace.data / "host-lan").exists()


# --- what is erased -------------------------------------------------------------------------------


def test_captions_go_with_their_history_and_what_they_are_found_by(
    workspace: Workspace, held: UUID, clock: Clock
) -> None:
    retention.set_period(workspace, Kept.CAPTIONS, 30)
    caption(workspace, held)
    clock.advance(days=29)
    assert erased(workspace) == {}
    clock.advance(days=2)
    assert erased(workspace, dry_run=True) == {"captions": (1, 0)}
    assert WORDS in rows(workspace, "caption_line")
    heard: list[UUID] = []
    workspace.subscribe(lambda changes: heard.extend(changes.ids))
    assert erased(workspace) == {"captions": (1, 0)}
    assert len(heard) == 1
    assert WORDS not in rows(workspace, "caption_line", "history", "search_entry")
    assert erased(workspace) == {}


@pytest.mark.parametrize(
    "state", [MinutesState.DRAFT, pytest.param(MinutesState.CIRCULATED, marks=pytest.mark.full)]
)
def test_nothing_of_a_meeting_goes_whose_minutes_wait_to_be_accepted(
    state: MinutesState, workspace: Workspace, held: UUID, clock: Clock
) -> None:
    retention.set_period(workspace, Kept.CAPTIONS, 30)
    caption(workspace, held)
    with workspace.change("Write", undoable=False) as unit:
        minutes = Minutes(meeting_id=held, state=state)
        unit.add(minutes)
    clock.advance(days=60)
    assert erased(workspace) == {"captions": (0, 1)}
    clock.advance(days=320)  # nobody will accept them any more
    assert erased(workspace) == {"captions": (1, 0)}


@pytest.mark.full
def test_accepted_minutes_let_what_they_were_written_by_go(
    workspace: Workspace, held: UUID, clock: Clock
) -> None:
    retention.set_period(workspace, Kept.CAPTIONS, 30)
    caption(workspace, held)
    with workspace.change("Write", undoable=False) as unit:
        unit.add(Minutes(meeting_id=held, state=MinutesState.ACCEPTED))
    clock.advance(days=60)
    assert erased(workspace) == {"captions": (1, 0)}


def test_mail_is_emptied_and_never_what_waits(workspace: Workspace, clock: Clock) -> None:
    retention.set_period(workspace, Kept.MAIL, 30)
    table, now = schema.outgoing_mail, workspace.now()
    states = ("sent", "cancelled", "queued", "uncertain", "sending")
    with workspace.change("Mail", undoable=False) as unit:
        for state in states:
            unit.session.execute(
                insert(table).values(
                    id=new_id(), message_id=f"<{state}@x>", purpose="invitation", state=state,
                    recipient=f"{state}@x.org", subject=WORDS, content=WORDS.encode(), due_at=now,
                    made_at=now,
                )
            )  # fmt: skip
        unit.session.execute(
            insert(schema.incoming_mail).values(
                message_id="<in@x>", received_at=now, read_at=now, sender="a@x.org",
                subject=WORDS, outcome="answer_taken",
            )
        )  # fmt: skip
    clock.advance(days=31)
    assert erased(workspace) == {"mail": (3, 0)}
    with workspace.read() as session:
        left = set(session.scalars(select(table.c.state).where(table.c.recipient != "")))
        assert session.scalar(select(func.count()).select_from(table)) == len(states)
    assert left == {"queued", "uncertain", "sending"}
    assert WORDS not in rows(workspace, "incoming_mail")


def test_the_history_forgets_values_and_who_but_not_which_fields(
    workspace: Workspace, clock: Clock
) -> None:
    project = add_project(workspace)
    commands.set_fields(workspace, Kind.PROJECT, project, 1, {"title": WORDS})
    retention.set_period(workspace, Kept.HISTORY, 30)
    clock.advance(days=31)
    commands.set_fields(workspace, Kind.PROJECT, project, 2, {"title": "Later"})
    before = len(queries.history(workspace, project))
    done = erased(workspace)
    assert done["history"][0] >= 4
    told = rows(workspace, "history")
    assert told.count(WORDS) == 1  # what the newest change replaced
    assert "'title': None" in told
    assert len(queries.history(workspace, project)) >= before - 20
    assert erased(workspace) == {}


@pytest.mark.full
def test_recordings_go_when_over_and_those_of_deleted_meetings(
    workspace: Workspace, held: UUID, clock: Clock
) -> None:
    def record(meeting: UUID) -> Path:
        folder = workspace.data / "recordings" / meeting.hex / "rec-1"
        folder.mkdir(parents=True)
        (folder / "film.mp4").write_bytes(b"x" * 100)
        made = {
            "started_at": "2026-03-02T09:00:00Z", "seconds": 60.0,
            "files": [{"name": "film.mp4", "size": 100}],
        }  # fmt: skip
        (folder / "manifest.json").write_text(json.dumps(made))
        return folder

    kept, other = record(held), record(plan(workspace, add_project(workspace, "X")))
    strange = record(uuid4())  # of other data that uses this folder
    clock.advance(days=60)
    assert erased(workspace) == {}
    version = queries.meeting(workspace, UUID(other.parent.name)).version
    commands.delete(workspace, Kind.MEETING, UUID(other.parent.name), version)
    assert erased(workspace) == {}
    clock.advance(days=8)
    assert erased(workspace) == {"recordings": (1, 0)}
    assert (kept.exists(), other.parent.exists(), strange.exists()) == (True, False, True)
    retention.set_period(workspace, Kept.RECORDINGS, 60)
    assert erased(workspace)["recordings"][0] == 2


@pytest.mark.full
def test_old_backups_go_but_never_the_newest(workspace: Workspace, clock: Clock) -> None:
    for _ in range(3):
        back_up(workspace.data, clock.now)
        clock.advance(days=10)
    retention.set_period(workspace, Kept.BACKUPS, 7)
    assert erased(workspace)["backups"] == (3, 0)  # one was made when the data was opened
    clock.advance(days=100)
    assert erased(workspace) == {}


# --- contents of documents ------------------------------------------------------------------------


@pytest.fixture
def attached(workspace: Workspace, tmp_path: Path) -> tuple[UUID, str]:
    """A document of a project, and the hash of its content."""
    file = tmp_path / "report.txt"
    file.write_text(WORDS)
    project = add_project(workspace)
    [document], _ = commands.attach_documents(workspace, Kind.PROJECT, project, [file])
    [row] = queries.attached_documents(workspace, project)
    return document, row.sha256


def test_content_goes_a_week_after_its_last_document_and_undo_brings_it_back(
    workspace: Workspace, attached: tuple[UUID, str], clock: Clock
) -> None:
    document, sha256 = attached
    commands.delete(workspace, Kind.DOCUMENT, document, 1)
    assert erased(workspace) == {"documents": (0, 1)}
    clock.advance(days=6)
    commands.undo(workspace)
    assert erased(workspace) == {}
    clock.advance(days=6)
    assert document_path(workspace.data, sha256) is not None
    with workspace.read() as session:
        version = session.scalar(select(schema.document.c.version))
    commands.delete(workspace, Kind.DOCUMENT, document, version or 0)
    assert erased(workspace) == {"documents": (0, 1)}
    clock.advance(days=8)
    assert erased(workspace, dry_run=True) == {"documents": (1, 0)}
    assert erased(workspace) == {"documents": (1, 0)}
    assert document_path(workspace.data, sha256) is None


def test_content_that_a_backup_names_stays_as_long_as_the_backup(
    workspace: Workspace, attached: tuple[UUID, str], clock: Clock
) -> None:
    document, sha256 = attached
    back_up(workspace.data, clock.now)
    commands.delete(workspace, Kind.DOCUMENT, document, 1)
    erased(workspace)
    clock.advance(days=8)
    assert erased(workspace) == {"documents": (0, 1)}
    retention.set_period(workspace, Kept.BACKUPS, 7)
    back_up(workspace.data, clock.now)
    assert erased(workspace) == {"backups": (2, 0), "documents": (1, 0)}
    assert document_path(workspace.data, sha256) is None


@pytest.mark.full
def test_what_is_attached_again_meanwhile_stays(
    workspace: Workspace, attached: tuple[UUID, str], clock: Clock, tmp_path: Path
) -> None:
    document, sha256 = attached
    commands.delete(workspace, Kind.DOCUMENT, document, 1)
    erased(workspace)
    clock.advance(days=8)
    noted = document_upkeep.read_noted(workspace.data)
    unused = document_upkeep.find_unused(workspace, noted)
    assert list(unused.over) == [sha256]
    other = add_project(workspace, "OTHER")
    commands.attach_documents(workspace, Kind.PROJECT, other, [tmp_path / "report.txt"])
    assert document_upkeep.erase_unused(workspace, unused) == (0, 0)
    assert document_path(workspace.data, sha256) is not None


def test_files_of_chats_go_at_once_and_those_of_the_work_plan_stay(
    workspace: Workspace, held: UUID, clock: Clock
) -> None:
    retention.set_period(workspace, Kept.CALL_FILES, 30)
    meeting = queries.meeting(workspace, held)
    hashes = [letter * 64 for letter in "ab"]
    for each in hashes:
        place = workspace.data / "documents" / each[:2] / each
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"content")
    with workspace.change("Files", undoable=False) as unit:
        for sha256, stored in zip(hashes, (True, False), strict=True):
            unit.add(
                Document(
                    project_id=meeting.project_id, meeting_id=held, file=sha256[:32], name="f.txt",
                    size=7, sha256=sha256, shared_by="Ana", shared_at=workspace.now(),
                    stored=stored,
                )
            )  # fmt: skip
    clock.advance(days=31)
    assert erased(workspace) == {"call_files": (1, 0), "documents": (1, 0)}
    assert [document_path(workspace.data, each) is None for each in hashes] == [True, False]


_KILLED = """
import os, pathlib, signal, sys
from projectdesk.bootstrap import open_workspace
from projectdesk.services import erasing
unlink, left = pathlib.Path.unlink, [2]
def dying(path, *args, **kwargs):
    if len(path.name) == 64:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
    return unlink(path, *args, **kwargs)
pathlib.Path.unlink = dying
with open_workspace(pathlib.Path(sys.argv[1])) as workspace:
    for backup in (workspace.data / "backups").iterdir():
        os.remove(backup)
    workspace.now = lambda now=workspace.now: now().replace(year=now().year + 2)
    erasing.erase_over(workspace)
"""


@pytest.mark.full
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_an_erasure_that_is_killed_leaves_no_document_without_its_content(
    workspace: Workspace,
) -> None:
    held = plan(workspace, add_project(workspace))
    retention.set_period(workspace, Kept.CALL_FILES, 30)
    project = queries.meeting(workspace, held).project_id
    hashes = [f"{number:064x}" for number in range(5)]
    with workspace.change("Files", undoable=False) as unit:
        for sha256 in hashes:
            place = workspace.data / "documents" / sha256[:2] / sha256
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(b"content")
            unit.add(
                Document(
                    project_id=project, meeting_id=held, file=sha256[-32:], name="f.txt", size=7,
                    sha256=sha256, shared_at=workspace.now(), stored=True,
                )
            )  # fmt: skip
    workspace.close()
    environment = {**os.environ, "PROJECTDESK_PASSPHRASE": "x"}
    run = [sys.executable, "-c", _KILLED, str(workspace.data)]
    ended = subprocess.run(run, env=environment, timeout=120, check=False)
    assert ended.returncode == -signal.SIGKILL
    later = datetime.now(UTC) + timedelta(days=750)
    with Workspace.open(workspace.data, secrets=MemorySecrets(), now=lambda: later) as again:
        with again.read() as session:
            named = set(session.scalars(select(schema.document.c.sha256)))
        there = {each for each in hashes if document_path(again.data, each) is not None}
        assert named <= there
        assert 0 < len(there) < len(hashes)
        assert not named
        erasing.erase_over(again)
        assert not any(document_path(again.data, each) for each in hashes)
        assert not erasing.is_due(again)


@pytest.mark.full
def test_a_teams_database_is_rid_of_what_is_past_its_period(
    postgres_workspace: Workspace, clock: Clock, tmp_path: Path
) -> None:
    workspace = postgres_workspace
    project = add_project(workspace)
    held = plan(workspace, project)
    for kept in (Kept.CAPTIONS, Kept.HISTORY, Kept.MAIL):
        retention.set_period(workspace, kept, 30)
    caption(workspace, held)
    file = tmp_path / "report.txt"
    file.write_text(WORDS)
    [document], _ = commands.attach_documents(workspace, Kind.PROJECT, project, [file])
    commands.delete(workspace, Kind.DOCUMENT, document, 1)
    assert erased(workspace) == {"documents": (0, 1)}
    clock.advance(days=31)
    done = erased(workspace)
    assert (done["captions"], done["documents"]) == ((1, 0), (1, 0))
    assert done["history"][0] >= 4
    with workspace.read() as session:
        assert session.scalars(select(schema.document_content.c.sha256)).all() == []
    commands.attach_documents(workspace, Kind.PROJECT, project, [file])
    with workspace.read() as session:
        assert len(session.scalars(select(schema.document_content.c.sha256)).all()) == 1
