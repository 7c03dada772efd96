"""Whether guests elsewhere can open a link (decisions 18)."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID

from projectdesk.errors import DomainError
from projectdesk.mail.links import is_private_host


def check_links(links: Mapping[UUID, str]) -> None:
    """Refuse links that guests elsewhere cannot open: the sender would stop their mails.

    Raises:
        DomainError: `link_not_public`.
    """
    for link in links.values():
        host = urlsplit(link).hostname or ""
        if host and is_private_host(host):
            raise DomainError(
                "link_not_public",
                "The links lead to {host}, which only this computer or its network can open. Let "
                "them lead to a server, or say that they are to be sent all the same.",
                host=host,
            )


def is_only_here(host: str) -> bool:
    """Return whether a host is this computer alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
