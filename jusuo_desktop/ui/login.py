"""The log-in page: who, and the pass phrase. A refusal stands under the field and what was typed stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from jusuo_desktop.store.keys import shut_out_since, user_names
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui.theme import button, card, heading, hint, label


def secret_field(said: str) -> QLineEdit:
    """A field whose text is hidden; no input method may learn it."""
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setAccessibleName(said)
    made.setMaxLength(500)
    return made


class LoginPage(QWidget):
    """`wanted` (user, pass phrase) and `recovery_wanted` (key, new pass phrase) ask the window to unlock; it answers with `refuse`."""

    wanted = Signal(str, str)
    recovery_wanted = Signal(str, str)
    restore_wanted = Signal()

    def __init__(self, folder: Path, said: str = "", user: str = "") -> None:
        super().__init__()
        self._folder = folder
        self.user = QComboBox()
        self.passphrase = secret_field("口令")
        self.recovery_key = QLineEdit()
        self.new_passphrase, self.again = secret_field("新口令"), secret_field("再输一次")
        self.problem = label("", "problem")
        self.problem.setWordWrap(True)
        self.problem.setMinimumWidth(300)
        self.unlock = button("进入", primary=True)
        self._other = button("忘记口令：用恢复密钥", flat=True)
        closed = shut_out_since(folder)
        self._said = label(closed.line if closed is not None else said, "problem" if closed is not None else "hint")
        self._said.setWordWrap(True)
        if not said and closed is None:
            self._said.hide()
        self._by_recovery = self._closed = closed is not None
        self._fields: list[tuple[QLabel, QWidget, bool]] = []
        self._build()
        self._read_users(user)
        self._show_fields()

    @property
    def busy(self) -> bool:
        """Whether an unlocking is under way."""
        return not self.unlock.isEnabled()

    def set_busy(self, busy: bool, said: str = "正在打开…") -> None:
        """While unlocking, nothing can be pressed twice; the fields keep their text."""
        self.unlock.setEnabled(not busy)
        self.unlock.setText(said if busy else "进入")

    def refuse(self, refused: Refused | str) -> None:
        """Shows in place why it was not opened, and leads back to the field."""
        self.set_busy(False)
        self.problem.setText(refused.message if isinstance(refused, Refused) else refused)
        self.problem.show()
        target = self.recovery_key if self._by_recovery else self.passphrase
        target.setFocus()
        target.selectAll()

    def first_field(self) -> QWidget:
        """Where the focus belongs."""
        return self.recovery_key if self._by_recovery else self.passphrase

    def _build(self) -> None:
        sheet = card()
        sheet.setFixedWidth(460)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(9)
        self.recovery_key.setPlaceholderText("XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-X")
        rows: list[tuple[str, QWidget, bool]] = [
            ("用户", self.user, False), ("口令", self.passphrase, False),
            ("恢复密钥", self.recovery_key, True), ("新口令", self.new_passphrase, True), ("再输一次", self.again, True),
        ]  # fmt: skip
        for row, (name, field, recovery) in enumerate(rows):
            said = QLabel(name)
            grid.addWidget(said, row, 0)
            grid.addWidget(field, row, 1)
            self._fields.append((said, field, recovery))
            if isinstance(field, QLineEdit):
                field.returnPressed.connect(self._pressed)
        grid.setColumnStretch(1, 1)
        self.unlock.clicked.connect(self._pressed)
        self._other.clicked.connect(self._switch)
        below = QHBoxLayout()
        below.addWidget(self._other)
        restore = button("从备份恢复…", flat=True)
        restore.clicked.connect(self.restore_wanted)
        below.addWidget(restore)
        below.addStretch(1)
        below.addWidget(self.unlock)
        inside = QVBoxLayout(sheet)
        inside.setContentsMargins(28, 22, 28, 20)
        inside.setSpacing(12)
        inside.addWidget(heading("司法所工作平台"))
        inside.addWidget(self._said)
        inside.addLayout(grid)
        inside.addWidget(self.problem)
        inside.addLayout(below)
        inside.addWidget(hint(f"数据位置：{self._folder}"))
        self.problem.hide()
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(sheet)
        middle.addStretch(1)
        whole.addLayout(middle)
        whole.addStretch(3)

    def _read_users(self, user: str) -> None:
        try:
            names = user_names(self._folder)
        except Refused as refused:
            self.refuse(refused)
            return
        self.user.addItems(names)
        if user in names:
            self.user.setCurrentIndex(names.index(user))

    def _show_fields(self) -> None:
        for said, field, recovery in self._fields:
            for part in (said, field):
                part.setVisible(recovery == self._by_recovery)
        self._other.setVisible(not self._closed)
        self._other.setText("返回：用口令进入" if self._by_recovery else "忘记口令：用恢复密钥")

    def _switch(self) -> None:
        self._by_recovery = not self._by_recovery
        self.problem.hide()
        self._show_fields()
        self.first_field().setFocus()

    def _pressed(self) -> None:
        if self.busy:
            return
        ask: Callable[[], None] = self._ask_recovery if self._by_recovery else self._ask
        self.problem.hide()
        ask()

    def _ask(self) -> None:
        if not self.passphrase.text():
            self.refuse("请输入口令。")
            return
        self.set_busy(True)
        self.wanted.emit(self.user.currentText(), self.passphrase.text())

    def _ask_recovery(self) -> None:
        if self.new_passphrase.text() != self.again.text():
            self.refuse("两次输入的新口令不一样，请重新输入。")
            self.again.setFocus()
            return
        self.set_busy(True)
        self.recovery_wanted.emit(self.recovery_key.text(), self.new_passphrase.text())
