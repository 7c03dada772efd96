"""A desktop that is killed while somebody types: the same page, row and text are back."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from projectdesk.demo import stage
from projectdesk.demo.actor import Actor
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace

pytestmark = [pytest.mark.full, pytest.mark.timeout(300)]

PHONE = "+45 20 30 40 50"
PLACE, PERSON = "directory", "person"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def person(data: Path) -> UUID:
    """Somebody of a project."""
    with Workspace.open(data, secrets=MemorySecrets()) as workspace:
        commands.set_me(workspace, {"given_name": "Ada", "family_name": "Lund"})
        commands.create(workspace, Kind.PROJECT, {"acronym": "AURORA"})
        values = {"given_name": "Marie", "family_name": "Durand"}
        made, _ = commands.create(workspace, Kind.PERSON, values)
    return made


@pytest.fixture
def start(
    qtbot: QtBot, data: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Actor]]:
    monkeypatch.setenv("PROJECTDESK_PASSPHRASE", "typed and killed")
    started: list[Actor] = []

    def begin() -> Actor:
        program = str(Path(__file__).with_name("typing_process.py"))
        started.append(Actor([sys.executable, program, str(data)]))
        return started[-1]

    yield begin
    for actor in started:
        with contextlib.suppress(RuntimeError):  # it was ended, and let go, by the test
            actor.end()


def shows(desktop: Actor, field: str, words: str) -> None:
    stage.wait(
        lambda: desktop.carry_out(do="read")["fields"].get(field) == words,
        f"{field} to say {words}",
        30,
    )


def test_the_page_the_row_and_what_was_typed_are_back(
    start: Callable[[], Actor], person: UUID
) -> None:
    desktop = start()
    desktop.carry_out(do="go", place=PLACE, tab=PERSON, select=person.hex)
    desktop.carry_out(do="type", field="phone", words=PHONE)
    desktop.carry_out(do="kept", words=PHONE)
    desktop.kill()

    again = start()
    shows(again, "phone", PHONE)
    found = again.carry_out(do="read")
    assert (found["place"], found["fields"]["family_name"]) == (PLACE, "Durand")
    again.end()  # in good order, which saves what is typed

    third = start()
    shows(third, "phone", PHONE)
    assert third.carry_out(do="read")["place"] == PLACE
    assert third.carry_out(do="read")["kept"] == ""


def test_a_dialog_has_its_text_again_when_it_is_opened_again(
    start: Callable[[], Actor], person: UUID
) -> None:
    desktop = start()
    desktop.carry_out(do="go", place="projects", tab="new")
    desktop.carry_out(do="type", field="acronym", words="BOREAS")
    desktop.carry_out(do="kept", words="BOREAS")
    desktop.kill()

    again = start()
    assert again.carry_out(do="read")["place"] == "projects"
    assert again.carry_out(do="read")["dialog"] == ""
    again.carry_out(do="go", place="projects", tab="new")
    shows(again, "acronym", "BOREAS")
