from __future__ import annotations

import re
from typing import get_args

import pytest

from projectdesk.signalling import call, journal, media

KINDS = "Refusal|DomainError|NotFound|Conflict|RemoteProtocolError"
UNIONS = [
    call.ClientMessage,
    call.HostMessage,
    journal.Fact,
    media.Request,
    media.Reply,
    media.Event,
]


@pytest.fixture(scope="module")
def words(root):
    text = (root / "docs" / "signalling.md").read_text(encoding="utf-8")
    return set(re.findall(r"`([A-Za-z_]+)`", text))


def test_every_message_is_documented(words):
    tags = {m.__struct_config__.tag for union in UNIONS for m in get_args(union)}
    assert tags <= words


def test_every_code_of_a_refusal_is_documented(words, root):
    source = root / "src" / "projectdesk"
    codes: set[str] = set()
    for folder in ("host", "room", "signalling"):
        for path in (source / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            codes |= set(re.findall(r"Refusal\(\s*\"([a-z_]+)\"", text))
            codes |= set(
                re.findall(
                    r"(?:DomainError|NotFound|Conflict|RemoteProtocolError)\(\s*\"([a-z_]+)\"", text
                )
            )
            codes |= set(re.findall(r"_(?:refuse|problem)\([^,]+, \"([a-z_]+)\"", text))
    assert len(codes) > 25
    # Of options and files of who runs a host: they never cross the wire.
    assert codes - {"key_unknown", "bad_period", "bad_domain"} <= words
