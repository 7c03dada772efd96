"""What `serve --turn...` asks for: relays that somebody else runs, or a coturn of our own."""

from __future__ import annotations

import argparse
from pathlib import Path
from urllib.parse import urlsplit

from projectdesk.commandline.ports import addresses, port, udp_ports
from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.host.turn.configuration import (
    PORT,
    RELAY_PORTS,
    TLS_PORT,
    CoturnSettings,
)
from projectdesk.host.turn.passes import Relays, external_relays
from projectdesk.media.embedded.udp import list_addresses
from projectdesk.secrets import SecretStore
from projectdesk.secrets.files import is_private


def add_turn(serve: argparse.ArgumentParser) -> None:
    """Add the options."""
    turn = serve.add_argument_group("relays for networks that let no UDP through (TURN)")
    turn.add_argument(
        "--turn-url",
        action="append",
        default=[],
        metavar="URL",
        help="a relay that you run, e.g. turns:turn.example.org:443?transport=tcp; repeat it",
    )
    turn.add_argument(
        "--turn-secret-file",
        type=Path,
        metavar="FILE",
        help="its static-auth-secret, mode 0600 (or the server's secret turn-secret)",
    )
    turn.add_argument("--turn", action="store_true", help="start coturn, which must be installed")
    turn.add_argument("--turn-host", metavar="NAME", help="of coturn (default: the public URL's)")
    turn.add_argument("--turn-address", metavar="IP[,IP6]", help="coturn listens there only")
    turn.add_argument("--turn-port", type=int, default=PORT, metavar="N", help="UDP and TCP")
    turn.add_argument(
        "--turn-tls-port", type=int, default=TLS_PORT, metavar="N", help="TLS, e.g. 443; 0 = none"
    )
    turn.add_argument(
        "--turn-tls-public-port",
        type=int,
        metavar="N",
        help="of TLS as guests reach it, where a proxy splits port 443 by name",
    )
    turn.add_argument(
        "--turn-relay-ports", metavar="LOW-HIGH", help="UDP ports that coturn relays with"
    )
    turn.add_argument(
        "--turn-peers", metavar="IP[,IP]", help="private addresses of media, e.g. a Janus node's"
    )
    turn.add_argument("--turn-certificate", type=Path, metavar="FILE", help="else --certificate")
    turn.add_argument("--turn-private-key", type=Path, metavar="FILE", help="else --private-key")


def turn(options: argparse.Namespace, secrets: SecretStore) -> Relays | CoturnSettings | None:
    """Return the relays that were asked for, None without any.

    Raises:
        DomainError: `turn_twice`, `bad_port`, `bad_udp_ports`, `bad_address`, `ports_overlap`.
        EnvironmentFailure: `turn_secret_missing`, `secret_exposed`, `secrets_unreadable`, or as
            `external_relays`.
    """
    if options.turn and options.turn_url:
        raise DomainError(
            "turn_twice", "Give either --turn, for a coturn of this host, or --turn-url."
        )
    if options.turn_url:
        return external_relays(tuple(options.turn_url), _secret(options, secrets))
    return _coturn(options) if options.turn else None


def _secret(options: argparse.Namespace, secrets: SecretStore) -> str:
    file: Path | None = options.turn_secret_file
    if file is None:
        secret = secrets.read("turn-secret")
        if secret is None:
            raise EnvironmentFailure(
                "turn_secret_missing",
                "The relays' secret is missing: name its file with --turn-secret-file, or give "
                "the server the secret turn-secret.",
            )
        return secret
    try:
        if not is_private(file):
            raise EnvironmentFailure(
                "secret_exposed",
                "Others may read the secret in {file}. Set its mode to 0600.",
                file=str(file),
            )
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EnvironmentFailure(
            "secrets_unreadable", "The file {file} cannot be read.", file=str(file)
        ) from error


def _coturn(options: argparse.Namespace) -> CoturnSettings:
    public = urlsplit(options.public_url or "").hostname
    certificate = options.turn_certificate or options.certificate
    relay_ports = udp_ports(options.turn_relay_ports) or RELAY_PORTS
    _check_apart(relay_ports, udp_ports(options.udp_ports))
    external = addresses(options.public_ip)
    listen = addresses(options.turn_address)
    near = external or addresses(options.interfaces) or tuple(list_addresses())
    return CoturnSettings(
        host=options.turn_host or public or (listen or ("127.0.0.1",))[0],
        listen=listen,
        port=port(options.turn_port) or PORT,
        tls_port=port(options.turn_tls_port) or 0,
        tls_seen_at=port(options.turn_tls_public_port) or None,
        relay_ports=relay_ports,
        external=external,
        peers=(*near, *addresses(options.turn_peers)),
        certificate=certificate,
        certificate_key=options.turn_private_key or options.private_key,
    )


def _check_apart(relays: tuple[int, int], media: tuple[int, int] | None) -> None:
    if media is not None and relays[0] <= media[1] and media[0] <= relays[1]:
        raise DomainError(
            "ports_overlap",
            "The ports {media} of the media lie in those of the relays, {relays}. Keep them apart "
            "with --turn-relay-ports.",
            media="{}-{}".format(*media),
            relays="{}-{}".format(*relays),
        )
