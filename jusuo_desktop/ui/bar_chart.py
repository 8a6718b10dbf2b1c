"""One column of a table as bars: enough to see which month or village stands out, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from jusuo_desktop.ui.theme import ACCENT, LINE, PAPER, QUIET

WIDEST: Final = 46
GAP: Final = 0.35
SOFT: Final = "#8fadd3"


class BarChart(QWidget):
    """`chosen` tells which bar was clicked. Values are whole numbers in the scale of the table; `said` words one of them."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._title = ""
        self._bars: list[tuple[str, int, str]] = []
        self._marked = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(118)

    def sizeHint(self) -> QSize:
        return QSize(600, 170)

    def show_bars(self, title: str, bars: Sequence[tuple[str, int, str]], marked: int = -1) -> None:
        """Shows bars as (label, value, value in words); `marked` is painted darker."""
        self._title, self._bars, self._marked = title, list(bars), marked
        self.setAccessibleName(title)
        self.setAccessibleDescription("；".join(f"{name} {said or '0'}" for name, _, said in bars))
        self.update()

    def bar_at(self, x: float) -> int:
        """The bar under a point, -1 for none."""
        if not self._bars:
            return -1
        place = int((x - self._left()) / self._step()) if x >= self._left() else -1
        return place if 0 <= place < len(self._bars) else -1

    def _left(self) -> float:
        return 12.0

    def _step(self) -> float:
        return min((self.width() - 2 * self._left()) / max(len(self._bars), 1), WIDEST / (1 - GAP) + 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(PAPER))
        painter.setPen(QColor(LINE))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        line = self.fontMetrics().height()
        painter.setPen(QColor(QUIET))
        painter.drawText(QRect(12, 5, self.width() - 24, line), Qt.AlignmentFlag.AlignLeft, self._title)
        if not self._bars:
            return
        top, bottom = 5.0 + 2 * line + 4, self.height() - line - 8.0
        most = max((value for _, value, _ in self._bars), default=0) or 1
        step = self._step()
        wide = min(step * (1 - GAP), WIDEST)
        for place, (name, value, said) in enumerate(self._bars):
            middle = self._left() + step * (place + 0.5)
            height = (bottom - top) * value / most
            bar = QRectF(middle - wide / 2, bottom - height, wide, height)
            if height:
                painter.fillRect(bar, QColor(ACCENT if place == self._marked else SOFT))
            cell = QRectF(middle - step / 2, 0, step, line)
            painter.setPen(QColor(QUIET))
            cell.moveTop(bar.top() - line - 1)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, said)
            cell.moveTop(bottom + 3)
            shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(step) - 2)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, shown)
        painter.setPen(QColor(LINE))
        painter.drawLine(QPointF(self._left(), bottom), QPointF(self._left() + step * len(self._bars), bottom))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.bar_at(event.position().x())
        if place >= 0:
            self.chosen.emit(place)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.bar_at(float(event.pos().x()))
            if place >= 0:
                QToolTip.showText(event.globalPos(), f"{self._bars[place][0]}：{self._bars[place][2] or '0'}", self)
            return True
        return super().event(event)
