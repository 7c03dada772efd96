"""Commands on the way out: which proxy is taken, and its login; and looking for updates."""

from __future__ import annotations

import argparse
import getpass
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from projectdesk import proxies
from projectdesk.bootstrap import data_folder
from projectdesk.commandline.printing import print_json
from projectdesk.errors import DomainError
from projectdesk.policy import managed
from projectdesk.proxies import Mode, ProxySettings, Route, proxy_of
from projectdesk.proxies.routes import place_of
from projectdesk.proxies.settings import in_force, is_settled, load, save
from projectdesk.proxies.ways import Login, login_name, login_text


def show(options: argparse.Namespace) -> int:
    """`projectdesk network show [--to URL] [--json]`."""
    chosen = load(data_folder(options.data))
    counts = in_force(chosen)
    told: dict[str, Any] = {
        "inForce": asdict(counts),
        "chosen": asdict(chosen),
        "settledBy": managed().place if is_settled() else "",
    }
    if options.to:
        told["ways"] = [str(route) for route in ways_to(options.to)]
    if options.json:
        print_json(told)
        return 0
    print(f"Proxies: {describe(counts)}")
    if told["settledBy"]:
        print(f"Set by your organisation, in {told['settledBy']}.")
    for way in told.get("ways", ()):
        print(f"{options.to}: {way}")
    return 0


def ways_to(address: str) -> tuple[Route, ...]:
    """Return the ways to an address, the best first.

    Raises:
        DomainError: `bad_address`.
        EnvironmentFailure: there is none (`Ways.routes`).
    """
    try:
        host, port = place_of(address if "://" in address else f"https://{address}")
    except ValueError:
        host, port = "", 0
    if not host:
        raise DomainError(
            "bad_address",
            "“{address}” is no address: expected e.g. https://meet.example.org.",
            address=address[:120],
        )
    return proxies.current().routes(host, port)


def set_proxy(options: argparse.Namespace) -> int:
    """`projectdesk network set --mode MODE ...`: choose the proxy of this computer."""
    data = data_folder(options.data)
    before = load(data)
    kept = save(
        data,
        replace(
            before,
            mode=Mode(options.mode),
            address=before.address if options.proxy is None else options.proxy,
            script=before.script if options.script is None else options.script,
            exceptions=before.exceptions
            if options.exceptions is None
            else tuple(options.exceptions.replace(",", " ").split()),
        ),
    )
    if options.json:
        print_json(asdict(kept))
    else:
        print(f"Proxies: {describe(kept)}")
    return 0


def login(options: argparse.Namespace) -> int:
    """`projectdesk network login --user NAME`: keep a proxy's login; the password is typed."""
    from projectdesk import secrets

    data = data_folder(options.data)
    store = secrets.choose(data)
    name = login_name(proxy_of(options.proxy or in_force(load(data)).address))
    if options.forget:
        store.delete(name)
        print("Forgotten.")
        return 0
    if not options.user:
        raise DomainError("required", "Name the user with --user.", field="user")
    if sys.stdin.isatty():
        password = getpass.getpass("Password of the proxy: ")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    store.write(name, login_text(Login(options.user, password)))
    where = "" if secrets.is_durable(store) else " This computer has no key store: it is not kept."
    print(f"Kept.{where}")
    return 0


def describe(counts: ProxySettings) -> str:
    """Return settings in a line."""
    match counts.mode:
        case Mode.MANUAL:
            besides = f", but not for {', '.join(counts.exceptions)}" if counts.exceptions else ""
            return f"{counts.address}{besides}"
        case Mode.PAC:
            return f"by {counts.script}"
        case Mode.NONE:
            return "none"
        case Mode.BLOCKED:
            return "cannot be read; nothing is reached beyond this network"
        case _:
            return "as the system is set"


# --- updates --------------------------------------------------------------------------------------


def check_updates(options: argparse.Namespace) -> int:
    """`projectdesk updates check [--json]`: look at the feed now, and tell."""
    from projectdesk import __version__
    from projectdesk.updates import checking

    found = checking.check(data_folder(options.data), datetime.now(UTC))
    if options.json:
        print_json({"version": __version__, "feed": checking.source().address, **update_of(found)})
        return 0
    if found is None:
        print(f"ProjectDesk {__version__} is the newest version.")
        return 0
    print(f"ProjectDesk {found.feed.version} is there; this is {__version__}.")
    if not found.fits:
        print("It needs a newer version of this system.")
    for words in (found.feed.notes_in("en"), found.link):
        if words:
            print(words)
    return 0


def update_of(found: Any) -> dict[str, Any]:
    """Return a newer version as JSON has it."""
    if found is None:
        return {"newer": None}
    return {
        "newer": {
            "version": found.feed.version,
            "published": found.feed.published,
            "page": found.feed.page,
            "link": found.link,
            "fits": found.fits,
            "notes": dict(found.feed.notes),
            "package": asdict(found.package) if found.package else None,
        }
    }


def show_updates(options: argparse.Namespace) -> int:
    """`projectdesk updates show [--json]`: what is remembered; nobody is asked."""
    from projectdesk.policy import policy
    from projectdesk.updates import checking

    data = data_folder(options.data)
    state, source = checking.load(data), checking.source()
    told = {
        "feed": source.address,
        "keys": len(source.keys),
        "looked": checking.is_wanted(state),
        "forbidden": not policy().updates,
        "checkedAt": state.checked_at,
        "problem": state.problem,
        **update_of(checking.seen(state)),
    }
    if options.json:
        print_json(told)
        return 0
    print(f"Feed: {source.address or 'this build names none'}")
    print(f"Looked at by itself: {'yes' if told['looked'] else 'no'}")
    for words in (
        state.checked_at and f"Last: {state.checked_at:%Y-%m-%d %H:%M} UTC",
        state.problem,
    ):
        if words:
            print(words)
    return 0


def switch_updates(options: argparse.Namespace) -> int:
    """`projectdesk updates on|off`."""
    from projectdesk.updates import checking

    state = checking.want(data_folder(options.data), wanted=options.state == "on")
    if options.json:
        print_json({"wanted": state.wanted})
    else:
        print(f"Looking for updates is {'on' if state.wanted else 'off'}.")
    return 0
