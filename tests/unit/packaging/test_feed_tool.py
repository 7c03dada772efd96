"""The feed of a release is made, signed and read back; keys stay where they are."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from installer import feed as tool
from projectdesk.updates.feed import read

BASE = "https://x.example.org/0.2.0"


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    folder = tmp_path / "packages"
    folder.mkdir()
    for name in ("projectdesk_0.2.0_amd64.deb", "ProjectDesk-0.2.0.msi", "ProjectDesk-0.2.0.dmg"):
        (folder / name).write_bytes(name.encode())
    (folder / "SHA256SUMS").write_text("x")
    return folder


def write(packages: Path, *more: str) -> tuple[int, Path]:
    out = packages.parent / "updates.json"
    base = ["write", "--version", "0.2.0", "--packages", str(packages), "--base", BASE]
    return tool.main([*base, "--out", str(out), *more]), out


def test_a_feed_is_written_by_two_keys_and_read_by_either(
    packages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, public = [], []
    for name in ("old.key", "next.key"):
        assert tool.main(["key", "--out", str(tmp_path / name)]) == 0
        public.append(capsys.readouterr().out.split()[-1])
        keys += ["--key", str(tmp_path / name)]
    (tmp_path / "en.txt").write_text("Faster.\n")
    code, out = write(packages, *keys, "--notes", f"en={tmp_path / 'en.txt'}", "--sequence", "5")
    assert code == 0
    said = capsys.readouterr().out
    for file in ("old.key", "next.key"):
        assert (tmp_path / file).read_text().strip() not in said + out.read_text()
    for key in public:
        feed = read(out.read_bytes(), [key])
    assert (feed.version, feed.sequence, feed.notes) == ("0.2.0", 5, {"en": "Faster."})
    deb = next(one for one in feed.packages if one.kind == "deb")
    assert deb.url == f"{BASE}/projectdesk_0.2.0_amd64.deb"
    content = (packages / "projectdesk_0.2.0_amd64.deb").read_bytes()
    assert (deb.size, deb.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert {one.system for one in feed.packages} == {"linux", "macos", "windows"}
    assert tool.main(["verify", str(out), "--public", public[0]]) == 0
    assert tool.main(["verify", str(out), "--public", base64.b64encode(b"x" * 32).decode()]) == 1


def test_keys_come_from_outside_and_are_nobody_elses(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(tool.VARIABLE, raising=False)
    assert write(packages)[0] == 1, "no key"
    assert tool.main(["key", "--out", str(tool.ROOT / "build" / "x.key")]) == 1
    assert not (tool.ROOT / "build" / "x.key").exists()
    loose = tmp_path / "loose.key"
    loose.write_text(base64.b64encode(b"k" * 32).decode())
    loose.chmod(0o644)
    assert write(packages, "--key", str(loose))[0] == 1
    loose.chmod(0o600)
    assert tool.main(["key", "--out", str(loose)]) == 1, "a key is never written over"
    monkeypatch.setenv(tool.VARIABLE, loose.read_text())
    code, out = write(packages)
    assert (code, out.exists()) == (0, True)


def test_nothing_is_written_of_no_packages_or_a_wrong_version(
    tmp_path: Path, packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(tool.VARIABLE, base64.b64encode(b"k" * 32).decode())
    empty = tmp_path / "empty"
    empty.mkdir()
    assert write(empty)[0] == 1
    code, out = write(packages, "--version", "next")
    assert (code, out.exists()) == (1, False)
    monkeypatch.setenv(tool.VARIABLE, "nonsense")
    assert write(packages)[0] == 1
