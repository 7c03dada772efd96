"""Stands in for `projectdesk serve` as a desktop starts it: makes keys, serves two addresses.

`mood` in the data folder says how it behaves: "keyless", "dies", "version N".
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


def option(name: str) -> str:
    return sys.argv[sys.argv.index(name) + 1]


def mood(data: Path) -> list[str]:
    file = data / "mood"
    return file.read_text(encoding="utf-8").split() if file.exists() else []


def add_key(data: Path) -> int:
    if "keyless" in mood(data):
        print("first line\nthe folder cannot be written", file=sys.stderr)
        return 2
    key = secrets.token_hex(8)
    data.mkdir(parents=True, exist_ok=True)
    with (data / "keys").open("a", encoding="utf-8") as file:
        file.write(f"{key}\n")
    print(json.dumps({"key": key}))
    return 0


class Answers(BaseHTTPRequestHandler):
    """The host's API, as far as finding a host needs it."""

    data: Path
    url: str

    def do_GET(self) -> None:
        key = self.headers["Authorization"].removeprefix("Bearer ")
        if key not in (self.data / "keys").read_text(encoding="utf-8").split():
            self.answer(401, {"type": "problem", "code": "key_unknown", "text": "No such key."})
            return
        words = mood(self.data)
        facts = {
            "version": "0.1",
            "protocol": int(words[1]) if words[:1] == ["version"] else 1,
            "journal": "j",
            "epoch": 1,
            "publicUrl": self.url,
            "local": True,
            "now": datetime.now(UTC).isoformat(),
        }
        self.answer(200, facts)

    def do_POST(self) -> None:
        self.answer(204, None)
        threading.Thread(target=self.server.shutdown).start()

    def answer(self, status: int, body: object) -> None:
        raw = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_words: object) -> None:
        pass


def serve(data: Path) -> int:
    with (data / "starts").open("a", encoding="utf-8") as file:
        file.write(f"{option('--port')}\n")
    if "dies" in mood(data):
        print("cannot live like this", flush=True)
        return 3
    server = HTTPServer(("127.0.0.1", int(option("--port"))), Answers)
    url = f"http://127.0.0.1:{server.server_port}"
    Answers.data, Answers.url = data, url
    card = {
        "pid": os.getpid(),
        "protocol": 1,
        "url": url,
        "startedAt": datetime.now(UTC).isoformat(),
    }
    part = data / "host.json.part"
    part.write_text(json.dumps(card), encoding="utf-8")
    part.replace(data / "host.json")
    server.serve_forever(poll_interval=0.05)
    (data / "host.json").unlink()
    return 0


if __name__ == "__main__":
    folder = Path(option("--data"))
    sys.exit(add_key(folder) if "keys" in sys.argv else serve(folder))
