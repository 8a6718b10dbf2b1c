"""The list that drops down under a field. A child of the page and never a window of its own: it takes no focus and no input method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from jusuo_desktop.ui.theme import ACCENT

MOST_LINES: Final = 12
WIDEST: Final = 760


class DropList(QListWidget):
    """Lines to choose from; the field above it keeps the focus and steers it by keys. One for the whole page."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setObjectName("drop_list")
        self.setStyleSheet(f"QListWidget {{ border: 1px solid {ACCENT}; }} QListWidget::item {{ padding: 2px 5px; }}")
        self.owner: QWidget | None = None
        self._take: Callable[[int], None] = lambda row: None
        self.itemClicked.connect(self._clicked)
        self.hide()

    @staticmethod
    def of(field: QWidget) -> DropList:
        """The drop list of the page that the field stands on."""
        host = field.window()
        ancestor = field.parentWidget()
        while ancestor is not None:
            if ancestor.property("drop_host"):
                host = ancestor
                break
            ancestor = ancestor.parentWidget()
        found = host.findChild(DropList, "drop_list", Qt.FindChildOption.FindDirectChildrenOnly)
        return found if found is not None else DropList(host)

    def offer(self, owner: QWidget, lines: Sequence[str], take: Callable[[int], None], current: int = -1, at: QRect | None = None) -> None:
        """Shows the lines under `owner`, or under the spot `at` inside it; `take` gets the chosen one's place. Without a `current` line Enter
        chooses nothing.
        """
        if not lines:
            self.leave(owner)
            return
        self.owner, self._take = owner, take
        self.clear()
        for line in lines:
            item = QListWidgetItem(line)
            item.setToolTip(line if len(line) > 30 else "")
            self.addItem(item)
        self.setCurrentRow(current)
        self._place(owner, len(lines), at)
        self.show()
        self.raise_()

    def leave(self, owner: QWidget) -> None:
        """Hides the list if it is `owner`'s."""
        if self.owner is owner:
            self.owner = None
            self.hide()

    def is_open_for(self, owner: QWidget) -> bool:
        """Whether the list is shown under that field."""
        return self.owner is owner and not self.isHidden()

    def move_by(self, lines: int) -> None:
        """Moves the mark up or down, round the ends."""
        count = self.count()
        row = self.currentRow()
        start = row if row >= 0 else (-1 if lines > 0 else count)
        step = start + lines
        self.setCurrentRow(min(max(step, 0), count - 1) if abs(lines) > 1 else step % count)

    def take_current(self) -> bool:
        """Takes the marked line; False if none is marked."""
        row = self.currentRow()
        if row < 0:
            return False
        self._take(row)
        return True

    def _clicked(self, item: QListWidgetItem) -> None:
        self._take(self.row(item))

    def _place(self, owner: QWidget, count: int, at: QRect | None) -> None:
        host = self.parentWidget()
        line = self.sizeHintForRow(0)
        height = line * min(count, MOST_LINES) + 2 * self.frameWidth() + 2
        bar = self.verticalScrollBar().sizeHint().width()
        spot = at or QRect(0, 0, owner.width(), owner.height())
        width = min(max(spot.width(), self.sizeHintForColumn(0) + 2 * self.frameWidth() + bar + 12), WIDEST, host.width() - 8)
        below = owner.mapTo(host, QPoint(spot.left(), spot.top() + spot.height() + 1))
        above = owner.mapTo(host, QPoint(0, spot.top() - 1)).y()
        room_below = host.height() - below.y() - 4
        if room_below < height and above > room_below:
            height = min(height, above - 4)
            below.setY(above - height)
        else:
            height = max(min(height, room_below), line + 4)
        left = min(max(below.x(), 4), max(host.width() - width - 4, 4))
        self.setGeometry(left, below.y(), width, height)

    def sizeHint(self) -> QSize:
        return QSize(200, 100)
