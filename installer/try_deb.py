"""Tries a Debian package where nothing else is: a root of its own, made by debootstrap.

The package is installed there with what it depends on; then the product says what is missing
(`doctor`), plays its demonstration and is removed again, which leaves the data alone. Root only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

SUITE: Final = "bookworm"
MIRROR: Final = "http://deb.debian.org/debian"
_QUIET: Final = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
_UNSEEN: Final = {
    "QT_QPA_PLATFORM": "offscreen",
    "QTWEBENGINE_DISABLE_SANDBOX": "1",  # Chromium's sandbox refuses root
    "PROJECTDESK_PASSPHRASE": "of this trial",
    "HOME": "/srv/trial",
}


def try_package(package: Path, root: Path, mirror: str = MIRROR) -> None:
    """Install, use and remove a package in a root of its own.

    Args:
        package: the .deb.
        root: folder of the new system; it must not exist, and stays for a look afterwards.
        mirror: where Debian's packages come from.

    Raises:
        subprocess.CalledProcessError: a step failed; its words are on the terminal.
        RuntimeError: something is not as it should be.
    """
    made = ["debootstrap", "--variant=minbase", SUITE, str(root), mirror]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    for name in ("/etc/apt/sources.list", "/etc/resolv.conf", "/etc/hosts"):
        if Path(name).is_file():
            shutil.copy(name, root / name.lstrip("/"))
    for folder in ("apt.conf.d", "sources.list.d"):
        source = Path("/etc/apt") / folder
        if source.is_dir():
            shutil.copytree(source, root / "etc/apt" / folder, dirs_exist_ok=True)
    (root / "srv" / "trial").mkdir()
    shutil.copy(package, root / "tmp" / package.name)
    for kind in ("proc", "sys"):
        subprocess.run(["mount", "--bind", f"/{kind}", str(root / kind)], check=True)
    try:
        _use(root, package.name)
    finally:
        for kind in ("sys", "proc"):
            subprocess.run(["umount", "--lazy", str(root / kind)], check=False)


def _use(root: Path, name: str) -> None:
    inside(root, "apt-get", "update", "-q")
    inside(root, "apt-get", "install", "-qy", "--no-install-recommends", f"/tmp/{name}")  # noqa: S108
    inside(root, "projectdesk", "--version")
    inside(root, "projectdesk", "doctor", "--data", "/srv/trial/data")
    inside(root, "projectdesk", "demo", "--out", "/srv/trial/demo")
    made = root / "srv/trial/demo"
    if not list(made.rglob("minutes.pdf")):
        raise RuntimeError(f"the demonstration left no minutes in {made}")
    inside(root, "apt-get", "remove", "-qy", "projectdesk")
    if (root / "opt" / "projectdesk").exists() or not (root / "srv/trial/data").is_dir():
        raise RuntimeError("removing the package left its program, or took the data")


def inside(root: Path, *command: str) -> None:
    """Run a command in the root; its output goes to ours."""
    print("--- in the new system:", *command, flush=True)
    env = {"PATH": os.environ["PATH"], "TERM": "dumb", **_QUIET, **_UNSEEN}
    proxies = {name: value for name, value in os.environ.items() if name.endswith("_proxy")}
    subprocess.run(["chroot", str(root), *command], check=True, env=env | proxies)
