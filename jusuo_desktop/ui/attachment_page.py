"""An attachment as large as the window: its pages below one another, turned and ordered here, the next and the one before by a key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from jusuo_desktop.actions.attach import arrange, attachments, leave_out, move_page, page_count, turn
from jusuo_desktop.actions.attachment_pages import PICTURES, is_shown, pages_of, pdf_of, save_copy
from jusuo_desktop.actions.session import Session
from jusuo_desktop.pictures.arranging import PagePlace
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.ui.attachment_icon import said
from jusuo_desktop.ui.background import Task
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.pages_view import PagesView
from jusuo_desktop.ui.print_choices import PRINTER
from jusuo_desktop.ui.printer import Order, send
from jusuo_desktop.ui.theme import button, label

PRINT, STOP = "打印  Ctrl+P", "停止  Ctrl+P"
NOT_SHOWN: Final = "这种文件不能在这里显示。请按Ctrl+S另存一份，用别的程序打开。"


@dataclass(frozen=True, slots=True)
class Seen:
    """One attachment among those of its record, with its pages or the sentence that stands in their place."""

    family: list[Record]
    place: int
    pages: PagePictures | None = None
    trouble: str = ""

    @property
    def record(self) -> Record:
        """The attachment."""
        return self.family[self.place]


class AttachmentPage(Page):
    """Shows `attachment_id` of the record `parent_id`; `locked` pages are only looked at."""

    def __init__(self, desk: Desk, parent_id: str, attachment_id: str, *, locked: bool = False) -> None:
        super().__init__(desk, "附件")
        self._parent_id, self._id, self._locked = parent_id, attachment_id, locked
        self._page = 0
        self._wished: int | None = None
        self._printing: Task | None = None
        self.seen: Seen | None = None
        self.view = PagesView(desk.background)
        self.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view.moved.connect(self._moved)
        self.place = label("", "hint")
        self.remark = label("", "hint")
        self.trouble = label("", "problem")
        self.trouble.setWordWrap(True)
        self._lay_out()
        desk.changed.connect(self._on_changed)
        self.look()

    def _lay_out(self) -> None:
        self.title_label.setMinimumWidth(1)
        self.header.addWidget(self.place)
        self.before = self.add_act("‹", lambda: self.step(-1), hint="上一份附件　Ctrl+←")
        self.after = self.add_act("›", lambda: self.step(1), hint="下一份附件　Ctrl+→")
        self.add_keys("Ctrl+Left", self.before.click)
        self.add_keys("Ctrl+Right", self.after.click)
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
        self.turn_button = self.add_act("右转  Ctrl+R", lambda: self.turn(90), hint="把这一页向右转90度并保存；左转：Ctrl+Shift+R")
        self.add_keys("Ctrl+R", self.turn_button.click)
        self.add_keys("Ctrl+Shift+R", lambda: self.turn(-90))
        self.pages_button = self.add_act("这一页 ▾", self._show_menu, hint="前移、后移、去掉")
        self.copy_button = self.add_act("另存  Ctrl+S", self._choose_file)
        self.add_keys("Ctrl+S", self.copy_button.click)
        self.print_button = self.add_act(PRINT, self.print_out, primary=True)
        self.add_keys("Ctrl+P", self.print_button.click)
        self.print_button.setMinimumWidth(self.print_button.fontMetrics().horizontalAdvance(STOP) + 32)
        self.body.addWidget(self.remark)
        self.body.addWidget(self.trouble)
        self.body.addWidget(self.view, 1)
        self.trouble.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._show_standing()

    def first_field(self) -> QWidget:
        return self.view

    # -- which one -------------------------------------------------------------

    def look(self) -> None:
        """Reads the attachment and draws it."""
        session, parent_id, wanted = self.desk.session, self._parent_id, self._id
        self.desk.background.run(self, lambda _: see(session, parent_id, wanted), done=self._show, refused=self._refuse, key="look")

    def step(self, by: int) -> None:
        """To the next attachment or the one before."""
        if self.seen is None or not 0 <= self.seen.place + by < len(self.seen.family):
            return
        self._id = self.seen.family[self.seen.place + by].id
        self._wished = 0
        self.look()

    def _show(self, seen: Seen) -> None:
        same = self.seen is not None and self.seen.record.id == seen.record.id
        page = self._wished if self._wished is not None else self._page if same else 0
        self.seen, self._wished = seen, None
        self.view.show_pages(seen.pages)
        if not same:
            self.view.fit(page=seen.record.values.get("media_type") in PICTURES)
        if seen.pages is not None:
            self.view.go_to(min(page, len(seen.pages.sizes) - 1))
        self.trouble.setText(seen.trouble)
        self.set_title(KINDS[seen.record.kind].title(seen.record.values)[:40])
        self.title_label.setToolTip(said(seen.record))
        self.remark.setText("　".join(line for line in said(seen.record).split("\n") if line != self.title))
        self._show_standing()

    def _refuse(self, refused: Refused) -> None:
        self.trouble.setText(refused.message)
        self._show_standing()

    def _show_standing(self) -> None:
        seen = self.seen
        pages = seen.pages if seen is not None else None
        self.view.setVisible(pages is not None)
        self.trouble.setVisible(bool(self.trouble.text()))
        self.before.setEnabled(seen is not None and seen.place > 0)
        self.after.setEnabled(seen is not None and seen.place + 1 < len(seen.family))
        self.turn_button.setEnabled(pages is not None and not self._locked)
        self.pages_button.setVisible(pages is not None and not self._locked and bool(seen and page_count(seen.record) > 1))
        self.copy_button.setEnabled(seen is not None)
        self.print_button.setEnabled(pages is not None)
        if self.print_button.isEnabled() and self.isVisible():
            self.view.setFocus()

    def _moved(self, page: int, pages: int) -> None:
        self._page = max(page - 1, 0)
        among = f"附件{self.seen.place + 1}/{len(self.seen.family)}" if self.seen is not None and len(self.seen.family) > 1 else ""
        self.place.setText("　".join(s for s in (f"第{page}页 共{pages}页" if pages > 1 else "", among) if s))

    def _on_changed(self, ids: frozenset[str]) -> None:
        if self._id in ids:
            self.look()

    # -- pages -----------------------------------------------------------------

    def turn(self, by: int) -> None:
        """Turns the page in view, and keeps it so."""
        page = self._page
        self._arrange(lambda session, one: turn(session, one, {page}, by=by))

    def move_on(self, by: int) -> None:
        """Puts the page in view one place further or nearer."""
        page = self._page
        if self.seen is not None and self.seen.pages is not None and 0 <= page + by < len(self.seen.pages.sizes):
            self._wished = page + by
            self._arrange(lambda session, one: move_page(session, one, page, page + by))

    def leave_out(self) -> None:
        """Leaves the page in view out; it can be brought back."""
        page = self._page
        self._arrange(lambda session, one: leave_out(session, one, page))

    def as_it_came(self) -> None:
        """Every page as it came."""
        if self.seen is not None:
            pages = page_count(self.seen.record)
            self._arrange(lambda session, one: arrange(session, one, tuple(PagePlace(n) for n in range(pages))))

    def _arrange(self, act: Callable[[Session, str], Record]) -> None:
        if self.seen is None or self.seen.pages is None or self._locked:
            return
        session, parent_id, one = self.desk.session, self._parent_id, self._id

        def work(_: Reins) -> Seen:
            act(session, one)
            return see(session, parent_id, one)

        self.desk.background.run(self, work, done=self._show, refused=self._refuse)

    def _show_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        acts = (
            ("往前移一页", lambda: self.move_on(-1)),
            ("往后移一页", lambda: self.move_on(1)),
            ("去掉这一页", self.leave_out),
            ("恢复原样", self.as_it_came),
        )
        for number, (text, act) in enumerate(acts, 1):
            menu.addAction(f"&{number}  {text}").triggered.connect(lambda _=False, act=act: act())
        menu.setActiveAction(menu.actions()[0])
        menu.popup(self.pages_button.mapToGlobal(self.pages_button.rect().bottomLeft()))

    # -- out of the window ---------------------------------------------------------

    def print_out(self, order: Order | None = None) -> None:
        """Prints on A4, on the printer chosen last; while it prints, stops between two sheets."""
        if self._printing is not None and self._printing.running:
            self._printing.cancel()
            return
        if self.seen is None or self.seen.pages is None:
            return
        session, record = self.desk.session, self.seen.record

        def work(reins: Reins) -> bool:
            chosen = order or Order(str(session.store.get(PRINTER, "")), title=str(record.values.get("file_name", "附件")))
            session.store.audit_note("print", record.id, str(record.values.get("file_name", "")))
            return send(PagePictures(pdf_of(session, record), colour=True), chosen, reins.stopped, reins.tell)

        self.print_button.setText(STOP)
        self._printing = self.desk.background.run(
            self,
            work,
            done=lambda done: self.desk.say("已送到打印机。" if done else "已停止打印。"),
            progress=self.desk.say,
            ended=lambda: self.print_button.setText(PRINT),
        )

    def _choose_file(self) -> None:
        if self.seen is not None:
            name = str(self.seen.record.values.get("file_name", "附件"))
            chosen, _ = QFileDialog.getSaveFileName(self, "另存附件", str(Path.home() / name))
            if chosen:
                self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Writes a copy outside; that is noted."""
        if self.seen is None:
            return
        session, record = self.desk.session, self.seen.record
        self.desk.background.run(self, lambda _: save_copy(session, record, path), done=lambda _: self.desk.say(f"已保存：{path}"))


def see(session: Session, parent_id: str, wanted: str) -> Seen:
    """The attachment among its family.

    Raises:
        Refused: it is voided or not here.
    """
    family = attachments(session, parent_id)
    place = next((n for n, record in enumerate(family) if record.id == wanted), -1)
    if place < 0:
        raise Refused("这份附件已经作废，或者不在这台电脑上。")
    record = family[place]
    if not is_shown(record):
        return Seen(family, place, trouble=NOT_SHOWN)
    try:
        return Seen(family, place, pages_of(session, record))
    except Refused as refused:
        return Seen(family, place, trouble=refused.message)
