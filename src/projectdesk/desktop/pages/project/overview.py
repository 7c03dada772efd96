"""The facts of a project, each editable in its place."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Entry, Field
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_XL, SPACE_XS
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.layout import column, frame, plain, row, scrolled, text
from projectdesk.domain.rules.project_months import LAST_MONTH
from projectdesk.services.rows import ProjectRow

_CARD_MARGINS = (SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL)


class Fact(QFrame):
    """A number and what it counts."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._number: QLabel = text("–", "number")
        self.setLayout(
            column(
                self._number,
                text(label, "caption"),
                spacing=SPACE_XS,
                margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_M),
            )
        )

    def show_number(self, words: str) -> None:
        """Show the number."""
        self._number.setText(words or "–")


class OverviewPane(QWidget):
    """What the project is."""

    entered = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._facts = {
            "partners": Fact(say("Partners")),
            "countries": Fact(say("Countries")),
            "months": Fact(say("Duration in months")),
            "contribution": Fact(say("EU contribution")),
        }
        self._what = Form(
            [
                [
                    Field[ProjectRow]("acronym", say("Acronym"), lambda r: r.acronym),
                    Field("grant_number", say("Grant agreement"), lambda r: r.grant_number),
                ],
                Field("title", say("Title"), lambda r: r.title),
                [
                    Field("programme", say("Programme"), lambda r: r.programme),
                    Field("call", say("Call"), lambda r: r.call),
                ],
                [
                    Field("funding_scheme", say("Funding scheme"), lambda r: r.funding_scheme),
                    Field("status", say("Status"), lambda r: r.status),
                ],
                Field("website", say("Web site"), lambda r: r.website),
                Field("objective", say("Objective"), lambda r: r.objective, Entry.LONG_TEXT),
            ]
        )
        self._when = Form(
            [
                Field("start_date", say("Starts on (M1)"), lambda r: r.start_date, Entry.DATE),
                Field(
                    "duration_months",
                    say("Duration in months"),
                    lambda r: r.duration_months,
                    Entry.NUMBER,
                    minimum=1,
                    maximum=LAST_MONTH,
                ),
                Field("end_date", say("Ends on"), lambda r: r.end_date, Entry.DATE),
            ]
        )
        self._money = Form(
            [
                Field("total_cost", say("Total cost, €"), lambda r: r.total_cost, Entry.MONEY),
                Field(
                    "eu_contribution",
                    say("EU contribution, €"),
                    lambda r: r.eu_contribution,
                    Entry.MONEY,
                ),
            ]
        )
        self._forms = (self._what, self._when, self._money)
        for form in self._forms:
            form.entered.connect(self.entered)
        self._source = text("", "caption", wrap=True)
        self.setLayout(column(scrolled(self._content())))

    def seen(self, field: str) -> ProjectRow | None:
        """Return the project as it was when the person began to change a field."""
        found: ProjectRow | None = next(
            (form.seen(field) for form in self._forms if field in form.rows), None
        )
        return found

    def _content(self) -> QWidget:
        facts = row(*self._facts.values(), spacing=SPACE_M)
        left = frame(
            "card",
            column(text(say("Project"), "heading"), self._what, None, margins=_CARD_MARGINS),
        )
        right = column(
            frame("card", column(text(say("Dates"), "heading"), self._when, margins=_CARD_MARGINS)),
            frame(
                "card", column(text(say("Money"), "heading"), self._money, margins=_CARD_MARGINS)
            ),
            self._source,
            None,
            spacing=SPACE_L,
        )
        halves = row(left, plain(right), spacing=SPACE_L)
        halves.setStretch(0, 5)
        halves.setStretch(1, 2)
        return plain(
            column(
                facts,
                halves,
                None,
                spacing=SPACE_L,
                margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
            )
        )

    def show_project(self, shown: ProjectRow) -> None:
        """Show the facts."""
        self._facts["partners"].show_number(str(shown.partners))
        self._facts["countries"].show_number(str(shown.countries))
        self._facts["months"].show_number(str(shown.duration_months or ""))
        self._facts["contribution"].show_number(formats.money(shown.eu_contribution))
        for form in self._forms:
            form.show_row(shown)
        self._source.setText(
            say("Imported from CORDIS; importing again updates it.")
            if shown.source == "cordis"
            else ""
        )

    def show_problem(self, field: str, words: str) -> None:
        """Say what is wrong beside a field."""
        for form in self._forms:
            form.show_problem(field, words)
