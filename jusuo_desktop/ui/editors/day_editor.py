"""A day, or a day with its hour. Typed in any customary way; Down (or Alt+Down) opens a small calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QDate, QLocale, QPoint, QSize, Qt
from PySide6.QtWidgets import QCalendarWidget, QFrame, QVBoxLayout, QWidget

from jusuo_desktop.records.field import Field, FieldType, Value
from jusuo_desktop.records.values import BadValue, parse
from jusuo_desktop.ui.editors.line_editor import LineEditor
from jusuo_desktop.ui.editors.short_dates import full_day, full_moment
from jusuo_desktop.ui.escape import Escape
from jusuo_desktop.ui.theme import DESK, INK

DUE = "due_on"


class DayEditor(LineEditor):
    """A LineEditor for DATE and TIME fields."""

    def __init__(self, field: Field, clock: Callable[[], datetime]) -> None:
        super().__init__(field)
        self._clock = clock
        self._calendar: _Calendar | None = None

    def read(self, text: str) -> Value | None:
        now = self._clock()
        full = full_moment(text, now) if self.field.type is FieldType.TIME else full_day(text, now.date(), ahead=self.field.name.endswith(DUE))
        return parse(self.field, full)

    def open_list(self) -> bool:
        try:
            value = self.value()
        except BadValue:
            value = None
        day = date.fromisoformat(str(value)[:10]) if value else self._clock().date()
        self._calendar = _Calendar(self, QDate(day.year, day.month, day.day), self._chosen)
        return True

    def _chosen(self, day: QDate) -> None:
        text = day.toString(Qt.DateFormat.ISODate)
        if self.field.type is FieldType.TIME:
            clock = self.typed_text().strip()[10:].strip()
            text = f"{text} {clock or self._clock().strftime('%H:%M')}"
        self.show_text(text)
        self.typed.emit()
        self._dirty = True


class _Calendar(QFrame):
    """Enter or a click takes the day, Esc closes; the field has the focus again afterwards."""

    def __init__(self, editor: DayEditor, day: QDate, chosen: Callable[[QDate], None]) -> None:
        host = editor.drop.parentWidget()
        super().__init__(host)
        self.setProperty("kind", "card")
        self._editor, self._chosen = editor, chosen
        box = QVBoxLayout(self)
        box.setContentsMargins(2, 2, 2, 2)
        self._days = QCalendarWidget()
        self._days.setLocale(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        self._days.setStyleSheet(f"#qt_calendar_navigationbar {{ background: {DESK}; }} QToolButton {{ color: {INK}; border: 0; padding: 2px 6px; }}")
        self._days.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self._days.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self._days.setSelectedDate(day)
        self._days.activated.connect(self._take)
        self._days.clicked.connect(self._take)
        box.addWidget(self._days)
        lines = 8 * (self.fontMetrics().height() + 10)
        size = self.sizeHint().expandedTo(QSize(0, lines + self._days.fontMetrics().height()))
        place = editor.mapTo(host, QPoint(0, editor.height() + 1))
        if place.y() + size.height() > host.height():
            place.setY(max(editor.mapTo(host, QPoint(0, 0)).y() - size.height() - 1, 0))
        place.setX(max(min(place.x(), host.width() - size.width() - 4), 0))
        self.setGeometry(place.x(), place.y(), size.width(), size.height())
        self.show()
        self.raise_()
        inner = self._days.findChild(QWidget, "qt_calendar_calendarview") or self._days
        Escape(inner, self._end)
        inner.setFocus()

    def focusNextPrevChild(self, forward: bool) -> bool:
        self._end()
        return True

    def _take(self, day: QDate) -> None:
        self._chosen(day)
        self._end()

    def _end(self) -> None:
        self.hide()
        self._editor.setFocus()
        self.deleteLater()
