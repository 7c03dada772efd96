"""`projectdesk search` and the directory, as scripts call them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from projectdesk import cli
from tests.unit.exchange.exports import ORGANISATION, csv_file


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    def run(*words: object) -> Any:
        capsys.readouterr()
        code = cli.main([*map(str, words), "--json", "--data", str(tmp_path / "data")])
        out, error = capsys.readouterr()
        return json.loads(out) if code == 0 else json.loads(error)["error"]["code"]

    return run


@pytest.mark.full
def test_a_search_says_what_where_and_why(run: Callable[..., Any]) -> None:
    run("sample")
    hits = run("search", "harbour", "--project", "SALTMARK", "--limit", 5)
    assert len(hits) == 5
    assert {hit["project"] for hit in hits} <= {"SALTMARK", ""}
    assert run("search", "D1.1")[0]["title"].startswith("D1.1 ")
    people = run("search", "a", "--kind", "person")
    assert people
    assert {hit["kind"] for hit in people} == {"person"}
    assert run("search", "a", "--kind", "nothing") == "unknown_kind"
    assert run("search", "a", "--project", "NOWHERE") == "no_such_project"


def test_a_search_without_a_hit_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["search", "qqzz"], ["list", "directory", "--search", "qqzz"]):
        assert cli.main([*words, "--data", str(tmp_path)]) == 0
        assert capsys.readouterr().out == "Nothing found.\n"
        assert cli.main([*words, "--json", "--data", str(tmp_path)]) == 0
        assert json.loads(capsys.readouterr().out) == []


@pytest.mark.full
def test_a_limit_holds_for_every_list(run: Callable[..., Any]) -> None:
    run("sample")
    assert len(run("list", "people", "--limit", 3)) == 3
    assert len(run("list", "tasks")) > 3
    assert run("list", "people", "--limit", 0) == "bad_limit"
    assert run("list", "directory", "--limit", -1) == "bad_limit"


@pytest.mark.full
def test_the_directory_is_filled_and_listed(run: Callable[..., Any], tmp_path: Path) -> None:
    rows = [
        {"organisationID": "900000001", "name": "Universidade de Évora", "country": "PT"},
        {"organisationID": "900000002", "name": "Uniwersytet w Łodzi", "country": "PL"},
    ]
    path = csv_file(tmp_path / "o.csv", ORGANISATION, rows)
    assert run("import", "directory", path, "--dry-run")["added"] == 2
    assert run("list", "directory") == []
    assert run("import", "directory", path)["added"] == 2
    assert [row["pic"] for row in run("list", "directory", "--search", "evora")] == ["900000001"]
    assert [row["pic"] for row in run("list", "directory", "--country", "PL")] == ["900000002"]
    assert len(run("list", "directory", "--limit", 1)) == 1
    assert run("import", "directory") == "no_file"


@pytest.mark.full
def test_doubles_are_listed_and_merged(run: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("Name,E-mail,Phone\nIda Holm,a@x.example,1\nIda Holm,b@x.example,2\n")
    run("import", "--people", file)
    [pair] = run("list", "duplicates")
    assert (pair["kind"], pair["likeness"]) == ("person", "name")
    ids = pair["first_id"], pair["second_id"]
    assert run("merge", "person", *ids, "--take", "colour") == "no_such_pair"
    assert run("merge", "person", "x", "y") == "no_id"
    run("merge", "person", *ids, "--take", "phone")
    assert run("list", "duplicates") == []
    [person] = run("list", "people")
    assert (person["email"], person["phone"]) == ("a@x.example", "2")
