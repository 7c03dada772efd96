"""The question that a slot finder answers: for whom, when, how long, by which clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.presenters.find_time import Askable
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.layout import column
from projectdesk.domain.rules.slots import LONGEST
from projectdesk.errors import ProjectDeskError

EVERYBODY, THESE = "everybody", "these"
_AHEAD: Final = timedelta(days=7)
_PERIOD: Final = timedelta(days=13)
_USUAL_MINUTES: Final = 60


@dataclass(frozen=True)
class Question:
    """What the bar says. who: `EVERYBODY`, `THESE` or the id of a body. last: the last day."""

    project: UUID
    who: object
    first: date
    last: date
    minutes: int
    zone: str


class QuestionBar(QWidget):
    """One line of fields; each change asks anew."""

    changed = Signal()

    def __init__(self, today: date, zone: str) -> None:
        super().__init__()
        self._askable: Askable | None = None
        self._these = False
        first = today + _AHEAD
        first -= timedelta(days=first.weekday())
        self._values: dict[str, Any] = {
            "project": None,
            "who": EVERYBODY,
            "first": max(first, today),
            "last": max(first, today) + _PERIOD - timedelta(days=2),
            "minutes": _USUAL_MINUTES,
            "zone": zone,
        }
        self.form = Form([self._fields()])
        self.form.entered.connect(self._on_entered)
        self.setLayout(column(self.form))
        self._show()

    def _fields(self) -> list[Field[Any]]:
        def field(name: str, label: str, entry: Entry, **more: Any) -> Field[Any]:
            return Field(name, label, lambda values: values[name], entry, **more)

        return [
            field("project", say("Project"), Entry.CHOICE, options=self._projects),
            field("who", say("For"), Entry.CHOICE, options=self._who),
            field("first", say("From"), Entry.DATE),
            field("last", say("Until"), Entry.DATE),
            field("minutes", say("Length in minutes"), Entry.NUMBER, minimum=1, maximum=LONGEST),
            field("zone", say("Times of"), Entry.ZONE),
        ]

    @property
    def project(self) -> UUID | None:
        """The project that is asked for."""
        found = self._values["project"]
        return found if isinstance(found, UUID) else None

    def value(self) -> Question | None:
        """Return the question, None while part of it is missing."""
        values = self._values
        if any(values[name] in (None, "") for name in values):
            return None
        return Question(**values)

    def set_who(self, who: object, *, offered: bool = False) -> None:
        """Choose for whom; `offered`: people that were chosen one by one can be chosen again."""
        self._these = offered
        self._values["who"] = who
        self._show()

    def show_askable(self, askable: Askable, project: UUID, zone: str, *, fresh: bool) -> None:
        """Show what can be asked for.

        Args:
            askable: projects, bodies, and the meeting that is moved.
            project: the chosen one.
            zone: the reader's.
            fresh: take length and zone from the meeting.
        """
        self._askable = askable
        self._values["project"] = project
        bodies = {body.id for body in askable.bodies}
        if isinstance(self._values["who"], UUID) and self._values["who"] not in bodies:
            self._values["who"] = EVERYBODY
        if fresh:
            self._values["zone"] = zone
            if askable.meeting is not None:
                self._values["minutes"] = askable.meeting.duration_minutes
        self.form.rows["project"].editor.setEnabled(askable.meeting is None)
        self._show()
        self.form.rows["project"].editor.setEnabled(askable.meeting is None)

    def show_problem(self, error: ProjectDeskError | None) -> bool:
        """Say what is wrong beside the field that it is about; False when there is none."""
        for each in self.form.rows.values():
            each.show_problem("")
        if error is None:
            return True
        names = {"to": "last", "people": "who"}
        field = str(error.facts.get("field") or "")
        return self.form.show_problem(names.get(field, field), say_error(error))

    def _on_entered(self, name: str, value: object) -> None:
        if self._values[name] == value:
            return
        self._values[name] = value
        last = self._values["last"]
        if name == "first" and isinstance(value, date) and isinstance(last, date) and last < value:
            self._values["last"] = value + _PERIOD
            self._show()
        self.changed.emit()

    def _show(self) -> None:
        self.form.show_row(dict(self._values))

    def _projects(self) -> list[Option]:
        rows = self._askable.projects if self._askable else ()
        return [Option(each.id, each.acronym) for each in rows]

    def _who(self) -> list[Option]:
        found = [Option(EVERYBODY, say("All partners’ people"))]
        if self._askable is not None:
            found += [Option(body.id, body.name) for body in self._askable.bodies]
        if self._these:
            found.append(Option(THESE, say("People chosen by hand")))
        return found
