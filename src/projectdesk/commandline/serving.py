"""Commands of the host: serve, and its API keys."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Literal

from projectdesk import resources
from projectdesk.bootstrap import data_folder, start_logging
from projectdesk.commandline.ports import addresses, listener, port, udp_ports, video_codecs
from projectdesk.commandline.posting import posting
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.commandline.turning import turn
from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.host import serve as host
from projectdesk.host.nodes import NodeSettings
from projectdesk.host.periods import LEAST_JOURNAL, LEAST_RECORDINGS, checked
from projectdesk.host.settings import checked_public_url
from projectdesk.media.janus.settings import JanusSettings, read_nodes
from projectdesk.policy import check_hosting, policy
from projectdesk.secrets import SecretStore
from projectdesk.secrets.environment import EnvironmentSecrets
from projectdesk.signalling.media import VideoCodec

_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def serve(options: argparse.Namespace) -> int:
    """`projectdesk serve`: runs until it is told to end."""
    check_hosting()
    data = _folder(options)
    start_logging(data, "host", form=options.log_format, to_stderr=options.log_to_stderr)
    secrets = EnvironmentSecrets(data)
    return host.main(
        host.ServeOptions(
            data=data,
            bind=options.bind,
            port=port(options.port),
            public_url=options.public_url,
            journal_url=options.journal or secrets.read("journal-url"),
            restored=options.restored,
            media=media(options.media, secrets),
            trusted_proxies=tuple(options.trusted_proxy),
            video_codecs=_pictures(options),
            udp_ports=udp_ports(options.udp_ports),
            public_ips=addresses(options.public_ip),
            interfaces=addresses(options.interfaces),
            turn=turn(options, secrets),
            certificate=options.certificate,
            certificate_key=options.private_key,
            node=node(options.node, options.node_url),
            max_file_megabytes=options.max_file_mb,
            keep_journal=_period(
                policy().keep_journal, "--keep-journal", options.keep_journal, LEAST_JOURNAL
            ),
            keep_recordings=_period(
                policy().keep_waiting_recordings,
                "--keep-recordings",
                options.keep_recordings,
                LEAST_RECORDINGS,
            ),
            post=posting(options, secrets),
            metrics=listener(options.metrics),
            metrics_token=secrets.read("metrics-token") if options.metrics else None,
            started_by_desktop=options.by_desktop,
            idle_minutes=options.idle_minutes,
        )
    )


def _pictures(options: argparse.Namespace) -> tuple[VideoCodec, ...]:
    """Return what pictures may be sent in.

    Raises:
        DomainError: `bad_video_codecs`; the list is wrong, or Janus is to forward another than VP8.
    """
    codecs = video_codecs(options.video_codecs)
    if codecs != ("vp8",) and options.media.startswith("janus"):
        raise DomainError(
            "bad_video_codecs", "Over Janus pictures are sent in VP8: leave --video-codecs out."
        )
    return codecs


def _period(settled: int | None, option: str, days: int | None, least: int) -> int | None:
    """Return the days that a policy says, else an option; None = as usual.

    Raises:
        DomainError: `bad_period`.
    """
    days = checked(option, days, least)
    return max(settled, least) if settled else days


def node(name: str | None, url: str | None) -> NodeSettings | None:
    """Return this host's place among the nodes of a server, None where it is the only one.

    Raises:
        EnvironmentFailure: `node_name_invalid`, `public_url_invalid`, `public_url_insecure`.
        DomainError: `node_missing`; an address of a node that has no name.
    """
    if name is None:
        if url is not None:
            raise DomainError("node_missing", "--node-url is the address of a --node NAME.")
        return None
    return NodeSettings(name, checked_public_url(url) if url else "")


def _folder(options: argparse.Namespace) -> Path:
    """Return the host's folder: the one given, else `host` in the data folder."""
    return data_folder(options.data) if options.data else data_folder(None) / "host"


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


def _place(options: argparse.Namespace) -> Path | str:
    folder = _folder(options)
    journal: str | None = options.journal or EnvironmentSecrets(folder).read("journal-url")
    return journal or folder


def keys_add(options: argparse.Namespace) -> int:
    """`projectdesk serve keys add NAME [--renew]`: the key is shown this once."""
    key = host.keys_add(_place(options), options.name, renew=options.renew, team=options.team)
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
            (
                (
                    *(key.id, key.name, key.team or "", " ".join(key.mail_domains)),
                    *(key.created_at, key.revoked_at),
                )
                for key in keys
            ),
            ("Id", "Name", "Team", "Mail of", "Made", "Revoked"),
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


def keys_mail(options: argparse.Namespace) -> int:
    """`projectdesk serve keys mail NAME --from DOMAIN ...`: whose mail it may hand over."""
    count = host.keys_mail(_place(options), options.name, options.mail_from)
    if options.json:
        print_json({"keys": count, "mail_from": options.mail_from})
    else:
        print(f"{count} keys hand over mail of: {' '.join(options.mail_from) or 'nobody'}.")
    return 0


def write_files(options: argparse.Namespace) -> int:
    """`projectdesk serve files --out DIR [--domain NAME]`: examples, made out to a server.

    Raises:
        DomainError: `bad_domain`; `file_exists`, nothing was written then.
        EnvironmentFailure: `folder_unusable`.
    """
    if _DOMAIN.fullmatch(options.domain) is None:
        raise DomainError(
            "bad_domain", "“{name}” is no name of a server.", name=options.domain, field="domain"
        )
    out: Path = options.out
    examples = sorted(resources.path("server").iterdir())
    taken = [path.name for path in examples if (out / path.name).exists()]
    if taken:
        raise DomainError(
            "file_exists",
            "{folder} has {names} already. Choose another folder.",
            folder=str(out),
            names=", ".join(taken),
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path in examples:
            text = path.read_text(encoding="utf-8").replace("meet.example.org", options.domain)
            (out / path.name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise EnvironmentFailure(
            "folder_unusable",
            "{folder} cannot be written ({reason}).",
            folder=str(out),
            reason=error.strerror or str(error),
        ) from error
    if options.json:
        print_json([str(out / path.name) for path in examples])
    else:
        for path in examples:
            print(out / path.name)
    return 0
