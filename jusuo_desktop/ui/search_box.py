"""The search field at the top: found as you type, in the background, under the field; arrows and Enter go to the record.

Text that an input method has not yet committed is no part of the field's text and raises no signal, so it never starts a search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import halfwidth
from jusuo_desktop.store.search import Hit
from jusuo_desktop.store.store import Store
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.icons import icon
from jusuo_desktop.ui.theme import ACCENT, ACCENT_SOFT, AMBER, INK, QUIET, STRIPE

MOST: Final = 40
DAY_WIDTH: Final = 100
HIT: Final = Qt.ItemDataRole.UserRole
TYPED: Final = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


def matches(text: str, typed: str) -> list[tuple[int, int]]:
    """Where in the text the typed parts stand: (start, length)."""
    plain = halfwidth(text).lower()
    found = []
    for part in halfwidth(typed).lower().split():
        place = plain.find(part)
        if place >= 0:
            found.append((place, len(part)))
    return found


@dataclass(frozen=True, slots=True)
class DatedHit:
    """A hit with its day, which tells one visit of a person from another."""

    hit: Hit
    day: str


def found_by(store: Store, typed: str) -> list[DatedHit]:
    """The hits of a search; for the background."""
    found = []
    for hit in store.search(typed, limit=MOST):
        record = store.record(hit.id)
        day = str(record.values.get(KINDS[hit.kind].order, "")) if record is not None else ""
        found.append(DatedHit(hit, day[:10] if day[:4].isdigit() and "-" in day else ""))
    return found


def grouped(hits: list[DatedHit]) -> list[tuple[str, list[DatedHit]]]:
    """The hits by kind, kinds in the order in which they were first met."""
    groups: dict[str, list[DatedHit]] = {}
    for one in hits:
        groups.setdefault(one.hit.kind, []).append(one)
    return list(groups.items())


class _HitLine(QStyledItemDelegate):
    """A hit: its title, then the place where it matched; what was typed stands on amber."""

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        one, typed = index.data(HIT), index.data(TYPED)
        rect = option.rect
        painter.save()
        if one is None:
            painter.fillRect(rect, QColor(STRIPE))
            painter.setPen(QColor(ACCENT))
            painter.drawText(rect.adjusted(10, 0, -10, 0), Qt.AlignmentFlag.AlignVCenter, index.data())
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            painter.fillRect(rect, QColor(ACCENT_SOFT if chosen else "#ffffff"))
            hit = one.hit
            painter.setPen(QColor(QUIET))
            painter.drawText(rect.adjusted(0, 0, -12, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, one.day)
            right = self._write(painter, option, hit.title, typed, rect.left() + 18, INK, rect.width() // 2)
            said = f"{hit.field}：{hit.line}" if hit.line and hit.line != hit.title else hit.field
            left = max(right + 18, rect.left() + rect.width() * 2 // 5)
            self._write(painter, option, said, typed, left, QUIET, rect.right() - left - DAY_WIDTH)
        painter.restore()

    def _write(self, painter: QPainter, option: Any, text: str, typed: str, left: int, ink: str, width: int) -> int:
        elided = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        layout = QTextLayout(elided, option.font)
        layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
        formats = []
        for start, length in matches(elided, typed):
            found: Any = QTextLayout.FormatRange()
            found.start, found.length = start, length
            look = QTextCharFormat()
            look.setBackground(QColor(AMBER))
            look.setForeground(QColor(INK))
            found.format = look
            formats.append(found)
        layout.setFormats(formats)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(100_000)
        layout.endLayout()
        painter.setPen(QColor(ink))
        layout.draw(painter, QPoint(left, option.rect.top() + (option.rect.height() - int(line.height())) // 2).toPointF())
        return left + int(line.naturalTextWidth())

    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(100, option.fontMetrics.height() + 8)


class Found(QFrame):
    """The list under the field. It is a child of the window, not a window, so that the focus and the input method stay in the field."""

    opened = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "popup")
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setStyleSheet("QListWidget { border: 0; }")
        self.list.setItemDelegate(_HitLine(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(lambda item: self._open(item))
        self.foot = QLabel()
        self.foot.setProperty("kind", "hint")
        self.foot.setContentsMargins(10, 3, 10, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.foot)
        self.hide()

    def show_hits(self, hits: list[DatedHit], typed: str) -> None:
        """Lists the hits by kind, the first one chosen."""
        self.list.clear()
        for kind, some in grouped(hits):
            head = QListWidgetItem(KINDS[kind].label)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(head)
            for one in some:
                item = QListWidgetItem(one.hit.title)
                item.setData(HIT, one)
                item.setData(TYPED, typed)
                self.list.addItem(item)
        self.move_by(1)
        more = f"只列出前 {MOST} 条，请再多输入几个字" if len(hits) >= MOST else f"找到 {len(hits)} 条"
        none = f"没有找到“{typed}”。可以输入姓名、拼音首字母、号码或内容里的任意几个字。"
        self.foot.setText(f"{more}    ↑↓ 选择，Enter 打开，Esc 收起" if hits else none)

    def move_by(self, step: int) -> None:
        """Moves the choice over the hits, past the headings."""
        row = self.list.currentRow()
        while 0 <= (row := row + step) < self.list.count():
            if self.list.item(row).data(HIT) is not None:
                self.list.setCurrentRow(row)
                if row == 1:
                    self.list.scrollToTop()
                return

    def open_chosen(self) -> None:
        """Opens the chosen hit."""
        if self.list.currentItem() is not None:
            self._open(self.list.currentItem())

    def _open(self, item: QListWidgetItem) -> None:
        one = item.data(HIT)
        if one is not None:
            self.opened.emit(one.hit.kind, one.hit.id)


class SearchBox(QLineEdit):
    """The field with its list. `left`: the clerk is done here, and the focus goes back to the page."""

    opened = Signal(str, str)
    left = Signal()

    def __init__(self, desk: Desk, over: QWidget) -> None:
        super().__init__()
        self._desk = desk
        self.found = Found(over)
        self.searches = 0
        self.setPlaceholderText("查找姓名、首字母、号码、任意文字    / 或 Ctrl+F")
        self.setClearButtonEnabled(True)
        self.addAction(icon("search", QUIET, 16), QLineEdit.ActionPosition.LeadingPosition)
        self.setMaxLength(200)
        self.textChanged.connect(self._search)
        self.found.opened.connect(self._open)

    def start(self) -> None:
        """The focus comes here, what stands here is selected, so that typing replaces it."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        if self.text().strip():
            self._search(self.text())

    def _search(self, text: str) -> None:
        typed = text.strip()
        if not typed:
            self._desk.background.run(self, lambda _reins: None, key="search")
            self.found.hide()
            return
        self.searches += 1
        store = self._desk.session.store
        self._desk.background.run(self, lambda _reins: found_by(store, typed), done=lambda hits: self._show(hits, typed), key="search")

    def _show(self, hits: list[DatedHit], typed: str) -> None:
        if typed != self.text().strip() or not self.hasFocus():
            return
        self.found.show_hits(hits, typed)
        over = self.found.parentWidget()
        line = self.fontMetrics().height() + 8
        rows = min(self.found.list.count(), 18)
        place = self.mapTo(over, QPoint(0, self.height() + 2))
        width = min(max(self.width(), 760), over.width() - place.x() - 12)
        height = min(rows * line + line + 8, over.height() - place.y() - 30)
        self.found.setGeometry(place.x(), place.y(), width, height)
        self.found.show()
        self.found.raise_()

    def _open(self, kind: str, record_id: str) -> None:
        self.found.hide()
        self.clear()
        self.left.emit()
        self.opened.emit(kind, record_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.found.hide()
            self.clear()
            self.left.emit()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.found.isVisible():
            self.found.move_by(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.found.isVisible():
                self.found.open_chosen()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.found.hide()
