"""What stands beside a record's title: its printed number or the way to draw it, and how far it has travelled."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from jusuo_desktop.ui.field_cell import restyle
from jusuo_desktop.ui.theme import button, label

KINDS_OF_WAY: Final = {"有冲突": "problem", "已上报": "good"}


class RecordMarks(QWidget):
    """`draw_wanted`: the clerk asks for the number."""

    draw_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._number = label("", "hint")
        self._number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._draw = button("取编号", flat=True)
        self._draw.setToolTip("编号取出后不再变动；打印时会自动取号")
        self._draw.clicked.connect(self.draw_wanted)
        self._way = label("", "hint")
        box = QHBoxLayout(self)
        box.setContentsMargins(8, 0, 0, 0)
        box.setSpacing(10)
        for widget in (self._number, self._draw, self._way):
            box.addWidget(widget)

    def tell(self, number: str, way: str, *, may_draw: bool) -> None:
        """Shows the number ('' none yet) and the way."""
        self._number.setText(number)
        self._number.setVisible(bool(number))
        self._draw.setVisible(may_draw)
        self._way.setText(way)
        restyle(self._way, "kind", KINDS_OF_WAY.get(way, "hint"))

    @property
    def number(self) -> str:
        """The number shown."""
        return self._number.text()

    @property
    def way(self) -> str:
        """How far the record has come."""
        return self._way.text()
