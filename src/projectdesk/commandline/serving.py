"""Commands of the host: serve, and its API keys."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Literal

from projectdesk.bootstrap import data_folder, start_logging
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.errors import DomainError
from projectdesk.host import serve as host
from projectdesk.media.janus.settings import JanusSettings, read_nodes
from projectdesk.secrets import SecretStore
from projectdesk.secrets.environment import EnvironmentSecrets

_PORTS = 65_536


def serve(options: argparse.Namespace) -> int:
    """`projectdesk serve`: runs until it is told to end."""
    data = _folder(options)
    start_logging(data, "host")
    return host.main(
        host.ServeOptions(
            data=data,
            bind=options.bind,
            port=port(options.port),
            public_url=options.public_url,
            journal_url=options.journal,
            restored=options.restored,
            media=media(options.media, EnvironmentSecrets(data)),
            trusted_proxies=tuple(options.trusted_proxy),
            udp_ports=udp_ports(options.udp_ports),
            public_ips=_words(options.public_ip),
            interfaces=_words(options.interfaces),
            certificate=options.certificate,
            certificate_key=options.private_key,
            started_by_desktop=options.by_desktop,
            idle_minutes=options.idle_minutes,
        )
    )


def _folder(options: argparse.Namespace) -> Path:
    """Return the host's folder: the one given, else `host` in the data folder."""
    return data_folder(options.data) if options.data else data_folder(None) / "host"


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word for word in (text or "").split(",") if word)


def media(text: str, secrets: SecretStore) -> Literal["embedded"] | JanusSettings:
    """Return what carries sound and picture: `embedded`, or `janus:URL[,URL...]`.

    The secrets of the nodes are `janus-admin-key` and `janus-api-secret`, where they have any:
    never on the command line, which others can read.

    Raises:
        DomainError: `bad_media`; it is neither.
        EnvironmentFailure: as the secret store.
    """
    if text == "embedded":
        return "embedded"
    return JanusSettings(
        read_nodes(text), secrets.read("janus-admin-key"), secrets.read("janus-api-secret")
    )


def port(number: int | None) -> int | None:
    """Return a port to listen on as it was given.

    Raises:
        DomainError: `bad_port`; there is no such port (the system would take another in silence).
    """
    if number is not None and not 0 <= number < _PORTS:
        raise DomainError(
            "bad_port", "{number} is no port: expected 0 to {last}.", number=number, last=_PORTS - 1
        )
    return number


def udp_ports(text: str | None) -> tuple[int, int] | None:
    """Return the inclusive range that `LOW-HIGH` names.

    Raises:
        DomainError: it names none.
    """
    if not text:
        return None
    low, _, high = text.partition("-")
    if not (low.isdecimal() and (high or low).isdecimal()):
        raise _bad_ports(text)
    ports = (int(low), int(high or low))
    if not 0 < ports[0] <= ports[1] < _PORTS:
        raise _bad_ports(text)
    return ports


def _bad_ports(text: str) -> DomainError:
    return DomainError(
        "bad_udp_ports", "“{text}” is no range of ports: expected e.g. 40000-40100.", text=text
    )


def _place(options: argparse.Namespace) -> Path | str:
    journal: str | None = options.journal
    return journal or _folder(options)


def keys_add(options: argparse.Namespace) -> int:
    """`projectdesk serve keys add NAME [--renew]`: the key is shown this once."""
    key = host.keys_add(_place(options), options.name, renew=options.renew)
    if options.json:
        print_json({"name": options.name, "key": key})
    else:
        print(key)
    return 0


def keys_list(options: argparse.Namespace) -> int:
    """`projectdesk serve keys list`."""
    keys = host.keys_list(_place(options))
    if options.json:
        print_json(keys)
    else:
        print_table(
            ((key.id, key.name, key.created_at, key.revoked_at) for key in keys),
            ("Id", "Name", "Made", "Revoked"),
        )
    return 0


def keys_revoke(options: argparse.Namespace) -> int:
    """`projectdesk serve keys revoke NAME`."""
    count = host.keys_revoke(_place(options), options.name)
    if options.json:
        print_json({"revoked": count})
    else:
        print(f"{count} revoked.")
    return 0
