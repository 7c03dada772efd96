"""Where the call of an event is: the properties that programs put its link into, and texts.

Only https counts: a link out of a stranger's mail is one click from being opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlsplit

from projectdesk.exchange.calendar.event import Conference

PROPERTIES = {
    "X-GOOGLE-CONFERENCE": "Google Meet",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL": "Microsoft Teams",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK": "Microsoft Teams",
    "X-MICROSOFT-ONLINEMEETINGCONFLINK": "Skype for Business",
    "X-ZOOM-MEETING-URL": "Zoom",
    "X-WEBEX-MEETING-URL": "Webex",
}
"""Properties that hold nothing but the link of a call."""

_LINK = re.compile(r"https://[^\s<>\"'\\^`{|}\x00-\x20]{4,2000}", re.IGNORECASE)
_TRAILING = ".,;:!?)]>»”’'\""
_LOOKED_AT = 200_000


@dataclass(frozen=True, slots=True)
class _Service:
    """hosts: the host, or what it ends with. path: what its links to a call begin with."""

    label: str
    hosts: tuple[str, ...]
    path: re.Pattern[str]


def _service(label: str, hosts: str, path: str) -> _Service:
    return _Service(label, tuple(hosts.split()), re.compile(path))


_SERVICES = (
    _service("Microsoft Teams", "teams.microsoft.com teams.live.com", r"/(l/meetup-join|meet)/."),
    _service(
        "Microsoft Teams", "teams.microsoft.us teams.cloud.microsoft", r"/(l/meetup-join|meet)/."
    ),
    _service("Google Meet", "meet.google.com", r"/([a-z]{3}-[a-z]{4}-[a-z]{3}|lookup/.)"),
    _service(
        "Zoom", "zoom.us zoom.com zoomgov.com zoom-x.de", r"/(j|my|w|wc|s|meeting/register)/."
    ),
    _service(
        "Webex",
        "webex.com",
        r"/(meet|join|[^/]+/j\.php|[^/]+/meet|[^/]+/m|wbxmjs|webappng/sites/[^/]+/meeting)",
    ),
    _service("Jitsi Meet", "meet.jit.si", r"/."),
    _service("BigBlueButton", "", r"/(b|rooms)/[a-z0-9]{3}-[a-z0-9]{3}-[a-z0-9]{3}"),
    _service("GoTo Meeting", "meet.goto.com gotomeet.me gotomeeting.com", r"/."),
    _service("GoTo Meeting", "app.goto.com", r"/meeting/."),
    _service("Whereby", "whereby.com", r"/."),
    _service("Skype for Business", "meet.lync.com", r"/."),
    _service("Skype", "join.skype.com", r"/."),
    _service("eduMEET", "edumeet.org edumeet.geant.org", r"/."),
    _service("DFNconf", "conf.dfn.de", r"/webapp/."),
    _service("Renater Rendez-vous", "rendez-vous.renater.fr", r"/."),
    _service("FaceTime", "facetime.apple.com", r"/join"),
    _service("Amazon Chime", "app.chime.aws chime.aws", r"/."),
    _service("BlueJeans", "bluejeans.com", r"/[0-9]"),
    _service("RingCentral", "v.ringcentral.com meetings.ringcentral.com", r"/(join|j)/."),
    _service("Nextcloud Talk", "", r"(/index\.php)?/call/[a-z0-9]{8}$"),
)
_WRAPPERS = ("safelinks.protection.outlook.com", "urldefense.proofpoint.com", "www.google.com")
"""Hosts whose links carry the true one as `url`, `u` or `q`."""


def conferences(named: Iterable[tuple[str, str]], texts: Iterable[str]) -> tuple[Conference, ...]:
    """Return the ways into an event's call, the surest first, none twice.

    Args:
        named: (label, value) of properties that hold nothing but a link.
        texts: values that may hold links of calls among others: URL, place, description.
    """
    found: dict[str, Conference] = {}
    for label, value in named:
        for link in _links(value):
            found.setdefault(link, Conference(link, service_of(link) or label))
    for text in texts:
        for link in _links(text):
            label = service_of(link)
            if label:
                found.setdefault(link, Conference(link, label))
    return tuple(found.values())


def service_of(link: str) -> str:
    """Return whose call a link leads into, "" when it is no link of a call that is known."""
    parts = urlsplit(link)
    host = parts.hostname or ""
    for service in _SERVICES:
        hosted = not service.hosts or any(
            host == name or host.endswith("." + name) for name in service.hosts
        )
        if hosted and service.path.match(parts.path):
            return service.label
    return ""


def safe_link(text: str) -> str:
    """Return the one link that a value is, "" when it is not one of https."""
    return next(_links(text.strip()), "") if text.strip().lower().startswith("https://") else ""


def _links(text: str) -> Iterator[str]:
    if "https://" not in text and "HTTPS://" not in text:
        return
    for match in _LINK.finditer(text[:_LOOKED_AT]):
        link = _unwrapped(unescape(match[0]).rstrip(_TRAILING))
        if _is_sound(link):
            yield link


def _is_sound(link: str) -> bool:
    try:
        parts = urlsplit(link)
        _ = parts.port
    except ValueError:
        return False
    # A name before the host ("https://bank.example@evil.example") only misleads.
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc


def _unwrapped(link: str) -> str:
    """Return the address that a mail filter or a search engine wrapped."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    host = parts.hostname or ""
    if not any(host == name or host.endswith("." + name) for name in _WRAPPERS):
        return link
    fields = parse_qs(parts.query)
    for name in ("url", "u", "q"):
        inner = fields.get(name, [""])[0]
        if inner.startswith("https://"):
            return inner
    return link
