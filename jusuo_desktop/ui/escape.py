"""Esc closes what lies on the page before it leaves the page: the window's shortcut must not see it first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget


class Escape(QObject):
    """Watches `widget`: Esc there calls `closes` and goes no further."""

    def __init__(self, widget: QWidget, closes: Callable[[], None]) -> None:
        super().__init__(widget)
        self._closes = closes
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            self._closes()
            return True
        return False
