"""One line to type in: text, number, money, phone. What is typed stays as typed; the value is read from it on leaving."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QFocusEvent, QHelpEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolTip

from jusuo_desktop.records.field import Field, FieldType, Value
from jusuo_desktop.records.values import BadValue, halfwidth, yuan
from jusuo_desktop.ui.editors.drop_list import DropList
from jusuo_desktop.ui.editors.held_text import HeldText

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
STEERING = (*ENTER, Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
BY_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class LineEditor(HeldText, QLineEdit):
    """`typed` at each change by the clerk, `settled` on leaving after a change, `onward` at Enter (False: Shift+Enter, back)."""

    typed = Signal()
    settled = Signal()
    onward = Signal(bool)

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self._dropped: DropList | None = None
        self.textEdited.connect(self._on_typed)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.ignore()  # a file is for the page, and its path is no text
        else:
            super().dragEnterEvent(event)

    # -- the value ---------------------------------------------------------

    def put_typed(self, value: Value) -> None:
        """Fills in a value as if it had been typed."""
        self.show_text(self.text_of(value))
        self._dirty = False
        self.typed.emit()

    def value(self) -> Value | None:
        """The stored value of what stands here; None when empty.

        Raises:
            BadValue: it is no value of this field.
        """
        if not self.touched:
            return self._value
        text = self.typed_text()
        try:
            return self.read(text)
        except BadValue:
            ordinary = halfwidth(text)
            if ordinary == text or self.field.type is not FieldType.TEXT:
                raise
            return self.read(ordinary)  # “9：30” as a Chinese input method writes it

    def settle(self) -> None:
        """Writes the value the customary way, if it is one; what is wrong stays as it was typed."""
        self._dirty = False
        try:
            value = self.value()
        except BadValue:
            return
        if self.touched and (written := self.text_of(value)) != self.typed_text():
            self.show_text(written)

    # what kinds of lines differ in

    def text_of(self, value: Value | None) -> str:
        """The text that stands for a value."""
        if value is not None and self.field.type is FieldType.MONEY and isinstance(value, int):
            return yuan(value)
        return super().text_of(value)

    def typed_text(self) -> str:
        """What was typed, unmasked."""
        return self.text()

    def show_text(self, text: str) -> None:
        """Replaces what stands here."""
        self.setText(text)
        if not self.hasFocus():
            self.setCursorPosition(0)  # a long address shows its beginning

    def open_list(self) -> bool:
        """Opens what the field offers; False if it offers nothing."""
        return False

    # -- keys ----------------------------------------------------------------

    @property
    def drop(self) -> DropList:
        """The page's drop list."""
        self._dropped = DropList.of(self)
        return self._dropped

    @property
    def offering(self) -> bool:
        """Whether a list is open under this line."""
        return self.drop.is_open_for(self)

    def set_locked(self, locked: bool) -> None:
        """Read-only or not."""
        self.setReadOnly(locked)

    def _on_typed(self) -> None:
        self._dirty = True
        self.typed.emit()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if self.isReadOnly():
            event.ignore()
            return
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._is_cut_off():
            QToolTip.showText(event.globalPos(), self.text(), self)
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._ours(event.key()):
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab and self.offering:
            self.drop.take_current()  # the marked line is what the clerk sees and means
        return super().event(event)

    def _is_cut_off(self) -> bool:
        """Whether the text is longer than the line."""
        margins = self.textMargins()
        return self.fontMetrics().horizontalAdvance(self.text()) > self.width() - margins.left() - margins.right() - 14

    def _ours(self, key: int) -> bool:
        """Whether a key must not become a shortcut of page or window."""
        return self.composing or (key in STEERING and self.offering)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.composing:
            super().keyPressEvent(event)
            return
        key, modifiers = event.key(), event.modifiers()
        if key in STEERING and self.offering and self._steer(key, modifiers):
            event.accept()
        elif key in ENTER:
            self.onward.emit(not modifiers & Qt.KeyboardModifier.ShiftModifier)
            event.accept()
        elif key == Qt.Key.Key_Down and not self.isReadOnly() and self.open_list():
            event.accept()
        elif key == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _steer(self, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        drop = self.drop
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}
        if key in moves:
            drop.move_by(moves[Qt.Key(key)])
            return True
        if key == Qt.Key.Key_Escape:
            drop.leave(self)
            return True
        if modifiers & Qt.KeyboardModifier.ShiftModifier or not drop.take_current():
            drop.leave(self)
            return False
        drop.leave(self)
        return self.stays_after_taking()

    def stays_after_taking(self) -> bool:
        """Whether Enter on a line of the list stays in the field; else it goes on to the next one."""
        return False

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in BY_KEYS and self.field.type is FieldType.TEXT:
            self.end(False)  # a beginning is typed on; a code or a date is typed over
        elif event.reason() == Qt.FocusReason.OtherFocusReason:
            self.selectAll() if self.field.type is not FieldType.TEXT else self.end(False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._dropped is not None and shiboken6.isValid(self._dropped):
            self._dropped.leave(self)  # not looked for: the focus also leaves while the page is being destroyed round this line
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return
        dirty = self._dirty
        self.settle()
        self.setCursorPosition(0)
        if dirty:
            self.settled.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.drop.leave(self)
        super().contextMenuEvent(event)
