"""The cards of "After the call": decided, to do, not treated, questions, and how time went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.decision_words import how_words
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.models.words import tone, word
from projectdesk.desktop.pages.action_fields import due_field, is_late, owner_fields, status_field
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.theme.tokens import ROW_HEIGHT, SPACE_L, SPACE_M, SPACE_S, Tone
from projectdesk.desktop.widgets.badges import Chip, Elided, Icon
from projectdesk.desktop.widgets.bar_list import Bar
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import button, column, plain, row, show_if, text
from projectdesk.domain.meetings import LeftOut
from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.rules.after_call import Check, Finding
from projectdesk.services.action_rows import ActionRow
from projectdesk.services.after_rows import (
    ItemTime,
    JoinOffer,
    LineProblem,
    SpokenRow,
)
from projectdesk.services.decision_rows import RegisterRow
from projectdesk.services.unfinished_rows import BACKLOG, LeftOver

_HEADER: Final = 38


class Card(QFrame):
    """A heading with its count, and what stands under it."""

    def __init__(self, icon: str, title: str, *pieces: QWidget) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._count = text("", "muted")
        self.aside = row(spacing=SPACE_S)
        head = row(
            Icon(icon, Tone.MUTED, 18),
            text(title, "heading"),
            self._count,
            None,
            self.aside,
            spacing=SPACE_S,
        )
        self.setLayout(
            column(
                head, *pieces, None, spacing=SPACE_M, margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_L)
            )
        )

    def count(self, words: str) -> None:
        """Say how much there is."""
        self._count.setText(words)


class TableCard(Card):
    """A card with a table as high as its rows; a sentence where there are none."""

    def __init__(
        self, icon: str, title: str, nothing: str, columns: Sequence[Column[Any]], name: str
    ) -> None:
        self.table: DataTable[Any] = DataTable(
            columns, lambda r: r.id, EmptyState(icon, title, nothing), name=name
        )
        self.table.setAccessibleName(title)
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing = text(nothing, "muted", wrap=True)
        super().__init__(icon, title, self._nothing, self.table)

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show all rows."""
        self.count(str(len(rows)) if rows else "")
        show_if(self._nothing, not rows)
        show_if(self.table, bool(rows))
        self.table.show_rows(rows)
        self.table.setFixedHeight(_HEADER + max(len(rows), 1) * ROW_HEIGHT)


def decisions() -> TableCard:
    """Return what was decided."""
    return TableCard(
        "gavel",
        say("Decided|decisions"),
        say("Nothing was decided."),
        [
            Column(say("No."), lambda r: f"D{r.number}", width=64, muted=True),
            Column(say("Decision"), lambda r: r.text, stretch=3, strong=True, tip=lambda r: r.text),
            Column(say("Result"), _result, stretch=2, tip=_result),
            Column(say("Item"), lambda r: r.item, stretch=1, muted=True, optional=True),
        ],
        "after-decisions",
    )


def _result(shown: RegisterRow) -> str:
    return how_words(shown) or (say("without a vote") if not shown.vote_id else shown.vote)


def actions(choices: Choices, today: Callable[[], date]) -> TableCard:
    """Return who does what by when, changed in place."""
    person, partner = owner_fields(choices)

    def missing(shown: ActionRow) -> bool:
        return shown.status is ActionStatus.OPEN

    return TableCard(
        "list-checks",
        say("To do"),
        say("Nobody has to do anything."),
        [
            Column(say("No."), lambda r: r.label, width=64, muted=True),
            Column(say("What"), lambda r: r.text, stretch=3, strong=True, tip=lambda r: r.text),
            Column(
                say("Who"),
                lambda r: r.person or (say("Nobody yet") if not r.owner else "–"),
                width=176,
                field=person,
                alarm=lambda r: missing(r) and not r.owner,
            ),
            Column(say("For partner"), lambda r: r.partner or "–", width=128, field=partner),
            Column(
                say("Due"),
                lambda r: formats.day(r.due_on) if r.due_on else say("No date"),
                sort=lambda r: r.due_on or date.max,
                width=124,
                field=due_field(),
                alarm=lambda r: (missing(r) and r.due_on is None) or is_late(r, today()),
            ),
            Column(
                say("Status"),
                lambda r: word(r.status),
                width=108,
                tone=lambda r: tone(r.status),
                field=status_field(),
                optional=True,
            ),
        ],
        "after-actions",
    )


def questions() -> TableCard:
    """Return what nobody answered yet."""
    return TableCard(
        "circle-question-mark",
        say("Open questions"),
        say("No question is open."),
        [
            Column(say("No."), lambda r: f"Q{r.number}", width=64, muted=True),
            Column(say("Question"), lambda r: r.text, stretch=3, strong=True),
            Column(say("Asked by"), lambda r: r.asked_by or "–", width=184),
            Column(say("Item"), lambda r: r.item, stretch=1, muted=True, optional=True),
        ],
        "after-questions",
    )


# --- what is not treated, what is to be seen to ---------------------------------------------------


class Lines(QWidget):
    """Lines under one another, made anew each time: words and what can be done with each."""

    def __init__(self) -> None:
        super().__init__()
        self._box: QVBoxLayout = column(spacing=SPACE_S)
        self.setLayout(self._box)
        self.lines: list[QWidget] = []

    def show_lines(self, lines: Sequence[QWidget]) -> None:
        """Show other lines."""
        for line in self.lines:
            self._box.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = list(lines)
        for line in self.lines:
            self._box.addWidget(line)
        self.setVisible(bool(lines))


def left_over_line(
    shown: LeftOver,
    coming: str,
    to_backlog: Callable[[], object],
    to_next: Callable[[], object],
) -> QWidget:
    """Return one item that was not treated. coming: title of the next meeting, "" = none."""
    title = Elided(f"{shown.label}  {shown.title}".strip(), "strong")
    why = {
        LeftOut.POSTPONED: say("Postponed"),
        LeftOut.SKIPPED: say("Skipped"),
        LeftOut.NO: say("Not reached"),
    }[shown.why]
    chip = Chip(why, Tone.WARNING if not shown.waits else Tone.NEUTRAL)
    if shown.waits:
        where = say("In the backlog") if shown.waits == BACKLOG else shown.waits
        ends: list[QWidget] = [text(where, "muted")]
    else:
        backlog = button(say("To the backlog"), "", "inbox", to_backlog)
        backlog.setAccessibleName(say("{title}: to the backlog", title=shown.title))
        ends = [backlog]
        if coming:
            following = button(say("To the next agenda"), "", "skip-forward", to_next)
            following.setToolTip(coming)
            words = say("{title}: to {meeting}", title=shown.title, meeting=coming)
            following.setAccessibleName(words)
            ends.append(following)
    layout = row(title, chip, *ends, spacing=SPACE_M)
    layout.setStretch(0, 1)
    return plain(layout)


def problem_line(shown: LineProblem, words: str, show: Callable[[], object]) -> QWidget:
    """Return one typed line that nobody can read as it is."""
    what = Elided(shown.line, "strong")
    under = Elided(formats.joined((shown.item, words)), "caption")
    go = button(say("Show in the minutes"), "", "file-text", show)
    layout = row(column(what, under, spacing=2), go, spacing=SPACE_M)
    layout.setStretch(0, 1)
    return plain(layout)


def join_line(shown: JoinOffer, join: Callable[[], object]) -> QWidget:
    """Return a decision that may be the one that a vote carried."""
    what = Elided(f"{shown.decision}  {shown.text}", "strong")
    under = Elided(
        say("{vote} on the same item made {decision}: {question}", vote=shown.vote,
            decision=shown.own, question=shown.question),
        "caption",
    )  # fmt: skip
    go = button(say("They are one"), "", "link", join)
    go.setAccessibleName(
        say("{decision} and {vote} are one", decision=shown.decision, vote=shown.vote)
    )
    go.setToolTip(say("{decision} goes; it can be undone.", decision=shown.own))
    layout = row(column(what, under, spacing=2), go, spacing=SPACE_M)
    layout.setStretch(0, 1)
    return plain(layout)


def finding_words(finding: Finding) -> str:
    """Return what should be seen to."""
    about = ", ".join(finding.about)
    match finding.check:
        case Check.ATTENDANCE:
            return say("Nobody confirmed who was there.")
        case Check.DECISION_TEXT:
            return say("Without text: {labels}.", labels=about)
        case Check.UNDECIDED:
            return say("For decision, and no decision is written down: {titles}.", titles=about)
        case Check.ACTION_OWNER:
            return say("Nobody does it yet: {labels}.", labels=about)
        case Check.ACTION_DATE:
            return say("Without a date: {labels}.", labels=about)
        case Check.LEFT_OVER:
            return say_count(
                len(finding.about),
                "{count} item was not treated and waits nowhere.",
                "{count} items were not treated and wait nowhere.",
            )
        case Check.DRAFT_LATE:
            return say("The draft should be out already.")


# --- bars -----------------------------------------------------------------------------------------


def time_bar(shown: ItemTime) -> Bar:
    """Return planned against actual time of an item."""
    actual = round(shown.actual_minutes)
    over = actual - shown.planned_minutes
    figures = say("{actual} of {planned} min", actual=actual, planned=shown.planned_minutes)
    tip = ""
    if not shown.actual_minutes:
        figures = say("– of {planned} min", planned=shown.planned_minutes)
        tip = say("not treated")
    elif over > 0:
        tip = say("{minutes} min longer than planned", minutes=over)
    elif over < 0:
        tip = say("{minutes} min shorter than planned", minutes=-over)
    late = over > max(2, shown.planned_minutes // 5)
    return Bar(
        f"{shown.label}  {shown.title}".strip(),
        shown.actual_minutes,
        figures,
        float(shown.planned_minutes),
        Tone.DANGER if late and shown.actual_minutes else Tone.ACCENT,
        tip,
    )


def spoken_bar(shown: SpokenRow) -> Bar:
    """Return for how long a partner's people spoke."""
    people = ", ".join(f"{name} {_minutes(seconds)}" for name, seconds in shown.people)
    return Bar(
        shown.partner or say("External"),
        shown.seconds,
        formats.joined((_minutes(shown.seconds), formats.percent(shown.share))),
        tone=Tone.INFO,
        tip=people or say("nobody spoke"),
    )


def _minutes(seconds: float) -> str:
    return say("{count} min", count=max(round(seconds / 60), 1 if seconds else 0))
