"""The minutes as a panel of the console."""

from __future__ import annotations

from projectdesk.desktop.call.panel import Panel, Surroundings
from projectdesk.desktop.language import say
from projectdesk.desktop.widgets.layout import column


class MinutesPanel(Panel):
    """Notes, decisions and actions of the running item."""

    key = "minutes"
    icon = "file-text"

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self.setLayout(column(around.minutes, spacing=0))

    @property
    def title(self) -> str:
        """What the tab is called."""
        return say("Minutes")
