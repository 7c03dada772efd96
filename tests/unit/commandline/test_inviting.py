"""`projectdesk invite`: what it writes, what it says, what it refuses."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from projectdesk import cli
from projectdesk.bootstrap import open_workspace
from projectdesk.domain.meetings import MeetingType
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.mail.message import only_address, parse
from projectdesk.secrets import PASSPHRASE_VARIABLE
from projectdesk.services import commands, mail_accounts, queries
from projectdesk.services.rows import Kind


@pytest.fixture
def arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the command for a meeting on this computer with two guests, one without address."""
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "northern lights")
    with open_workspace(tmp_path) as workspace:
        commands.set_me(workspace, {"given_name": "Ada", "email": "ada@example.org"})
        project, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "AURORA"})
        for name, address in (("Of DTU", "guest@example.dk"), ("Nobody", "")):
            guest, _ = commands.create(
                workspace, Kind.PERSON, {"family_name": name, "email": address}
            )
            member = {"project_id": project, "person_id": guest}
            commands.create(workspace, Kind.MEMBERSHIP, member)
        begins = datetime.fromisoformat("2027-04-01T10:00")
        meeting, _ = commands.plan_meeting(
            workspace, project, MeetingType.AD_HOC, begins, "Europe/Lisbon", externals=True
        )
    return ["invite", str(meeting), "--data", str(tmp_path)]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert cli.main([*arguments, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert isinstance(document, dict)
    return document


@pytest.mark.full
def test_a_dry_run_writes_files_and_changes_nothing(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    for _ in range(2):  # the second finds everything as the first did
        said = run(capsys, *arguments, "--dry-run", "--out", str(out))
        by_name = {each["name"]: each for each in said["invitees"]}
        assert by_name["Of DTU"]["action"] == "new"
        assert by_name["Nobody"]["problem"] == "no_address"
        mail = parse(Path(by_name["Of DTU"]["file"]).read_bytes())
        assert only_address(mail, "From") == "ada@example.org"
        assert only_address(mail, "To") == "guest@example.dk"
        codes = {each["code"] for each in said["warnings"]}
        assert codes == {"link_not_public", "this_computer_must_run", "no_address", "no_zone"}
    assert sorted(path.name for path in out.iterdir()) == ["01 Of DTU.eml", "01 Of DTU.ics"]


@pytest.mark.full
def test_without_a_mail_account_files_are_offered(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == cli.REFUSED
    assert "no_mail_account" in capsys.readouterr().err


@pytest.mark.full
def test_links_of_this_computer_are_refused_until_told(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = MailServer("smtp.example.org", 587)
    mail_accounts.save(tmp_path, MailAccount("ada@example.org", smtp=server))
    assert cli.main(arguments) == cli.REFUSED
    assert "link_not_public" in capsys.readouterr().err


@pytest.mark.full
def test_files_with_links_of_this_computer_are_refused_until_told_and_count_as_told(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert cli.main([*arguments, "--out", str(out)]) == cli.REFUSED
    assert "link_not_public" in capsys.readouterr().err
    assert not out.exists()
    assert cli.main([*arguments, "--out", str(out), "--anyway"]) == 0
    said = capsys.readouterr().out
    assert "counts as told from now on; --again writes the same once more" in said
    assert cli.main([*arguments, "--out", str(out), "--anyway"]) == cli.REFUSED
    assert "nothing_to_send" in capsys.readouterr().err
    assert cli.main([*arguments, "--out", str(out), "--anyway", "--again"]) == 0


@pytest.mark.full
def test_cancelling_tells_who_was_invited_and_cancels_the_meeting(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    run(capsys, *arguments, "--out", str(out), "--public-url", "https://meet.example.org")
    said = run(capsys, *arguments, "--cancel", "--dry-run")
    assert [each["method"] for each in said["invitees"]].count("CANCEL") == 1
    run(capsys, *arguments, "--cancel", "--out", str(out))
    with open_workspace(tmp_path) as workspace:
        assert queries.meetings(workspace)[0].state.value == "cancelled"
    assert b"METHOD:CANCEL" in (out / "01 Of DTU.ics").read_bytes()


@pytest.mark.full
def test_an_answer_that_was_saved_as_a_calendar_file_is_read(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    run(capsys, *arguments, "--out", str(out), "--public-url", "https://meet.example.org")
    sent = (out / "01 Of DTU.ics").read_bytes()
    answer = tmp_path / "answer.ics"
    replied = sent.replace(b"METHOD:REQUEST", b"METHOD:REPLY").replace(b"NEEDS-ACTION", b"DECLINED")
    of = ("--data", str(tmp_path), "--json")
    for content in (sent, b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"):  # not an answer; cut off
        answer.write_bytes(content)
        cli.main(["mail", "read", str(answer), *of])
    capsys.readouterr()
    with open_workspace(tmp_path) as workspace:
        meeting = queries.meetings(workspace)[0].id
        assert {row.answer.value for row in queries.invitations(workspace, meeting)} == {"none"}
    answer.write_bytes(replied)
    assert cli.main(["mail", "read", str(answer), *of]) == 0
    (read,) = json.loads(capsys.readouterr().out)
    assert read["read"]["taken"]["outcome"] == "answer_taken"
    with open_workspace(tmp_path) as workspace:
        answers = {row.name: row.answer.value for row in queries.invitations(workspace, meeting)}
    assert answers["Of DTU"] == "declined"
