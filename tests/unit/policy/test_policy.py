"""What administrators settle: read from each place, judged, kept to."""

from __future__ import annotations

import json
import plistlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree as Tree

from projectdesk import bootstrap
from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.policy import check_hosting, managed, policy, sources
from projectdesk.policy.keys import KEYS, Policy
from projectdesk.policy.templates import NAMESPACE, templates
from projectdesk.services import call_rules, mail_accounts, meeting_hosts
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import any_workspace as any_workspace
from tests.unit.services.conftest import blank_data as blank_data
from tests.unit.services.conftest import clock as clock
from tests.unit.services.conftest import postgres_database as postgres_database
from tests.unit.services.conftest import postgres_server as postgres_server

SERVER = "https://meet.example.org"
Settle = Callable[..., None]


@pytest.fixture
def settle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settle]:
    """Return what puts a policy on this computer, by key."""
    file = tmp_path / "policy.json"
    monkeypatch.setattr(sources, "_read_system", lambda: sources.read_file(file))

    def put(**values: object) -> None:
        file.write_text(json.dumps(values), encoding="utf-8")
        managed.cache_clear()

    managed.cache_clear()
    yield put
    managed.cache_clear()


def test_without_a_policy_everything_is_as_usual(settle: Settle) -> None:
    assert managed() == sources.Managed(Policy())
    check_hosting()


@pytest.mark.parametrize("form", ["json", "plist", "registry"])
def test_each_place_says_the_same(form: str, tmp_path: Path) -> None:
    values: dict[str, Any] = {
        "ServerAddress": f"{SERVER}/",
        "AllowHosting": False,
        "MailDomains": ["Example.org", "@uni.example"],
    }
    path = tmp_path / "policy"
    if form == "json":
        path.write_text(json.dumps(values), encoding="utf-8")
        found = sources.judge(*sources.read_file(path))
    elif form == "plist":
        path.write_bytes(plistlib.dumps(values))
        found = sources.judge(*sources.read_profile(path))
    else:  # DWORDs, and what ADMX writes for a list
        values |= {"AllowHosting": 0, "MailDomains": "Example.org, @uni.example"}
        found = sources.judge(r"HKEY_LOCAL_MACHINE\\...", values)
    assert found.problems == ()
    assert found.policy == Policy(
        server_address=SERVER, hosting=False, mail_domains=("example.org", "uni.example")
    )
    assert found.settles("hosting")
    assert not found.settles("recording")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("ServerAddress", "http://meet.example.org", "https://"),
        ("AllowHosting", "perhaps", "yes or no"),
        ("AllowRecording", 7, "yes or no"),
        ("MailDomains", "not a domain!", "domains such as"),
        ("DataFolder", "%NO_SUCH_VARIABLE%/x", "a whole path"),
        ("KeepMailDays", "a year", "whole number of days"),
        ("KeepMailDays", -1, "whole number of days"),
        ("Unheard", "x", "does not know"),
    ],
)
def test_what_cannot_be_read_is_told_and_restricts(key: str, value: object, said: str) -> None:
    found = sources.judge("policy.json", {key: value, "ServerName": "Ours"})
    (problem,) = found.problems
    assert (problem.key, found.policy.server_name) == (key, "Ours")
    assert said in problem.text
    if key in KEYS:
        assert getattr(found.policy, KEYS[key].sets) == KEYS[key].strictest


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b"x" * 2_000_000])
def test_a_file_that_cannot_be_read_restricts_all(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_bytes(content)
    found = sources.judge(*sources.read_file(path))
    assert [problem.key for problem in found.problems] == [""]
    assert (found.policy.hosting, found.policy.recording) == (False, False)


def test_the_data_lies_where_it_is_settled(settle: Settle, tmp_path: Path) -> None:
    settle(DataFolder=str(tmp_path / "kept"))
    assert bootstrap.data_folder(None) == tmp_path / "kept"
    assert bootstrap.data_folder(str(tmp_path)) == tmp_path


def test_hosting_here_is_refused(settle: Settle) -> None:
    settle(AllowHosting=False)
    with pytest.raises(EnvironmentFailure) as caught:
        check_hosting()
    assert "policy.json" in caught.value.text


def test_the_server_is_offered_used_and_kept(settle: Settle, any_workspace: Workspace) -> None:
    meeting_hosts.keep_server(any_workspace, "https://other.example.org", "Other", "pdk_x")
    settle(ServerAddress=SERVER, ServerName="University", AllowHosting=False)
    hosts = meeting_hosts.meeting_hosts(any_workspace)
    assert [(one.name, one.settled) for one in hosts.servers] == [
        ("University", True),
        ("Other", False),
    ]
    assert (hosts.default, hosts.here) == (SERVER, False)
    meeting_hosts.set_default_host(any_workspace, meeting_hosts.LAN)
    assert meeting_hosts.default_host(any_workspace) == SERVER
    with pytest.raises(DomainError):
        meeting_hosts.forget_server(any_workspace, SERVER)


def test_recording_and_senders_are_restricted(settle: Settle, any_workspace: Workspace) -> None:
    assert call_rules.room_rules(any_workspace).recording
    settle(AllowRecording=False, MailDomains=["example.org"])
    assert not policy().recording
    assert not call_rules.room_rules(any_workspace).recording
    mail_accounts.check_domain("ada@Example.org")
    with pytest.raises(DomainError) as caught:
        mail_accounts.check_domain("ada@example.org.evil.net")
    assert caught.value.facts["field"] == "address"


def test_templates_have_every_key_and_name_nothing_that_is_missing() -> None:
    made = templates()
    space = {"g": NAMESPACE}
    admx = Tree.fromstring(made["ProjectDesk.admx"])
    adml = Tree.fromstring(made["en-US/ProjectDesk.adml"])
    assert {one.get("name") for one in admx.iterfind(".//g:policy", space)} == set(KEYS)
    strings = {one.get("id") for one in adml.iterfind(".//g:string", space)}
    shown = {one.get("id") for one in adml.iterfind(".//g:presentation", space)}
    named = made["ProjectDesk.admx"].decode()
    for kind, known in (("string", strings), ("presentation", shown)):
        wanted = {part.split(")")[0] for part in named.split(f"$({kind}.")[1:]}
        assert wanted == known
    for name in ("policy.example.json", "policy.schema.json"):
        content = json.loads(made[name])
        assert set(content.get("properties", content)) == set(KEYS)
    profile = plistlib.loads(made["org.projectdesk.ProjectDesk.mobileconfig"])
    (payload,) = profile["PayloadContent"]
    forced = payload["PayloadContent"]["org.projectdesk.ProjectDesk"]["Forced"]
    example = forced[0]["mcx_preference_settings"]
    assert sources.judge("profile", example).problems == ()
