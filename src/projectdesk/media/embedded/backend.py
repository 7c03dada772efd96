"""The host's side of the embedded SFU: starts a process per room and speaks with it.

Nothing of aiortc is loaded here.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from projectdesk.errors import MediaError, RemoteProtocolError
from projectdesk.media.embedded.control import pack_frame, read_frame
from projectdesk.media.embedded.limits import MAX_PARTICIPANTS, MAX_SCREENS
from projectdesk.media.port import EventListener, MediaEnded
from projectdesk.signalling import VERSION
from projectdesk.signalling.media import (
    CloseLegs,
    Configure,
    Done,
    Failed,
    FeedSource,
    FromSfu,
    Hear,
    Mute,
    PauseRecording,
    Publish,
    ReadStatistics,
    RecordedPerson,
    Request,
    RoomStatistics,
    SetCircles,
    SfuHello,
    Shutdown,
    StartRecording,
    StopRecording,
    Subscribe,
    SubscribeAnswer,
    VideoCodec,
    Want,
    WantedFeed,
)

log = logging.getLogger(__name__)

_LOOPBACK = "127.0.0.1"
_START_TIMEOUT_S = 30.0
"""Loading the media libraries takes seconds on a slow machine."""

_REQUEST_TIMEOUT_S = 20.0
_RECORDER_TIMEOUT_S = 40.0
"""A recorder may have seconds of the call to write to a slow disk."""

_END_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class EmbeddedSettings:
    """Addresses, ports and limits of every room; as in `signalling.media.Configure`."""

    interfaces: tuple[str, ...] = ()
    udp_ports: tuple[int, int] | None = None
    public_addresses: tuple[str, ...] = ()
    announce_private: bool = True
    max_participants: int = MAX_PARTICIPANTS
    max_screens: int = MAX_SCREENS
    video_codecs: tuple[VideoCodec, ...] = ("vp8",)


def sfu_command() -> list[str]:
    """Return how this installation starts `projectdesk sfu`."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "sfu"]
    return [sys.executable, "-m", "projectdesk", "sfu"]


class EmbeddedBackend:
    """A `MediaBackend` whose rooms are processes of this machine."""

    records = True
    takes_sizes = True

    def __init__(
        self,
        settings: EmbeddedSettings = EmbeddedSettings(),
        *,
        command: Sequence[str] | None = None,
    ) -> None:
        """Make a back end; nothing is started yet.

        Args:
            settings: for every room.
            command: program and first arguments of the SFU; None for this installation's.
        """
        self._settings = settings
        self.video_codecs = settings.video_codecs
        self._command = list(command) if command is not None else sfu_command()
        self._rooms: set[EmbeddedRoom] = set()

    async def open_room(self, room: str, listener: EventListener) -> EmbeddedRoom:
        """Start the media of a room; `listener` hears its events until `close`.

        Raises:
            MediaError: `sfu_not_started`, `no_udp_port`, `media_library_mismatch`.
        """
        opened = EmbeddedRoom(listener, self._rooms.discard)
        await opened.start(self._command)
        settings = self._settings
        try:
            await opened.configure(room, settings)
        except MediaError:
            await opened.close()
            raise
        self._rooms.add(opened)
        return opened

    async def close(self) -> None:
        """Close every room."""
        for room in list(self._rooms):
            await room.close()


class EmbeddedRoom:
    """One SFU process; the `MediaRoom` of the embedded back end."""

    def __init__(self, listener: EventListener, ended: Callable[[EmbeddedRoom], None]) -> None:
        """Make a room without a process.

        Args:
            listener: hears events and, at most once, `MediaEnded`.
            ended: called when the room is over.
        """
        self._listener = listener
        self._ended = ended
        self._process: subprocess.Popen[bytes] | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[Done]] = {}
        self._number = 0
        self._closing = False

    @property
    def pid(self) -> int | None:
        """The SFU's process id."""
        return self._process.pid if self._process is not None else None

    # --- the port -------------------------------------------------------------------------------

    async def publish(
        self, participant: str, sdp: str, sources: dict[str, FeedSource], *, rebuild: bool = False
    ) -> str:
        """Take a client's offer and return the SDP answer."""
        done = await self._ask(
            lambda number: Publish(
                id=number, participant=participant, sdp=sdp, sources=sources, rebuild=rebuild
            )
        )
        return done.sdp or ""

    async def subscribe(self, participant: str, *, rebuild: bool = False) -> None:
        """Open the subscribe leg; offers then come as `SubscribeOffered` events."""
        await self._ask(
            lambda number: Subscribe(id=number, participant=participant, rebuild=rebuild)
        )

    async def answer(self, participant: str, offer: int, sdp: str) -> None:
        """Hand over the client's answer to offer number `offer`."""
        await self._ask(
            lambda number: SubscribeAnswer(id=number, participant=participant, offer=offer, sdp=sdp)
        )

    async def want(self, participant: str, feeds: list[WantedFeed] | None) -> None:
        """Set which feeds a participant receives; None = all of everybody else."""
        await self._ask(lambda number: Want(id=number, participant=participant, feeds=feeds))

    async def hear(self, loudest: int | None, always: list[str]) -> None:
        """Set whose voices are forwarded; None = everybody's."""
        await self._ask(lambda number: Hear(id=number, loudest=loudest, always=always))

    async def set_circles(self, circles: list[list[str]] | None) -> None:
        """Set among whom the loudest is looked for; None = all are one circle."""
        await self._ask(lambda number: SetCircles(id=number, circles=circles))

    async def mute(self, participant: str, source: FeedSource, *, muted: bool) -> None:
        """Stop or resume forwarding one feed to everybody."""
        await self._ask(
            lambda number: Mute(id=number, participant=participant, source=source, muted=muted)
        )

    async def start_recording(self, folder: Path, people: list[RecordedPerson]) -> None:
        """Record what these people send; go on after a pause; take other people."""
        await self._ask(lambda number: StartRecording(id=number, folder=str(folder), people=people))

    async def pause_recording(self) -> None:
        """Record nothing until `start_recording`."""
        await self._ask(lambda number: PauseRecording(id=number))

    async def stop_recording(self, erased: list[str]) -> None:
        """End the recording; files are closed then. Idempotent."""
        await self._ask(
            lambda number: StopRecording(id=number, erased=erased), patience_s=_RECORDER_TIMEOUT_S
        )

    async def close_legs(self, participant: str) -> None:
        """Close both legs of a participant. Idempotent."""
        await self._ask(lambda number: CloseLegs(id=number, participant=participant))

    async def statistics(self) -> RoomStatistics:
        """Return the counters."""
        done = await self._ask(lambda number: ReadStatistics(id=number))
        if done.statistics is None:
            raise MediaError("no_statistics", "The media server gave no statistics.")
        return done.statistics

    async def close(self) -> None:
        """End the process and free all it held. Idempotent."""
        if self._closing:
            reading = self._reading
            if reading is not None and not reading.done():
                await asyncio.wait([reading])  # it ended by itself and is being cleared away
            return
        self._closing = True
        if self._writer is not None and not self._writer.is_closing():
            with contextlib.suppress(MediaError):
                await self._ask(lambda number: Shutdown(id=number), patience_s=_END_TIMEOUT_S)
        await self._end()

    # --- start and end --------------------------------------------------------------------------

    async def start(self, command: Sequence[str]) -> None:
        """Start the process and wait until it has proved itself.

        Args:
            command: program and first arguments.

        Raises:
            MediaError: `sfu_not_started`.
        """
        secret = secrets.token_urlsafe(32)
        accepted: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
        accepted = asyncio.get_running_loop().create_future()

        strangers: set[asyncio.StreamWriter] = set()

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            strangers.add(writer)
            if await _proves_itself(reader, secret) and not accepted.done():
                strangers.discard(writer)
                accepted.set_result((reader, writer))
            else:
                writer.close()

        server = await asyncio.start_server(accept, _LOOPBACK, 0)
        port = server.sockets[0].getsockname()[1]
        arguments = [*command, _LOOPBACK, str(port)]
        try:
            self._process = await asyncio.to_thread(_spawn, arguments, secret)
            reader, self._writer = await self._wait_for(accepted, self._process)
        except (OSError, TimeoutError) as error:
            await self._end()
            raise MediaError(
                "sfu_not_started", "The media server did not start: {reason}.", reason=str(error)
            ) from error
        except asyncio.CancelledError:
            await asyncio.shield(self._end())
            raise
        finally:
            server.close()
            await _close_all(strangers)
        self._reading = asyncio.get_running_loop().create_task(self._read(reader))

    async def configure(self, room: str, settings: EmbeddedSettings) -> None:
        """Send the first request."""
        await self._ask(
            lambda number: Configure(
                id=number,
                room=room,
                interfaces=list(settings.interfaces),
                udp_ports=settings.udp_ports,
                public_addresses=list(settings.public_addresses),
                announce_private=settings.announce_private,
                max_participants=settings.max_participants,
                max_screens=settings.max_screens,
                video_codecs=settings.video_codecs,
            )
        )

    @staticmethod
    async def _wait_for(
        accepted: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]],
        process: subprocess.Popen[bytes],
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Wait for the connection, but not for that of a process that has ended."""
        async with asyncio.timeout(_START_TIMEOUT_S):
            while True:
                done, _ = await asyncio.wait([accepted], timeout=0.1)
                if done:
                    return accepted.result()
                code = process.poll()
                if code is not None:
                    raise OSError(f"it ended with code {code}")

    async def _end(self) -> None:
        if self._writer is not None:
            self._writer.close()
        process, self._process = self._process, None
        if process is not None:
            await asyncio.to_thread(_stop, process)
        if self._reading is not None and self._reading is not asyncio.current_task():
            await self._reading
            self._reading = None
        if self._writer is not None:
            with contextlib.suppress(ConnectionError):
                await self._writer.wait_closed()
        self._ended(self)

    # --- the connection -------------------------------------------------------------------------

    async def _read(self, reader: asyncio.StreamReader) -> None:
        wire: Any = FromSfu
        try:
            while (message := await read_frame(reader, wire)) is not None:
                if isinstance(message, Done | Failed):
                    self._settle(message)
                elif not isinstance(message, SfuHello):
                    self._tell(message)
        except RemoteProtocolError as error:
            log.error("the media server sent nonsense: %s", error)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(
                    MediaError("media_ended", "The media server of this room ended.")
                )
        self._waiting.clear()
        if not self._closing:
            self._closing = True
            log.warning("the media server of a room ended by itself")
            self._tell(MediaEnded("The media server of this room ended."))
            await self._end()

    def _tell(self, event: Any) -> None:
        try:
            self._listener(event)
        except Exception:
            log.exception("a listener failed on %s", type(event).__name__)

    def _settle(self, reply: Done | Failed) -> None:
        waiting = self._waiting.pop(reply.id, None)
        if waiting is None or waiting.done():
            return
        if isinstance(reply, Failed):
            waiting.set_exception(MediaError(reply.code, "{text}", text=reply.text))
        else:
            waiting.set_result(reply)

    async def _ask(
        self, make: Callable[[int], Request], *, patience_s: float = _REQUEST_TIMEOUT_S
    ) -> Done:
        writer = self._writer
        if writer is None or writer.is_closing() or self._process is None:
            raise MediaError("media_ended", "The media server of this room ended.")
        self._number += 1
        number = self._number
        waiting: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        try:
            writer.write(pack_frame(make(number)))
            async with asyncio.timeout(patience_s):
                return await waiting
        except TimeoutError as error:
            raise MediaError("media_slow", "The media server did not answer in time.") from error
        finally:
            self._waiting.pop(number, None)


async def _close_all(writers: Iterable[asyncio.StreamWriter]) -> None:
    for writer in list(writers):
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def _proves_itself(reader: asyncio.StreamReader, secret: str) -> bool:
    """Whether the first frame is a hello of our version with our secret."""
    wire: Any = FromSfu
    try:
        async with asyncio.timeout(_START_TIMEOUT_S):
            hello = await read_frame(reader, wire)
    except (TimeoutError, RemoteProtocolError):
        return False
    return (
        isinstance(hello, SfuHello)
        and hello.version == VERSION
        and hmac.compare_digest(hello.secret.encode(), secret.encode())
    )


def _spawn(arguments: Sequence[str], secret: str) -> subprocess.Popen[bytes]:
    """Start the process and hand it the secret; its input stays open as long as we live."""
    # Windows: no console window beside the call, and before other programs (see `process`).
    flags: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    flags |= getattr(subprocess, "ABOVE_NORMAL_PRIORITY_CLASS", 0)
    process = subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, creationflags=flags
    )
    assert process.stdin is not None  # noqa: S101 - PIPE; tells the type checker
    process.stdin.write(secret.encode() + b"\n")
    process.stdin.flush()
    return process


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Wait for the process, ending it where it does not end by itself."""
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    try:
        process.wait(_END_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
