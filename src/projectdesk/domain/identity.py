"""Identities: every row has a UUIDv7 made where it is created (decisions 11)."""

from __future__ import annotations

import secrets
from uuid import UUID

from uuid_utils.compat import uuid7

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
PUBLIC_ID_LENGTH = 10


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562): unique anywhere, ordered by time of making."""
    return uuid7()


def new_public_id() -> str:
    """Return a new public id of a room or desk: 10 characters, no look-alikes (decisions 1)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(PUBLIC_ID_LENGTH))
