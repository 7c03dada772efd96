"""A real SMTP server in this process (aiosmtpd), with a certificate of its own and its moods."""

from __future__ import annotations

import asyncio
import base64
import ssl
import threading
import warnings
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificate:
    """Of localhost, which vouches for itself: `chain` is also the authority's file."""

    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


def make_certificate(folder: Path) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    public = key.public_key()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    chain, key_file = folder / "server.crt", folder / "server.key"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return Certificate(chain, key_file)


@dataclass
class Mood:
    """What the server does: answers by recipient; where it hangs up ("data", "text", "end")."""

    recipients: dict[str, str] = field(default_factory=dict)
    after_text: str = "250 2.0.0 queued as 4711"
    hang_up: str = ""


class Handler:
    """Keeps what was delivered."""

    def __init__(self, mood: Mood) -> None:
        self.mood = mood
        self.delivered: list[Envelope] = []

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        answer = self.mood.recipients.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.mood.after_text.startswith("250"):
            self.delivered.append(envelope)
        if self.mood.hang_up == "end":
            server.transport.abort()
        return self.mood.after_text


class HangingUp(SMTP):
    """Hangs up in the middle of DATA, when its handler is in that mood."""

    async def smtp_DATA(self, arg: str) -> None:
        if self.event_handler.mood.hang_up == "data":
            self.transport.abort()
            return
        if self.event_handler.mood.hang_up == "text":
            await self.push("354 Go on")
            await self._reader.read(10)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class TokenHandler(Handler):
    """Lets those in who show the right access token."""

    def __init__(self, mood: Mood, tokens: dict[str, str]) -> None:
        super().__init__(mood)
        self.tokens = tokens

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        fields = base64.b64decode(args[1]).decode().split("\x01")
        user, token = fields[0].removeprefix("user="), fields[1].removeprefix("auth=Bearer ")
        if self.tokens.get(user) == token:
            return AuthResult(success=True)
        # What Microsoft and Google do: the reason as a challenge, then the refusal.
        await server.challenge_auth('{"status":"401","schemes":"Bearer"}')
        return AuthResult(success=False, handled=False)


class SmtpServer:
    """A server on a free port of the loopback interface; a context."""

    def __init__(
        self,
        certificate: Certificate | None = None,
        *,
        tls_first: bool = False,
        users: dict[str, str] | None = None,
        tokens: dict[str, str] | None = None,
        offers_tls: bool = True,
        **options: Any,
    ) -> None:
        self.mood = Mood()
        self.handler = TokenHandler(self.mood, tokens) if tokens else Handler(self.mood)
        self.users = users or {}
        context = certificate.context() if certificate else None
        self._tls = context if tls_first else None
        self._options = {
            "auth_required": bool(users or tokens),
            "auth_require_tls": not tls_first,
            "authenticator": self._authenticate,
            "tls_context": context if offers_tls and not tls_first else None,
            **options,
        }
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self.port = 0

    def __enter__(self) -> SmtpServer:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def delivered(self) -> list[Envelope]:
        return self.handler.delivered

    async def _listen(self) -> None:
        self._server = await self._loop.create_server(
            self._made,
            "127.0.0.1",
            0,
            ssl=self._tls,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def _made(self) -> SMTP:
        with warnings.catch_warnings():
            # It knows TLS that was begun by STARTTLS only, and warns of a password without.
            warnings.simplefilter("ignore", UserWarning)
            return HangingUp(self.handler, loop=self._loop, **self._options)

    async def _end(self) -> None:
        self._server.close()
        current = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not current]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        known = self.users.get(given.login.decode())
        return AuthResult(success=known == given.password.decode(), handled=False)
