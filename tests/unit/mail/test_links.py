"""Which links open here only, and where providers have their servers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from projectdesk.mail.account import Security
from projectdesk.mail.address import Mailbox
from projectdesk.mail.links import is_private_host, private_links, texts_of
from projectdesk.mail.message import CalendarPart, as_bytes, compose, parse_received
from projectdesk.mail.providers import provider_of


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "[::1]",
        "10.1.2.3",
        "fe80::1%eth0",
        "pc-ada",
        "ada.local",
        "0.0.0.0",
    ],
)
def test_hosts_that_lead_nowhere_for_others(host: str) -> None:
    assert is_private_host(host)


@pytest.mark.parametrize("host", ["meet.example.org", "185.199.108.153", "2606:4700::1111"])
def test_hosts_that_everybody_reaches(host: str) -> None:
    assert not is_private_host(host)


def test_links_are_found_wherever_a_reader_finds_them() -> None:
    ics = b"BEGIN:VCALENDAR\r\nURL:http://192.\r\n 168.1.5/r/abc\r\nEND:VCALENDAR\r\n"
    message = compose(
        sender=Mailbox("ada@example.org"),
        recipient=Mailbox("ben@example.com"),
        subject="Kick-off",
        text="Join (https://meet.example.org/r/x#t) or http://[::1]:8080/r/x#t.",
        html='<a href="https://pc-ada:8443/r/x#t">Join</a>',
        calendar=CalendarPart(ics, "REQUEST"),
        message_id="<a@example.org>",
        date=datetime(2026, 3, 2, tzinfo=UTC),
    )
    found = private_links(texts_of(parse_received(as_bytes(message))))
    assert set(found) == {"http://[::1]:8080", "https://pc-ada:8443", "http://192.168.1.5"}
    assert private_links(["http://[broken", "mailto:a@b", "https://:x/"]) == ()


def test_providers_are_known_by_the_domain() -> None:
    google = provider_of("Ada@GMail.com")
    assert google is not None
    assert (google.oauth, google.smtp.host, google.imap.port) == ("google", "smtp.gmail.com", 993)
    tenant = provider_of("ada@inst.onmicrosoft.com")
    assert tenant is not None
    assert tenant.oauth == "microsoft"
    guess = provider_of("ada@inst.eu")
    assert guess is not None
    assert not guess.known
    assert (guess.smtp.host, guess.smtp.security) == ("smtp.inst.eu", Security.STARTTLS)
    assert provider_of("ada") is None
