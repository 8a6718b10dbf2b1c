"""Knows when nobody has touched keyboard or mouse for some time: then the window locks, and slow housekeeping may run."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QApplication

TOUCHES: Final = frozenset({
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.InputMethod, QEvent.Type.TouchBegin,
})  # fmt: skip


class IdleWatch(QObject):
    """`idle` comes after `limit_ms` without a touch, again after as long; 0 never. `still_ms` is how long it has been quiet.

    It hears what the system sends to the window itself: to look at every event of every widget would cost each frame a part of its time.
    """

    idle = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._since = QElapsedTimer()
        self._since.start()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._limit = 0
        self._window: QWindow | None = None

    @property
    def still_ms(self) -> int:
        """Milliseconds since the last touch."""
        return self._since.elapsed()

    def watch(self, window: QWindow | None) -> None:
        """Hears the touches of this window."""
        if window is not None and self._window is None:
            self._window = window
            window.installEventFilter(self)

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
        if self._window is not None:
            self._window.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in TOUCHES:
            self._since.restart()
        return False

    def _look(self) -> None:
        if QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None:
            self._since.restart()  # its touches go to a window of its own
        left = self._limit - self._since.elapsed()
        if left > 0:
            self._timer.start(max(int(left), 10))
        elif self._limit:
            self.idle.emit()
            self._timer.start(self._limit)
