"""What a page may ask of the window, and what it hears from the store. A page knows nothing else of its surroundings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import Value
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui.background import Background

if TYPE_CHECKING:
    from jusuo_desktop.store.listing import Filter
    from jusuo_desktop.ui.page import Page

GATHERING_MS = 60
"""Changes that come within this time are told as one, so that an import does not redraw the lists a thousand times."""


class Desk(QObject):
    """The clerk's desk: session, background, and requests as signals that the window (or a test) answers."""

    changed = Signal(frozenset)
    """Ids of records that changed, typed or pulled; empty when only the state of the queue did. On the Qt thread."""

    record_wanted = Signal(str, str)
    new_record_wanted = Signal(str, object, str)
    list_wanted = Signal(str, object)
    part_wanted = Signal(str)
    page_wanted = Signal(object)
    preview_wanted = Signal(str, str)
    said = Signal(str)
    refused = Signal(str)
    turned_out = Signal(str)
    """Whoever is signed in may not be any more: the window locks and says why."""
    _written = Signal(frozenset)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.background = Background(self)
        self.background.refused.connect(self.refuse)
        self._gathered: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(GATHERING_MS)
        self._timer.timeout.connect(self._tell)
        self._written.connect(self._gather, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = session.store.subscribe(self._written.emit)

    def open_record(self, kind: str, record_id: str) -> None:
        """Opens a record's page."""
        self.record_wanted.emit(kind, record_id)

    def new_record(self, kind: str, values: Mapping[str, Value] | None = None, parent_id: str = "") -> None:
        """Opens an empty page of a kind, some fields filled in."""
        self.new_record_wanted.emit(kind, dict(values or {}), parent_id)

    def open_list(self, kind: str, filters: tuple[Filter, ...] = ()) -> None:
        """Opens the list of a kind, with these filters and no others."""
        self.list_wanted.emit(kind, filters)

    def show_part(self, part: str) -> None:
        """Goes to a part of the rail."""
        self.part_wanted.emit(part)

    def show_page(self, page: Page) -> None:
        """Lays a page over the present one, until it says that it is closed."""
        self.page_wanted.emit(page)

    def preview(self, form: str, record_id: str) -> None:
        """Opens the print preview of a form; without a record, the blank form."""
        self.preview_wanted.emit(form, record_id)

    def say(self, text: str) -> None:
        """Tells a thing that went well, in the status bar, for a few seconds."""
        self.said.emit(text)

    @Slot(object)
    def refuse(self, refused: Refused | str) -> None:
        """Shows a sentence about what could not be done, until the clerk closes it. Never a box in the way of typing."""
        if isinstance(refused, Refused) and refused.turns_out:
            self.turned_out.emit(refused.message)
            return
        self.refused.emit(refused.message if isinstance(refused, Refused) else refused)

    def close(self) -> None:
        """Stops listening and working; the store may be closed afterwards."""
        self._unsubscribe()
        self._timer.stop()
        self.background.close()

    @Slot(frozenset)
    def _gather(self, ids: frozenset[str]) -> None:
        self._gathered |= ids
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _tell(self) -> None:
        ids, self._gathered = frozenset(self._gathered), set()
        self.changed.emit(ids)
