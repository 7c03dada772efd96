"""A service that gives tokens, in this process: authorisation, device codes, refreshing."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen


@dataclass
class TokenServer:
    """Speaks as Microsoft does below /TENANT/oauth2/v2.0; a context. asked: what it was asked.

    refuses: the error that the browser brings back. pending: how often a typed code is awaited.
    long: characters of a refresh token. valid: access tokens that are good now.
    """

    refuses: str = ""
    pending: int = 1
    long: int = 2_400
    asked: list[dict[str, str]] = field(default_factory=list)
    valid: set[str] = field(default_factory=set)
    refresh_tokens: set[str] = field(default_factory=set)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __enter__(self) -> TokenServer:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def browse(self, url: str) -> str:
        """Do what a person's browser does: sign in, come back; return the page that is shown."""
        assert url.startswith(self.url)
        with urlopen(url, timeout=10) as page:  # follows the redirect to the loopback port
            return str(page.read().decode())

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.asked.append(form)
        if path.endswith("/introspect"):
            good = form.get("token", "") in self.valid
            return 200, {"active": good, "username": "ada@example.org"}
        if path.endswith("/devicecode"):
            return 200, {
                "user_code": "ABCD-EFGH",
                "verification_uri": f"{self.url}/device",
                "device_code": "device-1",
                "interval": 0.01,
                "expires_in": 5,
            }
        match form.get("grant_type"):
            case "authorization_code":
                asked = self.codes.pop(form["code"], None)
                digest = hashlib.sha256(form["code_verifier"].encode()).digest()
                proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
                if asked is None or asked["code_challenge"] != proof:
                    return 400, {"error": "invalid_grant", "error_description": "no such code"}
                return 200, self._tokens()
            case "refresh_token":
                if form["refresh_token"] not in self.refresh_tokens:
                    return 400, {"error": "invalid_grant", "error_description": "AADSTS70000: old"}
                return 200, self._tokens()
            case _:
                if self.pending:
                    self.pending -= 1
                    return 400, {"error": "authorization_pending"}
                return 200, self._tokens()

    def _tokens(self) -> dict[str, Any]:
        access = "access-" + secrets.token_hex(8)
        refresh = secrets.token_hex(self.long // 2)
        self.valid = {access}
        self.refresh_tokens.add(refresh)
        return {"access_token": access, "refresh_token": refresh, "expires_in": 3600}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = {k: v[-1] for k, v in parse_qs(urlsplit(self.path).query).items()}
                back = {"state": query["state"]}
                if service.refuses:
                    back["error"] = service.refuses
                else:
                    back["code"] = secrets.token_hex(8)
                    service.codes[back["code"]] = query
                self.send_response(302)
                self.send_header("Location", f"{query['redirect_uri']}/?{urlencode(back)}")
                self.end_headers()

            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length", 0))
                said = self.rfile.read(size).decode()
                form = {k: v[-1] for k, v in parse_qs(said).items()}
                status, answer = service.answer(self.path, form)
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Be silent."""

        return Handler
