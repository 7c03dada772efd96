"""The tab Reporting: divide, ask, enter, approve, send back, remind, freeze."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from projectdesk.desktop.models import person_months
from projectdesk.desktop.pages.dialogs import FormDialog
from projectdesk.desktop.pages.project import reporting_dialogs as dialogs
from projectdesk.desktop.pages.project.reporting import ReportingPane
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.domain.effort import StatementState
from projectdesk.errors import EnvironmentFailure
from projectdesk.services import commands, effort_desks, queries
from projectdesk.services.reporting_rows import EffortLink, StatementRow
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import InstantSession, Sample

TODAY = date(2027, 4, 1)


class Desks:
    """Stands for `EffortDesks`: the links are those of a host that has everything."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.published: list[UUID] = []
        self.error: EnvironmentFailure | None = None

    def publish(
        self,
        period: UUID,
        then: Callable[[tuple[EffortLink, ...]], None],
        failed: Callable[[Any], None],
    ) -> None:
        self.published.append(period)
        if self.error is not None:
            failed(self.error)
        else:
            then(tuple(effort_desks.effort_links(self.workspace, period, "https://x.example")))


@pytest.fixture
def desks(workspace: Workspace) -> Desks:
    return Desks(workspace)


@pytest.fixture
def pane(
    qtbot: QtBot, dressed: object, instant: InstantSession, sample: Sample, desks: Desks
) -> Iterator[ReportingPane]:
    effort = {
        "partner_id": sample.partners[1],
        "work_package_id": sample.work_package,
        "months": Decimal(36),
    }
    commands.create(instant.workspace, Kind.EFFORT, effort)
    choices = Choices(instant)  # type: ignore[arg-type]
    choices.open(sample.project)
    made = ReportingPane(instant, choices, desks, lambda: TODAY)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.open_project(sample.project)
    made.resize(1200, 800)
    made.show()
    yield made
    made.close_presenters()
    choices.close()


@pytest.fixture
def divided(pane: ReportingPane) -> ReportingPane:
    dialog = pane.ask_division()
    assert isinstance(dialog, FormDialog)
    fill(dialog, count=2)
    dialog.submit()
    return pane


def fill(dialog: FormDialog, **values: object) -> None:
    for name, value in values.items():
        dialog.form.rows[name].editor.set_value(value)


def statement(pane: ReportingPane, partner: str) -> StatementRow:
    return next(row for row in pane.statements.rows if row.partner == partner)


def choose(pane: ReportingPane, partner: str) -> None:
    pane.statements.select(statement(pane, partner).partner_id)


def ask(pane: ReportingPane, *partners: str) -> None:
    dialog = pane.ask_partners()
    assert isinstance(dialog, dialogs.AskDialog)
    for row in pane.statements.rows:
        box = dialog.boxes.get(row.partner_id)
        if box is not None:
            box.setChecked(row.partner in partners)
    dialog.submit()


def open_dialog(pane: ReportingPane, kind: type[Any]) -> Any:
    found = [each for each in pane.window().findChildren(kind) if each.isVisible()]
    return found[-1]


@pytest.mark.full
def test_a_project_without_periods_is_divided(pane: ReportingPane) -> None:
    assert pane.periods.rows == ()
    assert not pane.ask.isEnabled()
    dialog = pane.ask_division()
    assert isinstance(dialog, FormDialog)
    fill(dialog, count=99)
    dialog.submit()
    assert "36 months cannot be divided into 99 periods." in dialog.problem
    fill(dialog, count=2)
    dialog.submit()
    spans = [(row.label, row.start_month, row.end_month) for row in pane.periods.rows]
    assert spans == [("RP1", 1, 18), ("RP2", 19, 36)]
    assert [row.partner for row in pane.statements.rows] == ["DTU", "MIT"]
    assert statement(pane, "MIT").planned == 18
    assert pane.findings.words == ""


def test_months_of_several_periods_are_pasted_as_one_change(
    divided: ReportingPane, instant: InstantSession
) -> None:
    table = divided.periods
    numbers = {column.title: n for n, column in enumerate(table.columns)}
    for words, expected in (
        ("M1\tM24\nM25\tM36", [(1, 24), (25, 36)]),
        ("M1\tM6\nM7\tM36", [(1, 6), (7, 36)]),
    ):
        table.select_cells((0, numbers["From"]), (0, numbers["From"]))
        QGuiApplication.clipboard().setText(words)
        table.cells.paste()
        assert [(row.start_month, row.end_month) for row in table.rows] == expected
    assert commands.undo_label(instant.workspace) == "Paste 2 cells"
    commands.undo(instant.workspace)
    assert [(row.start_month, row.end_month) for row in table.rows] == [(1, 24), (25, 36)]


@pytest.mark.full
def test_periods_that_would_overlap_are_refused_at_the_cell_and_none_is_changed(
    divided: ReportingPane,
) -> None:
    table = divided.periods
    start = next(n for n, column in enumerate(table.columns) if column.title == "From")
    table.select_cells((0, start), (0, start))
    QGuiApplication.clipboard().setText("M1\tM24\nM20\tM36")
    table.cells.paste()
    assert [(row.start_month, row.end_month) for row in table.rows] == [(1, 18), (19, 36)]
    assert "These months are in RP" in table.refusal.bubble.accessibleName()


def test_a_gap_is_said_and_an_overlap_refused(
    divided: ReportingPane, instant: InstantSession
) -> None:
    first = divided.periods.rows[0]
    field = next(
        c.field for c in divided.periods.columns if c.field and c.field.name == "end_month"
    )
    divided.periods.edited.emit(first, field, 12)
    assert divided.findings.words == "M13 – M18 are in no period."
    divided.periods.edited.emit(divided.periods.rows[0], field, 20)
    assert instant.notices[-1].text == "These months are in RP2 already."
    assert divided.periods.rows[0].end_month == 12


def test_who_is_asked_gets_a_link_to_be_sent(
    divided: ReportingPane, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(divided, "MIT")
    row = statement(divided, "MIT")
    assert (row.state, row.deadline) == (StatementState.ASKED, TODAY + timedelta(days=21))
    assert desks.published == [divided.presenter.period]
    assert statement(divided, "DTU").state is StatementState.OPEN
    dialog = open_dialog(divided, dialogs.LinksDialog)
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toEncoded()))
    mail, copy = (
        next(each for each in dialog.findChildren(QPushButton) if each.text() == words)
        for words in ("E-mail", "Copy text")
    )
    mail.click()
    address = unquote(bytes(opened[0]).decode())
    assert address.startswith("mailto:bo@mit.example?subject=AURORA: person-months of MIT in RP1")
    assert f"https://x.example/d/{row.desk}#" in address
    copy.click()
    text = QGuiApplication.clipboard().text()
    assert "Dear Bo OfMIT," in text
    assert "until 22 Apr 2027" in text
    assert statement(divided, "MIT").reminded_at is None, "this was the first message"


def test_a_host_that_is_silent_is_said_and_nothing_is_lost(
    divided: ReportingPane, desks: Desks
) -> None:
    desks.error = EnvironmentFailure("host_unreachable", "The host does not answer.")
    ask(divided, "MIT")
    assert "The host does not answer." in divided.findings.words
    assert statement(divided, "MIT").state is StatementState.ASKED


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:20000", "on this computer only"),
        ("https://192.168.1.7:8443", "in your network only"),
        ("https://meet.example.org", ""),
    ],
)
def test_links_that_partners_cannot_open_say_so(
    divided: ReportingPane, workspace: Workspace, url: str, words: str
) -> None:
    ask(divided, "MIT")
    period = divided.presenter.period
    assert period is not None
    made = effort_desks.effort_links(workspace, period, url)
    dialog = divided.open_links(made, "Ada", reminder=False)
    assert isinstance(dialog, dialogs.LinksDialog)
    assert words in dialog.warning.words
    assert bool(words) == bool(dialog.warning.words)


def test_nobody_is_asked_without_a_choice(divided: ReportingPane) -> None:
    dialog = divided.ask_partners()
    assert isinstance(dialog, dialogs.AskDialog)
    for box in dialog.boxes.values():
        box.setChecked(False)
    dialog.submit()
    assert dialog.problem == "Choose at least one partner."
    assert all(row.state is StatementState.OPEN for row in divided.statements.rows)


def test_a_reminder_is_noted_when_it_is_written(divided: ReportingPane) -> None:
    assert not divided.remind.isEnabled()
    ask(divided, "MIT")
    open_dialog(divided, dialogs.LinksDialog).accept()
    divided.remind.click()
    dialog = open_dialog(divided, dialogs.LinksDialog)
    copy = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Copy text")
    copy.click()
    assert "we have not yet received" in QGuiApplication.clipboard().text()
    assert statement(divided, "MIT").reminded_at is not None


@pytest.mark.full
def test_figures_are_entered_approved_and_sent_back(
    divided: ReportingPane, sample: Sample, instant: InstantSession
) -> None:
    choose(divided, "MIT")
    assert divided.enter.isEnabled()
    assert not divided.approve.isEnabled()
    divided.enter.click()
    dialog = open_dialog(divided, FormDialog)
    name = sample.work_package.hex
    fill(dialog, **{name: "1.255"})
    dialog.submit()
    assert dialog.form.rows[name].problem == "Expected person-months, as in 2.25."
    fill(dialog, **{name: "19,5"})
    dialog.submit()
    row = statement(divided, "MIT")
    assert (row.state, row.reported) == (StatementState.ANSWERED, Decimal("19.50"))
    choose(divided, "MIT")
    divided.approve.click()
    assert statement(divided, "MIT").state is StatementState.APPROVED
    assert instant.notices[-1].text == "Approved MIT."
    assert not divided.enter.isEnabled(), "approved figures are sent back first"
    divided.send_back.click()
    back = open_dialog(divided, FormDialog)
    back.submit()
    assert back.form.rows["remark"].problem == "This is needed."
    fill(back, remark="Without the campaign, please.")
    back.submit()
    row = statement(divided, "MIT")
    assert (row.state, row.remark) == (StatementState.SENT_BACK, "Without the campaign, please.")
    assert open_dialog(divided, dialogs.LinksDialog).isVisible(), "to tell the partner"


def test_a_chosen_statement_is_shown_beside(divided: ReportingPane) -> None:
    assert divided.detail.isHidden()
    choose(divided, "MIT")
    assert divided.detail.isVisible()
    words = [label.text() for label in divided.detail.findChildren(type(divided._title))]
    assert "WP1" in words
    assert "18.00" in words


def test_freezing_says_before_that_there_is_no_way_back(
    divided: ReportingPane, workspace: Workspace
) -> None:
    dialog = divided.ask_freeze()
    assert dialog is not None
    labels = [label.text() for label in dialog.findChildren(type(divided._title))]
    assert any("cannot be undone" in text for text in labels)
    assert any("Not approved: DTU, MIT" in text for text in labels)
    period = divided.presenter.period
    assert period is not None
    assert queries.reporting_period(workspace, period).frozen_on is None
    cancel = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Cancel")
    assert cancel.isDefault(), "Enter alone does not freeze"
    next(b for b in dialog.findChildren(QPushButton) if b.text() == "Freeze").click()
    assert queries.reporting_period(workspace, period).frozen_on is not None
    choose(divided, "MIT")
    for each in (divided.ask, divided.remind, divided.approve, divided.enter, divided.send_back):
        assert not each.isEnabled()
    assert divided.ask_freeze() is None


def test_the_report_is_written_by_the_name_of_its_file(
    divided: ReportingPane, instant: InstantSession, tmp_path: Any
) -> None:
    period = divided.presenter.period
    assert period is not None
    divided.presenter.export(period, tmp_path / "AURORA RP1.md")
    assert "# Periodic report RP1" in (tmp_path / "AURORA RP1.md").read_text(encoding="utf-8")
    assert instant.notices[-1].text.startswith("Saved as ")
    divided.presenter.export(period, tmp_path / "AURORA.odt")
    assert instant.notices[-1].error


@pytest.mark.parametrize(
    ("typed", "months"),
    [("2", "2"), (" 2,25 ", "2.25"), (".5", "0.5"), ("7.", "7"), ("", None), ("1 000", "1000")],
)
def test_person_months_are_read_as_people_type_them(typed: str, months: str | None) -> None:
    assert person_months.read(typed) == (None if months is None else Decimal(months))


@pytest.mark.parametrize("typed", ["two", "-1", "1.255", ",", "1e3", "1.000,5"])
def test_what_is_no_person_months_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=typed.replace(".", r"\.")):
        person_months.read(typed)
