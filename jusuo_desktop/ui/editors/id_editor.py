"""An identity number: grouped as on the card while it is not being typed, masked where the case is closed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent

from jusuo_desktop.records.field import Field
from jusuo_desktop.records.values import mask
from jusuo_desktop.ui.editors.line_editor import LineEditor


def grouped(number: str) -> str:
    """'330424 19800101 0022': region, birth date, the rest; anything else unchanged."""
    return f"{number[:6]} {number[6:14]} {number[14:]}" if len(number) == 18 and number[:17].isdigit() else number


class IdEditor(LineEditor):
    """A LineEditor whose true text is kept apart from what is shown. `unmasked` is told when a masked number is looked at."""

    unmasked = Signal()

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._true = ""
        self._open = False
        self._masked = False

    def set_masked(self, masked: bool) -> None:
        """Hides the middle while the focus is elsewhere."""
        self._masked = masked
        self._dress()

    def typed_text(self) -> str:
        return self._true

    def show_text(self, text: str) -> None:
        self._true = text
        self._dress()

    def _on_typed(self) -> None:
        self._true = self.text()
        super()._on_typed()

    def _dress(self) -> None:
        resting = mask(self._true) if self._masked and not self.touched else grouped(self._true)
        dressed = self._true if self._open else resting
        if dressed != self.text():
            self.setText(dressed)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if not self._open and self._masked and self._true:
            self.unmasked.emit()
        self._open = True
        self._dress()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._open = False
        self._dress()
