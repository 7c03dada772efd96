"""The import of a calendar file: what it becomes, what it would change, and what is odd in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import ordering
from projectdesk.desktop.models.fields import Option
from projectdesk.desktop.pages.import_dialog import ImportDialog, choose_files
from projectdesk.desktop.presenters.calendar_import import (
    CalendarChoices,
    CalendarRun,
    TakenAs,
    ask_choices,
)
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_M
from projectdesk.desktop.widgets.choice_editors import ChoiceEditor
from projectdesk.desktop.widgets.header import Segments
from projectdesk.desktop.widgets.layout import plain, row, show_if, text
from projectdesk.services.rows import ImportReport


class CalendarImportDialog(ImportDialog):
    """The import of a calendar file, with the choice of what it becomes and for whom."""

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        run: CalendarRun,
        choices: CalendarChoices,
        done: Callable[[ImportReport], None],
    ) -> None:
        """Read the file at once and show the preview.

        Args:
            parent: the window it belongs to.
            session: the outside.
            run: the import, with what is chosen at first.
            choices: the projects and people to choose from.
            done: called when it is imported.
        """
        self._calendar = run
        super().__init__(
            parent, session, say("Import {file}", file=run.file.name), run, done
        )  # fmt: skip
        self.which = Segments(
            [(TakenAs.MEETINGS, say("Meetings")), (TakenAs.BUSY, say("Busy times"))]
        )
        self.which.choose(run.taken_as)
        self.which.chosen.connect(self._choose_kind)
        self.project = ChoiceEditor(
            lambda: [Option(one.id, one.acronym) for one in choices.projects]
        )
        self.project.setAccessibleName(say("Project"))
        self.project.set_value(run.project)
        self.project.committed.connect(self._choose)
        people = ordering.people(choices.people)
        self.person = ChoiceEditor(
            lambda: [Option(one.id, one.name or one.email) for one in people]
        )
        self.person.setAccessibleName(say("Person"))
        self.person.set_value(run.person)
        self.person.committed.connect(self._choose)
        self._for_project = plain(row(text(say("of project"), "muted"), self.project))
        self._for_person = plain(row(text(say("of"), "muted"), self.person))
        line = row(self.which, self._for_project, self._for_person, None, spacing=SPACE_M)
        self.body.insertLayout(0, line)
        self._show_kind()

    def _show_kind(self) -> None:
        busy = self._calendar.taken_as is TakenAs.BUSY
        show_if(self._for_person, busy)
        show_if(self._for_project, not busy)

    def _choose_kind(self, kind: object) -> None:
        self._calendar.taken_as = TakenAs(str(kind))
        self._show_kind()
        self.presenter.preview()

    def _choose(self) -> None:
        self._calendar.project = self.project.value()
        self._calendar.person = self.person.value()
        self.presenter.preview()


def import_calendar_file(
    parent: QWidget,
    session: Session,
    file: Path,
    project: UUID | None,
    *,
    person: UUID | None = None,
    done: Callable[[ImportReport], None] = lambda _: None,
) -> None:
    """Show what the import of a calendar file would do.

    Args:
        parent: the window it belongs to.
        session: the outside.
        file: .ics, .eml or .zip.
        project: whose meetings they become at first; None = of the first project.
        person: given = it is this person's calendar, and its events are busy times.
        done: called when it is imported.
    """

    def show(choices: CalendarChoices) -> None:
        first = project or (choices.projects[0].id if choices.projects else None)
        own = choices.me.id if choices.me else None
        taken_as = TakenAs.MEETINGS if person is None and first else TakenAs.BUSY
        run = CalendarRun(file, first, person or own, taken_as)
        CalendarImportDialog(parent, session, run, choices, done).open()

    ask_choices(session, show)


def choose_calendar_file(
    parent: QWidget,
    session: Session,
    project: UUID | None,
    *,
    person: UUID | None = None,
    done: Callable[[ImportReport], None] = lambda _: None,
) -> None:
    """Ask for a calendar file, then show what its import would do."""

    def show(files: list[Path]) -> None:
        import_calendar_file(parent, session, files[0], project, person=person, done=done)

    kinds = say("Calendar or invitation (*.ics *.eml *.ical *.ifb *.vcs *.dat *.zip)")
    title = say("Import an invitation or a calendar")
    choose_files(parent, title, kinds + ";;" + say("All files (*)"), show, many=False)
