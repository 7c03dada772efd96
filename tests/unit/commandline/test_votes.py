"""`projectdesk vote ...` and `projectdesk list votes`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from projectdesk.cli import main
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, queries
from projectdesk.services.workspace import Workspace


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, list[str]]:
    """A data folder with the sample, a meeting of its Executive Board, the board's members."""
    folder = tmp_path_factory.mktemp("sample") / "data"
    with Workspace.open(folder, secrets=MemorySecrets()) as workspace:
        project = commands.open_sample(workspace)
        rows = queries.meetings(workspace, project)
        meeting = next(row for row in rows if row.title == "Executive Board 2")
        assert meeting.body_id is not None
        members = queries.body_members(workspace, meeting.body_id)
    return folder, str(meeting.id), [row.partner for row in members]


@pytest.fixture
def run(sample: Any, capsys: pytest.CaptureFixture[str]) -> Any:
    folder, _, _ = sample

    def call(*words: str, code: int = 0) -> Any:
        assert main([*words[:2], "--data", str(folder), "--json", *words[2:]]) == code
        out, err = capsys.readouterr()
        return json.loads(err if code else out)

    return call


@pytest.mark.full
def test_a_vote_of_a_room_is_recorded_listed_and_shown(run: Any, sample: Any, capsys: Any) -> None:
    folder, meeting, members = sample
    words = ("vote", "record", meeting, "Adopt the data policy?")
    made = run(*words, "--for", ",".join(members).lower(), "--item", "1")
    assert made["vote"]["result"] == "carried"
    assert made["vote"]["words"].startswith(f"carried: {len(members)} of {len(members)} votes cast")
    label = made["vote"]["label"]
    assert label in [row["vote"]["label"] for row in run("vote", "list", meeting)]
    assert label in [row["label"] for row in run("list", "votes")]
    assert main(["vote", "list", "--data", str(folder), meeting]) == 0
    shown = capsys.readouterr().out
    assert "Adopt the data policy?  (closed)" in shown
    assert f"carried: {len(members)} of" in shown
    assert main(["vote", "list", "--data", str(folder), "--language", "de", meeting]) == 0
    german = capsys.readouterr().out
    assert f"angenommen: {len(members)} von" in german
    assert "carried:" not in german
    refused = run("vote", "list", "--language", "xx", meeting, code=2)
    assert refused["error"]["code"] == "unknown_language"


@pytest.mark.full
def test_all_others_who_were_there_vote_as_is_said_once(run: Any, sample: Any) -> None:
    _, meeting, members = sample
    words = ("vote", "record", meeting, "Take the later date?", "--against", members[0])
    all_there = ("--present", ",".join(members))
    made = run(*words, "--others", "for", *all_there)
    assert made["vote"]["counts"] == [len(members) - 1, 1, 0]
    voted = {seat["partner"]: seat["choice"] for seat in made["seats"]}
    assert voted == dict.fromkeys(members, "for") | {members[0]: "against"}
    some = run(*words, "--others", "abstain", "--present", ",".join(members[:2]))
    assert some["vote"]["counts"] == [0, 1, 1], "who was not there does not vote"
    refused = run(*words, "--others", "perhaps", *all_there, code=2)
    assert refused["error"]["code"] == "unknown_choice"


@pytest.mark.full
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--for", "NOBODY"], "unknown_member"),
        (["--counts", "a,b"], "bad_counts"),
        (["--vote", "x"], "bad_vote"),
        (["--item", "99"], "unknown_item"),
        ([], "no_votes"),
    ],
)
def test_what_cannot_be_is_refused(run: Any, sample: Any, words: list[str], code: str) -> None:
    _, meeting, _ = sample
    refused = run("vote", "record", meeting, "Adopt?", *words, code=2)
    assert refused["error"]["code"] == code


@pytest.mark.full
def test_nobody_votes_twice(run: Any, sample: Any) -> None:
    _, meeting, members = sample
    both = ("--for", members[0], "--against", members[0])
    refused = run("vote", "record", meeting, "Adopt?", *both, code=2)
    assert refused["error"]["code"] == "voted_twice"
