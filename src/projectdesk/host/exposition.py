"""The figures of a host in the text format of Prometheus (version 0.0.4).

They name rooms by their public id and nobody by name.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal, TypeVar

from projectdesk.errors import EnvironmentFailure
from projectdesk.host.host import Host
from projectdesk.host.journal import mails
from projectdesk.host.meters import Meters, Traffic
from projectdesk.signalling import VERSION

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_PATIENCE_S = 2.0
"""How long one SFU may take to tell its counters."""
_STARTED_AT = time.time()
T = TypeVar("T")


@dataclass(frozen=True)
class Sample:
    """One line. labels: as they follow the name."""

    value: float
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Family:
    """A metric with its help and its samples."""

    name: str
    kind: Literal["counter", "gauge"]
    help: str
    samples: tuple[Sample, ...]


def render(families: Iterable[Family]) -> str:
    """Return the text that a Prometheus server reads."""
    lines: list[str] = []
    for family in families:
        lines.append(f"# HELP {family.name} {family.help}")
        lines.append(f"# TYPE {family.name} {family.kind}")
        lines.extend(
            f"{family.name}{_labels(sample.labels)} {_number(sample.value)}"
            for sample in family.samples
        )
    return "\n".join(lines) + "\n"


async def collect(host: Host) -> str:
    """Ask every SFU for its counters and return the figures of the host."""
    drivers = host.drivers()
    readings = await asyncio.gather(*(_reading(driver.statistics()) for driver in drivers))
    media = host.meters.media
    media.keep({driver.room.id for driver in drivers})
    for driver, reading in zip(drivers, readings, strict=True):
        if reading is None:
            media.without(driver.room.id)
        else:
            media.read(driver.room.id, reading)
    mail = await _mail(host)
    return render([*_rooms(host), *_traffic(host.meters), *_journal(host), *mail, *_process()])


async def _reading(asked: Awaitable[T | None]) -> T | None:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await asked
    except TimeoutError:
        return None


def _rooms(host: Host) -> Iterable[Family]:
    rooms = [driver.room.facts() for driver in host.drivers()]
    states = dict.fromkeys(("waiting", "live", "ended"), 0)
    for room in rooms:
        states[room.state] = states.get(room.state, 0) + 1
    about = {"version": version("projectdesk"), "protocol": str(VERSION)}
    yield _gauge("projectdesk_info", "Version of the program.", Sample(1, about))
    stopping = host.stopping.is_set()
    yield _gauge("projectdesk_stopping", "1 while the host ends.", Sample(int(stopping), {}))
    yield _gauge(
        "projectdesk_rooms",
        "Rooms by state.",
        *(Sample(count, {"state": state}) for state, count in states.items()),
    )
    yield _gauge(
        "projectdesk_people",
        "People in calls and in lobbies.",
        Sample(sum(room.present for room in rooms), {"place": "call"}),
        Sample(sum(room.waiting for room in rooms), {"place": "lobby"}),
    )
    sockets = host.meters.sockets
    yield _gauge(
        "projectdesk_sockets",
        "Open sockets of pages and of desktops' consoles.",
        Sample(sockets["page"], {"kind": "page"}),
        Sample(sockets["console"], {"kind": "console"}),
    )


def _traffic(meters: Meters) -> Iterable[Family]:
    yield _counter(
        "projectdesk_messages_total",
        "Messages of the signalling; dropped ones were too many or not understood.",
        Sample(meters.received, {"direction": "in"}),
        Sample(meters.sent, {"direction": "out"}),
        Sample(meters.dropped, {"direction": "dropped"}),
    )
    yield _counter(
        "projectdesk_http_answers_total",
        "HTTP answers by class of their status.",
        *(Sample(meters.answers[group], {"status": group}) for group in _CLASSES),
    )
    bad = Sample(meters.bad_tokens, {})
    yield _counter("projectdesk_bad_tokens_total", "Wrong links and API keys.", bad)
    yield _counter(
        "projectdesk_log_records_total",
        "Records of the log by level.",
        *(Sample(meters.records[level], {"level": level}) for level in _LEVELS),
    )
    yield from _media(meters.media.rooms)


def _media(rooms: Mapping[str, Traffic]) -> Iterable[Family]:
    ordered = sorted(rooms.items())

    def each(direction: str, name: str) -> Iterable[Sample]:
        for room, traffic in ordered:
            labels = {"room": room, "direction": direction} if direction else {"room": room}
            yield Sample(getattr(traffic, name), labels)

    yield _counter(
        "projectdesk_sfu_packets_total",
        "RTP packets that a room's SFU took and forwarded.",
        *each("in", "packets_in"),
        *each("out", "packets_out"),
    )
    yield _counter(
        "projectdesk_sfu_bytes_total",
        "Bytes of RTP that a room's SFU took and forwarded.",
        *each("in", "bytes_in"),
        *each("out", "bytes_out"),
    )
    lost = "RTP packets that did not arrive, as both ends report."
    yield _counter("projectdesk_sfu_lost_packets_total", lost, *each("", "lost"))
    dropped = "Datagrams that the SFU dropped as none of its own."
    yield _counter(
        "projectdesk_sfu_dropped_datagrams_total", dropped, *each("", "dropped_datagrams")
    )
    cpu = "Processor time of a room's SFU."
    yield _counter("projectdesk_sfu_cpu_seconds_total", cpu, *each("", "cpu_s"))
    legs = "Peer connections of a room's SFU."
    yield _gauge("projectdesk_sfu_legs", legs, *each("", "legs"))
    tasks = "Background tasks of a room's SFU."
    yield _gauge("projectdesk_sfu_tasks", tasks, *each("", "tasks"))


def _journal(host: Host) -> Iterable[Family]:
    scribe = host.scribe
    waiting = Sample(scribe.waiting, {})
    yield _gauge("projectdesk_journal_waiting_steps", "Steps not yet written.", waiting)
    lag = Sample(scribe.lag_seconds(), {})
    yield _gauge("projectdesk_journal_lag_seconds", "Age of the oldest of them.", lag)
    writing = Sample(int(scribe.is_writing), {})
    yield _gauge("projectdesk_journal_writing", "0 while the database does not answer.", writing)


async def _mail(host: Host) -> Iterable[Family]:
    """Return what waits to be sent for desktops; nothing where this host sends no mail."""
    if host.post is None:
        return ()
    try:
        waiting, sending, overdue = await host.journal.run(mails.counts, host.clock())
    except EnvironmentFailure:
        return ()  # the journal's own figures say so
    return (
        _gauge(
            "projectdesk_later_mails",
            "Mails that desktops handed over, by state.",
            Sample(waiting, {"state": "waiting"}),
            Sample(sending, {"state": "sending"}),
        ),
        _gauge(
            "projectdesk_later_mails_overdue",
            "Mails that should have gone out more than ten minutes ago.",
            Sample(overdue, {}),
        ),
    )


def _process() -> Iterable[Family]:
    cpu = Sample(time.process_time(), {})
    yield _counter("process_cpu_seconds_total", "Processor time of the host itself.", cpu)
    tasks = Sample(len(asyncio.all_tasks()), {})
    yield _gauge("projectdesk_tasks", "Background tasks of the host.", tasks)
    started = Sample(_STARTED_AT, {})
    yield _gauge("process_start_time_seconds", "When the host started, Unix time.", started)
    if (memory := _resident_bytes()) is not None:
        yield _gauge("process_resident_memory_bytes", "Memory in use.", Sample(memory, {}))
    if (files := _open_files()) is not None:
        yield _gauge("process_open_fds", "Open files and sockets.", Sample(files, {}))


def _resident_bytes() -> int | None:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def _open_files() -> int | None:
    try:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())
    except OSError:
        return None


def _gauge(name: str, words: str, *samples: Sample) -> Family:
    return Family(name, "gauge", words, samples)


def _counter(name: str, words: str, *samples: Sample) -> Family:
    return Family(name, "counter", words, samples)


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items()) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


_CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
_LEVELS = ("warning", "error", "critical")
