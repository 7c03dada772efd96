"""An agenda before it is made, as a list that cannot be changed."""

from __future__ import annotations

from PySide6.QtCore import Qt

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.agenda_lines import AgendaLine, lines_of
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.models.words import tone, word
from projectdesk.desktop.widgets.clock_width import with_clock
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.agenda_rows import AgendaPlan


class AgendaPreview(DataTable[AgendaLine]):
    """The lines of an agenda that is not there yet; headings reach across."""

    def __init__(self, nothing: str) -> None:
        self._zone = "UTC"
        super().__init__(
            self._columns(),
            lambda line: line.id,
            EmptyState("list-todo", say("Nothing to show yet"), nothing),
            sortable=False,
        )
        self.setAccessibleName(say("What it makes"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_plan(self, plan: AgendaPlan) -> None:
        """Show an agenda."""
        self._zone = plan.zone
        self.show_rows(lines_of(plan))
        self.clearSpans()
        for number, line in enumerate(self.shown()):
            if line.item is None:
                self.setSpan(number, 0, 1, self.model().columnCount())

    def _columns(self) -> list[Column[AgendaLine]]:
        return [
            Column(
                "",
                lambda r: r.words if r.item is None else r.item.label,
                width=44,
                bold=lambda r: r.item is None,
                alarm=lambda r: r.alarm,
                about=say("Number"),
            ),
            Column(say("Time"), self._starts, width=with_clock(74), muted=True),
            Column(
                say("Item"),
                lambda r: "" if r.item is None else _title(r),
                stretch=3,
                strong=True,
                tip=lambda r: "" if r.item is None else r.item.description or r.item.title,
            ),
            Column(
                say("Kind"),
                lambda r: "" if r.item is None else word(r.item.kind),
                width=112,
                tone=lambda r: None if r.item is None else tone(r.item.kind),
                optional=True,
            ),
            Column(
                say("Presenter|agenda"),
                lambda r: "" if r.item is None else r.item.presenter or r.item.presenter_text,
                stretch=1,
                optional=True,
            ),
            Column(
                say("Planned"),
                lambda r: "" if r.item is None else formats.minutes(r.item.duration_minutes),
                width=84,
                right=True,
            ),
        ]

    def _starts(self, line: AgendaLine) -> str:
        if line.item is None or line.item.starts_at is None:
            return ""
        return formats.clock(to_local(line.item.starts_at, self._zone))


def _title(line: AgendaLine) -> str:
    item = line.item
    if item is None:
        return ""
    return f"{item.track}: {item.title}" if item.track else item.title
