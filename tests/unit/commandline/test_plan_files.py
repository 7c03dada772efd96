"""Work plans in and out by command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from projectdesk import cli

OF = ("--project", "SALTMARK")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with the sample project; what is imported here changes little of it."""
    folder = tmp_path_factory.mktemp("data")
    assert cli.main(["sample", "--data", str(folder)]) == 0
    return folder


@pytest.fixture
def run(data: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command on the data folder; returns code and JSON."""

    def command(*words: str | Path) -> tuple[int, Any]:
        code = cli.main([*map(str, words), "--json", "--data", str(data)])
        told = capsys.readouterr()
        return code, json.loads(told.out or told.err)

    return command


@pytest.mark.full
@pytest.mark.parametrize("name", ["plan.xml", "plan.gan", "plan.xlsx"])
def test_a_plan_goes_out_and_comes_back_unchanged(run: Any, tmp_path: Path, name: str):
    out = tmp_path / name
    code, written = run("export", "plan", "SALTMARK", "--out", out)
    assert (code, written["file"]) == (0, str(out))
    lost = {warning["code"] for warning in written["warnings"]}
    assert ("no_deliverable_fields" in lost) == (name != "plan.xlsx")
    # The name says nothing: the format is known by what is in the file.
    other = out.rename(tmp_path / "unknown")
    code, report = run("import", other, *OF)
    assert (code, report["added"], report["updated"]) == (0, 0, 0)
    assert report["unchanged"] > 70


@pytest.mark.full
def test_one_table_and_all_tables_as_csv(run: Any, tmp_path: Path):
    code, _ = run("export", "plan", *OF, "--table", "tasks", "--out", tmp_path / "t.csv")
    assert code == 0
    code, report = run("import", tmp_path / "t.csv", *OF)
    assert (code, report["unchanged"]) == (0, 26)
    code, refused = run("export", "plan", *OF, "--out", tmp_path / "all.csv")
    assert (code, refused["error"]["code"]) == (2, "one_table_a_file")
    assert run("export", "plan", *OF, "--format", "csv", "--out", tmp_path / "all")[0] == 0
    assert (tmp_path / "all" / "milestones.csv").exists()


@pytest.mark.full
def test_the_tables_of_an_application(run: Any, tmp_path: Path):
    for form in ("docx", "xlsx", "pdf"):
        out = tmp_path / f"tables.{form}"
        assert run("export", "application-tables", "SALTMARK", "--out", out)[0] == 0
        assert out.stat().st_size > 5000
    code, refused = run("export", "application-tables", *OF, "--out", tmp_path / "t.odt")
    assert (code, refused["error"]["code"]) == (2, "unknown_format")


@pytest.mark.full
def test_what_is_missing_or_wrong_is_said(run: Any, tmp_path: Path):
    file = tmp_path / "plan.gan"
    file.write_text("<project><tasks/></project>", encoding="utf-8")
    for words, code in (
        (("import", file), "plan_needs_project"),
        (("import", file, *OF), "no_tasks"),
        (("import", file, file, *OF), "one_plan_file"),
        (("import", file, *OF, "--format", "mspdi"), "not_mspdi"),
        (("import", file, *OF, "--format", "cordis-deliverables"), "columns_missing"),
        (("import", tmp_path / "absent.xml", *OF), "file_not_found"),
        (("export", "plan", *OF, "--out", tmp_path / "p.odt"), "unknown_plan_format"),
        (("export", "plan", *OF, "--format", "mpp", "--out", "p"), "unknown_plan_format"),
    ):
        exit_code, refused = run(*words)
        assert (exit_code, refused["error"]["code"]) == (2, code)


def test_published_deliverables_are_known_by_their_columns(run: Any, tmp_path: Path):
    file = tmp_path / "projectDeliverables.csv"
    file.write_text(
        "id;title;deliverableType;projectID\n1;D1.1 Project handbook;R;SAMPLE-2026-01\n",
        encoding="utf-8",
    )
    code, report = run("import", file, *OF, "--dry-run")
    assert (code, report["added"], report["updated"] + report["unchanged"]) == (0, 0, 1)
    code, report = run("import", file, *OF, "--format", "cordis-deliverables")
    assert code == 0


@pytest.mark.parametrize(
    ("words", "what", "option"),
    [
        (("plan", "SALTMARK", "--out", "p.xml"), "a work plan of Microsoft Project", "--project"),
        (("plan", "SALTMARK", "--out", "p.xlsx"), "a workbook with tables of a", "--project"),
        (("plan", *OF, "--table", "effort", "--out", "p.csv"), "(effort)", "--project"),
        (("people", "SALTMARK", "--out", "p.csv"), "a list of people", "--people"),
        (("people", "SALTMARK", "--out", "p.xlsx"), "a list of people", "--people"),
    ],
)
def test_a_file_without_its_option_is_recognised(
    run: Any, tmp_path: Path, words: tuple[str, ...], what: str, option: str
):
    *others, name = words
    assert run("export", *others, tmp_path / name)[0] == 0
    code, refused = run("import", tmp_path / name)
    assert code == 2
    assert refused["error"]["text"].startswith(f"{name} is ")
    assert what in refused["error"]["text"]
    assert f"add {option}" in refused["error"]["text"]


def test_another_file_is_still_refused_as_what_it_is(run: Any, tmp_path: Path):
    (tmp_path / "a.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "a.csv").write_text("one,two\n1,2\n", encoding="utf-8")
    assert run("import", tmp_path / "a.svg")[1]["error"]["code"] == "not_a_project"
    assert run("import", tmp_path / "a.csv")[1]["error"]["code"] == "not_cordis"


def test_counts_are_in_words(data: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    file = tmp_path / "org.vcf"
    file.write_text("BEGIN:VCARD\nVERSION:4.0\nKIND:org\nFN:Harbour\nEND:VCARD\n", "utf-8")
    assert cli.main(["import", str(file), "--dry-run", "--data", str(data)]) == 0
    told = capsys.readouterr()
    assert "An organisation, not a person: left out." in told.err
    assert told.out.endswith(" 1 warning.\n")
