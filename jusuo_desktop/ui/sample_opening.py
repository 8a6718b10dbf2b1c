"""Opens the invented office, which is made on first use; nobody is asked for a pass phrase, for there is nothing to protect."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from jusuo_desktop.store.keys import KEYS_FILE, user_names
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.ui.background import Background
from jusuo_desktop.ui.theme import heading, label

if TYPE_CHECKING:
    from jusuo_desktop.actions.session import Session


class SampleOpening(QWidget):
    """`ready` carries the opened session."""

    ready = Signal(object)

    def __init__(self, folder: Path, background: Background) -> None:
        super().__init__()
        self._folder, self._background = folder, background
        self._said = QLabel("正在打开示例数据…")
        self._problem = label("", "problem")
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setFixedWidth(420)
        self._bar = bar
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        for part in (heading("司法所工作平台 · 示例数据"), self._said, bar, self._problem):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def start(self) -> None:
        """Opens it, or makes it first."""
        self._background.run(self, self._work, done=self.ready.emit, refused=self.refuse, progress=lambda said: self._said.setText(str(said)))

    def _work(self, reins: Reins) -> Session:
        from jusuo_desktop.actions.sample_cases import put_cases
        from jusuo_desktop.actions.sample_office import SAMPLE_PASSPHRASE, make_sample_office
        from jusuo_desktop.actions.unlock import unlock

        if not (self._folder / KEYS_FILE).exists():
            reins.tell("第一次打开，正在编写一份示例数据…")  # type: ignore[arg-type]
            beside = self._folder.with_name(self._folder.name + ".new")
            shutil.rmtree(beside, ignore_errors=True)  # of a program that was ended meanwhile: half an office is none
            made = make_sample_office(beside, tell=lambda said: reins.tell(said))  # type: ignore[arg-type]
            try:
                for _ in put_cases(made, tell=lambda said: reins.tell(said)):  # type: ignore[arg-type]
                    pass
            finally:
                made.store.close()
            self._folder.mkdir(exist_ok=True)
            for part in sorted(beside.iterdir(), key=lambda path: path.name == KEYS_FILE):  # the keys last: with them it is a store
                part.replace(self._folder / part.name)
            beside.rmdir()
        return unlock(self._folder, user_names(self._folder)[0], SAMPLE_PASSPHRASE)

    def refuse(self, refused: Refused) -> None:
        """Shows why it was not opened."""
        self._bar.hide()
        self._problem.setText(refused.message)
