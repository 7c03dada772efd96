"""The feed of updates: a JSON document in an envelope with signatures (Ed25519, RFC 8032).

    {"format": 1, "feed": "<the document as text>",
     "signatures": [{"key": "<id>", "signature": "<base64>"}]}

The text is signed as it stands, after `CONTEXT`: a signature of something else is none of a feed.
The document:

    {"product": "org.projectdesk.ProjectDesk", "sequence": 12,
     "published": "2026-11-27T08:00:00Z", "expires": "2027-05-26T08:00:00Z",
     "version": "0.2.0", "page": "https://.../releases/0.2.0",
     "notes": {"en": "...", "de": "..."},
     "packages": [{"system": "windows", "machine": "x86_64", "kind": "msi", "minimum": "10.0.17763",
                   "url": "https://...", "size": 270000000, "sha256": "..."}]}

`sequence` rises with each feed and `expires` bounds its life: an older feed that is shown again, or
one that is withheld, is found out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from projectdesk.errors import UnreadableFile

PRODUCT: Final = "org.projectdesk.ProjectDesk"
FORMAT: Final = 1
CONTEXT: Final = b"ProjectDesk feed of updates 1\n"
MOST_BYTES: Final = 256 << 10
_MOST_PACKAGES: Final = 50
_MOST_NOTES: Final = 8_000
_VERSION: Final = re.compile(r"(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){1,3}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_WORD: Final = re.compile(r"[a-z0-9_]{1,20}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class Package:
    """One package. size: in bytes. minimum: of the system, as `checking.system_version` has it."""

    system: str
    machine: str
    kind: str
    url: str
    size: int
    sha256: str
    minimum: str = ""


@dataclass(frozen=True)
class Feed:
    """What a feed says. page: where one reads of it and downloads; notes: by language."""

    sequence: int
    published: datetime
    expires: datetime
    version: str
    page: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    packages: tuple[Package, ...] = ()

    def notes_in(self, language: str) -> str:
        """Return what is new, in a language, its base, or English."""
        for tag in (language, language.partition("-")[0], "en"):
            if tag in self.notes:
                return self.notes[tag]
        return ""


def version_key(version: str) -> tuple[int, ...]:
    """Return a version as it is compared; 1.2 and 1.2.0 are the same.

    Raises:
        ValueError: it is none of two to four numbers.
    """
    if not _VERSION.fullmatch(version):
        raise ValueError(f"“{version[:40]}” is no version such as 1.2.3")
    numbers = [int(part) for part in version.split(".")]
    return (*numbers, *[0] * (4 - len(numbers)))


def key_id(public: bytes) -> str:
    """Return what a public key is called in signatures."""
    return hashlib.sha256(public).hexdigest()[:16]


# --- writing --------------------------------------------------------------------------------------


def sign(text: str, keys: Sequence[Ed25519PrivateKey]) -> bytes:
    """Return the envelope of a document, signed by each key.

    Raises:
        UnreadableFile: the document does not hold.
    """
    read_document(text)
    signatures = []
    for key in keys:
        public = key.public_key().public_bytes_raw()
        made = base64.b64encode(key.sign(CONTEXT + text.encode("utf-8"))).decode("ascii")
        signatures.append({"key": key_id(public), "signature": made})
    envelope = {"format": FORMAT, "feed": text, "signatures": signatures}
    return (json.dumps(envelope, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def document(feed: Feed) -> str:
    """Return a feed as the text that is signed."""
    return json.dumps(
        {
            "product": PRODUCT,
            "sequence": feed.sequence,
            "published": feed.published.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "expires": feed.expires.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "version": feed.version,
            "page": feed.page,
            "notes": dict(feed.notes),
            "packages": [vars(package) for package in feed.packages],
        },
        indent=1,
        ensure_ascii=False,
    )


# --- reading --------------------------------------------------------------------------------------


def read(content: bytes, keys: Sequence[str]) -> Feed:
    """Return what a feed says, if one of the keys has signed it.

    Args:
        content: the envelope.
        keys: public keys that are believed, in base64.

    Raises:
        UnreadableFile: `feed_unreadable`, `feed_unsigned` (no believed key has signed it),
            `feed_other_product`.
    """
    if len(content) > MOST_BYTES:
        raise _unreadable("it is larger than 256 KB")
    envelope = _object(content)
    text, signatures = envelope.get("feed"), envelope.get("signatures")
    if envelope.get("format") != FORMAT or not isinstance(text, str):
        raise _unreadable("it is none of this format")
    if not isinstance(signatures, list) or not any(
        _is_signed(text, entry, keys) for entry in signatures[:10]
    ):
        raise UnreadableFile(
            "feed_unsigned",
            "The feed of updates is not signed by who makes ProjectDesk. Nothing of it was used.",
        )
    return read_document(text)


def _is_signed(text: str, entry: object, keys: Sequence[str]) -> bool:
    if not isinstance(entry, dict):
        return False
    known = {key_id(raw): raw for raw in map(base64.b64decode, keys)}
    public = known.get(str(entry.get("key")))
    if public is None:
        return False
    try:
        signature = base64.b64decode(str(entry.get("signature")), validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(signature, CONTEXT + text.encode("utf-8"))
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True


def read_document(text: str) -> Feed:
    """Return what a document says; its signature is not looked at.

    Raises:
        UnreadableFile: `feed_unreadable`, `feed_other_product`.
    """
    told = _object(text.encode("utf-8"))
    if told.get("product") != PRODUCT:
        raise UnreadableFile(
            "feed_other_product", "The feed of updates is of another program. It was not used."
        )
    try:
        return Feed(
            _number(told["sequence"]),
            _instant(told["published"]),
            _instant(told["expires"]),
            _checked_version(told["version"]),
            _address(told.get("page", ""), needed=False),
            _notes(told.get("notes", {})),
            _packages(told.get("packages", [])),
        )
    except KeyError as error:
        raise _unreadable(f"it has no {error.args[0]}") from error
    except (ValueError, TypeError) as error:
        raise _unreadable(str(error)) from error


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _unreadable("it is no JSON") from error
    if not isinstance(found, dict):
        raise _unreadable("it is no object")
    return found


def _unreadable(reason: str) -> UnreadableFile:
    return UnreadableFile(
        "feed_unreadable",
        "The feed of updates cannot be read: {reason}. Nothing of it was used.",
        reason=reason,
    )


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 53:
        raise ValueError("a number is expected")
    return value


def _instant(value: object) -> datetime:
    found = datetime.fromisoformat(str(value))
    if found.tzinfo is None:
        raise ValueError("an instant has no zone")
    return found.astimezone(UTC)


def _checked_version(value: object) -> str:
    version_key(str(value))
    return str(value)


def _address(value: object, *, needed: bool) -> str:
    address = str(value)
    if not address and not needed:
        return ""
    parts = urlsplit(address)
    hidden = "@" in parts.netloc or not address.isprintable() or " " in address
    if parts.scheme != "https" or not parts.hostname or hidden or len(address) > 2_000:
        raise ValueError("an address does not begin with https://")
    return address


def _notes(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise ValueError("notes are no texts by language")
    if not all(_LANGUAGE.fullmatch(str(tag)) for tag in value):
        raise ValueError("notes are of a language that is none")
    return {tag: words[:_MOST_NOTES] for tag, words in value.items()}


def _packages(value: object) -> tuple[Package, ...]:
    if not isinstance(value, list) or len(value) > _MOST_PACKAGES:
        raise ValueError("packages are no list")
    return tuple(_package(entry) for entry in value)


def _package(entry: object) -> Package:
    if not isinstance(entry, dict):
        raise TypeError("a package is no object")
    words = {name: str(entry[name]) for name in ("system", "machine", "kind")}
    minimum = str(entry.get("minimum", ""))
    if minimum:
        version_key(minimum)
    if not all(_WORD.fullmatch(word) for word in words.values()):
        raise ValueError("a package has no system, machine or kind")
    if not _SHA256.fullmatch(str(entry["sha256"])):
        raise ValueError("a package has no sha256")
    return Package(
        system=words["system"],
        machine=words["machine"],
        kind=words["kind"],
        url=_address(entry["url"], needed=True),
        size=_number(entry["size"]),
        sha256=str(entry["sha256"]),
        minimum=minimum,
    )
