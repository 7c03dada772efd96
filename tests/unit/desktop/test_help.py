"""F1, the page Help, and what is found on a computer."""

from __future__ import annotations

import json
import sys

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QLabel

from projectdesk import guide
from projectdesk.desktop import guide_pages
from projectdesk.desktop.helping import Helping
from projectdesk.desktop.models import finding_words
from projectdesk.desktop.models.finding_words import Finding
from projectdesk.desktop.pages.help import HelpPage
from projectdesk.desktop.pages.page import Page
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.examination import Examination
from projectdesk.desktop.shell.shell import Shell
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.errors import EnvironmentFailure
from tests.unit.desktop.conftest import TODAY

BAD = Finding("media", False, "libvpx is missing")
ODD = Finding("mail", False, "no answer", needed=False)
GOOD = Finding("SQLite", True, "3.46")


@pytest.fixture
def shell(qtbot, dressed):
    made = Shell()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


class _Page(Page):
    tab = "invitees"


@pytest.fixture
def page(qtbot):
    made = _Page()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def opened(monkeypatch, tmp_path):
    """Return the addresses that the browser was given; the guide is anywhere."""
    seen: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", seen.append)
    monkeypatch.setattr(
        guide, "place", lambda topic, language: (tmp_path / f"{topic}.html", "a-part")
    )
    return seen


def test_f1_is_heard_in_the_window_and_under_a_dialog(shell, qtbot):
    with qtbot.waitSignal(shell.help_asked):
        qtbot.keyClick(shell, Qt.Key.Key_F1)
    dialog = Dialog(shell, "A question")
    dialog.open()
    with qtbot.waitSignal(shell.help_asked):
        qtbot.keyClick(dialog, Qt.Key.Key_F1)
    assert dialog.isVisible()
    dialog.reject()


def test_f1_opens_the_page_of_what_is_on_the_screen(shell, page, opened):
    helper = Helping(shell, lambda: (Route(Place.MEETING), page), web=False)
    helper.help_here()
    assert [url.fileName() for url in opened] == ["meeting.invitees.html"]
    assert opened[0].isLocalFile()
    assert opened[0].fragment() == "a-part"


def test_a_dialog_has_a_page_of_its_own(shell, page, opened, monkeypatch):
    class InviteDialog(QDialog):
        pass

    class SpecialDialog(InviteDialog):
        pass

    over = SpecialDialog(shell)
    monkeypatch.setattr(QApplication, "activeModalWidget", lambda: over)
    assert Helping(shell, lambda: (Route(Place.HOME), page)).topic_here() == "invite"


def test_before_the_data_is_open_help_is_about_what_is_wrong(shell):
    assert Helping(shell, lambda: None).topic_here() == "help"


def test_a_guide_that_is_not_there_is_said(shell, monkeypatch):
    def fail(topic, language):
        raise EnvironmentFailure("guide_not_built", "Run dev.py guide.")

    monkeypatch.setattr(guide, "place", fail)
    Helping(shell, lambda: None).show("")
    assert shell.toast.words == "Run dev.py guide."


def test_what_is_not_of_the_guide_is_outside(tmp_path):
    inside = guide_pages.address_of(tmp_path / "en" / "index.html", "home")
    assert not guide_pages.is_outside(inside, tmp_path)
    assert guide_pages.is_outside(guide_pages.address_of(tmp_path.parent / "x.html"), tmp_path)
    assert guide_pages.is_outside(QUrl("https://example.org"), tmp_path)


def doctor(tmp_path, said: str, code: int = 0) -> list[str]:
    """Return a program that says `said`, and writes down how it was called."""
    script = tmp_path / "doctor.py"
    script.write_text(
        "import pathlib, sys\n"
        f"pathlib.Path({str(tmp_path / 'called')!r}).write_text(' '.join(sys.argv[1:]))\n"
        f"print({said!r})\nprint('Refused: why', file=sys.stderr)\nsys.exit({code})\n",
        encoding="utf-8",
    )
    return [sys.executable, "-S", str(script)]


def found(*findings: Finding) -> str:
    return json.dumps({"ok": True, "checks": [vars(each) for each in findings]})


def test_what_is_wrong_stands_first_with_what_to_do(qtbot, dressed, instant, tmp_path):
    words = doctor(tmp_path, found(GOOD, ODD, BAD), code=1)
    page = HelpPage(instant, tmp_path, lambda: TODAY, Examination(tmp_path, words=words))
    qtbot.addWidget(page)
    page.open(Route(Place.HELP))
    assert not page.again.isEnabled()
    qtbot.waitUntil(lambda: page.again.isEnabled(), timeout=20_000)
    shown = [label.text() for label in page.findChildren(QLabel)]
    order = [shown.index(finding_words.title(each)) for each in (BAD, ODD, GOOD)]
    assert order == sorted(order)
    assert "Hold meetings on a server; this computer cannot host them." in shown
    assert "Sound and picture" in page.summary.text()
    called = (tmp_path / "called").read_text(encoding="utf-8")
    assert called == f"doctor --json --data {tmp_path} --language en"
    page.close_page()


def test_the_file_for_who_helps_is_told_when_it_is_there(qtbot, dressed, instant, tmp_path):
    words = doctor(tmp_path, found(GOOD))
    page = HelpPage(instant, tmp_path, lambda: TODAY, Examination(tmp_path, words=words))
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.examination.saved, timeout=20_000):
        page._examine(tmp_path / "out.zip")
    assert instant.notices[-1].text == f"Saved {tmp_path / 'out.zip'}."
    assert (
        (tmp_path / "called")
        .read_text(encoding="utf-8")
        .endswith(f"--bundle {tmp_path / 'out.zip'}")
    )
    page.close_page()


@pytest.mark.parametrize(("said", "code"), [("", 2), ("no JSON", 0), ('{"checks": [{}]}', 0)])
def test_an_examination_that_fails_says_so(qtbot, tmp_path, said, code):
    examination = Examination(tmp_path, words=doctor(tmp_path, said, code))
    with qtbot.waitSignal(examination.failed, timeout=20_000) as told:
        examination.start()
    assert told.args[0].startswith("The examination failed")
    assert not examination.busy


def test_a_program_that_is_not_there_is_said(qtbot, tmp_path):
    examination = Examination(tmp_path, words=[str(tmp_path / "nowhere")])
    with qtbot.waitSignal(examination.failed, timeout=20_000):
        examination.start()
    examination.stop()


def test_words_colours_and_shapes_differ():
    assert finding_words.tone(GOOD) is Tone.SUCCESS
    assert finding_words.tone(ODD) is Tone.WARNING
    assert finding_words.tone(BAD) is Tone.DANGER
    assert len({finding_words.icon(each) for each in (GOOD, ODD, BAD)}) == 3
    assert len({finding_words.state(each) for each in (GOOD, ODD, BAD)}) == 3
    assert finding_words.remedy(GOOD) == ""


def test_doctor_finds_nothing_that_help_has_no_words_for():
    from projectdesk.doctor import CHECKS

    names = {"data folder", "SQLite", "keyring", "QtWebEngine", "coturn", "network", "mail"}
    for name in names:
        assert finding_words.title(Finding(name, True, "")) != name
    assert len(CHECKS) >= len(names)


def test_help_is_marked_in_the_top_bar_and_nothing_in_the_rail(shell):
    for place in (Place.MEETINGS, Place.HELP):
        shell.add_page(place, QLabel())
    shell.show_place(Place.HELP)
    assert [place for place, made in shell.rail.buttons.items() if made.isChecked()] == []
    assert shell.top.help.property("here")
    shell.show_place(Place.MEETINGS)
    assert [place for place, made in shell.rail.buttons.items() if made.isChecked()] == [
        Place.MEETINGS
    ]
    assert not shell.top.help.property("here")
