from __future__ import annotations

from ipaddress import ip_network

import pytest

from projectdesk.errors import EnvironmentFailure
from projectdesk.host.http.addresses import client_address
from projectdesk.host.http.limits import (
    BAD_PER_ADDRESS,
    MAX_PER_INVITATION,
    MAX_UNAUTHENTICATED,
    BadTokens,
    MessageRate,
    SocketCounts,
)
from projectdesk.host.settings import HostSettings, checked_public_url, is_loopback, origin


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_ten_wrong_tokens_are_free_then_answers_slow_down():
    time = Time()
    bad = BadTokens(time)
    assert [bad.note("a") for _ in range(BAD_PER_ADDRESS)] == [0.0] * BAD_PER_ADDRESS
    slower = [bad.note("a") for _ in range(30)]
    assert slower == sorted(slower)
    assert 0 < slower[0] < slower[-1] <= 5.0
    assert bad.note("b") == 0.0
    time.now = 601.0
    assert bad.note("a") == 0.0


def test_many_addresses_together_are_slowed_down():
    bad = BadTokens(Time())
    delays = [bad.note(f"address {n}") for n in range(150)]
    assert delays[99] == 0.0
    assert delays[-1] > 0


def test_addresses_are_not_remembered_without_end():
    time = Time()
    bad = BadTokens(time)
    for n in range(12_000):
        time.now += 0.1
        bad.note(f"address {n}")
    assert len(bad._by_address) <= 10_001


def test_twenty_messages_a_second_pass_and_no_more():
    time = Time()
    rate = MessageRate(time)
    for _ in range(10):
        time.now += 1.0
        assert all(rate.allows() for _ in range(20))
    assert sum(rate.allows() for _ in range(200)) <= 40
    assert rate.refused >= 160


def test_sockets_are_counted_and_given_back():
    counts = SocketCounts()
    assert all(counts.admit_stranger("a") for _ in range(MAX_UNAUTHENTICATED))
    assert not counts.admit_stranger("a")
    assert counts.admit_stranger("b")
    counts.release_stranger("a")
    assert counts.admit_stranger("a")
    assert all(counts.admit_guest("r", "i") for _ in range(MAX_PER_INVITATION))
    assert not counts.admit_guest("r", "i")
    counts.release_guest("r", "i")
    assert counts.admit_guest("r", "i")


PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "198.51.100.1, 10.0.0.3", "198.51.100.1"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "nonsense", "10.0.0.2"),
        ("::ffff:10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("fd00::1", "2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "", "fe80::/64"),
        ("", "198.51.100.1", ""),
    ],
)
def test_only_trusted_proxies_say_who_the_client_is(peer, forwarded, counted):
    assert client_address(peer, forwarded, PROXIES) == counted


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://Meet.Example.org/", "https://meet.example.org"),
        ("https://meet.example.org:443", "https://meet.example.org"),
        ("https://meet.example.org:8443", "https://meet.example.org:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_public_urls_are_shown_one_way(url, shown):
    assert checked_public_url(url) == shown
    assert HostSettings(public_url=shown).origins == {origin(shown)}


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("meet.example.org", "public_url_invalid"),
        ("ftp://meet.example.org", "public_url_invalid"),
        ("https://", "public_url_invalid"),
        ("https://x/path", "public_url_invalid"),
        ("https://x:99999", "public_url_invalid"),
        ("http://meet.example.org", "public_url_insecure"),
        ("http://192.168.1.5:8080", "public_url_insecure"),
    ],
)
def test_bad_public_urls_are_clear_errors(url, code):
    with pytest.raises(EnvironmentFailure) as caught:
        checked_public_url(url)
    assert caught.value.code == code


def test_cookies_need_https_everywhere_but_on_loopback():
    assert HostSettings(public_url="https://meet.example.org").secure
    assert not HostSettings(public_url="http://127.0.0.1:8080").secure
    assert is_loopback("127.0.0.2")
    assert is_loopback("::1")
    assert not is_loopback("meet.example.org")
