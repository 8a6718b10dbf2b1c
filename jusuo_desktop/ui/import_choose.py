"""Where a ledger is chosen: a field to drop the file on, and a button."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from jusuo_desktop.ui.theme import ACCENT, LINE, PAPER, button, hint, label

KINDS_OF_FILE: Final = "表格文件 (*.xlsx *.xls *.xlsm *.et *.csv *.ods);;所有文件 (*)"
SAID: Final = (
    "各所自己的台账就可以，不必改格式：标题行、两行合并表头、小计、空行、多张工作表、各种日期写法、以“万元”计的金额都认得。",
    "导入前先检查一遍，什么都不会写入；看不懂的行连同原因另存为一个表格，改好再导入。",
    "同一个台账导入几次都不会重复。",
)


class ChooseFile(QFrame):
    """Takes a file by drop or by dialogue; `chosen` carries its path."""

    chosen = Signal(Path)

    def __init__(self, folder: Callable[[], str]) -> None:
        super().__init__()
        self._folder = folder
        self.setAcceptDrops(True)
        self.setObjectName("drop")
        self._mark(dragging=False)
        big = label("把台账拖到这里", "heading")
        big.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.open_button = button("选择文件…  Ctrl+O", primary=True)
        self.open_button.clicked.connect(self.ask)
        self.waiting = QLabel("")
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        kinds = hint("Excel、WPS 表格（.xlsx、.xls），或者 .csv")
        kinds.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(2)
        layout.addWidget(big)
        layout.addWidget(kinds)
        layout.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.waiting)
        layout.addStretch(1)
        notes = QVBoxLayout()
        notes.setSpacing(6)
        for said in SAID:
            notes.addWidget(hint(f"•  {said}"))
        inset = QHBoxLayout()
        inset.addStretch(1)
        holder = QWidget()
        holder.setMinimumWidth(700)
        holder.setStyleSheet("background: transparent;")
        holder.setLayout(notes)
        inset.addWidget(holder)
        inset.addStretch(1)
        layout.addLayout(inset)
        layout.addStretch(2)

    def ask(self) -> None:
        """Opens the dialogue of the system."""
        path, _ = QFileDialog.getOpenFileName(self, "选择台账", self._folder(), KINDS_OF_FILE)
        if path:
            self.chosen.emit(Path(path))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._mark(dragging=True)

    def dragLeaveEvent(self, event: object) -> None:
        self._mark(dragging=False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark(dragging=False)
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.chosen.emit(Path(files[0]))

    def _mark(self, *, dragging: bool) -> None:
        colour = ACCENT if dragging else LINE
        self.setStyleSheet(f"QFrame#drop {{ background: {PAPER}; border: 2px dashed {colour}; border-radius: 6px; }}")
