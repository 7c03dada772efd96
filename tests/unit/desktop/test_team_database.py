"""Where the data is, in Settings; others' changes and lost connections, at the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from projectdesk.desktop.pages.team_database import TeamDatabaseDialog, TeamPane
from projectdesk.desktop.presenters.team_database import asking
from projectdesk.desktop.runtime.following import Following
from projectdesk.errors import EnvironmentFailure
from projectdesk.services import commands, queries, shared_link_key, team_database
from projectdesk.services.following import EVERYTHING
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.shared_link_key import LinkKeySource, LinkKeyState
from projectdesk.services.team_database import ServerState, TeamDatabase
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import NOW, InstantSession

TEAM = TeamDatabase("db.example.org", "projectdesk", "ada")
GOOD = ServerState("16.4", True, None, False, 0)


@pytest.fixture
def session(workspace: Workspace) -> InstantSession:
    return InstantSession(workspace)


@pytest.fixture
def window(qtbot: QtBot, dressed: object) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def _dialog(
    window: QWidget, session: InstantSession, workspace: Workspace, **more: object
) -> TeamDatabaseDialog:
    dialog = TeamDatabaseDialog(window, asking(session), workspace.data, TEAM, **more)  # type: ignore[arg-type]
    dialog.open()
    return dialog


def _server(monkeypatch: pytest.MonkeyPatch, answer: ServerState | EnvironmentFailure) -> list[str]:
    """Let a server answer; return the passwords it is given."""
    given: list[str] = []

    def examine(_team: TeamDatabase, password: str) -> ServerState:
        given.append(password)
        if isinstance(answer, EnvironmentFailure):
            raise answer
        return answer

    monkeypatch.setattr(team_database, "examine", examine)
    return given


def test_a_server_is_tried_and_used(
    window: QWidget, session: InstantSession, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = _server(monkeypatch, GOOD)
    dialog = _dialog(window, session, workspace)
    used: list[bool] = []
    dialog.used.connect(lambda: used.append(True))
    dialog.password.setText("secret words")
    dialog.try_it()
    assert "16.4" in dialog._outcome.text()
    assert "empty" in dialog._outcome.text()
    assert team_database.chosen(workspace.data) is None, "trying changes nothing"
    dialog.submit()
    assert used == [True]
    assert given == ["secret words", "secret words"]
    assert team_database.chosen(workspace.data) == TEAM
    assert workspace.secrets.read(TEAM.secret) == "secret words"
    # The next time the password is known.
    again = _dialog(window, session, workspace)
    again.try_it()
    assert given[-1] == "secret words"


@pytest.mark.full
def test_what_is_wrong_is_said_where_it_is(
    window: QWidget, session: InstantSession, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = _dialog(window, session, workspace)
    dialog.form.rows["host"].editor.set_value("https://db")
    dialog.submit()
    assert "name of the computer" in dialog.form.rows["host"].problem
    dialog.form.rows["host"].editor.set_value("db.example.org")
    _server(monkeypatch, EnvironmentFailure("database_missing", "There is no database."))
    dialog.password.setText("x")
    dialog.submit()
    assert dialog.form.rows["name"].problem == "There is no database."
    _server(monkeypatch, EnvironmentFailure("database_wrong_password", "Wrong password."))
    dialog.submit()
    assert dialog.problem == "Wrong password."
    assert dialog.test.isEnabled()
    assert team_database.chosen(workspace.data) is None


def test_the_file_of_an_authority_is_asked_for_when_it_counts(
    window: QWidget, session: InstantSession, workspace: Workspace
) -> None:
    window.show()
    dialog = _dialog(window, session, workspace)
    assert dialog.form.rows["ca_file"].isHidden()
    dialog.form.rows["tls"].editor.set_value("verify-full")
    dialog.form.rows["tls"].editor.committed.emit()
    assert not dialog.form.rows["ca_file"].isHidden()


def test_the_data_is_copied_there(
    window: QWidget, session: InstantSession, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    _server(monkeypatch, GOOD)
    copied: list[str] = []

    def copy(_ws: object, team: TeamDatabase, password: str, *_: object) -> object:
        from projectdesk.services.commands.copy_database import Copied

        copied.append(f"{team.address} {password}")
        return Copied({"project": 3})

    monkeypatch.setattr(commands, "copy_to_team", copy)
    dialog = _dialog(window, session, workspace, filling=session)
    dialog.password.setText("pw")
    dialog.submit()
    assert copied == [f"{TEAM.address} pw"]
    assert "3" in session.notices[-1].text
    assert team_database.chosen(workspace.data) == TEAM


def test_settings_tell_where_the_data_is(
    qtbot: QtBot, dressed: object, session: InstantSession, workspace: Workspace
) -> None:
    pane = TeamPane(session, workspace.data)
    qtbot.addWidget(pane)
    assert pane._place.text() == "On this computer"
    team_database.use_team(workspace.data, TEAM, workspace.secrets, "x")
    pane = TeamPane(session, workspace.data)
    qtbot.addWidget(pane)
    assert pane._hint.text() == TEAM.address
    asked: list[bool] = []
    pane.reopen_asked.connect(lambda: asked.append(True))
    dialog = pane.ask_leave()
    button = next(b for b in dialog.findChildren(QPushButton) if b.isDefault())
    button.click()
    assert asked == [True]
    assert team_database.chosen(workspace.data) is None


def test_the_link_key_is_handed_over(
    qtbot: QtBot, dressed: object, session: InstantSession, workspace: Workspace
) -> None:
    team_database.use_team(workspace.data, TEAM, workspace.secrets, "x")
    pane = TeamPane(session, workspace.data)
    qtbot.addWidget(pane)
    pane.copy_key()
    assert QGuiApplication.clipboard().text() == workspace.secrets.read("link-key")
    dialog = pane.ask_key()
    dialog.key.setText("nonsense")
    dialog.submit()
    assert dialog.problem


def test_the_link_key_is_renewed_after_a_question(
    qtbot: QtBot,
    dressed: object,
    session: InstantSession,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = LinkKeySource(LinkKeyState.KEPT, "https://meet.example.org", "Ada", NOW)
    asked: list[Workspace] = []

    def renew(of: Workspace) -> LinkKeySource:
        asked.append(of)
        if len(asked) > 1:
            raise EnvironmentFailure("host_unreachable", "The server does not answer.")
        return made

    monkeypatch.setattr(shared_link_key, "renew", renew)
    team_database.use_team(workspace.data, TEAM, workspace.secrets, "x")
    pane = TeamPane(session, workspace.data)
    qtbot.addWidget(pane)
    pane.ask_renewal().reject()
    assert asked == []
    for _ in range(2):
        _press(pane.ask_renewal(), "Renew it")
    assert asked == [workspace, workspace]
    assert "meet.example.org" in pane.key_source.text()
    assert [notice.error for notice in session.notices] == [False, True]
    assert "do not open any more" in session.notices[0].text


def _press(dialog: QWidget, words: str) -> None:
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == words)
    button.click()


# --- following


class FakeFollower:
    """A follower whose connection drops once."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.missed = False

    def wait(self, _seconds: float) -> list[Changes]:
        self.calls.append("wait")
        if self.calls.count("wait") == 2:
            raise EnvironmentFailure("database_unreachable", "No answer.")
        return []

    def reconnect(self) -> None:
        self.calls.append("reconnect")

    def catch_up(self) -> list[Changes]:
        return [Changes(kinds=EVERYTHING)]

    def close(self) -> None:
        self.calls.append("close")


def test_a_lost_connection_is_told_and_found_again(
    qtbot: QtBot, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from projectdesk.desktop.runtime import following as module
    from projectdesk.services import following as services

    fake = FakeFollower()
    monkeypatch.setattr(services, "Follower", lambda _workspace: fake)
    monkeypatch.setattr(module, "_WAIT_SECONDS", 0.01)
    following = Following(workspace)
    told: list[object] = []
    following.lost.connect(told.append)
    following.heard.connect(told.append)
    following.back.connect(lambda: told.append("back"))
    following.start()
    try:
        qtbot.waitUntil(lambda: "back" in told)
    finally:
        following.stop()
    assert told[:3] == ["No answer.", Changes(kinds=EVERYTHING), "back"]
    assert fake.calls[-1] == "close"


@pytest.mark.full
def test_a_command_that_changes_the_same_file_is_heard(qtbot: QtBot, workspace: Workspace) -> None:
    following = Following(workspace)
    heard: list[Changes] = []
    following.heard.connect(heard.append)
    following.start()
    try:

        def change() -> bool:
            # Until it listens, nothing is heard: so something is changed until something is.
            if not heard:
                with Workspace.open(workspace.data, secrets=workspace.secrets) as other:
                    commands.create(other, Kind.PERSON, {"family_name": "Other"})
            return bool(heard)

        qtbot.waitUntil(change, timeout=15_000)
    finally:
        following.stop()
    assert heard[0].kinds == {Kind.PERSON}
    assert queries.people(workspace)


def test_the_copy_of_a_team_says_so(
    qtbot: QtBot,
    dressed: object,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    from projectdesk.desktop.runtime.pool import Pool
    from projectdesk.desktop.runtime.session import WorkspaceSession
    from projectdesk.desktop.shell.shell import Shell
    from projectdesk.desktop.team_link import TeamLink

    monkeypatch.setattr(workspace, "copied_at", workspace.now())
    shell = Shell()
    qtbot.addWidget(shell)
    session = WorkspaceSession(workspace, Pool(shell), shell)
    link = TeamLink(session, shell, shell)
    asked: list[bool] = []
    link.reopen_asked.connect(lambda: asked.append(True))
    link.start()
    shell.show()
    assert "read, not changed" in shell.banner.words
    assert shell.banner.isVisible()
    shell.banner.action.click()
    assert asked == [True]
    link.stop()
    session.pool.close()


def test_opening_falls_back_to_the_copy(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    team_database.use_team(tmp_path, TEAM, workspace.secrets, "x")

    def unreachable(*_: object, **__: object) -> Workspace:
        raise EnvironmentFailure("database_no_host", "There is no computer of this name.")

    monkeypatch.setattr(Workspace, "open", unreachable)
    monkeypatch.setattr(Workspace, "open_copy", lambda data, **_: workspace)
    assert team_database.open_chosen(tmp_path, workspace.secrets, copy=True) is workspace
    with pytest.raises(EnvironmentFailure):
        team_database.open_chosen(tmp_path, workspace.secrets)


def test_a_lost_password_is_entered_again_before_the_data_is_open(
    qtbot: QtBot, window: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from projectdesk.desktop.pages.team_database import ask_again
    from projectdesk.desktop.runtime.pool import Pool
    from projectdesk.secrets.memory import MemorySecrets

    secrets = MemorySecrets()
    given = _server(monkeypatch, GOOD)
    team_database.use_team(tmp_path, TEAM, MemorySecrets(), "lost")
    opened: list[bool] = []
    pool = Pool(window)
    dialog = ask_again(window, tmp_path, lambda: secrets, pool, lambda: opened.append(True))
    dialog.password.setText("found again")
    dialog.submit()
    qtbot.waitUntil(lambda: bool(opened))
    assert given == ["found again"]
    assert secrets.read(TEAM.secret) == "found again"
    again = ask_again(window, tmp_path, lambda: secrets, pool, lambda: opened.append(True))
    local = next(b for b in again.findChildren(QPushButton) if "this computer" in b.text())
    local.click()
    assert team_database.chosen(tmp_path) is None
    assert opened == [True, True]
    pool.close()
