"""Links in a mail that open on this computer or in its network only (decisions 18)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.message import Message
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

_LINK: Final = re.compile(r"https?://(?:\[[0-9A-Fa-f:.%]+\])?[^\s<>\"'\\)\]]*", re.IGNORECASE)
_PRIVATE_ENDS: Final = (
    ".localhost",
    ".local",
    ".lan",
    ".home",
    ".internal",
    ".intranet",
    ".home.arpa",
    ".invalid",
)
_TEXTS: Final = frozenset({"text/plain", "text/html", "text/calendar"})


def is_private_host(host: str) -> bool:
    """Tell whether a name or an address leads nowhere for who is elsewhere.

    A private or loopback address, a name without a domain, and the names that networks give
    themselves. Names of the public kind are believed.
    """
    name = host.strip("[]").partition("%")[0].rstrip(".").lower()
    if not name:
        return True
    try:
        return not ip_address(name).is_global
    except ValueError:
        return "." not in name or name.endswith(_PRIVATE_ENDS)


def private_links(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the beginnings of links that only open here: "https://192.168.1.5:8443", each once."""
    found: dict[str, None] = {}
    for text in texts:
        for match in _LINK.finditer(text):
            try:
                parts = urlsplit(match.group())
                host = parts.hostname or ""
            except ValueError:
                continue
            if host and is_private_host(host):
                found.setdefault(f"{parts.scheme}://{parts.netloc}")
    return tuple(found)


def texts_of(message: Message) -> list[str]:
    """Return everything in a mail that a person or a calendar program reads links from."""
    found = []
    for part in message.walk():
        if part.get_content_type() not in _TEXTS or part.get_content_disposition() == "attachment":
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            text = content.decode("utf-8", "replace")
            calendar = part.get_content_type() == "text/calendar"
            # Content lines of a calendar are folded (RFC 5545, 3.1).
            found.append(re.sub(r"\r?\n[ \t]", "", text) if calendar else text)
    return found
