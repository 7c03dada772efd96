"""Bytes to structs and back, with size caps and stable error codes.

Nothing from outside is parsed before its size is checked, and every way in which a peer can be
wrong ends in one `RemoteProtocolError`:

| code | meaning |
| --- | --- |
| message_too_large | over the limit of its kind |
| not_json | not UTF-8, not JSON, or nested too deeply |
| unknown_message | a `type` (or `kind`) this version does not know |
| bad_message | a field is missing, of the wrong type or out of its range |
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from projectdesk.errors import LocalProtocolError, RemoteProtocolError
from projectdesk.signalling import call, notes, writing

MAX_BODY = 1024 * 1024
"""Largest HTTP body of the desktop (a snapshot with hundreds of invitees) in bytes."""

MAX_HOST_MESSAGE = 2 * writing.MAX_DOCUMENT
"""Largest message from a host in bytes; a whole document of minutes is the largest."""

_T = TypeVar("_T")
_MAX_REASON = 200
_LARGE = (
    *(call.Publish, call.SubscribeAnswer, notes.WriteNotes),
    *(writing.OpenMinutes, writing.EditMinutes),
)


def encode(message: msgspec.Struct) -> bytes:
    """Return the JSON of a struct.

    Raises:
        LocalProtocolError: the struct holds what the wire cannot carry; a bug here.
    """
    try:
        return msgspec.json.encode(message)
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise LocalProtocolError(
            "cannot_encode", "{name} cannot be sent.", name=type(message).__name__
        ) from error


def decode(raw: bytes | str, wire: Any, *, limit: int = MAX_BODY) -> Any:
    """Return the struct (of the type or union `wire`) that `raw` holds.

    Args:
        raw: one JSON document.
        wire: a struct type of this package or a union of tagged ones.
        limit: largest size in bytes; text counts as its UTF-8.

    Raises:
        RemoteProtocolError: with one of the codes of this module.
    """
    return _decoded(_octets(raw, limit), wire)


def decode_as(raw: bytes | str, wire: type[_T], *, limit: int = MAX_BODY) -> _T:
    """Return the struct of exactly the type `wire`; errors as of `decode`."""
    value = decode(raw, wire, limit=limit)
    assert isinstance(value, wire)  # noqa: S101 - the decoder guarantees it; tells the type checker
    return value


def decode_client(raw: bytes | str) -> call.ClientMessage:
    """Return a page's message: 16 KiB at most, 256 KiB with SDP or minutes (security.md).

    Raises:
        RemoteProtocolError: with one of the codes of this module.
    """
    octets = _octets(raw, call.MAX_SDP)
    message: call.ClientMessage = _decoded(octets, call.ClientMessage)
    if len(octets) > call.MAX_MESSAGE and not isinstance(message, _LARGE):
        raise _too_large(len(octets), call.MAX_MESSAGE)
    return message


def decode_host(raw: bytes | str) -> call.HostMessage:
    """Return a host's message, as the desktop's console receives it.

    Raises:
        RemoteProtocolError: with one of the codes of this module.
    """
    message: call.HostMessage = decode(raw, call.HostMessage, limit=MAX_HOST_MESSAGE)
    return message


def tag_of(message: msgspec.Struct) -> str:
    """Return the `type` of a tagged message, for `Problem.in_reply_to`."""
    return str(message.__struct_config__.tag)


def _octets(raw: bytes | str, limit: int) -> bytes:
    try:
        octets = raw.encode() if isinstance(raw, str) else raw
    except UnicodeEncodeError as error:  # a lone surrogate
        raise _not_json() from error
    if len(octets) > limit:
        raise _too_large(len(octets), limit)
    return octets


def _decoded(octets: bytes, wire: Any) -> Any:
    try:
        return msgspec.json.decode(octets, type=wire)
    except msgspec.ValidationError as error:
        reason = str(error)[:_MAX_REASON]
        if reason.startswith("Invalid value '"):  # msgspec's words for an unknown tag
            raise RemoteProtocolError(
                "unknown_message", "This side does not know that message: {reason}.", reason=reason
            ) from error
        raise RemoteProtocolError(
            "bad_message", "The message is wrong: {reason}.", reason=reason
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _not_json() from error


def _not_json() -> RemoteProtocolError:
    return RemoteProtocolError("not_json", "The message is not JSON.")


def _too_large(size: int, limit: int) -> RemoteProtocolError:
    return RemoteProtocolError(
        "message_too_large",
        "The message has {size} bytes; {limit} are allowed.",
        size=size,
        limit=limit,
    )
