from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from uuid import UUID

import keyring
import pytest
from keyring.backends.null import Keyring as NoKeyring

from projectdesk import cli
from projectdesk.bootstrap import open_workspace
from projectdesk.domain.meetings import MeetingType
from projectdesk.secrets import PASSPHRASE_VARIABLE
from projectdesk.services import commands, hosting
from projectdesk.services.rows import Kind

URL = "https://meet.example.org"


@pytest.fixture
def arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the command that prints the links of a meeting, where there is no keyring."""
    keyring.set_keyring(NoKeyring())
    monkeypatch.delenv(PASSPHRASE_VARIABLE, raising=False)
    with open_workspace(tmp_path) as workspace:
        commands.set_me(workspace, {"given_name": "Ada", "family_name": "Lund"})
        project, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "AURORA"})
        guest, _ = commands.create(workspace, Kind.PERSON, {"family_name": "Of DTU"})
        member = {"project_id": project, "person_id": guest}
        commands.create(workspace, Kind.MEMBERSHIP, member)
        begins = datetime(2027, 4, 1, 10)  # noqa: DTZ001 - planned times are naive
        meeting, _ = commands.plan_meeting(
            workspace, project, MeetingType.AD_HOC, begins, "UTC", externals=True
        )
    return ["links", "--meeting", str(meeting), "--public-url", URL, "--data", str(tmp_path)]


def test_links_that_would_open_nothing_are_not_printed(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == cli.REFUSED
    said = capsys.readouterr()
    assert PASSPHRASE_VARIABLE in said.err
    assert URL not in said.out


@pytest.mark.full
def test_a_passphrase_makes_the_same_links_each_time(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "northern lights")
    assert cli.main([*arguments, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    with open_workspace(tmp_path) as workspace:
        links = hosting.personal_links(workspace, UUID(arguments[2]), URL)
    assert printed
    assert [link["url"] for link in printed] == [link.url for link in links]
