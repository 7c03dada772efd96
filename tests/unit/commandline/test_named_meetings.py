"""Meetings named by their titles on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from projectdesk import cli
from projectdesk.bootstrap import open_workspace
from projectdesk.commandline import data as data_commands
from projectdesk.commandline.named_meetings import meeting_named
from projectdesk.domain.meetings import MeetingType
from projectdesk.services import commands
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace


def test_a_title_that_one_meeting_has_is_as_good_as_its_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
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
            found = meeting_named(workspace, text)
            assert found == (made[wanted] if wanted else None), "two are called Café"
    opened: list[Path] = []
    monkeypatch.setattr(data_commands, "open_workspace", _noting(opened))
    assert cli.main(["check", "--meeting", "board 2", "--data", str(data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["meeting"] == "Board 2"
    assert opened == [data], "once"
    assert cli.main(["check", "--meeting", "Board", "--data", str(data), "--json"]) == cli.REFUSED
    refused = json.loads(capsys.readouterr().err)["error"]
    assert (refused["code"], refused["facts"]) == ("not_an_id", {"text": "Board"})
    dates = ["--date", "2099-03-24T10:00", "--date", "2099-03-26T14:00"]
    poll = ["poll", "create", "--project", "AURORA", "--title", "Call", "--zone", "Europe/Lisbon"]
    words = [*poll, *dates, "--meeting", "", "--data", str(data), "--json"]
    assert cli.main(words) == cli.REFUSED
    assert json.loads(capsys.readouterr().err)["error"]["code"] == "not_an_id"


def test_actions_of_a_meeting_are_of_the_one_that_is_called_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    with open_workspace(data) as workspace:
        project, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "AURORA"})
        for number in (1, 11):
            start = datetime.fromisoformat(f"2027-04-{number:02}T10:00")
            meeting, _ = commands.plan_meeting(
                workspace,
                project,
                MeetingType.AD_HOC,
                start,
                "Europe/Lisbon",
                title=f"Board {number}",
            )
            action = {"project_id": project, "meeting_id": meeting, "text": f"Of {number}."}
            commands.create(workspace, Kind.ACTION, action)
    for typed, wanted in (("board 1", ["Of 1."]), ("Boar", ["Of 1.", "Of 11."])):
        words = ["list", "actions", "--meeting", typed, "--data", str(data), "--json"]
        assert cli.main(words) == 0
        assert sorted(row["text"] for row in json.loads(capsys.readouterr().out)) == wanted


def _noting(opened: list[Path]) -> Callable[[Path], Workspace]:
    def opening(data: Path) -> Workspace:
        opened.append(data)
        return open_workspace(data)

    return opening
