"""The amber bar under the header: what could not be done, until the clerk closes it. It never stands in the way of typing."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from jusuo_desktop.ui.theme import button

MOST: Final = 3


class RefusalBar(QFrame):
    """Shows the last few sentences; the newest first. The same sentence is not repeated. `closed`: somebody has read them."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "bar")
        self._sentences: list[str] = []
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = button("知道了", flat=True)
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.clear)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 4, 8, 4)
        layout.addWidget(self._text, 1)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def sentences(self) -> list[str]:
        """What stands on the bar."""
        return list(self._sentences)

    def tell(self, sentence: str) -> None:
        """Adds a sentence in front of the others."""
        self._sentences = [sentence, *(s for s in self._sentences if s != sentence)][:MOST]
        self._text.setText("\n".join(self._sentences))
        self.show()

    def clear(self) -> None:
        """Takes the bar away."""
        self._sentences = []
        self.hide()
        self.closed.emit()
