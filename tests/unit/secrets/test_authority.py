"""This computer's own certificate authority: what it vouches for, and what nobody must believe."""

from __future__ import annotations

import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from projectdesk.errors import EnvironmentFailure
from projectdesk.secrets.authority import NAME, Authority, authority, is_private, vouches
from projectdesk.secrets.memory import MemorySecrets

NOW = datetime.now(UTC)
HOME = "192.168.1.20"


@pytest.fixture
def secrets() -> MemorySecrets:
    return MemorySecrets()


@pytest.fixture
def own(secrets: MemorySecrets) -> Authority:
    return authority(secrets, "desk-7", NOW)


def der(pem: str) -> bytes:
    return ssl.PEM_cert_to_DER_cert(pem)


def test_an_authority_is_made_once_and_kept_among_the_secrets(secrets, own):
    assert authority(secrets, "desk-7", NOW + timedelta(days=300)).certificate == own.certificate
    assert "PRIVATE KEY" in (secrets.read(NAME) or "")
    assert "PRIVATE KEY" not in own.certificate
    assert own.fingerprint.count(":") == 31


def test_one_that_comes_to_its_end_is_replaced(secrets, own):
    later = own.ends_at - timedelta(days=10)
    assert authority(secrets, "desk-7", later).certificate != own.certificate


def test_what_is_no_authority_is_said(secrets):
    secrets.write(NAME, "nonsense")
    with pytest.raises(EnvironmentFailure) as refused:
        authority(secrets, "desk-7", NOW)
    assert refused.value.code == "authority_unreadable"


def test_it_may_vouch_for_private_addresses_and_its_own_name_alone(own):
    made = x509.load_pem_x509_certificate(own.certificate.encode())
    limits = made.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    names = [entry.value for entry in limits.value.permitted_subtrees or ()]
    assert "desk-7.local" in names
    assert not any(str(name) in {"0.0.0.0/0", "::/0", "org"} for name in names)
    assert made.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0


def test_a_certificate_is_believed_for_its_address_and_no_other(own):
    made = own.certify([HOME], NOW)
    chain = [der(made.chain)]
    assert vouches(own.certificate, chain, HOME, NOW)
    assert not vouches(own.certificate, chain, "192.168.1.21", NOW)
    assert not vouches(own.certificate, chain, "meet.example.org", NOW)
    assert not vouches(own.certificate, [], HOME, NOW)
    assert not vouches(own.certificate, [b"nonsense"], HOME, NOW)


def test_it_is_not_believed_after_its_time_or_from_another_authority(own):
    made = own.certify([HOME], NOW)
    assert not vouches(own.certificate, [der(made.chain)], HOME, NOW + timedelta(days=60))
    other = authority(MemorySecrets(), "desk-7", NOW)
    assert not vouches(other.certificate, [der(made.chain)], HOME, NOW)


def test_openssl_believes_it_within_its_limits_only(own, tmp_path: Path):
    def verified(name: str, *address: str) -> bool:
        made = own.certify([name], NOW)
        (tmp_path / "own.pem").write_text(own.certificate)
        (tmp_path / "leaf.pem").write_text(made.chain)
        files = ["-CAfile", str(tmp_path / "own.pem"), str(tmp_path / "leaf.pem")]
        command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", *address, *files]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    assert verified(HOME, "-verify_ip", HOME)
    assert not verified("203.0.113.5", "-verify_ip", "203.0.113.5")
    assert not verified("meet.example.org", "-verify_hostname", "meet.example.org")


@pytest.mark.parametrize(
    ("address", "private"),
    [
        (HOME, True),
        ("10.1.2.3", True),
        ("172.31.0.1", True),
        ("172.32.0.1", False),
        ("fe80::1%eth0", True),
        ("8.8.8.8", False),
        ("127.0.0.1", False),
        ("2001:db8::1", False),
        ("desk-7", False),
    ],
)
def test_private_is_what_no_router_carries(address: str, private: bool):
    assert is_private(address) is private
