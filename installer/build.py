#!/usr/bin/env python3
"""Builds what administrators install: the bundle, and packages of it for each system.

python3 installer/build.py COMMAND [--out DIR]      (or: python3 dev.py bundle COMMAND)

  folder     the bundle: one folder with everything (PyInstaller)
  deb        a Debian package of the bundle (dpkg-deb)
  msi        a Windows package of a bundle made on Windows, or of --tree DIR (wixl)
  dmg        an app and a disk image (on macOS), signed where secrets are given
  try        install the Debian package in a clean system, use it, remove it (root, debootstrap)
  checksums  SHA-256 of what lies in the folder of results
  sbom       what is in the bundle, as CycloneDX

Standard library only; the bundle's own environment is made by uv from the lock file.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from installer import dmg, msi, try_deb  # noqa: E402
from tools import environment as setup  # noqa: E402

BUILD = ROOT / "build"
FOLDER = BUILD / "bundle" / "projectdesk"
ENVIRONMENT = BUILD / "bundle-env"
RESULTS = BUILD / "packages"
DEB_LIBRARIES = (
    "libasound2 | libasound2t64",
    "libdbus-1-3",
    "libegl1",
    "libfontconfig1",
    "libgl1",
    "libglib2.0-0 | libglib2.0-0t64",
    "libnspr4",
    "libnss3",
    "libopengl0",
    "libx11-xcb1",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xinerama0",
    "libxcb-xkb1",
    "libxcomposite1",
    "libxdamage1",
    "libxkbcommon-x11-0",
    "libxkbfile1",
    "libxrandr2",
    "libxtst6",
)
"""What Qt and Chromium load of the system, by their names in Debian 12 and 13 and Ubuntu 24.04."""


_REFRESH = """#!/bin/sh
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


def version() -> str:
    """Return the product's version."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(told["project"]["version"])


def run(*command: str | Path, **more: str) -> None:
    """Run a command; a failure ends the build."""
    words = [str(part) for part in command]
    print("---", *words[:6], flush=True)
    subprocess.run(words, cwd=ROOT, env={**os.environ, **more}, check=True)


def python_of(environment: Path) -> Path:
    """Return the interpreter of an environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


# --- the bundle -----------------------------------------------------------------------------------


def make_environment() -> Path:
    """Make the environment that is bundled: the product as a wheel, and PyInstaller."""
    run(
        *(setup.find_uv(), "sync", "--frozen", "--no-default-groups", "--group", "bundle"),
        *("--extra", "team", "--no-editable", "--reinstall-package", "projectdesk"),
        UV_PROJECT_ENVIRONMENT=str(ENVIRONMENT),
    )
    return python_of(ENVIRONMENT)


def make_folder() -> Path:
    """Make the bundle, and say how large it is."""
    python = make_environment()
    where = "import projectdesk, pathlib; print(pathlib.Path(projectdesk.__file__).parent)"
    found = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True)
    run(
        *(python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
        *("--distpath", FOLDER.parent, "--workpath", BUILD / "bundle-work"),
        HERE / "projectdesk.spec",
        PROJECTDESK_PACKAGE=found.stdout.strip(),
    )
    licences(FOLDER)
    print(f"{FOLDER}: {size_of(FOLDER) / 1e6:.0f} MB")
    return FOLDER


def licences(folder: Path) -> None:
    """Put our licence and those of what is bundled into the folder."""
    target = folder / "licences"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    shutil.copy(ROOT / "LICENSE", target / "ProjectDesk.txt")
    packages = next(ENVIRONMENT.rglob("site-packages"))
    for path in sorted(packages.glob("*.dist-info")):
        name = path.name.partition("-")[0]
        texts = [
            each
            for each in path.rglob("*")
            if each.is_file() and re.match(r"(?i)(licen[cs]e|copying|notice)", each.name)
        ]
        for number, text in enumerate(texts):
            shutil.copy(text, target / f"{name}{f'-{number}' if number else ''}.txt")


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder; a link counts nothing."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files)


# --- Debian ---------------------------------------------------------------------------------------


def make_deb(out: Path) -> Path:
    """Make a Debian package of the bundle."""
    if not FOLDER.is_dir():
        make_folder()
    machine = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    root = BUILD / "deb"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(FOLDER, root / "opt" / "projectdesk", symlinks=True)
    put_files(root)
    control(root, machine)
    out.mkdir(parents=True, exist_ok=True)
    package = out / f"projectdesk_{version()}_{machine}.deb"
    run("dpkg-deb", "--root-owner-group", "-Zzstd", "-z12", "--build", root, package)
    return package


def put_files(root: Path) -> None:
    """Put in what a desktop of Linux wants: command, menu entry, type of files, icon."""
    link = root / "usr" / "bin" / "projectdesk"
    link.parent.mkdir(parents=True)
    link.symlink_to("../../opt/projectdesk/projectdesk")
    share = root / "usr" / "share"
    for source, target in (
        (HERE / "linux" / "projectdesk.desktop", "applications/projectdesk.desktop"),
        (HERE / "linux" / "projectdesk.xml", "mime/packages/projectdesk.xml"),
        (ROOT / "resources/web/favicon.svg", "icons/hicolor/scalable/apps/projectdesk.svg"),
        (ROOT / "LICENSE", "doc/projectdesk/copyright"),
    ):
        path = share / target
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, path)


def control(root: Path, machine: str) -> None:
    """Write what dpkg is told."""
    folder = root / "DEBIAN"
    folder.mkdir()
    kilobytes = size_of(root) // 1024
    (folder / "control").write_text(
        f"Package: projectdesk\nVersion: {version()}\nArchitecture: {machine}\n"
        "Maintainer: ProjectDesk <packages@projectdesk.example>\nSection: office\n"
        f"Priority: optional\nInstalled-Size: {kilobytes}\nDepends: {', '.join(DEB_LIBRARIES)}\n"
        "Recommends: gnome-keyring | kwalletmanager\nSuggests: coturn\n"
        "Description: consortium and meetings of international projects\n"
        " Projects, partners, work packages, agendas, minutes and video sessions of an\n"
        " international consortium, started from the meeting.\n",
        encoding="utf-8",
    )
    for name in ("postinst", "postrm"):
        script = folder / name
        script.write_text(
            _REFRESH,
            encoding="ascii",
        )
        script.chmod(0o755)


def make_trial(out: Path) -> Path:
    """Try the Debian package in a system of its own."""
    packages = sorted(out.glob("projectdesk_*.deb"))
    package = packages[-1] if packages else make_deb(out)
    root = BUILD / "clean-root"
    if root.exists():
        shutil.rmtree(root)
    mirror = os.environ.get("DEBIAN_MIRROR", try_deb.MIRROR)
    try_deb.try_package(package, root, mirror)
    return root


# --- what is common -------------------------------------------------------------------------------


def make_checksums(out: Path) -> Path:
    """Write `SHA256SUMS` of the results, as `sha256sum --check` reads it."""
    target = out / "SHA256SUMS"
    lines = []
    for path in sorted(out.iterdir()):
        if path.is_file() and path != target:
            with path.open("rb") as file:
                lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    target.write_text("".join(lines), encoding="utf-8")
    return target


def make_sbom(out: Path) -> Path:
    """Write what is bundled, as CycloneDX 1.6 in JSON."""
    python = python_of(ENVIRONMENT) if ENVIRONMENT.is_dir() else make_environment()
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"projectdesk-{version()}.cdx.json"
    run(
        *(python, "-m", "cyclonedx_py", "environment", "--sv", "1.6", "--of", "JSON"),
        *("--pyproject", ROOT / "pyproject.toml", "--mc-type", "application"),
        *("--output-file", target, python),
    )
    return target


def main(arguments: list[str] | None = None) -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("folder", "deb", "msi", "dmg", "try", "checksums", "sbom"))
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="DIR")
    parser.add_argument("--tree", type=Path, default=FOLDER, metavar="DIR", help="msi: its files")
    options = parser.parse_args(arguments)
    out: Path = options.out.resolve()
    made = {
        "folder": lambda: make_folder(),
        "deb": lambda: make_deb(out),
        "msi": lambda: msi.make(options.tree.resolve(), out, version()),
        "dmg": lambda: dmg.make(FOLDER.parent / "ProjectDesk.app", out, version()),
        "try": lambda: make_trial(out),
        "checksums": lambda: make_checksums(out),
        "sbom": lambda: make_sbom(out),
    }[options.what]()
    print(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
