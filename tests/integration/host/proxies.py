"""Real reverse proxies that run the examples which we ship, on free ports of loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from projectdesk import resources

DOMAIN = "meet.example.org"
_READY_S = 20.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def program(name: str, package: str) -> str:
    """Return the path of a program, installing its package where this machine lets us."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
            subprocess.run(
                ["apt-get", *command],
                check=True,
                capture_output=True,
                env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            )
        found = shutil.which(name, path="/usr/bin:/usr/sbin")
    if found is None:
        pytest.skip(f"no {name} on this machine")
    return found


def example(name: str, changes: Mapping[str, str]) -> str:
    """Return an example of ours with parts replaced; each must be in it."""
    text = resources.path("server", name).read_text(encoding="utf-8")
    for before, after in changes.items():
        assert before in text, f"{name} has no {before}"
        text = text.replace(before, after)
    return text


@contextmanager
def nginx(folder: Path, site: str, port: int) -> Iterator[None]:
    """Run nginx with a site as Debian's nginx.conf would include it."""
    path = program("nginx", "nginx-light")
    (folder / "site.conf").write_text(site, encoding="utf-8")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; worker_processes 1; pid {folder}/nginx.pid;"
        f" error_log {folder}/error.log; events {{ worker_connections 256; }}"
        f" http {{ access_log off; {temporary} include {folder}/site.conf; }}\n",
        encoding="utf-8",
    )
    settings = str(folder / "nginx.conf")
    command = [path, "-p", str(folder), "-e", str(folder / "error.log"), "-c", settings]
    with running(command, folder / "nginx.out", port):
        yield


@contextmanager
def caddy(folder: Path, site: str, port: int) -> Iterator[None]:
    """Run Caddy with a site, without its administration and without ACME."""
    path = program("caddy", "caddy")
    settings = "{\n\tadmin off\n\tauto_https disable_redirects\n}\n"
    (folder / "Caddyfile").write_text(settings + site, encoding="utf-8")
    command = [path, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    with running(command, folder / "caddy.out", port, HOME=str(folder)):
        yield


@contextmanager
def running(command: list[str], output: Path, port: int, **environment: str) -> Iterator[None]:
    """Run a program until the block ends; the block begins when it listens."""
    with output.open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=os.environ | environment
        )
    try:
        _wait_for(port, process, output)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes], output: Path) -> None:
    until = time.monotonic() + _READY_S
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        ended = process.poll() is not None
        if ended or time.monotonic() > until:
            pytest.fail(f"{process.args!r} does not listen: {output.read_text(errors='replace')}")
        time.sleep(0.02)
