"""Fetches what people put into the chat: from the host into the data folder, one file at a time."""

from __future__ import annotations

import logging
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QFile, QIODevice, QObject, QUrl
from PySide6.QtNetwork import QNetworkReply, QNetworkRequest

from projectdesk.desktop.runtime import network
from projectdesk.desktop.runtime.host_client import HostClient, header, trust
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services.talk_rows import PendingDocument

_log = logging.getLogger(__name__)
_TIMEOUT_MS = 30_000
_OK = 200
_GONE = (401, 403, 404, 410)


class DocumentFetch(QObject):
    """Fetches files of chats that the journal told of; what fails is tried again the next time.

    A file that this host does not have is not asked for again while the desktop runs.
    is_busy: it is at it.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._network = network.manager(self)
        self._network.setTransferTimeout(_TIMEOUT_MS)
        self._client: HostClient | None = None
        self._not_there: set[UUID] = set()
        self.is_busy = False

    def fetch(self, client: HostClient) -> None:
        """Fetch what is missing from a host; does nothing while it is at it."""
        self._client = client
        if self.is_busy:
            return
        self.is_busy = True
        from projectdesk.services import queries

        self._session.ask(queries.pending_documents, self._next, self._stop)

    def _next(self, pending: list[PendingDocument]) -> None:
        client = self._client
        wanted = next((one for one in pending if one.id not in self._not_there), None)
        if wanted is None or client is None:
            self.is_busy = False
            return
        from projectdesk.services import commands

        def begin(folder: Path) -> None:
            self._get(client, wanted, folder / f"{wanted.id.hex}.part", pending)

        self._session.ask(
            lambda workspace: commands.document_folder(workspace.data), begin, self._stop
        )

    def _get(
        self,
        client: HostClient,
        wanted: PendingDocument,
        part: Path,
        pending: list[PendingDocument],
    ) -> None:
        file = QFile(str(part), self)
        if not file.open(QIODevice.OpenModeFlag.WriteOnly):
            _log.warning("a file of a chat is not kept: %s", file.errorString())
            self.is_busy = False
            return
        base = client.located(wanted.room).url
        request = QNetworkRequest(QUrl(f"{base}/api/v1/rooms/{wanted.room}/files/{wanted.file}"))
        request.setSslConfiguration(trust(client.address))
        request.setRawHeader(b"Authorization", header(client.address.key))

        def send() -> None:
            network.take_way(self._network, request.url())
            reply = self._network.get(request)
            reply.readyRead.connect(lambda: file.write(reply.readAll()))
            reply.finished.connect(lambda: self._finished(reply, file, wanted, part, pending))

        def no_way(error: ProjectDeskError) -> None:
            file.close()
            file.deleteLater()
            part.unlink(missing_ok=True)
            self._stop(error)

        network.when_known(request.url(), self, send, no_way)

    def _finished(
        self,
        reply: QNetworkReply,
        file: QFile,
        wanted: PendingDocument,
        part: Path,
        pending: list[PendingDocument],
    ) -> None:
        status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        is_whole = reply.error() is QNetworkReply.NetworkError.NoError and status == _OK
        written = file.error() is QFile.FileError.NoError
        file.close()
        file.deleteLater()
        reply.deleteLater()
        rest = [one for one in pending if one.id != wanted.id]
        if not is_whole or not written:
            part.unlink(missing_ok=True)
            if status in _GONE:
                self._not_there.add(wanted.id)
                self._next(rest)
            else:
                _log.warning("a file of a chat was not fetched: HTTP %s", status)
                self.is_busy = False
            return
        from projectdesk.services import commands

        def refused(error: ProjectDeskError) -> None:
            part.unlink(missing_ok=True)
            _log.warning("a file of a chat was not kept: %s", error.code)
            self._not_there.add(wanted.id)
            self._next(rest)

        self._session.ask(
            lambda workspace: commands.keep_document(workspace, wanted.id, part),
            lambda _changes: self._next(rest),
            refused,
        )

    def _stop(self, error: ProjectDeskError) -> None:
        _log.warning("files of chats are not fetched: %s", error.code)
        self.is_busy = False
