"""The program `projectdesk sfu`: one room's media, driven over one loopback connection.

It runs a selector event loop on every system: Windows' other loop cannot watch UDP sockets, and
its selector loop has neither pipes nor child processes. So the secret comes over standard input,
read by a thread, which also ends the process when the host is gone (end of input), and all else
over TCP (decisions 6).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import logging
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, assert_never

import msgspec

from projectdesk.errors import MediaError, ProjectDeskError, RemoteProtocolError
from projectdesk.media.embedded.control import pack_frame, read_frame
from projectdesk.media.embedded.sfu import Sfu
from projectdesk.media.embedded.tasks import Tasks
from projectdesk.signalling import VERSION
from projectdesk.signalling.media import (
    CloseLegs,
    Configure,
    Done,
    Failed,
    Hear,
    LegChanged,
    Mute,
    PauseRecording,
    Publish,
    ReadStatistics,
    Request,
    SetCircles,
    SfuHello,
    Shutdown,
    StartRecording,
    StopRecording,
    Subscribe,
    SubscribeAnswer,
    Want,
)

log = logging.getLogger(__name__)

_MAX_SECRET = 256
_NICENESS = -5

_SWEEP_S = 2.0
"""How long after a leg closed it is swept: people who leave together cost one sweep."""


class _Session:
    """Serves the host's requests one after the other."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._sfu: Sfu | None = None
        self._tasks = Tasks()
        self._sweeping = False

    def emit(self, message: msgspec.Struct) -> None:
        if isinstance(message, LegChanged) and message.state == "closed" and not self._sweeping:
            self._sweeping = True
            self._tasks.start(self._sweep())
        if not self._writer.is_closing():
            self._writer.write(pack_frame(message))

    async def _sweep(self) -> None:
        """Free what closed legs hold in circles: a megabyte of packets each.

        By itself the collector looks at everything after some 70,000 new objects, which are a
        hundred comings and goings. Of a room of twelve it takes some milliseconds.
        """
        await asyncio.sleep(_SWEEP_S)
        self._sweeping = False
        gc.collect()

    async def serve(self, reader: asyncio.StreamReader) -> None:
        wire: Any = Request
        try:
            while (request := await read_frame(reader, wire)) is not None:
                if isinstance(request, StopRecording):
                    # Its files are closed when the disk has taken them: nobody else waits for that.
                    self._tasks.start(self._answer_later(request))
                    continue
                self.emit(await self._answer(request))
                await self._writer.drain()
                if isinstance(request, Shutdown):
                    return
        finally:
            if self._sfu is not None:
                await self._sfu.close()
            await self._tasks.cancel()

    async def _answer_later(self, request: Request) -> None:
        self.emit(await self._answer(request))

    async def _answer(self, request: Request) -> Done | Failed:
        try:
            return await self._carry_out(request)
        except ProjectDeskError as error:
            return Failed(id=request.id, code=error.code, text=error.text)
        except Exception:
            # A bug in one participant's negotiation must not end the call of the others.
            log.exception("request %s failed", type(request).__name__)
            return Failed(
                id=request.id, code="internal", text="The media server failed; see its log."
            )

    async def _carry_out(self, request: Request) -> Done:
        if isinstance(request, Configure):
            return await self._configure(request)
        sfu = self._sfu
        if sfu is None:
            raise MediaError("not_configured", "The first request must be Configure.")
        match request:
            case Publish():
                answer = await sfu.publish(
                    request.participant, request.sdp, request.sources, rebuild=request.rebuild
                )
                return Done(id=request.id, sdp=answer)
            case Subscribe():
                await sfu.subscribe(request.participant, rebuild=request.rebuild)
            case SubscribeAnswer():
                await sfu.answer(request.participant, request.offer, request.sdp)
            case Want():
                await sfu.want(request.participant, request.feeds)
            case Hear():
                sfu.hear(request.loudest, request.always)
            case SetCircles(circles=circles):
                sfu.set_circles(circles)
            case Mute():
                await sfu.mute(request.participant, request.source, muted=request.muted)
            case CloseLegs():
                await sfu.close_legs(request.participant)
            case StartRecording(folder=folder, people=people):
                await sfu.start_recording(Path(folder), people)
            case PauseRecording():
                sfu.pause_recording()
            case StopRecording(erased=erased):
                await sfu.stop_recording(erased)
            case ReadStatistics():
                return Done(id=request.id, statistics=sfu.statistics())
            case Shutdown():
                await sfu.close()
                self._sfu = None
            case _:
                assert_never(request)
        return Done(id=request.id)

    async def _configure(self, request: Configure) -> Done:
        if self._sfu is not None:
            raise MediaError("already_configured", "Configure comes once.")
        emit: Any = self.emit
        sfu = Sfu(request, emit)
        await sfu.open()
        self._sfu = sfu
        return Done(id=request.id)


async def _run(address: str, port: int, secret: str) -> None:
    reader, writer = await asyncio.open_connection(address, port)
    session = _Session(writer)
    session.emit(SfuHello(secret=secret, pid=os.getpid(), version=VERSION))
    try:
        await session.serve(reader)
    except RemoteProtocolError as error:
        log.error("the host sent nonsense: %s", error)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def _end_with_input() -> None:
    """End the process when standard input ends: the host is gone, however it went."""
    while sys.stdin.buffer.read(1):
        pass
    os._exit(0)


def _raise_priority() -> None:
    """Go before other programs where the system allows it: a packet that waits is heard.

    Unix allows it to services with that right; Windows takes it from `backend`, which starts us.
    """
    nice = getattr(os, "nice", None)
    if nice is not None:
        with contextlib.suppress(OSError):
            nice(_NICENESS)


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="projectdesk sfu", description=__doc__)
    parser.add_argument("address", help="where the host listens (loopback)")
    parser.add_argument("port", type=int, help="TCP port of the host")
    if given is None:
        # After the word `sfu` where the command line has it: options of the program come before.
        words = sys.argv[1:]
        given = words[words.index("sfu") + 1 :] if "sfu" in words else words
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Run the SFU until its host is done with it.

    Args:
        given: ADDRESS PORT; None takes them from the command line.

    Returns:
        0; 2 where there is no secret on standard input or no host to connect to.
    """
    arguments = _arguments(given)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    secret = sys.stdin.buffer.readline(_MAX_SECRET).decode("ascii", "replace").strip()
    if not secret:
        log.error("no secret on standard input: `projectdesk sfu` is started by its host")
        return 2
    threading.Thread(target=_end_with_input, name="host-watch", daemon=True).start()
    _raise_priority()
    # What is loaded now stays: the collector need not look at it between two packets.
    gc.collect()
    gc.freeze()
    try:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(_run(arguments.address, arguments.port, secret))
    except OSError as error:
        log.error("no host at %s port %s: %s", arguments.address, arguments.port, error)
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
