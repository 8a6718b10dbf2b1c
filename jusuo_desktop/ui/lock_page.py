"""A machine that was without contact for too long: after signing in there is this page alone, until a contact or a release code opens it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from jusuo_desktop.actions.contact_lock import Locked, lock_state, release
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.contact_lock import ContactState
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync.progress import Progress
from jusuo_desktop.ui.background import Background, Task
from jusuo_desktop.ui.theme import button, card, heading, hint, label
from jusuo_desktop.wire.bundle import SUFFIX

SYNC, STOP = "立即同步", "停止同步"
WIDTH: Final = 620
CODE_WIDTH: Final = 220
LARGE: Final = 1.5
"""What is read out on the telephone, beside the other text."""


class LockPage(QWidget):
    """`opened` when the machine may be used again, `left` when somebody goes back to the log-in page."""

    opened = Signal()
    left = Signal()

    def __init__(self, session: Session, state: ContactState, background: Background) -> None:
        super().__init__()
        self._session, self._background = session, background
        self._task: Task | None = None
        self.why = label(Locked(state).message)
        self.why.setWordWrap(True)
        self.sync = button(SYNC, primary=True)
        self.code = QLineEdit()
        self.code.setPlaceholderText("XXXXX-XXXXX")
        self.code.setAccessibleName("解锁码")
        self.code.setMaxLength(40)
        self.unlock = button("解锁")
        self.device, self.challenge = self._large(session.store.device_id), self._large("")
        self.said = label("", "problem")
        self.said.setWordWrap(True)
        self.away, self.back, self.leave = (button(text, flat=True) for text in ("导出到U盘…", "导入县里的回执…", "返回登录"))
        self._build()
        self.sync.clicked.connect(self.sync_now)
        self.unlock.clicked.connect(self._release)
        self.code.returnPressed.connect(self._release)
        self.away.clicked.connect(self._ask_where)
        self.back.clicked.connect(self._ask_which)
        self.leave.clicked.connect(self.left)
        background.run(self, lambda _: session.store.challenge(), done=self.challenge.setText)

    def first_field(self) -> QWidget:
        """Where the focus belongs."""
        return self.sync

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return not self.unlock.isEnabled()

    def close_store(self) -> None:
        """The page goes away for good without the machine having been opened."""
        self._session.store.close()

    def refuse(self, refused: Refused | str) -> None:
        """Shows why it is not open yet."""
        self._say(refused.message if isinstance(refused, Refused) else refused, "problem")

    # -- acts --------------------------------------------------------------------

    def sync_now(self) -> None:
        """Asks the county; pressed again, stops."""
        if self._task is not None:
            self._task.cancel()
            return
        session = self._session

        def work(reins: Any) -> object:
            from jusuo_desktop.actions.contents import IMPATIENT
            from jusuo_desktop.actions.sync_now import sync_now

            return sync_now(session, reins=reins, patience=IMPATIENT)

        self._say("正在联系县服务器…", "hint")
        self._task = self._run(work, progress=self._tell)
        self.sync.setText(STOP)
        self.sync.setEnabled(True)

    def _tell(self, progress: Progress) -> None:
        self._say(progress.line, "hint")

    def _release(self) -> None:
        typed, session = self.code.text(), self._session
        if not typed.strip():
            self.refuse("请填写县局或所长在电话里告诉您的解锁码。")
            self.code.setFocus()
            return
        self._run(lambda _: release(session, typed))

    def _ask_where(self) -> None:
        if chosen := QFileDialog.getExistingDirectory(self, "导出到哪里（选U盘）", _usual()):
            self.export_to(Path(chosen))

    def export_to(self, folder: Path) -> None:
        """Writes what waits into a sealed file: to take it to the county is a contact, too."""
        session = self._session

        def work(_: Any) -> str:
            from jusuo_desktop.actions.courier import export_bundle

            return export_bundle(session, folder).line

        self._run(work, done=lambda line: self._say(f"{line}带回的回执导入后就会解锁。", "good"))

    def _ask_which(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "选县里给的回执文件", _usual(), f"交换文件 (*{SUFFIX})")
        if chosen:
            self.import_from(Path(chosen))

    def import_from(self, path: Path) -> None:
        """Takes in the county's answer."""
        session = self._session

        def work(_: Any) -> object:
            from jusuo_desktop.actions.courier import import_bundle

            return import_bundle(session, path)

        self._run(work)

    def _run(self, work: Callable[[Any], Any], *, done: Callable[[Any], None] | None = None, progress: Any = None) -> Task:
        self._busy(True)
        return self._background.run(self, work, done=done or (lambda _: None), refused=self.refuse, progress=progress, ended=self._look)

    def _look(self) -> None:
        """Whether it is open now: a sync that broke off later was a contact all the same."""
        session = self._session
        self._task = None
        self.sync.setText(SYNC)
        self._busy(False)
        self._background.run(self, lambda _: (lock_state(session), session.store.challenge()), done=self._looked)

    def _looked(self, now: tuple[ContactState, str]) -> None:
        state, challenge = now
        self.challenge.setText(challenge)
        if not state.locked:
            self.opened.emit()

    def _busy(self, busy: bool) -> None:
        for part in (self.sync, self.unlock, self.code, self.away, self.back, self.leave):
            part.setEnabled(not busy)

    # -- building ----------------------------------------------------------------

    def _build(self) -> None:
        sheet = card()
        sheet.setFixedWidth(WIDTH)
        inside = QVBoxLayout(sheet)
        inside.setContentsMargins(30, 24, 30, 20)
        inside.setSpacing(12)
        inside.addWidget(heading("本机已锁定"))
        inside.addWidget(self.why)
        line = QHBoxLayout()
        line.addWidget(self.sync)
        line.addWidget(hint("连上网络后按一下，同步成功即可继续使用。"), 1)
        inside.addLayout(line)
        inside.addSpacing(6)
        inside.addWidget(label("没有网络时", "section"))
        telephone = hint("打电话给所长或县局，报出下面的设备编号和挑战码，把对方读给您的解锁码填在下面。")
        telephone.setWordWrap(True)
        inside.addWidget(telephone)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        typed = QHBoxLayout()
        self.code.setFixedWidth(CODE_WIDTH)
        typed.setSpacing(8)
        typed.addWidget(self.code)
        typed.addWidget(self.unlock)
        typed.addStretch(1)
        rows: tuple[tuple[str, QWidget | QHBoxLayout], ...] = (("设备编号", self.device), ("挑战码", self.challenge), ("解锁码", typed))
        for row, (name, part) in enumerate(rows):
            grid.addWidget(QLabel(name), row, 0)
            if isinstance(part, QWidget):
                grid.addWidget(part, row, 1)
            else:
                grid.addLayout(part, row, 1)
        grid.setColumnStretch(1, 1)
        inside.addLayout(grid)
        inside.addWidget(self.said)
        below = QHBoxLayout()
        for flat in (self.away, self.back):
            below.addWidget(flat)
        below.addStretch(1)
        below.addWidget(self.leave)
        inside.addLayout(below)
        inside.addWidget(hint("锁定不会丢失任何内容：解锁后一切照旧。"))
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(sheet)
        middle.addStretch(1)
        whole.addLayout(middle)
        whole.addStretch(3)

    def _large(self, text: str) -> QLabel:
        made = QLabel(text)
        font = QFont(made.font())
        font.setPointSizeF(font.pointSizeF() * LARGE)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 2)
        made.setFont(font)
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return made

    def _say(self, text: str, kind: str) -> None:
        self.said.setProperty("kind", kind)
        self.said.style().polish(self.said)
        self.said.setText(text)


def _usual() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DesktopLocation)
