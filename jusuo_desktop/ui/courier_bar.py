"""The road by USB stick on the sync page: a file out with its receipt, the county's answer in, and what is still without one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from jusuo_desktop.actions.courier import Handover, export_bundle, handover_receipt, import_bundle, unanswered
from jusuo_desktop.sync.progress import SyncReport
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.paper_out import PaperOut
from jusuo_desktop.ui.theme import button, hint
from jusuo_desktop.wire.bundle import SUFFIX

STICK: Final = "courier_folder"
"""Setting: where the stick was last."""
TYPES: Final = f"交换文件 (*{SUFFIX})"


class CourierBar(QWidget):
    """`done` when a file went out or came in."""

    done = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.last: Handover | None = None
        self.away, self.back, self.receipt = button("导出到U盘…"), button("导入回执…"), button("打印交接单")
        self.line = hint("")
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(hint("没有网络时："))
        for made in (self.away, self.back, self.receipt):
            box.addWidget(made)
        box.addWidget(self.line, 1)
        self.away.setToolTip("把要上报的内容做成加密文件，用U盘带到县里")
        self.back.setToolTip("县里导入后给出的回执文件，也带回别人的更改")
        self.away.clicked.connect(lambda: self._with_folder(self._ask_where))
        self.back.clicked.connect(lambda: self._with_folder(self._ask_which))
        self.receipt.clicked.connect(self.print_receipt)
        self.receipt.setEnabled(False)

    def read(self) -> None:
        """Shows which files are still without an answer."""
        session = self._desk.session
        self._desk.background.run(self, lambda _: unanswered(session), done=self._show, key="courier")

    def _show(self, waiting: list[Handover]) -> None:
        self.last = waiting[-1] if waiting else None
        self.receipt.setEnabled(self.last is not None)
        if self.last is not None:
            more = f"（共 {len(waiting)} 个文件）" if len(waiting) > 1 else ""
            self.line.setText(f"{self.last.at.replace('T', ' ')} 导出的 {self.last.changes:,} 项还没有回执{more}，校验码 {self.last.digest}")
        else:
            self.line.setText("")

    def _with_folder(self, then: object) -> None:
        session = self._desk.session
        usual = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DesktopLocation)
        self._desk.background.run(self, lambda _: str(session.store.get(STICK, usual)), done=then)  # type: ignore[arg-type]

    def _ask_where(self, folder: str) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "导出到哪里（选U盘）", folder)
        if chosen:
            self.export_to(Path(chosen))

    def export_to(self, folder: Path) -> None:
        """Writes what waits into a file in that folder."""
        session = self._desk.session

        def work(_reins: object) -> Handover:
            made = export_bundle(session, folder)
            session.store.set(STICK, str(folder))
            return made

        def done(made: Handover) -> None:
            self._desk.say(made.line)
            self.done.emit()

        self._desk.background.run(self, work, done=done, ended=self.read)

    def _ask_which(self, folder: str) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "选县里给的回执文件", folder, TYPES)
        if chosen:
            self.import_from(Path(chosen))

    def import_from(self, path: Path) -> None:
        """Takes in the county's answer."""
        session = self._desk.session

        def done(report: SyncReport) -> None:
            self._desk.say(f"回执已导入：{report.line}")
            self.done.emit()

        self._desk.background.run(self, lambda _: import_bundle(session, path), done=done, ended=self.read)

    def print_receipt(self) -> None:
        """Sends the receipt of the last file to the printer chosen last, one copy for each side."""
        session, handover = self._desk.session, self.last
        if handover is not None:
            PaperOut(self, self._desk).print_out("数据交接单", lambda: handover_receipt(session, handover), copies=2)
