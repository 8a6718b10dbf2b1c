"""A short list of things to go to: lines of a few columns; Enter, or a click with the mouse, goes there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem

from jusuo_desktop.ui.theme import QUIET

GO = Qt.ItemDataRole.UserRole
LAST_SHARE = 0.58
"""Of the width, for the last column at most: a long sentence is cut off and not the name before it; the tool tip has the whole."""


@dataclass(frozen=True)
class Line:
    """One line: its texts, where it leads, and the ink of the first column."""

    texts: tuple[str, ...]
    go: Callable[[], object]
    ink: str = ""


class LineList(QTreeWidget):
    """`grows` names the column that takes the room that is left; the others are as wide as their text, the last no wider than its share."""

    filled = Signal()

    def __init__(self, columns: int, grows: int, empty: str) -> None:
        super().__init__()
        self._empty = empty
        self.setColumnCount(columns)
        self.setStyleSheet("QTreeWidget { border: 0; } QTreeWidget::item { padding: 3px 2px 3px 6px; }")
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.setAllColumnsShowFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.header().setStretchLastSection(False)
        self.header().setMinimumSectionSize(20)
        for column in range(columns):
            last = column == columns - 1 and columns > 1 and column != grows
            mode = QHeaderView.ResizeMode.Fixed if last else QHeaderView.ResizeMode.ResizeToContents
            self.header().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch if column == grows else mode)
        self._last = columns - 1 if columns > 1 and grows != columns - 1 else -1
        self.itemClicked.connect(self._go)

    def fill(self, lines: Sequence[Line]) -> None:
        """Shows these lines; the chosen place stays."""
        place = self.indexOfTopLevelItem(self.currentItem()) if self.currentItem() else 0
        self.clear()
        for line in lines:
            item = QTreeWidgetItem(list(line.texts))
            item.setData(0, GO, line.go)
            for column, text in enumerate(line.texts):
                item.setToolTip(column, text)
            if line.ink:
                item.setForeground(0, QColor(line.ink))
            item.setForeground(len(line.texts) - 1, QColor(QUIET))
            self.addTopLevelItem(item)
        if not lines:
            item = QTreeWidgetItem([""] * self.columnCount())
            item.setFirstColumnSpanned(True)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setText(0, self._empty)
            self.addTopLevelItem(item)
            item.setFirstColumnSpanned(True)
        elif place >= 0:
            self.setCurrentItem(self.topLevelItem(min(place, len(lines) - 1)))
        self._share()
        self.filled.emit()

    def _share(self) -> None:
        if self._last >= 0:
            wide = self.sizeHintForColumn(self._last) + 8
            self.header().resizeSection(self._last, min(wide, int(self.viewport().width() * LAST_SHARE)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    @property
    def lines(self) -> list[tuple[str, ...]]:
        """What is shown."""
        items = [self.topLevelItem(i) for i in range(self.topLevelItemCount())]
        return [tuple(item.text(c) for c in range(self.columnCount())) for item in items if item.data(0, GO) is not None]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self._go(self.currentItem())
        else:
            super().keyPressEvent(event)

    def _go(self, item: QTreeWidgetItem) -> None:
        go = item.data(0, GO)
        if go is not None:
            go()
