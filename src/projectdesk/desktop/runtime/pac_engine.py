"""The program `projectdesk pac`: runs a PAC file for `projectdesk.proxies.pac`.

It reads lines of JSON from standard input, first `{"script": ...}`, then `{"url", "host"}`, and
answers each of the latter with `{"answer"}` or `{"error"}`. It ends with its input. A script
reaches nothing but names of hosts and the clock.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import sys
import time
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Slot
from PySide6.QtQml import QJSEngine, QJSValue

from projectdesk import resources


class System(QObject):
    """What a script may ask; texts hold addresses with ";" between them."""

    @Slot(str, result=str)
    def resolve(self, host: str) -> str:
        """Return the addresses of a host; "" = it has none."""
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return ""
        return ";".join(dict.fromkeys(str(entry[4][0]) for entry in found))

    @Slot(result=str)
    def own(self) -> str:
        """Return this computer's addresses, as others see them; nothing is sent."""
        found = []
        for family, there in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
            try:
                with socket.socket(family, socket.SOCK_DGRAM) as probe:
                    probe.connect((there, 9))
                    found.append(str(probe.getsockname()[0]))
            except OSError:
                continue
        return ";".join(found)

    @Slot(str, str, result=bool)
    def within(self, address: str, prefix: str) -> bool:
        """Tell whether an address is in a network such as 2001:db8::/32."""
        try:
            return ipaddress.ip_address(address) in ipaddress.ip_network(prefix, strict=False)
        except ValueError:
            return False

    @Slot(str, result=str)
    def sorted(self, addresses: str) -> str:
        """Return addresses in order, those of IPv6 first; "" where one is none."""
        try:
            found = [ipaddress.ip_address(one.strip()) for one in addresses.split(";")]
        except ValueError:
            return ""
        return ";".join(str(one) for one in sorted(found, key=lambda one: (-one.version, int(one))))

    @Slot(result=float)
    def now(self) -> float:
        """Return the time in milliseconds since 1970."""
        return time.time() * 1000


class PacEngine:
    """One script."""

    def __init__(self, script: str, system: System | None = None) -> None:
        """Load it.

        Args:
            script: the text of a PAC file.
            system: what it may ask.

        Raises:
            ValueError: it is no script, or has no FindProxyForURL.
        """
        self._engine = QJSEngine()
        self._system = system or System()
        self._engine.globalObject().setProperty("system", self._engine.newQObject(self._system))
        helpers = resources.path("pac", "helpers.js").read_text(encoding="utf-8")
        self._evaluate(helpers, "helpers.js")
        self._evaluate(script, "proxy.pac")
        names = ("FindProxyForURLEx", "FindProxyForURL")
        found = [self._engine.globalObject().property(name) for name in names]
        self._find = next((one for one in found if one.isCallable()), None)
        if self._find is None:
            raise ValueError("it has no function FindProxyForURL")

    def _evaluate(self, code: str, name: str) -> None:
        made: object = self._engine.evaluate(code, name)
        # PySide's own description has a second result, which only some of its releases give.
        _checked(made[0] if isinstance(made, tuple) else made)

    def find(self, url: str, host: str) -> str:
        """Return what the script answers.

        Raises:
            ValueError: it fails, or answers no text.
        """
        if self._find is None:
            raise ValueError("it has no function FindProxyForURL")
        made = _checked(self._find.call([QJSValue(url), QJSValue(host)]))
        if made.isNull() or made.isUndefined():
            return "DIRECT"
        if not made.isString():
            raise ValueError("FindProxyForURL answers no text")
        return made.toString()


def _checked(made: object) -> QJSValue:
    if not isinstance(made, QJSValue):
        raise ValueError("it gives nothing")
    if made.isError():
        line = made.property("lineNumber").toInt()
        raise ValueError(f"{made.toString()} (line {line})")
    return made


def _answer(engine: PacEngine | None, problem: str, asked: dict[str, Any]) -> dict[str, str]:
    if engine is None:
        return {"error": problem or "there is no script"}
    try:
        return {"answer": engine.find(str(asked["url"]), str(asked["host"]))}
    except (ValueError, KeyError) as error:
        return {"error": str(error)}


def main(_arguments: Sequence[str] = ()) -> int:
    """Answer until the input ends."""
    application = QCoreApplication.instance() or QCoreApplication(["projectdesk"])
    engine: PacEngine | None = None
    problem = ""
    for stream in (sys.stdin, sys.stdout):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    for line in sys.stdin:
        asked = json.loads(line)
        if "script" in asked:
            try:
                engine = PacEngine(asked["script"])
            except ValueError as error:
                problem = str(error)
            continue
        print(json.dumps(_answer(engine, problem, asked)), flush=True)  # noqa: T201 - the protocol
    del engine, application
    return 0
