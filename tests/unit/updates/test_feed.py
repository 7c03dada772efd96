"""The feed of updates: what is believed, what is remembered, what is told."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.errors import DomainError, EnvironmentFailure, ProjectDeskError, UnreadableFile
from projectdesk.policy import managed, sources
from projectdesk.proxies import web
from projectdesk.updates import built, checking
from projectdesk.updates.feed import (
    CONTEXT,
    MOST_BYTES,
    Feed,
    Package,
    document,
    read,
    read_document,
    sign,
    version_key,
)
from tests.unit.policy.test_policy import Settle
from tests.unit.policy.test_policy import settle as settle

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
ADDRESS = "https://updates.example.org/feed.json"
OLD, NEXT, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))
PACKAGE = Package("linux", "x86_64", "deb", "https://x.example.org/p.deb", 5, "a" * 64, "2.36")
FEED = Feed(
    7,
    NOW - timedelta(days=1),
    NOW + timedelta(days=90),
    "0.2.0",
    "https://x.example.org/0.2.0",
    {"en": "Faster.", "de": "Schneller."},
    (PACKAGE,),
)


def public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def envelope(feed: Feed = FEED, *keys: Ed25519PrivateKey) -> bytes:
    return sign(document(feed), keys or (OLD,))


@pytest.fixture(autouse=True)
def a_build_with_a_feed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sources, "_read_system", lambda: ("", {}, ""))
    managed.cache_clear()
    monkeypatch.setattr(built, "FEED", ADDRESS)
    monkeypatch.setattr(built, "KEYS", (public(OLD), public(NEXT)))
    yield
    managed.cache_clear()


def code_of(content: bytes, keys: tuple[str, ...] = (public(OLD),)) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(content, keys)
    return caught.value.code


# --- what is believed -----------------------------------------------------------------------------


def test_a_signed_feed_says_what_was_written() -> None:
    assert read(envelope(), [public(OLD)]) == FEED
    assert FEED.notes_in("de-AT") == "Schneller."
    assert FEED.notes_in("fr") == "Faster."


def test_keys_are_changed_without_a_gap() -> None:
    both = envelope(FEED, OLD, NEXT)
    for keys in ([public(OLD)], [public(OLD), public(NEXT)], [public(NEXT)]):
        assert read(both, keys) == FEED
    assert code_of(envelope(FEED, NEXT)) == "feed_unsigned", "a build that knows the old one only"
    assert code_of(envelope(FEED, OTHER), (public(OLD), public(NEXT))) == "feed_unsigned"


def test_what_was_changed_on_the_way_is_not_believed() -> None:
    made = json.loads(envelope())
    for change in (
        {"feed": made["feed"].replace("x.example.org/p.deb", "evil.example/p.deb")},
        {"signatures": []},
        {"signatures": [made["signatures"][0] | {"signature": "AAAA"}]},
        {"signatures": [made["signatures"][0] | {"key": "0" * 16}]},
        {"signatures": "none"},
    ):
        assert code_of(json.dumps(made | change).encode()) == "feed_unsigned"
    assert code_of(json.dumps(made | {"format": 2}).encode()) == "feed_unreadable"


def test_a_signature_of_something_else_is_none_of_a_feed() -> None:
    made = json.loads(envelope())
    bare = base64.b64encode(OLD.sign(made["feed"].encode())).decode()
    made["signatures"][0]["signature"] = bare
    assert code_of(json.dumps(made).encode()) == "feed_unsigned"
    assert OLD.sign(CONTEXT + made["feed"].encode()) != base64.b64decode(bare)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 50_000, b" " * (MOST_BYTES + 1)]
)
def test_what_is_no_feed_is_refused(content: bytes) -> None:
    assert code_of(content) == "feed_unreadable"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"product": "org.example.Other"}, "feed_other_product"),
        ({"version": "new"}, "feed_unreadable"),
        ({"sequence": -1}, "feed_unreadable"),
        ({"sequence": True}, "feed_unreadable"),
        ({"expires": "2027-01-01T00:00:00"}, "feed_unreadable"),
        ({"expires": None}, "feed_unreadable"),
        ({"page": "http://x.example.org"}, "feed_unreadable"),
        ({"page": "https://user@x.example.org"}, "feed_unreadable"),
        ({"notes": {"en": 7}}, "feed_unreadable"),
        ({"packages": [{}]}, "feed_unreadable"),
        ({"packages": [vars(PACKAGE) | {"url": "file:///etc/passwd"}]}, "feed_unreadable"),
        ({"packages": [vars(PACKAGE) | {"sha256": "x"}]}, "feed_unreadable"),
        ({"packages": 7}, "feed_unreadable"),
    ],
)
def test_each_value_is_checked(change: dict[str, Any], code: str) -> None:
    told = json.loads(document(FEED)) | change
    with pytest.raises(UnreadableFile) as caught:
        read_document(json.dumps(told))
    assert caught.value.code == code


@pytest.mark.full
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), st.lists))
def test_no_value_of_a_document_crashes(value: object) -> None:
    for name in json.loads(document(FEED)):
        told = json.loads(document(FEED)) | {name: value}
        try:
            read_document(json.dumps(told))
        except UnreadableFile:
            continue


def test_versions_are_compared_by_number() -> None:
    assert version_key("0.10.0") > version_key("0.9.9")
    assert version_key("1.2") == version_key("1.2.0")
    for wrong in ("", "1", "1.2.3-rc1", "01.2", "1.2.3.4.5"):
        with pytest.raises(ValueError):
            version_key(wrong)


# --- looking --------------------------------------------------------------------------------------


def look(data: Path, feed: Feed | bytes = FEED, now: datetime = NOW) -> checking.Update | None:
    content = feed if isinstance(feed, bytes) else envelope(feed)
    return checking.check(data, now, lambda address: content if address == built.FEED else b"")


def refused(data: Path, feed: Feed | bytes, now: datetime = NOW) -> str:
    before = checking.load(data)
    with pytest.raises(ProjectDeskError) as caught:
        look(data, feed, now)
    after = checking.load(data)
    assert after == replace(before, checked_at=now, problem=caught.value.text)
    return caught.value.code


def test_a_newer_version_is_told_until_it_is_skipped(tmp_path: Path) -> None:
    found = look(tmp_path)
    assert found is not None
    assert (found.feed, found.package) == (FEED, None)
    assert found.link == FEED.page, "this program was not installed from a package"
    assert checking.told(tmp_path, NOW) == found
    checking.remind_later(tmp_path, NOW)
    assert checking.told(tmp_path, NOW + timedelta(days=6)) is None
    assert checking.told(tmp_path, NOW + timedelta(days=8)) == found
    checking.skip(tmp_path, "0.2.0")
    assert checking.told(tmp_path, NOW + timedelta(days=8)) is None
    look(tmp_path, replace(FEED, sequence=8, version="0.3.0"), NOW + timedelta(days=9))
    assert checking.told(tmp_path, NOW + timedelta(days=9)) is not None


@pytest.mark.parametrize("version", ["0.1.0", "0.0.9", "0.1"])
def test_what_is_not_newer_is_not_told(tmp_path: Path, version: str) -> None:
    assert look(tmp_path, replace(FEED, version=version)) is None
    assert checking.told(tmp_path, NOW) is None


def test_an_older_feed_that_is_shown_again_is_refused(tmp_path: Path) -> None:
    look(tmp_path)
    assert refused(tmp_path, replace(FEED, sequence=6, version="9.0")) == "feed_older"
    assert refused(tmp_path, replace(FEED, version="9.0")) == "feed_older", "the same number twice"
    assert look(tmp_path) is not None, "the same feed again is no older one"
    assert checking.load(tmp_path).problem == ""
    late = FEED.expires + timedelta(seconds=1)
    assert refused(tmp_path, FEED, late) == "feed_expired"
    assert refused(tmp_path, envelope(FEED, OTHER)) == "feed_unsigned"


def test_the_feed_of_another_address_is_no_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(tmp_path)
    monkeypatch.setattr(built, "FEED", "https://other.example.org/feed.json")
    assert checking.told(tmp_path, NOW) is None, "what another feed tells of is not told"
    found = look(tmp_path, replace(FEED, version="0.3.0"))
    assert found is not None
    assert found.feed.version == "0.3.0"
    monkeypatch.setattr(built, "FEED", ADDRESS)
    assert look(tmp_path) is not None


def test_the_package_of_this_system_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "installed_kind", lambda: "deb")
    monkeypatch.setattr(checking, "system", lambda: "linux")
    monkeypatch.setattr(checking, "machine", lambda: "x86_64")
    monkeypatch.setattr(checking, "system_version", lambda: "2.41")
    found = look(tmp_path)
    assert found is not None
    assert (found.link, found.fits) == (PACKAGE.url, True)
    monkeypatch.setattr(checking, "system_version", lambda: "2.31")
    old = look(tmp_path)
    assert old is not None
    assert not old.fits
    assert checking.told(tmp_path, NOW) is None, "it could not be installed"


def test_it_is_looked_at_once_a_day_at_most(tmp_path: Path) -> None:
    assert checking.is_due(checking.load(tmp_path), NOW)
    look(tmp_path)
    state = checking.load(tmp_path)
    assert not checking.is_due(state, NOW + timedelta(hours=23))
    assert checking.is_due(state, NOW + timedelta(hours=24))
    assert checking.is_due(state, NOW - timedelta(days=400)), "the clock was wrong before"
    with pytest.raises(UnreadableFile):
        look(tmp_path, b"", NOW + timedelta(days=2))
    assert not checking.is_due(checking.load(tmp_path), NOW + timedelta(days=2, hours=1))


def test_without_a_feed_nobody_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for feed, keys in (("", (public(OLD),)), (ADDRESS, ())):
        monkeypatch.setattr(built, "FEED", feed)
        monkeypatch.setattr(built, "KEYS", keys)
        assert not checking.is_due(checking.load(tmp_path), NOW)
        with pytest.raises(EnvironmentFailure) as caught:
            checking.check(tmp_path, NOW, lambda _: pytest.fail("it was asked"))
        assert caught.value.code == "feed_unknown"
    assert not (tmp_path / checking.FILE).exists()


def test_it_is_switched_off_by_a_person_or_a_policy(settle: Settle, tmp_path: Path) -> None:
    settle()
    look(tmp_path)
    checking.want(tmp_path, wanted=False)
    assert not checking.is_due(checking.load(tmp_path), NOW + timedelta(days=5))
    assert checking.told(tmp_path, NOW) is None
    checking.want(tmp_path, wanted=True)
    settle(CheckForUpdates=0)
    assert not checking.is_due(checking.load(tmp_path), NOW + timedelta(days=5))
    with pytest.raises(DomainError):
        checking.want(tmp_path, wanted=True)


def test_a_policy_names_a_feed_and_keys_of_its_own(settle: Settle, tmp_path: Path) -> None:
    mirror = "https://software.example.edu/updates.json"
    settle(UpdateFeed=mirror, UpdateKeys=[public(OTHER)])
    asked = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        return envelope(FEED, OTHER)

    assert checking.check(tmp_path, NOW, fetch) is not None
    assert asked == [mirror]
    assert checking.load(tmp_path).sequence == {mirror: 7}
    settle(UpdateFeed="http://software.example.edu/x")
    assert checking.source().address == ADDRESS, "what cannot be read is not used"


@pytest.mark.parametrize("content", ["", "[]", "7", '{"checked_at": "x"}', '{"sequence": 1}'])
def test_a_state_that_makes_no_sense_counts_as_none(content: str, tmp_path: Path) -> None:
    (tmp_path / checking.FILE).write_text(content)
    assert checking.load(tmp_path) == checking.State()


# --- the request ----------------------------------------------------------------------------------


class _Answer:
    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)

    def __enter__(self) -> _Answer:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read1(self, _size: int) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""


def test_nothing_is_sent_but_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def open_request(request: Any, **facts: Any) -> _Answer:
        asked.append((request, facts))
        return _Answer(b"ab", b"c")

    monkeypatch.setattr(web, "open_request", open_request)
    assert checking.fetch_feed(ADDRESS) == b"abc"
    ((request, facts),) = asked
    assert request.full_url == ADDRESS
    assert (request.get_method(), request.data) == ("GET", None)
    assert dict(request.header_items()) == {"User-agent": "ProjectDesk"}
    assert facts["redirects"] is False


def test_a_feed_that_is_too_large_or_not_encrypted_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(web, "open_request", lambda *_, **__: _Answer(*[b"x" * 16_384] * 17))
    for address in (ADDRESS, "http://updates.example.org/feed.json"):
        with pytest.raises(EnvironmentFailure) as caught:
            checking.fetch_feed(address)
        assert caught.value.code == "feed_unreachable"
