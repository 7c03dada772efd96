"""Where the servers of well-known providers are, by the domain of an address.

Facts of the providers' own pages. What is not known is guessed, and tried before it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from projectdesk.mail.account import MailServer, Security


@dataclass(frozen=True)
class Provider:
    """A provider. oauth: the service one signs in at, "" = a password. advice: for its users.

    known: False = guessed.
    """

    name: str
    smtp: MailServer
    imap: MailServer
    oauth: str = ""
    advice: str = ""
    known: bool = True


def _tls(host: str, port: int = 465) -> MailServer:
    return MailServer(host, port, Security.TLS)


def _start(host: str, port: int = 587) -> MailServer:
    return MailServer(host, port, Security.STARTTLS)


APP_PASSWORD: Final = "app_password"  # noqa: S105 - advice, no password
"""Advice: the provider asks for a password made for this program."""
SWITCH_ON: Final = "switch_on"
"""Advice: reading by other programs is switched on in the provider's settings first."""

_MICROSOFT: Final = Provider(
    "Microsoft 365",
    _start("smtp.office365.com"),
    _tls("outlook.office365.com", 993),
    oauth="microsoft",
)
_OUTLOOK: Final = Provider(
    "Outlook.com",
    _start("smtp-mail.outlook.com"),
    _tls("outlook.office365.com", 993),
    oauth="microsoft",
)
_GOOGLE: Final = Provider(
    "Google",
    _tls("smtp.gmail.com"),
    _tls("imap.gmail.com", 993),
    oauth="google",
    advice=APP_PASSWORD,
)
_ICLOUD: Final = Provider(
    "iCloud",
    _start("smtp.mail.me.com"),
    _tls("imap.mail.me.com", 993),
    advice=APP_PASSWORD,
)
_YAHOO: Final = Provider(
    "Yahoo",
    _tls("smtp.mail.yahoo.com"),
    _tls("imap.mail.yahoo.com", 993),
    advice=APP_PASSWORD,
)
_GMX: Final = Provider("GMX", _start("mail.gmx.net"), _tls("imap.gmx.net", 993), advice=SWITCH_ON)
_GMX_COM: Final = Provider(
    "GMX", _start("mail.gmx.com"), _tls("imap.gmx.com", 993), advice=SWITCH_ON
)
_MAIL_RU: Final = Provider(
    "Mail.ru", _tls("smtp.mail.ru"), _tls("imap.mail.ru", 993), advice=APP_PASSWORD
)
_BY_DOMAIN: Final = {
    "gmail.com": _GOOGLE,
    "googlemail.com": _GOOGLE,
    "outlook.com": _OUTLOOK,
    "hotmail.com": _OUTLOOK,
    "live.com": _OUTLOOK,
    "msn.com": _OUTLOOK,
    "office365.com": _MICROSOFT,
    "icloud.com": _ICLOUD,
    "me.com": _ICLOUD,
    "mac.com": _ICLOUD,
    "yahoo.com": _YAHOO,
    "yahoo.co.uk": _YAHOO,
    "yahoo.fr": _YAHOO,
    "yahoo.de": _YAHOO,
    "yahoo.it": _YAHOO,
    "yahoo.es": _YAHOO,
    "gmx.de": _GMX,
    "gmx.net": _GMX,
    "gmx.at": _GMX,
    "gmx.ch": _GMX,
    "gmx.com": _GMX_COM,
    "mail.ru": _MAIL_RU,
    "web.de": Provider("WEB.DE", _start("smtp.web.de"), _tls("imap.web.de", 993), advice=SWITCH_ON),
    "t-online.de": Provider(
        "Telekom",
        _tls("securesmtp.t-online.de"),
        _tls("secureimap.t-online.de", 993),
        advice=APP_PASSWORD,
    ),
    "freenet.de": Provider("freenet", _start("mx.freenet.de"), _tls("mx.freenet.de", 993)),
    "posteo.de": Provider("Posteo", _tls("posteo.de"), _tls("posteo.de", 993)),
    "mailbox.org": Provider("mailbox.org", _tls("smtp.mailbox.org"), _tls("imap.mailbox.org", 993)),
    "fastmail.com": Provider(
        "Fastmail",
        _tls("smtp.fastmail.com"),
        _tls("imap.fastmail.com", 993),
        advice=APP_PASSWORD,
    ),
    "aol.com": Provider(
        "AOL", _tls("smtp.aol.com"), _tls("imap.aol.com", 993), advice=APP_PASSWORD
    ),
    "orange.fr": Provider("Orange", _tls("smtp.orange.fr"), _tls("imap.orange.fr", 993)),
    "free.fr": Provider("Free", _tls("smtp.free.fr"), _tls("imap.free.fr", 993)),
    "laposte.net": Provider("La Poste", _tls("smtp.laposte.net"), _tls("imap.laposte.net", 993)),
    "libero.it": Provider("Libero", _tls("smtp.libero.it"), _tls("imapmail.libero.it", 993)),
    "wp.pl": Provider("WP", _tls("smtp.wp.pl"), _tls("imap.wp.pl", 993), advice=SWITCH_ON),
    "onet.pl": Provider("Onet", _tls("smtp.poczta.onet.pl"), _tls("imap.poczta.onet.pl", 993)),
    "seznam.cz": Provider("Seznam", _tls("smtp.seznam.cz"), _tls("imap.seznam.cz", 993)),
    "sapo.pt": Provider("SAPO", _tls("smtp.sapo.pt"), _tls("imap.sapo.pt", 993)),
    "ukr.net": Provider(
        "ukr.net", _tls("smtp.ukr.net"), _tls("imap.ukr.net", 993), advice=APP_PASSWORD
    ),
    "naver.com": Provider(
        "Naver", _tls("smtp.naver.com"), _tls("imap.naver.com", 993), advice=SWITCH_ON
    ),
    "zoho.eu": Provider(
        "Zoho", _tls("smtp.zoho.eu"), _tls("imap.zoho.eu", 993), advice=APP_PASSWORD
    ),
}


def provider_of(address: str) -> Provider | None:
    """Return the provider of an address: a known one, else a guess; None without a domain."""
    domain = address.strip().rpartition("@")[2].lower()
    if "." not in domain or " " in domain:
        return None
    found = _BY_DOMAIN.get(domain)
    if found is not None:
        return found
    if domain.endswith(".onmicrosoft.com"):
        return _MICROSOFT
    return Provider(domain, _start(f"smtp.{domain}"), _tls(f"imap.{domain}", 993), known=False)
