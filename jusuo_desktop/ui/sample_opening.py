"""Opens the invented office, which is made on first use; nobody is asked for a pass phrase, for there is nothing to protect."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from jusuo_desktop.store.keys import KEYS_FILE, user_names
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.ui.background import Background
from jusuo_desktop.ui.theme import heading, label

if TYPE_CHECKING:
    from jusuo_desktop.actions.session import Session

PASSPHRASE: Final = "示例数据，没有秘密"
"""Of the invented office alone. Written here for everybody to read."""


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
        self._background.run(self, self._work, done=self.ready.emit, refused=self._refused, progress=lambda said: self._said.setText(str(said)))

    def _work(self, reins: Reins) -> Session:
        if (self._folder / KEYS_FILE).exists():
            from jusuo_desktop.actions.unlock import unlock

            return unlock(self._folder, user_names(self._folder)[0], PASSPHRASE)
        from jusuo_desktop.actions.sample_office import make_sample_office

        reins.tell("第一次打开：正在编写一份示例数据，约需一分钟…")  # type: ignore[arg-type]
        return make_sample_office(self._folder, PASSPHRASE)

    def _refused(self, refused: Refused) -> None:
        self._bar.hide()
        self._problem.setText(refused.message)
