"""What else can be done on a record's page: number, print, void, children, history. What is typed is saved first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMenu, QWidget

from jusuo_desktop.actions.number import draw
from jusuo_desktop.actions.print_form import Offer, offers
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.void_record import void
from jusuo_desktop.records.field import Sensitivity
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.ui.history_pane import HistoryPane, told
from jusuo_desktop.ui.record_reading import Reading, read_record

if TYPE_CHECKING:
    from jusuo_desktop.ui.entry_page import EntryPage


class EntryActs(QObject):
    """Each act runs in the background and shows the record again."""

    def __init__(self, page: EntryPage) -> None:
        super().__init__(page)
        self._page = page
        self.history: HistoryPane | None = None

    def draw_number(self) -> None:
        """Gives the record its printed number."""
        self._when_saved(lambda: self._act(draw))

    def choose_print(self, beneath: QWidget) -> None:
        """Offers the papers of this record and its family in a menu; one alone opens at once."""
        self._when_saved(lambda: self._offer_papers(beneath))

    def _offer_papers(self, beneath: QWidget) -> None:
        session, record_id = self._page.desk.session, self._page.record_id
        self._page.desk.background.run(
            self, lambda reins: offers(session, record_id), done=lambda papers: self._show_papers(papers, beneath), key="papers"
        )

    def _show_papers(self, papers: list[Offer], beneath: QWidget) -> None:
        desk = self._page.desk
        if not papers:
            self._page.say("这种记录没有可打印的表格。")
        elif len(papers) == 1:
            desk.preview(papers[0].form, papers[0].record_id)
        else:
            menu = QMenu(self._page)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            for place, paper in enumerate(papers, 1):
                text = f"&{place}  {paper.title}{f'（{paper.about}）' if paper.about else ''}"
                menu.addAction(text).triggered.connect(lambda checked=False, p=paper: desk.preview(p.form, p.record_id))
            menu.setActiveAction(menu.actions()[0])
            menu.popup(beneath.mapToGlobal(beneath.rect().bottomLeft()))

    def ask_void(self) -> None:
        """Asks for the reason."""
        if self._page.record_id:
            self._page.void_bar.ask()
        else:
            self._page.say("还没有保存过，直接返回即可。")

    def void(self, reason: str) -> None:
        """Voids the record."""
        self._act(lambda session, record_id: void(session, record_id, reason))

    def _act(self, act: Callable[[Session, str], object]) -> None:
        session, record_id = self._page.desk.session, self._page.record_id

        def work(reins: object) -> Reading:
            act(session, record_id)
            return read_record(session, record_id)

        self._page.desk.background.run(self, work, done=self._acted, refused=self._page.refuse)

    def _acted(self, reading: Reading) -> None:
        self._page.void_bar.hide()
        self._page.show_again(reading)

    def open_child(self, kind: str, record_id: str) -> None:
        """Lays the child's page over this one."""
        page = self._page
        self._when_saved(lambda: page.desk.show_page(type(page)(page.desk, kind, record_id, parent_id=page.record_id)))

    def when_saved(self, then: Callable[[], None]) -> None:
        """Goes on with `then` once everything typed is saved; a page that may not be written goes on at once."""
        self._when_saved(then)

    def _when_saved(self, then: Callable[[], None]) -> None:
        page = self._page
        if page.locked or (page.record_id and not page.form.touched):
            then()
        else:
            page.save(then=then)

    def toggle_history(self) -> None:
        """Opens or closes the history at the side."""
        page = self._page
        if self.history is None:
            self.history = HistoryPane()
            page.split.addWidget(self.history)
            page.split.setSizes([page.width() - 340, 340])
        else:
            self.history.setVisible(self.history.isHidden())
        self.read_history()

    def read_history(self) -> None:
        """Shows the history as it now is, if it is open."""
        page, pane = self._page, self.history
        if pane is None or pane.isHidden():
            return
        session, records = page.desk.session, page.records
        page.desk.background.run(self, lambda reins: told(session, records), done=pane.setHtml, key="history")

    def note_shown(self, reading: Reading) -> None:
        """Identity numbers that the page shows in full count as looked at (design.md §8)."""
        records = [reading.record, *reading.children] if reading.record is not None else []
        if not self._page.form.masked:
            for record in records:
                for name in KINDS[record.kind].by_name if record.kind in KINDS else ():
                    if name in record.values and KINDS[record.kind].by_name[name].sensitivity is Sensitivity.SENSITIVE:
                        self.note_view(record.id, name)

    def note_view(self, record_id: str, field: str) -> None:
        """A masked number was shown in full: that goes into the audit chain."""
        store = self._page.desk.session.store
        self._page.desk.background.run(self, lambda reins: store.audit_view(record_id, field))
