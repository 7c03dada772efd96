"""Passwords for relays, coturn's configuration, and what `serve --turn...` refuses."""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import shutil
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest

from projectdesk.commandline.turning import add_turn, turn
from projectdesk.errors import ProjectDeskError
from projectdesk.host.settings import HostSettings
from projectdesk.host.turn import coturn
from projectdesk.host.turn.configuration import CoturnSettings, configuration
from projectdesk.host.turn.passes import Relays, external_relays
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.signalling import codec

SECRET = "north-sea-0123456789"
UNTIL = datetime(2026, 3, 2, 12, tzinfo=UTC)


def denied(text: str, address: str) -> bool:
    one = ip_address(address)
    for line in text.splitlines():
        if line.startswith("denied-peer-ip="):
            first, last = map(ip_address, line.partition("=")[2].split("-"))
            if first.version == one.version and int(first) <= int(one) <= int(last):
                return True
    return False


def test_a_pass_is_what_coturn_expects_of_a_shared_secret():
    given = Relays(("turn:t.example.org",), SECRET).passes("room", "person", UNTIL)
    (server,) = given.servers
    expires, _, user = server.username.partition(":")
    assert datetime.fromtimestamp(int(expires), UTC) == UNTIL == given.expires_at
    expected = hmac.new(SECRET.encode(), server.username.encode(), hashlib.sha1).digest()
    assert server.credential == base64.b64encode(expected).decode()
    assert len(user) == 16
    assert "person" not in user


def test_a_user_is_the_same_for_one_person_and_another_for_each():
    relays = Relays(("turn:t.example.org",), SECRET)

    def user(room: str, person: str) -> str:
        return relays.passes(room, person, UNTIL).servers[0].username

    assert user("r1", "a") == user("r1", "a")
    assert len({user("r1", "a"), user("r1", "b"), user("r2", "a")}) == 3


def test_no_secret_and_no_password_is_in_what_gets_logged():
    relays = Relays(("turn:t.example.org",), SECRET)
    given = relays.passes("room", "person", UNTIL)
    shown = f"{relays!r} {given!r} {HostSettings(public_url='https://a', relays=relays)!r}"
    assert SECRET not in shown
    assert given.servers[0].credential not in shown
    assert given.servers[0].credential in codec.encode(given).decode()


@pytest.mark.parametrize(
    "url",
    [
        "turn:turn.example.org",
        "turn:turn.example.org:3478?transport=udp",
        "turns:turn.example.org:443?transport=tcp",
        "turn:[2001:db8::7]:3478?transport=tcp",
        "turn:198.51.100.7",
    ],
)
def test_urls_of_relays(url):
    assert external_relays((url,), SECRET).urls == (url,)


@pytest.mark.parametrize(
    "url", ["", "turn.example.org", "turn://x", "turn:x:0", "turn:x:70000", "stun:x", "turn:x y"]
)
def test_what_is_no_url_of_a_relay_is_refused(url):
    with pytest.raises(ProjectDeskError) as caught:
        external_relays((url,), SECRET)
    assert caught.value.code == "turn_url_invalid"


def test_coturn_relays_into_no_private_network():
    text = configuration(CoturnSettings(host="meet.example.org"), SECRET, Path("turn"))
    for address in (
        *("10.1.2.3", "172.31.0.1", "192.168.0.1", "127.0.0.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "::1", "fc00::1", "fd12::1", "fe80::1", "224.0.0.1"),
    ):
        assert denied(text, address), address
    for address in ("8.8.8.8", "172.32.0.1", "2a00:1450::1"):
        assert not denied(text, address), address
    for line in ("use-auth-secret", "no-cli", "no-multicast-peers", "fingerprint"):
        assert line in text.splitlines()
    assert f"static-auth-secret={SECRET}" in text
    assert "user-quota=48" in text
    assert "total-quota=1200" in text
    assert "allow-loopback-peers" not in text


def test_only_the_media_servers_own_private_address_may_be_reached():
    settings = CoturnSettings(host="h", peers=("10.0.0.5", "127.0.0.1", "::1", "8.8.8.8"))
    text = configuration(settings, SECRET, Path("turn"))
    allowed = [line for line in text.splitlines() if line.startswith("allowed-peer-ip")]
    assert allowed == ["allowed-peer-ip=10.0.0.5"]


def test_an_address_translated_one_to_one_is_told_to_coturn():
    settings = CoturnSettings(
        host="h", listen=("10.0.0.5", "fd00::5"), external=("198.51.100.7", "2001:db8::7")
    )
    text = configuration(settings, SECRET, Path("turn"))
    assert "external-ip=198.51.100.7/10.0.0.5" in text
    assert "external-ip=2001:db8::7/fd00::5" in text


def test_tls_needs_a_certificate_and_is_told_to_pages_only_then():
    plain = CoturnSettings(host="meet.example.org")
    assert [url.partition(":")[0] for url in plain.urls()] == ["turn", "turn"]
    assert "no-tls" in configuration(plain, SECRET, Path("turn")).splitlines()
    settings = CoturnSettings(host="meet.example.org", tls_port=443, certificate=Path("c.pem"))
    assert settings.urls()[-1] == "turns:meet.example.org:443?transport=tcp"
    assert "tls-listening-port=443" in configuration(settings, SECRET, Path("turn"))


def test_behind_a_proxy_that_splits_port_443_pages_are_told_443():
    settings = asked(
        *("--turn", "--public-url", "https://meet.example.org", "--certificate", "c.pem"),
        *("--turn-address", "203.0.113.7,127.0.0.1", "--turn-host", "turn.meet.example.org"),
        *("--turn-tls-public-port", "443", "--public-ip", "203.0.113.7"),
    )
    assert isinstance(settings, CoturnSettings)
    assert settings.urls()[-1] == "turns:turn.meet.example.org:443?transport=tcp"
    lines = configuration(settings, SECRET, Path("turn")).splitlines()
    assert "tls-listening-port=5349" in lines
    assert "listening-ip=127.0.0.1" in lines
    assert [line for line in lines if line.startswith("relay-ip")] == ["relay-ip=203.0.113.7"]


def test_no_range_means_everything_to_coturn():
    """It reads :: and mapped addresses as any address at all (tests/integration/host)."""
    for line in configuration(CoturnSettings(host="h"), SECRET, Path("turn")).splitlines():
        if line.startswith("denied-peer-ip="):
            first, last = map(ip_address, line.partition("=")[2].split("-"))
            assert first.version == last.version
            assert first.version == 4 or int(first) > 0xFFFF_FFFF_FFFF or first.is_loopback


def test_without_coturn_the_host_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(ProjectDeskError) as caught:
        coturn.Coturn(CoturnSettings(host="h"), tmp_path)
    assert caught.value.code == "coturn_missing"
    assert "apt install coturn" in str(caught.value)
    assert "--turn-url" in str(caught.value)


# --- the command line -----------------------------------------------------------------------------


def asked(*words: str, secrets: MemorySecrets | None = None) -> Relays | CoturnSettings | None:
    parser = argparse.ArgumentParser()
    add_turn(parser)
    for name in ("public-url", "public-ip", "udp-ports", "interfaces"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--certificate", type=Path)
    parser.add_argument("--private-key", type=Path)
    return turn(parser.parse_args(words), secrets or MemorySecrets())


def refused(*words: str, secrets: MemorySecrets | None = None) -> str:
    with pytest.raises(ProjectDeskError) as caught:
        asked(*words, secrets=secrets)
    return caught.value.code


def test_no_option_means_no_relays():
    assert asked() is None


def test_a_relay_of_ones_own_by_url_and_secret(tmp_path):
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    file.chmod(0o600)
    url = "turns:turn.example.org:443?transport=tcp"
    assert asked("--turn-url", url, "--turn-secret-file", str(file)) == Relays((url,), SECRET)
    kept = MemorySecrets()
    kept.write("turn-secret", SECRET)
    assert asked("--turn-url", url, secrets=kept) == Relays((url,), SECRET)


def test_a_coturn_of_this_host_goes_by_the_hosts_name_addresses_and_certificate():
    settings = asked(
        *("--turn", "--public-url", "https://meet.example.org", "--public-ip", "198.51.100.7"),
        *("--turn-address", "10.0.0.5", "--turn-tls-port", "443", "--certificate", "c.pem"),
        *("--udp-ports", "40000-40100"),
    )
    assert isinstance(settings, CoturnSettings)
    assert settings.host == "meet.example.org"
    assert settings.external == ("198.51.100.7",)
    assert settings.peers == ("198.51.100.7",)
    assert settings.urls()[-1] == "turns:meet.example.org:443?transport=tcp"


def test_what_the_command_line_refuses(tmp_path):
    url = ("--turn-url", "turn:turn.example.org")
    assert refused(*url) == "turn_secret_missing"
    assert refused(*url, "--turn") == "turn_twice"
    assert refused(*url, "--turn-secret-file", str(tmp_path / "none")) == "secrets_unreadable"
    open_to_all = tmp_path / "open"
    open_to_all.write_text(SECRET)
    open_to_all.chmod(0o644)
    assert refused(*url, "--turn-secret-file", str(open_to_all)) == "secret_exposed"
    short = MemorySecrets()
    short.write("turn-secret", "short")
    assert refused(*url, secrets=short) == "turn_secret_invalid"
    assert refused("--turn", "--turn-port", "70000") == "bad_port"
    assert refused("--turn", "--turn-address", "meet.example.org") == "bad_address"
    assert refused("--turn", "--turn-relay-ports", "9-1") == "bad_udp_ports"
    overlapping = ("--udp-ports", "50000-50100")
    assert refused("--turn", *overlapping) == "ports_overlap"
