"""How `projectdesk serve` is spelled."""

from __future__ import annotations

import argparse
from pathlib import Path

from projectdesk.commandline.grammar import Commands, command, run
from projectdesk.commandline.posting_options import add_posting
from projectdesk.commandline.turning import add_turn


def add_serve(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the host, its keys and its files."""
    serve = command(
        commands,
        "serve",
        run("serving", "serve"),
        "Host meetings (or: serve keys ..., serve files ...).",
    )
    serve.add_argument("--bind", default="127.0.0.1", metavar="ADDR")
    serve.add_argument("--port", type=int, metavar="N", help="default 8080, with TLS 8443; 0 = any")
    serve.add_argument("--public-url", metavar="URL", help="where links point to")
    serve.add_argument(
        "--journal", metavar="URL", help="PostgreSQL URL (default: secret journal-url, or SQLite)"
    )
    serve.add_argument("--node", metavar="NAME", help="one of several hosts that share the journal")
    serve.add_argument("--node-url", metavar="URL", help="this node's own address, if it has one")
    serve.add_argument(
        "--media", default="embedded", metavar="embedded|janus:URL[,URL]", help="who carries media"
    )
    serve.add_argument("--certificate", type=Path, metavar="FILE", help="TLS certificate chain")
    serve.add_argument("--private-key", type=Path, metavar="FILE", help="TLS private key")
    serve.add_argument("--trusted-proxy", action="append", default=[], metavar="ADDR")
    serve.add_argument("--udp-ports", metavar="LOW-HIGH", help="ports of the media")
    serve.add_argument(
        "--video-codecs",
        default="vp8",
        metavar="CODEC[,CODEC]",
        help="what pictures are sent in, the best first: the first of vp9, h264, vp8 that all in "
        "the room take (default vp8)",
    )
    serve.add_argument("--public-ip", metavar="IP[,IP6]", help="announced instead of local ones")
    serve.add_argument("--interfaces", metavar="IP[,IP]", help="bind media to these only")
    serve.add_argument(
        "--metrics", metavar="[ADDR:]PORT", help="answer Prometheus there (default: not at all)"
    )
    serve.add_argument(
        "--log-format", choices=("text", "json"), default="text", help="of the log's lines"
    )
    serve.add_argument(
        "--log-to-stderr", action="store_true", help="not to a file: for systemd's journal"
    )
    add_turn(serve)
    serve.add_argument(
        "--restored", action="store_true", help="the journal was put back from a backup"
    )
    serve.add_argument(
        "--max-file-mb", type=int, default=100, metavar="N", help="largest file of a chat; 0 = none"
    )
    serve.add_argument(
        "--keep-journal",
        type=int,
        metavar="DAYS",
        help="how long what desktops have collected is kept (default 30)",
    )
    serve.add_argument(
        "--keep-recordings",
        type=int,
        metavar="DAYS",
        help="how long recordings wait to be fetched (default 14)",
    )
    add_posting(serve)
    serve.add_argument("--by-desktop", action="store_true", help=argparse.SUPPRESS)
    serve.add_argument("--idle-minutes", type=float, default=10.0, help=argparse.SUPPRESS)
    keys = serve.add_subparsers(metavar="keys|files")
    files = keys.add_parser("files", help="write examples for systemd, nginx and Caddy")
    files.add_argument("--out", type=Path, required=True, metavar="DIR")
    files.add_argument("--domain", default="meet.example.org", metavar="NAME", help="of the server")
    files.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    files.set_defaults(handler=run("serving", "write_files"))
    key = keys.add_parser("keys", help="API keys of desktops")
    key_commands = key.add_subparsers(required=True, metavar="add|list|mail|revoke")
    for name, help_text in (
        ("add", "make a key and show it once"),
        ("list", "list the keys"),
        ("revoke", "shut a key out"),
        ("mail", "say whose mail, due later, a key may hand over"),
    ):
        one = key_commands.add_parser(name, help=help_text)
        one.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS)
        one.add_argument("--journal", metavar="URL", default=argparse.SUPPRESS)
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
        if name != "list":
            one.add_argument("name", metavar="NAME")
        if name == "add":
            one.add_argument(
                "--renew", action="store_true", help="replace the secret of the key of this name"
            )
            one.add_argument("--team", metavar="NAME", help="share the rooms of this team's keys")
        if name == "mail":
            one.add_argument(
                "--from",
                dest="mail_from",
                nargs="*",
                required=True,
                metavar="DOMAIN",
                help="domains of senders; .example.org has those below it; none: no mail",
            )
        one.set_defaults(handler=run("serving", f"keys_{name}"))
