"""What the desktop has to do with the network around it: its proxies, and newer versions.

May import: runtime, shell, pages, proxies, updates.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject

from projectdesk.desktop.runtime.network import Network
from projectdesk.desktop.runtime.session import WorkspaceSession
from projectdesk.desktop.runtime.updates import UpdateWatch
from projectdesk.proxies import Route

if TYPE_CHECKING:
    from projectdesk.desktop.pages.network import ProxyLoginDialog
    from projectdesk.desktop.shell.shell import Shell
    from projectdesk.desktop.shell.update_bar import UpdateBar, UpdateDialog
    from projectdesk.updates.checking import Update


class Outside(QObject):
    """Asks for a proxy's login once, and tells quietly of a newer version."""

    def __init__(
        self,
        shell: Shell,
        session: WorkspaceSession,
        data: Path,
        now: Callable[[], datetime],
        parent: QObject,
    ) -> None:
        """Make it; `start` begins looking.

        Args:
            shell: the window.
            session: the open data.
            data: the data folder.
            now: the clock.
            parent: owner.
        """
        super().__init__(parent)
        self._shell = shell
        self._session = session
        self.network = Network(data, session, self)
        self.network.login_wanted.connect(self.ask_login)
        self.updates = UpdateWatch(session, data, now, self)
        self.updates.found.connect(self.tell)
        self.bar: UpdateBar | None = None
        self._update: Update | None = None

    def start(self) -> None:
        """Begin."""
        self.updates.start()

    def stop(self) -> None:
        """End."""
        self.updates.stop()
        self.network.stop()

    def ask_login(self, route: Route) -> ProxyLoginDialog:
        """Ask for the login of a proxy that wants one; what waits for it is tried again then."""
        from projectdesk.desktop.pages.network import ProxyLoginDialog

        dialog = ProxyLoginDialog(self._shell, self._session, route)
        dialog.kept.connect(self.network.renew)
        dialog.open()
        return dialog

    def tell(self, update: Update | None) -> None:
        """Tell of a newer version by a line below the top bar; None = take it away."""
        self._update = update
        if self.bar is None:
            if update is None:
                return
            from projectdesk.desktop.shell.update_bar import UpdateBar

            self.bar = UpdateBar()
            self.bar.asked.connect(self.show_news)
            self.bar.later.connect(self.updates.later)
            self._shell.show_bar(self.bar)
        self.bar.show_update(update)

    def show_news(self) -> UpdateDialog | None:
        """Show what is new in the version that was told of."""
        from projectdesk.desktop.shell.update_bar import UpdateDialog

        update = self._update
        if update is None:
            return None
        language = QLocale().name().replace("_", "-")
        version = update.feed.version
        dialog = UpdateDialog(
            self._shell,
            update,
            language,
            self.updates.later,
            lambda: self.updates.skip(version),
        )
        dialog.open()
        return dialog
