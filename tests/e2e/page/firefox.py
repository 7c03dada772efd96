"""Firefox, led by WebDriver BiDi: the few commands that the tests of the page need.

https://www.w3.org/TR/webdriver-bidi/; playwright brings a Firefox of its own, and this is the one
that people have.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

PATIENCE_S = 60.0

#: Fake devices that are allowed, loopback for media, and no calls home.
PREFERENCES: dict[str, bool | int | str] = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.autoplay.default": 0,
    "media.gmp-manager.updateEnabled": False,
    "intl.accept_languages": "en-GB,en",
    "app.update.auto": False,
    "app.update.disabledForTesting": True,
    "app.normandy.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}

_LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")


class FirefoxError(Exception):
    """A command was refused, or the page threw."""


class FirefoxPage:
    """One tab. What the page complains of is in `complaints`."""

    def __init__(self, firefox: Firefox, context: str) -> None:
        """Take the id of a browsing context."""
        self._firefox = firefox
        self.context = context
        self.complaints: list[str] = []

    async def goto(self, address: str) -> None:
        """Open an address and wait until it is loaded."""
        await self._command("browsingContext.navigate", url=address, wait="complete")

    async def reload(self) -> None:
        """Load the page again."""
        await self._command("browsingContext.reload", wait="complete")

    async def evaluate(self, expression: str, *arguments: Any) -> Any:
        """Call a JavaScript function with JSON arguments; return its (awaited) JSON result."""
        called = f"await ({expression})(...JSON.parse(given))"
        call = f"async (given) => JSON.stringify(({called}) ?? null)"
        reply = await self._command(
            "script.callFunction",
            functionDeclaration=call,
            arguments=[{"type": "string", "value": json.dumps(arguments)}],
            awaitPromise=True,
            target={"context": self.context},
            userActivation=True,
        )
        if reply["type"] == "exception":
            raise FirefoxError(reply["exceptionDetails"]["text"])
        return json.loads(reply["result"]["value"])

    async def wait_for(self, expression: str, *arguments: Any) -> Any:
        """Wait until a JavaScript function returns something true, and return that."""
        waiting = f"""async (given) => {{
          for (let attempt = 0; attempt < 300; attempt += 1) {{
            const value = await ({expression})(...given);
            if (value) {{ return value; }}
            await new Promise((resolve) => setTimeout(resolve, 100));
          }}
          throw new Error("waited in vain for " + {json.dumps(expression[:80])});
        }}"""
        return await self.evaluate(waiting, arguments)

    async def place(self, name: str) -> None:
        """Wait until the page is at a place of its session."""
        await self.wait_for("(name) => window.projectdesk?.state().name === name", name)

    async def click(self, name: str) -> None:
        """Press the shown button that reads, or is named, like this."""
        find = """(name) => {
          const named = (one) =>
            [one.getAttribute("aria-label"), one.textContent.trim(), one.title];
          const shown = [...document.querySelectorAll("button, [role=menuitem]")].filter(
            (one) => one.checkVisibility() && !one.disabled);
          const found = shown.find((one) => named(one).some((words) => words === name));
          found?.scrollIntoView({block: "center"});
          const box = found?.getBoundingClientRect();
          return box && [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
        }"""
        across, down = await self.wait_for(find, name)
        steps = [
            {"type": "pointerMove", "x": across, "y": down},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        await self._act({"type": "pointer", "id": "mouse", "actions": steps})

    async def press(self, key: str) -> None:
        """Press a key and let it go."""
        steps = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        await self._act({"type": "key", "id": "keys", "actions": steps})

    async def picture(self) -> bytes:
        """Return what the tab shows as a PNG."""
        shot = await self._command("browsingContext.captureScreenshot")
        return base64.b64decode(shot["data"])

    async def resize(self, width: int, height: int) -> None:
        """Give the tab another size."""
        size = {"width": width, "height": height}
        await self._command("browsingContext.setViewport", viewport=size)

    async def _act(self, source: dict[str, Any]) -> None:
        await self._command("input.performActions", actions=[source])

    async def _command(self, method: str, **parameters: Any) -> Any:
        return await self._firefox.command(method, context=self.context, **parameters)


class Firefox:
    """The connection to one running Firefox."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Take the open connection; `running_firefox` makes it."""
        self._socket = socket
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._count = 0
        self._pages: dict[str, FirefoxPage] = {}

    async def command(self, method: str, **parameters: Any) -> Any:
        """Send a command and return its result."""
        self._count += 1
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[self._count] = reply
        if method.startswith("script."):
            parameters.pop("context", None)  # it is in the target
        await self._socket.send_json({"id": self._count, "method": method, "params": parameters})
        return await asyncio.wait_for(reply, PATIENCE_S)

    async def open(self, address: str, *, before: str = "") -> FirefoxPage:
        """Open an address in a container of its own: cookies and storage are not shared.

        Args:
            address: of the page.
            before: JavaScript that runs in the page before its own.
        """
        container = (await self.command("browser.createUserContext"))["userContext"]
        made = await self.command("browsingContext.create", type="tab", userContext=container)
        page = FirefoxPage(self, made["context"])
        self._pages[page.context] = page
        if before:
            declared = f"() => {{ {before} }}"
            await self.command(
                "script.addPreloadScript", functionDeclaration=declared, contexts=[page.context]
            )
        await page.goto(address)
        return page

    async def read(self) -> None:
        """Sort what Firefox says into replies and complaints, until it closes."""
        async for frame in self._socket:
            message = json.loads(frame.data)
            if message["type"] == "event":
                self._note(message["params"])
                continue
            reply = self._waiting.pop(message.get("id"), None)
            if reply is None or reply.done():
                continue
            if message["type"] == "error":
                reply.set_exception(FirefoxError(f"{message['error']}: {message['message']}"))
            else:
                reply.set_result(message["result"])

    def _note(self, entry: dict[str, Any]) -> None:
        page = self._pages.get(entry.get("source", {}).get("context", ""))
        if page is not None and entry.get("level") == "error":
            page.complaints.append(str(entry.get("text")))


def firefox_path() -> Path | None:
    """Return the machine's Firefox."""
    found = (shutil.which(name) for name in ("firefox-esr", "firefox"))
    return next((Path(path) for path in found if path), None)


@asynccontextmanager
async def running_firefox(path: Path, profile: Path) -> AsyncIterator[Firefox]:
    """Run Firefox without a window until the end of the block; `profile` is a new folder."""
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        str(path),
        "--headless",
        "--no-remote",
        "--profile",
        str(profile),
        "--remote-debugging-port",
        "0",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    address = await asyncio.wait_for(_listening(process.stderr), PATIENCE_S)
    draining = asyncio.get_running_loop().create_task(_drain(process.stderr))
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{address}/session", max_msg_size=0) as socket,
        ):
            firefox = Firefox(socket)
            reading = asyncio.get_running_loop().create_task(firefox.read())
            await firefox.command("session.new", capabilities={})
            await firefox.command("session.subscribe", events=["log.entryAdded"])
            yield firefox
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
    finally:
        process.terminate()
        await process.wait()
        await draining


async def _listening(stream: asyncio.StreamReader) -> str:
    while line := await stream.readline():
        if found := _LISTENING.search(line.decode(errors="replace")):
            return found.group(1)
    raise FirefoxError("Firefox ended before it listened")


async def _drain(stream: asyncio.StreamReader) -> None:
    while await stream.readline():
        pass
