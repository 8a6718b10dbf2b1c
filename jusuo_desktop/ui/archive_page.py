"""归档的卷宗: what was archived in a year, with its hand-over list; and what has run out its retention, to be appraised, never deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from jusuo_desktop.actions.archive import KIND, ArchivedVolume, archived, handover_paper, run_out, years_said
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.store.refusal import DiskTrouble
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.print_choices import FOLDER, PRINTER
from jusuo_desktop.ui.printer import Order, send
from jusuo_desktop.ui.text_table import TextModel, TextTable
from jusuo_desktop.ui.theme import hint

HEADINGS: Final = ("卷号", "卷名", "保管期限", "面数", "立卷日期", "归档日期", "保管到")
WIDTHS: Final = (200, -1, 80, 60, 105, 105, 105)
YEARS: Final = 10
RUN_OUT: Final = 0
"""Stands for the list of what has run out, in the place of a year."""


def _cells(one: ArchivedVolume) -> tuple[str, ...]:
    return one.number, one.title, one.retention, str(one.pages or ""), one.filed_on, one.archived_on, one.until


class ArchivePage(Page):
    """A year of the archive, or what has run out."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "归档的卷宗")
        self.choice = QComboBox()
        year = desk.session.today().year
        for back in range(YEARS):
            self.choice.addItem(f"{year - back}年归档", year - back)
        self.choice.addItem("到期待鉴定", RUN_OUT)
        self.choice.activated.connect(lambda _: self.read())
        self.header.addWidget(self.choice)
        self.save_button = self.add_act("保存PDF", self._choose_file, "Ctrl+S")
        self.print_button = self.add_act("打印移交清单", self.print_out, "Ctrl+P", primary=True)
        self.add_act("返回", self.closed.emit)
        self.model: TextModel[ArchivedVolume] = TextModel(HEADINGS, _cells, right=(3,))
        self.table = TextTable(self.model, WIDTHS)
        self.table.activated.connect(self._open)
        self.said = hint("")
        self.body.addWidget(self.said)
        self.body.addWidget(self.table, 1)
        desk.changed.connect(self._heard)
        self.read()

    def _heard(self, ids: frozenset[str]) -> None:
        """A method and no lambda: it is forgotten with the page."""
        if ids and self.isVisible():
            self.read()

    def first_field(self) -> QWidget:
        return self.table

    @property
    def year(self) -> int:
        """The chosen year, RUN_OUT for the other list."""
        return int(self.choice.currentData())

    def read(self) -> None:
        """Reads the chosen list in the background."""
        session, year = self.desk.session, self.year

        def work(_: Reins) -> tuple[list[ArchivedVolume], str]:
            return (archived(session, year), "") if year != RUN_OUT else (run_out(session), years_said(session))

        self.desk.background.run(self, work, done=self._show, key="archive")

    def _show(self, found: tuple[list[ArchivedVolume], str]) -> None:
        volumes, years = found
        self.model.put(volumes)
        if volumes:
            self.table.selectRow(0)
        if self.year == RUN_OUT:
            self.said.setText(f"保管期限已满、等待鉴定的{len(volumes)}卷。鉴定以前什么也不删除。{years}")
        else:
            pages = sum(one.pages for one in volumes)
            self.said.setText(f"{len(volumes)}卷，{pages}面。没有面数的，还没有在这台电脑上装订。" if volumes else "这一年没有归档的卷宗。")
        for made in (self.save_button, self.print_button):
            made.setEnabled(bool(volumes) and self.year != RUN_OUT)

    def _open(self, index: QModelIndex) -> None:
        self.desk.open_record(KIND, self.model.rows[index.row()].record_id)

    # -- the hand-over list ---------------------------------------------------------

    def print_out(self, order: Order | None = None) -> None:
        """Sends the hand-over list of the year to the printer chosen last."""
        session, year = self.desk.session, self.year
        if year == RUN_OUT:
            return

        def work(reins: Reins) -> bool:
            chosen = order or Order(str(session.store.get(PRINTER, "")), title="卷宗移交清单", copies=2)
            return send(PagePictures(handover_paper(session, year).pdf), chosen, reins.stopped, reins.tell)

        self.desk.background.run(
            self, work, done=lambda _: self.desk.say("移交清单已送到打印机，一式两份。"), progress=lambda told: self.desk.say(str(told))
        )

    def _choose_file(self) -> None:
        session, named = self.desk.session, f"{self.year}年卷宗移交清单.pdf"

        def ask(folder: str) -> None:
            chosen, _ = QFileDialog.getSaveFileName(self, "保存PDF", str(Path(folder) / named), "PDF (*.pdf)")
            if chosen:
                self.save_to(Path(chosen))

        self.desk.background.run(self, lambda _: str(session.store.get(FOLDER, str(Path.home()))), done=ask)

    def save_to(self, path: Path) -> None:
        """Writes the hand-over list of the year as a PDF file."""
        session, year = self.desk.session, self.year

        def work(_: Reins) -> Path:
            made = handover_paper(session, year).pdf
            try:
                path.write_bytes(made)
            except OSError as error:
                raise DiskTrouble(f"没有保存到 {path}：{error.strerror}。请换一个可写的文件夹，或者关掉正打开它的程序。") from None
            return path

        self.desk.background.run(self, work, done=lambda saved: self.desk.say(f"已保存：{saved}"))
