"""The chart in a person's hands: what they do is announced, shown, saved and taken back."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from projectdesk.desktop.gantt.layout import TIE_AT, Part
from projectdesk.desktop.gantt.view import GanttView
from projectdesk.desktop.pages.project.gantt import GanttPane
from projectdesk.desktop.pages.project.page import ProjectPage
from projectdesk.desktop.routes import Place, Route
from projectdesk.domain.workplan import DependencyType
from projectdesk.services import commands, queries
from projectdesk.services.gantt_rows import GanttMove
from projectdesk.services.rows import Kind
from tests.unit.desktop.conftest import TODAY
from tests.unit.desktop.gantt import plans
from tests.unit.desktop.gantt.plans import row_id

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def mouse(chart, kind, at, modifiers=PLAIN):
    held = NONE if kind is QEvent.Type.MouseButtonRelease else LEFT
    button = NONE if kind is QEvent.Type.MouseMove else LEFT
    event = QMouseEvent(kind, QPointF(at), QPointF(at), button, held, modifiers)
    QApplication.sendEvent(chart.viewport(), event)


def hover(chart, at):
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), QPointF(at), NONE, NONE, PLAIN)
    QApplication.sendEvent(chart.viewport(), event)


def key(chart, pressed, modifiers=PLAIN):
    QApplication.sendEvent(chart, QKeyEvent(QEvent.Type.KeyPress, pressed, modifiers))


def let_go_of_alt(chart):
    event = QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_Alt, PLAIN)
    QApplication.sendEvent(chart, event)


def middle(chart, label, part=Part.BAR):
    rect = chart.rect_of(row_id(label) if isinstance(label, str) else label)
    x = {
        Part.BAR: rect.left + rect.width / 2,
        Part.START: rect.left + 1,
        Part.END: rect.right - 1,
        Part.TIE_END: rect.right + TIE_AT,
        Part.TIE_START: rect.left - TIE_AT,
    }[part]
    return chart.mapFromScene(x, rect.middle)


def grab(chart, label, months, part=Part.BAR, modifiers=PLAIN):
    """Press and move; the button stays down."""
    at = middle(chart, label, part)
    there = at + QPoint(round(months * chart.timescale.month_width), 0)
    mouse(chart, QEvent.Type.MouseButtonPress, at, modifiers)
    mouse(chart, QEvent.Type.MouseMove, at + QPoint(5 if months > 0 else -5, 0), modifiers)
    mouse(chart, QEvent.Type.MouseMove, there, modifiers)
    return there


def drag(chart, label, months, part=Part.BAR, modifiers=PLAIN):
    there = grab(chart, label, months, part, modifiers)
    mouse(chart, QEvent.Type.MouseButtonRelease, there, modifiers)


@pytest.fixture
def chart(dressed, qtbot):
    made = GanttView(plans.small(), date(2027, 11, 2))
    qtbot.addWidget(made)
    made.resize(1100, 600)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def moves(chart):
    told = []
    chart.moved.connect(told.append)
    return told


def shown(chart, label):
    row = chart.row(row_id(label))
    return row.start_month, row.end_month


# --- by mouse


def test_a_dragged_task_snaps_to_months_and_is_announced_once(chart, moves):
    grab(chart, "T1.1", 2.3)
    assert shown(chart, "T1.1") == (4, 7)
    assert not chart.bubble.isHidden()
    assert "M4 – M7" in chart.bubble.text()
    assert "15 Apr 2027" in chart.bubble.text()
    assert moves == []
    mouse(chart, QEvent.Type.MouseButtonRelease, middle(chart, "T1.1"))
    move = GanttMove(Kind.TASK, row_id("T1.1"), 1, start_month=4, end_month=7)
    assert moves == [(move,)]
    assert shown(chart, "T1.1") == (4, 7)
    assert chart.bubble.isHidden()


def test_ends_are_pulled_one_by_one(chart, moves):
    drag(chart, "T1.1", -1, Part.START)
    drag(chart, "T1.1", 3, Part.END)
    assert [(m.start_month, m.end_month, m.version) for (m,) in moves] == [(1, 5, 1), (1, 8, 2)]


def test_a_package_takes_its_content_and_alt_only_the_bar(chart, moves):
    drag(chart, "WP1", 2)
    drag(chart, "WP2", -1, modifiers=ALT)
    assert [len(each) for each in moves] == [5, 1], "D1.1 was handed in: it stays"
    assert shown(chart, "T1.2") == (8, 14)
    assert shown(chart, "T2.1") == (8, 10)
    chart.with_content = False
    drag(chart, "WP2", 1)
    assert len(moves[2]) == 1


def test_a_mark_moves_to_another_month(chart, moves):
    drag(chart, "D1.2", 4)
    assert [(m.kind, m.due_month) for (m,) in moves] == [(Kind.DELIVERABLE, 13)]


def test_escape_puts_everything_back(chart, moves):
    there = grab(chart, "WP1", 3)
    assert shown(chart, "T1.1") == (5, 8)
    key(chart, Qt.Key.Key_Escape)
    assert shown(chart, "T1.1") == (2, 5)
    mouse(chart, QEvent.Type.MouseButtonRelease, there)
    assert moves == []


def test_nothing_leaves_the_project(chart, moves):
    drag(chart, "T1.1", -20)
    drag(chart, "T1.2", 40, Part.END)
    assert [(m.start_month, m.end_month) for (m,) in moves] == [(1, 4), (6, 24)]


def test_a_click_moves_nothing_and_chooses(chart, moves):
    at = middle(chart, "T1.2")
    mouse(chart, QEvent.Type.MouseButtonPress, at)
    mouse(chart, QEvent.Type.MouseMove, at + QPoint(1, 1))
    mouse(chart, QEvent.Type.MouseButtonRelease, at)
    assert moves == []
    assert chart.chosen == row_id("T1.2")


def test_a_plan_that_comes_while_dragging_waits(chart, moves):
    there = grab(chart, "T1.1", 2)
    chart.show_plan(plans.small(title="Other"), TODAY)
    assert shown(chart, "T1.1") == (4, 7)
    key(chart, Qt.Key.Key_Escape)
    assert chart.plan.title == "Other"
    mouse(chart, QEvent.Type.MouseButtonRelease, there)


def test_a_dependency_is_drawn_from_the_end_to_a_bar(chart):
    ties = []
    chart.tied.connect(ties.append)
    hover(chart, middle(chart, "T1.2"))
    mouse(chart, QEvent.Type.MouseButtonPress, middle(chart, "T1.2", Part.TIE_END))
    mouse(chart, QEvent.Type.MouseMove, middle(chart, "T2.1"))
    onto = middle(chart, "T2.1", Part.START) + QPoint(4, 0)
    mouse(chart, QEvent.Type.MouseMove, onto)
    assert chart.bubble.text() == "T2.1 starts when T1.2 has ended"
    mouse(chart, QEvent.Type.MouseButtonRelease, onto)
    (tie,) = ties
    assert (tie.before.label, tie.after.label) == ("T1.2", "T2.1")
    assert tie.type is DependencyType.FINISH_START


def test_a_dependency_dropped_nowhere_is_none(chart):
    ties = []
    chart.tied.connect(ties.append)
    hover(chart, middle(chart, "T1.2"))
    at = middle(chart, "T1.2", Part.TIE_END)
    mouse(chart, QEvent.Type.MouseButtonPress, at)
    mouse(chart, QEvent.Type.MouseMove, at + QPoint(60, 0))
    assert chart.bubble.text() == "Drop it on another bar"
    mouse(chart, QEvent.Type.MouseButtonRelease, at + QPoint(60, 0))
    assert ties == []


def test_an_arrow_is_chosen_and_deleted(chart):
    gone = []
    chart.untied.connect(gone.append)
    (item,) = chart.links_shown()
    corner = item.way[1]
    mouse(chart, QEvent.Type.MouseButtonPress, chart.mapFromScene(corner.x, corner.y + 6))
    assert item.chosen
    key(chart, Qt.Key.Key_Delete)
    assert gone == [plans.small().links[0]]
    menu = chart.menu_at(chart.mapFromScene(corner.x, corner.y + 6))
    assert [action.text() for action in menu.actions()] == ["Delete dependency"]


def test_an_arrow_that_does_not_hold_is_marked_as_soon_as_it_does_not(chart):
    (item,) = chart.links_shown()
    assert not item.broken
    grab(chart, "T1.1", 2)
    assert item.broken
    key(chart, Qt.Key.Key_Escape)
    assert not item.broken


def test_an_empty_place_pans(chart):
    chart.set_month_width(150)
    bar = chart.horizontalScrollBar()
    bar.setValue(300)
    at = QPoint(300, chart.viewport().height() - 4)
    mouse(chart, QEvent.Type.MouseButtonPress, at)
    mouse(chart, QEvent.Type.MouseMove, at - QPoint(50, 0))
    mouse(chart, QEvent.Type.MouseMove, at - QPoint(80, 0))
    assert bar.value() == 380
    mouse(chart, QEvent.Type.MouseButtonRelease, at - QPoint(80, 0))


def test_dragging_to_the_edge_scrolls_along(chart):
    chart.set_month_width(150)
    chart.horizontalScrollBar().setValue(0)
    chart.resize(700, 600)
    grab(chart, "T1.1", 0.1, Part.START)
    edge = QPoint(chart.viewport().width() - 4, middle(chart, "T1.1").y())
    before = chart.horizontalScrollBar().value()
    mouse(chart, QEvent.Type.MouseMove, edge)
    assert chart.horizontalScrollBar().value() > before
    key(chart, Qt.Key.Key_Escape)


def test_a_double_click_opens_the_record(chart, qtbot):
    with qtbot.waitSignal(chart.opened) as told:
        mouse(chart, QEvent.Type.MouseButtonDblClick, middle(chart, "T1.2"))
    assert told.args == [Kind.TASK, row_id("T1.2")]


def test_the_wheel_zooms_around_the_mouse(chart):
    at = middle(chart, "T2.1")
    month = chart.mapToScene(at).x() / chart.timescale.month_width
    width = chart.timescale.month_width
    for _ in range(4):
        event = QWheelEvent(
            QPointF(at), QPointF(at), QPoint(), QPoint(0, 120), NONE, CONTROL,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(chart.viewport(), event)
    assert chart.timescale.month_width == pytest.approx(width * 1.25**4)
    now = chart.mapToScene(at).x() / chart.timescale.month_width
    assert now == pytest.approx(month, abs=0.05)
    assert not chart.fits
    key(chart, Qt.Key.Key_0, CONTROL)
    assert chart.fits
    assert chart.timescale.month_width == pytest.approx(width)


# --- by keys


def test_keys_walk_from_lane_to_lane_and_along_it(chart):
    walk = [Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left]
    seen = []
    for pressed in walk:
        key(chart, pressed)
        seen.append(chart.row(chart.chosen).label)
    assert seen == ["MS2", "WP1", "D1.1", "MS1", "D1.1"]
    words = chart.accessibleDescription()
    assert words.startswith("Deliverable D1.1, Report, M3")
    assert "done" in words


def test_what_waits_and_what_is_late_is_said(chart):
    chart.choose(row_id("T1.2"))
    assert "waits for T1.1" in chart.accessibleDescription()
    chart.choose(row_id("D1.2"))
    assert "late" in chart.accessibleDescription()


def test_alt_and_arrows_move_and_save_when_alt_is_let_go(chart, moves):
    chart.choose(row_id("T1.1"))
    for _ in range(3):
        key(chart, Qt.Key.Key_Right, ALT)
    assert shown(chart, "T1.1") == (5, 8)
    assert moves == []
    let_go_of_alt(chart)
    assert [(m.start_month, m.end_month) for (m,) in moves] == [(5, 8)]


def test_shift_alt_resizes_and_escape_takes_it_back(chart, moves):
    chart.choose(row_id("T1.1"))
    key(chart, Qt.Key.Key_Right, ALT | SHIFT)
    key(chart, Qt.Key.Key_Right, ALT | SHIFT)
    assert shown(chart, "T1.1") == (2, 7)
    key(chart, Qt.Key.Key_Escape)
    let_go_of_alt(chart)
    assert moves == []
    key(chart, Qt.Key.Key_Left, ALT | SHIFT)
    let_go_of_alt(chart)
    assert [(m.start_month, m.end_month) for (m,) in moves] == [(2, 4)]


def test_keys_that_rest_are_saved(chart, moves, qtbot):
    chart.choose(row_id("D1.1"))
    key(chart, Qt.Key.Key_Right, ALT)
    qtbot.waitUntil(lambda: len(moves) == 1)
    assert moves[0][0].due_month == 4


def test_enter_opens_and_space_folds(chart, qtbot):
    chart.choose(row_id("WP1"))
    with qtbot.waitSignal(chart.opened) as told:
        key(chart, Qt.Key.Key_Return)
    assert told.args == [Kind.WORK_PACKAGE, row_id("WP1")]
    key(chart, Qt.Key.Key_Space)
    assert chart.collapsed == {row_id("WP1")}
    assert chart.rect_of(row_id("T1.1")) is None
    assert chart.links_shown() == []
    key(chart, Qt.Key.Key_Space)
    assert len(chart.links_shown()) == 1


def test_the_column_of_titles_folds_chooses_and_widens(chart, qtbot):
    lane = chart.layout_shown.lanes[1]
    y = chart.titles._offset() + lane.top + 12
    qtbot.mouseClick(chart.titles, LEFT, pos=QPoint(10, round(y)))
    assert chart.collapsed == {row_id("WP1")}
    qtbot.mouseClick(chart.titles, LEFT, pos=QPoint(80, round(y)))
    assert chart.chosen == row_id("WP1")
    before = chart.viewport().width()
    chart.widen_titles(chart.titles.width() - 100)
    assert chart.viewport().width() == before + 100


# --- saved


@pytest.fixture
def pane(on_screen, session, settle, workspace, sample):
    commands.create(
        workspace,
        Kind.TASK,
        {"work_package_id": sample.work_package, "title": "T", "start_month": 3, "end_month": 6},
    )
    page = on_screen(ProjectPage(session, lambda: TODAY))
    page.open(Route(Place.PROJECT, sample.project, "gantt"))
    settle()
    return page.gantt


def task_of(workspace, sample):
    (row,) = queries.tasks(workspace, sample.project)
    return row


def test_a_drag_is_one_change_that_undo_takes_back(pane, settle, workspace, sample):
    chart, task = pane.chart, task_of(workspace, sample)
    drag(chart, task.id, 2)
    drag(chart, task.id, 1)
    settle()
    moved = task_of(workspace, sample)
    assert (moved.start_month, moved.end_month) == (6, 9)
    assert commands.undo_label(workspace) == "Move T1.1 by 1 month"
    commands.undo(workspace)
    commands.undo(workspace)
    settle()
    row = chart.row(task.id)
    assert (row.start_month, row.end_month) == (3, 6)
    assert row.version == task_of(workspace, sample).version


def test_a_refused_drag_goes_back_and_says_why(pane, settle, session, workspace, sample):
    told = []
    session.noticed.connect(told.append)
    chart, task = pane.chart, task_of(workspace, sample)
    grab(chart, task.id, 2)
    values = {"title": "Changed by somebody else"}
    commands.set_fields(workspace, Kind.TASK, task.id, task.version, values)
    mouse(chart, QEvent.Type.MouseButtonRelease, middle(chart, task.id))
    settle()
    row = chart.row(task.id)
    assert (row.start_month, row.end_month) == (3, 6)
    assert row.title == "Changed by somebody else"
    (notice,) = told
    assert notice.error
    assert notice.text.startswith("T1.1: ")


def test_a_drawn_dependency_is_saved_and_can_go(pane, settle, workspace, sample):
    commands.create(
        workspace,
        Kind.TASK,
        {"work_package_id": sample.work_package, "title": "U", "start_month": 9, "end_month": 12},
    )
    settle()
    chart = pane.chart
    first, second = (bar.id for bar in chart.plan.bars if bar.kind is Kind.TASK)
    hover(chart, middle(chart, first))
    mouse(chart, QEvent.Type.MouseButtonPress, middle(chart, first, Part.TIE_END))
    onto = middle(chart, second, Part.START) + QPoint(3, 0)
    mouse(chart, QEvent.Type.MouseMove, onto)
    mouse(chart, QEvent.Type.MouseButtonRelease, onto)
    settle()
    (link,) = queries.gantt(workspace, sample.project).links
    assert (link.before, link.after) == (first, second)
    (item,) = chart.links_shown()
    chart.untied.emit(item.link)
    settle()
    assert queries.gantt(workspace, sample.project).links == ()
    assert chart.links_shown() == []


def test_zoom_and_folding_are_kept_with_the_project(pane, settle, session, sample, qtbot):
    pane.chart.set_month_width(64)
    pane.chart.fold(sample.work_package)
    pane.chart.scroll_to_month(5)
    pane.hide()
    settle()
    again = GanttPane(session, lambda: TODAY)
    qtbot.addWidget(again)
    again.open_project(sample.project)
    with qtbot.waitExposed(again):
        again.show()
    settle()
    assert again.chart.timescale.month_width == 64
    assert again.chart.collapsed == {sample.work_package}
    assert again.chart.months_scrolled == pytest.approx(5, abs=0.05)
    again.close_presenters()


def test_opening_a_bar_goes_to_the_work_plan(pane, qtbot, sample):
    with qtbot.waitSignal(pane.go) as told:
        pane.chart.opened.emit(Kind.WORK_PACKAGE, sample.work_package)
    route = told.args[0]
    assert (route.tab, route.select) == (Kind.WORK_PACKAGE, sample.work_package)


def test_enter_shows_the_record_in_the_tables(on_screen, session, settle, workspace, sample):
    page = on_screen(ProjectPage(session, lambda: TODAY))
    page.go.connect(page.open)
    page.open(Route(Place.PROJECT, sample.project, "gantt"))
    settle()
    page.gantt.chart.choose(sample.deliverable)
    key(page.gantt.chart, Qt.Key.Key_Return)
    settle()
    assert page.plan.isVisible()
    assert page.plan.kind is Kind.DELIVERABLE


def test_a_plan_with_nothing_says_what_to_do(on_screen, session, settle, workspace, qtbot):
    empty, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "BOREAS"})
    pane = GanttPane(session, lambda: TODAY)
    qtbot.addWidget(pane)
    pane.open_project(empty)
    with qtbot.waitExposed(pane):
        pane.show()
    settle()
    assert pane._empty.isVisible()
    assert not pane.export.isVisible()
    with qtbot.waitSignal(pane.plan_asked):
        pane._empty.action.click()
    pane.close_presenters()
