"""A list of any length behind a table view: the keys in order as one array, rows read by key in the background as they come into sight."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal

from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.where_is import receipt_line
from jusuo_desktop.records.field import Field, FieldType
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.values import show
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.store.store import Store
from jusuo_desktop.store.whereabouts import CHANGED, HELD, IN_CONFLICT, ONLY_HERE, RECEIVED, REFUSED
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.ui.columns import listable
from jusuo_desktop.ui.desk import Desk

AT_FIRST: Final = 200
"""Rows shown while the order of the rest is still being read."""
RUN: Final = 120
"""Rows read in one go: a screen and what is just beyond."""
MOST_KEPT: Final = 6000
"""Rows kept in memory; the furthest from sight go first."""
MOST_CHARACTERS: Final = 120
WAITING: Final = "…"
WORSE_THAN_VOIDED: Final = {REFUSED: "退回", IN_CONFLICT: "分歧"}
MARKS: Final = {HELD: "暂缓", ONLY_HERE: "未报", CHANGED: "未报"}
"""By the state with the county; only a machine that has joined one says so of every record."""
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as it is painted: the text of every listed field, in declared order, then where it is, and its mark."""

    id: str
    texts: tuple[str, ...]
    mark: str
    voided: bool


def shown_rows(store: Store, kind: RecordKind, keys: Sequence[int], *, enrolled: bool) -> dict[int, ShownRow]:
    """Reads rows and words them; links by name, identity numbers masked. For the background."""
    found = {}
    rows = store.rows(keys)
    stands = store.whereabouts([row.id for row in rows])
    for row in rows:
        texts = tuple(_text(store, field, row.values.get(field.name)) for field in kind.listed)
        state = stands[row.id].state if row.id in stands else RECEIVED
        mark = WORSE_THAN_VOIDED.get(state) or ("作废" if row.voided else MARKS.get(state, "") if enrolled else "")
        found[row.key] = ShownRow(row.id, (*texts, receipt_line(stands[row.id]) if row.id in stands else ""), mark, row.voided)
    return found


def _text(store: Store, field: Field, value: Any) -> str:
    said = show(field, value, links=store.name_of, masked=True)
    return said if len(said) <= MOST_CHARACTERS else said[:MOST_CHARACTERS]


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What a query gives at once: the first keys and their rows."""

    keys: array[int]
    rows: dict[int, ShownRow]
    whole: bool


class ListModel(QAbstractTableModel):
    """Column 0 is the mark, then the shown fields. `counted` tells the length once it is known, `loading` that it is being found out."""

    counted = Signal(int)
    loading = Signal(bool)
    replaced = Signal()

    def __init__(self, desk: Desk, kind: RecordKind) -> None:
        super().__init__()
        self._desk, self._kind = desk, kind
        self._keys: array[int] = array("q")
        self._rows: dict[int, ShownRow] = {}
        self._fresh: set[int] = set()
        self._places = {field.name: place for place, field in enumerate(listable(kind))}
        self._columns: list[Field] = list(kind.listed)
        self._column_places = list(range(len(kind.listed)))
        self._query = ListQuery(kind.name)
        self._sight = (0, 0)
        self._reading = self._refreshing = self._again = False
        self._enrolled = False
        self.fetches = 0
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(0)
        self._look.timeout.connect(self._fetch)

    # -- what is shown ---------------------------------------------------------

    @property
    def query(self) -> ListQuery:
        """What is listed."""
        return self._query

    @property
    def columns(self) -> list[Field]:
        """The shown fields, without the mark."""
        return self._columns

    def set_columns(self, names: Sequence[str]) -> None:
        """Shows these fields, in this order."""
        self.beginResetModel()
        fields = {field.name: field for field in listable(self._kind)}
        self._columns = [fields[name] for name in names]
        self._column_places = [self._places[name] for name in names]
        self.endResetModel()
        self.replaced.emit()

    def set_query(self, query: ListQuery) -> None:
        """Lists something else: the beginning at once, the rest when it is known. What was asked before is dropped."""
        self._query = query
        self._refreshing = False  # an earlier reading is dropped with its end
        self.loading.emit(True)
        session, kind = self._desk.session, self._kind

        def work(reins: Reins) -> array[int]:
            beginning = _begin(session, kind, query)
            if not reins.stopped.is_set():
                reins.tell(beginning)  # type: ignore[arg-type]
            return beginning.keys if beginning.whole or reins.stopped.is_set() else session.store.keys(query)

        self._desk.background.run(self, work, progress=self._begun, done=self._known, ended=lambda: self.loading.emit(False), key="keys")

    def refresh(self) -> None:
        """Reads the same list anew: rows stay to be seen until their new text is there; the view keeps its place."""
        if self._refreshing:
            self._again = True  # one at a time: a long sync tells of changes many times a second
            return
        self._refreshing, self._again = True, False
        self._fresh.clear()
        session, query = self._desk.session, self._query

        def work(_reins: Reins) -> tuple[array[int], bool]:
            return session.store.keys(query), session.store.enrolment is not None

        def done(outcome: tuple[array[int], bool]) -> None:
            keys, self._enrolled = outcome
            self._known(keys)
            self._look.start()

        def ended() -> None:
            self._refreshing = False
            self.loading.emit(False)  # of a query that this reading replaced
            if self._again:
                self.refresh()

        self._desk.background.run(self, work, done=done, ended=ended, key="keys")

    def row_at(self, place: int) -> ShownRow | None:
        """The row in that place if it is here."""
        return self._rows.get(self._keys[place]) if 0 <= place < len(self._keys) else None

    def key_at(self, place: int) -> int | None:
        """The key in that place."""
        return self._keys[place] if 0 <= place < len(self._keys) else None

    def place_of(self, key: int | None) -> int:
        """Where a key stands, -1 where it does not."""
        return -1 if key is None else place_in(self._keys, key)

    def text(self, place: int, column: int) -> str:
        """The text of a cell; the mark in column 0."""
        row = self.row_at(place)
        if row is None:
            return WAITING if column == 1 else ""
        return row.mark if column == 0 else row.texts[self._column_places[column - 1]]

    def see(self, first: int, last: int) -> None:
        """The view shows these places: what is not here is read."""
        self._sight = (max(first, 0), max(last, 0))
        if not self._reading and not self._look.isActive():
            self._look.start()

    # -- Qt --------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.text(index.row(), index.column())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section - 1].label if section else ""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    # -- reading -----------------------------------------------------------------

    def _begun(self, beginning: _Beginning) -> None:
        self._rows.update(beginning.rows)
        self._fresh = set(beginning.rows)
        self._replace(beginning.keys)
        if beginning.whole:
            self.counted.emit(len(self._keys))

    def _known(self, keys: array[int]) -> None:
        have = len(self._keys)
        if have and len(keys) > have and memoryview(keys)[:have] == memoryview(self._keys):
            self.beginInsertRows(QModelIndex(), have, len(keys) - 1)
            self._keys = keys
            self.endInsertRows()
        elif keys != self._keys:
            self._replace(keys)
        self.counted.emit(len(keys))
        self._look.start()

    def _replace(self, keys: array[int]) -> None:
        self.beginResetModel()
        self._keys = keys
        self.endResetModel()
        self.replaced.emit()

    def _fetch(self) -> None:
        if self._reading:
            return
        first, last = self._sight
        seen = self._keys[first : last + 1]
        missing = [key for key in seen if key not in self._fresh] or self._ahead(first, last)
        if not missing:
            return
        self._reading = True
        self.fetches += 1
        store, kind, enrolled = self._desk.session.store, self._kind, self._enrolled
        wanted = missing[:RUN]

        def ended() -> None:
            self._reading = False
            self._look.start()

        def done(rows: dict[int, ShownRow]) -> None:
            self._rows.update(rows)
            self._fresh.update(wanted)
            self._forget()
            self._tell_seen()

        self._desk.background.run(self, lambda _r: shown_rows(store, kind, wanted, enrolled=enrolled), done=done, ended=ended, key="rows")

    def _ahead(self, first: int, last: int) -> list[int]:
        """The screen below and the one above, once all in sight is here: the next page key shows text at once."""
        tall = last - first + 1
        around = self._keys[last + 1 : last + 1 + tall] + self._keys[max(first - tall, 0) : first]
        return [key for key in around if key not in self._fresh]

    def _tell_seen(self) -> None:
        first, last = self._sight
        last = min(last, len(self._keys) - 1)
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns)))

    def _forget(self) -> None:
        if len(self._rows) <= MOST_KEPT:
            return
        first, last = self._sight
        near = set(self._keys[max(first - MOST_KEPT // 4, 0) : last + MOST_KEPT // 4])
        self._rows = {key: row for key, row in self._rows.items() if key in near}
        self._fresh &= near


def _begin(session: Session, kind: RecordKind, query: ListQuery) -> _Beginning:
    keys = session.store.keys(query, AT_FIRST)
    enrolled = session.store.enrolment is not None
    return _Beginning(keys, shown_rows(session.store, kind, keys[:RUN], enrolled=enrolled), len(keys) < AT_FIRST)


def place_in(keys: array[int], key: int) -> int:
    """Where a key stands, -1 where it does not: as bytes, which in a million keys takes a tenth of the frame that comparing numbers takes."""
    whole, wanted = keys.tobytes(), array("q", [key]).tobytes()
    at = whole.find(wanted)
    while at >= 0 and at % keys.itemsize:
        at = whole.find(wanted, at + 1)
    return at // keys.itemsize if at >= 0 else -1


def right_aligned(field: Field) -> bool:
    """Whether a column holds numbers."""
    return field.type in (FieldType.INTEGER, FieldType.MONEY)
