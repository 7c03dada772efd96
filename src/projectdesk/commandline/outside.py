"""`projectdesk doctor --server URL`: does a server let guests in, seen from where this runs.

What a guest's browser does, step by step: the way there, the name, the certificate, a page, a
WebSocket; with a personal link also sound and picture over UDP, and each relay, neither of which
goes by a proxy. Nothing is recorded at the meeting.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp_socks import ProxyConnector, ProxyError, ProxyType
from aioice import stun, turn
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from projectdesk import catalogues
from projectdesk.catalogues import ENGLISH
from projectdesk.doctor import Check, Say, check_language, said_in
from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.proxies import DIRECT, Kind, current
from projectdesk.proxies.routes import place_of
from projectdesk.proxies.trial import try_way
from projectdesk.signalling import VERSION, call, check, codec
from projectdesk.signalling.relays import RelayServer

_PATIENCE_S = 15.0
_RENEW_BEFORE = timedelta(days=14)


class _Ended(Exception):
    """A step failed, and those after it make no sense."""


def examine_server(address: str, language: str = ENGLISH) -> list[Check]:
    """Look at a server, or at a personal link of it; return what was found.

    Args:
        address: `https://HOST[:PORT]`, or a personal link `https://HOST/r/ROOM#TOKEN`.
        language: of what is said; what sockets say of themselves stays as it is.

    Raises:
        DomainError: `bad_server`; it is neither. `unknown_language`.
    """
    check_language(language)
    parts = urlsplit(address)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise DomainError(
            "bad_server",
            "“{address}” is no server: expected e.g. https://meet.example.org, or a personal link.",
            address=address.partition("#")[0],
        )
    return asyncio.run(_Outside(address, language).examine())


class _Outside:
    def __init__(self, address: str, language: str) -> None:
        self._say = said_in(language)
        self._language = language
        parts = urlsplit(address)
        self._base = f"{parts.scheme}://{parts.netloc}"
        self._room = parts.path.rstrip("/") if parts.fragment else ""
        self._token = parts.fragment
        self._found: list[Check] = []
        self._route = DIRECT

    async def examine(self) -> list[Check]:
        """Go as far as it works."""
        with contextlib.suppress(_Ended):
            await self._step("proxy", self._way())
            await self._examine_by_way()
        return self._found

    async def _examine_by_way(self) -> None:
        async with aiohttp.ClientSession(connector=self._connector()) as http:
            with contextlib.suppress(_Ended):
                if self._route == DIRECT:  # behind a proxy only the proxy needs to know the name
                    await self._step("address", self._resolve())
                await self._step("certificate", self._certificate())
                await self._step("host", self._host(http))
                await self._step("WebSocket", self._socket(http))
                if self._token:
                    await self._trial(http)

    async def _step(self, name: str, work: Awaitable[str]) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                self._found.append(Check(name, ok=True, text=await work))
        except TimeoutError:
            self._fail(name, self._say("server_silent", seconds=f"{_PATIENCE_S:.0f}"))
        except (
            OSError,
            aiohttp.ClientError,
            ProxyError,
            EnvironmentFailure,
            ValueError,
            stun.TransactionError,
        ) as error:
            self._fail(name, str(error) or type(error).__name__)

    def _fail(self, name: str, text: str) -> None:
        self._found.append(Check(name, ok=False, text=text))
        raise _Ended

    # --- by the address -----------------------------------------------------------------------

    async def _way(self) -> str:
        host, port = place_of(self._base)
        self._route = (await asyncio.to_thread(current().routes, host, port))[0]
        if self._route == DIRECT:
            return self._say("server_direct")
        way = await asyncio.to_thread(try_way, host, port)
        return self._say("server_by_way", way=way, host=host)

    def _connector(self) -> aiohttp.BaseConnector | None:
        if self._route == DIRECT:
            return None
        login = current().login(self._route)
        return ProxyConnector(
            host=self._route.host,
            port=self._route.port,
            proxy_type=ProxyType.HTTP if self._route.kind is Kind.HTTP else ProxyType.SOCKS5,
            username=login.user if login else None,
            password=login.password if login else None,
            rdns=True,
        )

    async def _resolve(self) -> str:
        host, port = place_of(self._base)
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=1)
        return ", ".join(dict.fromkeys(str(entry[4][0]) for entry in found))

    async def _certificate(self) -> str:
        host, port = place_of(self._base)
        if self._base.startswith("http:"):
            if not _is_private(host):
                raise ValueError(self._say("server_plain"))
            return self._say("server_plain_here")
        certificate = await asyncio.to_thread(_certificate_of, host, port)
        ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
        day = f"{ends:%Y-%m-%d}"
        if ends - datetime.now(UTC) < _RENEW_BEFORE:
            raise ValueError(self._say("server_certificate_ends", day=day))
        return self._say("server_certificate", day=day)

    async def _host(self, http: aiohttp.ClientSession) -> str:
        async with http.get(f"{self._base}/check") as response:
            if response.headers.get("Server") != "ProjectDesk" and "ProjectDesk" not in (
                await response.text()
            ):
                raise ValueError(self._say("server_other", status=response.status))
        return self._say("server_answers")

    async def _socket(self, http: aiohttp.ClientSession) -> str:
        async with self._open(http, "/check/ws") as say:
            began = time.monotonic()
            await say(call.Ping(n=1), call.Pong)
            took = f"{1000 * (time.monotonic() - began):.0f}"
            return self._say("server_round_trip", milliseconds=took)

    # --- by a personal link -------------------------------------------------------------------

    async def _trial(self, http: aiohttp.ClientSession) -> None:
        async with self._open(http, f"{self._room}/check/ws") as say:
            relays: list[RelayServer] = []

            async def link() -> str:
                opened = await say(
                    check.CheckHello(version=VERSION, token=self._token), check.TrialOpened
                )
                relays.extend(opened.relays)
                return self._say("server_link" if opened.media else "server_link_silent")

            await self._step("link", link())
            with contextlib.suppress(_Ended):  # relays are for such networks
                await self._step("media", self._media(say))
            for server in relays:
                for url in server.urls:
                    with contextlib.suppress(_Ended):
                        await self._step("relay", _relay(url, server, self._say))

    async def _media(self, say: _Say) -> str:
        offered = await say(call.OpenSubscribe(), call.SubscribeOffered)
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        connected = asyncio.Event()

        def changed() -> None:
            if peer.connectionState == "connected":
                connected.set()

        peer.on("connectionstatechange", changed)
        try:
            await peer.setRemoteDescription(RTCSessionDescription(offered.sdp, "offer"))
            await peer.setLocalDescription(await peer.createAnswer())
            await say(
                call.SubscribeAnswer(offer=offered.offer, sdp=peer.localDescription.sdp), None
            )
            places = _candidates(offered.sdp)
            try:
                async with asyncio.timeout(_PATIENCE_S - 3):
                    await connected.wait()
            except TimeoutError:
                raise ValueError(
                    self._say("server_udp_blocked", places=", ".join(places))
                ) from None
            return self._say("server_udp", places=", ".join(places))
        finally:
            await peer.close()

    def _refused(self, problem: call.Problem) -> str:
        words = problem.text
        if self._language != ENGLISH:
            words = catalogues.refusals(self._language).get(problem.code, words)
        return self._say("server_refused", code=problem.code, words=words)

    @contextlib.asynccontextmanager
    async def _open(self, http: aiohttp.ClientSession, path: str) -> AsyncIterator[_Say]:
        url = f"{self._base}{path}"
        async with http.ws_connect(url, headers={"Origin": self._base}) as socket:

            async def say(message: Any, wanted: type | None) -> Any:
                await socket.send_str(codec.encode(message).decode())
                while wanted is not None:
                    frame = await socket.receive()
                    if frame.type is not aiohttp.WSMsgType.TEXT:
                        raise ValueError(self._say("server_closed"))
                    answer = codec.decode(frame.data, check.CheckNews, limit=call.MAX_SDP)
                    if isinstance(answer, call.Problem):
                        raise ValueError(self._refused(answer))
                    if isinstance(answer, wanted):
                        return answer
                return None

            yield say


_Say = Callable[..., Awaitable[Any]]


def _certificate_of(host: str, port: int) -> dict[str, Any]:
    with (
        current().connect(host, port, _PATIENCE_S) as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=host) as encrypted,
    ):
        return dict(encrypted.getpeercert() or {})


async def _relay(url: str, server: RelayServer, say: Say) -> str:
    """Take a relay for a moment."""
    kind, _, rest = url.partition(":")
    place, _, transport = rest.partition("?transport=")
    host, _, port = place.rpartition(":") if not place.endswith("]") else (place, "", "")
    name = (host or place).strip("[]")
    taken, _ = await turn.create_turn_endpoint(
        asyncio.DatagramProtocol,
        server_addr=(name, int(port or (5349 if kind == "turns" else 3478))),
        username=server.username,
        password=server.credential,
        transport=transport or ("tcp" if kind == "turns" else "udp"),
        ssl=kind == "turns",
    )
    address = taken.get_extra_info("sockname")
    taken.close()
    return say("server_relay", url=url, address=address[0])


def _candidates(sdp: str) -> list[str]:
    words = [line.split() for line in sdp.splitlines() if line.startswith("a=candidate:")]
    return list(dict.fromkeys(f"{one[4]} port {one[5]}" for one in words))


def _is_private(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
