"""`projectdesk action ...`, `actions ...` and `list actions` on the sample."""

from __future__ import annotations

import csv
import email
import io
from email import policy
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands
from projectdesk.services.workspace import Workspace
from tests.unit.commandline.test_reporting import Run
from tests.unit.commandline.test_reporting import run as run
from tests.unit.commandline.test_reporting import sample_data as sample_data

OF = ("--project", "SALTMARK")
SERVER = ("--public-url", "https://meet.example.org")


def labels(run: Run, *filters: str) -> list[str]:
    return [row["label"] for row in run("list", "actions", *OF, *filters)]


def one(found: Any) -> dict[str, Any]:
    (only,) = found
    return dict(only)


@pytest.mark.full
def test_an_action_from_the_list_to_its_end(run: Run, tmp_path: Path) -> None:
    everything = labels(run)
    open_ = labels(run, "--state", "open")
    late = run("list", "actions", *OF, "--late")
    assert set(open_) < set(everything)
    assert all(row["days_late"] > 0 and row["status"] == "open" for row in late)
    first = next(r for r in run("list", "actions", *OF, "--state", "open") if r["person"])
    label, person = first["label"], first["person"]
    assert label in labels(run, "--person", person)
    assert "desk" not in first

    told = one(run("action", "comment", label, "We wait for the port.", *OF))
    assert [note["text"] for note in told["notes"]][-1] == "We wait for the port."
    later = one(run("action", "postpone", label, "--to", "2029-05-04", *OF))["action"]
    assert (later["due_on"], later["first_due_on"]) == ("2029-05-04", first["due_on"])
    assert run("action", "postpone", label, "--to", "soon", *OF, code=2)["code"] == "bad_day"
    assert one(run("action", "done", label, *OF))["action"]["status"] == "done"
    assert run("action", "postpone", label, "--to", "2029-06-04", *OF, code=2)["code"] == "not_open"
    assert one(run("action", "reopen", label, *OF))["action"]["status"] == "open"
    link = one(run("action", "link", label, *OF, *SERVER))
    assert link["url"].startswith("https://meet.example.org/d/")
    assert one(run("action", "link", label, *OF, *SERVER, "--renew"))["url"] != link["url"]
    partner = one(run("action", "assign", label, "--to", "kiw", *OF))["action"]
    assert (partner["owner_person_id"], partner["owner"]) == (None, "KIW")
    assert label in labels(run, "--partner", "KIW")
    assert run("action", "assign", label, "--to", "Nemo", *OF, code=2)["code"] == "no_such_person"
    nobody = one(run("action", "assign", label, "--to", "nobody", *OF))["action"]
    assert nobody["owner_person_id"] is None
    assert label in labels(run, "--without-owner")
    assert run("action", "link", label, *OF, *SERVER, code=2)["code"] == "nobody_does_it"
    dropped = one(run("action", "drop", label, "--reason", "Not needed.", *OF))
    assert dropped["action"]["status"] == "dropped"
    assert run("action", "show", "A999", *OF, code=2)["code"] == "no_such_action"


@pytest.mark.full
def test_mail_of_actions_to_files(run: Run, tmp_path: Path) -> None:
    refused = run("actions", "digest", *OF, "--out", str(tmp_path / "mails"), code=2)
    assert refused["code"] == "mail_no_sender", "nobody said who they are"
    with Workspace.open(tmp_path / "data", secrets=MemorySecrets()) as workspace:
        me = {"given_name": "Ida", "family_name": "Holm", "email": "ida@example.org"}
        commands.set_me(workspace, me)
    people = run("actions", "digest", *OF)
    files = run("actions", "digest", *OF, *SERVER, "--out", str(tmp_path / "mails"))
    assert len(files) == len(people) > 1
    message = email.message_from_bytes(Path(files[0]).read_bytes(), policy=policy.default)
    assert message["X-Unsent"] == "1"
    body = message.get_body(("plain",))
    assert body is not None
    assert "https://meet.example.org/d/" in body.get_content()

    assert run("actions", "remind")["reminders"] == 0
    shown = run("actions", "follow-up", "--on", "SALTMARK", "--weekday", "never", "--escalate", "3")
    assert list(shown["projects"]) == ["SALTMARK"]
    assert (shown["weekday"], shown["escalate_after"]) == (None, 3)
    wrong = run("actions", "follow-up", "--escalate", "soon", code=2)
    assert wrong["code"] == "bad_days"
    run("actions", "follow-up", "--weekday", "monday")


@pytest.mark.full
@pytest.mark.parametrize("suffix", ["csv", "ics", "txt"])
def test_actions_are_written_to_a_file(run: Run, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out.{suffix}"
    code = 2 if suffix == "txt" else 0
    told = run("actions", "export", *OF, "--state", "open", "--out", str(path), code=code)
    rows = run("list", "actions", *OF, "--state", "open")
    match suffix:
        case "csv":
            read = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
            assert [(r["label"], r["due_on"]) for r in read] == [
                (r["label"], r["due_on"] or "") for r in rows
            ]
        case "ics":
            todos = list(Calendar.from_ical(path.read_bytes()).walk("VTODO"))
            assert len(todos) == len(rows)
            assert {str(todo["status"]) for todo in todos} == {"NEEDS-ACTION"}
        case _:
            assert told["code"] == "bad_format"
            assert not path.exists()
