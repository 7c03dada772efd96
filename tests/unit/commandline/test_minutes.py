"""`projectdesk minutes` and `verify-audit` on the sample, from the draft to the acceptance."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from projectdesk.domain.meetings import Meeting
from projectdesk.domain.minutes import Decision, Minutes, MinutesState
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from tests.unit.commandline.test_reporting import Run
from tests.unit.commandline.test_reporting import run as run
from tests.unit.commandline.test_reporting import sample_data as sample_data

SERVER = ("--public-url", "https://meet.example.org", "--host", "https://meet.example.org")


def meeting(run: Run, title: str) -> str:
    return next(str(row["id"]) for row in run("list", "meetings") if row["title"] == title)


@pytest.mark.full
def test_minutes_from_the_draft_to_a_second_revision(run: Run, tmp_path: Path) -> None:
    board = meeting(run, "Executive Board 2")
    plan = run("minutes", "circulate", board, "--dry-run")
    assert plan["bar"] is None
    assert {"representative", "invited"} <= {row["why"] for row in plan["readers"]}
    with Workspace.open(tmp_path / "data", secrets=MemorySecrets()) as workspace:
        me = {"given_name": "Ida", "family_name": "Holm", "email": "ida@example.org"}
        commands.set_me(workspace, me)
    left_out = plan["readers"][-1]["name"]
    made = run(
        *("minutes", "circulate", board, *SERVER, "--out", str(tmp_path / "mails")),
        *("--leave-out", left_out),
    )
    assert made["circulated"]["readers"] == len(plan["readers"]) - 1
    message = message_from_bytes(Path(made["files"][0]).read_bytes(), policy=policy.default)
    assert message["X-Unsent"] == "1"
    body = message.get_body(("plain",))
    assert body is not None
    assert "https://meet.example.org/d/" in body.get_content()
    (pdf,) = message.iter_attachments()
    assert pdf.get_content().startswith(b"%PDF")
    again = run("minutes", "circulate", board, *SERVER, "--out", str(tmp_path / "x"), code=2)
    assert again["code"] == "minutes_circulated"

    (status,) = run("minutes", "status", board)
    reader = next(row for row in status["readers"] if row["may_object"])
    objected = run("minutes", "object", board, "It was 10.", "--reader", reader["name"])
    assert objected["objections"][0]["state"] == "open"
    assert run("minutes", "revise", board, code=2)["code"] == "minutes_objected"
    run("minutes", "answer", board, "1", "--upheld")
    told = run("minutes", "notices", board)
    assert [(each["objection"], each["names"]) for each in told["untold"]] == [
        (1, [reader["name"]])
    ]
    (notice,) = run("minutes", "tell", board, "--out", str(tmp_path / "notices"))
    assert b"It was 10." in Path(notice).read_bytes()
    assert run("minutes", "notices", board, "--on")["untold"] == []
    revised = run("minutes", "revise", board, "--reason", "A figure.")
    assert [row["state"] for row in revised["revisions"]] == ["superseded", "draft"]
    run("minutes", "circulate", board, *SERVER, "--out", str(tmp_path / "second"))
    assert run("minutes", "compare", board)["items"] == []
    assert run("minutes", "accept", board, code=2)["code"] == "minutes_window"
    review = meeting(run, "Interim review")
    accepted = run("minutes", "accept", board, "--approved-by", review)
    assert accepted["newest"]["acceptance"] == "approved"
    annexed = tmp_path / "minutes.html"
    run("export", "minutes", board, "--with-trail", "--language", "de", "--out", str(annexed))
    assert "Nachweiskette der Fassung 2" in annexed.read_text(encoding="utf-8")
    assert run("export", "agenda", board, "--with-trail", "--out", str(annexed), code=2)
    out = tmp_path / "trail.csv"
    assert run("minutes", "trail", board, "--out", str(out))["steps"] > 6
    assert out.read_text(encoding="utf-8-sig").startswith("revision,seq,at,step")


@pytest.mark.full
def test_a_broken_trail_is_named_and_ends_with_1(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from projectdesk import cli

    assert run("verify-audit", "--project", "SALTMARK")["whole"] is True
    assert_accepted_by_day(tmp_path / "data")
    with (
        Workspace.open(tmp_path / "data", secrets=MemorySecrets()) as workspace,
        workspace.change("Rewrite") as unit,
    ):
        text = schema.audit_text
        unit.session.execute(update(text).where(text.c.seq == 3).values(text="somebody else"))
    arguments = ["verify-audit", "--project", "SALTMARK", "--data", str(tmp_path / "data")]
    assert cli.main(arguments) == 1
    assert "step 3 (received): what it says is not what was written" in capsys.readouterr().out
    assert cli.main([*arguments, "--json"]) == 1
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["chains"][0]["broken"]["fault"] == "text"


def assert_accepted_by_day(data: Path) -> None:
    """The sample's minutes are accepted the morning after their window, and bind from then on."""
    with Workspace.open(data, secrets=MemorySecrets()) as workspace, workspace.read() as session:
        meetings = {each.id: each for each in session.scalars(select(Meeting))}
        accepted = {
            each.meeting_id: each
            for each in session.scalars(select(Minutes))
            if each.state is MinutesState.ACCEPTED
        }
        bound = [
            (decision, decision.meeting_id)
            for decision in session.scalars(select(Decision))
            if decision.meeting_id in accepted
        ]
        assert bound
        for decision, meeting in bound:
            assert meeting is not None
            minutes = accepted[meeting]
            zone = zone_of(meetings[meeting].zone)
            until, since = (
                at.astimezone(zone) for at in (minutes.objections_until, decision.binding_at)
            )
            assert (until.hour, until.minute) == (23, 59)
            assert (since.date() - until.date()).days == 1
            assert since.hour == 8


@pytest.mark.full
def test_who_writes_the_minutes_is_named_and_listed(run: Run) -> None:
    board = meeting(run, "Executive Board 2")
    before = run("minutes", "writers", board)
    with_role = {row["name"] for row in before if row["role"] in {"chair", "cohost"}}
    name = next(
        row["name"]
        for row in run("minutes", "circulate", board, "--dry-run")["readers"]
        if row["why"] in {"representative", "invited"} and row["name"] not in with_role
    )
    found = run("minutes", "writers", board, "--add", name)
    assert [row["name"] for row in found if row["named"]].count(name) == 1
    assert run("minutes", "writers", board, "--remove", name) == before
    refused = run("minutes", "writers", board, "--add", "Nobody", code=2)
    assert refused["code"] == "no_such_invitee"
