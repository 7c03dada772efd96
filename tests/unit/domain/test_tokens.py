from __future__ import annotations

import base64
import hashlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules.tokens import (
    LinkPurpose,
    link_token,
    new_link_key,
    read_link_key,
    token_hash,
)
from projectdesk.errors import DomainError

KEY = bytes(range(32))
SUBJECT = UUID("0195d2a0-0000-7000-8000-000000000001")
EFFORT_TOKEN = "oBog50GjYuoNckJeZEj3f-yxMe1b6WEi67a9shwwUFw"


def test_a_token_is_the_same_forever():
    """Links that were mailed must open after every update: this value never changes.

    It was made by OpenSSL: HMAC-SHA256 of "call|0195d2a0000070008000000000000001|1".
    """
    token = link_token(KEY, LinkPurpose.CALL, SUBJECT, 1)
    assert token == "M7BojtveTueIl6z-PFUgvvZWw-TQqRcNm8V0LZmoTKU"
    assert token_hash(token) == hashlib.sha256(token.encode()).hexdigest()


@given(
    subjects=st.sets(st.uuids(), min_size=2, max_size=5),
    generations=st.sets(st.integers(1, 99), min_size=2, max_size=5),
)
def test_no_two_links_have_the_same_token(subjects, generations):
    keys = [KEY, bytes(32)]
    tokens = {
        link_token(key, LinkPurpose.CALL, subject, generation)
        for key in keys
        for subject in subjects
        for generation in generations
    }
    assert len(tokens) == len(keys) * len(subjects) * len(generations)
    assert all(len(token) == 43 and token.isascii() and "=" not in token for token in tokens)


def test_a_link_of_one_purpose_is_none_of_another():
    """An effort link's token, made by OpenSSL: HMAC-SHA256 of "effort|0195d2a0...0001|1"."""
    tokens = {link_token(KEY, purpose, SUBJECT, 1) for purpose in LinkPurpose}
    assert len(tokens) == len(LinkPurpose)
    assert EFFORT_TOKEN in tokens


def test_link_keys_are_random_and_readable():
    first, second = new_link_key(), new_link_key()
    assert first != second
    assert len(read_link_key(first)) == 32


@pytest.mark.parametrize("text", ["", "not base64!", base64.b64encode(bytes(31)).decode()])
def test_a_damaged_key_is_refused_and_not_replaced(text):
    with pytest.raises(DomainError) as caught:
        read_link_key(text)
    assert caught.value.code == "bad_link_key"
