"""The calm line at the foot of an entry page: what was done, what is still lacking, and the way there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from jusuo_desktop.ui.theme import button, label

MOST_NAMED: Final = 8


class FootLine(QWidget):
    """`jump_wanted`: to the first field that is lacking."""

    jump_wanted = Signal()

    def __init__(self, keys: str) -> None:
        super().__init__()
        self._said = label("")
        self._lacking = label("", "hint")
        for one in (self._said, self._lacking):
            one.setTextFormat(Qt.TextFormat.PlainText)
            one.setMinimumWidth(1)  # a long sentence is cut off and never makes the window wider
        self._jump = button(f"去填写  {keys}", flat=True)
        self._jump.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._jump.clicked.connect(self.jump_wanted)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        for widget in (self._said, self._lacking, self._jump):
            box.addWidget(widget)
            widget.hide()
        box.addStretch(1)
        self.setMinimumHeight(self._jump.sizeHint().height())

    def say(self, text: str) -> None:
        """What was done, or why not."""
        self._said.setText(text)
        self._said.setToolTip(text)
        self._said.setVisible(bool(text))

    def tell_lacking(self, labels: Sequence[str]) -> None:
        """What is still empty and needed."""
        more = "…" if len(labels) > MOST_NAMED else ""
        self._lacking.setText(f"还缺：{'、'.join(labels[:MOST_NAMED])}{more}" if labels else "")
        self._lacking.setToolTip("、".join(labels))
        for one in (self._lacking, self._jump):
            one.setVisible(bool(labels))

    @property
    def said(self) -> str:
        """What the line says."""
        return self._said.text()

    @property
    def lacking(self) -> str:
        """What it says to be lacking."""
        return self._lacking.text()
