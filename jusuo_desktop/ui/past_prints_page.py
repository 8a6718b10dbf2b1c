"""打过的纸: every print of a record and its family, as it was, to look at and to print again exactly so."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from jusuo_desktop.actions.reprint import PastPrint, past_prints, reprinted, sheet_again
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.records.printed_sheet import VOLUME
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.ui.background import Task
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.pages_view import PagesView
from jusuo_desktop.ui.print_choices import PRINTER
from jusuo_desktop.ui.printer import Order, send
from jusuo_desktop.ui.text_table import TextModel, TextTable
from jusuo_desktop.ui.theme import hint, label

PRINT, STOP = "原样再打  Ctrl+P", "停止  Ctrl+P"
HEADINGS: Final = ("文书", "打印时间", "谁打的", "页数", "此后")
LEFT_SHARE, RIGHT_SHARE = 10, 11


def _cells(past: PastPrint) -> tuple[str, ...]:
    title = f"{past.title}　{past.about}" if past.about else past.title
    since = "原样不在本机" if not past.kept else "内容有改动" if past.changed else "没有变化"
    return title, f"{past.at:%Y-%m-%d %H:%M}", past.by, str(past.printed.pages), since


class PastPrintsPage(Page):
    """The prints of one record's family, newest first."""

    def __init__(self, desk: Desk, record_id: str) -> None:
        super().__init__(desk, "打过的纸")
        self._record_id = record_id
        self._printing: Task | None = None
        self._pages: PagePictures | None = None
        self._shown: PastPrint | None = None
        self.model: TextModel[PastPrint] = TextModel(HEADINGS, _cells, quiet=lambda past: not past.kept, right=(3,))
        self.table = TextTable(self.model, (-1, 128, 66, 46, 96))
        self.view = PagesView(desk.background)
        self.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.trouble = label("", "problem")
        self.trouble.setWordWrap(True)
        self.print_button = self.add_act("原样再打", self.print_out, "Ctrl+P", primary=True, hint="和当时打印的一模一样，纸上不加任何字")
        self.add_act("返回", self.closed.emit)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.table, 1)
        left.addWidget(hint("原样再打不改变记录，也不在纸上注明；哪一天由谁再打的，记在审计里。"))
        right.addWidget(self.trouble)
        right.addWidget(self.view, 1)
        across = QHBoxLayout()
        across.setSpacing(10)
        across.addLayout(left, LEFT_SHARE)
        across.addLayout(right, RIGHT_SHARE)
        self.body.addLayout(across, 1)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        self._show(None)
        self.read()

    def first_field(self) -> QWidget:
        return self.table

    @property
    def chosen(self) -> PastPrint | None:
        """The print in front."""
        place = self.table.currentIndex().row()
        return self.model.rows[place] if 0 <= place < len(self.model.rows) else None

    def read(self) -> None:
        """Reads the prints in the background."""
        session, record_id = self.desk.session, self._record_id
        self.desk.background.run(self, lambda _: past_prints(session, record_id), done=self._fill, key="past")

    def _fill(self, found: list[PastPrint]) -> None:
        self.model.put(tuple(found))
        if found:
            self.table.selectRow(0)
        else:
            self._refuse(Refused("这条记录还没有打印过。"))

    def _choose(self) -> None:
        past, session = self.chosen, self.desk.session
        if past is None or past is self._shown:
            return
        self._shown = past

        def read(_: Reins) -> PagePictures:
            return PagePictures(sheet_again(session, past.printed), scans_in_colour=True)

        self.desk.background.run(self, read, done=self._show, refused=self._refuse, key="sheet")

    def _show(self, pages: PagePictures | None) -> None:
        self._pages = pages
        self.view.show_pages(pages)
        self.view.setVisible(pages is not None)
        self.trouble.setVisible(pages is None and bool(self.trouble.text()))
        self.print_button.setEnabled(pages is not None)

    def _refuse(self, refused: Refused) -> None:
        self.trouble.setText(refused.message)
        self._show(None)

    def print_out(self, order: Order | None = None) -> None:
        """Prints the sheet in front once more. While it prints, stops between two sheets."""
        if self._printing is not None and self._printing.running:
            self._printing.cancel()
            return
        past, pages, session = self._shown, self._pages, self.desk.session
        if past is None or pages is None:
            return

        def work(reins: Reins) -> bool:
            chosen = order or Order(str(session.store.get(PRINTER, "")), title=past.title, duplex=past.printed.form == VOLUME)
            done = send(PagePictures(sheet_again(session, past.printed), scans_in_colour=True), chosen, reins.stopped, reins.tell)
            if done:
                reprinted(session, past.printed)
            return done

        def ended() -> None:
            self.print_button.setText(PRINT)

        self.print_button.setText(STOP)
        self._printing = self.desk.background.run(
            self,
            work,
            done=lambda done: self.desk.say("已送到打印机，和当时的一样。" if done else "已停止打印。"),
            progress=lambda told: self.desk.say(str(told)),
            ended=ended,
        )
