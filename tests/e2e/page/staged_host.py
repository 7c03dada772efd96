"""A host that plays a part: serves the real pages, and says on the wire what a test tells it to.

It has no rules and no media of its own; the real host is tested elsewhere. Here the page is: what
it shows for what it hears, and what it says for what a person does.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import WSMsgType, web

from projectdesk import resources

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

Message = dict[str, Any]


def instant(shift: timedelta = timedelta()) -> str:
    """Return now, shifted, as the wire writes it."""
    return (datetime.now(UTC) + shift).isoformat().replace("+00:00", "Z")


def look(**changes: Any) -> Message:
    """Return what an open link opens."""
    start = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=5)
    return {
        "state": "open",
        "title": "Kick-off meeting",
        "project": "TIDEWATER",
        "name": "Zoë Ångström",
        "organisation": "Universitetet i Tromsø",
        "role": "participant",
        "startsAt": start.isoformat(),
        "localStart": "2026-03-02T10:00",
        "zone": "Europe/Copenhagen",
        "durationMinutes": 90,
        "opensAt": (start - timedelta(minutes=30)).isoformat(),
        "closesAt": (start + timedelta(days=1)).isoformat(),
        "now": instant(),
        "desk": "d3skd3skd3",
        "present": 2,
        "elsewhere": False,
        "organiser": "Ida Holm",
        **changes,
    }


def person(number: int, name: str, organisation: str, **changes: Any) -> Message:
    """Return a participant."""
    return {
        "id": f"{number:032x}",
        "name": name,
        "organisation": organisation,
        "country": "NO",
        "role": "participant",
        "zone": "Europe/Oslo",
        "since": instant(timedelta(minutes=-10, seconds=number)),
        "audio": True,
        "video": True,
        "screen": False,
        "away": False,
        "marked": False,
        "hand": None,
        **changes,
    }


def item(number: int, title: str, **changes: Any) -> Message:
    """Return an agenda item."""
    return {
        "id": f"item{number}",
        "number": str(number),
        "title": title,
        "kind": "information",
        "plannedMinutes": 10,
        "presenter": "",
        "presenterParticipant": None,
        "elapsedSeconds": 0.0,
        "allottedMinutes": None,
        "dropped": "",
        **changes,
    }


def clock(items: list[Message], current: str | None, started: bool = True) -> Message:
    """Return the agenda's clock as of now."""
    spent = sum(entry["elapsedSeconds"] for entry in items)
    return {
        "at": instant(),
        "startedAt": instant(timedelta(seconds=-spent)) if started else None,
        "current": current,
        "items": items,
    }


class StagedHost:
    """The host of one room `r00m` and one desk `d3sk`, as a test wants it."""

    def __init__(self) -> None:
        """Start with an open link, a lobby nobody waits in, and an empty room."""
        self.look: Message = look()
        self.refusal: tuple[int, Message] | None = None
        self.desk: Message = {}
        self.you = person(1, "Zoë Ångström", "Universitetet i Tromsø")
        self.role = "participant"
        self.lobby_first = False
        self.others: list[Message] = []
        self.lobby: list[Message] = []
        self.clock: Message = clock([], None, started=False)
        self.proposed_groups: list[Message] = []
        self.joins: list[Message] = []
        self.files: dict[str, bytes] = {}
        self.file_refusal: tuple[int, Message] | None = None
        self.file_limit = 0
        self.answers: list[Message] = []
        self.received: asyncio.Queue[Message] = asyncio.Queue()
        self.hellos: list[Message] = []
        self.resume_refused = False
        self.base = ""
        self._sockets: list[web.WebSocketResponse] = []

    def room_state(self) -> Message:
        """Return `RoomState` with everybody."""
        return {
            "type": "roomState",
            "now": instant(),
            "participants": [self.you, *self.others],
            "lobby": self.lobby,
            "clock": self.clock,
            "endsAt": instant(timedelta(hours=1)),
            "locked": False,
            "limits": {
                "capacity": 12,
                "everyone": 12,
                "cameras": 9,
                "fileBytes": self.file_limit,
            },
            "removed": [],
            "focus": {"participant": None, "chosen": False, "follows": True},
            "lobbyMessage": "",
            "notesShared": True,
            "breakouts": None,
            "proposedGroups": self.proposed_groups,
        }

    async def say(self, message: Message) -> None:
        """Send a message to the newest socket."""
        await self._sockets[-1].send_str(json.dumps(message))

    async def admit(self) -> None:
        """Let the waiting page in."""
        await self.say(self.room_state())

    async def drop(self) -> None:
        """Lose the newest socket."""
        await self._sockets[-1].close()

    async def heard(self, kind: str) -> Message:
        """Wait for a message of this type from the page; others are passed over."""
        while True:
            message = await asyncio.wait_for(self.received.get(), 15)
            if message["type"] == kind:
                return message

    # --- serving ------------------------------------------------------------------------------

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[StagedHost]:
        """Serve on a free loopback port."""
        app = web.Application(middlewares=[_headers])
        app.router.add_get("/r/{room}", _page("call.html"))
        app.router.add_get("/d/{desk}", _page("desk.html"))
        app.router.add_static("/static/", resources.path("web"))
        app.router.add_post("/r/{room}/api/look", self._answer_look)
        app.router.add_post("/r/{room}/api/join", self._answer_join)
        app.router.add_post("/r/{room}/api/files", self._take_file)
        app.router.add_get("/r/{room}/ws", self._socket)
        app.router.add_post("/d/{desk}/api/look", self._answer_desk_look)
        app.router.add_post("/d/{desk}/api/answer", self._answer_desk)
        runner = web.AppRunner(app, shutdown_timeout=0.5)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        self.base = f"http://127.0.0.1:{port}"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _answer_look(self, _request: web.Request) -> web.Response:
        if self.refusal is not None:
            status, problem = self.refusal
            return web.json_response(problem, status=status)
        return web.json_response({**self.look, "now": instant()})

    async def _answer_join(self, request: web.Request) -> web.Response:
        join = await request.json()
        self.joins.append(join)
        if self.look["elsewhere"] and not join["move"]:
            return web.json_response(
                {"type": "problem", "code": "already_here", "text": "Here already."}, status=409
            )
        self.you = {**self.you, "name": join["name"]}
        return web.json_response({"resume": f"resume-{len(self.joins)}"})

    async def _take_file(self, request: web.Request) -> web.Response:
        content = await request.read()
        if self.file_refusal is not None:
            status, problem = self.file_refusal
            return web.json_response(problem, status=status)
        self.files[request.query["name"]] = content
        return web.json_response({"id": "0f" * 16, "name": request.query["name"], "size": 1})

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        async for frame in socket:
            if frame.type != WSMsgType.TEXT:
                continue
            message = json.loads(frame.data)
            if message["type"] == "hello":
                await self._welcome(message)
            elif message["type"] == "ping":
                await self.say({"type": "pong", "n": message["n"]})
            elif message["type"] == "setMedia":
                self.you = {**self.you, **{key: message[key] for key in ("audio", "video")}}
                self.received.put_nowait(message)
            else:
                self.received.put_nowait(message)
        return socket

    async def _welcome(self, hello: Message) -> None:
        self.hellos.append(hello)
        if self.resume_refused:
            self.resume_refused = False
            await self.say(
                {
                    "type": "problem",
                    "code": "resume_unknown",
                    "text": "This session is over.",
                    "inReplyTo": "hello",
                    "fatal": True,
                }
            )
            return
        await self.say(
            {
                "type": "welcome",
                "version": 1,
                "you": self.you["id"],
                "role": self.role,
                "now": instant(),
                "title": self.look["title"],
                "project": self.look["project"],
            }
        )
        if self.lobby_first:
            await self.say({"type": "lobby", "message": "Two minutes, please."})
        else:
            await self.say(self.room_state())

    async def _answer_desk_look(self, _request: web.Request) -> web.Response:
        return web.json_response(self.desk)

    async def _answer_desk(self, request: web.Request) -> web.Response:
        answer = await request.json()
        self.answers.append(answer)
        self.desk = {**self.desk, "answer": answer["answer"], "answeredAt": instant()}
        return web.json_response(self.desk)


def _page(name: str) -> Any:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.FileResponse(resources.path("web", name))

    return answer


@web.middleware
async def _headers(request: web.Request, handler: Any) -> web.StreamResponse:
    response: web.StreamResponse = await handler(request)
    response.headers["Content-Security-Policy"] = CSP
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
