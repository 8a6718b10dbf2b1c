"""The sheet of the settings page about keeping the data safe: backups, their place, and proving the store whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel

from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.settings_cards import Sheet
from jusuo_desktop.ui.theme import button, hint

if TYPE_CHECKING:
    from jusuo_desktop.store.backup import Backup

SHOWN = 3


class BackupSheet(Sheet):
    """Backs up now or onto a stick, checks the store."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("备份与检查")
        self._desk = desk
        self.held = QLabel()
        self.held.setWordWrap(True)
        self.inside.addWidget(self.held)
        line = QHBoxLayout()
        self.now, self.stick, self.check = button("立即备份"), button("备份到U盘…"), button("检查数据")
        for made in (self.now, self.stick, self.check):
            line.addWidget(made)
        line.addStretch(1)
        self.inside.addLayout(line)
        self.inside.addWidget(
            hint("每天自动备份一次，备份也是加密的。要恢复时，先按 Ctrl+L 锁定，再在登录页选“从备份恢复”；现在的数据会保留在旁边，不会被删除。")
        )
        self.inside.addWidget(hint("恢复密钥只在建立数据时打印一次，程序里不保存，不能再次打印。遗失时请妥善记住口令，并多留一个可以登录的用户。"))
        self.end()
        self.now.clicked.connect(lambda: self.back_up(None))
        self.stick.clicked.connect(self._choose)
        self.check.clicked.connect(self.verify)
        self.read()

    def read(self) -> None:
        """Reads which backups there are."""
        folder = self._desk.session.store.folder

        def work(_reins: object) -> list[Backup]:
            from jusuo_desktop.actions.back_up import backups

            return backups(folder)

        self._desk.background.run(self, work, done=self._show_held, key="read")

    def back_up(self, folder: Path | None) -> None:
        """Makes a backup."""
        session = self._desk.session

        def work(_reins: object) -> Path:
            from jusuo_desktop.actions.back_up import back_up

            return back_up(session, folder)

        self._busy("正在备份…")
        self._desk.background.run(self, work, done=lambda made: self.say(f"已备份：{made}"), refused=self.refuse, ended=self._free)

    def verify(self) -> None:
        """Proves the store whole."""
        session = self._desk.session

        def work(_reins: object) -> list[str]:
            from jusuo_desktop.actions.verify_store import verify

            return verify(session)

        def done(found: list[str]) -> None:
            if found:
                self.refuse("\n".join(found[:10]))
            else:
                self.say("检查完毕：数据文件完整，操作日志没有被改动。")

        self._busy("正在检查…")
        self._desk.background.run(self, work, done=done, refused=self.refuse, ended=self._free)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "备份到哪里")
        if chosen:
            self.back_up(Path(chosen))

    def _busy(self, said: str) -> None:
        self.say(said)
        for made in (self.now, self.stick, self.check):
            made.setEnabled(False)

    def _free(self) -> None:
        for made in (self.now, self.stick, self.check):
            made.setEnabled(True)
        self.read()

    def _show_held(self, held: list[Backup]) -> None:
        lines = [f"{b.made:%Y-%m-%d %H:%M}　{b.records:,} 条记录　{b.size / 2**20:.1f} MB" for b in held[:SHOWN]]
        more = f"（共 {len(held)} 份）" if len(held) > SHOWN else ""
        self.held.setText("最近的备份：\n" + "\n".join(lines) + more if lines else "还没有备份。")
