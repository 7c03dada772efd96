"""`bench gantt`: what one frame of a drag costs, with 60 and with 1,000 tasks.

Work: a press on a task in the middle of the chart, then mouse moves by a month each. A frame is
from handing the mouse event to Qt until the backing store is painted: the event, the model's commit
(`show_plan` with rows made anew, as the database answers them), and all painting that follows. The
window is real (1280x800) and offscreen. A package with all that is in it is dragged too.
Floor: an empty scene in a window of the same size, painted whole after each mouse event.
Frames in which nothing was painted do not count, and are said. Beside the clock stands the
processor time of the thread: on a busy machine that is the steadier figure; the ratio is of it.
"""

from __future__ import annotations

import argparse
import copy
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from projectdesk.bench.report import below, report
from projectdesk.domain.workplan import DependencyType
from projectdesk.services.gantt_rows import (
    GanttBar,
    GanttLink,
    GanttMark,
    GanttPeriod,
    GanttPlan,
)
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QGraphicsView, QWidget

    from projectdesk.desktop.gantt.view import GanttView

FRAMES = 200
FRAME_MS = 8.0
SIZE = (1280, 800)
TODAY = date(2027, 6, 1)

_START = date(2026, 1, 1)
_MONTHS = 60
_TASKS_A_PACKAGE = 8
_WARM_UP = 20
_SPACE = UUID(int=21)


def run(options: Sequence[str] = ()) -> dict[str, Any]:
    """Measure and return the report.

    Args:
        options: `--frames N` of each drag.
    """
    parser = argparse.ArgumentParser(prog="projectdesk bench gantt")
    parser.add_argument("--frames", type=int, default=FRAMES)
    frames = parser.parse_args(list(options)).frames
    if sys.platform == "linux":
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from projectdesk.desktop.application import prepare
    from projectdesk.desktop.theme import Scheme, theme

    if (running := QApplication.instance()) is None:
        prepare()
        running = QApplication(["projectdesk"])

    theme().apply(Scheme.LIGHT)
    floor = _floor(frames)
    rows: list[dict[str, Any]] = [{"what": "empty scene", **floor}]
    for tasks in (60, 1000):
        for kind in (Kind.TASK, Kind.WORK_PACKAGE):
            rows.append(_measured(tasks, kind, frames, floor["cpu_median_ms"]))
    del running
    sixty: list[float] = [row["p95_ms"] for row in rows if row.get("tasks") == 60]
    thousand: list[float] = [row["p95_ms"] for row in rows if row.get("tasks") == 1000]
    goals = [
        below("gantt.frame_ms", max(sixty), FRAME_MS),
        below("gantt.frame_1000_ms", max(thousand), 1000 / 60),
    ]
    return report("gantt", rows, goals, window=f"{SIZE[0]}x{SIZE[1]}", frames=frames)


def invented(tasks: int) -> GanttPlan:
    """Return a plan with so many tasks, with what a real one has beside them."""
    bars: list[GanttBar] = []
    marks: list[GanttMark] = []
    links: list[GanttLink] = []
    before: UUID | None = None
    for number in range(-(-tasks // _TASKS_A_PACKAGE)):
        package = uuid5(_SPACE, f"WP{number}")
        first = 1 + number % 24
        bars.append(_bar(Kind.WORK_PACKAGE, f"WP{number + 1}", package, package, first, first + 30))
        for step in range(min(_TASKS_A_PACKAGE, tasks - number * _TASKS_A_PACKAGE)):
            task, start = uuid5(_SPACE, f"T{number}.{step}"), first + 3 * step
            label = f"T{number + 1}.{step + 1}"
            bars.append(_bar(Kind.TASK, label, task, package, start, start + 5))
            if before is not None and step % 2:
                tie = uuid5(task, "waits")
                links.append(GanttLink(tie, 1, before, task, DependencyType.FINISH_START, 0))
            before = task
        for step in range(6):
            label = f"D{number + 1}.{step + 1}"
            due = first + 5 * step
            marks.append(_mark(label, due, package, done=step < 2))
    periods = tuple(
        GanttPeriod(uuid5(_SPACE, f"RP{n}"), f"RP{n}", 15 * n - 14, 15 * n) for n in range(1, 5)
    )
    return GanttPlan(
        project_id=_SPACE,
        acronym="BENCH",
        title="A plan to be dragged",
        start_date=_START,
        duration_months=_MONTHS,
        bars=tuple(bars),
        marks=tuple(marks),
        links=tuple(links),
        periods=periods,
    )


def _bar(kind: Kind, label: str, bar: UUID, package: UUID, start: int, end: int) -> GanttBar:
    title = f"What {label} does, in words of the usual length"
    return GanttBar(kind, bar, 1, label, title, "UMV", start, min(end, _MONTHS), package)


def _mark(label: str, due: int, package: UUID, *, done: bool) -> GanttMark:
    wanted = None if done else date(2027, 1, 1)
    return GanttMark(
        Kind.DELIVERABLE, uuid5(_SPACE, label), 1, label, "Report", "UMV", due, (package,),
        done=done, wanted_by=wanted,
    )  # fmt: skip


def _measured(tasks: int, kind: Kind, frames: int, floor: float) -> dict[str, Any]:
    from projectdesk.desktop.gantt.view import GanttView

    plan = invented(tasks)
    chart = GanttView(plan, TODAY)
    _open(chart)
    held = next(bar for bar in plan.bars[2:] if bar.kind is kind)
    times, painted = _drag(chart, held, frames)
    chart.close()
    found = _in_words(times)
    return {
        "what": f"drag of a {kind.value}",
        "tasks": tasks,
        **found,
        "ratio": round(found["cpu_median_ms"] / floor, 2),
        "frames": len(times),
        "not_painted": frames - painted,
    }


def _drag(chart: GanttView, held: GanttBar, frames: int) -> tuple[list[_Frame], int]:
    """Hold a bar and move it to and fro; return milliseconds of each frame, and how many painted.

    The plan that comes with each frame says what the drag shows, in rows of its own: what the
    model costs when it is set is in the frame.
    """
    from PySide6.QtCore import QEvent, QPointF

    from projectdesk.desktop.gantt.layout import Part
    from projectdesk.desktop.gantt.moving import Drag, moved

    rect = chart.rect_of(held.id)
    drag = Drag.begin(chart.plan, held.id, Part.BAR, with_content=True)
    if rect is None or drag is None:
        raise RuntimeError("the bar to drag is not in the chart")
    chart.ensureVisible(rect.left, rect.top, 50, rect.height, 100, 100)
    at = QPointF(chart.mapFromScene(rect.left + rect.width / 2, rect.middle))
    plans = {by: moved(chart.plan, drag.moves(by)) for by in range(5)}
    watched = _Painted(chart.viewport())
    saved = chart.plan
    times: list[_Frame] = []
    _send(chart, QEvent.Type.MouseButtonPress, at)
    for frame in range(_WARM_UP + frames):
        by = abs((frame % 8) - 4)
        fresh = _anew(plans[by])
        place = at + QPointF(by * chart.timescale.month_width, 0)
        watched.count = 0
        with _timed() as took:
            _send(chart, QEvent.Type.MouseMove, place)
            _set_rows(chart, fresh)
            _paint()
        if frame >= _WARM_UP and watched.count:
            times.append(took)
    chart.cancel()
    chart.show_plan(saved, TODAY)
    return times, len(times)


def _set_rows(chart: GanttView, fresh: GanttPlan) -> None:
    """Set the model as the answer to a commit does, under the mouse that still holds the bar."""
    from projectdesk.desktop.gantt.moving import kept

    chart.show_moved(kept(chart.layout_shown.plan, fresh))


def _anew(plan: GanttPlan) -> GanttPlan:
    """Return equal rows that are other objects."""
    return replace(
        plan,
        bars=tuple(copy.copy(bar) for bar in plan.bars),
        marks=tuple(copy.copy(mark) for mark in plan.marks),
    )


def _floor(frames: int) -> dict[str, float]:
    """Paint an empty scene of the same size after each mouse event."""
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtWidgets import QGraphicsScene, QGraphicsView

    view = QGraphicsView(QGraphicsScene(0, 0, SIZE[0] - 20, SIZE[1] - 20))
    _open(view)
    times = []
    for frame in range(_WARM_UP + frames):
        place = QPointF(300 + frame % 8, 300)
        with _timed() as took:
            _send(view, QEvent.Type.MouseMove, place)
            view.viewport().update()
            _paint()
        if frame >= _WARM_UP:
            times.append(took)
    view.close()
    return _in_words(times)


def _open(view: QGraphicsView) -> None:
    view.resize(*SIZE)
    view.show()
    _paint()


@dataclass
class _Frame:
    """What a frame took, milliseconds: by the clock, and of this thread's processor."""

    clock: float = 0.0
    processor: float = 0.0


@contextmanager
def _timed() -> Iterator[_Frame]:
    frame, clock, processor = _Frame(), time.perf_counter(), time.thread_time()
    yield frame
    frame.clock = (time.perf_counter() - clock) * 1000
    frame.processor = (time.thread_time() - processor) * 1000


class _Painted:
    """Counts the paintings of a widget."""

    def __init__(self, widget: QWidget) -> None:
        from PySide6.QtCore import QEvent, QObject

        class Filter(QObject):
            def eventFilter(_, watched: QObject, event: QEvent) -> bool:  # noqa: N802, N805 - Qt
                self.count += event.type() is QEvent.Type.Paint
                return False

        self.count = 0
        self._filter = Filter(widget)
        widget.installEventFilter(self._filter)


def _send(view: QGraphicsView, kind: Any, at: QPointF) -> None:
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind is QEvent.Type.MouseMove else left
    event = QMouseEvent(kind, at, at, button, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view.viewport(), event)


def _paint() -> None:
    """Let Qt do all that is due: the scene's changes, then painting what they touched."""
    from PySide6.QtCore import QCoreApplication

    QCoreApplication.processEvents()


def _in_words(frames: list[_Frame]) -> dict[str, float]:
    clock = sorted(frame.clock for frame in frames)
    processor = sorted(frame.processor for frame in frames)
    return {
        "median_ms": round(statistics.median(clock), 3),
        "p95_ms": round(clock[int(0.95 * (len(clock) - 1))], 3),
        "cpu_median_ms": round(statistics.median(processor), 3),
        "cpu_p95_ms": round(processor[int(0.95 * (len(processor) - 1))], 3),
    }
