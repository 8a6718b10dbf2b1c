"""A case's papers by key: Alt+U lists the sessions, inquiries, agreements and the rest that are there, newest of each kind last; Enter opens one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMenu

from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.ui.child_list import ChildList

if TYPE_CHECKING:
    from jusuo_desktop.ui.entry_page import EntryPage

OPEN_KEYS: Final = "Alt+U"


class ChildMenu(QObject):
    """The lines of the page's lists of children, as a menu; arrows and Enter, or the number."""

    def __init__(self, page: EntryPage) -> None:
        super().__init__(page)
        self._page = page
        page.add_keys(OPEN_KEYS, self.offer)

    def offer(self) -> None:
        """Opens the menu; with nothing there it is said how to add."""
        page = self._page
        held = [(one, record) for one in page.form.lists for record in one.records]
        if not held:
            page.say("这件案子里还没有文书；按 Alt 加旁边的字母增加。")
            return
        menu = QMenu(page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place, (one, record) in enumerate(held, 1):
            line = menu.addAction(f"&{place}  {KINDS[record.kind].label}：{ChildList.said(record)}")
            line.triggered.connect(lambda checked=False, one=one, r=record: one.wanted.emit(r.kind, r.id))
        menu.setActiveAction(menu.actions()[0])
        menu.popup(page.form.mapToGlobal(page.form.rect().topLeft()))
