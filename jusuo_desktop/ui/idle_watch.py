"""Knows when nobody has touched keyboard or mouse for some time: then the window locks, and slow housekeeping may run."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

TOUCHES: Final = frozenset({
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.InputMethod, QEvent.Type.TouchBegin,
})  # fmt: skip


class IdleWatch(QObject):
    """`idle` comes once after `limit_ms` without a touch; 0 never. `still_ms` is how long it has been quiet."""

    idle = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._since = QElapsedTimer()
        self._since.start()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._limit = 0
        _application().installEventFilter(self)

    @property
    def still_ms(self) -> int:
        """Milliseconds since the last touch."""
        return self._since.elapsed()

    def set_limit(self, limit_ms: int) -> None:
        """Watches for that much quiet, counted from the last touch."""
        if limit_ms == self._limit:
            return
        self._limit = limit_ms
        if limit_ms:
            self._timer.start(limit_ms)
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Watches no more."""
        self._timer.stop()
        _application().removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in TOUCHES:
            self._since.restart()
        return False

    def _look(self) -> None:
        left = self._limit - self._since.elapsed()
        if left > 0:
            self._timer.start(max(int(left), 10))
        elif self._limit:
            self.idle.emit()
            self._timer.start(self._limit)


def _application() -> QCoreApplication:
    application = QApplication.instance()
    assert application is not None
    return application
