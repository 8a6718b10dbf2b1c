"""The line at the foot: what was done last, what is under way, how much waits for the county, the last contact, and who is at work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from jusuo_desktop.actions.conflict_reading import OPEN
from jusuo_desktop.actions.contact_lock import lock_state, warning
from jusuo_desktop.actions.last_contact import LAST_CONTACT
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.store.listing import Filter, ListQuery
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.theme import button

SAID_MS: Final = 8000


@dataclass(frozen=True, slots=True)
class Standing:
    """How this machine stands with the county."""

    enrolled: bool
    unsent: int
    refused: int
    last_contact: str
    warning: str
    locked: bool
    conflicts: int = 0


def standing(session: Session) -> Standing:
    """Read from the store; for the background."""
    counts = session.store.outbox_counts()
    unsent = sum(counts.get(state, 0) for state in ("waiting", "held", "refused"))
    lock = lock_state(session)
    last = str(session.store.get(LAST_CONTACT, ""))
    conflicts = session.store.count(ListQuery(CONFLICT.name, (Filter("state", "=", OPEN),)))
    return Standing(session.store.enrolment is not None, unsent, counts.get("refused", 0), last, warning(lock), lock.locked, conflicts)


def contact_line(last: str, now: datetime) -> str:
    """The last contact in words: today by the clock, earlier by the day."""
    if not last:
        return "尚未与县服务器联系"
    then = datetime.fromisoformat(last)
    days = (now.date() - then.date()).days
    day = {0: "今天", 1: "昨天"}.get(days, f"{then.month}月{then.day}日")
    return f"上次联系：{day} {then:%H:%M}"


class StatusBar(QFrame):
    """`sync_wanted`: the clerk pressed the number of unsent changes; `lock_wanted`: the lock; `too_long`: there was no contact for too long."""

    sync_wanted = Signal()
    lock_wanted = Signal()
    too_long = Signal()

    def __init__(self, desk: Desk, *, lockable: bool = True) -> None:
        super().__init__()
        self.setProperty("kind", "status")
        self._desk = desk
        self._said, self._work = QLabel(), QLabel()
        self._unsent = button("", flat=True)
        self._contact = QLabel()
        user = desk.session.store.user
        role = code_list("access_role").label_of(user.role)
        self._user = QLabel(f"{user.name}（{role}）")
        lock = button("锁定 Ctrl+L", flat=True)
        for made, signal in ((self._unsent, self.sync_wanted), (lock, self.lock_wanted)):
            made.clicked.connect(signal.emit)
        if not lockable:
            lock.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 1, 8, 1)
        layout.setSpacing(18)
        layout.addWidget(self._said, 1)
        for part in (self._work, self._unsent, self._contact, self._user, lock):
            layout.addWidget(part)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAID_MS)
        self._timer.timeout.connect(self._said.clear)
        desk.said.connect(self.say)
        desk.changed.connect(lambda _: self.refresh())

    @property
    def said(self) -> str:
        """What the line says."""
        return self._said.text()

    @property
    def unsent(self) -> str:
        """What it says of the queue."""
        return self._unsent.text()

    def say(self, text: str) -> None:
        """Tells a thing that went well, for a few seconds."""
        self._said.setText(text)
        self._timer.start()

    def show_work(self, text: str) -> None:
        """What is under way in the background; '' for nothing."""
        self._work.setText(text)

    def refresh(self) -> None:
        """Reads the standing anew, in the background."""
        session = self._desk.session
        self._desk.background.run(self, lambda _reins: standing(session), done=self._show, key="standing")

    def _show(self, now: Standing) -> None:
        text = "没有未上报的更改" if not now.unsent else f"未上报 {now.unsent:,} 项"
        wanting = [f"被退回 {now.refused} 项"] if now.refused else []
        wanting += [f"有分歧 {now.conflicts} 处"] if now.conflicts else []
        text += f"（{'，'.join(wanting)}）" if wanting else ""
        self._unsent.setText(text if now.enrolled else f"未注册到县服务器，{now.unsent:,} 项更改在本机")
        self._contact.setText(now.warning or (contact_line(now.last_contact, self._desk.session.clock()) if now.enrolled else ""))
        self._contact.setProperty("kind", "doubt" if now.warning else "")
        self._contact.style().polish(self._contact)
        if now.locked:
            self.too_long.emit()
