"""`projectdesk decision`, `procedure` and `compile` on the sample."""

from __future__ import annotations

import email
from datetime import UTC, datetime
from email import policy
from pathlib import Path
from typing import Any

import pytest

from projectdesk import cli
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands
from projectdesk.services.workspace import Workspace
from tests.unit.commandline.test_reporting import Run
from tests.unit.commandline.test_reporting import run as run
from tests.unit.commandline.test_reporting import sample_data as sample_data

SERVER = ("--public-url", "https://meet.example.org")
QUESTION = "The kick-off of the second phase is in Cork."


def make(run: Run, *more: str, code: int = 0) -> Any:
    return run(
        "procedure", "create", "--project", "SALTMARK", "--body", "General Assembly",
        "--question", QUESTION, "--zone", "Europe/Lisbon", *more, code=code,
    )  # fmt: skip


@pytest.mark.full
def test_the_register_and_one_decision_in_it(run: Run) -> None:
    rows = run("list", "decisions")
    assert {row["label"] for row in rows} >= {"SALTMARK-D1", "SALTMARK-D6"}
    assert next(row for row in rows if row["label"] == "SALTMARK-D1")["standing"] == "binding"
    found = run("decision", "find", "sensors", "--project", "SALTMARK")
    assert "SALTMARK-D7" in {row["label"] for row in found}
    shown = run("decision", "show", "D6")
    assert shown["decision"]["words"].startswith("carried: 11 of 11 votes cast")
    assert len(shown["vote"]["seats"]) == 12
    assert shown["actions"], "an action follows it up"
    assert run("decision", "show", "D99", code=2)["code"] == "no_such_decision"


@pytest.mark.full
def test_a_decision_is_vetoed_answered_followed_up_and_replaced(run: Run) -> None:
    vetoed = run("decision", "veto", "D7", "--partner", "KIW", "--reason", "It halves our travel.")
    assert vetoed["decision"]["standing"] == "vetoed"
    answer = ("decision", "answer-veto", "D7", "--partner", "kiw", "--state", "not_admitted")
    assert run(*answer, code=2)["code"] == "required"
    answered = run(*answer, "--answer", "Travel of KIW is not touched.")
    assert answered["decision"]["standing"] == "minutes_open"
    followed = run("decision", "follow-up", "D7", "--text", "Change the budget table",
                   "--partner", "UMV", "--due", "2026-12-01")  # fmt: skip
    assert followed["actions"][-1]["text"] == "Change the budget table"
    later = run("decision", "replace", "D7", "--text", "40,000 euro move.")
    assert later["decision"]["replaces"] == ["SALTMARK-D7"]
    assert run("decision", "replace", "D7", "--text", "No.", code=2)["code"] == "already_replaced"
    assert run("decision", "reinstate", "D7")["decision"]["replaced_by"] == ""
    assert run("decision", "veto", "D1", "--partner", "KIW", "--reason", "No", code=2)[
        "code"
    ] == "decision_binds"  # fmt: skip


@pytest.mark.full
def test_a_written_procedure_from_the_draft_to_the_veto_window(run: Run, tmp_path: Path) -> None:
    early = make(run, "--deadline", "2020-01-01", code=2)
    assert early["code"] == "deadline_too_soon"
    assert make(run, "--secret", code=2)["code"] == "secret_procedure"
    made = make(run, "--deadline", "2099-03-10", "--remind-days", "3")
    label = f"SALTMARK-{made['procedure']['label']}"
    assert made["procedure"]["stage"] == "draft"
    assert run("procedure", "links", label, *SERVER, code=2)["code"] == "not_asked"
    opened = run("procedure", "open", label)
    assert (opened["procedure"]["needed"], opened["procedure"]["whole"]) == (7, 12)
    links = run("procedure", "links", label, *SERVER)
    assert len({link["url"] for link in links}) == 12
    with Workspace.open(tmp_path / "data", secrets=MemorySecrets()) as workspace:
        me = {"given_name": "Ida", "family_name": "Holm", "email": "ida@example.org"}
        commands.set_me(workspace, me)
    here = ("--public-url", "http://localhost:8080", "--out", str(tmp_path / "here"))
    assert run("procedure", "ask", label, *here, code=2)["code"] == "link_not_public"
    assert not (tmp_path / "here").exists()
    assert run("procedure", "status", label)["seats"][0]["sent_at"] is None
    files = run("procedure", "ask", label, *SERVER, "--out", str(tmp_path / "mails"))
    assert len(files) == 12
    message = email.message_from_bytes(Path(files[0]).read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    assert QUESTION in body.get_content()
    assert run("procedure", "close", label, code=2)["code"] == "procedure_runs"
    for link in links:
        choice = "against" if link["partner"] == "BCSI" else "for"
        run("procedure", "vote", label, "--member", link["partner"], choice)
    renewed = run("procedure", "link", label, "--member", "UMV", "--renew")
    assert not renewed["seats"][0]["revoked"]
    closed = run("procedure", "close", label)["procedure"]
    assert (closed["stage"], closed["counts"]) == ("result", [11, 1, 0])
    told = run("procedure", "notice", label, "--told")["procedure"]
    assert told["stage"] == "veto"
    assert datetime.fromisoformat(told["veto_until"]) > datetime.now(UTC)
    assert run("decision", "show", f"SALTMARK-{told['decision']}")["decision"]["text"] == QUESTION
    assert run("procedure", "settle") == {"closed": [], "bound": []}


@pytest.mark.full
def test_a_draft_gets_its_deadline_before_it_is_opened(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*words: str) -> tuple[str, str]:
        assert cli.main([*words, "--data", str(tmp_path / "data")]) == 0
        found = capsys.readouterr()
        return found.out, found.err

    label = f"SALTMARK-{make(run)['procedure']['label']}"
    out, _ = said("procedure", "status", label)
    assert "draft; no deadline yet" in out
    assert f"projectdesk procedure change {label} --deadline DAY" in out
    assert "7 of 12 members would carry it (51\N{NO-BREAK SPACE}%)" in out
    assert run("procedure", "open", label, code=2)["code"] == "deadline_needed"
    out, told = said(
        "procedure", "change", label, "--deadline", "2099-03-29T01:30", "--text", "As agreed."
    )
    assert "draft; until 2099-03-29 02:30 Europe/Lisbon" in out
    assert "On 2099-03-29 the clocks of Europe/Lisbon skip 01:30: it becomes 02:30." in told
    changed = run("procedure", "change", label, "--remind-days", "3", "1")["procedure"]
    assert (changed["reminder_days"], changed["description"]) == ([3, 1], "As agreed.")
    other = ("procedure", "change", label, "--zone", "Europe/Warsaw")
    assert run(*other, code=2)["code"] == "deadline_needed"
    assert run("procedure", "open", label)["procedure"]["stage"] == "voting"
    assert run("procedure", "change", label, "--text", "x", code=2)["code"] == "procedure_sent"
    out, _ = said("procedure", "list")
    assert "members vote" in out
    assert "2099-03-29 02:30 Europe/Lisbon" in out


def closed_procedure(run: Run) -> str:
    rows = run("procedure", "list")
    return next(f"SALTMARK-{row['label']}" for row in rows if row["state"] == "closed")


def test_the_trail_of_a_procedure_is_printed_step_by_step(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    label = closed_procedure(run)
    steps = run("procedure", "trail", label)
    assert [step["seq"] for step in steps] == list(range(1, len(steps) + 1))
    assert steps[0]["step"] == "opened"
    assert {"voted", "counted", "result_told"} <= {step["step"] for step in steps}
    cli.main(["procedure", "trail", label, "--data", str(tmp_path / "data")])
    out = capsys.readouterr().out
    assert "result_told" not in out, "steps are told in words"
    for step in steps:
        assert step["hash"][:16] in out
    assert run("procedure", "trail", "SALTMARK-V99", code=2)["code"] == "no_such_procedure"


@pytest.mark.full
def test_the_trail_of_a_procedure_is_written_to_files(run: Run, tmp_path: Path) -> None:
    label = closed_procedure(run)
    steps = run("procedure", "trail", label)
    for form in ("csv", "json", "md", "html", "docx", "pdf"):
        out = tmp_path / f"trail.{form}"
        told = run("procedure", "trail", label, "--out", str(out), "--language", "de")
        assert told == {"file": str(out), "steps": len(steps)}
        assert out.stat().st_size > 1000
    assert steps[-1]["hash"] in (tmp_path / "trail.md").read_text("utf-8")
    rows = (tmp_path / "trail.csv").read_text("utf-8-sig").splitlines()
    assert len(rows) > len(steps)
    refused = run("procedure", "trail", label, "--out", str(tmp_path / "trail.xlsx"), code=2)
    assert refused["code"] == "unknown_format"
    assert not (tmp_path / "trail.xlsx").exists()
    refused = run("procedure", "trail", label, "--out", str(tmp_path / "t.md"), "--language", "xx",
                  code=2)  # fmt: skip
    assert refused["code"] == "unknown_language"


@pytest.mark.full
def test_tables_of_decisions_have_words_and_the_time_of_their_meeting(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decision = next(r for r in run("list", "decisions") if r["standing"] == "minutes_open")
    cli.main(["list", "decisions", "--data", str(tmp_path / "data")])
    out = capsys.readouterr().out
    assert "minutes not accepted yet" in out
    assert "minutes_open" not in out
    assert "+00:00" not in out
    assert "Europe/Lisbon" in out
    cli.main(["decision", "show", decision["label"], "--data", str(tmp_path / "data")])
    assert "; minutes not accepted yet" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["md", pytest.param("html", marks=pytest.mark.full),
                                  pytest.param("docx", marks=pytest.mark.full),
                                  pytest.param("pdf", marks=pytest.mark.full)])  # fmt: skip
def test_minutes_of_a_period_in_one_document(run: Run, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"all.{form}"
    period = ("--project", "SALTMARK", "--from", "2026-06-01", "--to", "2026-10-31")
    run("compile", "minutes", *period, "--format", form, "--out", str(out))
    assert out.stat().st_size > 1000
    if form == "md":
        text = out.read_text()
        assert text.index("Executive Board 1") < text.index("General Assembly 1")
        assert "SALTMARK kick-off, 2026" not in text, "it was before"


@pytest.mark.full
def test_registers_of_a_period(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "decisions.csv"
    period = ("--project", "SALTMARK", "--from", "2026-09-01", "--to", "2026-09-30")
    run("compile", "decisions", *period, "--format", "csv", "--out", str(out))
    assert len(out.read_text().splitlines()) == 4, "a header and three decisions"
    nothing = run("compile", "minutes", "--project", "SALTMARK", "--to", "2020-01-01", code=2)
    assert nothing["code"] == "nothing_to_compile"
    backwards = ("--from", "2026-09-30", "--to", "2026-09-01")
    refused = run("compile", "actions", "--project", "SALTMARK", *backwards, code=2)
    assert refused["code"] == "period_backwards"
