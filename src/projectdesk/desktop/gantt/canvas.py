"""The chart on the screen: scene, frozen header and titles, zoom and what is chosen.

`view` adds the hands: mouse and keyboard.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QPainter,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from projectdesk.desktop.gantt import painting
from projectdesk.desktop.gantt.frames import TimeHeader, TitleColumn
from projectdesk.desktop.gantt.items import BESIDE, BEYOND, LaneItem, LinkItem, Looks
from projectdesk.desktop.gantt.layout import Layout, Rect, lay_out
from projectdesk.desktop.gantt.moving import committed, kept, last_month, same_shape
from projectdesk.desktop.gantt.style import Style
from projectdesk.desktop.gantt.timescale import NARROWEST, WIDEST, Timescale, fitted
from projectdesk.desktop.gantt.words import described
from projectdesk.desktop.language import say
from projectdesk.desktop.theme import theme
from projectdesk.desktop.widgets.spoken import Role, play
from projectdesk.services.gantt_rows import GanttBar, GanttMark, GanttMove, GanttPlan
from projectdesk.services.rows import Kind

ZOOM_STEP = 1.25
_TITLES = (330, 500)
_TITLES_SHARE = 0.27
_BELOW = 16.0


class GanttCanvas(QGraphicsView):
    """Shows a plan; nothing of it can be moved yet."""

    view_changed = Signal()
    """Zoom, folding or the width of the titles changed: worth keeping."""

    def __init__(self, plan: GanttPlan, today: date) -> None:
        super().__init__()
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # time does, in every language
        self._plan = plan
        self.collapsed: set[UUID] = set()
        self.chosen: UUID | None = None
        self._set_fits(fits=True)
        scale = Timescale(plan.start_date, last_month(plan), 20.0)
        self.looks = Looks(scale, Style(theme().tokens, self.font()), today)
        self.layout_shown = Layout(plan)
        self._lanes: list[LaneItem] = []
        self._links: list[LinkItem] = []
        self._links_of: dict[UUID, list[LinkItem]] = {}
        self._bars: dict[UUID, GanttBar] = {}
        self._titles_width = _TITLES[0]
        self._titles_chosen = 0
        self._built: object = ()
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self.head = TimeHeader(self)
        self.titles = TitleColumn(self)
        self.titles.folded.connect(self.fold)
        self.titles.pressed.connect(self.choose)
        self.titles.widened.connect(self.widen_titles)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setCornerWidget(QWidget())
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setMouseTracking(True)
        play(self, Role.Chart)
        self.setAccessibleName(say("Gantt chart"))
        self.horizontalScrollBar().valueChanged.connect(self.head.update)
        self.verticalScrollBar().valueChanged.connect(self.titles.update)
        theme().changed.connect(self._dress)
        self._build()

    # --- what is shown

    @property
    def plan(self) -> GanttPlan:
        """The plan as it is saved."""
        return self._plan

    @property
    def timescale(self) -> Timescale:
        """Where months lie."""
        return self.looks.scale

    def show_plan(self, plan: GanttPlan, today: date) -> None:
        """Show the plan as it is saved now; only what differs is laid out and painted again."""
        old, self.looks.today = self._plan, today
        self._plan = plan = kept(old, plan)
        months = last_month(plan)
        same = (
            same_shape(old, plan)
            and months == self.timescale.months
            and self._built == _what_packs(plan)
            and old.links == plan.links
            and old.periods == plan.periods
        )
        if same:
            self.show_moved(plan)
            return
        self.looks.scale = Timescale(plan.start_date, months, self.timescale.month_width)
        if self._fits:
            self._fit_scale()
        self._build()

    def show_committed(self, moves: Sequence[GanttMove]) -> None:
        """Take moves as saved until the plan comes again."""
        self._plan = committed(self._plan, moves)
        self.show_moved(self._plan)

    def show_moved(self, plan: GanttPlan) -> None:
        """Show other months of the same plan in the lanes that are there."""
        old = self.layout_shown
        self.layout_shown = new = old.with_plan(plan)
        touched: set[LinkItem] = set()
        titles = False
        for item, before, after in zip(self._lanes, old.lanes, new.lanes, strict=True):
            if after is before:
                continue
            item.set_lane(after)
            if after.bar is not None:
                touched.update(self._links_of.get(after.bar.id, ()))
                titles |= before.bar is None or before.bar.title != after.bar.title
                titles |= before.bar is None or before.bar.lead != after.bar.lead
        for link in touched:
            link.place(new, self.lane_of_bar)
        if titles:
            self.titles.update()

    def _build(self) -> None:
        """Lay everything out anew."""
        looks = self.looks
        self._bars = {bar.id: bar for bar in self._plan.bars}
        self._built = _what_packs(self._plan)
        layout = lay_out(self._plan, looks.scale, self.collapsed, looks.style.measure)
        self.layout_shown = layout
        while len(self._lanes) > len(layout.lanes):
            self._scene.removeItem(self._lanes.pop())
        for item, lane in zip(self._lanes, layout.lanes, strict=False):
            item.set_lane(lane)
        for lane in layout.lanes[len(self._lanes) :]:
            item = LaneItem(lane, looks)
            self._lanes.append(item)
            self._scene.addItem(item)
        self._build_links(layout)
        width = BESIDE + looks.scale.width + BEYOND
        self._scene.setSceneRect(-BESIDE, 0, width, layout.height + _BELOW)
        self._place_frames()
        self._scene.update()
        self.viewport().update()

    def _build_links(self, layout: Layout) -> None:
        known = {item.link: item for item in self._links}
        for item in self._links:
            if item.link not in self._plan.links:
                self._scene.removeItem(item)
        self._links = []
        self._links_of = defaultdict(list)
        for link in self._plan.links:
            made = known.get(link)
            if made is None:
                made = LinkItem(link, self.looks)
                self._scene.addItem(made)
            self._links.append(made)
            made.place(layout, self.lane_of_bar)
            for end in (link.before, link.after):
                self._links_of[end].append(made)
                if (bar := self._bars.get(end)) is not None and bar.id != bar.work_package_id:
                    self._links_of[bar.work_package_id].append(made)

    def lane_of_bar(self, bar_id: UUID) -> int | None:
        """Return the lane of a bar, its work package's while that is folded."""
        lane = self.layout_shown.lane_of.get(bar_id)
        if lane is None and (bar := self._bars.get(bar_id)) is not None:
            lane = self.layout_shown.lane_of.get(bar.work_package_id)
        return lane

    def _dress(self) -> None:
        self.looks.style = Style(theme().tokens, self.font())
        self._build()
        self.head.update()
        self.titles.update()

    # --- zoom, folding, the frozen column

    @property
    def fits(self) -> bool:
        """Whether the whole project is kept in sight when the window changes."""
        return self._fits

    def zoom(self, factor: float, at: float | None = None) -> None:
        """Make months wider or narrower; what is at `at` (viewport pixels) stays there."""
        self.set_month_width(self.timescale.month_width * factor, at)

    def set_month_width(self, pixels: float, at: float | None = None) -> None:
        """Give a month a width."""
        wanted = min(max(pixels, NARROWEST), WIDEST)
        place = self.viewport().width() / 2 if at is None else at
        month = self.mapToScene(round(place), 0).x() / self.timescale.month_width
        self._set_fits(fits=False)
        self._rescale(wanted)
        bar = self.horizontalScrollBar()
        bar.setValue(round(month * wanted - place))
        self.view_changed.emit()

    @property
    def months_scrolled(self) -> float:
        """How many months lie at the left of what is seen."""
        return self.mapToScene(0, 0).x() / self.timescale.month_width

    def scroll_to_month(self, months: float) -> None:
        """Let so many months lie at the left of what is seen."""
        self.horizontalScrollBar().setValue(round(months * self.timescale.month_width))

    def fit(self) -> None:
        """Show the whole project, now and when the window changes."""
        self._set_fits(fits=True)
        self._fit_scale()
        self._build()
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().minimum())
        self.view_changed.emit()

    def _set_fits(self, *, fits: bool) -> None:
        self._fits = fits
        policy = Qt.ScrollBarPolicy
        self.setHorizontalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAsNeeded
        )

    def _fit_scale(self) -> None:
        room = self.viewport().width() - BESIDE - BEYOND - 1
        wanted = fitted(room, self.timescale.months)
        self.looks.scale = Timescale(self._plan.start_date, self.timescale.months, wanted)

    def _rescale(self, month_width: float) -> None:
        self.looks.scale = Timescale(self._plan.start_date, self.timescale.months, month_width)
        self._build()
        self.head.update()

    def fold(self, package: UUID) -> None:
        """Hide or show the tasks of a work package."""
        self.set_collapsed(self.collapsed ^ {package})

    def fold_all(self, *, folded: bool) -> None:
        """Hide or show the tasks of all work packages."""
        self.set_collapsed({b.work_package_id for b in self._plan.bars} if folded else set())

    def set_collapsed(self, packages: set[UUID]) -> None:
        """Hide the tasks of these work packages only."""
        self.collapsed = packages
        if self.chosen in self._bars and self.chosen not in packages:
            bar = self._bars[self.chosen]
            if bar.work_package_id in packages:
                self.choose(bar.work_package_id)
        self._build()
        self.titles.update()
        self.view_changed.emit()

    @property
    def titles_chosen(self) -> int:
        """Pixels that a person gave the column of titles, 0 when it follows the window."""
        return self._titles_chosen

    def widen_titles(self, pixels: int) -> None:
        """Give the column of titles a width that stays."""
        self._titles_width = self._titles_chosen = pixels
        self._place_frames()
        if self._fits:
            self._fit_scale()
            self._build()
        self.view_changed.emit()

    def _place_frames(self) -> None:
        head = round(painting.header_height(self.timescale, self._plan.periods))
        margins = self.viewportMargins()
        if (margins.left(), margins.top()) != (self._titles_width, head):
            self.setViewportMargins(self._titles_width, head, 0, 0)
        view = self.viewport().geometry()
        self.head.setGeometry(view.left(), view.top() - head, view.width(), head)
        self.titles.setGeometry(
            view.left() - self._titles_width,
            view.top() - head,
            self._titles_width,
            view.height() + head,
        )
        self.head.update()
        self.titles.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._titles_chosen:
            share = round(self.width() * _TITLES_SHARE)
            wanted = min(max(share, _TITLES[0]), _TITLES[1])
            if wanted != self._titles_width:
                self._titles_width = wanted
                self._place_frames()  # gives the viewport its width, and comes here again
                return
        if self._fits:
            before = self.timescale
            self._fit_scale()
            if self.timescale != before:
                self._build()
        self._place_frames()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place_frames()

    # --- what is chosen

    def row(self, row_id: UUID | None) -> GanttBar | GanttMark | None:
        """Return a bar or mark as it is shown, None if it is not there."""
        number = None if row_id is None else self.layout_shown.lane_of.get(row_id)
        if number is None:
            return None
        lane = self.layout_shown.lanes[number]
        if lane.bar is not None and lane.bar.id == row_id:
            return lane.bar
        return next((mark.row for mark in lane.marks if mark.row.id == row_id), None)

    def rect_of(self, row_id: UUID) -> Rect | None:
        """Return where a bar or mark lies in the scene, None if it is not shown."""
        number = self.layout_shown.lane_of.get(row_id)
        if number is None:
            return None
        lane = self.layout_shown.lanes[number]
        if lane.bar is not None and lane.bar.id == row_id:
            return lane.bar_rect(self.timescale)
        placed = next((mark for mark in lane.marks if mark.row.id == row_id), None)
        return None if placed is None else lane.mark_rect(placed, self.timescale)

    def choose(self, row_id: UUID | None, *, show: bool = False) -> None:
        """Choose a bar or mark; it is said to screen readers.

        Args:
            row_id: which; None = nothing.
            show: scroll to it.
        """
        if row_id is not None and self.row(row_id) is None:
            return
        before, self.chosen = self.chosen, row_id
        for each in (before, row_id):
            self._update_row(each)
        self.titles.update()
        self.describe()
        if show and row_id is not None and (rect := self.rect_of(row_id)) is not None:
            box = QRectF(rect.left, rect.top, min(rect.width, 120.0), rect.height)
            self.ensureVisible(box, 48, 24)

    def describe(self) -> None:
        """Say what is chosen to screen readers."""
        row = self.row(self.chosen)
        words = "" if row is None else described(row, self.layout_shown.plan, self.looks.today)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            QAccessible.updateAccessibility(
                QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            )

    def _update_row(self, row_id: UUID | None) -> None:
        rect = None if row_id is None else self.rect_of(row_id)
        if rect is not None:
            self._scene.update(QRectF(*rect).adjusted(-BESIDE, -8, BESIDE, 8))

    # --- painting

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        box = QRectF(rect)
        painter.fillRect(box, self.looks.style.surface)
        looks = self.looks
        painting.paint_grid(painter, box, self.layout_shown, looks.scale, looks.style)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        box = QRectF(rect)
        looks = self.looks
        bottom = min(box.bottom(), self.layout_shown.height)
        painting.paint_today(painter, box.top(), bottom, looks.scale, looks.style, looks.today)
        chosen = self.row(self.chosen)
        place = None if self.chosen is None else self.rect_of(self.chosen)
        if chosen is not None and place is not None:
            is_milestone = chosen.kind is Kind.MILESTONE
            painting.paint_ring(painter, place, looks.style, diamond=is_milestone)

    def links_shown(self) -> Sequence[LinkItem]:
        """Return the arrows that can be seen."""
        return [item for item in self._links if item.isVisible()]


def _what_packs(plan: GanttPlan) -> object:
    """Return what the strips of the marks follow from."""
    return [(mark.id, mark.due_month, mark.label, mark.work_package_ids) for mark in plan.marks]
