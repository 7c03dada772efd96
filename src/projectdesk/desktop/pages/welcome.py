"""First start: who one is, then three ways in."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QStackedWidget, QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models.fields import Entry, Field
from projectdesk.desktop.pages.page import Page
from projectdesk.desktop.pages.projects import ask_project
from projectdesk.desktop.presenters.reader import Reader, system_zone
from projectdesk.desktop.presenters.settings import open_sample, save_me
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import (
    SPACE_L,
    SPACE_M,
    SPACE_S,
    SPACE_XL,
    SPACE_XS,
    SPACE_XXL,
)
from projectdesk.desktop.widgets.badges import Icon
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.layout import button, column, frame, row, show_if, text
from projectdesk.desktop.widgets.progress import ProgressPanel
from projectdesk.errors import ProjectDeskError

_WIDTH = 520
_WAY_HEIGHT = 84
_NEEDED = ("family_name", "email")


class Way(QPushButton):
    """A way in: icon, title, what happens."""

    def __init__(self, icon: str, title: str, sentence: str) -> None:
        super().__init__()
        self.setProperty("role", "choice")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        name = text(title, "strong")
        under = text(sentence, "caption", wrap=True)
        mark = Icon(icon, Tone.ACCENT, 24)
        layout = row(
            mark,
            column(name, under, spacing=SPACE_XS),
            Icon("chevron-right", Tone.MUTED, 18),
            spacing=SPACE_L,
            margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_M),
        )
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.setFixedHeight(_WAY_HEIGHT)
        for inner in self.findChildren(QWidget):
            inner.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class WelcomePage(Page):
    """Asks who one is, then offers the sample project, an import, or a new project."""

    import_asked = Signal()
    file_asked = Signal()

    def __init__(self, session: Session, reader: Reader) -> None:
        super().__init__()
        self._session = session
        self._reader = reader
        self.me = Form(
            [
                [
                    Field("given_name", say("Given name"), lambda _: ""),
                    Field("family_name", say("Family name"), lambda _: ""),
                ],
                Field("email", say("E-mail"), lambda _: ""),
                Field("zone", say("Time zone"), lambda _: system_zone(), Entry.ZONE),
            ]
        )
        self.me.show_row(None)
        self.next = button(say("Continue"), "primary", "", self.save)
        self.sample = Way(
            "sparkles",
            say("Open the sample project"),
            say("An invented consortium with a full work plan and meetings, to look around."),
        )
        self.cordis = Way(
            "file-down",
            say("Import from CORDIS"),
            say("A real project with its partners, from the XML or CSV that CORDIS offers."),
        )
        self.file = Way(
            "file-up",
            say("Open a project file"),
            say("A project that a colleague sent you, with its meetings and documents."),
        )
        self.new = Way(
            "plus", say("Start a new project"), say("Acronym and start date; the rest later.")
        )
        self._busy = ProgressPanel(cancellable=False)
        self._busy.hide()
        self._problem = text("", "error", wrap=True)
        self._problem.hide()
        self._steps = QStackedWidget()
        self._steps.addWidget(self._first_step())
        self._steps.addWidget(self._second_step())
        box = row(None, self._steps, None)
        self.setLayout(column(None, box, None, margins=(SPACE_XXL, SPACE_XL, SPACE_XXL, SPACE_XL)))
        self.sample.clicked.connect(self._open_sample)
        self.cordis.clicked.connect(self.import_asked)
        self.file.clicked.connect(self.file_asked)
        self.new.clicked.connect(
            lambda: ask_project(self, session, lambda p: self.go.emit(Route(Place.PROJECT, p)))
        )
        reader.on_loaded(self._on_reader)

    @property
    def step(self) -> int:
        """0 = who one is, 1 = the ways in."""
        return self._steps.currentIndex()

    def _first_step(self) -> QFrame:
        inner = column(
            text(say("Welcome to ProjectDesk"), "display"),
            text(
                say(
                    "Plan, hold and minute the meetings of your research projects. First: who are "
                    "you? Partners see your name in invitations and minutes."
                ),
                "muted",
                wrap=True,
            ),
            SPACE_S,
            self.me,
            SPACE_S,
            row(None, self.next),
            spacing=SPACE_L,
            margins=(SPACE_XXL, SPACE_XXL, SPACE_XXL, SPACE_XL),
        )
        card = frame("card", inner)
        card.setFixedWidth(_WIDTH)
        return card

    def _second_step(self) -> QFrame:
        inner = column(
            text(say("How do you want to begin?"), "display"),
            text(say("You can do the others later, under Projects."), "muted"),
            SPACE_XS,
            self.sample,
            self.cordis,
            self.file,
            self.new,
            self._busy,
            self._problem,
            None,
            spacing=SPACE_M,
            margins=(SPACE_XXL, SPACE_XXL, SPACE_XXL, SPACE_XL),
        )
        card = frame("card", inner)
        card.setFixedWidth(_WIDTH)
        return card

    def show_ways(self) -> None:
        """Show the ways in."""
        self._steps.setCurrentIndex(1)

    def save(self) -> None:
        """Keep who one is and go on."""
        values = self.me.values()
        if values is None:
            return
        for name in _NEEDED:
            if not values[name]:
                self.me.show_problem(name, say("This is needed."))
                self.me.rows[name].editor.setFocus()
                return
        self.next.setEnabled(False)
        save_me(self._session, values, self._saved, self._refuse)

    def _saved(self) -> None:
        self.next.setEnabled(True)
        self.show_ways()

    def _refuse(self, error: ProjectDeskError) -> None:
        self.next.setEnabled(True)
        field = error.facts.get("field")
        if not (isinstance(field, str) and self.me.show_problem(field, say_error(error))):
            self.me.show_problem("email", say_error(error))

    def _on_reader(self) -> None:
        if self._reader.me is not None:
            self.show_ways()

    def _open_sample(self) -> None:
        self._busy.start(say("Opening the sample project…"))
        self._set_busy(True)
        open_sample(self._session, self._opened, self._failed)

    def _opened(self, project: object) -> None:
        self._set_busy(False)
        self.go.emit(Route(Place.HOME))

    def _failed(self, error: ProjectDeskError) -> None:
        self._set_busy(False)
        self._problem.setText(say_error(error))
        show_if(self._problem, True)

    def _set_busy(self, busy: bool) -> None:
        show_if(self._busy, busy)
        for way in (self.sample, self.cordis, self.file, self.new):
            way.setEnabled(not busy)
