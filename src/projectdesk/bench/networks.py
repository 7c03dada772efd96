"""Networks of one machine to measure in: namespaces joined by cables that lose, break and move.

Linux and root only. Needs `ip` (iproute2) and `iptables`; nothing outside the namespaces changes,
and all of them are gone with the `Lab`.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType

from projectdesk.errors import EnvironmentFailure

_TIMEOUT_S = 10.0


def check_lab() -> None:
    """Raise what is missing for a `Lab`.

    Raises:
        EnvironmentFailure: `lab_impossible`.
    """
    missing = [name for name in ("ip", "iptables") if shutil.which(name) is None]
    root = sys.platform == "linux" and os.geteuid() == 0
    if not root or missing:
        raise EnvironmentFailure(
            "lab_impossible",
            "Network namespaces need Linux, root, and the programs ip and iptables{missing}.",
            missing=f" (missing: {', '.join(missing)})" if missing else "",
        )


@dataclass(frozen=True)
class Space:
    """One network namespace: a computer with cables of its own."""

    name: str

    def command(self, *words: str) -> list[str]:
        """Return a command line that runs in here."""
        return ["ip", "netns", "exec", self.name, *words]

    def run(self, *words: str) -> str:
        """Run a command in here and return what it said."""
        return _run(self.command(*words))

    def ip(self, *words: str) -> None:
        """Run `ip` on this namespace."""
        _run(["ip", "-n", self.name, *words])

    def pids(self) -> list[int]:
        """Return the ids of the processes in here."""
        return [int(pid) for pid in _run(["ip", "netns", "pids", self.name]).split()]

    def iptables(self, *words: str) -> None:
        """Run `iptables` in here; -w waits for its lock."""
        _run(self.command("iptables", "-w", *words))


@dataclass(frozen=True)
class Plug:
    """One end of a cable. device: its interface in `space`."""

    space: Space
    device: str
    address: str

    def lose(self, share: float) -> None:
        """Lose this share of what arrives here; 0 = nothing any more, 1 = all.

        What arrives and not what leaves: a sender must not learn of it.
        """
        for chain in ("INPUT", "FORWARD"):
            self._forget(chain)
            rule = ["-A", chain, "-i", self.device]
            if share >= 1:
                self.space.iptables(*rule, "-j", "DROP")
            elif share > 0:
                odds = ["-m", "statistic", "--mode", "random", "--probability", str(share)]
                self.space.iptables(*rule, *odds, "-j", "DROP")

    def pull(self) -> None:
        """Pull the cable out: the system sees it."""
        self.space.ip("link", "set", self.device, "down")

    def plug(self, gateway: str) -> None:
        """Put the cable in; all else is reached by it."""
        self.space.ip("link", "set", self.device, "up")
        self.space.ip("route", "replace", "default", "via", gateway)

    def _forget(self, chain: str) -> None:
        for line in self.space.run("iptables", "-w", "-S", chain).splitlines():
            words = line.split()
            if words[0] == "-A" and self.device in words:
                self.space.iptables("-D", *words[1:])


@dataclass(frozen=True)
class Cable:
    """A cable between two namespaces. near: the end that was named first."""

    near: Plug
    far: Plug

    def lose(self, share: float) -> None:
        """Lose this share of the packets in each direction, unseen by both systems."""
        self.near.lose(share)
        self.far.lose(share)


class Lab:
    """Makes namespaces and cables, and removes them at the end of the block."""

    def __init__(self) -> None:
        """Prepare; nothing is made yet.

        Raises:
            EnvironmentFailure: `lab_impossible`.
        """
        check_lab()
        self._tag = secrets.token_hex(3)
        self._numbers = itertools.count(1)
        self._spaces: list[Space] = []

    def __enter__(self) -> Lab:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove every namespace, and with it its cables."""
        for space in self._spaces:
            with contextlib.suppress(subprocess.SubprocessError):
                _run(["ip", "netns", "delete", space.name])

    def space(self, label: str) -> Space:
        """Make a namespace with a loopback."""
        space = Space(f"pd{self._tag}{label}")
        _run(["ip", "netns", "add", space.name])
        self._spaces.append(space)
        space.ip("link", "set", "lo", "up")
        return space

    def cable(self, one: Space, address: str, other: Space, opposite: str) -> Cable:
        """Join two namespaces; addresses with their prefix, e.g. 11.0.1.1/24."""
        number = next(self._numbers)
        near, far = f"pd{self._tag}{number}a", f"pd{self._tag}{number}b"
        _run(["ip", "link", "add", near, "netns", one.name, "type", "veth",
              "peer", "name", far, "netns", other.name])  # fmt: skip
        for space, name, own in ((one, near, address), (other, far, opposite)):
            space.ip("address", "add", own, "dev", name)
            space.ip("link", "set", name, "up")
        return Cable(
            Plug(one, near, address.partition("/")[0]),
            Plug(other, far, opposite.partition("/")[0]),
        )


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
    if done.returncode != 0:
        raise subprocess.SubprocessError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout
