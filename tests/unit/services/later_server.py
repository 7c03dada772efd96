"""A server that sends mail later, for tests: the host's own journal, asked without HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from projectdesk.errors import EnvironmentFailure, NotFound, RemoteProtocolError
from projectdesk.host.journal import entries, keys, mails
from projectdesk.host.journal.database import default_url, open_database
from projectdesk.host.journal.mails import Limits
from projectdesk.host.posting import checked
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import handing, mail_accounts
from projectdesk.services.meeting_hosts import keep_server
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.control import HostFacts
from projectdesk.signalling.mails import LaterMail

SERVER = "https://meet.example.org"


class LaterServer:
    """A host's journal. away: it does not answer; deaf: it does as asked, the answer is lost."""

    def __init__(self, folder: Path, clock: Any) -> None:
        folder.mkdir()
        self.engine = open_database(default_url(folder))
        self.clock = clock
        self.away = self.deaf = False
        self.puts = 0
        self.limits = Limits()
        with self.engine.begin() as connection:
            self.secret = keys.add(connection, "Ines", clock())
            keys.set_mail_domains(connection, "Ines", ["udr.example"])

    def ask(self, access: Any, method: str, path: str, _reply: Any, body: Any = None) -> Any:
        if self.away:
            raise EnvironmentFailure("host_unreachable", "away")
        with self.engine.begin() as connection:
            key = keys.find_reader(connection, access.key)
            if key is None:
                raise RemoteProtocolError("key_unknown", "unknown")
            try:
                answer = self._answer(connection, key, method, path, body)
            except NotFound:
                raise
            except Exception as error:  # as it comes over the wire
                told = RemoteProtocolError(getattr(error, "code", "?"))
                told.text = str(error)
                raise told from error
        if self.deaf:
            raise EnvironmentFailure("host_unreachable", "deaf")
        return answer

    def _answer(self, connection: Any, key: str, method: str, path: str, body: Any) -> Any:
        if path == "/api/v1/host":
            return HostFacts(
                version="1",
                protocol=1,
                journal="0" * 32,
                epoch=1,
                public_url=SERVER,
                local=False,
                now=self.clock(),
                mail_from=list(mails.domains_of(connection, key)),
            )
        mail_id = path.rpartition("/")[2]
        if method == "DELETE":
            return mails.take_back(connection, mail_id, key, self.clock())
        assert isinstance(body, LaterMail)
        kept = checked(body, mails.domains_of(connection, key), self.clock())
        self.puts += 1
        return mails.put(connection, mail_id, key, key, kept, self.clock(), self.limits)

    def send_due(self, outcome: Any = "sent") -> list[str]:
        """Send what is due; return to whom."""
        sent = []
        with self.engine.begin() as connection:
            mails.settle_needless(connection, self.clock())
            for mail_id in mails.due(connection, self.clock(), 100):
                claimed = mails.claim(connection, mail_id, self.clock(), None)
                assert claimed is not None
                sent.append(claimed.recipient)
                mails.settle(connection, mail_id, outcome, "250 OK", self.clock())
        return sorted(sent)

    def waiting(self) -> dict[str, datetime]:
        with self.engine.begin() as connection:
            key = keys.find_reader(connection, self.secret) or ""
            return {one.id: one.due_at for one in mails.waiting(connection, key).mails}

    def batch(self) -> Any:
        with self.engine.begin() as connection:
            key = keys.find_reader(connection, self.secret) or ""
            return entries.read(connection, key, 0, 500, self.clock())


@contextmanager
def sends_for_maya(
    workspace: Workspace, folder: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LaterServer]:
    """Make a server that sends Maya's mail; links are made with a key as in a key store."""
    made = LaterServer(folder, clock)
    with made.engine.begin() as connection:
        keys.set_mail_domains(connection, "Ines", ["example.org"])
    monkeypatch.setattr(handing, "ask", made.ask)
    monkeypatch.setattr(workspace.secrets, "durable", True)
    keep_server(workspace, SERVER, "Team", made.secret)
    account = MailAccount(
        "maya@example.org", "Maya", smtp=MailServer("mail.example.org", 587), later_server=SERVER
    )
    mail_accounts.save(workspace.data, account)
    yield made
    made.engine.dispose()
