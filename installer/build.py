#!/usr/bin/env python3
"""Builds what administrators install: the bundle, and packages of it for each system.

python3 installer/build.py COMMAND [--out DIR]      (or: python3 dev.py bundle COMMAND)

  folder     the bundle: one folder with everything (PyInstaller)
  deb        a Debian package of the bundle (dpkg-deb)
  msi        a Windows package of a bundle made on Windows, or of --tree DIR (wixl)
  dmg        an app in a disk image and a package (on macOS), signed where secrets are given
  try        install the Debian package in a clean system, use it, remove it (root, debootstrap)
  sign       programs or packages of Windows (on Windows), where there is a certificate
  checksums  SHA-256 of what lies in the folder of results, signed where there is a key
  sbom       what is in the bundle, as CycloneDX

Standard library only; the bundle's own environment is made by uv from the lock file.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from installer import contents, deb, dmg, icons, msi, notices, signing, try_deb  # noqa: E402
from tools import environment as setup  # noqa: E402

BUILD = ROOT / "build"
FOLDER = BUILD / "bundle" / "projectdesk"
ENVIRONMENT = BUILD / "bundle-env"
RESULTS = BUILD / "packages"
GUIDE = BUILD / "guide"


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
    base = getattr(sys, "_base_executable", None) or sys.executable
    run(
        *(
            setup.find_uv(),
            "sync",
            "--frozen",
            "--python",
            base,
            "--no-default-groups",
            "--group",
            "bundle",
        ),
        *("--extra", "team", "--no-editable", "--reinstall-package", "projectdesk"),
        UV_PROJECT_ENVIRONMENT=str(ENVIRONMENT),
    )
    return python_of(ENVIRONMENT)


def make_folder() -> Path:
    """Make the bundle, look whether all is in it, and say how large it is.

    Raises:
        ValueError: something is missing.
    """
    make_guide()
    run(sys.executable, ROOT / "dev.py", "page")
    python = make_environment()
    where = "import projectdesk, pathlib; print(pathlib.Path(projectdesk.__file__).parent)"
    found = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True)
    run(
        *(python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
        *("--distpath", FOLDER.parent, "--workpath", BUILD / "bundle-work"),
        HERE / "projectdesk.spec",
        PROJECTDESK_PACKAGE=found.stdout.strip(),
        PROJECTDESK_VERSION=version(),
        **appearance(python),
    )
    write_notices(FOLDER, python)
    if sys.platform == "linux":
        print(f"stripped: {contents.strip(FOLDER) / 1e6:.0f} MB")
        contents.packages(contents.wanted_libraries(FOLDER))
    if lacking := contents.missing(FOLDER, ROOT / "resources", GUIDE):
        raise ValueError(f"the bundle lacks {', '.join(lacking)}")
    print_sizes(FOLDER)
    return FOLDER


def make_guide() -> None:
    """Build the user guide if it is not there: the wheel that is bundled carries it."""
    if not (GUIDE / "en" / "index.html").is_file():
        run(sys.executable, ROOT / "dev.py", "guide")


def appearance(python: Path) -> dict[str, str]:
    """Make the icon, and on Windows what Explorer tells of the programs; return where they lie."""
    system = platform.system()
    if system == "Linux":
        return {}
    folder = BUILD / "bundle-look"
    folder.mkdir(parents=True, exist_ok=True)
    icon = folder / ("projectdesk.icns" if system == "Darwin" else "projectdesk.ico")
    run(python, HERE / "icons.py", ROOT / "resources/web/favicon.svg", icon)
    told = folder / "version.txt"
    told.write_text(icons.version_file(version()), encoding="utf-8")
    return {"PROJECTDESK_ICON": str(icon), "PROJECTDESK_VERSION_FILE": str(told)}


def print_sizes(folder: Path) -> None:
    """Say how large a bundle is, and what of it is for what."""
    for name, size in contents.parts(folder).items():
        print(f"{size / 1e6:8.1f} MB  {name}")
    print(f"{size_of(folder) / 1e6:8.1f} MB  {folder}")


def write_notices(folder: Path, python: Path) -> None:
    """Put our licence and those of what is bundled into the folder."""
    lock = notices.locked(setup.find_uv(), ROOT)
    parts = notices.bundled(site_packages(), lock)
    target = folder / "licences"
    notices.write_licences(target, parts, notices.facts(python), version(), ROOT / "LICENSE")
    if lacking := notices.lacking(target, parts):
        raise ValueError(f"the bundle lacks the licences of {', '.join(lacking)}")


def site_packages() -> Path:
    """Return where the packages of the bundle's environment lie."""
    return next(ENVIRONMENT.rglob("site-packages"))


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder; a link counts nothing."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files)


# --- Debian ---------------------------------------------------------------------------------------


def make_deb(out: Path, *, fast: bool = False) -> Path:
    """Make a Debian package of the bundle; a fast one is larger."""
    if not FOLDER.is_dir():
        make_folder()
    return deb.make(FOLDER, BUILD / "deb", out, version(), fast=fast)


def make_trial(out: Path, suite: str) -> Path:
    """Try the Debian package in a system of its own."""
    packages = sorted(out.glob("projectdesk_*.deb"))
    package = packages[-1] if packages else make_deb(out)
    root = BUILD / "clean-root"
    mirror = os.environ.get("DEBIAN_MIRROR", try_deb.MIRROR)
    try_deb.try_package(package, root, mirror, suite)
    return root


# --- what is common -------------------------------------------------------------------------------


def make_checksums(out: Path) -> Path:
    """Write `SHA256SUMS` of the results, as `sha256sum --check` reads it, and sign it."""
    target = out / "SHA256SUMS"
    lines = []
    for path in sorted(out.iterdir()):
        if path.is_file() and not path.name.startswith(target.name):
            with path.open("rb") as file:
                lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    target.write_text("".join(lines), encoding="utf-8")
    signing.sign_checksums(target)
    return target


def make_sbom(out: Path) -> Path:
    """Write what is bundled on this system, as CycloneDX 1.5 in JSON, from the lock file."""
    python = python_of(ENVIRONMENT) if ENVIRONMENT.is_dir() else make_environment()
    lock = notices.locked(setup.find_uv(), ROOT)
    written = notices.components(
        lock, notices.bundled(site_packages(), lock), notices.facts(python)
    )
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"projectdesk-{version()}-{sys.platform}.cdx.json"
    target.write_bytes(written)
    return target


def main(arguments: list[str] | None = None) -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "what", choices=("folder", "deb", "msi", "dmg", "try", "sign", "checksums", "sbom")
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="sign: which")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="DIR")
    parser.add_argument("--tree", type=Path, default=FOLDER, metavar="DIR", help="msi: its files")
    parser.add_argument("--app", type=Path, metavar="DIR", help="dmg: the app (default: built)")
    parser.add_argument("--dry-run", action="store_true", help="dmg: print the commands only")
    parser.add_argument("--fast", action="store_true", help="deb: quicker, and larger")
    parser.add_argument("--suite", default=try_deb.SUITE, help="try: which Debian")
    options = parser.parse_args(arguments)
    out: Path = options.out.resolve()
    app: Path = (options.app or FOLDER.parent / "ProjectDesk.app").resolve()
    actions: dict[str, Callable[[], object]] = {
        "folder": lambda: make_folder(),
        "deb": lambda: make_deb(out, fast=options.fast),
        "msi": lambda: msi.make(options.tree.resolve(), out, version()),
        "dmg": lambda: dmg.make(app, out, version(), dry=options.dry_run),
        "try": lambda: make_trial(out, options.suite),
        "sign": lambda: signing.sign_windows(options.files),
        "checksums": lambda: make_checksums(out),
        "sbom": lambda: make_sbom(out),
    }
    print(actions[options.what]())
    return 0


if __name__ == "__main__":
    sys.exit(main())
