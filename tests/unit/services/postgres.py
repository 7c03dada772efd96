"""A private PostgreSQL server for tests: its own folder, a Unix socket, no network, no fsync."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

_SETUP = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]


def _programs() -> Path | None:
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").is_file():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _installed() -> Path:
    """Return the folder of PostgreSQL's programs, installing them where this machine lets us."""
    programs = _programs()
    if programs is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["update"], ["install", "-y", "--no-install-recommends", "postgresql"]):
            subprocess.run(
                ["apt-get", *command],
                check=True,
                capture_output=True,
                env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            )
        programs = _programs()
        if programs is None:
            pytest.fail("postgresql was installed, but has no initdb")
    if programs is None:
        pytest.skip("no PostgreSQL on this machine")
    return programs


def _as_server(command: list[str]) -> list[str]:
    """Return the command run as a user that PostgreSQL accepts: not root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def running_server() -> Iterator[str]:
    """Run a server; give the URL of a database in it, whose name is the last part of its path."""
    if sys.platform == "win32":
        pytest.skip("the test server speaks through a Unix socket")
    programs = _installed()
    folder = Path(tempfile.mkdtemp(prefix="pd-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data = folder / "data"
        control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-s"]
        subprocess.run(
            _as_server([str(programs / "initdb"), "-D", str(data), *_SETUP]),
            check=True,
            capture_output=True,
            cwd="/",
        )
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
        subprocess.run(
            _as_server([*control, "-l", str(folder / "log"), "-o", options, "start"]),
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            subprocess.run(_as_server([*control, "-m", "immediate", "stop"]), check=True, cwd="/")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_SERVER = pytest.StashKey[str]()


def server_of(config: pytest.Config) -> str:
    """Return the URL of the server of this test run, started when first asked for."""
    if _SERVER not in config.stash:
        running = ExitStack()
        config.stash[_SERVER] = running.enter_context(running_server())
        config.add_cleanup(running.close)
    return config.stash[_SERVER]
