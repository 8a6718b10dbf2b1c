"""How much room the attachments take on this machine, and clearing away those that the county's server holds as well."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QComboBox

from jusuo_desktop.actions.contents import Room, clear, room
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.settings_cards import Sheet
from jusuo_desktop.ui.theme import button, hint

MEGABYTE: Final = 2**20
KEEP: Final = ((5000, "5 GB"), (2000, "2 GB"), (500, "500 MB"), (0, "一份也不留"))


def said(size: int) -> str:
    """A size in words."""
    return f"{size / MEGABYTE / 1024:.1f} GB" if size >= 1024 * MEGABYTE else f"{size / MEGABYTE:.1f} MB"


class ContentsSheet(Sheet):
    """Clearing never touches what the county does not hold; what was cleared comes back when it is opened."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("附件占用的空间")
        self._desk = desk
        self.line = hint("")
        self.line.setWordWrap(True)
        self.inside.addWidget(self.line)
        self.keep = QComboBox()
        for megabytes, label in KEEP:
            self.keep.addItem(f"本机最多留 {label}" if megabytes else f"本机{label}", megabytes)
        self.inside.addWidget(self.keep)
        self.go = button("清理县里已有的附件")
        self.go.clicked.connect(self.clear)
        self.add_button(self.go)
        self.end()

    def read(self) -> None:
        """Counts anew, in the background."""
        session = self._desk.session
        self._desk.background.run(self, lambda _: room(session), done=self._tell, key="room")

    def _tell(self, now: Room) -> None:
        safe = f"其中县服务器也有的 {now.safe:,} 份，{said(now.safe_size)}，可以清理，打开时再取回。" if now.safe else ""
        self.line.setText(f"本机有附件 {now.contents:,} 份，{said(now.size)}。{safe}" if now.contents else "本机没有已经上报的附件。")
        self.go.setEnabled(now.safe > 0)

    def clear(self) -> None:
        """Drops the oldest ones down to what is to be kept."""
        session, most = self._desk.session, int(self.keep.currentData()) * MEGABYTE
        self._desk.background.run(
            self,
            lambda _: clear(session, most),
            done=lambda went: self.say(f"已清理 {said(went)}。" if went else "没有超过，不用清理。"),
            ended=self.read,
        )
