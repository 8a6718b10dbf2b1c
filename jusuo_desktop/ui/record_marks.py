"""What stands beside a record's title: its printed number or the way to draw it, and how far it has travelled."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from jusuo_desktop.actions.where_is import Stand
from jusuo_desktop.store.whereabouts import IN_CONFLICT, RECEIVED, REFUSED
from jusuo_desktop.ui.field_cell import restyle
from jusuo_desktop.ui.theme import button, label

PAINTED: Final = {REFUSED: "bad", IN_CONFLICT: "bad", RECEIVED: "good"}


class _Chip(QPushButton):
    """`reached` when the focus comes to it: its sentence is said where people read."""

    reached = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.OtherFocusReason):
            self.reached.emit()


class RecordMarks(QWidget):
    """`draw_wanted`: the clerk asks for the number; `way_wanted`: for what is to be done about the way, by its state; `said` its sentence."""

    draw_wanted = Signal()
    way_wanted = Signal(str)
    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._stand: Stand | None = None
        self._number = label("", "hint")
        self._number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._draw = button("取编号", flat=True)
        self._draw.setToolTip("编号取出后不再变动；打印时会自动取号")
        self._draw.clicked.connect(self.draw_wanted)
        self.chip = _Chip()
        self.chip.setProperty("kind", "chip")
        self.chip.setAutoDefault(True)
        self.chip.hide()
        self.chip.clicked.connect(lambda: self.way_wanted.emit(self._stand.state) if self._stand is not None else None)
        self.chip.reached.connect(lambda: self.said.emit(self._stand.said) if self._stand is not None else None)
        box = QHBoxLayout(self)
        box.setContentsMargins(8, 0, 0, 0)
        box.setSpacing(10)
        for widget in (self._number, self._draw, self.chip):
            box.addWidget(widget)

    def tell(self, number: str, stand: Stand | None, *, may_draw: bool) -> None:
        """Shows the number ('' none yet) and the way (None: it is not saved yet)."""
        self._number.setText(number)
        self._number.setVisible(bool(number))
        self._draw.setVisible(may_draw)
        self._stand = stand
        self.chip.setVisible(stand is not None)
        if stand is not None:
            self.chip.setText(stand.short)
            self.chip.setToolTip(stand.said)
            self.chip.setAccessibleDescription(stand.said)
            restyle(self.chip, "standing", PAINTED.get(stand.state, "calm"))

    @property
    def number(self) -> str:
        """The number shown."""
        return self._number.text()

    @property
    def way(self) -> str:
        """How far the record has come."""
        return self._stand.short if self._stand is not None else ""
