"""The table of a list: paints straight from the model's rows, tells it which rows are in sight, keeps its place when the list changes."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QTableView

from jusuo_desktop.ui.list_model import ListModel, right_aligned
from jusuo_desktop.ui.theme import ACCENT_SOFT, AMBER_INK, INK, PAPER, QUIET, RED, STRIPE

MARK_WIDTH: Final = 42
MARK_INKS: Final = {"退回": RED, "分歧": RED, "作废": QUIET, "暂缓": AMBER_INK, "未报": AMBER_INK}
Index = QModelIndex | QPersistentModelIndex


class _Cell(QStyledItemDelegate):
    """Paints a cell with one look at the row instead of one call for each role: twice as many frames a second on an old PC."""

    def __init__(self, model: ListModel, parent: QTableView) -> None:
        super().__init__(parent)
        self._model = model
        self._colours = {name: QColor(name) for name in (INK, PAPER, QUIET, RED, AMBER_INK, STRIPE, ACCENT_SOFT)}
        self._struck = QFont(parent.font())
        self._struck.setStrikeOut(True)

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        place, column = index.row(), index.column()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(option.rect, self._colours[ACCENT_SOFT if chosen else STRIPE if place % 2 else PAPER])
        text = self._model.text(place, column)
        if not text:
            return
        row = self._model.row_at(place)
        voided = row is not None and row.voided
        ink = MARK_INKS.get(text, QUIET) if column == 0 else QUIET if voided or row is None else INK
        painter.setPen(self._colours[ink])
        painter.setFont(self._struck if voided and column else option.font)
        side = Qt.AlignmentFlag.AlignRight if column and right_aligned(self._model.columns[column - 1]) else Qt.AlignmentFlag.AlignLeft
        rect: QRect = option.rect.adjusted(6, 0, -6, 0)
        shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


class ListTable(QTableView):
    """`opened` a place by Enter or double click; `typed` letters that belong into the filter field; `menu_wanted` at a place."""

    opened = Signal(int)
    typed = Signal(str)
    resized = Signal()
    chosen = Signal()

    def __init__(self, model: ListModel) -> None:
        super().__init__()
        self._model = model
        self._kept: tuple[int | None, int | None, int] = (None, None, 0)
        self.setModel(model)
        self.setItemDelegate(_Cell(model, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        down = self.verticalHeader()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(self.fontMetrics().height() + 6)
        down.hide()
        across = self.horizontalHeader()
        across.setHighlightSections(False)
        across.setSectionsClickable(True)
        across.setSortIndicatorShown(True)
        across.setMinimumSectionSize(30)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self.verticalScrollBar().valueChanged.connect(self._sight_changed)
        model.modelAboutToBeReset.connect(self._keep_place)
        model.replaced.connect(self._find_place)
        model.rowsInserted.connect(self._sight_changed)

    def current_place(self) -> int:
        """The chosen row's place, -1 for none."""
        return self.currentIndex().row()

    def choose(self, place: int) -> None:
        """Chooses a row and brings it into sight."""
        if 0 <= place < self._model.rowCount():
            self.setCurrentIndex(self._model.index(place, 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.current_place() >= 0:
                self.opened.emit(self.current_place())
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and plain:
            self.choose(0 if event.key() == Qt.Key.Key_Home else self._model.rowCount() - 1)
        elif plain and event.text().isprintable() and event.text().strip():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.chosen.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sight_changed()
        self.resized.emit()

    def _sight_changed(self) -> None:
        first = max(self.rowAt(0), 0)
        tall = self.viewport().height() // max(self.verticalHeader().defaultSectionSize(), 1) + 1
        self._model.see(first, first + tall)

    def _keep_place(self) -> None:
        place, first = self.current_place(), max(self.rowAt(0), 0)
        self._kept = (self._model.key_at(place), self._model.key_at(first), place)

    def _find_place(self) -> None:
        current, first, before = self._kept
        top = self._model.place_of(first)
        if top > 0:
            self.scrollTo(self._model.index(top, 1), QAbstractItemView.ScrollHint.PositionAtTop)
        place = self._model.place_of(current)
        count = self._model.rowCount()
        if place < 0 and count:
            place = min(max(before, 0), count - 1)
        if place >= 0:
            index = self._model.index(place, 1)
            bar = self.verticalScrollBar().value()
            self.setCurrentIndex(index)
            if top > 0:
                self.verticalScrollBar().setValue(bar)
        self._sight_changed()
