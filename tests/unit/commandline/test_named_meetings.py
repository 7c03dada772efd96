"""Meetings named by their titles on the command line."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from projectdesk import cli
from projectdesk.bootstrap import open_workspace
from projectdesk.commandline.named_meetings import name_by_id
from projectdesk.domain.meetings import MeetingType
from projectdesk.services import commands
from projectdesk.services.rows import Kind


def test_a_title_that_one_meeting_has_is_as_good_as_its_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    made: dict[str, UUID] = {}
    with open_workspace(data) as workspace:
        project, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "AURORA"})
        for day, title in ((1, "Board 1"), (2, "Board 2"), (3, "Café"), (4, "Café")):
            start = datetime.fromisoformat(f"2027-04-0{day}T10:00")
            made[title], _ = commands.plan_meeting(
                workspace, project, MeetingType.AD_HOC, start, "Europe/Lisbon", title=title
            )
    for text, wanted in ((" board  2", "Board 2"), ("BOARD 1", "Board 1"), ("CAFÉ ", "")):
        options = Namespace(what="agenda", name=text, meeting=None, data=str(data))
        name_by_id(options)
        assert options.name == (str(made[wanted]) if wanted else text), "two are called Café"
    assert cli.main(["check", "--meeting", "board 2", "--data", str(data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["meeting"] == "Board 2"
    assert cli.main(["check", "--meeting", "Board", "--data", str(data), "--json"]) == cli.REFUSED
    refused = json.loads(capsys.readouterr().err)["error"]
    assert (refused["code"], refused["facts"]) == ("not_an_id", {"text": "Board"})


def test_an_id_needs_no_data_to_be_known_as_one(tmp_path: Path) -> None:
    meeting = str(uuid4())
    options = Namespace(meeting=meeting, data=str(tmp_path / "none"))
    name_by_id(options)
    assert options.meeting == meeting
    assert not (tmp_path / "none").exists()


def test_a_command_about_several_things_names_no_meeting(tmp_path: Path) -> None:
    options = Namespace(what=["deliverables", "tasks"], data=str(tmp_path / "none"))
    name_by_id(options)
    assert options.what == ["deliverables", "tasks"]
