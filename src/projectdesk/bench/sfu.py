"""`bench sfu`: what forwarding costs, what it loses and how long it takes.

Everyone sends to everyone: 50 audio packets of 120 bytes and 75 video packets of 1100 bytes a
second each (decisions 21). The media server is a process of its own; robots send from other
processes and time what comes back. Before and after each run the same robots run against a
reflector in the server's place: a row whose robots lost anything themselves, or took over 80 % of a
core, is not valid; where even the reflector is late the machine is not quiet, and delays say
little. The floor is measured in the same run: encrypt and send, and nothing else.

With `--backend embedded,janus` the rows of a size are measured in turn, several rounds of them, so
that what else the machine does falls on all alike: the product's SFU, Janus as it is by default,
and Janus with one event loop. Load, cipher, addresses and priority are the same for all.

`--simulcast`, `--last-n` and `--loss` change the load (`scenario`). Their robots are like browsers:
they report when packets arrive and ask for lost ones, which costs the server something; so their
figures stand beside those of the plain load, not against Janus. With `--simulcast --speaker` all
show one person large; `--saving` has robots send only the sizes that somebody gets, as pages do.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import socket
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec

from projectdesk.bench import report
from projectdesk.bench.janus import JanusProcess, media_address
from projectdesk.bench.load import Findings, Generators, spawn
from projectdesk.bench.report import Row
from projectdesk.bench.robots import (
    AUDIO_BYTES,
    AUDIO_RATE,
    VIDEO_BYTES,
    VIDEO_RATE,
    Stream,
)
from projectdesk.bench.scenario import PLAIN, Scenario
from projectdesk.errors import DomainError
from projectdesk.media.embedded._aiortc_seam import MAX_TRAILER, SrtpBuffer, SrtpSession, protect
from projectdesk.media.embedded.backend import EmbeddedBackend, EmbeddedSettings
from projectdesk.media.embedded.demand import LOWER_AFTER_S
from projectdesk.media.janus.backend import JanusBackend
from projectdesk.media.port import MediaBackend, MediaEnded, MediaRoom
from projectdesk.signalling.media import Event, LayersWanted, SubscribeOffered

BACKENDS = {"embedded": ("embedded",), "janus": ("janus", "janus-tuned")}
"""What `--backend` names, and the rows that are measured for each."""

DELIVERED_LIMIT = 0.999
P99_LIMIT_MS = 10.0
CPU_RATIO_LIMIT = 5.0
"""CPU per packet out over the floor: 24 us over 4.8 us where the design was measured."""

JANUS_RATIO_LIMIT = 1.0
"""CPU per packet out over that of Janus with one event loop."""

LAST_N_CORES = 0.6
LAST_N_PEOPLE, LAST_N = 24, 4
"""A large room: 24 people, each of whom gets four cameras and the three loudest voices."""

_LOUDEST = 3
_CORE_LIMIT = 0.8
_LEAD_S = 1.5
"""Packets flow this long before they count."""

_LONG_LEAD_S = 6.0
"""Layers and voices settle."""

_FLOOR_PACKETS = 40_000
_KEY_BYTES = 44
_LOOPBACK = "127.0.0.1"
_PAIR_ROUNDS = 3

Cpu = Callable[[MediaRoom], Awaitable[float]]
"""Returns the processor time of the room's server so far, in seconds."""


@dataclass(slots=True)
class _Round:
    """One run of one server, and of the robots alone before and after it.

    cpu: seconds that the server took in the window.
    floor: microseconds per packet of the measurement's floor.
    """

    participants: int
    found: Findings
    own: Findings
    cpu: float
    floor: float
    scenario: Scenario = PLAIN
    received_octets: int = 0
    """Bytes of RTP that came to the server in the window, where it tells."""

    @property
    def cost(self) -> float:
        """CPU microseconds per packet out."""
        return self.cpu / self.found.received * 1e6 if self.found.received else float("nan")

    @property
    def valid(self) -> bool:
        core = max(self.own.core, self.found.core)
        lost = self.own.delivered(self.scenario.copies(self.participants)) < 1
        return core <= _CORE_LIMIT and not lost and self.own.failed + self.found.failed == 0

    @property
    def quiet(self) -> bool:
        return self.own.percentile_ms(0.99) < P99_LIMIT_MS / 4

    @property
    def delivered(self) -> float:
        return _delivered(self.scenario, self.participants, self.found)

    @property
    def comparable(self) -> bool:
        """Who loses packets saves work, and who waits for the processor works on many at once."""
        return self.valid and self.quiet and self.delivered >= DELIVERED_LIMIT


@dataclass(slots=True)
class _Measured:
    """Rounds of one server at one size."""

    variant: str
    participants: int
    seconds: float
    """Of each round."""

    scenario: Scenario = PLAIN
    rounds: list[_Round] = field(default_factory=list)
    ciphers: set[str] = field(default_factory=set)

    @property
    def valid(self) -> bool:
        return all(one.valid for one in self.rounds)

    @property
    def quiet(self) -> bool:
        return all(one.quiet for one in self.rounds)

    def row(self) -> Row:
        found, own = Findings(), Findings()
        for one in self.rounds:
            found.add(one.found)
            own.add(one.own)
        cpu = sum(one.cpu for one in self.rounds)
        seconds = self.seconds * len(self.rounds)
        cost = cpu / found.received * 1e6 if found.received else float("nan")
        floor = statistics.fmean(one.floor for one in self.rounds)
        return {
            "backend": self.variant,
            "n": self.participants,
            "rounds": len(self.rounds),
            "cipher": ",".join(sorted(self.ciphers)),
            "cpu_us_per_packet_out": round(cost, 2),
            "cpu_us_rounds": [round(one.cost, 2) for one in self.rounds],
            "floor_us": round(floor, 2),
            "cpu_ratio_floor": round(cost / floor, 2),
            "server_core": round(cpu / seconds, 3),
            "packets_out_per_s": round(found.received / seconds),
            "uplink_kbit_s": round(
                sum(one.received_octets for one in self.rounds)
                * 8
                / 1000
                / seconds
                / self.participants
            ),
            "delivered": round(_delivered(self.scenario, self.participants, found), 6),
            **self._special(found),
            "delivered_rounds": [round(one.delivered, 4) for one in self.rounds],
            "p50_ms": round(found.percentile_ms(0.5), 2),
            "p99_ms": round(found.percentile_ms(0.99), 2),
            "reflector_p50_ms": round(own.percentile_ms(0.5), 2),
            "reflector_p99_ms": round(own.percentile_ms(0.99), 2),
            "quiet": self.quiet,
            "quiet_rounds": sum(one.quiet for one in self.rounds),
            "generator_core": round(max(own.core, found.core), 3),
            "generator_lost": round(1 - own.delivered(self.scenario.copies(self.participants)), 6),
            "valid": self.valid,
        }

    def _special(self, found: Findings) -> Row:
        """Return what tells a load that is not the plain one."""
        scenario = self.scenario
        if scenario.plain:
            return {}
        expected = scenario.expected(_names(self.participants), found.streams)
        pictures = found.received - found.received_audio
        return {
            "simulcast": scenario.simulcast,
            "speaker": scenario.speaker,
            "saving": scenario.saving,
            "last_n": scenario.last_n,
            "voices": scenario.voices,
            "loss": scenario.loss,
            "delivered_video": round(pictures / expected.video, 6) if expected.video else None,
        }


def _names(participants: int) -> list[str]:
    return [f"robot-{number}" for number in range(participants)]


def _delivered(scenario: Scenario, participants: int, found: Findings) -> float:
    """Return the share of the packets that were to come to all robots, and came."""
    if scenario.plain:
        return found.delivered(participants - 1)
    expected = scenario.expected(_names(participants), found.streams)
    total = expected.audio + expected.video
    return found.received / total if total else 0.0


# --- the three measurements -----------------------------------------------------------------------


def measure_floor(packets: int = _FLOOR_PACKETS) -> float:
    """Return CPU microseconds per packet to encrypt and send the load's mix, and nothing else.

    Args:
        packets: how many to send.
    """
    session = SrtpSession(secrets.token_bytes(_KEY_BYTES), outbound=True)
    buffer = SrtpBuffer(2048 + MAX_TRAILER)
    view, address, length, srtp = buffer.view, buffer.address, buffer.length, session.raw
    out, rate = buffer.bytes, AUDIO_RATE + VIDEO_RATE
    spent = 0.0
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sink,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as source,
    ):
        sink.bind((_LOOPBACK, 0))
        peer, send = sink.getsockname(), source.sendto
        for stream, share, size in (
            (Stream("audio", 1), AUDIO_RATE / rate, AUDIO_BYTES),
            (Stream("video", 2), VIDEO_RATE / rate, VIDEO_BYTES),
        ):
            numbers = range(int(packets * share))
            out[:size] = stream.packet
            start = time.process_time()
            for number in numbers:
                out[2], out[3] = number >> 8 & 0xFF, number & 0xFF
                length[0] = size
                protect(srtp, address, length)
                send(view[: length[0]], peer)
            spent += time.process_time() - start
    return spent / packets * 1e6


async def _measure_generators(
    generators: Generators, address: str, seconds: float, copies: int
) -> Findings:
    """Let the robots run against a reflector that sends `copies` of each packet."""
    reflector = await spawn("projectdesk.bench.reflector", address, str(copies))
    assert reflector.stdout is not None  # noqa: S101 - PIPE; tells the type checker
    try:
        port = int(await reflector.stdout.readline())
        async with generators:
            key = secrets.token_hex(_KEY_BYTES)
            await generators.ask_all(do="aim", key=key, host=address, port=port)
            start = time.monotonic_ns() + int(_LEAD_S * 1e9)
            return await generators.play(start, seconds)
    finally:
        reflector.kill()
        await reflector.wait()


class _Call:
    """Brings the robots into a room and answers its offers."""

    def __init__(self, generators: Generators, *, saving: bool) -> None:
        self._generators = generators
        self._saving = saving
        self._offers: asyncio.Queue[SubscribeOffered] = asyncio.Queue()

    def hear(self, event: Event | MediaEnded) -> None:
        if isinstance(event, SubscribeOffered):
            self._offers.put_nowait(event)
        elif isinstance(event, LayersWanted) and self._saving:
            self._generators.tell(event.participant, do="layers", sizes=event.layers)

    async def join_all(self, room: MediaRoom, scenario: Scenario) -> set[str]:
        """Connect everybody to whom they want; return the ciphers that were agreed on."""
        names = self._generators.names
        wanted = {name: scenario.wants(names, name) for name in names}
        for name, feeds in wanted.items():
            if feeds is not None:
                await room.want(name, feeds)
        if scenario.voices is not None:
            await room.hear(scenario.voices, [])
        for name in names:
            offer = await self._generators.ask(name, do="offer")
            answer = await room.publish(name, offer["sdp"], offer["sources"])
            await self._generators.ask(name, do="answered", sdp=answer)
        for name in names:
            await room.subscribe(name)
        complete: set[str] = set()
        async with asyncio.timeout(60):
            while len(complete) < len(names):
                offered = await self._offers.get()
                found = await self._generators.ask(offered.participant, do="take", sdp=offered.sdp)
                await room.answer(offered.participant, offered.offer, found["sdp"])
                feeds = wanted[offered.participant]
                if len(offered.feeds) == (2 * (len(names) - 1) if feeds is None else len(feeds)):
                    complete.add(offered.participant)
        connected = await self._generators.ask_all(do="connect")
        return {cipher for one in connected for cipher in one["ciphers"]}


@asynccontextmanager
async def _serving(
    variant: str, participants: int, address: str
) -> AsyncIterator[tuple[MediaBackend, Cpu]]:
    """Run the server of a row."""
    if variant == "embedded":
        settings = EmbeddedSettings(interfaces=(address,), max_participants=participants)
        embedded = EmbeddedBackend(settings)

        async def cpu(room: MediaRoom) -> float:
            return (await room.statistics()).cpu_s

        try:
            yield embedded, cpu
        finally:
            await embedded.close()
        return
    process = await asyncio.to_thread(
        JanusProcess, event_loops=1 if variant == "janus-tuned" else None
    )
    janus = JanusBackend(process.settings(max_participants=participants))

    async def cpu_of_process(room: MediaRoom) -> float:
        return process.cpu_seconds()

    try:
        yield janus, cpu_of_process
    finally:
        await janus.close()
        await asyncio.to_thread(process.end)


async def _measure(measured: _Measured, address: str, generators: int) -> None:
    """Measure one round of a row."""
    names, scenario = _names(measured.participants), measured.scenario
    own, seconds = Findings(), measured.seconds
    copies = scenario.copies(measured.participants)
    lossless = msgspec.structs.replace(scenario, loss=0.0)

    async def measure_robots() -> None:
        robots = Generators(names, generators, address, lossless)
        own.add(await _measure_generators(robots, address, seconds / 4, copies))

    await measure_robots()
    async with (
        _serving(measured.variant, measured.participants, address) as (backend, cpu),
        Generators(names, generators, address, scenario) as robots,
    ):
        call = _Call(robots, saving=scenario.saving)
        room = await backend.open_room("bench", call.hear)
        try:
            measured.ciphers |= await call.join_all(room, scenario)
            lead = _LEAD_S if scenario.plain else _LONG_LEAD_S
            if scenario.saving:
                lead += LOWER_AFTER_S
            start = time.monotonic_ns() + int(lead * 1e9)
            playing = asyncio.get_running_loop().create_task(robots.play(start, seconds))
            await asyncio.sleep(start / 1e9 - time.monotonic())
            before, octets = await cpu(room), await _received_octets(room)
            await asyncio.sleep(start / 1e9 + seconds - time.monotonic())
            spent = await cpu(room) - before
            octets = await _received_octets(room) - octets
            found = await playing
        finally:
            await room.close()
    await measure_robots()
    measured.rounds.append(
        _Round(measured.participants, found, own, spent, measure_floor(), scenario, octets)
    )


async def _received_octets(room: MediaRoom) -> int:
    return sum(leg.bytes_in for leg in (await room.statistics()).legs)


# --- the command ----------------------------------------------------------------------------------


def run(options: Sequence[str] = ()) -> Row:
    """Measure and return the report.

    Args:
        options: `--participants 4,8,12`, `--seconds N`, `--generators N`, `--rounds N`,
            `--backend embedded[,janus]`, `--simulcast [--speaker]`, `--saving`, `--last-n N`,
            `--loss SHARE`.

    Raises:
        DomainError: `bench_from_source`, `janus_missing`, `janus_not_started`,
            `janus_without_address`.
    """
    parser = argparse.ArgumentParser(prog="projectdesk bench sfu")
    parser.add_argument("--participants", default="4,8,12", help="sizes of the room")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each round")
    parser.add_argument("--generators", type=int, default=1, help="processes that send")
    parser.add_argument("--rounds", type=int, help=f"default 1, of a pair {_PAIR_ROUNDS}")
    parser.add_argument("--backend", default="embedded", help=",".join(BACKENDS))
    parser.add_argument("--simulcast", action="store_true", help="cameras in three sizes")
    parser.add_argument("--speaker", action="store_true", help="with these, all show one large")
    parser.add_argument("--saving", action="store_true", help="with these, only sizes in use")
    parser.add_argument("--last-n", type=int, help="cameras each one gets; the 3 loudest voices")
    parser.add_argument("--loss", type=float, default=0.0, help="share of packets lost each way")
    chosen = parser.parse_args(list(options))
    if not 0 <= chosen.loss < 0.5 or (chosen.last_n or 1) < 1:
        parser.error("--loss is a share below 0.5, --last-n at least 1")
    if (chosen.speaker or chosen.saving) and not chosen.simulcast:
        parser.error("--speaker and --saving are about cameras in three sizes: --simulcast")
    scenario = Scenario(
        simulcast=chosen.simulcast,
        speaker=chosen.speaker,
        saving=chosen.saving,
        last_n=chosen.last_n,
        voices=None if chosen.last_n is None else _LOUDEST,
        loss=chosen.loss,
    )
    if getattr(sys, "frozen", False):
        raise DomainError("bench_from_source", "This measurement runs from an installed source.")
    backends = chosen.backend.split(",")
    unknown = set(backends) - set(BACKENDS)
    if unknown:
        parser.error(f"no such back end: {', '.join(sorted(unknown))}")
    if "janus" in backends and not scenario.plain:
        parser.error("Janus is measured with the plain load")
    variants = [variant for name in backends for variant in BACKENDS[name]]
    rounds = chosen.rounds or (_PAIR_ROUNDS if len(variants) > 1 else 1)
    address = media_address() if "janus" in backends else _LOOPBACK
    all_measured: list[_Measured] = []
    for participants in (int(text) for text in chosen.participants.split(",")):
        measured = [
            _Measured(variant, participants, chosen.seconds, scenario) for variant in variants
        ]
        for _ in range(rounds):
            for one in measured:
                asyncio.run(_measure(one, address, chosen.generators))
        all_measured += measured
    rows = [one.row() for one in all_measured]
    return report.report("sfu", rows, _goals(all_measured), seconds=chosen.seconds)


def _goals(all_measured: Sequence[_Measured]) -> list[Row]:
    at_twelve = {
        one.variant: one for one in all_measured if one.participants == 12 and one.scenario.plain
    }
    ours, tuned = at_twelve.get("embedded"), at_twelve.get("janus-tuned")
    row = ours.row() if ours is not None else {}
    valid = ours is not None and ours.valid
    late = report.below("sfu.n12.p99_ms", row.get("p99_ms"), P99_LIMIT_MS, valid=valid)
    if ours is not None and not ours.quiet and late["holds"] is False:
        late["holds"] = None  # others took the processor: that is not the server's delay
    return [
        report.at_least("sfu.n12.delivered", row.get("delivered"), DELIVERED_LIMIT, valid=valid),
        _compared(ours, tuned),
        late,
        report.at_most(
            "sfu.n12.ratio_floor", row.get("cpu_ratio_floor"), CPU_RATIO_LIMIT, valid=valid
        ),
        _large(all_measured),
    ]


def _large(all_measured: Sequence[_Measured]) -> Row:
    """Judge what a large room takes of a core; who loses packets saves work, so it must not."""
    scenario = Scenario(last_n=LAST_N, voices=_LOUDEST)
    found = next(
        (
            one
            for one in all_measured
            if (one.participants, one.scenario) == (LAST_N_PEOPLE, scenario)
        ),
        None,
    )
    name = f"sfu.n{LAST_N_PEOPLE}_last{LAST_N}.cores"
    row = found.row() if found is not None else {}
    valid = found is not None and found.valid and row["delivered"] >= DELIVERED_LIMIT
    return report.at_most(name, row.get("server_core"), LAST_N_CORES, valid=valid)


def _compared(ours: _Measured | None, tuned: _Measured | None) -> Row:
    """Judge the ratio of two servers measured in turn: the median of the rounds' ratios.

    Rounds that are not comparable count only where there are no others, and then decide nothing.
    """
    name = "sfu.n12.ratio_janus_tuned"
    if ours is None or tuned is None:
        return report.at_most(name, None, JANUS_RATIO_LIMIT)
    pairs = list(zip(ours.rounds, tuned.rounds, strict=True))
    good = [(a, b) for a, b in pairs if a.comparable and b.comparable]
    ratio = statistics.median(a.cost / b.cost for a, b in good or pairs)
    return report.at_most(name, round(ratio, 3), JANUS_RATIO_LIMIT, valid=bool(good))
