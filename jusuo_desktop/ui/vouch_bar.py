"""What no record shows and a person must vouch for before an act: boxes to tick, empty at first, on the page itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel

from jusuo_desktop.ui.escape import Escape
from jusuo_desktop.ui.theme import button


class VouchBar(QFrame):
    """`confirmed` carries the codes that were ticked."""

    confirmed = Signal(tuple)

    def __init__(self, said: str, act: str) -> None:
        super().__init__()
        self.setProperty("kind", "bar")
        self.boxes: dict[str, QCheckBox] = {}
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(14, 4, 8, 4)
        self._box.addWidget(QLabel(said))
        self._box.addStretch(1)
        self.sure = button(act)
        self.sure.clicked.connect(self._confirm)
        no = button("取消", flat=True)
        no.clicked.connect(self.hide)
        for made in (self.sure, no):
            self._box.addWidget(made)
        self.hide()

    def ask(self, conditions: Sequence[tuple[str, str]]) -> None:
        """Shows a box for each (code, label), none ticked, with the focus in the first."""
        for box in self.boxes.values():
            self._box.removeWidget(box)
            box.deleteLater()
        self.boxes = {code: QCheckBox(label) for code, label in conditions}
        for place, box in enumerate(self.boxes.values(), 1):
            self._box.insertWidget(place, box)
            Escape(box, self.hide)
        self.show()
        next(iter(self.boxes.values()), self.sure).setFocus()

    def _confirm(self) -> None:
        self.hide()
        self.confirmed.emit(tuple(code for code, box in self.boxes.items() if box.isChecked()))
