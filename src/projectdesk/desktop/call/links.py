"""Where the links of a text are, by the rule of the call page (`resources/web/chat.js`); pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_LINK = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)
_AFTER = re.compile(r"[.,;:!?…]+$")


def pieces(text: str) -> list[tuple[str, str]]:
    """Cut a text into pieces with their addresses; "" = no link. Only http and https are links."""
    found: list[tuple[str, str]] = []
    end = 0
    for match in _LINK.finditer(text):
        address = _without_tail(match[0])
        if not _is_address(address):
            continue
        if match.start() > end:
            found.append((text[end : match.start()], ""))
        found.append((address, address))
        end = match.start() + len(address)
    if end < len(text):
        found.append((text[end:], ""))
    return found


def _without_tail(address: str) -> str:
    """Leave out what belongs to the sentence around an address."""
    rest = _AFTER.sub("", address)
    while rest.endswith(")") and "(" not in rest:
        rest = _AFTER.sub("", rest[:-1])
    return rest


def _is_address(text: str) -> bool:
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False
