"""A real IMAP server: dovecot as its own process, with its own settings in a folder of the test."""

from __future__ import annotations

import getpass
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType

from tests.unit.mail.mail_server import Certificate

PASSWORD = "right"


def program() -> str | None:
    """Return where dovecot is; None where it is not installed."""
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")


class Dovecot:
    """A server with one mailbox per name; a context. port: TLS by STARTTLS; tls_port: TLS first.

    introspection: URL that says whether an access token is good; None = passwords only.
    """

    def __init__(
        self, folder: Path, certificate: Certificate, introspection: str | None = None
    ) -> None:
        self.folder = folder
        self._root = os.geteuid() == 0
        if self._root:  # it lets nobody read mail as root, and nobody else into a test's folder
            self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
            self.folder.chmod(0o755)
        self.port, self.tls_port = _free_port(), _free_port()
        self._certificate = certificate
        self._introspection = introspection
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Dovecot:
        found = program()
        assert found is not None
        for name in ("run", "state", "mail"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        if self._root:
            shutil.chown(self.folder / "mail", "nobody")
        settings = self.folder / "dovecot.conf"
        settings.write_text(self._settings())
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [found, "-F", "-c", str(settings)], stdout=log, stderr=log
            )
        self._wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
        if self._root:
            shutil.rmtree(self.folder)

    def deliver(self, user: str, content: bytes, folder: str = "INBOX") -> None:
        """Put a message into a folder, made if it is missing (its name as on the wire)."""
        imap = imaplib.IMAP4("localhost", self.port)
        try:
            imap.login(user, PASSWORD)
            imap.create(folder)
            status, said = imap.append(folder, None, None, content)
            assert status == "OK", said
        finally:
            imap.logout()

    def flags(self, user: str) -> list[bytes]:
        """Return the flags of every message of the inbox."""
        imap = imaplib.IMAP4("localhost", self.port)
        try:
            imap.login(user, PASSWORD)
            imap.select("INBOX", readonly=True)
            _, found = imap.fetch("1:*", "(FLAGS)")
            return [part for part in found if isinstance(part, bytes)]
        finally:
            imap.logout()

    def make_anew(self, user: str) -> None:
        """Throw the mailbox away: its next one has another UIDVALIDITY."""
        shutil.rmtree(self.folder / "mail" / user)

    def _wait(self) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            assert self._process is not None
            if self._process.poll() is not None:
                break
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0 and probe.recv(1):
                    return
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text(errors="replace"))

    def _settings(self) -> str:
        # Its parts run as several users; in a test they are all this one, or nobody.
        user = inner = "nobody" if self._root else getpass.getuser()
        group = inner_group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
        token = ""
        mechanisms = "plain login"
        if self._introspection is not None:
            mechanisms += " xoauth2"
            oauth = self.folder / "oauth2.conf"
            oauth.write_text(
                f"introspection_url = {self._introspection}\n"
                "introspection_mode = post\nusername_attribute = username\n"
                "active_attribute = active\nactive_value = true\n"
            )
            token = f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2\n  args = {oauth}\n}}\n"
        return f"""
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
default_internal_user = {inner}
default_internal_group = {inner_group}
default_login_user = {inner}
first_valid_uid = 0
first_valid_gid = 0
mail_uid = {user}
mail_gid = {group}
mail_location = maildir:{self.folder}/mail/%u
ssl = yes
ssl_cert = <{self._certificate.chain}
ssl_key = <{self._certificate.key}
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
{token}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={self.folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = {self.tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""


def letter(message_id: str, subject: str = "Hello", text: str = "Hello") -> bytes:
    """Return a mail of Ben's."""
    message = EmailMessage()
    message["From"] = "Ben <ben@example.com>"
    message["To"] = "ada@example.org"
    message["Subject"] = subject
    message["Message-ID"] = message_id
    message.set_content(text)
    return message.as_bytes()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
