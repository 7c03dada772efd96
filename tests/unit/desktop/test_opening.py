"""Opening without a keyring asks for a passphrase; new time zone rules are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import keyring
import pytest
from keyring.backends.null import Keyring as NoKeyring
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from projectdesk.desktop.application import Application
from projectdesk.desktop.pages.passphrase import PassphraseDialog
from projectdesk.domain.meetings import MeetingType
from projectdesk.secrets import PASSPHRASE_VARIABLE, has_passphrase, is_durable
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.secrets.passphrase import PassphraseSecrets
from projectdesk.services import commands, hosting
from projectdesk.services.commands import meetings
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace

WAIT = 20_000
WORDS = "northern lights"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def start(qapp: QApplication, data: Path) -> Iterator[Callable[[], Application]]:
    running: list[Application] = []

    def begin() -> Application:
        running.append(Application(qapp, data))
        running[-1].start()
        return running[-1]

    yield begin
    for application in running:
        application.shell.close()
        application.stop()
        application.shell.deleteLater()
        application.deleteLater()


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.set_keyring(NoKeyring())
    monkeypatch.delenv(PASSPHRASE_VARIABLE, raising=False)


def dialog(qtbot: QtBot, application: Application) -> PassphraseDialog:
    def shown() -> list[PassphraseDialog]:
        return [d for d in application.shell.findChildren(PassphraseDialog) if d.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()), timeout=WAIT)
    return shown()[-1]


def opened(qtbot: QtBot, application: Application) -> Workspace:
    qtbot.waitUntil(lambda: application.workbench is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: application._pool.idle, timeout=WAIT)
    assert application._session is not None
    return application._session.workspace


@pytest.mark.full
def test_a_first_start_without_a_keyring_lets_one_choose_a_passphrase(
    start: Callable[[], Application], qtbot: QtBot, data: Path, no_keyring: None
) -> None:
    application = start()
    asked = dialog(qtbot, application)
    for words, again, problem in (
        ("", "", "Enter the passphrase."),
        ("short", "short", "At least 8 characters, please."),
        (WORDS, WORDS.upper(), "The two are not the same."),
    ):
        asked.field.setText(words)
        asked.again.setText(again)
        asked.submit()
        assert asked.problem == problem
    assert not has_passphrase(data), "nothing is kept under a slip"
    asked.again.setText(WORDS)
    asked.submit()
    workspace = opened(qtbot, application)
    assert is_durable(workspace.secrets)
    key = workspace.secrets.read(hosting.LINK_KEY)
    assert key == PassphraseSecrets(data, WORDS).read(hosting.LINK_KEY)


@pytest.mark.full
def test_a_wrong_passphrase_is_said_and_asked_for_again(
    start: Callable[[], Application], qtbot: QtBot, data: Path, no_keyring: None
) -> None:
    data.mkdir()
    PassphraseSecrets(data, WORDS)
    application = start()
    asked = dialog(qtbot, application)
    assert not hasattr(asked, "again"), "it is there already"
    asked.field.setText("southern lights")
    asked.submit()
    qtbot.waitUntil(lambda: dialog(qtbot, application) is not asked, timeout=WAIT)
    again = dialog(qtbot, application)
    assert again.problem == "That is not the passphrase. Try again."
    again.field.setText(WORDS)
    again.submit()
    assert is_durable(opened(qtbot, application).secrets)


@pytest.mark.full
def test_who_gives_none_works_on_and_keeps_no_secret(
    start: Callable[[], Application], qtbot: QtBot, data: Path, no_keyring: None
) -> None:
    application = start()
    asked = dialog(qtbot, application)
    asked.reject()
    assert application.shell._failure is not None, "closing the question is no answer"
    assert application.workbench is None
    application.shell._go_on(1)
    assert not is_durable(opened(qtbot, application).secrets)
    assert not has_passphrase(data)


@pytest.mark.full
def test_the_variable_stands_in_for_the_question(
    start: Callable[[], Application],
    qtbot: QtBot,
    no_keyring: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, WORDS)
    assert is_durable(opened(qtbot, start()).secrets)


@pytest.mark.full
def test_meetings_that_new_zone_rules_moved_are_told(
    start: Callable[[], Application], qtbot: QtBot, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workspace.open(data, secrets=MemorySecrets()) as workspace:
        project, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "AURORA"})
        begins = datetime(2027, 4, 1, 10)  # noqa: DTZ001 - planned times are naive
        commands.plan_meeting(
            workspace, project, MeetingType.AD_HOC, begins, "Europe/Copenhagen", title="Call"
        )
    now = datetime(2027, 4, 1, 9, tzinfo=UTC)
    monkeypatch.setattr(meetings, "tzdata_version", lambda: "2027z")
    monkeypatch.setattr(meetings, "to_utc", lambda *_: now)
    application = start()
    opened(qtbot, application)
    assert "Call (08:00 → 09:00 UTC)" in application.shell.toast.words
