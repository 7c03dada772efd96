"""What ships: the package, its resources, its licence, and its commands."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_every_resource_is_in_the_wheel(wheel):
    names = set(wheel.namelist())
    resources = ROOT / "resources"
    files = [p.relative_to(resources).as_posix() for p in resources.rglob("*") if p.is_file()]
    wanted = {f"projectdesk/_resources/{name}" for name in files if ".DS_Store" not in name}
    assert wanted
    assert wanted - names == set()


def test_only_the_package_is_in_the_wheel(wheel):
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top.split("-")[0] for top in tops} == {"projectdesk"}
    assert "projectdesk/py.typed" in wheel.namelist()


def test_the_wheel_has_commands_and_licence(wheel):
    info = next(n.split("/")[0] for n in wheel.namelist() if ".dist-info/" in n)
    commands = wheel.read(f"{info}/entry_points.txt").decode()
    assert "projectdesk = projectdesk.cli:main" in commands
    assert "projectdesk-desktop = projectdesk.cli:desktop_main" in commands
    assert b"Apache License" in wheel.read(f"{info}/licenses/LICENSE")
