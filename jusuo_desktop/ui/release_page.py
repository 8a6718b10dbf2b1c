"""解锁码: a director makes the code for a locked computer of his office and reads it out on the telephone."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.theme import button, card, hint, label
from jusuo_desktop.wire.messages import ReleaseResponse

WIDTH: Final = 620
LARGE: Final = 2.0
CODE_HEIGHT: Final = 46
SAID_HEIGHT: Final = 44
"""Kept free from the beginning, so that nothing moves when the answer comes."""


class ReleasePage(Page):
    """What the caller reads from the locked screen goes in, the code comes out."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "开解锁码")
        self.add_act("返回", self.closed.emit)
        self.device, self.challenge = QLineEdit(), QLineEdit()
        self.device.setPlaceholderText("10个字母和数字")
        self.challenge.setPlaceholderText("XXXX-XXXX")
        self.go = button("开解锁码", primary=True)
        self.said = label("", "problem")
        self.said.setWordWrap(True)
        self.code = QLabel()
        font = QFont(self.code.font())
        font.setPointSizeF(font.pointSizeF() * LARGE)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 3)
        self.code.setFont(font)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.code.setMinimumHeight(CODE_HEIGHT)
        self.said.setMinimumHeight(SAID_HEIGHT)
        beside = QHBoxLayout()
        beside.addWidget(self._sheet())
        beside.addStretch(1)
        self.body.addLayout(beside)
        self.body.addStretch(1)
        self.go.clicked.connect(self.make)
        self.device.returnPressed.connect(self.challenge.setFocus)
        self.challenge.returnPressed.connect(self.make)

    def first_field(self) -> QWidget:
        return self.device

    def make(self) -> None:
        """Asks the county for the code."""
        session, device, challenge = self.desk.session, self.device.text(), self.challenge.text()
        for field, missing in ((self.device, "请填写对方报的设备编号。"), (self.challenge, "请填写对方报的挑战码。")):
            if not field.text().strip():
                self._say(missing, "problem")
                field.setFocus()
                return
        self.go.setEnabled(False)
        self.code.clear()
        self._say("正在向县服务器要解锁码…", "hint")

        def work(_: object) -> ReleaseResponse:
            from jusuo_desktop.actions.release_device import release_code

            return release_code(session, device, challenge)

        self.desk.background.run(self, work, done=self._show, refused=self._refused, ended=lambda: self.go.setEnabled(True))

    def _show(self, answer: ReleaseResponse) -> None:
        self.code.setText(answer.code)
        self._say(f"读给对方：“{answer.device_name}”填上这个解锁码，可以再用 {answer.days} 天，只能用一次。", "good")

    def _refused(self, refused: Refused) -> None:
        self._say(refused.message, "problem")
        self.challenge.setFocus()
        self.challenge.selectAll()

    def _say(self, text: str, kind: str) -> None:
        self.said.setProperty("kind", kind)
        self.said.style().polish(self.said)
        self.said.setText(text)

    def _sheet(self) -> QWidget:
        sheet = card()
        sheet.setFixedWidth(WIDTH)
        box = QVBoxLayout(sheet)
        box.setContentsMargins(22, 18, 22, 18)
        box.setSpacing(10)
        about = hint("本所的电脑太久没有联系县里就会锁定。请确认来电的是本人、电脑没有丢失，再把他屏幕上的设备编号和挑战码填在下面。")
        about.setWordWrap(True)
        box.addWidget(about)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for row, (name, field) in enumerate((("设备编号", self.device), ("挑战码", self.challenge))):
            named = QLabel(name)
            named.setBuddy(field)
            grid.addWidget(named, row, 0)
            grid.addWidget(field, row, 1)
        box.addLayout(grid)
        acts = QHBoxLayout()
        acts.addStretch(1)
        acts.addWidget(self.go)
        box.addLayout(acts)
        box.addWidget(self.code)
        box.addWidget(self.said)
        return sheet
