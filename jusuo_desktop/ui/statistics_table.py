"""A counted table on screen: the first column stays, groups stand above their columns, every figure leads to its records."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from jusuo_desktop.reports.statistics import Row, Table, shown
from jusuo_desktop.reports.statistics_columns import Column
from jusuo_desktop.reports.statistics_sheet import bands
from jusuo_desktop.ui.theme import ACCENT, ACCENT_SOFT, DESK, INK, LINE, QUIET

WIDTH: Final = 66
WIDE: Final = 84
LINES: Final = 4
"""Lines of a column's label."""
LABEL_WIDTH: Final = 150
BODY: Final = "人民调解委员会"
Index = QModelIndex | QPersistentModelIndex


def short_labels(rows: tuple[Row, ...]) -> list[str]:
    """Row labels without what they all say: 西塘镇柳林村人民调解委员会 under 西塘镇人民调解委员会 is 柳林村."""
    bare = [row.label.removesuffix(BODY) for row in rows]
    town = bare[0] if bare else ""
    return [b.removeprefix(town) if b != town and len(town) > 1 else b for b in bare]


class StatisticsModel(QAbstractTableModel):
    """The rows of a table and its total, as text."""

    def __init__(self) -> None:
        super().__init__()
        self.table: Table | None = None
        self._labels: list[str] = []
        self._bold = QFont()
        self._bold.setBold(True)

    def show_table(self, table: Table) -> None:
        """Shows another table."""
        self.beginResetModel()
        self.table = table
        self._labels = [table.total.label, *short_labels(table.rows)]
        self.endResetModel()

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows, the total first: it stays in sight however many follow (on paper it stands last)."""
        return (self.table.total, *self.table.rows) if self.table is not None else ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns."""
        return self.table.form.columns if self.table is not None else ()

    def label(self, place: int) -> str:
        """The short label of a row."""
        return self._labels[place]

    def is_total(self, place: int) -> bool:
        """Whether this is the line of sums."""
        return place == 0

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        value, column = self.rows[index.row()].cells[index.column()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return shown(value, column.unit)
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.FontRole if self.is_total(index.row()):
                return self._bold
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(QUIET if value is None else INK)
            case Qt.ItemDataRole.BackgroundRole if self.is_total(index.row()):
                return QColor(DESK)
            case Qt.ItemDataRole.ToolTipRole:
                return column.why or (f"{self.rows[index.row()].label}\n{column.label}：双击或按回车看后面的记录" if value else None)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical and section < len(self.rows):
            if role == Qt.ItemDataRole.DisplayRole:
                return self._labels[section]
            if role == Qt.ItemDataRole.ToolTipRole:
                return self.rows[section].label
            if role == Qt.ItemDataRole.FontRole and self.is_total(section):
                return self._bold
        if orientation is Qt.Orientation.Horizontal and section < len(self.columns):
            column = self.columns[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return heading_of(column)
            if role == Qt.ItemDataRole.ToolTipRole:
                return "\n".join(filter(None, (column.group, heading_of(column), column.why)))
        return None


def heading_of(column: Column) -> str:
    """The label, with the unit where it is not cases."""
    return column.label if column.unit == "件" else f"{column.label}({column.unit})"


def _in_lines(column: Column) -> str:
    """The heading for a narrow column: narrow brackets, the unit on a line of its own."""
    narrow = column.label.replace("（", "(").replace("）", ")")
    return narrow if column.unit == "件" else f"{narrow}\n({column.unit})"


class BandedHeader(QHeaderView):
    """Column headings in several lines, with the group above the columns that it spans."""

    def __init__(self, model: StatisticsModel) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._model = model
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def _band(self) -> int:
        return self.fontMetrics().height() + 6

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._band() + LINES * self.fontMetrics().height() + 8)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        columns = self._model.columns
        if logicalIndex >= len(columns):
            return
        painter.save()
        top = self._band() if columns[logicalIndex].over else 0
        below = rect.adjusted(0, top, 0, 0)
        view = self.parent()
        current = view.currentIndex().column() if isinstance(view, QTableView) else -1
        painter.fillRect(below, QColor(ACCENT_SOFT if logicalIndex == current else DESK))
        painter.setPen(QColor(LINE))
        painter.drawLine(rect.topRight() if not top else below.topRight(), rect.bottomRight())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setPen(QColor(ACCENT if logicalIndex == current else INK))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWrapAnywhere
        painter.drawText(below.adjusted(4, 2, -4, -2), flags, _in_lines(columns[logicalIndex]))
        painter.restore()

    def paintEvent(self, e: QPaintEvent) -> None:
        super().paintEvent(e)
        painter = QPainter(self.viewport())
        for name, first, last in bands(self._model.columns, "over"):
            if name:
                left = self.sectionViewportPosition(first)
                whole = QRect(left, 0, self.sectionViewportPosition(last) + self.sectionSize(last) - left, self._band())
                painter.fillRect(whole, QColor(DESK))
                painter.setPen(QColor(LINE))
                painter.drawLine(whole.bottomLeft(), whole.bottomRight())
                painter.drawLine(whole.topRight(), whole.bottomRight())
                painter.setPen(QColor(QUIET))
                seen = whole.intersected(self.viewport().rect())
                painter.drawText(seen, Qt.AlignmentFlag.AlignCenter, name)


class StatisticsTable(QTableView):
    """`opened` a cell by Enter or double click; `column_chosen` when another column is looked at."""

    opened = Signal(int, int)
    column_chosen = Signal(int)

    def __init__(self, model: StatisticsModel) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        across = BandedHeader(model)
        across.setParent(self)
        self.setHorizontalHeader(across)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        self.setStyleSheet(f"QTableCornerButton::section {{ background: {DESK}; border: 0; border-bottom: 1px solid {LINE}; }}")
        down = self.verticalHeader()
        down.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(self.fontMetrics().height() + 8)
        down.setFixedWidth(LABEL_WIDTH)
        down.setHighlightSections(False)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row(), index.column()))
        self.horizontalScrollBar().valueChanged.connect(across.viewport().update)
        across.sectionClicked.connect(lambda column: self.setCurrentIndex(model.index(max(self.currentIndex().row(), 0), column)))
        model.modelReset.connect(self._fit)

    @property
    def whole_height(self) -> int:
        """The height at which nothing has to be scrolled downwards."""
        rows = self._model.rowCount() * self.verticalHeader().defaultSectionSize()
        return self.horizontalHeader().sizeHint().height() + rows + self.horizontalScrollBar().sizeHint().height() + 2 * self.frameWidth()

    def _fit(self) -> None:
        self.setMaximumHeight(self.whole_height)
        for place, column in enumerate(self._model.columns):
            self.setColumnWidth(place, WIDE if column.unit == "万元" or len(column.label) > 12 else WIDTH)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and current.column() != previous.column():
            self.horizontalHeader().viewport().update()
        if current.isValid():
            self.column_chosen.emit(current.column())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row(), self.currentIndex().column())
        else:
            super().keyPressEvent(event)
