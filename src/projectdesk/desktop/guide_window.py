"""The user guide in a window of its own, read from the disk.

A window of ours and not the browser: parts of a page are lost when a system hands a local address
to its browser (Windows), and browsers that are shut in may not read where programs lie (snaps).
Where QtWebEngine cannot start, the browser has to do (adr 100).
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QMainWindow, QWidget

from projectdesk.desktop.guide_pages import address_of, is_outside
from projectdesk.desktop.language import say
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.layout import column, frame, hairline, icon_button, plain, row

_SIZE = (1040, 780)
_SMALLEST = (480, 360)


class _OnlyGuide(QWebEnginePage):
    """Shows files of the guide; what else is followed opens in the browser."""

    def __init__(self, profile: QWebEngineProfile, folder: Path, parent: QWidget) -> None:
        super().__init__(profile, parent)
        self._folder = folder

    def acceptNavigationRequest(
        self, url: QUrl | str, _type: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        address = QUrl(url)
        if not is_outside(address, self._folder):
            return True
        if is_main_frame and address.scheme() in {"http", "https", "mailto"}:
            QDesktopServices.openUrl(address)
        return False


class GuideWindow(QMainWindow):
    """One window with the guide; it stays beside the work."""

    def __init__(self, folder: Path) -> None:
        """Make the window.

        Args:
            folder: of the built guide; nothing else is shown.
        """
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(say("User guide"))
        self.resize(*_SIZE)
        self.setMinimumSize(*_SMALLEST)
        self._start = QUrl()
        self._profile = QWebEngineProfile()  # off the record: nothing is kept of what is read
        self.view = QWebEngineView(self)
        self.page = _OnlyGuide(self._profile, folder, self.view)
        self.view.setPage(self.page)
        back = icon_button("arrow-left", say("Back"), self.view.back)
        forward = icon_button("arrow-right", say("Forward"), self.view.forward)
        contents = icon_button("list", say("Contents"), lambda: self.view.setUrl(self._start))
        browser = icon_button("external-link", say("Open in the browser"), self.open_outside)
        bar = frame(
            "bar",
            row(
                *(back, forward, contents, None, browser),
                spacing=SPACE_XS,
                margins=(SPACE_M, SPACE_S, SPACE_M, SPACE_S),
            ),
        )
        layout = column(bar, hairline(), self.view, spacing=0)
        layout.setStretch(2, 1)
        self.setCentralWidget(plain(layout))
        for keys, run in (
            ("Alt+Left", self.view.back),
            ("Alt+Right", self.view.forward),
            ("Ctrl+W", self.close),
        ):
            QShortcut(QKeySequence(keys), self, run)

    def show_part(self, file: Path, part: str) -> None:
        """Show a page, at one of its parts ("" = its beginning)."""
        url = address_of(file, part)
        self._start = address_of(file.with_name("index.html"))
        self.view.setUrl(url)
        self.view.setFocus()

    def open_outside(self) -> None:
        """Open what is shown in the browser: to print it, or to make it larger."""
        QDesktopServices.openUrl(self.view.url())

    def closeEvent(self, event: QCloseEvent) -> None:
        self.page.destroyed.connect(self._profile.deleteLater)
        self.view.setPage(None)  # type: ignore[arg-type]
        self.page.deleteLater()
        super().closeEvent(event)
