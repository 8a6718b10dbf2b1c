"""To void a record: the reason is asked for on the page itself, and said back before it counts."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit

from jusuo_desktop.ui.escape import Escape
from jusuo_desktop.ui.theme import button


class VoidBar(QFrame):
    """`confirmed` carries the reason; `acts` are what its two buttons say."""

    confirmed = Signal(str)

    def __init__(
        self,
        said: str = "作废后记录仍可查看，不再计入统计，也不能再修改。作废理由：",
        example: str = "例如：重复登记",
        acts: tuple[str, str] = ("确认作废", "不作废"),
    ) -> None:
        super().__init__()
        self.setProperty("kind", "bar")
        box = QHBoxLayout(self)
        box.setContentsMargins(14, 4, 8, 4)
        box.addWidget(QLabel(said))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(example)
        self.reason.returnPressed.connect(self._confirm)
        box.addWidget(self.reason, 1)
        sure = button(acts[0])
        sure.clicked.connect(self._confirm)
        box.addWidget(sure)
        no = button(acts[1], flat=True)
        no.clicked.connect(self.hide)
        box.addWidget(no)
        Escape(self.reason, self.hide)
        self.hide()

    def ask(self) -> None:
        """Shows the bar with the focus in the reason."""
        self.show()
        self.reason.setFocus()

    def _confirm(self) -> None:
        self.confirmed.emit(self.reason.text())
