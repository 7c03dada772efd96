"""`projectdesk serve files`: examples for an administrator, made out to the server's name."""

from __future__ import annotations

import pytest

from projectdesk.cli import REFUSED, main

DOMAIN = "calls.example.eu"


def test_examples_are_written_with_the_servers_name(tmp_path, capsys) -> None:
    out = tmp_path / "new"
    assert main(["serve", "files", "--out", str(out), "--domain", DOMAIN]) == 0
    names = {path.name for path in out.iterdir()}
    assert names == {"Caddyfile", "nginx-nodes.conf", "nginx.conf", "projectdesk.service"}
    assert sorted(capsys.readouterr().out.split()) == sorted(str(out / name) for name in names)
    for path in out.iterdir():
        text = path.read_text(encoding="utf-8")
        assert DOMAIN in text
        assert "meet.example.org" not in text


def test_nothing_is_written_over(tmp_path, capsys) -> None:
    (tmp_path / "nginx.conf").write_text("mine", encoding="utf-8")
    assert main(["serve", "files", "--out", str(tmp_path)]) == REFUSED
    assert [path.name for path in tmp_path.iterdir()] == ["nginx.conf"]
    assert (tmp_path / "nginx.conf").read_text(encoding="utf-8") == "mine"
    assert "nginx.conf already" in capsys.readouterr().err


@pytest.mark.parametrize("domain", ["", "no name", "a;b.org", "https://a.org"])
def test_what_is_no_name_of_a_server_is_refused(tmp_path, domain: str) -> None:
    assert main(["serve", "files", "--out", str(tmp_path / "x"), "--domain", domain]) == REFUSED
    assert not (tmp_path / "x").exists()
