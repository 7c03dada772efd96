"""How values of a policy about the network are read: proxies, and the feed of updates."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from projectdesk.errors import DomainError
from projectdesk.worded import worded

PROXY_MODES: Final = ("system", "none", "pac", "manual")
BLOCKED: Final = "blocked"
"""What a mode that cannot be read restricts to: nothing beyond this network is reached."""
_PROXY: Final = re.compile(r"(?:(?:http|socks5)://)?(?:[\w.\-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?/?")
_EXCEPTION: Final = re.compile(r"<local>|\*?[\w.\-]+(?::\d{1,5}|/\d{1,3})?|[0-9a-f:\[\]/.]+")
_KEY_BYTES: Final = 32


def refuse(expected: str) -> DomainError:
    """Return that a value is not what it must be."""
    return DomainError("bad_policy_value", "expected {expected}", expected=expected)


def proxy_mode(value: Any) -> str:
    """Return how proxies are found."""
    mode = value.strip().lower() if isinstance(value, str) else ""
    if mode not in PROXY_MODES:
        raise refuse(worded("system, none, pac or manual"))
    return mode


def proxy_address(value: Any) -> str:
    """Return a proxy; a password is refused, since everybody can read a policy."""
    if not isinstance(value, str) or not _PROXY.fullmatch(value.strip()):
        raise refuse(worded("http://HOST:PORT or socks5://HOST:PORT, without name and password"))
    return value.strip()


def web_address(value: Any, *schemes: str) -> str:
    """Return an address of the web; schemes: those that are allowed."""
    address = value.strip() if isinstance(value, str) else ""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        usable = usable and "@" not in parts.netloc
    except ValueError:
        usable = False
    if not usable or not address.isprintable() or " " in address:
        raise refuse(
            worded(
                "an address that begins with {schemes}",
                schemes=", ".join(f"{each}://" for each in schemes),
            )
        )
    return address


def script_address(value: Any) -> str:
    """Return the address of a PAC file."""
    return web_address(value, "https", "http")


def feed_address(value: Any) -> str:
    """Return the address of a feed of updates."""
    return web_address(value, "https")


def exceptions(entries: Sequence[str]) -> tuple[str, ...]:
    """Return hosts that are reached without a proxy."""
    found = tuple(entry.lower() for entry in entries)
    if not all(_EXCEPTION.fullmatch(entry) for entry in found):
        raise refuse(worded("names such as example.org, networks such as 10.0.0.0/8, or <local>"))
    return found


def public_keys(entries: Sequence[str]) -> tuple[str, ...]:
    """Return public keys of Ed25519: 32 bytes each, in base64."""
    for entry in entries:
        try:
            size = len(base64.b64decode(entry, validate=True))
        except (binascii.Error, ValueError):
            size = 0
        if size != _KEY_BYTES:
            raise refuse(
                worded("public keys of Ed25519 in base64, as `dev.py feed key` prints them")
            )
    return tuple(entries)
