"""Pictures of the network's settings, a proxy's login, and what tells of a newer version."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

from projectdesk.desktop.routes import Place
from projectdesk.policy import Managed, Policy, sources
from projectdesk.proxies import Mode, ProxySettings, proxy_of
from projectdesk.proxies.settings import FILE, save
from projectdesk.screens.stage import NOW, Stage
from projectdesk.updates import built
from projectdesk.updates.checking import Update
from projectdesk.updates.feed import Feed, Package

_PROXY = "http://proxy.uporto.example.org:3128"
_NOTES = (
    "Minutes are written together faster, and attendance can be corrected by day.\n\n"
    "Meetings can be held behind proxies that ask for a login."
)


def _update() -> Update:
    package = Package(
        "linux",
        "x86_64",
        "deb",
        "https://projectdesk.example.org/0.2.0/projectdesk_0.2.0_amd64.deb",
        262_000_000,
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    )
    feed = Feed(
        12,
        NOW - timedelta(days=1),
        NOW + timedelta(days=179),
        "0.2.0",
        "https://projectdesk.example.org/0.2.0",
        {"en": _NOTES},
        (package,),
    )
    return Update(feed, package, fits=True)


def settings(stage: Stage) -> None:
    """Show a proxy that is set by hand, in a build that looks for updates."""
    stage.workbench.outside.tell(None)
    chosen = ProxySettings(Mode.MANUAL, _PROXY, exceptions=("up.example.org", "10.0.0.0/8"))
    save(stage.workspace.data, chosen)
    with mock.patch.multiple(built, FEED="https://x.example.org/f", KEYS=(_key(),)):
        _page(stage)
    (stage.workspace.data / FILE).unlink()  # other pictures are of a computer without


def settled(stage: Stage) -> None:
    """Show what an organisation has settled, which cannot be changed."""
    policy = Policy(
        proxy_mode="pac", proxy_script="https://wpad.uporto.example.org/proxy.pac", updates=False
    )
    given = {"ProxyMode": "pac", "ProxyScript": policy.proxy_script, "CheckForUpdates": False}
    with _policy(Managed(policy, "/etc/projectdesk/policy.json", given)):
        _page(stage)


def login(stage: Stage) -> None:
    """Show the question for a proxy's login."""
    stage.workbench.pages.pop(Place.SETTINGS, None)  # the one of the policy
    stage.go(Place.HOME)
    stage.workbench.outside.ask_login(proxy_of(_PROXY))
    stage.settle()


def notice(stage: Stage) -> None:
    """Show the line that tells of a newer version."""
    stage.go(Place.HOME)
    stage.workbench.outside.tell(_update())
    stage.settle()


def news(stage: Stage) -> None:
    """Show what is new in it."""
    notice(stage)
    stage.workbench.outside.show_news()
    stage.settle()


def _key() -> str:
    return base64.b64encode(bytes(32)).decode()


@contextmanager
def _policy(found: Managed) -> Iterator[None]:
    from projectdesk.policy import managed

    managed.cache_clear()
    read = (found.place, dict(found.given), "")
    try:
        with mock.patch.object(sources, "_read_system", return_value=read):
            yield
    finally:
        managed.cache_clear()


def _page(stage: Stage) -> None:
    stage.workbench.pages.pop(Place.SETTINGS, None)
    stage.go(Place.SETTINGS, tab="network")
    stage.settle()
