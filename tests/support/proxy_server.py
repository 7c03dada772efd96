"""A proxy of an organisation in a thread: HTTP CONNECT with basic authentication, and SOCKS5.

Every name leads to 127.0.0.1, so that tests can go through it to hosts that are not near.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

_IDLE_S = 10


@dataclass
class ProxyServer:
    """port: where it listens. asked: `(kind, host, port, user)` of each that it let through.

    login: who may use it, None = everybody. refused: logins that were not accepted. status: what
    it answers to CONNECT instead, 0 = it connects. open: connections, until the end.
    """

    login: tuple[str, str] | None = None
    status: int = 0
    port: int = 0
    asked: list[tuple[str, str, int, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    open: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socks(self) -> str:
        return f"socks5://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open.append(writer)
        try:
            first = await reader.readexactly(1)
            if first == b"\x05":
                await self._socks(reader, writer)
            else:
                await self._http(first, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _http(
        self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *fields = head.split("\r\n")
        method, target, _ = line.split(" ")
        named = dict(entry.lower().split(": ", 1) for entry in fields if ": " in entry)
        user = ""
        if self.login is not None:
            wanted = base64.b64encode(":".join(self.login).encode()).decode()
            given = next((e for e in fields if e.lower().startswith("proxy-authorization")), "")
            if given.partition("Basic ")[2] != wanted:
                self.refused.append(named.get("proxy-authorization", ""))
                writer.write(
                    b"HTTP/1.1 407 Proxy Authentication Required\r\n"
                    b'Proxy-Authenticate: Basic realm="Example University"\r\n'
                    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
                )
                await writer.drain()
                return
            user = self.login[0]
        if method != "CONNECT" or self.status:
            writer.write(f"HTTP/1.1 {self.status or 405} Refused\r\n\r\n".encode())
            await writer.drain()
            return
        host, _, port = target.rpartition(":")
        self.asked.append(("http", host.strip("[]"), int(port), user))
        await self._join(int(port), b"HTTP/1.1 200 Connected\r\n\r\n", reader, writer)

    async def _socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        methods = await reader.readexactly((await reader.readexactly(1))[0])
        user = ""
        if self.login is None:
            writer.write(b"\x05\x00")
        elif b"\x02" not in methods:
            self.refused.append("")
            writer.write(b"\x05\xff")
            await writer.drain()
            return
        else:
            writer.write(b"\x05\x02")
            await reader.readexactly(1)
            user = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
            password = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
            if (user, password) != self.login:
                self.refused.append(user)
                writer.write(b"\x01\x01")
                await writer.drain()
                return
            writer.write(b"\x01\x00")
        _, _, _, kind = await reader.readexactly(4)
        if kind == 3:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            host = ".".join(str(part) for part in await reader.readexactly(4))
        (port,) = struct.unpack("!H", await reader.readexactly(2))
        self.asked.append(("socks5", host, port, user))
        ok = b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"
        await self._join(port, ok, reader, writer)

    async def _join(
        self,
        port: int,
        hello: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        self.open.append(back)
        writer.write(hello)

        async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while piece := await source.read(65536):
                target.write(piece)
                await target.drain()
            target.close()

        with contextlib.suppress(ConnectionError):
            await asyncio.gather(copy(reader, back), copy(there, writer))
        back.close()


@contextlib.contextmanager
def running(server: ProxyServer) -> Iterator[ProxyServer]:
    """Run a proxy until the block ends."""
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        server.port = listening.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        listening.close()
        for _ in range(3):  # who was just let in becomes a task first, which can be ended
            await asyncio.sleep(0.01)
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            while server.open:
                server.open.pop().transport.abort()

    def run() -> None:
        try:
            loop.run_until_complete(serve())
        finally:
            loop.close()

    thread = threading.Thread(target=run, name="proxy")
    thread.start()
    assert ready.wait(_IDLE_S)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(_IDLE_S)
