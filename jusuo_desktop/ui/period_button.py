"""A button that chooses a stretch of time: by its customary name, or from a day to a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QMenu, QPushButton

from jusuo_desktop.records.field import date as date_field
from jusuo_desktop.records.values import BadValue, parse
from jusuo_desktop.ui import periods
from jusuo_desktop.ui.periods import Span
from jusuo_desktop.ui.theme import button, label

NOTHING: Span = (None, None)


class _FromTo(QFrame):
    """Two days to type."""

    done = Signal(object)

    def __init__(self, parent: QPushButton, span: Span) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("kind", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.first, self.last = QLineEdit(span[0] or ""), QLineEdit(span[1] or "")
        self._problem = label("", "problem")
        grid = QGridLayout(self)
        for row, (said, field) in enumerate((("从", self.first), ("到", self.last))):
            field.setPlaceholderText("如 2026-3-7，可不填")
            field.setMinimumWidth(170)
            field.returnPressed.connect(self._take)
            grid.addWidget(QLabel(said), row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(self._problem, 2, 0, 1, 2)
        self._problem.hide()
        take = button("确定", primary=True)
        take.clicked.connect(self._take)
        grid.addWidget(take, 3, 1, Qt.AlignmentFlag.AlignRight)

    def _take(self) -> None:
        try:
            span = tuple(parse(date_field("day", said), field.text()) for said, field in (("起日", self.first), ("止日", self.last)))
        except BadValue as bad:
            self._say(bad.message)
            return
        if None not in span and str(span[0]) > str(span[1]):
            self._say("起日在止日之后，请核对。")
            return
        self.done.emit(span)
        self.close()

    def _say(self, message: str) -> None:
        self._problem.setText(message)
        self._problem.show()
        self.adjustSize()


class PeriodButton(QPushButton):
    """`changed` tells when another stretch was chosen; `span` is (from, to), None for open ends."""

    changed = Signal()

    def __init__(self, name: str, today: Callable[[], date]) -> None:
        super().__init__()
        self.setProperty("kind", "menu")
        self._name, self._today = name, today
        self.span: Span = NOTHING
        self.clicked.connect(self._open)
        self._show()

    def set_span(self, span: Span) -> None:
        """Chooses without telling."""
        self.span = (span[0], span[1])
        self._show()

    def menu_of_periods(self) -> QMenu:
        """The menu."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("全部时间").triggered.connect(lambda: self._take(NOTHING))
        menu.addSeparator()
        for name in periods.NAMES:
            menu.addAction(name).triggered.connect(lambda _=False, n=name: self._take(periods.span_of(n, self._today())))
        menu.addSeparator()
        menu.addAction("起止日期…").triggered.connect(self._ask)
        return menu

    def _open(self) -> None:
        self.menu_of_periods().popup(self.mapToGlobal(QPoint(0, self.height())))

    def _ask(self) -> None:
        made = _FromTo(self, self.span)
        made.done.connect(self._take)
        made.move(self.mapToGlobal(QPoint(0, self.height())))
        made.show()
        made.first.setFocus()

    def _take(self, span: Span) -> None:
        if span != self.span:
            self.set_span(span)
            self.changed.emit()

    def _show(self) -> None:
        names = {periods.span_of(name, self._today()): name for name in reversed(periods.NAMES)}
        said = names.get(self.span) or periods.said(self.span)
        self.setText(f"{self._name}：{said} ▾" if said else f"{self._name} ▾")
        self.setProperty("chosen", "true" if said else "false")
        self.style().unpolish(self)
        self.style().polish(self)
