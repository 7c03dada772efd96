"""Editors of one value: what they take, what they refuse, when they say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.models.formats import day
from projectdesk.desktop.widgets import editors
from projectdesk.desktop.widgets.form import FieldRow, Form, Inspector


@pytest.fixture(autouse=True)
def british(dressed) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


def shown(qtbot, editor):
    """Show an editor beside another place for the focus."""
    window = QWidget()
    other = QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(editor)
    layout.addWidget(other)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    editor.kept = window  # the window goes when nothing holds it
    return editor, other


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12 Mar 2027", date(2027, 3, 12)),
        ("2027-03-12", date(2027, 3, 12)),
        ("12/03/2027", date(2027, 3, 12)),
        ("12.3.2027", date(2027, 3, 12)),
        ("", None),
    ],
)
def test_a_date_is_taken_as_people_type_it(qtbot, typed, value):
    editor = editors.DateEditor()
    qtbot.addWidget(editor)
    editor.setText(typed)
    assert editor.value() == value


@given(
    st.dates(date(1990, 1, 1), date(2090, 12, 31)),
    st.sampled_from(["en_GB", "en_US", "de_DE", "pl_PL", "sv_SE"]),
)
def test_a_date_is_read_back_as_it_was_written(qapp, value, locale):
    QLocale.setDefault(QLocale(locale))
    editor = editors.DateEditor()
    editor.setText(day(value))
    assert editor.value() == value
    editor.deleteLater()


@pytest.mark.parametrize("typed", ["soon", "31 Feb 2027", "2027"])
def test_no_date_is_refused_with_an_example(qtbot, typed):
    editor = editors.DateEditor()
    qtbot.addWidget(editor)
    editor.setText(typed)
    with pytest.raises(editors.NotAValue, match="12 Mar 2027"):
        editor.value()


def test_a_day_is_picked_from_a_calendar(qtbot):
    editor, _ = shown(qtbot, editors.DateEditor())
    editor.set_value(date(2027, 3, 12))
    editor._open_calendar()
    assert editor._calendar.selectedDate() == QDate(2027, 3, 12)
    with qtbot.waitSignal(editor.committed):
        editor._calendar.clicked.emit(QDate(2027, 4, 1))
    assert editor.value() == date(2027, 4, 1)


@pytest.mark.parametrize(
    ("typed", "value"), [("9", time(9)), ("9:30", time(9, 30)), ("14.05", time(14, 5))]
)
def test_a_time_is_taken_as_people_type_it(qtbot, typed, value):
    editor = editors.TimeEditor()
    qtbot.addWidget(editor)
    editor.setText(typed)
    assert editor.value() == value


@pytest.mark.parametrize("typed", ["25:00", "9:75", "noon", ""])
def test_no_time_is_refused(qtbot, typed):
    editor = editors.TimeEditor()
    qtbot.addWidget(editor)
    editor.setText(typed)
    with pytest.raises(editors.NotAValue):
        editor.value()


def test_a_month_has_its_letter_and_its_limits(qtbot):
    editor = editors.NumberEditor(1, 60, "M")
    qtbot.addWidget(editor)
    editor.set_value(7)
    assert editor.text() == "M7"
    for typed in ("m12", "12", " M12 "):
        editor.setText(typed)
        assert editor.value() == 12
    for typed in ("M0", "M61", "x"):
        editor.setText(typed)
        with pytest.raises(editors.NotAValue, match="M1 to M60"):
            editor.value()


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1,234.50", Decimal("1234.50")),
        ("1234.5", Decimal("1234.50")),
        ("99 €", Decimal("99")),
        ("", None),
    ],
)
def test_an_amount(qtbot, typed, value):
    editor = editors.MoneyEditor()
    qtbot.addWidget(editor)
    editor.setText(typed)
    assert editor.value() == value


def test_a_zone_is_found_by_its_city_and_nonsense_refused(qtbot):
    editor = editors.ZoneEditor()
    qtbot.addWidget(editor)
    editor.setText("new york")
    assert editor.value() == "America/New_York"
    editor.setText("Europe/Atlantis")
    with pytest.raises(editors.NotAValue, match="Europe/Lisbon"):
        editor.value()


def test_a_value_is_committed_when_the_field_is_left_and_only_then(qtbot):
    editor, other = shown(qtbot, editors.TextEditor())
    editor.set_value("old")
    editor.setFocus()
    editor.selectAll()
    with qtbot.assertNotEmitted(editor.committed):
        qtbot.keyClicks(editor, "new")
    with qtbot.waitSignal(editor.committed):
        other.setFocus()
    with qtbot.assertNotEmitted(editor.committed):
        editor.setFocus()
        other.setFocus()


def test_escape_takes_back_what_was_typed(qtbot):
    editor, _ = shown(qtbot, editors.TextEditor())
    editor.set_value("old")
    editor.setFocus()
    qtbot.keyClicks(editor, "x")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert editor.text() == "old"


def test_a_reload_does_not_overwrite_what_is_being_typed(qtbot):
    editor, _ = shown(qtbot, editors.TextEditor())
    editor.set_value("old")
    editor.setFocus()
    qtbot.waitUntil(editor.hasFocus)
    qtbot.keyClicks(editor, "x")
    editor.set_value("from elsewhere")
    assert "x" in editor.text()


def test_a_choice_is_announced_when_the_person_chooses(qtbot):
    editor = editors.ChoiceEditor(lambda: [Option(1, "One"), Option(2, "Two")])
    qtbot.addWidget(editor)
    with qtbot.assertNotEmitted(editor.committed):
        editor.set_value(1)
    with qtbot.waitSignal(editor.committed):
        editor.setCurrentIndex(1)
        editor.activated.emit(1)
    assert editor.value() == 2


def test_a_choice_keeps_its_value_when_its_options_change(qtbot):
    found = [Option(1, "One")]
    editor = editors.ChoiceEditor(lambda: found)
    qtbot.addWidget(editor)
    editor.set_value(7)
    assert editor.value() is None
    found.append(Option(7, "Seven"))
    editor.load()
    assert editor.value() == 7


@pytest.mark.parametrize("entry", list(Entry))
def test_every_kind_of_field_has_an_editor(qtbot, entry):
    field: Field[object] = Field("x", "Label", lambda r: None, entry, lambda: [Option(None, "–")])
    editor = editors.editor_for(field)
    qtbot.addWidget(editor)
    editor.set_value(None)
    assert editor.accessibleName() == "Label"


def line(row: FieldRow) -> editors.TextEditor:
    assert isinstance(row.editor, editors.TextEditor)
    return row.editor


def test_what_is_wrong_is_said_beside_the_field(qtbot):
    row = FieldRow(Field("due", "Due", lambda r: r, Entry.DATE))
    qtbot.addWidget(row)
    row.show_row(None)
    line(row).setText("never")
    with qtbot.assertNotEmitted(row.entered):
        line(row).editingFinished.emit()
    assert "Expected a date" in row.problem
    with qtbot.waitSignal(row.entered) as told:
        line(row).setText("12 Mar 2027")
        line(row).editingFinished.emit()
    assert told.args == ["due", date(2027, 3, 12)]
    assert row.problem == ""


def test_a_form_gives_its_values_or_says_what_is_none(qtbot):
    form = Form(
        [[Field("a", "A", lambda r: "x"), Field("n", "N", lambda r: 3, Entry.NUMBER, maximum=5)]]
    )
    qtbot.addWidget(form)
    form.show_row(object())
    assert form.values() == {"a": "x", "n": 3}
    line(form.rows["n"]).setText("9")
    assert form.values() is None
    assert "0 to 5" in form.rows["n"].problem


def test_the_inspector_shows_a_record_and_asks_to_delete_it(qtbot):
    inspector = Inspector([Field("a", "A", lambda r: r)], "Delete")
    qtbot.addWidget(inspector)
    inspector.show_row("value", "Title", "Line")
    assert inspector.title == "Title"
    with qtbot.waitSignal(inspector.delete_asked):
        inspector.delete.click()


@pytest.mark.parametrize(
    ("typed", "value"),
    [("2/3", (2, 3)), (" 2 / 3 ", (2, 3)), ("50 %", (1, 2)), ("51%", (51, 100)), ("3/3", (1, 1))],
)
def test_a_share_is_a_fraction_or_per_cent(qtbot, typed, value):
    editor = editors.ShareEditor()
    qtbot.addWidget(editor)
    editor.setText(typed)
    assert editor.value() == value


@pytest.mark.parametrize(
    "typed", ["", "2", "4/3", "0/3", "1/0", "-1/2", "a/b", "1/2/3", "9999/9999"]
)
def test_what_is_no_share_is_refused_beside_the_field(qtbot, typed):
    field = Field("quorum", "Quorum", lambda r: r, Entry.SHARE, parts=("over", "under"))
    made = FieldRow(field)
    qtbot.addWidget(made)
    made.show_row((2, 3))
    assert made.editor.text() == "2/3"
    entered = []
    made.entered.connect(lambda name, value: entered.append((name, value)))
    made.editor.setText(typed)
    made.editor.editingFinished.emit()
    assert "2/3" in made.problem
    assert entered == []
    assert field.kept((1, 2)) == {"over": 1, "under": 2}


def test_any_of_some_values_are_ticked_in_a_list(qtbot):
    offered = [Option(None, "–"), *(Option(n, f"WP{n} About {n}") for n in (1, 2, 3))]
    editor, _ = shown(qtbot, editors.ChoicesEditor(lambda: offered))
    editor.set_value((3,))
    assert (editor.value(), editor.shown_text()) == ([3], "WP3")
    with qtbot.waitSignal(editor.committed):
        editor.showPopup()
        ticks = editor.list
        qtbot.waitExposed(ticks)
        assert [ticks.item(n).text() for n in range(ticks.count())] == [
            "WP1 About 1",
            "WP2 About 2",
            "WP3 About 3",
        ]
        qtbot.keyClick(ticks, Qt.Key.Key_Space)
        editor.set_value((2,))  # a reload while the list is open leaves it to the person
        qtbot.keyClick(ticks, Qt.Key.Key_Return)
    assert (editor.value(), editor.shown_text()) == ([1, 3], "WP1, WP3")
    with qtbot.assertNotEmitted(editor.committed):
        editor.showPopup()
        qtbot.keyClick(editor.list, Qt.Key.Key_Escape)
    with qtbot.waitSignal(editor.committed):
        editor.showPopup()
        place = editor.list.visualItemRect(editor.list.item(2)).center()
        qtbot.mouseClick(editor.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
        editor.hidePopup()
    assert editor.value() == [1]
