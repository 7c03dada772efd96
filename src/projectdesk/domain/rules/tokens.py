"""The tokens of personal links (decisions 1).

A token is made anew from the link key each time it is needed, so that sending again gives the same
link and no token is ever stored: a host knows its SHA-256 only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from enum import StrEnum
from typing import Final
from uuid import UUID

from projectdesk.errors import DomainError

KEY_BYTES: Final = 32


class LinkPurpose(StrEnum):
    """What a link is for; a link of one purpose opens nothing of another.

    CALL: the call, its answer desk and its waiting page. EFFORT: the desk of a partner's statement
    of effort for one reporting period. POLL: the desk of a voter of a date poll.
    FEED: a calendar that a program reads. MINUTES: circulated minutes and what their reader objects
    to. BALLOT: a vote in a written procedure. ACTION: an action for who does it.
    """

    CALL = "call"
    EFFORT = "effort"
    POLL = "poll"
    FEED = "feed"
    MINUTES = "minutes"
    BALLOT = "ballot"
    ACTION = "action"


def new_link_key() -> str:
    """Return a new random link key as base64 text, to be kept in the keyring."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def read_link_key(text: str) -> bytes:
    """Return the bytes of a kept link key.

    Raises:
        DomainError: `bad_link_key`, it is not base64 of 32 bytes. Making another instead would
            silently change every link that was sent.
    """
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise DomainError(
            "bad_link_key",
            "The key of personal links in the key store is damaged. Restore it from a backup of "
            "the key store, or delete it to have a new one: links that were sent then end.",
        )
    return key


def link_token(key: bytes, purpose: LinkPurpose, subject: UUID, generation: int) -> str:
    """Return the token of a personal link: base64url without padding, 43 characters.

    Args:
        key: the link key, 32 bytes.
        purpose: what the link is for.
        subject: id of what it is about (the invitation, the statement).
        generation: how often the link was issued anew; 1 at first.
    """
    message = f"{purpose.value}|{subject.hex}|{generation}".encode("ascii")
    digest = hmac.new(key, message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def token_hash(token: str) -> str:
    """Return what a host keeps of a token: the SHA-256 of its text in hex."""
    return hashlib.sha256(token.encode("ascii")).hexdigest()
