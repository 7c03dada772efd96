"""The Debian package of a bundle: the program in `/opt`, its command, menu entry and kind of file.

What it depends on is read from the bundle: the packages of the libraries that its programs name.

May import: installer.contents, the standard library.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from installer import contents

HERE: Final = Path(__file__).resolve().parent
PROGRAM: Final = "opt/projectdesk"
LOADED: Final = ("fontconfig-config", "libnss3", "libopengl0")
"""Packages of what is loaded by name only while the program runs."""
RECOMMENDED: Final = (
    "fonts-noto-core",
    "gnome-keyring | kwalletmanager",
    "libgl1-mesa-dri",
    "xdg-desktop-portal",
)

_REFRESH: Final = """#!/bin/sh
set -e
for tool in \\
    'update-mime-database /usr/share/mime' \\
    'update-desktop-database -q' \\
    'gtk-update-icon-cache -qtf /usr/share/icons/hicolor'
do
    if command -v "${tool%% *}" >/dev/null 2>&1; then $tool || true; fi
done
"""
"""Lets the system know of menu entry, kind of file and icon, where it has the tools."""


def make(bundle: Path, root: Path, out: Path, version: str, *, fast: bool = False) -> Path:
    """Make the package.

    Args:
        bundle: its folder.
        root: where the package's tree is staged; what is there goes.
        out: where the package goes.
        version: of the product.
        fast: for a trial: compressed in seconds, and larger.

    Raises:
        ValueError: a program wants a library of which no package is known.
    """
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(bundle, root / PROGRAM, symlinks=True)
    settle_modes(root / PROGRAM)
    put_files(root, version)
    machine = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    control(root, version, machine, contents.packages(contents.wanted_libraries(bundle)))
    out.mkdir(parents=True, exist_ok=True)
    package = out / f"projectdesk_{version}_{machine}.deb"
    how = ["-Zzstd", "-z3"] if fast else ["-Zxz", "-z6"]
    command = ["dpkg-deb", "--root-owner-group", *how, "--build", str(root), str(package)]
    subprocess.run(command, check=True)
    return package


def settle_modes(folder: Path) -> None:
    """Let everybody read; only programs are executable, as Debian's policy (10.9) wants."""
    programs = {folder / "projectdesk"}
    for path in folder.rglob("*"):
        if path.is_symlink():
            continue
        runs = path.is_dir() or path in programs or path.name == "QtWebEngineProcess"
        path.chmod(0o755 if runs else 0o644)


def put_files(root: Path, version: str) -> None:
    """Put in what Linux wants: command, menu entry, kind of file, icon, description, manual."""
    link = root / "usr" / "bin" / "projectdesk"
    link.parent.mkdir(parents=True)
    link.symlink_to("../../opt/projectdesk/projectdesk")
    share = root / "usr" / "share"
    for source, target in (
        (HERE / "linux" / "projectdesk.desktop", "applications/projectdesk.desktop"),
        (HERE / "linux" / "projectdesk.xml", "mime/packages/projectdesk.xml"),
        (
            HERE / "linux" / "org.projectdesk.ProjectDesk.metainfo.xml",
            "metainfo/org.projectdesk.ProjectDesk.metainfo.xml",
        ),
        (
            contents.ROOT / "resources/web/favicon.svg",
            "icons/hicolor/scalable/apps/projectdesk.svg",
        ),
        (HERE / "linux" / "copyright", "doc/projectdesk/copyright"),
        (HERE / "linux" / "lintian-overrides", "lintian/overrides/projectdesk"),
    ):
        path = share / target
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, path)
        path.chmod(0o644)
    changes = (
        f"projectdesk ({version}) stable; urgency=medium\n\n  * See CHANGELOG of the project.\n"
    )
    signed = "\n -- ProjectDesk <packages@projectdesk.example>  Thu, 01 Jan 2026 00:00:00 +0000\n"
    written = gzip.compress((changes + signed).encode(), 9, mtime=0)
    (share / "doc/projectdesk/changelog.gz").write_bytes(written)
    manual = share / "man/man1/projectdesk.1.gz"
    manual.parent.mkdir(parents=True)
    page = (HERE / "linux" / "projectdesk.1").read_bytes()
    manual.write_bytes(gzip.compress(page, 9, mtime=0))


def control(root: Path, version: str, machine: str, depends: Iterable[str]) -> None:
    """Write what dpkg is told."""
    folder = root / "DEBIAN"
    folder.mkdir()
    files = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    kilobytes = sum(path.stat().st_size for path in files) // 1024
    needs = ["libc6 (>= 2.36)", *sorted({*depends, *LOADED})]
    (folder / "control").write_text(
        f"Package: projectdesk\nVersion: {version}\nArchitecture: {machine}\n"
        "Maintainer: ProjectDesk <packages@projectdesk.example>\nSection: misc\n"
        f"Priority: optional\nInstalled-Size: {kilobytes}\nDepends: {', '.join(needs)}\n"
        f"Recommends: {', '.join(RECOMMENDED)}\nSuggests: coturn\n"
        "Homepage: https://projectdesk.example\n"
        "Description: consortium and meetings of international projects\n"
        " Projects, partners, work packages, agendas, minutes and video sessions of an\n"
        " international consortium, started from the meeting.\n",
        encoding="utf-8",
    )
    for name in ("postinst", "postrm"):
        script = folder / name
        script.write_text(_REFRESH, encoding="ascii")
        script.chmod(0o755)
