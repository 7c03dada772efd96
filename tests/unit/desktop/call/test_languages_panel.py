"""Languages in the console: set before and during the call."""

from __future__ import annotations

from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from projectdesk.desktop.call.languages_panel import LanguagesPanel
from projectdesk.desktop.call.panel import Surroundings
from projectdesk.desktop.runtime.host_client import HostAddress
from projectdesk.desktop.runtime.hosting import Published
from projectdesk.services import queries
from projectdesk.services.workspace import Workspace
from projectdesk.signalling import languages
from tests.unit.desktop.conftest import InstantSession


@pytest.fixture
def panel(qtbot: QtBot, dressed: object, instant: InstantSession, kick_off: UUID) -> LanguagesPanel:
    published = Published(kick_off, "room", HostAddress("", "", ""), "", ())
    made = LanguagesPanel(Surroundings(published, instant, None))  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def sent(panel: LanguagesPanel) -> list[object]:
    messages: list[object] = []
    panel.sent.connect(messages.append)
    return messages


def choose(box: QComboBox, value: str) -> None:
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def told(panel: LanguagesPanel, **changes: object) -> None:
    panel.hear(languages.LanguagesChanged(languages=languages.Languages(**changes)))  # type: ignore[arg-type]
    QApplication.processEvents()


def shown(panel: LanguagesPanel) -> str:
    return " | ".join(one.text() for one in panel.findChildren(QLabel) if one.isVisible())


def test_channels_are_added_and_dropped(panel: LanguagesPanel, sent: list[object]) -> None:
    assert panel.interpreters.isHidden()
    choose(panel.add, "fr")
    told(panel, channels=["fr"])
    assert "français" in shown(panel)
    choose(panel.add, "fr")
    choose(panel.add, "de")
    told(panel, channels=["fr", "de"])
    buttons = [button for button in panel.findChildren(QToolButton) if button.isVisible()]
    [drop] = [button for button in buttons if "français" in button.accessibleName()]
    drop.click()
    assert sent == [
        languages.SetChannels(languages=["fr"]),
        languages.SetChannels(languages=["fr", "de"]),
        languages.SetChannels(languages=["de"]),
    ]


def test_whoever_is_invited_interprets_and_is_taken_off(
    panel: LanguagesPanel, sent: list[object], workspace: Workspace, kick_off: UUID
) -> None:
    who = queries.invitations(workspace, kick_off)[0]
    told(panel, channels=["fr"])
    choose(panel.interpreters.who, who.id.hex)
    panel.interpreters.submit.click()
    assert sent == []  # no language yet
    choose(panel.interpreters.spoken, "fr")
    panel.interpreters.submit.click()
    appoint = languages.AppointInterpreter(participant=who.id.hex, language="fr")
    assert sent == [appoint]
    named = languages.Interpreter(participant=who.id.hex, name=who.name, language="fr", on_air=True)
    told(panel, channels=["fr"], interpreters=[named])
    assert f"{who.name}  ·  français" in shown(panel)
    [off] = [b for b in panel.findChildren(QToolButton) if b.toolTip() == f"Take {who.name} off"]
    off.click()
    assert sent[-1] == languages.AppointInterpreter(participant=who.id.hex, language=None)


def test_captioners_are_named_and_captions_kept(
    panel: LanguagesPanel, sent: list[object], workspace: Workspace, kick_off: UUID
) -> None:
    who = queries.invitations(workspace, kick_off)[0].id.hex
    choose(panel.captioners.who, who)
    choose(panel.captioners.spoken, "de")
    panel.captioners.submit.click()
    panel.keep.click()
    assert sent == [
        languages.AppointCaptioner(participant=who, language="de"),
        languages.KeepCaptions(keep=True),
    ]
    told(panel, keeps=False)
    told(panel, keeps=True)
    assert panel.keep.isChecked()
