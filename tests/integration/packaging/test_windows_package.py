"""The Windows package installed, upgraded and removed by wine's Windows Installer.

What wine cannot show: the firewall (its netsh does nothing), the elevation that a package for the
whole machine asks for, the Start menu of all users (wine puts the entry into the person's own), and
our program, which is a stand-in here. The workflow `packages.yml` installs the real one on Windows.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer import msi
from tests.support.system import ensure_tools

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]

STAND_INS = (
    "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/hostname.exe",
    "/usr/lib/wine/x86_64-windows/hostname.exe",
)
SERVER = "https://meet.example.org"
FAILED = 1603 & 0xFF  # ERROR_INSTALL_FAILURE, as an exit code of Unix


class Wine:
    """A Windows of its own, without a display."""

    def __init__(self, prefix: Path) -> None:
        self.drive = prefix / "drive_c"
        self._env = {
            **os.environ,
            "WINEPREFIX": str(prefix),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=",
            "DISPLAY": "",
        }
        self.run("wineboot", "--init")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["wine", *command], env=self._env, capture_output=True, text=True, check=False
        )

    def install(self, package: Path, *properties: str) -> int:
        return self.run("msiexec", "/i", f"Z:{package}", "/qn", *properties).returncode

    def remove(self, package: Path) -> int:
        return self.run("msiexec", "/x", f"Z:{package}", "/qn").returncode

    def value(self, key: str, name: str = "") -> str | None:
        """Return a value of the machine's registry, None if it is not there."""
        which = ["/v", name] if name else ["/ve"]
        told = self.run("reg", "query", rf"HKLM\{key}", *which)
        lines = [line.split("REG_SZ")[-1].strip() for line in told.stdout.splitlines()]
        return next((line for line in lines[2:] if line), None) if told.returncode == 0 else None

    def program(self, name: str) -> Path:
        return self.drive / "Program Files" / "ProjectDesk" / name

    def shortcuts(self) -> list[Path]:
        return list(self.drive.rglob("ProjectDesk.lnk"))

    def end(self) -> None:
        subprocess.run(["wineserver", "--kill"], env=self._env, check=False)
        subprocess.run(["wineserver", "--wait"], env=self._env, check=False)


@pytest.fixture(scope="module")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    ensure_tools(wine="wine", wixl="wixl", msiinfo="msitools")
    made = Wine(tmp_path_factory.mktemp("wine") / "prefix")
    yield made
    made.end()


@pytest.fixture(scope="module")
def packages(wine: Wine, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two versions; each has a file that the other has not."""
    stand_in = next((path for path in map(Path, STAND_INS) if path.is_file()), None)
    if stand_in is None:
        pytest.skip("wine's own programs are somewhere else here")
    made = []
    for version in ("1.0.0", "1.1.0"):
        tree = tmp_path_factory.mktemp("tree") / "tree"
        (tree / "_internal" / "Qt é").mkdir(parents=True)
        for name in ("projectdesk.exe", "projectdesk-desktop.exe"):
            shutil.copy(stand_in, tree / name)
        (tree / "_internal" / "Qt é" / "Qt6 Core.dll").write_bytes(b"library")
        (tree / "_internal" / f"of {version}.txt").write_text(version, encoding="ascii")
        made.append(msi.make(tree, tmp_path_factory.mktemp("out"), version))
    return made[0], made[1]


@pytest.fixture
def clean(wine: Wine, packages: tuple[Path, Path]) -> Iterator[None]:
    yield
    for package in packages:
        wine.remove(package)


@pytest.mark.usefixtures("clean")
def test_it_is_installed_upgraded_and_removed_and_data_stay(
    wine: Wine, packages: tuple[Path, Path]
) -> None:
    first, second = packages
    data = wine.drive / "users" / "anna" / "AppData" / "Local" / "ProjectDesk" / "x.sqlite"
    data.parent.mkdir(parents=True)
    data.write_bytes(b"data")
    assert wine.install(first, f"SERVERADDRESS={SERVER}", "NOSHORTCUTS=1", "HOSTFIREWALL=1") == 0
    assert wine.program("_internal/Qt é/Qt6 Core.dll").read_bytes() == b"library"
    assert wine.run(str(wine.program("projectdesk.exe"))).returncode == 0
    assert wine.value(msi.POLICIES, "ServerAddress") == SERVER
    opened = r'"C:\Program Files\ProjectDesk\projectdesk-desktop.exe" "%1"'
    assert wine.value(rf"{msi.CLASSES}\projectdesk\shell\open\command") == opened
    assert wine.value(rf"{msi.CLASSES}\.projectdesk") == "ProjectDesk.Project"
    assert wine.value(rf"{msi.CLASSES}\ProjectDesk.Project\shell\open\command") == opened
    assert wine.shortcuts() == []

    assert wine.install(second) == 0
    assert wine.program("_internal/of 1.1.0.txt").is_file()
    assert not wine.program("_internal/of 1.0.0.txt").exists()
    assert wine.value(msi.POLICIES, "ServerAddress") == SERVER, "an upgrade keeps what was told"
    assert wine.shortcuts() == []
    assert wine.install(first) == FAILED, "an older version must not replace a newer one"
    assert wine.program("_internal/of 1.1.0.txt").is_file()

    assert wine.remove(second) == 0
    assert not wine.program("").exists()
    assert wine.value(msi.POLICIES, "ServerAddress") is None
    assert wine.value(rf"{msi.CLASSES}\projectdesk", "URL Protocol") is None
    assert wine.value(rf"{msi.CLASSES}\.projectdesk") is None
    assert data.read_bytes() == b"data"


@pytest.mark.usefixtures("clean")
def test_an_upgrade_may_be_told_otherwise(wine: Wine, packages: tuple[Path, Path]) -> None:
    first, second = packages
    assert wine.install(first, f"SERVERADDRESS={SERVER}", "NOSHORTCUTS=1") == 0
    assert wine.install(second, "SERVERADDRESS=none", "NOSHORTCUTS=0") == 0
    assert wine.value(msi.POLICIES, "ServerAddress") is None
    assert len(wine.shortcuts()) == 1
    assert wine.remove(second) == 0
    assert wine.shortcuts() == []
