"""`projectdesk late ...`: reminders of a work plan, as a script sends them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from projectdesk.cli import main
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace

OF = ("--project", "AQUA")


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command on a project whose D1.1 is late, and whose D1.2 is due far ahead."""
    folder = tmp_path / "data"
    with Workspace.open(folder, secrets=MemorySecrets()) as workspace:

        def add(kind: Kind, **values: object) -> Any:
            return commands.create(workspace, kind, values)[0]

        commands.set_me(workspace, {"family_name": "Maya", "email": "maya@udr.eu"})
        project = add(
            Kind.PROJECT, acronym="AQUA", start_date=date(2020, 1, 1), duration_months=300
        )
        new = commands.NewPartner({"legal_name": "University UDR", "country": "AT"})
        partner, _ = commands.join_consortium(workspace, project, new)
        person = add(Kind.PERSON, family_name="Ana", email="ana@udr.eu")
        add(Kind.MEMBERSHIP, project_id=project, person_id=person, partner_id=partner)
        package = add(
            Kind.WORK_PACKAGE,
            project_id=project,
            title="Pilots",
            lead_partner_id=partner,
            end_month=300,
        )
        for month in (1, 300):
            add(Kind.DELIVERABLE, work_package_id=package, title="Report", due_month=month)

    def command(*words: object) -> tuple[int, Any]:
        code = main([*map(str, words), "--json", "--data", str(folder)])
        told = capsys.readouterr()
        return code, json.loads(told.out or told.err)

    return command


@pytest.mark.full
def test_who_answers_for_what_is_late_is_mailed(run: Any, tmp_path: Path) -> None:
    code, told = run("late", "remind", *OF, "--dry-run")
    assert (code, told["sent"], told["mails"]) == (0, False, 0)
    assert [(row["label"], row["email"]) for row in told["reminders"]] == [("D1.1", "ana@udr.eu")]
    code, told = run("late", "remind", *OF)
    assert (code, told["error"]["code"]) == (2, "no_mail_account")
    code, told = run("late", "remind", "d1.2", "D1.1", *OF, "--out", tmp_path / "mails")
    assert (code, told["mails"]) == (0, 1)
    (file,) = (tmp_path / "mails").iterdir()
    assert b"reminder of D1.1, D1.2" in file.read_bytes()
    for words, refused in (
        (("D9.9", *OF), "nothing_awaited"),
        ((), "project_needed"),
        (("D1.1", "--due"), "due_or_labels"),
    ):
        assert run("late", "remind", *words)[1]["error"]["code"] == refused


@pytest.mark.full
def test_when_reminders_go_out_is_shown_and_set(run: Any) -> None:
    assert run("late", "reminders")[1] == {"before": [14, 3], "after": [1, 7, 21], "projects": {}}
    code, told = run("late", "reminders", "--on", "AQUA", "--before", "7", "--after")
    assert (code, told["before"], told["after"], list(told["projects"])) == (0, [7], [], ["AQUA"])
    assert run("late", "remind", "--due")[1] == {"sent": True, "mails": 0, "reminders": []}
    code, told = run("late", "reminders", "--before", "365")
    assert (code, told["error"]["code"]) == (2, "bad_days")
    assert run("late", "reminders", "--off", "AQUA")[1]["projects"] == {}
