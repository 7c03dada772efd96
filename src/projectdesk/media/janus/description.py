"""What clients describe, written anew for Janus.

A client's text never reaches the node: it is read, and what was understood is written again. So a
node's parser sees no stranger's bytes, and we decide two things on the way: only Opus and VP8 are
offered, and Janus becomes the DTLS server, which is what makes AES-GCM the cipher.
"""

from __future__ import annotations

from collections.abc import Collection

from projectdesk.errors import MediaError
from projectdesk.media.embedded.description import (
    LocalSection,
    LocalTransport,
    OutgoingStream,
    choose_codecs,
    choose_extensions,
    find_source,
    write_description,
)
from projectdesk.media.embedded.sdp import PeerTransport, Section, SessionDescription, Setup
from projectdesk.signalling.media import FeedSource


def check_sources(offer: SessionDescription, sources: dict[str, FeedSource]) -> None:
    """Refuse an offer that cannot send what `sources` says.

    Args:
        offer: the client's.
        sources: mid of each sending m-line to its source.

    Raises:
        MediaError: `source_repeated`, `unknown_mid`, `no_common_codec`, `sdp_not_multiplexed`.
    """
    if len(set(sources.values())) < len(sources):
        raise MediaError("source_repeated", "Each source can be sent once.")
    for mid, source in sources.items():
        find_source(offer, mid, source)


def rewrite_offer(offer: SessionDescription, *, version: int) -> str:
    """Return a client's publish offer as Janus gets it.

    Every m-line offers to send, whether it has a source now or not: Janus would reject an idle one
    for good, and a browser then ends its transceiver. `silence` tells the client otherwise.

    Args:
        offer: the client's.
        version: raised with each offer of one leg.

    Raises:
        MediaError: `sdp_without_transport` if its certificate has no SHA-256 fingerprint.
    """
    sections = [_offered(section) for section in offer.sections]
    # Who may be either side of DTLS is its client, so that Janus is the server.
    setup: Setup = "passive" if offer.transport.setup == "passive" else "active"
    return write_description(sections, _transport(offer.transport), version=version, setup=setup)


def rewrite_answer(answer: SessionDescription, *, version: int) -> str:
    """Return a client's answer to a subscribe offer as Janus gets it.

    Args:
        answer: the client's.
        version: raised with each answer of one leg.

    Raises:
        MediaError: `sdp_without_transport` if its certificate has no SHA-256 fingerprint.
    """
    sections = [_answered(section) for section in answer.sections]
    setup: Setup = "passive" if answer.transport.setup == "passive" else "active"
    return write_description(sections, _transport(answer.transport), version=version, setup=setup)


def silence(answer: str, sources: Collection[str]) -> str:
    """Return Janus' answer with every m-line idle that has no source.

    Args:
        answer: Janus' answer to what `rewrite_offer` wrote.
        sources: the mids that have one.
    """
    lines = answer.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("m=")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        section = lines[start:end]
        mid = next((line[6:] for line in section if line.startswith("a=mid:")), "")
        if mid not in sources:
            lines[start:end] = ["a=inactive" if line == "a=recvonly" else line for line in section]
    return "\r\n".join(lines) + "\r\n"


def _offered(section: Section) -> LocalSection:
    codecs = choose_codecs(section) if section.kind in ("audio", "video") else ()
    if section.rejected or not codecs:
        return _rejected(section)
    return LocalSection(
        kind=section.kind,
        mid=section.mid,
        direction="sendonly",
        codecs=codecs,
        extensions=tuple(choose_extensions(section).items()),
        stream=_stream(section),
    )


def _stream(section: Section) -> OutgoingStream | None:
    """Return the SSRCs of an m-line; None where it relies on MID alone (RFC 9143)."""
    media = [ssrc for ssrc in section.streams if ssrc not in section.repairs]
    if not media:
        return None
    repair = next((one for one, other in section.repairs.items() if other == media[0]), None)
    return OutgoingStream(media[0], repair, "participant", f"line-{section.mid}")


def _answered(section: Section) -> LocalSection:
    codecs = choose_codecs(section) if section.kind in ("audio", "video") else ()
    if section.rejected or not codecs:
        return _rejected(section)
    receives = section.direction in ("recvonly", "sendrecv")
    return LocalSection(
        kind=section.kind,
        mid=section.mid,
        direction="recvonly" if receives else "inactive",
        codecs=codecs,
        extensions=tuple(choose_extensions(section).items()),
    )


def _rejected(section: Section) -> LocalSection:
    first = next(iter(section.codecs), None)
    return LocalSection(
        kind=section.kind,
        mid=section.mid,
        direction="inactive",
        codecs=(),
        rejected=True,
        format="webrtc-datachannel" if section.kind == "application" else str(first or 0),
    )


def _transport(peer: PeerTransport) -> LocalTransport:
    prints = [print_ for algorithm, print_ in peer.fingerprints if algorithm == "sha-256"]
    if not prints:
        raise MediaError(
            "sdp_without_transport", "The session description has no SHA-256 fingerprint."
        )
    return LocalTransport(peer.user, peer.password, prints[0], tuple(peer.candidates))
