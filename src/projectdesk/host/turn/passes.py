"""Passwords for TURN servers that end by themselves.

The user name is `EXPIRES:USER` (seconds since 1970), the password the HMAC-SHA1 of the user name
under a secret that host and server share, in base64: what coturn calls `use-auth-secret`
(draft-uberti-behave-turn-rest-00). So nothing has to be stored anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime

from projectdesk.errors import EnvironmentFailure
from projectdesk.signalling.relays import RelayServer, RelaysGiven

_URL = re.compile(
    r"turns?:(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)"
    r"(?::(?P<port>\d{1,5}))?(?:\?transport=(?:udp|tcp))?"
)
"""RFC 7065, without what nobody uses."""

_LEAST_SECRET = 16
_USER_LENGTH = 16


@dataclass(frozen=True)
class Relays:
    """TURN servers that know one secret. urls: as pages are told, e.g. `turn:turn.example.org`."""

    urls: tuple[str, ...]
    secret: str = field(repr=False)

    def passes(self, room: str, participant: str, until: datetime) -> RelaysGiven:
        """Return what one person uses until then.

        The user is a hash of room and participant: the server's quota counts per person, and its
        log names nobody.
        """
        user = hashlib.sha256(f"{room}|{participant}".encode()).hexdigest()[:_USER_LENGTH]
        username = f"{int(until.timestamp())}:{user}"
        made = hmac.new(self.secret.encode(), username.encode(), hashlib.sha1).digest()
        server = RelayServer(
            urls=list(self.urls), username=username, credential=base64.b64encode(made).decode()
        )
        return RelaysGiven(servers=[server], expires_at=until)


def external_relays(urls: tuple[str, ...], secret: str) -> Relays:
    """Return the relays of servers that an administrator runs.

    Raises:
        EnvironmentFailure: `turn_url_invalid`, `turn_secret_invalid`.
    """
    for url in urls:
        found = _URL.fullmatch(url)
        if found is None or not 0 < int(found["port"] or 3478) < 65_536:
            raise EnvironmentFailure(
                "turn_url_invalid",
                "{url} is no relay: expected e.g. turn:turn.example.org:3478?transport=udp or "
                "turns:turn.example.org:443?transport=tcp.",
                url=url,
            )
    if len(secret) < _LEAST_SECRET or not secret.isprintable():
        raise EnvironmentFailure(
            "turn_secret_invalid",
            "The relays' secret must be one line of at least {least} characters, the same as "
            "static-auth-secret of coturn.",
            least=_LEAST_SECRET,
        )
    return Relays(urls, secret)
