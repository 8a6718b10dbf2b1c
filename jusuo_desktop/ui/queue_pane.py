"""What waits for the county and why: one line a change, the refused ones first, each with what can be done about it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from jusuo_desktop.actions.sync_state import STATES, Waiting
from jusuo_desktop.ui.theme import AMBER_INK, QUIET, RED, button, hint

COLUMNS: Final = ("状态", "种类", "记录", "改动的内容", "填写人", "时间", "原因")
WIDTHS: Final = (70, 90, 230, 210, 80, 100)
INKS: Final = {"refused": RED, "held": AMBER_INK, "sent": QUIET}


class _Table(QTreeWidget):
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class QueuePane(QWidget):
    """`opened` a record; `retried` and `given_up` a refused change by its id ('' retries all)."""

    opened = Signal(str, str)
    retried = Signal(str)
    given_up = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Waiting] = []
        self.table = _Table()
        self.table.setHeaderLabels(list(COLUMNS))
        self.table.setRootIsDecorated(False)
        self.table.setMinimumHeight(90)
        self.table.setUniformRowHeights(True)
        self.table.setAlternatingRowColors(True)
        self.table.setAllColumnsShowFocus(True)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for column, width in enumerate(WIDTHS):
            self.table.setColumnWidth(column, width)
        self.table.header().setSectionResizeMode(len(COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
        self.open = button("打开记录  Enter")
        self.retry = button("再报一次")
        self.give_up = button("放弃这项更改")
        self.give_up.setToolTip("记录恢复成县里的内容；写过的内容留在历史里。")
        self._more = hint("")
        self._none = hint("没有等待上报的更改。")
        acts = QHBoxLayout()
        for one in (self.open, self.retry, self.give_up):
            acts.addWidget(one)
        acts.addWidget(self._more, 1)
        self._acts = QWidget()
        self._acts.setLayout(acts)
        acts.setContentsMargins(0, 0, 0, 0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._none)
        whole.addWidget(self.table, 1)
        whole.addWidget(self._acts)
        self.open.clicked.connect(self._open)
        self.table.entered.connect(self._open)
        self.table.itemDoubleClicked.connect(lambda *_: self._open())
        self.table.currentItemChanged.connect(lambda *_: self._offer())
        self.retry.clicked.connect(lambda: self._emit(self.retried))
        self.give_up.clicked.connect(lambda: self._emit(self.given_up))

    def fill(self, rows: list[Waiting], total: int) -> None:
        """Shows these changes; the chosen one stays chosen."""
        chosen = self._chosen()
        self._rows = rows
        self.table.clear()
        for row in rows:
            when = datetime.fromtimestamp(row.made_at / 1000)
            item = QTreeWidgetItem(
                [STATES[row.state], row.kind_label, row.title, row.fields, row.author, f"{when.month}-{when.day} {when:%H:%M}", row.reason]
            )
            item.setForeground(0, QColor(INKS.get(row.state, QUIET)))
            for column in (2, 3, 6):
                item.setToolTip(column, item.text(column))
            self.table.addTopLevelItem(item)
        place = next((i for i, row in enumerate(rows) if chosen and row.change_id == chosen.change_id), 0)
        if rows:
            self.table.setCurrentItem(self.table.topLevelItem(place))
        self._more.setText(f"只列出 {len(rows)} 项，共 {total} 项。" if total > len(rows) else "")
        self._none.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self._acts.setVisible(bool(rows))
        self._offer()

    @property
    def lines(self) -> list[tuple[str, ...]]:
        """What is shown."""
        items = [self.table.topLevelItem(i) for i in range(self.table.topLevelItemCount())]
        return [tuple(item.text(c) for c in range(len(COLUMNS))) for item in items if item is not None]

    def _chosen(self) -> Waiting | None:
        item = self.table.currentItem()
        place = self.table.indexOfTopLevelItem(item) if item is not None else -1
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def _offer(self) -> None:
        row = self._chosen()
        refused = row is not None and row.state == "refused"
        self.retry.setVisible(refused)
        self.give_up.setVisible(refused)

    def _open(self) -> None:
        row = self._chosen()
        if row is not None and row.top_id:
            self.opened.emit(row.top_kind, row.top_id)

    def _emit(self, signal: object) -> None:
        row = self._chosen()
        if row is not None:
            signal.emit(row.change_id)  # type: ignore[attr-defined]
