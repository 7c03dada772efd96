"""What a user types wrong, and what another program holds already."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.conftest import PATIENCE_S, Said

PLAN = ("plan", "kick_off", "--project", "SALTMARK")


@pytest.fixture
def meeting(run: Callable[..., Said]) -> str:
    rows = json.loads(run("list", "meetings", "--json").out)
    return str(rows[0]["id"])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((*PLAN, "--start", "2027-13-45T10:00", "--zone", "Europe/Oslo"), "bad_meeting"),
        ((*PLAN, "--start", "2027-03-05T10:00+01:00", "--zone", "Europe/Oslo"), "bad_meeting"),
        ((*PLAN, "--start", "2027-03-05T10:00", "--zone", "Nowhere/City"), "unknown_zone"),
        ((*PLAN, "--start", "2027-03-05T10:00", "--zone", "../../etc/passwd"), "unknown_zone"),
        (("list", "partners", "--project", "NONESUCH"), "no_such_project"),
        (("export", "agenda", "--meeting", "7", "--format", "md", "--out", "x.md"), "not_an_id"),
        (("serve", "--port", "99999"), "bad_port"),
        (("serve", "--port", "-1"), "bad_port"),
        (("serve", "--bind", "nonsense", "--port", "0"), "address_unusable"),
        (("serve", "--udp-ports", "5-x", "--port", "0"), "bad_udp_ports"),
        (("serve", "--public-url", "meet", "--port", "0"), "public_url_invalid"),
        (("serve", "--trusted-proxy", "x", "--port", "0"), "proxy_invalid"),
        (("serve", "--certificate", "/none", "--private-key", "/none", "--port", "0"),
            "certificate_unusable"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_refused_by_name(
    refused: Callable[..., str], words: tuple[str, ...], code: str
) -> None:
    assert f"[{code}]" in refused(*words)


def test_links_are_of_a_host(refused: Callable[..., str], meeting: str) -> None:
    said = refused("links", "--meeting", meeting, "--public-url", "garbage")
    assert "[public_url_invalid]" in said
    said = refused("links", "--meeting", meeting, "--public-url", "http://meet.example.org")
    assert "[public_url_insecure]" in said


def test_a_document_that_cannot_be_written_is_named(
    refused: Callable[..., str], meeting: str, tmp_path: Path
) -> None:
    for form in ("pdf", "docx", "md"):
        where = ("export", "minutes", "--meeting", meeting, "--format", form, "--out", tmp_path)
        assert "[file_not_written]" in refused(*where)


def test_a_port_in_use_is_named(refused: Callable[..., str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused("serve", "--port", port)
        assert "[port_in_use]" in said
        assert str(port) in said


def test_a_second_host_on_the_same_folder_is_refused(
    data: Path, start: Callable[..., subprocess.Popen[str]], refused: Callable[..., str]
) -> None:
    first = start("serve", "--port", 0, "--data", data)
    assert first.stdout is not None
    assert first.stdout.readline().startswith("http://127.0.0.1:")
    assert "[host_running]" in refused("serve", "--port", 0)
    first.terminate()
    first.wait(PATIENCE_S)


@pytest.mark.full
def test_a_broken_reader_of_the_output_is_no_crash(
    data: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    process = start("list", "organisations", "--data", data)
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, error = process.communicate(timeout=PATIENCE_S)
    assert "Traceback" not in error
