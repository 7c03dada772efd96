"""How `projectdesk network` and `projectdesk updates` are spelled."""

from __future__ import annotations

import argparse

from projectdesk.commandline.grammar import Commands, command, run


def add_network(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add what concerns proxies and updates."""
    about = "Which proxy is taken to reach others."
    group = commands.add_parser("network", help=about, description=about)
    kinds = group.add_subparsers(required=True, metavar="show|set|login")
    shown = command(kinds, "show", run("network", "show"), "Show what is in force.")
    shown.add_argument("--to", metavar="URL", help="also tell the way to this address")
    text = "Choose how proxies are found on this computer."
    chosen = command(kinds, "set", run("network", "set_proxy"), text)
    chosen.add_argument("--mode", required=True, choices=("system", "none", "pac", "manual"))
    chosen.add_argument("--proxy", metavar="URL", help="http://HOST:PORT or socks5://HOST:PORT")
    chosen.add_argument("--script", metavar="URL", help="address of a PAC file")
    chosen.add_argument("--exceptions", metavar="LIST", help="hosts that are reached directly")
    text = "Keep a proxy's login in the key store; the password is typed, or read from input."
    login = command(kinds, "login", run("network", "login"), text, json=False)
    login.add_argument("--user", metavar="NAME")
    login.add_argument("--proxy", metavar="URL", help="default: the proxy that is set")
    login.add_argument("--forget", action="store_true", help="forget it instead")
    _add_updates(commands)


def _add_updates(commands: Commands[argparse.ArgumentParser]) -> None:
    about = "Is there a newer version? Nothing is downloaded."
    group = commands.add_parser("updates", help=about, description=about)
    kinds = group.add_subparsers(required=True, metavar="check|show|switch")
    command(kinds, "check", run("network", "check_updates"), "Look at the feed now.")
    command(kinds, "show", run("network", "show_updates"), "Show what is known; nobody is asked.")
    text = "Let the desktop look once a day, or not."
    switched = command(kinds, "switch", run("network", "switch_updates"), text)
    switched.add_argument("state", choices=("on", "off"))
