"""Where a team's link key is, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from projectdesk.desktop.language import say

if TYPE_CHECKING:
    from projectdesk.services.shared_link_key import LinkKeySource


def key_words(found: LinkKeySource) -> str:
    """Return what Settings say of the link key."""
    server = urlsplit(found.server).netloc or found.server
    match found.state:
        case "fetched" | "kept" if found.came_from_there:
            return say(
                "It came from {server}, where “{name}” put it.", server=server, name=found.put_by
            )
        case "fetched" | "kept":
            return say(
                "{server} has it, too; “{name}” put it there. Colleagues with an API key of the "
                "team fetch it by themselves.",
                server=server,
                name=found.put_by,
            )
        case "missing":
            words = say(
                "This computer does not have it. It comes by itself from the team's server, once "
                "that is added under Meeting hosts with an API key of the team."
            )
        case "other":
            words = say(
                "This computer has another one than the team: its links would open nothing. Enter "
                "the team's key, or add the team's server under Meeting hosts."
            )
        case "conflict":
            return say(
                "{server} has another link key of this database, which “{name}” put there. Nothing "
                "was changed. The team decides whose links are to open.",
                server=server,
                name=found.put_by,
            )
        case "own":
            words = say("No server of the team has it.")
        case _:
            return ""
    return f"{words} {found.problem}".strip()


def fetched_words(found: LinkKeySource) -> str:
    """Return what is told when the key was fetched."""
    return say(
        "The team's link key came from {server}: this computer makes the team's links now.",
        server=urlsplit(found.server).netloc or found.server,
    )
