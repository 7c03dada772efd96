"""Reading a peer's session description (RFC 8866, JSEP RFC 9429).

Only what forwarding needs is kept: one bundled ICE and DTLS transport, and per m-line its codecs,
header extensions and streams. Text comes from strangers: its size is capped before anything is
parsed, and everything odd is refused with a `MediaError` that has a stable code.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Literal, NoReturn, cast

from projectdesk.errors import MediaError
from projectdesk.media.embedded.limits import (
    MAX_SDP_BYTES,
    MAX_SDP_CANDIDATES,
    MAX_SDP_SECTIONS,
)

Direction = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
Setup = Literal["active", "passive", "actpass"]

_DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
_LAYER = re.compile(r"[A-Za-z0-9]{1,16}\Z")
"""RFC 8852 section 3.1; the length is what a one-byte header extension holds."""

_SETUPS = ("active", "passive", "actpass")


@dataclass(frozen=True, slots=True)
class Codec:
    """One payload type of an m-line."""

    payload_type: int
    name: str
    clock_rate: int
    channels: int = 1
    parameters: str = ""
    feedback: tuple[str, ...] = ()

    @property
    def repeats(self) -> int | None:
        """The payload type that this one retransmits (`apt`), if it is a retransmission codec."""
        if self.name.lower() != "rtx":
            return None
        for parameter in self.parameters.split(";"):
            key, _, value = parameter.strip().partition("=")
            if key == "apt" and len(value) <= 3 and value.isdecimal():
                return int(value)
        return None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One UDP address of the peer (RFC 8839 section 5.1)."""

    foundation: str
    priority: int
    host: str
    port: int
    kind: str


@dataclass(slots=True)
class Section:
    """One m-line with what belongs to it."""

    kind: str
    port: int
    mid: str = ""
    direction: Direction = "sendrecv"
    codecs: dict[int, Codec] = field(default_factory=dict)
    extensions: dict[int, str] = field(default_factory=dict)
    streams: list[int] = field(default_factory=list)
    repairs: dict[int, int] = field(default_factory=dict)
    """Retransmission SSRC to the SSRC it repeats."""

    layers: list[str] = field(default_factory=list)
    """Ids of the sizes in which the describer sends the picture (RFC 8853), in its order."""

    multiplexed: bool = False
    """RTP and RTCP share one port."""

    bundle_only: bool = False
    """Port 0 means no rejection here but "only as part of the bundle" (RFC 9143 section 6)."""

    @property
    def rejected(self) -> bool:
        """Whether the m-line is switched off for good (port 0)."""
        return self.port == 0 and not self.bundle_only

    @property
    def sends(self) -> bool:
        """Whether the describer sends on this m-line."""
        return not self.rejected and self.direction in ("sendrecv", "sendonly")

    def find_codec(self, name: str, clock_rate: int) -> Codec | None:
        """Return the first codec of that name (any case) and rate in Hz."""
        for codec in self.codecs.values():
            if codec.name.lower() == name.lower() and codec.clock_rate == clock_rate:
                return codec
        return None

    def find_retransmission(self, codec: Codec) -> Codec | None:
        """Return the codec that retransmits `codec`."""
        for other in self.codecs.values():
            if other.repeats == codec.payload_type:
                return other
        return None


@dataclass(slots=True)
class PeerTransport:
    """ICE and DTLS parameters of the peer's one transport."""

    user: str = ""
    password: str = ""
    fingerprints: list[tuple[str, str]] = field(default_factory=list)
    setup: Setup | None = None
    lite: bool = False
    candidates: list[Candidate] = field(default_factory=list)


@dataclass(slots=True)
class SessionDescription:
    """A peer's offer or answer."""

    sections: list[Section]
    transport: PeerTransport


def parse_description(text: str) -> SessionDescription:
    """Read an offer or answer.

    Args:
        text: SDP with CRLF or LF line ends.

    Raises:
        MediaError: `sdp_too_large`, `sdp_too_many_sections`, `sdp_malformed`, `sdp_not_bundled`,
            `sdp_without_transport`.
    """
    if len(text) > MAX_SDP_BYTES or len(text.encode("utf-8", "replace")) > MAX_SDP_BYTES:
        raise MediaError(
            "sdp_too_large", "The session description is over {limit} bytes.", limit=MAX_SDP_BYTES
        )
    lines = text.splitlines()
    if sum(line.startswith("m=") for line in lines) > MAX_SDP_SECTIONS:
        raise MediaError(
            "sdp_too_many_sections",
            "The session description has over {limit} m-lines.",
            limit=MAX_SDP_SECTIONS,
        )
    return _Reader().read(lines)


def _refuse(line: int, expected: str) -> NoReturn:
    raise MediaError(
        "sdp_malformed",
        "Line {line} of the session description is not {expected}.",
        line=line,
        expected=expected,
    )


class _Reader:
    """Walks the lines once; attributes before the first m-line hold for all of them."""

    def __init__(self) -> None:
        self._sections: list[Section] = []
        self._session = PeerTransport()
        self._transports: list[PeerTransport] = []
        self._bundled: list[str] = []
        self._line = 0
        self._feedback: list[dict[str, list[str]]] = []

    def read(self, lines: list[str]) -> SessionDescription:
        if not lines or lines[0].strip() != "v=0":
            _refuse(1, "v=0")
        for self._line, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            if len(line) < 2 or line[1] != "=":
                _refuse(self._line, "a letter, '=' and a value")
            try:
                self._take(line[0], line[2:].strip())
            except (ValueError, IndexError):
                _refuse(self._line, "well-formed")
        for section, feedback in zip(self._sections, self._feedback, strict=True):
            _attach_feedback(section, feedback)
        return SessionDescription(self._sections, self._choose_transport())

    def _take(self, kind: str, value: str) -> None:
        if kind == "m":
            self._open_section(value)
        elif kind == "a":
            name, _, rest = value.partition(":")
            if self._sections:
                self._take_media_attribute(name, rest)
            self._take_transport_attribute(name, rest)

    def _open_section(self, value: str) -> None:
        kind, port, _, *formats = value.split()
        section = Section(kind=kind, port=int(port.partition("/")[0]))
        if not 0 <= section.port <= 65535:
            raise ValueError(port)
        if kind in ("audio", "video"):
            for text in formats:
                payload_type = int(text)
                if not 0 <= payload_type <= 127:
                    raise ValueError(text)
                section.codecs[payload_type] = Codec(payload_type, "", 0)
        self._sections.append(section)
        self._transports.append(PeerTransport())
        self._feedback.append({})

    def _take_media_attribute(self, name: str, value: str) -> None:
        section = self._sections[-1]
        if name == "mid":
            section.mid = value
        elif name in _DIRECTIONS:
            section.direction = cast(Direction, name)
        elif name == "rtcp-mux":
            section.multiplexed = True
        elif name == "bundle-only":
            section.bundle_only = True
        elif name == "rtpmap":
            self._take_codec(section, value)
        elif name == "fmtp":
            identifier, _, parameters = value.partition(" ")
            self._amend(section, identifier, parameters)
        elif name == "rtcp-fb":
            identifier, _, feedback = value.partition(" ")
            self._feedback[-1].setdefault(identifier, []).append(feedback)
        elif name == "extmap":
            identifier, uri = value.split()[:2]
            section.extensions[int(identifier.partition("/")[0])] = uri
        elif name == "ssrc":
            stream = _read_stream(value.split()[0])
            if stream not in section.streams:
                section.streams.append(stream)
        elif name == "simulcast":
            section.layers = _read_layers(value)
        elif name == "ssrc-group" and value.startswith("FID "):
            media, repair = map(_read_stream, value.split()[1:3])
            section.repairs[repair] = media

    def _take_codec(self, section: Section, value: str) -> None:
        identifier, encoding = value.split()[:2]
        name, rate, *channels = encoding.split("/")
        known = section.codecs.get(int(identifier))
        if known is None:
            return
        count = int(channels[0]) if channels else 1
        section.codecs[known.payload_type] = Codec(
            known.payload_type, name, int(rate), count, known.parameters
        )

    def _amend(self, section: Section, identifier: str, parameters: str) -> None:
        known = section.codecs.get(int(identifier)) if identifier.isdecimal() else None
        if known is not None:
            section.codecs[known.payload_type] = Codec(
                known.payload_type, known.name, known.clock_rate, known.channels, parameters
            )

    def _take_transport_attribute(self, name: str, value: str) -> None:
        transport = self._transports[-1] if self._transports else self._session
        if name == "ice-ufrag":
            transport.user = value
        elif name == "ice-pwd":
            transport.password = value
        elif name == "ice-lite":
            self._session.lite = True
        elif name == "fingerprint":
            algorithm, print_ = value.split()[:2]
            transport.fingerprints.append((algorithm.lower(), print_))
        elif name == "setup" and value in _SETUPS:
            transport.setup = cast(Setup, value)
        elif name == "candidate" and len(transport.candidates) < MAX_SDP_CANDIDATES:
            candidate = _read_candidate(value)
            if candidate is not None:
                transport.candidates.append(candidate)
        elif name == "group" and value.startswith("BUNDLE"):
            self._bundled = value.split()[1:]

    def _choose_transport(self) -> PeerTransport:
        """Return the transport of the first live m-line, which must carry all of them."""
        live = [index for index, section in enumerate(self._sections) if not section.rejected]
        if not live:
            raise MediaError("sdp_without_transport", "The session description has no live m-line.")
        mids = [self._sections[index].mid for index in live]
        if len(live) > 1 and (len(set(mids)) < len(mids) or not set(mids) <= set(self._bundled)):
            raise MediaError("sdp_not_bundled", "All m-lines must share one transport (BUNDLE).")
        chosen, session = self._transports[live[0]], self._session
        chosen.user = chosen.user or session.user
        chosen.password = chosen.password or session.password
        chosen.fingerprints = chosen.fingerprints or session.fingerprints
        chosen.setup = chosen.setup or session.setup
        chosen.lite = session.lite
        if not _is_usable(chosen):
            raise MediaError(
                "sdp_without_transport",
                "The session description has no usable ICE or DTLS parameters.",
            )
        return chosen


def _is_usable(transport: PeerTransport) -> bool:
    """Whether ICE (RFC 8839 section 5.4) and DTLS parameters are there and well-formed."""
    for text, least in ((transport.user, 4), (transport.password, 22)):
        plain = text.replace("+", "a").replace("/", "a")
        if not (least <= len(text) <= 256 and plain.isascii() and plain.isalnum()):
            return False
    return any(
        algorithm in ("sha-256", "sha-384", "sha-512") for algorithm, _ in transport.fingerprints
    )


def _read_layers(value: str) -> list[str]:
    """Return the layer ids that follow `send` (RFC 8853 section 5.1), the first of alternatives.

    A layer that is paused for now ("~") may start at any time, so it counts.
    """
    words = value.split()
    if "send" not in words[:-1:2]:
        return []
    listed = words[words.index("send") + 1].split(";")
    layers = [one.split(",")[0].lstrip("~") for one in listed]
    if not all(_LAYER.match(one) for one in layers) or len(set(layers)) < len(layers):
        raise ValueError(value)
    return layers


def _read_stream(text: str) -> int:
    stream = int(text)
    if not 0 <= stream <= 0xFFFFFFFF:
        raise ValueError(text)
    return stream


def _read_candidate(value: str) -> Candidate | None:
    """Return a usable candidate, or None for TCP and for names.

    A browser hides its addresses behind `.local` names that only its own network can resolve; its
    first connectivity check tells us the address all the same.
    """
    foundation, component, protocol, priority, host, port, _, kind = value.split()[:8]
    number, weight = int(port), int(priority)
    if component != "1" or protocol.lower() != "udp" or kind not in ("host", "srflx", "relay"):
        return None
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    if not 0 < number <= 65535 or not 0 <= weight <= 0xFFFFFFFF or address.is_multicast:
        return None
    return Candidate(foundation[:32], weight, str(address), number, kind)


def _attach_feedback(section: Section, feedback: dict[str, list[str]]) -> None:
    for identifier, codec in section.codecs.items():
        wanted = feedback.get("*", []) + feedback.get(str(identifier), [])
        section.codecs[identifier] = Codec(
            codec.payload_type, codec.name, codec.clock_rate, codec.channels, codec.parameters,
            tuple(wanted),
        )  # fmt: skip
