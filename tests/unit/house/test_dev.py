"""The pure parts of dev.py and its set-up, and the way it answers a wrong call."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import dev
from tools import environment as setup

DPKG = """\
libgl1 installed
libegl1 config-files
libasound2t64 installed
odd line of three
"""


def test_a_package_counts_only_when_it_is_installed():
    assert setup.installed_packages(DPKG) == {"libgl1", "libasound2t64"}


def test_either_name_of_a_renamed_package_will_do():
    wanted = ["libgl1", "libegl1", "libasound2t64|libasound2", "libnss3"]
    missing = setup.missing_packages(wanted, setup.installed_packages(DPKG))
    assert missing == ["libegl1", "libnss3"]


def test_the_name_this_distribution_knows_is_chosen_and_unknown_ones_are_left_out():
    known = {"libasound2", "libnss3"}.__contains__
    groups = ["libasound2t64|libasound2", "libnss3", "chromium"]
    assert setup.choose_known(groups, known) == ["libasound2", "libnss3"]


def test_tests_want_more_than_the_application():
    run, tests = set(setup.wanted_packages(False)), set(setup.wanted_packages(True))
    assert "libnss3" in run
    assert "postgresql" in tests - run
    assert run < tests


@pytest.fixture
def bare_debian(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Make dev.py see a Debian with one package; return the commands it runs there."""
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        answer = {"dpkg-query": "libgl1 installed\n", "apt-cache": "Package: x\n"}
        return subprocess.CompletedProcess(command, 0, stdout=answer.get(command[0], ""))

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(setup, "wanted_packages", lambda tests: ["libgl1", "libnss3"])
    return ran


def test_root_installs_what_is_missing(bare_debian, monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    setup.ensure_system(tests=False)
    assert bare_debian[-1][:3] == ["apt-get", "install", "-y"]
    assert bare_debian[-1][-1] == "libnss3"


def test_others_are_told_the_exact_line(bare_debian, monkeypatch, capsys):
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    setup.ensure_system(tests=False)
    assert "sudo apt-get install -y --no-install-recommends libnss3" in capsys.readouterr().err
    assert not any(command[0] == "apt-get" for command in bare_debian)


def test_a_machine_without_dpkg_is_left_alone(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert setup.missing_here(tests=True) == []


def test_a_stamp_is_current_until_an_input_changes(tmp_path):
    stamp = tmp_path / "stamp"
    first = setup.digest([b"lock", b"project"])
    assert not setup.is_current(stamp, first)
    stamp.write_text(first, encoding="ascii")
    assert setup.is_current(stamp, first)
    assert not setup.is_current(stamp, setup.digest([b"lock2", b"project"]))
    assert first != setup.digest([b"lockp", b"roject"])


@pytest.fixture
def no_uv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Hide every uv of the machine; return where ours would be."""
    monkeypatch.setattr(setup, "FETCHED", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    return tmp_path / "uv" / "bin" / ("uv.exe" if setup.WINDOWS else "uv")


def pip_that_works_when(
    works: Callable[[list[str]], bool], place: Path, monkeypatch: pytest.MonkeyPatch
) -> list[list[str]]:
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append([str(part) for part in command])
        if command[-1] == "--version":
            return subprocess.CompletedProcess(command, 0, stdout=place.read_text("ascii"))
        if "pip" in command and works(ran[-1]):
            write(place, "uv 0.13.9 (x86_64-unknown-linux-gnu)")
        return subprocess.CompletedProcess(command, 0, stdout="")

    monkeypatch.setattr(subprocess, "run", run)
    return ran


def test_uv_is_fetched_with_pip_into_a_private_folder(no_uv, monkeypatch):
    ran = pip_that_works_when(lambda command: True, no_uv, monkeypatch)
    assert setup.find_uv() == no_uv
    fetched = next(command for command in ran if "install" in command)
    assert fetched[:3] == [sys.executable, "-m", "pip"]
    assert fetched[fetched.index("--target") + 1] == str(no_uv.parents[1])


def test_where_python_has_no_pip_a_private_environment_has(no_uv, monkeypatch):
    pip_that_works_when(lambda command: command[0] != sys.executable, no_uv, monkeypatch)
    assert setup.find_uv() == no_uv


def test_where_nothing_works_the_exact_line_is_printed(no_uv, monkeypatch):
    pip_that_works_when(lambda command: False, no_uv, monkeypatch)
    with pytest.raises(setup.SetupError, match="sudo apt-get install -y python3-pip"):
        setup.find_uv()


def test_the_version_of_an_uv_is_read(monkeypatch, tmp_path):
    done = subprocess.CompletedProcess(["uv"], 0, stdout="uv 0.5.31\n")
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: done)
    assert setup.uv_version("uv") == (0, 5, 31)
    assert setup.uv_version("uv") < setup.OLDEST_UV


def test_an_unknown_command_prints_the_help(capsys):
    assert dev.main(["dance"]) == 2
    assert "python3 dev.py COMMAND" in capsys.readouterr().out


def test_every_command_is_in_the_help():
    assert dev.__doc__ is not None
    assert all(f"\n  {name}" in dev.__doc__ for name in dev.COMMANDS)


def test_a_server_without_display_is_told_to_qt(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "QTWEBENGINE_DISABLE_SANDBOX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    assert dev.environment()["QT_QPA_PLATFORM"] == "offscreen"
    assert "QTWEBENGINE_DISABLE_SANDBOX" not in dev.environment()
    monkeypatch.setenv("DISPLAY", ":0")
    assert "QT_QPA_PLATFORM" not in dev.environment()


@pytest.mark.parametrize(
    ("args", "pytest_args"),
    [
        (["--", "tests/unit/room", "-q"], ["tests/unit/room", "-q"]),
        (["tests/unit/room"], ["tests/unit/room"]),
        (["--full", "--", "tests/unit/room"], ["-m", "", "tests/unit/room"]),
    ],
)
def test_arguments_go_to_pytest_alone(args, pytest_args, monkeypatch):
    ran: list[list[str]] = []

    def exit_code(command: list[str], **_: str) -> int:
        ran.append(command)
        return 0

    monkeypatch.setattr(dev, "prepare", lambda tests: None)
    monkeypatch.setattr(dev, "exit_code", exit_code)
    assert dev.run_test(args) == 0
    assert [command[3:] for command in ran] == [pytest_args]


def test_a_failed_check_fails_the_gate_although_pytest_passes(monkeypatch, capsys):
    monkeypatch.setattr(dev, "prepare", lambda tests: None)
    monkeypatch.setattr(setup, "ensure_page_tools", lambda: ["node"])
    monkeypatch.setattr(dev, "exit_code", lambda command, **extra: 0)

    def start(code: str):
        return lambda said: subprocess.Popen([sys.executable, "-c", code], stdout=said)

    monkeypatch.setattr(dev, "start_check", start("print('mypy is not content'); exit(1)"))
    assert dev.run_test([]) == 1
    assert "mypy is not content" in capsys.readouterr().out
    monkeypatch.setattr(dev, "start_check", start("exit(0)"))
    assert dev.run_test([]) == 0


@pytest.mark.parametrize(
    ("codes", "passed"),
    [([0], True), ([1, 0], True), ([1, 1], False), ([1, 5], False), ([3], False), ([2], False)],
    ids=["passed", "passed alone", "failed twice", "none failed", "broken", "interrupted"],
)
def test_what_failed_beside_others_runs_once_more_alone(codes, passed, monkeypatch):
    ran: list[list[str]] = []

    def exit_code(command: list[str], **_: str) -> int:
        ran.append(command)
        return codes[len(ran) - 1]

    monkeypatch.setattr(dev, "exit_code", exit_code)
    assert dev.together(["pytest"], ["-n", "2"], ["tests/e2e"], {}) is passed
    assert len(ran) == len(codes)
    assert "-n" in ran[0]
    assert all("--last-failed" in one and "-n" not in one for one in ran[1:])


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_third_party_modules_are_bundled_with_licence_and_compared(tmp_path):
    node = setup.ensure_page_tools()
    write(tmp_path / "package.json", json.dumps({"dependencies": {"@tiny/sum": "1.0.0"}}))
    package = tmp_path / "node_modules" / "@tiny" / "sum"
    write(package / "package.json", '{"version": "1.0.0", "license": "MIT", "main": "index.js"}')
    write(package / "index.js", "export const sum = (a, b) => a + b;\n")
    write(package / "LICENSE", "MIT, for tests\n")

    def vendor(*options: str) -> int:
        script = setup.ROOT / "tools" / "vendor.mjs"
        return subprocess.run([*node, script, tmp_path, *options], check=False).returncode

    assert vendor("--check") == 1
    assert vendor() == 0
    assert vendor("--check") == 0
    bundle = tmp_path / "resources" / "web" / "vendor" / "tiny-sum.js"
    assert "sum" in bundle.read_text(encoding="utf-8")
    assert bundle.with_name("tiny-sum.LICENSE").is_file()
    bundle.write_text("export const sum = 3;\n", encoding="utf-8")
    assert vendor("--check") == 1


def test_the_committed_third_party_modules_are_fresh():
    node = setup.ensure_page_tools()
    script = setup.ROOT / "tools" / "vendor.mjs"
    done = subprocess.run(
        [*node, script, setup.ROOT, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
