"""The call page and its host: relays (TURN, RFC 8656) for networks that let no UDP through.

Who is in the call is given them before `RoomState`, again after each resume, and again before they
run out. The password is valid until `expires_at` only; it is in no log.
"""

from __future__ import annotations

import msgspec

from projectdesk.signalling.instant import Instant


class RelayServer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One server as `RTCIceServer` takes it. urls: `turn:` and `turns:` (RFC 7065)."""

    urls: list[str]
    username: str
    credential: str

    def __repr__(self) -> str:
        """Show no password: a message may end up in a log."""
        return f"RelayServer(urls={self.urls!r})"


class RelaysGiven(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="type", rename="camel", tag="relaysGiven"
):
    """The relays to use from now on; those given before are forgotten."""

    servers: list[RelayServer]
    expires_at: Instant


RelayNews = RelaysGiven
