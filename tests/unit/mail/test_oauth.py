"""Signing in with a browser, with a typed code, and staying signed in."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen

import keyring
import pytest
from keyring.backend import KeyringBackend

from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.mail import oauth
from projectdesk.mail.account import MailAccount, SignIn
from projectdesk.mail.oauth import SERVICES, BrowserSignIn, Client, Service
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.secrets.system import KeyringSecrets
from projectdesk.services import mail_tokens
from tests.unit.mail.token_server import TokenServer

pytestmark = pytest.mark.loopback
ME = Client("client-1")


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with TokenServer() as running:
        yield running


def at(server: TokenServer) -> Service:
    return SERVICES["microsoft"].at(server.url, "organizations")


def in_browser(server: TokenServer, sign_in: BrowserSignIn, pages: list[str]) -> threading.Thread:
    thread = threading.Thread(target=lambda: pages.append(server.browse(sign_in.url)))
    thread.start()
    return thread


def test_the_browser_comes_back_with_a_proof(server: TokenServer) -> None:
    pages: list[str] = []
    with BrowserSignIn(at(server), ME, "ada@example.org", "de") as sign_in:
        query = parse_qs(urlsplit(sign_in.url).query)
        assert query["code_challenge_method"] == ["S256"]
        assert query["login_hint"] == ["ada@example.org"]
        assert query["redirect_uri"][0].startswith("http://localhost:")
        browser = in_browser(server, sign_in, pages)
        tokens = sign_in.wait()
        browser.join(10)
    assert tokens.access in server.valid
    assert tokens.refresh in server.refresh_tokens
    assert '<html lang="de">' in pages[0]
    assert "Sie sind angemeldet." in pages[0]
    assert "access-" not in repr(tokens)


def test_the_page_speaks_as_the_browser_asks_and_may_only_look_as_it_does(
    server: TokenServer,
) -> None:
    with BrowserSignIn(at(server), ME) as sign_in:
        asked = parse_qs(urlsplit(sign_in.url).query)
        answer = urlencode({"error": "server_error", "state": asked["state"][0]})
        request = Request(f"{asked['redirect_uri'][0]}/?{answer}")
        request.add_header("Accept-Language", "ar-AE, en;q=0.5")
        shown: list[tuple[str, str]] = []

        def come_back() -> None:
            with urlopen(request, timeout=10) as response:
                allowed = response.headers["Content-Security-Policy"]
                shown.append((response.read().decode("utf-8"), allowed))

        browser = threading.Thread(target=come_back)
        browser.start()
        with pytest.raises(EnvironmentFailure):
            sign_in.wait()
        browser.join(10)
    ((page, allowed),) = shown
    assert 'lang="ar" dir="rtl"' in page
    assert "لم يسمح لك" in page
    assert "server_error" in page
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert allowed == f"default-src 'none'; style-src 'sha256-{digest}'"


def test_an_answer_that_was_not_asked_for_is_ignored(server: TokenServer) -> None:
    pages: list[str] = []
    with BrowserSignIn(at(server), ME) as sign_in:
        redirect = parse_qs(urlsplit(sign_in.url).query)["redirect_uri"][0]

        def forged_then_true() -> None:
            with pytest.raises(HTTPError):
                urlopen(f"{redirect}/?code=stolen&state=guessed", timeout=10)
            pages.append(server.browse(sign_in.url))

        browser = threading.Thread(target=forged_then_true)
        browser.start()
        assert sign_in.wait().access in server.valid
        browser.join(10)
    assert pages


def test_a_person_who_says_no_and_one_who_goes_away(server: TokenServer) -> None:
    server.refuses = "access_denied"
    pages: list[str] = []
    with BrowserSignIn(at(server), ME) as sign_in:
        browser = in_browser(server, sign_in, pages)
        with pytest.raises(EnvironmentFailure, match="not to let ProjectDesk in"):
            sign_in.wait()
        browser.join(10)
        with pytest.raises(EnvironmentFailure), BrowserSignIn(at(server), ME) as other:
            other.wait(timeout_s=0)
        with pytest.raises(DomainError), BrowserSignIn(at(server), ME) as other:
            other.wait(cancelled=lambda: True)


@pytest.mark.full
def test_a_code_typed_on_another_computer(server: TokenServer) -> None:
    server.pending = 2
    code = oauth.ask_device_code(at(server), ME)
    assert (code.user_code, code.address) == ("ABCD-EFGH", f"{server.url}/device")
    slept: list[float] = []
    tokens = oauth.await_device(at(server), ME, code, sleep=slept.append)
    assert tokens.access in server.valid
    assert len(slept) == 3
    server.pending = 10**6
    with pytest.raises(EnvironmentFailure, match="not typed in time"):
        oauth.await_device(at(server), ME, code, sleep=lambda _: None)
    with pytest.raises(DomainError, match="Use the browser"):
        oauth.ask_device_code(SERVICES["google"].at("", ""), ME)


def test_addresses_of_the_services() -> None:
    google = SERVICES["google"].at("", "")
    assert google.token == "https://oauth2.googleapis.com/token"
    assert google.authorize == "https://accounts.google.com/o/oauth2/v2/auth"
    china = SERVICES["microsoft"].at("https://login.partner.microsoftonline.cn", "inst.cn")
    assert china.token == "https://login.partner.microsoftonline.cn/inst.cn/oauth2/v2.0/token"
    with pytest.raises(DomainError):
        SERVICES["microsoft"].at("http://login.example.org", "x")


def test_a_service_that_is_not_there() -> None:
    with TokenServer() as server:
        gone = at(server)
    with pytest.raises(EnvironmentFailure, match="cannot be reached"):
        oauth.renew(gone, ME, "x")


# --- staying signed in ----------------------------------------------------------------------------


class SmallKeyring(KeyringBackend):
    """As the Windows Credential Manager: 2,560 bytes an entry, two a character."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        assert len(password.encode("utf-16-le")) <= 2_560
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[username]


@pytest.fixture
def small() -> Iterator[SmallKeyring]:
    before = keyring.get_keyring()
    small = SmallKeyring()
    keyring.set_keyring(small)
    yield small
    keyring.set_keyring(before)


def account(server: TokenServer) -> MailAccount:
    return MailAccount(
        "ada@example.org",
        sign_in=SignIn.OAUTH,
        oauth="microsoft",
        client_id="client-1",
        authority=server.url,
    )


def test_long_tokens_are_kept_and_renewed_in_time(server: TokenServer, small: SmallKeyring) -> None:
    store, known, now = KeyringSecrets(), account(server), 1_000.0
    assert not mail_tokens.is_signed_in(store, known)
    with pytest.raises(EnvironmentFailure, match="Sign in in Settings"):
        mail_tokens.access_token(store, known)
    code = oauth.ask_device_code(at(server), ME)
    tokens = oauth.await_device(at(server), ME, code, sleep=lambda _: None)
    mail_tokens.keep(store, known, tokens, lambda: now)
    assert mail_tokens.is_signed_in(store, known)
    assert mail_tokens.access_token(store, known, lambda: now + 3_000) == tokens.access
    renewed = mail_tokens.access_token(store, known, lambda: now + 3_590)
    assert renewed in server.valid
    assert server.asked[-1]["refresh_token"] == tokens.refresh
    mail_tokens.drop_access(store, known)
    assert mail_tokens.access_token(store, known) in server.valid
    mail_tokens.forget(store, known)
    assert not mail_tokens.is_signed_in(store, known)
    assert not small.kept, "nothing stays behind"


def test_who_was_signed_out_by_the_service_has_to_sign_in_again(server: TokenServer) -> None:
    store, known = MemorySecrets(), account(server)
    mail_tokens.keep(store, known, oauth.Tokens("ended", "revoked", 0.0))
    with pytest.raises(EnvironmentFailure) as caught:
        mail_tokens.access_token(store, known)
    assert caught.value.code == "mail_sign_in_needed"
    assert "revoked" not in caught.value.text
