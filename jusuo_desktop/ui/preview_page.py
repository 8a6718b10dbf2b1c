"""The print preview: choose the paper at the left, see it as it will be, print it or save it as PDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from jusuo_desktop.actions.forms import forms_of
from jusuo_desktop.actions.print_form import Offer, Paper, offers, prepare, prepare_blank, printed
from jusuo_desktop.actions.print_list import lists_for, prepare_list
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.store.refusal import DiskTrouble, Refused
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.ui.background import Task
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.pages_view import PagesView
from jusuo_desktop.ui.print_choices import BLANK, FILLED, PrintChoices
from jusuo_desktop.ui.printer import Order, send
from jusuo_desktop.ui.theme import ACCENT_SOFT, INK, LINE, button, hint, label

PRINT, STOP = "打印  Ctrl+P", "停止  Ctrl+P"
LEFT_WIDTH: Final = 250
CHOSEN: Final = f"QListWidget::item:selected {{ background: {ACCENT_SOFT}; color: {INK}; }}"


class PreviewPage(Page):
    """Papers of one record and its family; of a `query`, the list forms with what it lists; without either, every form blank."""

    def __init__(self, desk: Desk, form: str, record_id: str, query: ListQuery | None = None) -> None:
        super().__init__(desk, "打印")
        self._query = query
        self._wanted = Offer(form, "", record_id)
        self._record_id = record_id
        self._found: list[Offer] = []
        self._stale = False
        self._printing: Task | None = None
        self.paper: Paper | None = None
        self._pages: PagePictures | None = None
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setStyleSheet(f"QListWidget::item {{ padding: 5px 4px; border-bottom: 1px solid {LINE}; }}" + CHOSEN)
        self.list.currentRowChanged.connect(lambda _: self.prepare())
        self.choices = PrintChoices(desk, blank_only=not record_id and query is None, listed=query is not None)
        self.choices.changed.connect(self.prepare)
        self.view = PagesView(desk.background)
        self.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view.moved.connect(self._say_place)
        self.place = label("", "hint")
        self.remark = hint("")
        self.trouble = label("", "problem")
        self._lay_out()
        desk.changed.connect(self._on_changed)
        self._look()

    def _lay_out(self) -> None:
        self.header.addWidget(self.place)
        zooms: tuple[tuple[str, str, Callable[[], None]], ...] = (
            ("－", "Ctrl+-", lambda: self.view.zoom(-1)),
            ("＋", "Ctrl+=", lambda: self.view.zoom(1)),
            ("适合宽度", "Ctrl+0", self.view.fit),
            ("整页", "Ctrl+9", lambda: self.view.fit(page=True)),
        )
        for text, keys, act in zooms:
            made = button(text)
            made.setToolTip(keys.replace("=", "+"))
            made.clicked.connect(lambda _=False, act=act: act())
            self.add_keys(keys, made.click)
            self.header.addWidget(made)
        if self._record_id:
            self.add_act("打过的纸", self._show_past, "Alt+H", hint="每一次打印的原样，可以原样再打")
        self.save_button = self.add_act("保存PDF", self._choose_file, "Ctrl+S")
        self.print_button = self.add_act("打印", self.print_out, "Ctrl+P", primary=True)
        self.print_button.setMinimumWidth(self.print_button.fontMetrics().horizontalAdvance(STOP) + 32)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(label("表格", "section"))
        left.addWidget(self.list, 1)
        self.broken = hint("")
        self.broken.setWordWrap(True)
        left.addWidget(self.broken)
        left.addWidget(self.choices)
        side = QWidget()
        side.setFixedWidth(LEFT_WIDTH)
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        self.trouble.setWordWrap(True)
        self.trouble.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.trouble.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(4)
        right.addWidget(self.remark)
        right.addWidget(self.trouble)
        right.addWidget(self.view, 1)
        across = QHBoxLayout()
        across.setSpacing(10)
        across.addWidget(side)
        across.addLayout(right, 1)
        self.body.addLayout(across, 1)
        self._show(None)

    def first_field(self) -> QWidget:
        return self.list

    def shown(self) -> None:
        self.choices.look_for_printers()
        if self._stale:
            self._look()

    # -- which paper ---------------------------------------------------------

    def _look(self) -> None:
        """Asks what can be printed here; a session written meanwhile is offered too."""
        session, record_id, query = self.desk.session, self._record_id, self._query
        self._stale = False

        def work(_reins: object) -> tuple[list[Offer], list[str]]:
            found = [Offer(t.name, t.title, "") for t in lists_for(session, query.kind)] if query is not None else offers(session, record_id)
            return found, [broken.message for broken in forms_of(session).broken.values()]

        self.desk.background.run(self, work, done=self._offer, key="offers")

    def _offer(self, told: tuple[list[Offer], list[str]]) -> None:
        found, broken = told
        self.broken.setText("\n".join(f"一张表格没有列出，它的模板有错：{said}" for said in broken))
        self.broken.setVisible(bool(broken))
        if found and found == self._found:
            self.prepare()
            return
        self._found = found
        wanted = self._offered() or self._wanted
        self.list.blockSignals(True)
        self.list.clear()
        for offer in found:
            item = QListWidgetItem(offer.title + (f"\n{offer.about}" if offer.about else ""))
            item.setData(Qt.ItemDataRole.UserRole, offer)
            self.list.addItem(item)
        self.list.blockSignals(False)
        same = [number for number, offer in enumerate(found) if offer.form == wanted.form]
        exact = [number for number in same if found[number].record_id == wanted.record_id]
        if found:
            self.list.setCurrentRow((exact or same[-1:] or [0])[0])
        else:
            self._refuse(Refused("这条记录没有可以打印的表格，或者它已经不在本机上。"))

    def _offered(self) -> Offer | None:
        item = self.list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item is not None else None

    def prepare(self) -> None:
        """Makes the chosen paper in the background and shows it."""
        offer = self._offered()
        if offer is None:
            return
        session, way, query = self.desk.session, self.choices.way, self._query

        def work(_: Reins) -> tuple[Paper, PagePictures]:
            if query is not None and way != BLANK:
                paper = prepare_list(session, offer.form, query)
            elif way == BLANK or not offer.record_id:
                paper = prepare_blank(session, offer.form)
            else:
                paper = prepare(session, offer.form, offer.record_id, values_only=way != FILLED)
            return paper, PagePictures(paper.pdf)

        self.desk.background.run(self, work, done=self._show, refused=self._refuse, key="prepare")

    def _show(self, made: tuple[Paper, PagePictures] | None) -> None:
        anew = made is not None and (self.paper is None or (made[0].form, made[0].record_id) != (self.paper.form, self.paper.record_id))
        self.paper, self._pages = made if made is not None else (None, None)
        self.view.show_pages(self._pages)
        self.view.setVisible(made is not None)
        self.remark.setText(self.paper.remark if self.paper else "")
        self.remark.setVisible(bool(self.remark.text()))
        self.trouble.setVisible(made is None and bool(self.trouble.text()))
        self.print_button.setEnabled(made is not None)
        self.save_button.setEnabled(made is not None)
        if self.paper is not None:
            self.trouble.clear()
            self.trouble.hide()
            self.set_title(f"打印：{self.paper.title}")
            if anew:
                self.choices.set_copies(self.paper.copies)

    def _refuse(self, refused: Refused) -> None:
        self.trouble.setText(refused.message)
        self._show(None)

    def _show_past(self) -> None:
        from jusuo_desktop.ui.past_prints_page import PastPrintsPage

        self.desk.show_page(PastPrintsPage(self.desk, self._record_id))

    def _say_place(self, page: int, pages: int) -> None:
        self.place.setText(f"第{page}页 共{pages}页" if pages else "")

    def _on_changed(self, ids: frozenset[str]) -> None:
        """Anything may stand on the paper: the record, its rows, a person it names."""
        self._stale = bool(ids)
        if self._stale and self.isVisible():
            self._look()

    # -- onto paper or into a file -----------------------------------------------

    def print_out(self, order: Order | None = None) -> None:
        """Prints the paper that is shown; by default on the chosen printer. While it prints, stops between two sheets."""
        if self._printing is not None and self._printing.running:
            self._printing.cancel()
            return
        paper, pages, session = self.paper, self._pages, self.desk.session
        if paper is None or pages is None:
            return
        chosen = order or self.choices.order(paper.title)

        def work(reins: Reins) -> bool:
            done = send(pages, chosen, reins.stopped, reins.tell)
            if done:
                printed(session, paper)
            return done

        def ended() -> None:
            self.print_button.setText(PRINT)
            self.prepare()

        self.print_button.setText(STOP)
        self._printing = self.desk.background.run(self, work, done=self._said_printed, progress=self.desk.say, ended=ended)

    def _said_printed(self, done: bool) -> None:
        self.desk.say("已送到打印机。" if done else "已停止打印，没有记为打印过。")

    def _choose_file(self) -> None:
        if self.paper is None:
            return
        proposed = self.choices.folder / f"{self.paper.title}.pdf"
        chosen, _ = QFileDialog.getSaveFileName(self, "保存PDF", str(proposed), "PDF (*.pdf)")
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Saves the paper that is shown as a PDF."""
        paper, session = self.paper, self.desk.session
        if paper is None:
            return

        def work(_: Reins) -> Path:
            try:
                path.write_bytes(paper.pdf)
            except OSError as error:
                raise DiskTrouble(f"没有保存到 {path}：{error.strerror}。请换一个可写的文件夹，或者关掉正打开它的程序。") from None
            printed(session, paper)
            self.choices.remember_folder(path.parent)
            return path

        self.desk.background.run(self, work, done=lambda saved: self.desk.say(f"已保存：{saved}"), ended=self.prepare)
