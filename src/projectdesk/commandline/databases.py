"""Commands on where the data is: `projectdesk database ...`.

A password is never an argument, since others on a computer can read those: it is taken from
`PROJECTDESK_DATABASE_PASSWORD`, the key store, or asked for.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path

from msgspec import structs

from projectdesk import secrets
from projectdesk.bootstrap import PASSWORD_VARIABLE, data_folder, start_logging
from projectdesk.commandline.data import INTERRUPTED, asked_to_stop, opened
from projectdesk.commandline.printing import print_error, print_json
from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.secrets import SecretStore
from projectdesk.services import commands, link_keys, team_database
from projectdesk.services.meeting_hosts import server_address
from projectdesk.services.team_database import TeamDatabase
from projectdesk.services.workspace import Workspace

LOCAL = "local"


def show(options: argparse.Namespace) -> int:
    """`projectdesk database show`: which database is used."""
    data = data_folder(options.data)
    team = team_database.chosen(data)
    if options.json:
        print_json({"data": str(data), "team": None if team is None else structs.asdict(team)})
    elif team is None:
        print(f"The data of this computer, in {data}")
    else:
        print(f"The team's database {team.address} (TLS: {team.tls})")
    return 0


def test(options: argparse.Namespace) -> int:
    """`projectdesk database test [URL]`: try it; nothing is changed."""
    data = data_folder(options.data)
    start_logging(data)
    team = _team(options.url, data)
    state = team_database.examine(team, _password(team, secrets.choose(data)))
    if options.json:
        print_json({"team": structs.asdict(team), "state": state})
    else:
        print(team_database.in_words(state))
    return 0


def use(options: argparse.Namespace) -> int:
    """`projectdesk database use URL|local`: from the next start on."""
    data = data_folder(options.data)
    start_logging(data)
    if options.url == LOCAL:
        team_database.use_local(data)
        return show(options)
    team = _team(options.url, data)
    store = secrets.choose(data)
    password = _password(team, store)
    team_database.examine(team, password)
    team_database.use_team(data, team, store, password or None)
    if not secrets.is_durable(store):
        print(
            f"projectdesk: this computer has no key store: give {PASSWORD_VARIABLE} each time.",
            file=sys.stderr,
        )
    return show(options)


def copy_to(options: argparse.Namespace) -> int:
    """`projectdesk database copy-to URL|FILE`: copy all data there; Ctrl+C takes it back."""
    with opened(options) as workspace, asked_to_stop() as asked:
        try:
            if "://" in options.target:
                team = team_database.from_url(options.target)
                password = _password(team, workspace.secrets)
                team_database.examine(team, password)
                copied = commands.copy_to_team(workspace, team, password, cancelled=asked)
            else:
                copied = commands.copy_to_file(
                    workspace, Path(options.target).absolute(), cancelled=asked
                )
        except DomainError as error:
            if error.code != "copy_cancelled":
                raise
            print_error(error, as_json=options.json)
            return INTERRUPTED
    if options.json:
        print_json({"rows": copied.rows, "tables": copied.counts})
    else:
        print(f"Copied {copied.rows} rows of {len(copied.counts)} tables.")
    return 0


def key(options: argparse.Namespace) -> int:
    """`projectdesk database key [--take | --server | --renew | --forget URL]`: the link key."""
    with opened(options) as workspace:
        if options.server or options.renew or options.forget:
            return _key_of_server(workspace, options)
        if options.take:
            text = getpass.getpass("Link key: ") if sys.stdin.isatty() else sys.stdin.readline()
            link_keys.take_over(workspace, text)
            print("This computer makes the team's links now.")
        else:
            print(link_keys.hand_over(workspace))
    return 0


def _key_of_server(workspace: Workspace, options: argparse.Namespace) -> int:
    """Settle, renew or take back what servers keep; exits with 1 while links cannot be made."""
    from projectdesk.services import shared_link_key

    if options.forget:  # who has the team's own key puts that there instead
        shared_link_key.forget(workspace, server_address(options.forget))
    work = shared_link_key.renew if options.renew else shared_link_key.settle
    found = work(workspace)
    if options.json:
        print_json(found)
    else:
        print(f"{found.state}: {found.server}" if found.server else found.state)
        if found.put_by:
            print(f"put there by {found.put_by}, {found.put_at:%Y-%m-%d %H:%M} UTC")
        if found.problem:
            print(found.problem)
    return 0 if found.state in {"local", "own", "kept", "fetched"} else 1


def _team(url: str | None, data: Path) -> TeamDatabase:
    team = team_database.from_url(url) if url else team_database.chosen(data)
    if team is None:
        raise DomainError(
            "no_team_database",
            "No team's database is chosen. Name one: postgresql://ada@db.example.org/projectdesk",
        )
    return team


def _password(team: TeamDatabase, store: SecretStore) -> str:
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    try:
        return team_database.password_of(team, store)
    except EnvironmentFailure as failure:
        if failure.code != "database_password_needed" or not sys.stdin.isatty():
            raise
        return getpass.getpass(f"Password of {team.address}: ")
