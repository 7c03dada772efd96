"""A certificate authority of this computer's own, for meetings in its local network.

Its key stays in the key store; only its certificate is shown to others. By its name constraints it
can vouch for private addresses and for this computer's own name alone: who trusts it trusts it with
nothing else (security.md, decisions 19).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from projectdesk.errors import EnvironmentFailure
from projectdesk.secrets import SecretStore

NAME: Final = "lan-authority"
"""Name of the authority among the secrets: certificate and key as PEM."""
_LIFE: Final = timedelta(days=5 * 365)
_LEAF_LIFE: Final = timedelta(days=30)
"""How long a certificate of a meeting host is valid; each start makes another."""
_SKEW: Final = timedelta(hours=1)
_PRIVATE: Final = tuple(
    map(
        ip_network,
        (
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "169.254.0.0/16",
            "fc00::/7",
            "fe80::/10",
        ),
    )
)
_making = threading.Lock()


@dataclass(frozen=True)
class HostCertificate:
    """What a host in the network speaks TLS with, as PEM. chain: the certificate alone."""

    chain: str
    key: str


class Authority:
    """The authority of this computer. certificate: PEM, for those who want to trust it."""

    def __init__(self, pem: str) -> None:
        """Take it from the key store.

        Raises:
            EnvironmentFailure: `authority_unreadable`.
        """
        try:
            raw = pem.encode("ascii")
            self._certificate = x509.load_pem_x509_certificate(raw)
            key = serialization.load_pem_private_key(raw, password=None)
        except ValueError as error:
            raise _unreadable() from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise _unreadable()
        self._key = key

    @property
    def certificate(self) -> str:
        """The certificate as PEM."""
        return _pem(self._certificate)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate, in pairs of digits, to be compared by eye."""
        return self._certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    @property
    def ends_at(self) -> datetime:
        """When the authority is no longer valid (UTC)."""
        return self._certificate.not_valid_after_utc

    def certify(self, names: Sequence[str], now: datetime) -> HostCertificate:
        """Return a certificate for addresses and names of this computer.

        Args:
            names: private addresses, or names the authority was made for.
            now: UTC.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        made = (
            # No name that a host could have: OpenSSL would hold it to the constraints.
            _builder(
                f"Meetings at {names[0]}",
                self._certificate.subject,
                key.public_key(),
                now,
                _LEAF_LIFE,
            )
            .add_extension(x509.SubjectAlternativeName(list(map(_general_name, names))), False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), False
            )
            .sign(self._key, hashes.SHA256())
        )
        return HostCertificate(_pem(made), _key_pem(key))


def authority(secrets: SecretStore, computer: str, now: datetime) -> Authority:
    """Return this computer's authority, made at the first time and when it comes to its end.

    Args:
        secrets: where it is kept.
        computer: name of this computer; it stands in the authority's own name.
        now: UTC.

    Raises:
        EnvironmentFailure: the key store cannot be reached; `authority_unreadable`.
    """
    with _making:
        kept = secrets.read(NAME)
        if kept is not None:
            known = Authority(kept)
            if known.ends_at - now > _LEAF_LIFE:
                return known
        pem = _made(computer, now)
        secrets.write(NAME, pem)
        return Authority(pem)


def is_private(address: str) -> bool:
    """Tell whether an address is one that the authority may vouch for."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return any(parsed.version == network.version and parsed in network for network in _PRIVATE)


def vouches(authority_pem: str, chain: Sequence[bytes], host: str, now: datetime) -> bool:
    """Tell whether an authority vouches for what a host showed.

    Args:
        authority_pem: the one authority that is believed.
        chain: certificates as DER, the host's own first.
        host: address or name that was asked for.
        now: UTC.
    """
    if not chain:
        return False
    try:
        above = x509.load_pem_x509_certificate(authority_pem.encode("ascii"))
        own = x509.load_der_x509_certificate(chain[0])
        own.verify_directly_issued_by(above)
        names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    timely = all(one.not_valid_before_utc <= now <= one.not_valid_after_utc for one in (above, own))
    return timely and _general_name(host) in list(names)


def _made(computer: str, now: datetime) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    title = f"ProjectDesk meetings of {computer}"[:64]
    subject = _name(title)
    networks: list[x509.GeneralName] = [x509.IPAddress(network) for network in _PRIVATE]
    allowed = [*networks, *map(x509.DNSName, _own_names(computer))]
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        _builder(title, subject, key.public_key(), now, _LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(allowed, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _pem(made) + _key_pem(key)


def _own_names(computer: str) -> list[str]:
    """Return the names of this computer in its network, as far as they are names of hosts."""
    short = computer.partition(".")[0].lower()
    proper = short.isascii() and short.replace("-", "").isalnum()
    return [f"{short}.local"] if proper else ["projectdesk.local"]


def _builder(
    title: str, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(title))
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + life)
    )


def _name(title: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])


def _general_name(name: str) -> x509.GeneralName:
    address: IPv4Address | IPv6Address
    try:
        address = ip_address(name.partition("%")[0])
    except ValueError:
        return x509.DNSName(name)
    return x509.IPAddress(address)


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode("ascii")


def _unreadable() -> EnvironmentFailure:
    return EnvironmentFailure(
        "authority_unreadable",
        "The key store's certificate authority cannot be read. Delete its entry “{name}”; a new "
        "one is made then, and guests have to be told of it.",
        name=NAME,
    )
