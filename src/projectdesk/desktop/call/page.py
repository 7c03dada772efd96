"""The call page in the desktop: one web view that shows the host's origin and nothing else.

The page is the one that guests have (architecture 3). Camera, microphone and screen are granted to
the host's origin only; other links open in the system's browser; nothing is kept after the call.
Chromium's sandbox stays on. Where QtWebEngine cannot start, `CallPage.create` returns None and the
caller opens the page in the default browser: the console works all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtNetwork import QAuthenticator
from PySide6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineDesktopMediaRequest,
    QWebEngineDownloadRequest,
    QWebEngineFullScreenRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineSettings,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.runtime.network import give_login, prepare_web

_log = logging.getLogger(__name__)
_Permission = QWebEnginePermission.PermissionType
_GRANTED = {
    _Permission.MediaAudioCapture,
    _Permission.MediaVideoCapture,
    _Permission.MediaAudioVideoCapture,
    _Permission.DesktopVideoCapture,
    _Permission.DesktopAudioVideoCapture,
}


def origin_of(url: QUrl) -> str:
    """Return scheme, host and port of an address: what a permission belongs to."""
    default = {"https": 443, "http": 80}.get(url.scheme(), -1)
    return f"{url.scheme()}://{url.host()}:{url.port(default)}"


class _OnlyHost(QWebEnginePage):
    """A page that stays on the host's origin."""

    def __init__(
        self, profile: QWebEngineProfile, origin: str, parent: QWidget, authority: str = ""
    ) -> None:
        super().__init__(profile, parent)
        self._origin = origin
        self._authority = authority
        self.certificateError.connect(self._on_certificate)
        self.permissionRequested.connect(self._on_permission)
        self.desktopMediaRequested.connect(self._on_screen_wanted)
        self.newWindowRequested.connect(lambda asked: _open_outside(asked.requestedUrl()))
        self.proxyAuthenticationRequired.connect(self._on_proxy_login)
        self._login_given = False

    def go_on_at(self, origin: str) -> None:
        """Stay on another origin from now on."""
        self._origin = origin

    def acceptNavigationRequest(
        self, url: QUrl | str, _type: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        """Let the host's own pages load, send every other link to the system's browser."""
        target = QUrl(url)
        if origin_of(target) == self._origin or target.scheme() in {"about", "blob"}:
            return True
        if is_main_frame:
            _open_outside(target)
        return False

    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: str,
        line: int,
        source: str,
    ) -> None:
        """Log warnings and errors of the page by their place alone.

        Their texts can hold what people typed, and a browser quotes lines of SDP (security.md).
        """
        if level != QWebEnginePage.JavaScriptConsoleMessageLevel.InfoMessageLevel:
            _log.warning("call page: %s at %s:%d", level.name, QUrl(source).path(), line)

    def _on_certificate(self, error: QWebEngineCertificateError) -> None:
        """Believe this computer's own authority for its own host, and nobody else unknown."""
        unknown = QWebEngineCertificateError.Type.CertificateAuthorityInvalid
        if (
            self._authority
            and error.type() == unknown
            and error.isOverridable()
            and origin_of(error.url()) == self._origin
            and _is_ours(self._authority, error)
        ):
            error.acceptCertificate()
        else:
            error.rejectCertificate()

    def _on_proxy_login(self, _url: QUrl, authenticator: QAuthenticator, proxy: str) -> None:
        self._login_given = give_login(proxy, authenticator, again=self._login_given)

    def _on_permission(self, permission: QWebEnginePermission) -> None:
        wanted = permission.permissionType()
        if wanted in _GRANTED and origin_of(permission.origin()) == self._origin:
            permission.grant()
        else:
            permission.deny()

    def _on_screen_wanted(self, request: QWebEngineDesktopMediaRequest) -> None:
        """Ask which screen or window to share; without an answer nothing is shared."""
        menu = QMenu()
        for model, choose in (
            (request.screensModel(), request.selectScreen),
            (request.windowsModel(), request.selectWindow),
        ):
            menu.addSection(say("Screens") if model is request.screensModel() else say("Windows"))
            for number in range(model.rowCount()):
                index = model.index(number, 0)
                action = menu.addAction(str(index.data()) or say("Screen {n}", n=number + 1))
                action.triggered.connect(lambda _=False, c=choose, i=index: c(i))
        view = self.parent()
        at = view.mapToGlobal(view.rect().center()) if isinstance(view, QWidget) else None
        if (menu.exec(at) if at is not None else menu.exec()) is None:
            request.cancel()


def _is_ours(authority: str, error: QWebEngineCertificateError) -> bool:
    from projectdesk.secrets.authority import vouches

    chain = [bytes(shown.toDer().data()) for shown in error.certificateChain()]
    return vouches(authority, chain, error.url().host(), datetime.now(UTC))


def _open_outside(url: QUrl) -> None:
    if url.scheme() in {"https", "http", "mailto"}:
        QDesktopServices.openUrl(url)


class CallPage(QWidget):
    """The call page of one room.

    loaded: the page is there (True) or could not be loaded. crashed: Chromium's process ended; the
    page is loaded again by itself. saved: a file of the chat is there, with its whole path. filled:
    the page wants the whole screen (True), or no longer.
    """

    loaded = Signal(bool)
    crashed = Signal()
    saved = Signal(str)
    filled = Signal(bool)

    def __init__(self, url: str, parent: QWidget | None = None, *, authority: str = "") -> None:
        """Make it.

        Args:
            url: the personal link.
            parent: owner.
            authority: PEM of the authority that is believed for the host besides the system's.
        """
        super().__init__(parent)
        self._url = QUrl(url)
        prepare_web(self._url)  # before the profile: Chromium takes a later one only bit by bit
        self._profile = QWebEngineProfile()  # off the record: nothing is kept of a call
        self._profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.NoCache)
        self._profile.downloadRequested.connect(self._on_download)
        self._view = QWebEngineView(self)
        self._page = _OnlyHost(self._profile, origin_of(self._url), self._view, authority)
        settings = self._page.settings()
        attribute = QWebEngineSettings.WebAttribute
        settings.setAttribute(attribute.PlaybackRequiresUserGesture, False)
        settings.setAttribute(attribute.ScreenCaptureEnabled, True)
        settings.setAttribute(attribute.FullScreenSupportEnabled, True)
        self._view.setPage(self._page)
        self._view.loadFinished.connect(self.loaded)
        self._page.renderProcessTerminated.connect(self._on_terminated)
        self._page.fullScreenRequested.connect(self._on_full_screen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)

    def open(self) -> None:
        """Load the page."""
        prepare_web(self._url)
        self._view.setUrl(self._url)

    def go_on_at(self, url: str) -> None:
        """Load the page from where the host is now."""
        self._url = QUrl(url)
        self._page.go_on_at(origin_of(self._url))
        self.open()

    def evaluate(self, code: str, then: Callable[[object], None]) -> None:
        """Run JavaScript in the page; `then` gets the result (text, number, bool or None)."""
        self._page.runJavaScript(code, then)

    def leave_full_screen(self) -> None:
        """Let the page have its place in the window again; it is told."""
        self._page.triggerAction(QWebEnginePage.WebAction.ExitFullScreen)

    def close_page(self) -> None:
        """Leave the call and free the page, and after it the profile that it lives in."""
        self._page.destroyed.connect(self._profile.deleteLater)
        self._view.setPage(None)  # type: ignore[arg-type]
        self._page.deleteLater()

    def _on_full_screen(self, request: QWebEngineFullScreenRequest) -> None:
        if origin_of(request.origin()) != origin_of(self._url):
            request.reject()
            return
        request.accept()
        self.filled.emit(request.toggleOn())

    def _on_download(self, download: QWebEngineDownloadRequest) -> None:
        """Put a file of the chat among the downloads, as browsers do."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        download.setDownloadDirectory(folder)
        download.isFinishedChanged.connect(lambda: self._tell_saved(download))
        download.accept()

    def _tell_saved(self, download: QWebEngineDownloadRequest) -> None:
        if download.state() == QWebEngineDownloadRequest.DownloadState.DownloadCompleted:
            self.saved.emit(str(Path(download.downloadDirectory()) / download.downloadFileName()))

    def _on_terminated(
        self, status: QWebEnginePage.RenderProcessTerminationStatus, code: int
    ) -> None:
        _log.error("the call page's process ended: %s, code %d", status.name, code)
        self.filled.emit(False)
        self.crashed.emit()
        self._view.setUrl(self._url)
