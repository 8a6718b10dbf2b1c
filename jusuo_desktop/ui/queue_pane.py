"""What waits for the county and why: in groups, what wants a person first, each line with what can be done about it by one key."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from jusuo_desktop.actions.queue_reading import Group, Line
from jusuo_desktop.store.whereabouts import IN_CONFLICT
from jusuo_desktop.ui.queue_model import COLUMNS, QueueModel, cells
from jusuo_desktop.ui.text_table import TextTable
from jusuo_desktop.ui.theme import button, hint

WIDTHS: Final = (76, 84, 240, 190, 76, 92, 0)
ROW_HEIGHT: Final = 26
OPENS: Final = {"refused": "改正  Enter", "conflict": "去决定  Enter", "courier": "打印交接单  Enter"}


class _Table(TextTable):
    """`keyed` by Enter or a letter of an act."""

    keyed = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.keyed.emit("open")
        elif event.key() in (Qt.Key.Key_R, Qt.Key.Key_Delete) and not event.modifiers():
            self.keyed.emit("retry" if event.key() == Qt.Key.Key_R else "give_up")
        else:
            super().keyPressEvent(event)


class QueuePane(QWidget):
    """`opened` a record at a field ('' none), `decide_wanted` of a conflict, `receipt_wanted` of a courier file; `retried` and `given_up`
    a refused change by its id ('' retries all); `lines_wanted` of a group: its state, after how many, how many.
    """

    opened = Signal(str, str, str)
    decide_wanted = Signal(str)
    receipt_wanted = Signal(str)
    retried = Signal(str)
    given_up = Signal(str)
    lines_wanted = Signal(str, int, int)

    def __init__(self) -> None:
        super().__init__()
        self.model = QueueModel()
        self.table = _Table(self.model, WIDTHS)
        self.table.setMinimumHeight(90)
        self.table.setAlternatingRowColors(False)
        self.table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.why = QLabel()
        self.why.setWordWrap(True)
        self.why.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.open = button("打开记录  Enter")
        self.retry = button("再报一次  R")
        self.give_up = button("放弃这项更改  Delete")
        self.give_up.setToolTip("记录恢复成县里的内容；写过的内容留在历史里。")
        self.retry_all = button("全部再报", flat=True)
        self._none = hint("没有等待上报的内容。")
        self._acts = self._bar(self.open, self.retry, self.give_up, self.retry_all)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        for part in (self._none, self.table, self.why, self._acts):
            whole.addWidget(part, 1 if part is self.table else 0)
        self.open.clicked.connect(self._open)
        self.table.keyed.connect(self._keyed)
        self.table.doubleClicked.connect(lambda _: self._open())
        self.table.selectionModel().currentChanged.connect(lambda *_: self._offer())
        self.model.wanted.connect(self.lines_wanted, Qt.ConnectionType.QueuedConnection)
        self.model.dataChanged.connect(lambda *_: self._offer())
        self.retry.clicked.connect(lambda: self._emit(self.retried))
        self.give_up.clicked.connect(lambda: self._emit(self.given_up))
        self.retry_all.clicked.connect(lambda: self.retried.emit(""))
        self.fill([])

    def fill(self, groups: list[Group]) -> None:
        """Shows these groups; the chosen line stays chosen while it is there."""
        chosen, row = self.chosen(), self.table.currentIndex().row()
        self.model.put(groups)
        self.table.clearSpans()
        for heading in self.model.headings:
            self.table.setSpan(heading, 0, 1, len(COLUMNS))
        some = self.model.rowCount() > 0
        self._none.setVisible(not some)
        self.table.setVisible(some)
        self._acts.setVisible(some)
        self.why.setVisible(some)
        if some:
            found = self.model.row_of(chosen.key) if chosen is not None else -1
            self._choose(found if found >= 0 else min(max(row, 1), self.model.rowCount() - 1))
        self._offer()

    def choose_group(self, state: str) -> None:
        """Goes to the first line of a group."""
        for heading in self.model.headings:
            group = self.model.heading_at(heading)
            if group is not None and group.state == state:
                self._choose(heading + 1)

    @property
    def lines(self) -> list[tuple[str, ...]]:
        """The lines that are here, as they are shown."""
        found = [self.model.line_at(row) for row in range(self.model.rowCount())]
        return [cells(line) for line in found if line is not None]

    def chosen(self) -> Line | None:
        """The line that is chosen, None while it is not here."""
        return self.model.line_at(self.table.currentIndex().row()) if self.table.currentIndex().isValid() else None

    def _bar(self, *buttons: QPushButton) -> QWidget:
        bar = QWidget()
        acts = QHBoxLayout(bar)
        acts.setContentsMargins(0, 0, 0, 0)
        for one in buttons:
            acts.addWidget(one)
        acts.addStretch(1)
        return bar

    def _choose(self, row: int) -> None:
        index = self.model.index(row, 0)
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.table.selectionModel().setCurrentIndex(index, how)

    def _offer(self) -> None:
        line = self.chosen()
        refused = line is not None and line.state == "refused"
        self.open.setText(OPENS.get(line.state, "打开记录  Enter") if line is not None else "打开记录  Enter")
        self.open.setEnabled(line is not None)
        self.retry.setVisible(refused)
        self.retry_all.setVisible(refused)
        self.give_up.setVisible(refused and line is not None and line.may_give_up)
        called = "校验码" if line is not None and line.state == "courier" else "退回号"
        number = f"　　{called} {line.number}（打电话问县里时说这个号）" if line is not None and line.number else ""
        self.why.setText(f"{line.title}：{line.reason}{number}" if line is not None else "")

    def _keyed(self, key: str) -> None:
        if key == "open":
            self._open()
        else:
            wanted = self.retry if key == "retry" else self.give_up
            if wanted.isVisible():
                wanted.click()

    def _open(self) -> None:
        line = self.chosen()
        if line is None:
            return
        if line.state == IN_CONFLICT:
            self.decide_wanted.emit(line.key)
        elif line.state == "courier":
            self.receipt_wanted.emit(line.key)
        elif line.top_id:
            self.opened.emit(line.top_kind, line.top_id, line.field)

    def _emit(self, signal: object) -> None:
        if (line := self.chosen()) is not None:
            signal.emit(line.key)  # type: ignore[attr-defined]
