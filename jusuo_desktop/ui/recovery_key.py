"""The recovery key, shown once: it must be on paper before anybody goes on."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from jusuo_desktop.store.refusal import DiskTrouble, Refused
from jusuo_desktop.ui.background import Background
from jusuo_desktop.ui.theme import button, card, heading, hint, label


class RecoveryKeyPage(QWidget):
    """`confirmed`: the key is on paper."""

    confirmed = Signal()

    def __init__(self, background: Background, office: str, user: str, key: str) -> None:
        super().__init__()
        self._background, self._key = background, key
        self._office, self._user = office, user
        self.shown = QLabel(key)
        self.shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.shown.setStyleSheet("font-family: monospace; font-size: 21px; font-weight: 600; padding: 10px;")
        self.shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.print_button = button("打印", primary=True)
        self.save_button = button("保存为PDF…")
        self.said = label("", "good")
        self.problem = label("", "problem")
        for line in (self.said, self.problem):
            line.setWordWrap(True)
        self.sealed = QCheckBox("已经打印或抄写，装入信封封存，与电脑分开保管")
        self.again = QLineEdit()
        self.again.setPlaceholderText("照纸上输入恢复密钥的第一组（5个字符）")
        self.go_on = button("进入程序", primary=True)
        self._build()

    def remind(self) -> None:
        """Somebody is about to leave without it."""
        self._refuse("恢复密钥还没有封存，关闭后就再也看不到了。请先打印或抄写；如果确实要关闭，请再关一次。")

    def save_to(self, path: Path) -> None:
        """Writes the sheet as a PDF."""
        office, user, key = self._office, self._user, self._key

        def work(_reins: object) -> Path:
            from jusuo_desktop.actions.recovery_sheet import recovery_sheet

            try:
                path.write_bytes(recovery_sheet(office, user, key, date.today()))
            except OSError as trouble:
                raise DiskTrouble(f"没有保存到 {path}：{trouble.strerror}。请换一个可写的文件夹。") from None
            return path

        self._background.run(self, work, done=lambda saved: self._say(f"已保存：{saved}。打印后请删除这个文件。"), refused=self._refuse)

    def print_out(self) -> None:
        """Prints the sheet on the usual printer."""
        office, user, key = self._office, self._user, self._key

        def work(_reins: object) -> bool:
            from jusuo_desktop.actions.recovery_sheet import recovery_sheet
            from jusuo_desktop.printing.raster import PagePictures
            from jusuo_desktop.ui.printer import Order, send

            return send(PagePictures(recovery_sheet(office, user, key, date.today())), Order(title="恢复密钥"), threading.Event())

        self.print_button.setEnabled(False)
        self._background.run(
            self,
            work,
            done=lambda _: self._say("已送到打印机。"),
            refused=self._refuse,
            ended=lambda: self.print_button.setEnabled(True),
        )

    def _build(self) -> None:
        sheet = card()
        sheet.setFixedWidth(620)
        inside = QVBoxLayout(sheet)
        inside.setContentsMargins(30, 24, 30, 22)
        inside.setSpacing(12)
        acts = QHBoxLayout()
        for made in (self.print_button, self.save_button):
            acts.addWidget(made)
        acts.addStretch(1)
        last = QHBoxLayout()
        last.addWidget(self.again, 1)
        last.addWidget(self.go_on)
        told = hint(
            "数据在这台电脑上是加密的。所有人都忘记口令时，只有这个恢复密钥能打开；它只显示这一次，程序里不保存，以后也不能再打印。"
            "丢了密钥又忘了口令，谁也打不开，数据就没有了。"
        )
        for part in (heading("恢复密钥"), told, self.shown):
            inside.addWidget(part)
        inside.addLayout(acts)
        inside.addWidget(self.said)
        inside.addWidget(self.problem)
        inside.addWidget(self.sealed)
        inside.addLayout(last)
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(sheet)
        middle.addStretch(1)
        whole.addLayout(middle)
        whole.addStretch(3)
        self.said.hide()
        self.problem.hide()
        self.print_button.clicked.connect(self.print_out)
        self.save_button.clicked.connect(self._choose_file)
        self.go_on.clicked.connect(self._confirm)
        self.again.returnPressed.connect(self._confirm)

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "保存恢复密钥", str(Path.home() / "恢复密钥.pdf"), "PDF (*.pdf)")
        if chosen:
            self.save_to(Path(chosen))

    def _say(self, text: str) -> None:
        self.problem.hide()
        self.said.setText(text)
        self.said.show()

    def _refuse(self, refused: Refused | str) -> None:
        self.said.hide()
        self.problem.setText(refused.message if isinstance(refused, Refused) else refused)
        self.problem.show()

    def _confirm(self) -> None:
        typed = self.again.text().strip().upper().replace("O", "0").replace("I", "1").replace("L", "1")
        if typed != self._key.split("-")[0]:
            self._refuse("与恢复密钥的第一组不一致，请照打印或抄写的纸输入。")
            self.again.setFocus()
        elif not self.sealed.isChecked():
            self._refuse("请先把恢复密钥打印或抄写下来封存，再在上面打勾。")
        else:
            self.confirmed.emit()
