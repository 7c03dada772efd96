"""`projectdesk reporting`, `list reporting` and `export periodic-report` on the sample."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from projectdesk import cli
from projectdesk.secrets import PASSPHRASE_VARIABLE
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands
from projectdesk.services.workspace import Workspace

Run = Callable[..., Any]
RP1 = ("--project", "SALTMARK", "--period", "1")


@pytest.fixture(scope="module")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("sample") / "data"
    with Workspace.open(folder, secrets=MemorySecrets()) as workspace:
        commands.open_sample(workspace)
    return folder


@pytest.fixture
def run(
    sample_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Return what runs a command on the sample and returns its JSON."""
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "a passphrase of this test")

    def one(*words: str, code: int = 0) -> Any:
        assert cli.main([*words, "--data", str(tmp_path / "data"), "--json"]) == code
        said = capsys.readouterr()
        return json.loads(said.out) if code == 0 else json.loads(said.err)["error"]

    shutil.copytree(sample_data, tmp_path / "data")
    return one


def states(found: Any) -> dict[str, str]:
    return {row["partner"]: row["state"] for row in found["statements"]}


@pytest.mark.full
def test_a_period_from_asking_to_its_report(run: Run, tmp_path: Path) -> None:
    rows = run("list", "reporting", "--project", "SALTMARK")
    assert [row["label"] for row in rows] == ["RP1", "RP2", "RP3"]
    before = run("reporting", "show", *RP1)
    assert states(before)["HDU"] == "answered"
    figures = run("reporting", "enter", "WP1=0.5", "WP2=4,25", *RP1, "--partner", "ITENA")
    itena = next(row for row in figures["statements"] if row["partner"] == "ITENA")
    assert itena["reported"] == 4.75
    back = run(
        *("reporting", "send-back", *RP1, "--partner", "HDU"),
        *("--remark", "WP2?", "--deadline", "2099-12-31"),
    )
    assert states(back)["HDU"] == "sent_back"
    approved = run("reporting", "approve", *RP1)
    assert states(approved)["ITENA"] == "approved"
    assert "answered" not in states(approved).values()
    url = ("--public-url", "https://meet.example.org")
    links = run("reporting", "remind", *RP1, *url)
    assert {link["partner"] for link in links} == {"HDU", "UBI", "BCSI"}
    assert run("reporting", "links", *RP1, *url, "--partner", "HDU")[0]["url"] in {
        link["url"] for link in links
    }
    out = tmp_path / "report.md"
    run("export", "periodic-report", "SALTMARK", "--period", "1", "--out", str(out))
    assert "sent back: HDU, UBI, BCSI" in out.read_text(encoding="utf-8")


def test_asking_freezing_and_what_is_refused(run: Run) -> None:
    rp2 = ("--project", "SALTMARK", "--period", "2")
    asked = run("reporting", "ask", *rp2, "--partner", "KIW", "--deadline", "2099-01-31")
    assert states(asked)["KIW"] == "asked"
    assert states(asked)["UMV"] == "open"
    wrong = run("reporting", "enter", "WP99=1", *rp2, "--partner", "KIW", code=2)
    assert wrong["code"] == "bad_figure"
    nobody = run("reporting", "approve", *rp2, code=2)
    assert nobody["code"] == "nobody_concerned"
    unsure = run("reporting", "freeze", *RP1, code=2)
    assert unsure["code"] == "freezing_is_final"
    frozen = run("reporting", "freeze", *RP1, "--yes")
    assert frozen["period"]["frozen_on"]
    refused = run("reporting", "enter", "WP1=9", *RP1, "--partner", "UBI", code=2)
    assert refused["code"] == "period_frozen"
    used = run("reporting", "divide", "--project", "SALTMARK", "--into", "3", code=2)
    assert used["code"] == "periods_in_use"
