"""The work plan as a tree: work packages with their tasks, deliverables and milestones.

A milestone stands below each work package that it concerns, and by itself when it concerns none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QPersistentModelIndex, Qt

from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.models.folding import fold
from projectdesk.services.rows import (
    DeliverableRow,
    Kind,
    MilestoneRow,
    TaskRow,
    WorkPackageRow,
)

Index = QModelIndex | QPersistentModelIndex
PlanRow = WorkPackageRow | TaskRow | DeliverableRow | MilestoneRow
Key = tuple[UUID | None, UUID]
"""Identity of a node: the work package that it stands below (None = by itself), and its record."""
_NOWHERE = QModelIndex()
_MIME = "application/x-projectdesk-plan"


@dataclass(frozen=True)
class PlanRows:
    """All that the tree shows."""

    work_packages: Sequence[WorkPackageRow] = ()
    tasks: Sequence[TaskRow] = ()
    deliverables: Sequence[DeliverableRow] = ()
    milestones: Sequence[MilestoneRow] = ()


@dataclass
class Node:
    """One line of the tree."""

    kind: Kind
    row: PlanRow
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    place: int = 0

    @property
    def key(self) -> Key:
        """Identity."""
        return (self.parent.row.id if self.parent else None, self.row.id)


def plan_nodes(rows: PlanRows) -> list[Node]:
    """Return the lines at the top, each with those below it."""
    top = [Node(Kind.WORK_PACKAGE, row) for row in rows.work_packages]
    package = {node.row.id: node for node in top}

    def below(parent: UUID, kind: Kind, row: PlanRow) -> None:
        if parent in package:
            package[parent].children.append(Node(kind, row, package[parent]))

    for task in rows.tasks:
        below(task.work_package_id, Kind.TASK, task)
    for deliverable in rows.deliverables:
        below(deliverable.work_package_id, Kind.DELIVERABLE, deliverable)
    for milestone in rows.milestones:
        concerned = [each for each in milestone.work_package_ids if each in package]
        for each in concerned:
            below(each, Kind.MILESTONE, milestone)
        if not concerned:
            top.append(Node(Kind.MILESTONE, milestone))
    for place, node in enumerate(top):
        node.place = place
        for number, child in enumerate(node.children):
            child.place = number
    return top


def kept_nodes(nodes: Sequence[Node], keeps: Callable[[Node], bool]) -> list[Node]:
    """Return the lines that are kept; one that is not stays above lines that are."""
    found = []
    for node in nodes:
        children = [child for child in node.children if keeps(child)]
        if keeps(node):
            found.append(node)
        elif children:
            node.children = children
            found.append(node)
    for place, node in enumerate(found):
        node.place = place
        for number, child in enumerate(node.children):
            child.place = number
    return found


class PlanTreeModel(QAbstractItemModel):
    """Shows the lines of a plan; `set_rows` is the only way to change them."""

    def __init__(
        self,
        columns: Mapping[Kind, Sequence[Column[Any]]],
        edit: Callable[[Node, Column[Any], object], None],
    ) -> None:
        """Make an empty tree.

        Args:
            columns: what is shown of each kind; as many columns of each, headed as the first.
            edit: called with a value typed into a cell; the line changes when it is set again.
        """
        super().__init__()
        self._columns = columns
        self._heads = next(iter(columns.values()))
        self._edit = edit
        self._rows = PlanRows()
        self._words: tuple[str, ...] = ()
        self._top: list[Node] = []
        self._before: list[Node] = []

    def set_rows(self, rows: PlanRows) -> None:
        """Show other rows."""
        self._rows = rows
        self._build()

    def set_filter(self, words: str) -> None:
        """Keep the lines that hold every word, and the work packages above them."""
        wanted = tuple(fold(words).split())
        if wanted != self._words:
            self._words = wanted
            self._build()

    @property
    def filtered(self) -> bool:
        """True while a filter is set."""
        return bool(self._words)

    def refresh(self) -> None:
        """Show the same lines again, in another unit."""
        for parent in (_NOWHERE, *(self.index(n, 0) for n in range(len(self._top)))):
            count = self.rowCount(parent)
            if count:
                last = self.index(count - 1, len(self._heads) - 1, parent)
                self.dataChanged.emit(self.index(0, 0, parent), last)

    def _build(self) -> None:
        self.beginResetModel()
        self._before = self._top  # indexes that somebody still holds point to these lines
        nodes = plan_nodes(self._rows)
        self._top = kept_nodes(nodes, self._keeps) if self._words else nodes
        self.endResetModel()

    def _keeps(self, node: Node) -> bool:
        text = fold(" ".join(column.text(node.row) for column in self._columns[node.kind]))
        return all(word in text for word in self._words)

    # --- lines

    @property
    def top(self) -> Sequence[Node]:
        """The lines at the top."""
        return self._top

    def node(self, index: Index) -> Node:
        """Return the line at an index."""
        node: Node = index.internalPointer()
        return node

    def column(self, index: Index) -> Column[Any]:
        """Return the column at an index, of the kind of its line."""
        return self._columns[self.node(index).kind][index.column()]

    def index_of(self, key: Key, column: int = 0) -> QModelIndex:
        """Return where a line is; not valid when it is not shown."""
        for node in self._top:
            for each in (node, *node.children):
                if each.key == key:
                    return self.createIndex(each.place, column, each)
        return QModelIndex()

    def find(self, record: UUID) -> QModelIndex:
        """Return the first place of a record."""
        for node in self._top:
            for each in (node, *node.children):
                if each.row.id == record:
                    return self.createIndex(each.place, 0, each)
        return QModelIndex()

    # --- what Qt asks

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        nodes = self.node(parent).children if parent.isValid() else self._top
        if not (0 <= row < len(nodes) and 0 <= column < len(self._heads)):
            return QModelIndex()
        return self.createIndex(row, column, nodes[row])

    def parent(self, index: Index = _NOWHERE) -> QModelIndex:  # type: ignore[override]
        above = self.node(index).parent if index.isValid() else None
        return QModelIndex() if above is None else self.createIndex(above.place, 0, above)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        if not parent.isValid():
            return len(self._top)
        return len(self.node(parent).children) if parent.column() == 0 else 0

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return len(self._heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self.node(index).row, self.column(index)
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return column.text(row)
            case Qt.ItemDataRole.EditRole:
                return column.field.value(row) if column.field else column.text(row)
            case Qt.ItemDataRole.ToolTipRole:
                return column.tip(row) if column.tip else None
            case _:
                return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or role != Qt.ItemDataRole.EditRole:
            return False
        node, column = self.node(index), self.column(index)
        if column.field is None or column.field.value(node.row) == value:
            return False
        self._edit(node, column, value)
        return True

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        shown = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._heads[section].title if shown and section < len(self._heads) else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled
        if self.node(index).kind is Kind.WORK_PACKAGE:
            flags |= Qt.ItemFlag.ItemIsDropEnabled
        if self.column(index).field is not None:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def mimeTypes(self) -> list[str]:
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(_MIME, b"plan")
        return data

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction
