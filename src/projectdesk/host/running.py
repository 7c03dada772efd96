"""A host that listens: what begins with it, what signals do, and how it ends in bounded time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from types import FrameType

from aiohttp import web

from projectdesk.errors import EnvironmentFailure
from projectdesk.host.certificate import Certificate
from projectdesk.host.host import Host
from projectdesk.host.http.metrics_app import make_metrics_app
from projectdesk.host.meters import RecordCounter
from projectdesk.host.service_manager import ServiceManager

_log = logging.getLogger(__name__)


@contextlib.contextmanager
def records_counted(host: Host) -> Iterator[None]:
    """Count what goes into the log while the host runs."""
    counter = RecordCounter(host.meters)
    logging.getLogger().addHandler(counter)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(counter)


@contextlib.asynccontextmanager
async def figures(
    host: Host, address: tuple[str, int] | None, token: str | None
) -> AsyncIterator[None]:
    """Answer a Prometheus server on a listener of its own.

    Raises:
        EnvironmentFailure: `address_unusable`.
    """
    if address is None:
        yield
        return
    bind, port = address
    runner = web.AppRunner(make_metrics_app(host, token), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, bind, port).start()
        except OSError as error:
            raise EnvironmentFailure(
                "address_unusable",
                "This computer cannot listen on {bind}.",
                bind=f"{bind}, port {port}",
            ) from error
        yield
    finally:
        await runner.cleanup()


@contextlib.contextmanager
def signals(host: Host, certificate: Certificate | None, manager: ServiceManager) -> Iterator[None]:
    """End in good order on SIGTERM and SIGINT (Windows: also CTRL_BREAK_EVENT).

    SIGHUP reads the certificate again; nobody notices.
    """

    def stop() -> None:
        manager.stopping()
        host.stop()

    def reload() -> None:
        manager.reloading()
        if certificate is not None:
            certificate.read_again()
        manager.ready(status(host))

    ends = dict.fromkeys(("SIGTERM", "SIGINT", "SIGBREAK"), stop)
    with _handled({**ends, "SIGHUP": reload}):
        yield


@contextlib.contextmanager
def _handled(actions: Mapping[str, Callable[[], None]]) -> Iterator[None]:
    """Run an action on the event loop for each signal that this system has."""
    loop = asyncio.get_running_loop()

    def handler(action: Callable[[], None]) -> Callable[[int, FrameType | None], None]:
        def handle(_number: int, _frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(action)

        return handle

    before = {
        number: signal.signal(number, handler(action))
        for name, action in actions.items()
        if (number := getattr(signal, name, None)) is not None
    }
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


def status(host: Host) -> str:
    """Return a line for the administrator: how much goes on."""
    rooms = [driver.room.facts() for driver in host.drivers()]
    live = sum(room.state == "live" for room in rooms)
    people = sum(room.present + room.waiting for room in rooms)
    return f"{len(rooms)} rooms, {live} live, {people} people."
