"""Writing our own session descriptions: answers to publishers, offers to subscribers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from projectdesk.errors import MediaError
from projectdesk.media.embedded import rtp
from projectdesk.media.embedded.limits import MAX_LAYERS
from projectdesk.media.embedded.sdp import (
    Candidate,
    Codec,
    Direction,
    Section,
    SessionDescription,
    Setup,
)
from projectdesk.signalling.media import SOUNDS, FeedSource

OPUS = Codec(111, "opus", 48000, 2, "minptime=10;useinbandfec=1")
VP8 = Codec(96, "VP8", 90000, 1, "", ("nack", "nack pli", "ccm fir", "goog-remb", "transport-cc"))
VP8_AGAIN = Codec(97, "rtx", 90000, 1, "apt=96")
"""What subscribers are offered; a publisher's payload types are rewritten to these once."""

AUDIO_EXTENSIONS = {rtp.AUDIO_LEVEL: rtp.URI_AUDIO_LEVEL, rtp.SEND_TIME: rtp.URI_SEND_TIME}
VIDEO_EXTENSIONS = {
    rtp.SEND_TIME: rtp.URI_SEND_TIME,
    rtp.ORIENTATION: rtp.URI_ORIENTATION,
    rtp.TRANSPORT_SEQUENCE: rtp.URI_TRANSPORT_SEQUENCE,
}

_ACCEPTED_EXTENSIONS = frozenset(
    (
        rtp.URI_MID,
        rtp.URI_AUDIO_LEVEL,
        rtp.URI_SEND_TIME,
        rtp.URI_ORIENTATION,
        rtp.URI_TRANSPORT_SEQUENCE,
        rtp.URI_STREAM_ID,
        rtp.URI_REPAIRED_STREAM_ID,
    )
)
ACCEPTED_FEEDBACK = frozenset(("nack", "nack pli", "ccm fir", "goog-remb", "transport-cc"))
"""Of an offerer's feedback messages, those that we send."""

_ENTERED = ("vp8", "vp9", "h264")
"""Codecs of which we can tell where a layer may be entered."""


@dataclass(frozen=True, slots=True)
class LocalTransport:
    """ICE and DTLS parameters that we announce."""

    user: str
    password: str
    fingerprint: str
    """SHA-256 of our certificate, in colon-separated hexadecimal."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class OutgoingStream:
    """The SSRCs of a sending m-line and the names that browsers group them by."""

    ssrc: int
    repair_ssrc: int | None
    participant: str
    source: str


@dataclass(frozen=True, slots=True)
class LocalSection:
    """One m-line that we write."""

    kind: str
    mid: str
    direction: Direction
    codecs: tuple[Codec, ...]
    extensions: tuple[tuple[int, str], ...] = ()
    stream: OutgoingStream | None = None
    layers: tuple[str, ...] = ()
    """Ids of the sizes in which a picture is sent (RFC 8853); empty for one size."""

    rejected: bool = False
    format: str = "0"
    """Format of a rejected m-line, which must name one."""


def find_source(
    offer: SessionDescription, mid: str, source: FeedSource
) -> tuple[Section, tuple[Codec, ...]]:
    """Return the m-line by which an offer sends a source, and what we take of it.

    Raises:
        MediaError: `unknown_mid`, `no_common_codec`, `sdp_not_multiplexed`.
    """
    kind = "audio" if source in SOUNDS else "video"
    section = next((one for one in reversed(offer.sections) if one.mid == mid), None)
    if section is None or section.kind != kind or not section.sends:
        raise MediaError(
            "unknown_mid",
            "The offer has no sending {kind} m-line with mid {mid}.",
            kind=kind,
            mid=mid[:16],
        )
    codecs = choose_codecs(section)
    if not codecs:
        raise MediaError(
            "no_common_codec", "The offer has neither Opus nor VP8 for its {kind}.", kind=kind
        )
    if not section.multiplexed:
        raise MediaError("sdp_not_multiplexed", "RTP and RTCP must share one port.")
    return section, codecs


def choose_codecs(section: Section) -> tuple[Codec, ...]:
    """Return what we take of an offered m-line: Opus, or VP8 with its retransmissions.

    The payload types stay the offerer's; of the feedback messages only those that we send are
    kept. Empty if there is nothing in common.
    """
    wanted = ("opus", 48000) if section.kind == "audio" else ("VP8", 90000)
    codec = section.find_codec(*wanted)
    if codec is None:
        return ()
    chosen = [codec]
    again = section.find_retransmission(codec)
    if again is not None:
        chosen.append(again)
    return tuple(
        Codec(
            one.payload_type, one.name, one.clock_rate, one.channels, one.parameters,
            tuple(item for item in one.feedback if item in ACCEPTED_FEEDBACK),
        )
        for one in chosen
    )  # fmt: skip


def choose_layers(section: Section, codecs: tuple[Codec, ...]) -> tuple[str, ...]:
    """Return the ids of the layers that we take of an offered m-line; empty for one size.

    Args:
        section: of the offer.
        codecs: what is taken of it, the one to be sent first.
    """
    named = {uri for number, uri in choose_extensions(section).items()}
    if codecs[0].name.lower() not in _ENTERED or not {rtp.URI_MID, rtp.URI_STREAM_ID} <= named:
        return ()
    return tuple(section.layers[:MAX_LAYERS]) if len(section.layers) > 1 else ()


def choose_extensions(section: Section) -> dict[int, str]:
    """Return the offered header extensions that we read or forward (one-byte ids only)."""
    return {
        identifier: uri
        for identifier, uri in section.extensions.items()
        if uri in _ACCEPTED_EXTENSIONS and 0 < identifier < 15
    }


def write_description(
    sections: Sequence[LocalSection], transport: LocalTransport, *, version: int, setup: Setup
) -> str:
    """Return an SDP text.

    Args:
        sections: m-lines in order; all that are not rejected share one transport.
        transport: our side of it; its candidates are all there (no trickle).
        version: raised with each description of one leg.
        setup: our DTLS role.
    """
    bundled = " ".join(section.mid for section in sections if not section.rejected)
    lines = [
        "v=0",
        f"o=projectdesk 1 {version} IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {bundled}",
        "a=msid-semantic: WMS *",
    ]
    with_candidates = True
    for section in sections:
        lines += _write_section(section, transport, setup)
        if not section.rejected and with_candidates:
            lines += _write_candidates(transport.candidates)
            with_candidates = False
    return "\r\n".join(lines) + "\r\n"


def _write_section(section: LocalSection, transport: LocalTransport, setup: Setup) -> Iterable[str]:
    if section.rejected:
        protocol = "UDP/DTLS/SCTP" if section.kind == "application" else "UDP/TLS/RTP/SAVPF"
        yield f"m={section.kind} 0 {protocol} {section.format}"
        yield "c=IN IP4 0.0.0.0"
        yield f"a=mid:{section.mid}"
        yield "a=inactive"
        return
    formats = " ".join(str(codec.payload_type) for codec in section.codecs)
    yield f"m={section.kind} 9 UDP/TLS/RTP/SAVPF {formats}"
    yield "c=IN IP4 0.0.0.0"
    yield "a=rtcp:9 IN IP4 0.0.0.0"
    yield f"a=ice-ufrag:{transport.user}"
    yield f"a=ice-pwd:{transport.password}"
    yield f"a=fingerprint:sha-256 {transport.fingerprint}"
    yield f"a=setup:{setup}"
    yield f"a=mid:{section.mid}"
    for identifier, uri in section.extensions:
        yield f"a=extmap:{identifier} {uri}"
    yield f"a={section.direction}"
    if section.stream is not None:
        yield f"a=msid:{section.stream.participant} {section.stream.source}"
    yield "a=rtcp-mux"
    yield "a=rtcp-rsize"
    for codec in section.codecs:
        yield from _write_codec(codec)
    if section.stream is not None and not section.layers:
        yield from _write_stream(section.stream)
    if section.layers:
        way = "recv" if section.direction == "recvonly" else "send"
        for layer in section.layers:
            yield f"a=rid:{layer} {way}"
        yield f"a=simulcast:{way} {';'.join(section.layers)}"


def _write_codec(codec: Codec) -> Iterable[str]:
    channels = f"/{codec.channels}" if codec.channels > 1 else ""
    yield f"a=rtpmap:{codec.payload_type} {codec.name}/{codec.clock_rate}{channels}"
    for feedback in codec.feedback:
        yield f"a=rtcp-fb:{codec.payload_type} {feedback}"
    if codec.parameters:
        yield f"a=fmtp:{codec.payload_type} {codec.parameters}"


def _write_stream(stream: OutgoingStream) -> Iterable[str]:
    ssrcs = [stream.ssrc]
    if stream.repair_ssrc is not None:
        ssrcs.append(stream.repair_ssrc)
        yield f"a=ssrc-group:FID {stream.ssrc} {stream.repair_ssrc}"
    for ssrc in ssrcs:
        yield f"a=ssrc:{ssrc} cname:{stream.participant}"
        yield f"a=ssrc:{ssrc} msid:{stream.participant} {stream.source}"


def _write_candidates(candidates: Iterable[Candidate]) -> Iterable[str]:
    for candidate in candidates:
        yield (
            f"a=candidate:{candidate.foundation} 1 udp {candidate.priority} {candidate.host} "
            f"{candidate.port} typ {candidate.kind}"
        )
    yield "a=end-of-candidates"
