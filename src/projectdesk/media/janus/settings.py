"""Which Janus nodes there are and what they must be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from projectdesk.errors import DomainError
from projectdesk.media.embedded.limits import MAX_PARTICIPANTS, MAX_SCREENS

PREFIX = "janus:"
"""What `serve --media` begins with when the media are on Janus nodes."""


@dataclass(frozen=True, slots=True)
class JanusSettings:
    """Nodes, their secrets, and the limits of every room.

    Args:
        nodes: URLs of the nodes' WebSocket API, `ws://` or `wss://`.
        admin_key: lets us make rooms, where the VideoRoom plugin has one.
        api_secret: lets us speak to the node at all, where it has one.
        max_participants: of a room; more are refused with `room_full`.
        max_screens: shown at a time; more are refused with `screen_taken`.
    """

    nodes: tuple[str, ...]
    admin_key: str | None = field(default=None, repr=False)
    api_secret: str | None = field(default=None, repr=False)
    max_participants: int = MAX_PARTICIPANTS
    max_screens: int = MAX_SCREENS


def read_nodes(text: str) -> tuple[str, ...]:
    """Return the nodes that `janus:URL[,URL...]` names.

    Raises:
        DomainError: `bad_media` if it names none, or one that is no ws:// or wss:// URL.
    """
    nodes = tuple(node.strip() for node in text.removeprefix(PREFIX).split(",") if node.strip())
    for node in nodes:
        if not _is_node(node):
            raise _bad_media(node)
    if not text.startswith(PREFIX) or not nodes:
        raise _bad_media(text)
    return nodes


def _is_node(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("ws", "wss") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _bad_media(text: str) -> DomainError:
    return DomainError(
        "bad_media",
        "“{text}” is no media server: expected embedded, or janus:ws://HOST:8188[,ws://HOST:8188].",
        text=text,
    )
