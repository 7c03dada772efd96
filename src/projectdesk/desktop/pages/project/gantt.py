"""The Gantt chart of a project: zoom, fold, move, and the ways out of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from projectdesk.desktop.gantt import painting, pictures
from projectdesk.desktop.gantt.canvas import ZOOM_STEP
from projectdesk.desktop.gantt.style import Style
from projectdesk.desktop.gantt.view import GanttView
from projectdesk.desktop.language import say
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.gantt import GanttLook, GanttPresenter
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import theme
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.file_dialogs import ask_new_file, file_name
from projectdesk.desktop.widgets.layout import button, column, icon_button
from projectdesk.desktop.widgets.toolbar import toolbar
from projectdesk.services.gantt_rows import GanttLink, GanttPlan
from projectdesk.services.rows import Kind

_KEEP_AFTER_MS = 800
_LEGEND_HEIGHT = 36


class _Legend(QWidget):
    """What the signs of the chart mean."""

    def __init__(self) -> None:
        super().__init__()
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as the chart
        self.setFixedHeight(_LEGEND_HEIGHT)
        self.setAccessibleName(
            say("Squares are deliverables, diamonds milestones; a tick is done, ! is late.")
        )

    def sizeHint(self) -> QSize:
        nowhere = QPixmap(1, 1)
        return QSize(round(self._paint(QPainter(nowhere))), _LEGEND_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._paint(QPainter(self))

    def _paint(self, painter: QPainter) -> float:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        end = painting.paint_legend(painter, 0, 9, Style(theme().tokens, self.font()))
        painter.end()
        return end


class GanttPane(Presented, QWidget):
    """The tab with the chart. `go` asks for a record, `plan_asked` for the work plan."""

    go = Signal(object)
    plan_asked = Signal()

    def __init__(self, session: Session, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self._project: UUID | None = None
        self._look: GanttLook | None = None
        self.chart: GanttView | None = None
        self.presenter = self.present(GanttPresenter(session, self))
        self._empty = EmptyState(
            "calendar-days",
            say("Nothing to draw yet"),
            say("The chart shows work packages, tasks, deliverables and milestones of the plan."),
            say("Go to the work plan"),
        )
        self._empty.acted.connect(self.plan_asked)
        self._stack = QStackedWidget()
        self._stack.addWidget(QWidget())
        self._stack.addWidget(self._empty)
        self.bar = self._toolbar()
        top = column(self.bar, margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_M))
        self._legend = _Legend()
        self._legend.hide()
        below = column(self._legend, margins=(SPACE_XL, 0, SPACE_XL, 0))
        layout = column(top, self._stack, below, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._keep = QTimer(self)
        self._keep.setSingleShot(True)
        self._keep.setInterval(_KEEP_AFTER_MS)
        self._keep.timeout.connect(self._keep_look)

    def _toolbar(self) -> QWidget:
        def on_chart(run: Callable[[GanttView], object]) -> Callable[[], object]:
            return lambda: run(self.chart) if self.chart is not None else None

        self.zoom_out = icon_button(
            "minus", say("Zoom out (Ctrl+-)"), on_chart(lambda c: c.zoom(1 / ZOOM_STEP))
        )
        self.zoom_in = icon_button(
            "plus", say("Zoom in (Ctrl++)"), on_chart(lambda c: c.zoom(ZOOM_STEP))
        )
        self.fit = button(say("Fit"), "", "maximize", on_chart(lambda c: c.fit()))
        self.fit.setToolTip(say("Show the whole project (Ctrl+0)"))
        self.fold_all = icon_button(
            "chevron-up", say("Hide all tasks"), on_chart(lambda c: c.fold_all(folded=True))
        )
        self.unfold_all = icon_button(
            "chevron-down", say("Show all tasks"), on_chart(lambda c: c.fold_all(folded=False))
        )
        self.with_content = icon_button(
            "layers",
            say("A work package takes what is in it along. With Alt, the other way round."),
        )
        self.with_content.setProperty("role", "toggle")
        self.with_content.setCheckable(True)
        self.with_content.setChecked(True)
        self.with_content.toggled.connect(self._set_with_content)
        self.export = button(say("Export"), "", "download")
        self.export.setProperty("menu", "true")
        self.export.setMenu(self._export_menu())
        return toolbar(
            self.zoom_out,
            self.zoom_in,
            self.fit,
            SPACE_S,
            self.fold_all,
            self.unfold_all,
            self.with_content,
            None,
            self.export,
        )

    def _export_menu(self) -> QMenu:
        menu = QMenu(self)
        for form, words in (
            ("pdf-a4", say("PDF, A4")),
            ("pdf-a3", say("PDF, A3")),
            ("svg", say("SVG")),
            ("png", say("PNG")),
        ):
            menu.addAction(words, lambda form=form: self.ask_export(form))
        menu.addSeparator()
        menu.addAction(say("Copy as picture"), self.copy_picture)
        return menu

    # --- what the page calls

    def open_project(self, project: UUID) -> None:
        """Show the chart of `project`."""
        self._flush()
        self._project = project
        self._look = None
        self._drop_chart()
        self.presenter.open(project)

    def close_presenters(self) -> None:
        """Let the presenter go."""
        self._flush()
        super().close_presenters()

    def hideEvent(self, event: QHideEvent) -> None:
        self._flush()
        super().hideEvent(event)

    # --- what the presenter calls

    def show_chart(self, plan: GanttPlan) -> None:
        """Show the plan as it is saved."""
        self.bar.setVisible(bool(plan.bars or plan.marks))
        if not plan.bars and not plan.marks:
            self._drop_chart()
            self._stack.setCurrentWidget(self._empty)
            return
        if self.chart is None:
            self._make_chart(plan)
        else:
            self.chart.show_plan(plan, self._today())

    def show_look(self, look: GanttLook) -> None:
        """Zoom and fold as it was left."""
        self._look = look
        if self.chart is not None:
            self._apply_look(self.chart, look)

    # --- the chart

    def _make_chart(self, plan: GanttPlan) -> None:
        chart = GanttView(plan, self._today())
        self.chart = chart
        chart.with_content = self.with_content.isChecked()
        chart.moved.connect(self.presenter.move)
        chart.tied.connect(self.presenter.tie)
        chart.untied.connect(self._untie)
        chart.opened.connect(self._open)
        self._stack.addWidget(chart)
        self._stack.setCurrentWidget(chart)
        self._legend.show()
        if self._look is not None:
            self._apply_look(chart, self._look)
        chart.view_changed.connect(self._keep.start)
        chart.horizontalScrollBar().valueChanged.connect(lambda _: self._keep.start())

    def _apply_look(self, chart: GanttView, look: GanttLook) -> None:
        folded = {UUID(hex=each) for each in look.folded if len(each) == 32}
        if folded != chart.collapsed:
            chart.set_collapsed(folded)
        if look.titles:
            chart.widen_titles(look.titles)
        if look.month_width:
            chart.set_month_width(look.month_width, at=0)
            chart.scroll_to_month(look.first)
        self._keep.stop()

    def _drop_chart(self) -> None:
        if self.chart is not None:
            self._stack.removeWidget(self.chart)
            self.chart.deleteLater()
            self.chart = None
        self._stack.setCurrentIndex(0)
        self._legend.hide()

    def _untie(self, link: GanttLink) -> None:
        self.presenter.untie(link)

    def _open(self, kind: Kind, record: UUID) -> None:
        self.go.emit(Route(Place.PROJECT, self._project, kind, record))

    def _set_with_content(self, wanted: bool) -> None:
        if self.chart is not None:
            self.chart.with_content = wanted

    def _keep_look(self) -> None:
        chart = self.chart
        if chart is not None:
            folded = tuple(sorted(each.hex for each in chart.collapsed))
            width = 0.0 if chart.fits else round(chart.timescale.month_width, 2)
            first = 0.0 if chart.fits else round(chart.months_scrolled, 2)
            self.presenter.keep_look(GanttLook(width, folded, chart.titles_chosen, first))

    def _flush(self) -> None:
        if self._keep.isActive():
            self._keep.stop()
            self._keep_look()

    # --- ways out

    def ask_export(self, form: str) -> None:
        """Ask where to save the chart; form: pdf-a4, pdf-a3, svg or png."""
        chart = self.chart
        if chart is None:
            return
        ending = form.partition("-")[0]
        name = file_name(f"{chart.plan.acronym} Gantt", ending)
        ask_new_file(self.window(), name, lambda path: self.save(form, path))

    def save(self, form: str, out: Path) -> None:
        """Write the chart to a file."""
        chart = self.chart
        if chart is None:
            return
        kind, _, paper = form.partition("-")
        if kind == "pdf":
            made = pictures.pages(chart.plan, self._today(), paper)
            self.presenter.write_pdf(made, paper, out)
            return
        sheet, style = pictures.whole(chart.plan)
        draw = pictures.svg if kind == "svg" else pictures.png
        self.presenter.write_picture(draw(sheet, style, self._today()), out)

    def copy_picture(self) -> None:
        """Put a picture of the chart on the clipboard."""
        chart = self.chart
        if chart is not None:
            sheet, style = pictures.whole(chart.plan)
            QGuiApplication.clipboard().setImage(pictures.image(sheet, style, self._today()))
            self.presenter.say_done(say("The chart is on the clipboard as a picture."))
