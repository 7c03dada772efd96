"""`projectdesk poll` on the sample, from making a poll to its meeting."""

from __future__ import annotations

import email
from email import policy
from pathlib import Path
from typing import Any

import pytest

from projectdesk import cli
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, mail_accounts, queries
from projectdesk.services.workspace import Workspace
from tests.unit.commandline.test_reporting import Run
from tests.unit.commandline.test_reporting import run as run
from tests.unit.commandline.test_reporting import sample_data as sample_data

DATES = ["2099-03-24T10:00", "2099-03-26T14:00"]
SERVER = ("--public-url", "https://meet.example.org")


def make(run: Run, *more: str, code: int = 0) -> Any:
    dates = [word for each in DATES for word in ("--date", each)]
    return run(
        "poll", "create", "--project", "SALTMARK", "--title", "WP2 call", "--zone",
        "Europe/Lisbon", *dates, *more, code=code,
    )  # fmt: skip


@pytest.mark.full
def test_a_poll_from_its_dates_to_the_meeting(run: Run, tmp_path: Path) -> None:
    made = make(
        run, "--to", "wp2", "--deadline", "2099-03-10", "--remind-days", "2", "7", "--minutes", "90"
    )
    poll = made["poll"]
    assert (poll["state"], poll["dates"], poll["reminder_days"]) == ("draft", 2, [7, 2])
    assert poll["deadline"] == "2099-03-10T23:59:59+00:00"
    assert [date["starts_at"] for date in made["dates"]] == [
        "2099-03-24T10:00:00+00:00", "2099-03-26T14:00:00+00:00"
    ]  # fmt: skip
    voters = [voter["email"] for voter in made["voters"]]
    assert len(voters) > 1
    assert all(voter["required"] and voter["missing"] for voter in made["voters"])
    assert run("poll", "links", "WP2 call", *SERVER, code=2)["code"] == "not_asked"

    run("poll", "open", "WP2 call")
    assert [row["state"] for row in run("poll", "list", "--project", "SALTMARK")] == ["open"]
    links = run("poll", "links", "wp2 call", *SERVER)
    assert len({link["url"] for link in links}) == len(voters)
    refused = run("poll", "ask", "WP2 call", *SERVER, "--out", str(tmp_path), code=2)
    assert refused["code"] == "mail_no_sender", "nobody said who they are"
    with Workspace.open(tmp_path / "data", secrets=MemorySecrets()) as workspace:
        me = {"given_name": "Ida", "family_name": "Holm", "email": "ida@example.org"}
        commands.set_me(workspace, me)
    here = ("--public-url", "http://localhost:8080", "--out", str(tmp_path / "here"))
    assert run("poll", "ask", "WP2 call", *here, code=2)["code"] == "link_not_public"
    assert not (tmp_path / "here").exists()
    files = run("poll", "ask", "WP2 call", *SERVER, "--out", str(tmp_path / "mails"))
    message = email.message_from_bytes(Path(files[0]).read_bytes(), policy=policy.default)
    assert message["X-Unsent"] == "1"
    body = message.get_body(("plain",))
    assert body is not None
    assert "[   ] 2  " in body.get_content()
    assert run("poll", "ask", "WP2 call", *SERVER, code=2)["code"] == "no_mail_account"

    run("poll", "answer", "WP2 call", "--voter", voters[0], "1=no", "2=yes", "--comment", "-")
    answered = run("poll", "answer", "WP2 call", "--voter", voters[1], "1=no", "2=maybe")
    said = {voter["email"]: voter["choices"] for voter in answered["voters"]}
    assert said[voters[1]] == {"1": "no", "2": "if_need_be"}
    assert [date["best"] for date in answered["dates"]] == [False, True]
    missing = run("poll", "remind", "WP2 call", *SERVER)
    assert len(missing) == len(voters) - 2

    closed = run("poll", "close", "WP2 call")
    assert closed["poll"]["state"] == "decided"
    assert closed["dates"][1]["chosen"]
    meetings = run("list", "meetings", "--project", "SALTMARK")
    made_meeting = next(row for row in meetings if row["id"] == closed["poll"]["meeting_id"])
    assert (made_meeting["title"], made_meeting["local_start"]) == (
        "WP2 call", "2099-03-26T14:00:00"
    )  # fmt: skip
    assert run("poll", "cancel", "WP2 call", code=2)["code"] == "poll_is_closed"


@pytest.mark.full
def test_what_is_typed_wrong_is_told_and_makes_nothing(run: Run) -> None:
    assert make(run, "--date", "next week", code=2)["code"] == "bad_time"
    assert make(run, "--to", "nobody", code=2)["code"] == "no_such_list"
    stranger = make(run, "--optional", "evil@evil.example", code=2)
    assert stranger["code"] == "no_such_address"
    assert make(run, "--deadline", "soon", code=2)["code"] == "bad_time"
    assert make(run, "--type", "party", code=2)["code"] == "bad_type"
    assert make(run, "--body", "Club", code=2)["code"] == "no_such_body"
    assert run("poll", "list") == []
    assert run("poll", "show", "nothing", code=2)["code"] == "no_such_poll"
    make(run, "--to", "wp2")
    assert run("poll", "close", "WP2 call", code=2)["code"] == "no_best_date"
    voter = run("poll", "show", "WP2 call")["voters"][0]["email"]
    wrong = run("poll", "answer", "WP2 call", "--voter", voter, "3=yes", code=2)
    assert wrong["code"] == "bad_choice"


@pytest.mark.full
def test_a_second_question_goes_to_those_who_were_added_since(run: Run, tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "data", secrets=MemorySecrets()) as workspace:
        server = MailServer(host="mail.example.org", port=587)
        account = MailAccount(address="ida@example.org", name="Ida Holm", smtp=server)
        mail_accounts.save(workspace.data, account)
    made = make(run, "--to", "wp2")
    first = len(made["voters"])
    run("poll", "open", "WP2 call")
    ask = ("poll", "ask", "WP2 call")
    local = run(*ask, "--public-url", "http://127.0.0.1:8080", code=2)
    assert local["code"] == "link_not_public"
    assert run(*ask, *SERVER) == {"queued": first, "asked_already": 0}
    assert run(*ask, *SERVER, code=2)["code"] == "asked_already"
    out = ("--out", str(tmp_path / "mails"))
    assert run(*ask, *SERVER, *out, code=2)["code"] == "asked_already"
    assert len(run(*ask, *SERVER, *out, "--again")) == first
    with Workspace.open(tmp_path / "data", secrets=MemorySecrets()) as workspace:
        poll = queries.date_poll_named(workspace, "WP2 call")
        present = {voter.person_id for voter in poll.voters}
        added = next(
            row
            for row in queries.people(workspace, poll.poll.project_id)
            if row.id not in present and row.email
        )
        everybody = {voter.person_id: voter.required for voter in poll.voters}
        commands.set_voters(workspace, poll.poll.id, everybody | {added.id: True})
    run("poll", "open", "WP2 call")
    assert run(*ask, *SERVER) == {"queued": 1, "asked_already": first}
    assert run(*ask, *SERVER, "--again")["queued"] == first + 1


@pytest.mark.full
def test_tables_of_polls_have_words_and_the_time_of_their_zone(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(run, "--deadline", "2099-02-20T18:00")
    for words in (["list"], ["show", "WP2 call"]):
        assert cli.main(["poll", *words, "--data", str(tmp_path / "data")]) == 0
        out = capsys.readouterr().out
        assert "2099-02-20 18:00 Europe/Lisbon" in out
        assert "+00:00" not in out
        assert "no_date" not in out
