"""Ports and addresses as they are written on the command line."""

from __future__ import annotations

from ipaddress import ip_address
from typing import get_args

from projectdesk.errors import DomainError
from projectdesk.signalling.media import VideoCodec

_PORTS = 65_536


def port(number: int | None) -> int | None:
    """Return a port to listen on as it was given.

    Raises:
        DomainError: `bad_port`; there is no such port (the system would take another in silence).
    """
    if number is not None and not 0 <= number < _PORTS:
        raise DomainError(
            "bad_port", "{number} is no port: expected 0 to {last}.", number=number, last=_PORTS - 1
        )
    return number


def udp_ports(text: str | None) -> tuple[int, int] | None:
    """Return the inclusive range that `LOW-HIGH` names.

    Raises:
        DomainError: `bad_udp_ports`; it names none.
    """
    if not text:
        return None
    low, _, high = text.partition("-")
    if not (low.isdecimal() and (high or low).isdecimal()):
        raise _bad_ports(text)
    ports = (int(low), int(high or low))
    if not 0 < ports[0] <= ports[1] < _PORTS:
        raise _bad_ports(text)
    return ports


def video_codecs(text: str) -> tuple[VideoCodec, ...]:
    """Return the picture codecs that a list names, the best first.

    Raises:
        DomainError: `bad_video_codecs`; one is unknown, named twice, or of no use.
    """
    known: tuple[VideoCodec, ...] = get_args(VideoCodec)
    named = [part.strip().lower() for part in text.split(",")]
    codecs = sorted((name for name in known if name in named), key=named.index)
    if len(codecs) != len(named) or "vp8" in named[:-1]:
        raise DomainError(
            "bad_video_codecs",
            "“{text}” is no list of video codecs: expected some of {known}, the best first. Every "
            "browser takes VP8, so what stands after it would never be used.",
            text=text,
            known=", ".join(known),
        )
    return tuple(codecs)


def listener(text: str | None) -> tuple[str, int] | None:
    """Return the address and the port that `[ADDR:]PORT` names; loopback without an address.

    Raises:
        DomainError: `bad_listener`; it names none.
    """
    if not text:
        return None
    address, _, number = text.rpartition(":")
    if not number.isdecimal() or int(number) >= _PORTS:
        raise DomainError(
            "bad_listener",
            "“{text}” is no place to listen: expected e.g. 9464 or 10.0.0.5:9464.",
            text=text,
        )
    return address.strip("[]") or "127.0.0.1", int(number)


def addresses(text: str | None) -> tuple[str, ...]:
    """Return the IP addresses that a comma separates.

    Raises:
        DomainError: `bad_address`; a name or something else is among them.
    """
    words = [word.strip() for word in (text or "").split(",") if word.strip()]
    try:
        return tuple(str(ip_address(word)) for word in words)
    except ValueError as error:
        raise DomainError(
            "bad_address",
            "“{text}” is no list of IP addresses: expected e.g. 198.51.100.7,2001:db8::7.",
            text=text,
        ) from error


def _bad_ports(text: str) -> DomainError:
    return DomainError(
        "bad_udp_ports", "“{text}” is no range of ports: expected e.g. 40000-40100.", text=text
    )
