"""The commands on agendas and templates, as a script uses them."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import redirect_stdout
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from projectdesk import cli

OF = ("--project", "SALTMARK")
START = ("--start", "2027-06-07T09:00", "--zone", "Europe/Copenhagen")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample project, made once: each test works on a copy."""
    data = tmp_path_factory.mktemp("sample") / "data"
    with redirect_stdout(io.StringIO()):
        assert cli.main(["sample", "--data", str(data)]) == 0
    return data


@pytest.fixture
def run(sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command on a data folder with the sample project; returns code and JSON."""
    shutil.copytree(sample, tmp_path / "data")

    def command(*words: str) -> tuple[int, Any]:
        code = cli.main([*words, "--json", "--data", str(tmp_path / "data")])
        told = capsys.readouterr()
        return code, json.loads(told.out or told.err)

    return command


@pytest.fixture
def made(run: Any) -> Any:
    """An Executive Board of the sample."""
    return run("meeting", "create", "--template", "executive-board", *OF, *START)[1]


def test_a_meeting_is_made_from_a_template(run: Any):
    before = len(run("list", "meetings")[1])
    code, told = run("meeting", "create", "--template", "kick-off", *OF, *START, "--dry-run")
    assert (code, told["title"], len(run("list", "meetings")[1])) == (0, "Kick-off meeting", before)
    code, made = run("meeting", "create", "--template", "kick-off", *OF, *START)
    assert code == 0
    assert made["meeting"]["type"] == "kick_off"
    sections = {row["section"] for row in made["agenda"]}
    assert {"Opening", "Work packages", "How we work together", "Closing"} <= sections
    assert {row["kind"] for row in made["agenda"]} >= {"break", "decision", "discussion"}
    assert [row["title"] for row in made["agenda"]] == [row["title"] for row in told["agenda"]]
    code, refused = run("meeting", "create", "--template", "party", *OF, *START)
    assert (code, refused["error"]["code"]) == (2, "no_such_template")
    code, call = run(
        "meeting", "create", "--template", "work-package-call", "--work-package", "WP2", *OF, *START
    )
    assert {row["work_package"] for row in call["agenda"]} == {"WP2"}


def test_a_meeting_has_the_body_place_and_rules_that_are_said(run: Any):
    words = ("meeting", "create", "--template", "general-assembly", *OF, *START)
    code, made = run(*words, "--body", "executive board", "--place", "Room 2", "--extraordinary")
    assert code == 0
    told = made["meeting"]
    assert (told["body"], told["place"], told["extraordinary"]) == (
        "Executive Board",
        "Room 2",
        True,
    )
    code, refused = run(*words, "--body", "Chess club")
    assert (code, refused["error"]["code"]) == (2, "no_such_body")
    assert "General Assembly" in refused["error"]["text"]


def test_a_start_without_a_zone_is_where_the_coordinator_is(
    sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    data = ("--data", str(shutil.copytree(sample, tmp_path / "data")))
    words = ("meeting", "create", "--template", "kick-off", *OF, *START[:2], "--json", *data)
    assert cli.main([*words, "--dry-run"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["zone"] == "Europe/Lisbon"
    assert "Europe/Lisbon, the coordinator's zone; --zone says another." in told.err


def test_what_we_start_ourselves_is_in_no_list(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        cli.main(["notacommand"])
    told = capsys.readouterr().err
    assert "'meeting'" in told or "meeting," in told
    assert "recorder" not in told
    assert "sfu" not in told


@pytest.mark.full
def test_items_go_to_the_backlog_and_come_back(run: Any, made: Any):
    meeting, item = made["meeting"]["id"], made["agenda"][-1]
    assert run("agenda", "to-backlog", item["id"], "--reason", "too long")[0] == 0
    (waiting,) = run("list", "backlog", *OF)[1]
    assert (waiting["title"], waiting["reason"]) == (item["title"], "too long")
    assert waiting["body"]
    assert run("agenda", "from-backlog", waiting["id"], "--meeting", meeting)[0] == 0
    assert run("list", "backlog")[1] == []
    _, shown = run("agenda", "show", "--meeting", meeting)
    assert shown["agenda"][-1]["title"] == item["title"]
    moved = shown["agenda"][-1]["id"]
    assert run("agenda", "move", moved, "--to", "1", "--section", "First")[0] == 0
    assert run("agenda", "show", "--meeting", meeting)[1]["agenda"][0]["section"] == "First"


@pytest.mark.full
def test_days_are_set_and_what_is_too_long_is_said(run: Any, made: Any):
    meeting = made["meeting"]["id"]
    assert run("agenda", "days", "--meeting", meeting, "09:00-09:10", "09:00-12:00")[0] == 0
    shown = run("agenda", "show", "--meeting", meeting)[1]
    assert shown["days"][0]["over"] == shown["over"] > 0
    code, refused = run("agenda", "days", "--meeting", meeting, "9-17")
    assert (code, refused["error"]["code"]) == (2, "bad_day")


@pytest.mark.full
def test_what_the_last_board_left_is_offered(run: Any, made: Any):
    code, found = run("agenda", "carry-over", "--meeting", made["meeting"]["id"])
    assert code == 0
    assert {"last", "offers", "unknown"} == set(found)


@pytest.mark.full
def test_templates_are_saved_exported_taken_in_and_deleted(run: Any, made: Any, tmp_path: Path):
    ours = {row["key"] for row in run("template", "list")[1]}
    assert ours >= {"kick_off", "interim_review", "final_review", "general_assembly",
                    "executive_board", "work_package_call", "workshop", "ad_hoc"}  # fmt: skip
    assert run("template", "save", "Our board", "--meeting", made["meeting"]["id"])[0] == 0
    out = tmp_path / "board.toml"
    assert run("template", "export", "our board", "--out", str(out))[0] == 0
    assert run("template", "rename", "Our board", "Another")[0] == 0
    assert run("template", "import", str(out))[0] == 0
    names = [row["name"] for row in run("list", "templates")[1]]
    assert names[-2:] == ["Another", "Our board"]
    meeting = made["meeting"]["id"]
    assert run("template", "use", "Another", "--meeting", meeting)[0] == 0
    assert run("template", "delete", "Another")[0] == 0
    code, refused = run("template", "delete", "kick_off")
    assert (code, refused["error"]["code"]) == (2, "no_such_template")


@pytest.mark.full
def test_open_actions_of_an_own_template_stand_as_a_table_or_as_a_list(run: Any, tmp_path: Path):
    def form() -> Any:
        return next(row for row in run("template", "list")[1] if row["name"] == "Our board")

    file = tmp_path / "board.toml"
    assert run("template", "export", "executive-board", "--out", str(file))[0] == 0
    ours = file.read_text("utf-8").replace('title = "Executive Board"', 'title = "Our board"')
    file.write_text(ours.replace("# The", "# Ours: the", 1), "utf-8")
    assert run("template", "import", str(file))[0] == 0
    assert form()["tabled"] is True
    code, told = run("template", "actions", "Our board", "--as", "list")
    assert (code, form()["tabled"]) == (0, False), told
    run("template", "export", "Our board", "--out", str(file))
    text = file.read_text("utf-8")
    assert 'lists = ["open_actions"]' in text
    assert text.startswith("# Ours: the"), "comments stay"
    assert run("template", "actions", "our board", "--as", "table")[0] == 0
    assert form()["tabled"] is True
    code, refused = run("template", "actions", "executive_board", "--as", "table")
    assert (code, refused["error"]["code"]) == (2, "no_such_template")
    run("template", "export", "kick-off", "--out", str(file))
    run("template", "import", str(file))
    code, refused = run("template", "actions", "Kick-off meeting", "--as", "table")
    assert (code, refused["error"]["code"]) == (2, "no_open_actions")


@pytest.mark.full
def test_an_agenda_is_taken_out_of_a_file(run: Any, made: Any, tmp_path: Path):
    file = tmp_path / "agenda.md"
    file.write_text("## Part one\n- 09:00 Welcome (15 min)\n- Coffee (10 min)\n", "utf-8")
    meeting = made["meeting"]["id"]
    into = ("import", "agenda", str(file), "--meeting", meeting)
    assert [r["title"] for r in run(*into, "--dry-run")[1]["agenda"]] == ["Welcome", "Coffee"]
    assert len(run("agenda", "show", "--meeting", meeting)[1]["agenda"]) == len(made["agenda"])
    assert run(*into, "--replace")[0] == 0
    rows = run("agenda", "show", "--meeting", meeting)[1]["agenda"]
    assert [(row["title"], row["section"], row["kind"]) for row in rows] == [
        ("Welcome", "Part one", "information"),
        ("Coffee", "Part one", "break"),
    ]
    file.write_bytes(b"\xff\xfe")
    code, refused = run(*into)
    assert (code, refused["error"]["code"]) == (2, "not_text")
    code, refused = run("import", "agenda", str(file))
    assert (code, refused["error"]["code"]) == (2, "agenda_needs_meeting")


@pytest.mark.full
def test_the_agenda_is_written_as_mails(run: Any, made: Any, tmp_path: Path):
    meeting, out = made["meeting"]["id"], tmp_path / "mails"
    code, told = run("agenda", "send", "--meeting", meeting, "--out", str(out), "--dry-run")
    assert code == 0
    assert run("list", "meetings")[1][-1]["agenda_sent_at"] is None
    files = sorted(out.glob("*.eml"))
    assert len(files) == len(told["files"]) > 2
    mail = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert mail["X-Unsent"] == "1"
    assert "Agenda: Executive Board" in mail["Subject"]
    (pdf,) = list(mail.iter_attachments())
    assert (pdf.get_content_type(), pdf.get_content()[:5]) == ("application/pdf", b"%PDF-")
    text = mail.get_body(("plain",)).get_content()
    assert "Times are" in text
    assert "1. " in text
    run("agenda", "send", "--meeting", meeting, "--out", str(out))
    sent = next(row for row in run("list", "meetings")[1] if row["id"] == meeting)
    assert sent["agenda_sent_at"]
    code, refused = run("agenda", "send", "--meeting", meeting)
    assert (code, refused["error"]["code"]) == (2, "no_mail_account")
    again = ("agenda", "send", "--meeting", meeting, "--out", str(out))
    code, refused = run(*again)
    assert (code, refused["error"]["code"]) == (2, "agenda_sent")
    assert run(*again, "--again")[0] == 0
