"""Signing in with a browser: OAuth 2 for Microsoft 365, Google and those that do alike.

Two ways: the browser of this computer comes back to a port of the loopback interface (RFC 8252)
with a proof that the answer is for who asked (PKCE, RFC 7636); or, on a computer without a browser,
a code is typed on another one (RFC 8628). What comes out is a short access token, shown to SMTP and
IMAP by XOAUTH2, and a long refresh token, which the caller keeps in the key store.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.mail.letter_page import spoken
from projectdesk.mail.words import language_of, said
from projectdesk.proxies.web import open_request
from projectdesk.worded import worded

_TIMEOUT_S: Final = 20.0
_SIGN_IN_S: Final = 300.0
"""How long a browser may take to come back."""
_MOST: Final = 1_000_000
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:32em;margin:15vh auto;padding:0 1em}"
    "@media(prefers-color-scheme:dark){body{background:#14171c;color:#e6e9ee}}"
)
_PAGE: Final = (
    "<!doctype html><html {attributes}><meta charset=utf-8>"
    '<meta name="viewport" content="width=device-width"><title>ProjectDesk</title>'
    f"<style>{_STYLE.replace('{', '{{').replace('}', '}}')}</style>"
    "<h1>ProjectDesk</h1><p>{words}"
)
_ALLOWED: Final = "default-src 'none'; style-src 'sha256-{}'".format(
    base64.b64encode(hashlib.sha256(_STYLE.encode("ascii")).digest()).decode("ascii")
)
"""What the page may do: look as it does, and nothing else (CSP 3)."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Service:
    """Who gives tokens. Addresses hold `{tenant}` where the service tells organisations apart.

    device: "" = it gives no token for mail by a typed code.
    """

    name: str
    base: str
    authorize: str
    token: str
    device: str
    scope: str
    extra: Mapping[str, str] = field(default_factory=dict)

    def at(self, authority: str, tenant: str) -> Service:
        """Return it with whole addresses.

        Args:
            authority: another base address (national clouds), "" = the usual one.
            tenant: of the organisation.

        Raises:
            DomainError: `bad_authority`; not https.
        """
        base = (authority or self.base).rstrip("/")
        parts = urlsplit(base)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise DomainError("bad_authority", "The address of a sign-in service is https://...")

        def whole(path: str) -> str:
            if not path:
                return ""
            if path.startswith("https://"):
                return base + urlsplit(path).path if authority else path
            return base + path.format(tenant=tenant)

        return Service(
            self.name,
            base,
            whole(self.authorize),
            whole(self.token),
            whole(self.device),
            self.scope,
            self.extra,
        )


SERVICES: Final[Mapping[str, Service]] = {
    "microsoft": Service(
        "Microsoft",
        "https://login.microsoftonline.com",
        "/{tenant}/oauth2/v2.0/authorize",
        "/{tenant}/oauth2/v2.0/token",
        "/{tenant}/oauth2/v2.0/devicecode",
        "https://outlook.office.com/SMTP.Send https://outlook.office.com/IMAP.AccessAsUser.All "
        "offline_access",
    ),
    "google": Service(
        "Google",
        "https://accounts.google.com",
        "/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "",
        "https://mail.google.com/",
        {"access_type": "offline", "prompt": "consent"},
    ),
}


@dataclass(frozen=True)
class Client:
    """This program at a service, as its administrator registered it. secret: "" = none."""

    id: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Tokens:
    """What a service gave. refresh: "" = none was given anew. lasts_s: seconds of `access`."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    lasts_s: float


@dataclass(frozen=True)
class DeviceCode:
    """What a person types at `address` on any computer. interval_s: between two questions."""

    user_code: str
    address: str
    device_code: str = field(repr=False)
    interval_s: float
    lasts_s: float


def xoauth2(user: str, access_token: str) -> str:
    """Return what SMTP and IMAP are shown (XOAUTH2, before base64)."""
    return f"user={user}\x01auth=Bearer {access_token}\x01\x01"


# --- by the browser of this computer --------------------------------------------------------------


class BrowserSignIn:
    """One sign-in by a browser; a context that holds a port of the loopback interface.

    url: to be opened in the browser.
    """

    def __init__(
        self, service: Service, client: Client, login: str = "", language: str = ""
    ) -> None:
        """Open the port.

        Args:
            service: with whole addresses (`Service.at`).
            client: this program.
            login: proposed to the person.
            language: of the page that the browser shows at the end (BCP 47); "" = as it asks.
        """
        self._service = service
        self._client = client
        self._language = language
        self._verifier = secrets.token_urlsafe(48)
        self._state = secrets.token_urlsafe(24)
        self._answer: dict[str, str] | None = None
        self._server = HTTPServer(("127.0.0.1", 0), self._handler())
        self._server.timeout = 0.2
        # Microsoft lets the port of "localhost" be any; Google takes both spellings.
        self._redirect = f"http://localhost:{self._server.server_address[1]}"
        challenge = hashlib.sha256(self._verifier.encode("ascii")).digest()
        query = {
            "client_id": client.id,
            "response_type": "code",
            "redirect_uri": self._redirect,
            "scope": service.scope,
            "state": self._state,
            "code_challenge": base64.urlsafe_b64encode(challenge).decode("ascii").rstrip("="),
            "code_challenge_method": "S256",
            **({"login_hint": login} if login else {}),
            **service.extra,
        }
        self.url = f"{service.authorize}?{urlencode(query)}"

    def __enter__(self) -> BrowserSignIn:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    def wait(self, cancelled: Cancelled = lambda: False, timeout_s: float = _SIGN_IN_S) -> Tokens:
        """Wait for the browser to come back and return the tokens.

        Raises:
            EnvironmentFailure: `mail_sign_in_timeout`, `mail_sign_in_refused`, or the service does
                not answer.
            DomainError: `mail_sign_in_cancelled`.
        """
        ends = time.monotonic() + timeout_s
        while self._answer is None:
            if cancelled():
                raise _cancelled()
            if time.monotonic() > ends:
                raise EnvironmentFailure(
                    "mail_sign_in_timeout", "The browser did not come back. Sign in again."
                )
            self._server.handle_request()
        if "code" not in self._answer:
            raise _refused(self._service, self._answer)
        return _tokens(
            self._service,
            {
                "grant_type": "authorization_code",
                "code": self._answer["code"],
                "redirect_uri": self._redirect,
                "code_verifier": self._verifier,
                **_client_fields(self._client),
            },
        )

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        sign_in = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 5

            def do_GET(self) -> None:
                asked = self.headers.get("Accept-Language", "")
                language = _page_language(sign_in._language or asked)
                words = sign_in._take(self.path, language)
                page = _PAGE.format(attributes=spoken(language), words=escape(words))
                body = page.encode()
                self.send_response(200 if words else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", _ALLOWED)
                self.send_header("Referrer-Policy", "no-referrer")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Write no log: the address holds the code."""

        return Handler

    def _take(self, path: str, language: str) -> str:
        """Take the browser's answer; return what it shows, "" = this was not the answer."""
        query = {name: values[-1] for name, values in parse_qs(urlsplit(path).query).items()}
        if not secrets.compare_digest(query.get("state", ""), self._state):
            return ""
        if self._answer is None:
            self._answer = query
        if "code" in query:
            return said(language, "sign_in.done")
        if query.get("error") == "access_denied":
            return said(language, "sign_in.denied", service=self._service.name)
        reason = (_reason(query) or said(language, "sign_in.no_reason")).rstrip(".")
        return said(language, "sign_in.refused", service=self._service.name, reason=reason)


def _page_language(tags: str) -> str:
    """Return the language of the page for tags as browsers send them: "fr-CH, fr;q=0.9"."""
    return language_of(tuple(tag.partition(";")[0].strip() for tag in tags.split(",")))


# --- by a code that is typed elsewhere ------------------------------------------------------------


def ask_device_code(service: Service, client: Client) -> DeviceCode:
    """Return a code for a person to type on any computer with a browser.

    Raises:
        DomainError: `mail_no_device_code`; the service does not do this for mail.
        EnvironmentFailure: the service refuses or does not answer.
    """
    if not service.device:
        raise DomainError(
            "mail_no_device_code",
            "{service} lets nobody sign in to mail by a typed code. Use the browser.",
            service=service.name,
        )
    said = _post(service, service.device, {"client_id": client.id, "scope": service.scope})
    try:
        return DeviceCode(
            str(said["user_code"]),
            str(said.get("verification_uri") or said["verification_url"]),
            str(said["device_code"]),
            float(said.get("interval", 5)),
            float(said.get("expires_in", 900)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _nonsense(service) from error


def await_device(
    service: Service,
    client: Client,
    code: DeviceCode,
    cancelled: Cancelled = lambda: False,
    sleep: Callable[[float], None] = time.sleep,
) -> Tokens:
    """Wait until the person typed the code, and return the tokens.

    Raises:
        EnvironmentFailure: `mail_sign_in_timeout`, `mail_sign_in_refused`, or the service does not
            answer.
        DomainError: `mail_sign_in_cancelled`.
    """
    pause, left = code.interval_s, code.lasts_s
    asked = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": code.device_code,
        **_client_fields(client),
    }
    while left > 0:
        if cancelled():
            raise _cancelled()
        sleep(pause)
        left -= pause
        said = _post(service, service.token, asked, waiting=True)
        match said.get("error"):
            case None:
                return _read_tokens(service, said)
            case "authorization_pending":
                continue
            case "slow_down":
                pause += 5
            case "expired_token":
                break
            case _:
                raise _refused(service, said)
    raise EnvironmentFailure(
        "mail_sign_in_timeout", "The code was not typed in time. Sign in again."
    )


def renew(service: Service, client: Client, refresh_token: str) -> Tokens:
    """Return a new access token; `refresh` is "" when the old refresh token stays valid.

    Raises:
        EnvironmentFailure: `mail_sign_in_needed` (the person has to sign in again), or the service
            does not answer.
    """
    return _tokens(
        service,
        {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            **_client_fields(client),
        },
    )


# --- what the service says ------------------------------------------------------------------------


def _client_fields(client: Client) -> dict[str, str]:
    return {"client_id": client.id} | ({"client_secret": client.secret} if client.secret else {})


def _tokens(service: Service, asked: Mapping[str, str]) -> Tokens:
    return _read_tokens(service, _post(service, service.token, asked))


def _read_tokens(service: Service, said: Mapping[str, Any]) -> Tokens:
    try:
        return Tokens(
            str(said["access_token"]),
            str(said.get("refresh_token") or ""),
            float(said.get("expires_in", 3600)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _nonsense(service) from error


def _post(
    service: Service, url: str, asked: Mapping[str, str], *, waiting: bool = False
) -> dict[str, Any]:
    """Ask a service; `waiting`: its errors are answers, since the person may still be typing."""
    request = urllib.request.Request(  # noqa: S310 - https, or http of this computer
        url,
        urlencode(asked).encode("ascii"),
        {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"},
    )
    try:
        with open_request(request, timeout=_TIMEOUT_S) as answer:
            said = json.loads(answer.read(_MOST))
    except urllib.error.HTTPError as error:
        with error:
            said = _error_of(error)
        if waiting and "error" in said:
            return said
        raise _refused(service, said) from None
    except (OSError, http.client.HTTPException) as error:
        raise EnvironmentFailure(
            "mail_service_unreachable",
            "{service} cannot be reached to sign in ({reason}). Look at the network, then try "
            "again.",
            service=service.name,
            reason=str(getattr(error, "reason", error)),
        ) from error
    except ValueError as error:
        raise _nonsense(service) from error
    if not isinstance(said, dict):
        raise _nonsense(service)
    return said


def _error_of(error: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        said = json.loads(error.read(_MOST))
    except (ValueError, OSError):
        said = None
    return said if isinstance(said, dict) else {"error_description": f"HTTP {error.code}"}


def _reason(answer: Mapping[str, Any]) -> str:
    """Return why a service refuses, in its own words; "" = it does not say."""
    told = str(answer.get("error_description") or answer.get("error") or "")
    return " ".join(told.split())[:300]


def _refused(service: Service, answer: Mapping[str, Any]) -> EnvironmentFailure:
    words = _reason(answer)
    if answer.get("error") in {"invalid_grant", "interaction_required", "login_required"}:
        return EnvironmentFailure(
            "mail_sign_in_needed",
            "{service} does not know this computer any more: sign in again in Settings, Mail. "
            "({reason})",
            service=service.name,
            reason=words,
        )
    if answer.get("error") == "access_denied":
        return EnvironmentFailure(
            "mail_sign_in_refused",
            "{service} was told not to let ProjectDesk in. If this was not you, ask your "
            "organisation's administrator.",
            service=service.name,
        )
    return EnvironmentFailure(
        "mail_sign_in_refused",
        "{service} refuses to sign in: {reason}",
        service=service.name,
        reason=words or worded("no reason given"),
    )


def _nonsense(service: Service) -> EnvironmentFailure:
    return EnvironmentFailure(
        "mail_service_unreadable",
        "{service} answered something that cannot be read. Try again later.",
        service=service.name,
    )


def _cancelled() -> DomainError:
    return DomainError("mail_sign_in_cancelled", "Signing in was cancelled.")
