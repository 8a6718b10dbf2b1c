"""What waits for the county as a table of any length: a heading for each group, its lines read in the background as they come into sight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont

from jusuo_desktop.actions.queue_reading import GROUPS, STATES, Group, Line
from jusuo_desktop.ui.theme import ACCENT, AMBER_INK, DESK, QUIET, RED

COLUMNS: Final = ("状态", "种类", "记录", "改动的内容", "填写人", "时间", "原因")
INKS: Final = {"refused": RED, "conflict": AMBER_INK, "held": AMBER_INK, "sent": QUIET}
RUN: Final = 50
Index = QModelIndex | QPersistentModelIndex


class QueueModel(QAbstractTableModel):
    """`wanted` asks for lines of a group: its state, after how many, how many. A heading takes a row of its own."""

    wanted = Signal(str, int, int)

    def __init__(self) -> None:
        super().__init__()
        self._groups: list[Group] = []
        self._starts: list[int] = []
        self._lines: dict[tuple[str, int], Line] = {}
        self._asked: set[tuple[str, int]] = set()
        self._bold = QFont()
        self._bold.setBold(True)

    def put(self, groups: Sequence[Group]) -> None:
        """Shows these groups; the lines are asked for anew as they are seen, the old ones stay in sight until then."""
        shown = [group for group in groups if group.count]
        self._asked.clear()
        if [(g.state, g.count) for g in shown] == [(g.state, g.count) for g in self._groups]:
            self._groups = shown
            if self._groups:
                self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self._groups, self._starts, start = shown, [], 0
        for group in shown:
            self._starts.append(start)
            start += 1 + _rows_of(group)
        known = {group.state for group in shown}
        self._lines = {place: line for place, line in self._lines.items() if place[0] in known}
        self.endResetModel()

    def take(self, state: str, after: int, lines: Sequence[Line]) -> None:
        """The lines that were asked for have come."""
        for number, line in enumerate(lines):
            self._lines[state, after + number] = line
        for group, start in zip(self._groups, self._starts, strict=True):
            if group.state == state and lines:
                first = start + 1 + after
                self.dataChanged.emit(self.index(first, 0), self.index(min(first + len(lines), self.rowCount()) - 1, len(COLUMNS) - 1))

    def line_at(self, row: int) -> Line | None:
        """The line in that row, None for a heading or one that is not here yet."""
        place = self._place(row)
        return self._lines.get(place) if place is not None else None

    def heading_at(self, row: int) -> Group | None:
        """The group whose heading stands in that row."""
        return next((group for group, start in zip(self._groups, self._starts, strict=True) if start == row), None)

    def row_of(self, key: str) -> int:
        """Where a line stands that is here, -1 where it does not."""
        found = next((place for place, line in self._lines.items() if line.key == key), None)
        for group, start in zip(self._groups, self._starts, strict=True):
            if found is not None and group.state == found[0] and found[1] < _rows_of(group):
                return start + 1 + found[1]
        return -1

    @property
    def headings(self) -> list[int]:
        """The rows of the headings."""
        return list(self._starts)

    # -- Qt ----------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        if parent is not None and parent.isValid():
            return 0
        return self._starts[-1] + 1 + _rows_of(self._groups[-1]) if self._groups else 0

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        heading = self.heading_at(index.row()) if role in _HEADING_ROLES else None
        if heading is not None:
            return self._heading(heading, index.column(), role)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() in (0, len(COLUMNS) - 1):
            place = self._place(index.row())
            return QColor(INKS[place[0]]) if place is not None and place[0] in INKS else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(index.row(), index.column())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return COLUMNS[section] if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        return usual if self.heading_at(index.row()) is None else Qt.ItemFlag.NoItemFlags  # the keys pass it over

    def _heading(self, group: Group, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and column == 0:
            return f"{GROUPS[group.state]}（{group.count:,}）" + (f"　{group.said}" if group.said else "")
        if role == Qt.ItemDataRole.FontRole:
            return self._bold
        if role == Qt.ItemDataRole.BackgroundRole:
            return QColor(DESK)
        return QColor(INKS.get(group.state, ACCENT)) if role == Qt.ItemDataRole.ForegroundRole else None

    def _text(self, row: int, column: int) -> str:
        place = self._place(row)
        if place is None:
            return ""
        line = self._lines.get(place)
        run = place[1] // RUN * RUN
        if (place[0], run) not in self._asked:
            self._asked.add((place[0], run))
            self.wanted.emit(place[0], run, RUN)
        return cells(line)[column] if line is not None else "…" if column == 2 else ""

    def _place(self, row: int) -> tuple[str, int] | None:
        for group, start in zip(reversed(self._groups), reversed(self._starts), strict=True):
            if row > start:
                return group.state, row - start - 1
            if row == start:
                return None
        return None


_HEADING_ROLES: Final = frozenset(
    {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.FontRole, Qt.ItemDataRole.BackgroundRole, Qt.ItemDataRole.ForegroundRole}
)


def _rows_of(group: Group) -> int:
    """The attachments are counted, not listed: they follow their records by themselves."""
    return 0 if group.state == "contents" else group.count


def cells(line: Line) -> tuple[str, ...]:
    """A line as it is shown."""
    when = f"{datetime.fromtimestamp(line.made_at / 1000):%m-%d %H:%M}" if line.made_at else ""
    return STATES[line.state], line.kind_label, line.title, line.what, line.author, when, line.reason
