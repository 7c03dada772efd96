from __future__ import annotations

import json
from pathlib import Path

import keyring
import pytest
from keyring.backends.null import Keyring as NoKeyring

from projectdesk import cli
from projectdesk.bootstrap import PASSWORD_VARIABLE, open_workspace
from projectdesk.secrets import PASSPHRASE_VARIABLE
from projectdesk.services import commands, queries, team_database
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace

ADDRESS = "postgresql://ada@db.example.org/aurora"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder where there is no keyring, and a passphrase stands in for it."""
    keyring.set_keyring(NoKeyring())
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "a long passphrase")
    monkeypatch.setenv(PASSWORD_VARIABLE, "secret words")
    return tmp_path / "data"


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["database", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.full
def test_a_team_database_is_used_and_left(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []

    def examine(_team: object, password: str) -> team_database.ServerState:
        given.append(password)
        return team_database.ServerState("16.4", True, None, False, 0)

    monkeypatch.setattr(team_database, "examine", examine)
    folder = ("--data", str(data))
    code, out, _ = _run(capsys, "show", *folder)
    assert code == 0
    assert "this computer" in out
    code, out, _ = _run(capsys, "use", ADDRESS, "--json", *folder)
    assert code == 0
    assert json.loads(out)["team"]["user"] == "ada"
    assert given == ["secret words"]
    monkeypatch.delenv(PASSWORD_VARIABLE)
    code, out, _ = _run(capsys, "test", "--json", *folder)
    assert code == 0
    assert json.loads(out)["state"]["version"] == "16.4"
    assert given == ["secret words", "secret words"], "the second time it was kept"
    for file in data.rglob("*"):
        if file.is_file():
            assert b"secret words" not in file.read_bytes()
    code, out, _ = _run(capsys, "use", "local", *folder)
    assert "this computer" in out
    assert team_database.chosen(data) is None


def test_a_password_is_no_argument(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run(
        capsys, "use", "postgresql://ada:hunter2@db.example.org/x", "--data", str(data)
    )
    assert code == cli.REFUSED
    assert "password_in_url" in err
    assert "hunter2" not in out + err


def test_nothing_is_chosen_to_test(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _run(capsys, "test", "--data", str(data))
    assert code == cli.REFUSED
    assert "no_team_database" in err


@pytest.mark.full
def test_the_data_is_copied_to_a_file_that_can_be_restored(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_workspace(data) as workspace:
        commands.create(workspace, Kind.PROJECT, {"acronym": "AURORA"})
    file = tmp_path / "copy.sqlite"
    code, out, _ = _run(capsys, "copy-to", str(file), "--json", "--data", str(data))
    assert code == 0
    assert json.loads(out)["tables"]["project"] == 1
    other = tmp_path / "other"
    assert cli.main(["restore", str(file), "--data", str(other)]) == 0
    with Workspace.open(other) as restored:
        assert [row.acronym for row in queries.projects(restored)] == ["AURORA"]
    code, _, err = _run(capsys, "copy-to", str(file), "--data", str(data))
    assert code == cli.REFUSED
    assert "file_exists" in err


def test_a_chosen_server_that_does_not_answer_is_told(
    data: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    team = team_database.TeamDatabase(str(tmp_path), "aurora", "ada")  # no socket is there
    from projectdesk import secrets

    team_database.use_team(data, team, secrets.choose(data), "x")
    assert cli.main(["list", "projects", "--data", str(data)]) == cli.REFUSED
    assert "database_no_server" in capsys.readouterr().err
