"""Text over several lines that grows with what is written. Enter is a new line here; Tab or Ctrl+Enter goes on."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from jusuo_desktop.records.field import Field, Value
from jusuo_desktop.ui.editors.held_text import HeldText
from jusuo_desktop.ui.editors.line_editor import ENTER

MOST_LINES: Final = 22
"""Beyond this it scrolls inside itself, so that what follows stays within reach."""


class LongTextEditor(HeldText, QPlainTextEdit):
    """The same signals and words as a LineEditor."""

    typed = Signal()
    settled = Signal()
    onward = Signal(bool)

    def __init__(self, field: Field, lines: int = 3) -> None:
        super().__init__()
        self.field = field
        self._quiet = False
        self.lines = lines
        """What the layout gives it."""
        self._more = 0
        self._lines = lines
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._on_changed)
        self.document().documentLayout().documentSizeChanged.connect(lambda size: self._grow())

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return not source.hasUrls() and super().canInsertFromMimeData(source)  # a file is for the page, and its path is no text

    def put_typed(self, value: Value) -> None:
        self.show_text(self.text_of(value))
        self.typed.emit()

    def value(self) -> Value | None:
        return self.read(self.typed_text()) if self.touched else self._value

    def typed_text(self) -> str:
        return self.toPlainText()

    def settle(self) -> None:
        self._dirty = False

    def set_locked(self, locked: bool) -> None:
        self.setReadOnly(locked)

    def sizeHint(self) -> QSize:
        margin = 2 * int(self.document().documentMargin()) + 2 * self.frameWidth() + 6
        return QSize(400, self._lines * self.fontMetrics().lineSpacing() + margin)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    @property
    def more(self) -> int:
        """Lines beyond those of the layout, while the window has room to spare."""
        return self._more

    def set_more(self, lines: int) -> None:
        """Takes that many lines more."""
        if lines != self._more:
            self._more = lines
            self._grow()

    def show_text(self, text: str) -> None:
        self._quiet = True
        self.setPlainText(text)
        self._quiet = False

    def _on_changed(self) -> None:
        if not self._quiet and not self.composing:
            self._dirty = True
            self.typed.emit()

    def _grow(self) -> None:
        lines = min(max(int(self.document().size().height()), self.lines + self._more), max(MOST_LINES, self.lines + self._more))
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if self.isReadOnly():
            event.ignore()
            return
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        if event.commitString():
            self._dirty = True
            self.typed.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self.composing:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.composing and event.key() in ENTER:
            event.accept()  # it ends the unfinished text; a new line was not meant
        elif not self.composing and event.key() in ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.onward.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            event.accept()
        elif not self.composing and event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._dirty and event.reason() != Qt.FocusReason.PopupFocusReason:
            self._dirty = False
            self.settled.emit()
