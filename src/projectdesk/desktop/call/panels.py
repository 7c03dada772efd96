"""The panels of the console, in the order of their tabs; a new one is a line here."""

from __future__ import annotations

from collections.abc import Callable

from projectdesk.desktop.call.agenda_panel import AgendaPanel
from projectdesk.desktop.call.breakouts_panel import BreakoutsPanel
from projectdesk.desktop.call.chat_panel import ChatPanel
from projectdesk.desktop.call.languages_panel import LanguagesPanel
from projectdesk.desktop.call.minutes_panel import MinutesPanel
from projectdesk.desktop.call.panel import Panel, Surroundings
from projectdesk.desktop.call.people_panel import People
from projectdesk.desktop.call.polls_panel import PollsPanel
from projectdesk.desktop.call.recording_panel import RecordingPanel
from projectdesk.desktop.call.votes_panel import VotesPanel

PANELS: tuple[Callable[[Surroundings], Panel], ...] = (
    MinutesPanel,
    AgendaPanel,
    People,
    BreakoutsPanel,
    ChatPanel,
    VotesPanel,
    PollsPanel,
    LanguagesPanel,
    RecordingPanel,
)
"""Each makes its panel when the window opens."""
