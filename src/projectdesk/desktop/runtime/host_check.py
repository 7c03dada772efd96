"""Tries the address and the key of a server before they are kept, and says what was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QUrl
from PySide6.QtNetwork import (
    QNetworkReply,
    QNetworkRequest,
    QSslCertificate,
    QSslError,
)

from projectdesk.desktop.runtime import network
from projectdesk.desktop.runtime.host_client import answer_of, header
from projectdesk.errors import EnvironmentFailure, ProjectDeskError
from projectdesk.signalling import VERSION
from projectdesk.signalling.control import HostFacts

_TIMEOUT_MS = 10_000
CLOCKS_APART = timedelta(seconds=30)
"""How far the clocks of server and desktop may be apart before it is said."""
ENDS_SOON = timedelta(days=14)
"""How long before its end a certificate is worth a word."""


@dataclass(frozen=True)
class SeenCertificate:
    """The certificate that a server showed. issuer: who vouches for it."""

    subject: str
    issuer: str
    ends_at: datetime


@dataclass(frozen=True)
class HostFound:
    """What a server said. clock_ahead: how far its clock is before ours."""

    facts: HostFacts
    certificate: SeenCertificate | None
    clock_ahead: timedelta

    @property
    def speaks_ours(self) -> bool:
        """Tell whether desktop and server understand each other."""
        return abs(self.facts.protocol - VERSION) <= 1

    @property
    def clocks_differ(self) -> bool:
        """Tell whether the clocks are too far apart to go unsaid."""
        return abs(self.clock_ahead) > CLOCKS_APART

    def ends_soon(self, now: datetime) -> bool:
        """Tell whether the certificate is about to end."""
        return self.certificate is not None and self.certificate.ends_at - now < ENDS_SOON


class HostCheck(QObject):
    """Asks a server once. `deleteLater` drops what is under way."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._network = network.manager(self)
        self._network.setTransferTimeout(_TIMEOUT_MS)
        self._network.setRedirectPolicy(QNetworkRequest.RedirectPolicy.ManualRedirectPolicy)

    def ask(
        self,
        url: str,
        key: str,
        then: Callable[[HostFound], None],
        failed: Callable[[ProjectDeskError], None],
    ) -> None:
        """Ask the server at `url` with `key`.

        `failed` gets `certificate_refused` with what is wrong with it, `host_unreachable`, or what
        the server refused.
        """
        request = QNetworkRequest(QUrl(f"{url}/api/v1/host"))
        request.setRawHeader(b"Authorization", header(key))
        refused: list[str] = []

        def send() -> None:
            network.take_way(self._network, request.url())
            reply = self._network.get(request)
            reply.sslErrors.connect(lambda errors: refused.extend(_reasons(errors)))
            reply.finished.connect(lambda: finished(reply))

        def finished(reply: QNetworkReply) -> None:
            reply.deleteLater()
            if refused:
                failed(_certificate_refused(refused))
                return
            try:
                facts = answer_of(reply, HostFacts)
            except ProjectDeskError as error:
                failed(error)
            else:
                then(HostFound(facts, _certificate(reply), facts.now - datetime.now(UTC)))

        network.when_known(request.url(), self, send, failed)


def _reasons(errors: list[QSslError]) -> list[str]:
    return list(dict.fromkeys(error.errorString() for error in errors))


def _certificate_refused(reasons: list[str]) -> EnvironmentFailure:
    return EnvironmentFailure(
        "certificate_refused",
        "The server's certificate is not trusted: {reason}. Nothing was sent to it.",
        reason="; ".join(reason.rstrip(".") for reason in reasons),
    )


def _certificate(reply: QNetworkReply) -> SeenCertificate | None:
    shown = reply.sslConfiguration().peerCertificate()
    if shown.isNull():
        return None
    what = QSslCertificate.SubjectInfo
    subject = shown.subjectInfo(what.CommonName)
    issuer = [*shown.issuerInfo(what.Organization), *shown.issuerInfo(what.CommonName)]
    ends = shown.expiryDate().toUTC()
    return SeenCertificate(
        ", ".join(subject),
        ", ".join(issuer),
        datetime.fromtimestamp(ends.toSecsSinceEpoch(), UTC),
    )
