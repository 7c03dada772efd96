"""The user guide says what the program says, and F1 leads to pages that there are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from projectdesk import guide, resources
from projectdesk.desktop.helping import DIALOGS, topic_of
from projectdesk.desktop.routes import Place
from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.screens import scenes
from tools import guide as building

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "docs" / "guide"
DESKTOP = ROOT / "src" / "projectdesk" / "desktop"
PAGES = {page.stem: page.read_text(encoding="utf-8") for page in sorted(SOURCE.glob("*.md"))}


def prose(text: str) -> str:
    """Return a page without what stands as it is typed: code, and its fences."""
    return re.sub(r"`[^`]*`", "", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def labels() -> Iterator[tuple[str, str]]:
    for name, text in PAGES.items():
        for label in re.findall(r"\*\*(.+?)\*\*", prose(text), flags=re.DOTALL):
            yield name, " ".join(label.split())


def said() -> set[str]:
    """Return what the desktop and the pages in the browser say in English."""
    desktop = json.loads(resources.path("i18n", "desktop.de.json").read_text(encoding="utf-8"))
    page = resources.path("web", "i18n", "en.js").read_text(encoding="utf-8")
    return set(desktop) | set(re.findall(r'"[\w.]+":\s*"([^"]+)"', page))


def test_each_label_in_bold_is_one_that_the_program_shows():
    known = said()
    assert len(list(labels())) > 200
    assert [f"{page}: {label}" for page, label in labels() if label not in known] == []


def test_each_picture_is_of_a_scene_or_of_a_call():
    known = {scene.name for scene in scenes.SCENES} | building.of_calls()
    named = building.pictures()
    assert len(named) > 30
    assert named - known == set()


def test_f1_leads_to_pages_and_parts_that_there_are():
    for topic, where in guide.TOPICS.items():
        page, _, part = where.partition("#")
        assert page in PAGES, topic
        assert not part or f"({part})=\n" in PAGES[page], f"{topic}: {where}"


def test_every_place_has_a_topic_and_so_has_every_tab():
    from projectdesk.desktop.pages.meeting import page as meeting

    assert {place.value for place in Place} <= set(guide.TOPICS)
    for tab in meeting._TABS:
        assert topic_of(Place.MEETING, tab) == f"meeting.{tab}"
    source = (DESKTOP / "pages" / "project" / "page.py").read_text(encoding="utf-8")
    tabs = re.findall(r'Tab\("(\w+)"', source)
    assert len(tabs) == 16
    for tab in tabs:
        assert topic_of(Place.PROJECT, tab) == f"project.{tab}"
    assert topic_of(Place.ACTIONS, "") == "actions"
    assert topic_of(Place.HOME, "none") == "home"


def test_there_is_no_window_that_does_not_know_f1():
    """A dialog hands the key to the window below it; both windows say where they are."""
    sources = {p.stem: p.read_text(encoding="utf-8") for p in DESKTOP.rglob("*.py")}
    windows = {
        name: file
        for file, source in sources.items()
        for name in re.findall(r"^class (\w+)\((?:QMainWindow|QDialog|QWizard)\b", source, re.M)
    }
    assert windows.keys() == {"Shell", "CallWindow", "Dialog", "GuideWindow"}
    del windows["GuideWindow"]  # it is what F1 opens
    assert [name for name, file in windows.items() if "F1" not in sources[file]] == []


def test_the_dialogs_that_have_a_page_are_there():
    source = "\n".join(p.read_text(encoding="utf-8") for p in DESKTOP.rglob("*.py"))
    classes = set(re.findall(r"^class (\w+)", source, flags=re.MULTILINE))
    assert set(DIALOGS) - classes == set()
    assert set(DIALOGS.values()) - set(guide.TOPICS) == set()
    assert topic_of(Place.HOME, "", "InviteDialog") == "invite"


def test_every_page_is_in_the_contents():
    listed = re.findall(r"^([\w-]+)$", PAGES["index"], flags=re.MULTILINE)
    assert sorted([*listed, "index"]) == sorted(PAGES)


def test_the_keys_of_the_call_are_those_of_the_page():
    text = resources.path("web", "i18n", "en.js").read_text(encoding="utf-8")
    keys = dict(re.findall(r'"keys\.(Space|[A-Z])":\s*"([^"]+)"', text))
    rows = dict(re.findall(r"\| \{kbd\}`(\w+)` \| (.+?) \|", PAGES["shortcuts"]))
    assert rows == keys


@pytest.fixture
def built(tmp_path, monkeypatch):
    for tag in ("en", "de"):
        (tmp_path / "guide" / tag).mkdir(parents=True)
        for name in ("index", "search", "find-a-time"):
            (tmp_path / "guide" / tag / f"{name}.html").write_text("<p>", encoding="utf-8")
    monkeypatch.setattr(resources, "root", lambda: tmp_path)
    return tmp_path / "guide"


def test_a_topic_is_a_file_and_a_part_of_it(built):
    assert guide.place() == (built / "en" / "index.html", "")
    assert guide.place("poll") == (built / "en" / "find-a-time.html", "polls")
    assert guide.place("find-a-time", "de") == (built / "de" / "find-a-time.html", "")
    assert guide.place("find-a-time", "fr") == (built / "en" / "find-a-time.html", "")
    assert set(guide.pages()) == {"index", "find-a-time"}
    with pytest.raises(DomainError, match=r"no page .nowhere.*find-a-time"):
        guide.place("nowhere")


def test_a_guide_that_is_not_built_says_how(tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "root", lambda: tmp_path)
    with pytest.raises(EnvironmentFailure, match=r"dev\.py guide"):
        guide.place()


def test_pages_that_ask_another_host_are_found(tmp_path):
    page = (
        '<a href="https://cordis.europa.eu">C</a><script src="https://cdn.example/x.js"></script>'
    )
    (tmp_path / "bad.html").write_text(page, encoding="utf-8")
    (tmp_path / "good.html").write_text('<script src="_static/x.js"></script>', encoding="utf-8")
    assert [found.split(":")[0] for found in building.foreign(tmp_path)] == ["bad.html"]
