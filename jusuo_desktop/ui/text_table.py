"""A table of plain text for pages that show counted rows: one row chosen or several, Enter opens, Tab leaves it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from jusuo_desktop.ui.theme import QUIET

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class TextModel(QAbstractTableModel, Generic[R]):
    """`cells` makes the texts of a row, `quiet` tells the rows that stand back; the columns in `right` hold figures."""

    def __init__(
        self,
        headings: Sequence[str],
        cells: Callable[[R], Sequence[str]],
        *,
        quiet: Callable[[R], bool] = lambda row: False,
        right: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self._headings, self._cells, self._is_quiet, self._right = tuple(headings), cells, quiet, frozenset(right)
        self.rows: tuple[R, ...] = ()
        self._quiet = QColor(QUIET)

    def put(self, rows: Sequence[R]) -> None:
        """Shows other rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._cells(row)[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in self._right:
            return RIGHT
        return self._quiet if role == Qt.ItemDataRole.ForegroundRole and self._is_quiet(row) else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self._headings[section] if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole else None


class TextTable(QTableView):
    """`widths` of all columns but the one that takes what is left (-1: the last)."""

    def __init__(self, model: QAbstractTableModel, widths: Sequence[int], *, several: bool = False) -> None:
        super().__init__()
        model.setParent(self)
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode.ExtendedSelection if several else QAbstractItemView.SelectionMode.SingleSelection
        self.setSelectionMode(mode)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        across = self.horizontalHeader()
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        for column, width in enumerate(widths):
            if width > 0:
                self.setColumnWidth(column, width)
            else:
                across.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    @property
    def chosen_places(self) -> list[int]:
        """The places of the chosen rows, from the top."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())
