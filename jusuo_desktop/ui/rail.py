"""The rail on the left: the parts of the program, each with its number key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QPushButton, QVBoxLayout

from jusuo_desktop.ui.icons import icon
from jusuo_desktop.ui.theme import RAIL_INK

WIDE: Final = 158
NARROW: Final = 46


class Rail(QFrame):
    """`chosen` tells which part was asked for. In a narrow window only the drawings stay."""

    chosen = Signal(str)

    def __init__(self, parts: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.setProperty("kind", "rail")
        self._labels = dict(parts)
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 8)
        layout.setSpacing(2)
        for number, (name, label) in enumerate(parts, start=1):
            made = QPushButton()
            made.setProperty("kind", "rail")
            made.setCheckable(True)
            made.setIcon(icon(name, RAIL_INK))
            made.setIconSize(QSize(18, 18))
            made.setToolTip(f"{label}（Alt+{number}）")
            made.setAccessibleName(label)
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.clicked.connect(lambda _=False, n=name: self.chosen.emit(n))
            self._group.addButton(made)
            self._buttons[name] = made
            layout.addWidget(made)
        layout.addStretch(1)
        self._foot = QLabel("F1 快捷键")
        self._foot.setContentsMargins(16, 0, 0, 0)
        layout.addWidget(self._foot)
        self._narrow: bool | None = None
        self.set_narrow(False)

    def show_chosen(self, name: str) -> None:
        """Marks the part that is in front."""
        self._buttons[name].setChecked(True)

    def set_narrow(self, narrow: bool) -> None:
        """Shows the drawings alone, or with their names."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self.setFixedWidth(NARROW if narrow else WIDE)
        self._foot.setVisible(not narrow)
        for name, made in self._buttons.items():
            made.setText("" if narrow else f"  {self._labels[name]}")
