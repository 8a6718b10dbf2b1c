"""To join the county: three lines to fill in, on the sync page of a machine that has no identity yet. Calm, with a sentence for each mistake."""

from __future__ import annotations

import platform

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.theme import button, card, hint, label

WIDTH = 640


class EnrollForm(QWidget):
    """`enrolled` once the county has given this machine its identity."""

    enrolled = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.url, self.code, self.device_name = QLineEdit(), QLineEdit(), QLineEdit(platform.node()[:40])
        self.url.setPlaceholderText("例如 https://10.20.30.40:8443")
        self.code.setPlaceholderText("25个字母和数字，例如 ABCDE-12345-…")
        self.device_name.setPlaceholderText("例如 内勤室电脑")
        self.go = button("注册本机", primary=True)
        self._heading = label("本机还没有在县服务器注册", "heading")
        self._what = hint(
            "现在录入的内容都保存在本机，可以照常使用和打印。向县局要到服务器地址和一次性注册码后填在下面，"
            "注册一次即可；以前录入的内容会在第一次同步时一起上报。"
        )
        self.problem = label("", "problem")
        self.problem.setWordWrap(True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._sheet(), 0, Qt.AlignmentFlag.AlignLeft)
        whole.addStretch(1)
        self.go.clicked.connect(self._go)
        for field, following in ((self.url, self.code), (self.code, self.device_name)):
            field.returnPressed.connect(following.setFocus)
        self.device_name.returnPressed.connect(self.go.click)

    def join_again(self, url: str) -> None:
        """The county shut this machine out, and the recovery key opened it: it may join anew."""
        self._heading.setText("本机已被县局停用，请重新注册")
        self._what.setText("没有上报的内容都在下面，没有丢失，重新注册以后自动上报。请向县局领取新的注册码；注册以前，重新打开本程序仍要用恢复密钥。")
        self.url.setText(url)
        self.code.setFocus()

    def _sheet(self) -> QWidget:
        sheet = card()
        sheet.setFixedWidth(WIDTH)
        box = QVBoxLayout(sheet)
        box.setContentsMargins(22, 18, 22, 18)
        box.setSpacing(10)
        box.addWidget(self._heading)
        box.addWidget(self._what)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        lines = (("服务器地址", self.url), ("注册码", self.code), ("本机名称", self.device_name))
        for row, (text, field) in enumerate(lines):
            named = QLabel(text)
            named.setBuddy(field)
            grid.addWidget(named, row, 0)
            grid.addWidget(field, row, 1)
        box.addLayout(grid)
        box.addWidget(hint("注册码大小写、连字符都不必在意。它同时用来核对服务器，地址被冒充时不会注册。"))
        box.addWidget(self.problem)
        self.problem.hide()
        row_of_acts = QHBoxLayout()
        row_of_acts.addStretch(1)
        row_of_acts.addWidget(self.go)
        box.addLayout(row_of_acts)
        return sheet

    def _go(self) -> None:
        from jusuo_desktop.actions.enroll import enroll

        session, url, code, name = self._desk.session, self.url.text(), self.code.text(), self.device_name.text()
        for field, text in ((self.url, "请填写服务器地址。"), (self.code, "请填写县局发的注册码。")):
            if not field.text().strip():
                self._say(text)
                field.setFocus()
                return
        self._say("")
        self._busy(True)
        self._desk.background.run(
            self,
            lambda _reins: enroll(session, url, code, name),
            done=lambda _: self.enrolled.emit(),
            refused=self._refused,
            ended=lambda: self._busy(False),
        )

    def _refused(self, failure: Refused) -> None:
        self._say(failure.message)
        self.code.setFocus()

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _busy(self, busy: bool) -> None:
        for field in (self.url, self.code, self.device_name, self.go):
            field.setEnabled(not busy)
        self.go.setText("正在注册…" if busy else "注册本机")
