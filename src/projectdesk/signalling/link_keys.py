"""The link key of a team's database, kept by its server for the team's desktops (adr/0104).

| method and path | body | answer |
| --- | --- | --- |
| GET /api/v1/link-keys/DATABASE | - | KeptLinkKey, or 404 `link_key_unknown` |
| PUT /api/v1/link-keys/DATABASE | SealedLinkKey | KeptLinkKey, or 409 `other_link_key` |
| DELETE /api/v1/link-keys/DATABASE | - | 204 |

DATABASE is the database's id (32 hex digits). The server cannot open what it keeps: what opens it
is in the database, which in turn does not hold the key. A key sees what keys of its team put there.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from projectdesk.signalling.instant import Instant

Fingerprint = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]


class SealedLinkKey(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A link key as a desktop hands it over.

    fingerprint: tells it from others, opens nothing. sealed: base64url. replaces: fingerprint of
    the one that it takes the place of; "" = of none: another one that is there stays, and is told.
    """

    fingerprint: Fingerprint
    sealed: Annotated[str, msgspec.Meta(max_length=1000)]
    replaces: str = ""


class KeptLinkKey(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A link key as the server keeps it. putBy: name of the API key that put it there."""

    fingerprint: str
    sealed: str
    put_at: Instant
    put_by: str
