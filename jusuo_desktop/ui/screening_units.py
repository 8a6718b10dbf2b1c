"""The screening calendar as a table: a line for each village and committee, ticked for the zero report by mouse or Space."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem

from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.screening_calendar import Owed
from jusuo_desktop.ui.theme import AMBER_INK, GREEN, QUIET, RED

COLUMNS: Final = ("单位", "类型", "期间", "情况")
NEAR_DAYS: Final = 2
TICK, SITUATION = 0, 3


def situation(one: Owed, today: date) -> tuple[str, str]:
    """What is said of a report, and its ink."""
    if one.found:
        return f"已报告，{one.found}件", GREEN
    if one.reported:
        return ("零报告" if one.zero else "已报告"), GREEN
    if late := one.overdue(today):
        return f"没有报告，已过{late}天", RED
    left = (one.period.last - today).days
    return ("没有报告，今天截止" if not left else f"没有报告，还有{left}天"), AMBER_INK if left <= NEAR_DAYS else QUIET


class ScreeningUnits(QTreeWidget):
    """`wanted` carries the line that was opened; `ticked` is emitted when a tick was set or taken away by hand."""

    wanted = Signal(object)
    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._owed: list[Owed] = []
        self.setColumnCount(len(COLUMNS))
        self.setHeaderLabels(COLUMNS)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.setAllColumnsShowFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QTreeWidget { border: 0; } QTreeWidget::item { padding: 3px 2px; }")
        self.header().setStretchLastSection(False)
        for column in range(len(COLUMNS)):
            mode = QHeaderView.ResizeMode.Stretch if column == TICK else QHeaderView.ResizeMode.ResizeToContents
            self.header().setSectionResizeMode(column, mode)
        self.itemChanged.connect(lambda item, column: self.ticked.emit())
        self.itemDoubleClicked.connect(lambda item, column: self._open(item))

    def fill(self, owed: Sequence[Owed], today: date) -> None:
        """Shows these lines; ticks and the chosen place stay where the unit is still waited for."""
        ticked = {one.unit for one in self.chosen()}
        place = max(self.indexOfTopLevelItem(self.currentItem()), 0) if self.currentItem() else 0
        self.blockSignals(True)
        self._owed = list(owed)
        self.clear()
        for one in owed:
            said, ink = situation(one, today)
            kind = code_list("committee_type").label_of(one.unit.committee_type).removesuffix("调委会") if one.unit.committee_type else ""
            item = QTreeWidgetItem([one.unit.name, kind, one.period.said, said])
            item.setForeground(SITUATION, QColor(ink))
            for column in (1, 2):
                item.setForeground(column, QColor(QUIET))
            if not one.reported:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(TICK, Qt.CheckState.Checked if one.unit in ticked else Qt.CheckState.Unchecked)
            self.addTopLevelItem(item)
        self.blockSignals(False)
        if owed:
            self.setCurrentItem(self.topLevelItem(min(place, len(owed) - 1)))
        self.ticked.emit()

    @property
    def owed(self) -> list[Owed]:
        """What is shown."""
        return list(self._owed)

    def chosen(self) -> list[Owed]:
        """The ticked lines."""
        items = [self.topLevelItem(i) for i in range(self.topLevelItemCount())]
        return [
            one
            for one, item in zip(self._owed, items, strict=True)
            if item.flags() & Qt.ItemFlag.ItemIsUserCheckable and item.checkState(TICK) == Qt.CheckState.Checked
        ]

    def current(self) -> Owed | None:
        """The line with the mark."""
        place = self.indexOfTopLevelItem(self.currentItem()) if self.currentItem() else -1
        return self._owed[place] if 0 <= place < len(self._owed) else None

    def tick_waiting(self) -> None:
        """Ticks every line that is waited for; again, takes all ticks away."""
        waiting = [self.topLevelItem(i) for i, one in enumerate(self._owed) if not one.reported]
        on = any(item.checkState(TICK) != Qt.CheckState.Checked for item in waiting)
        for item in waiting:
            item.setCheckState(TICK, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self._open(self.currentItem())
        elif event.key() == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.tick_waiting()
        else:
            super().keyPressEvent(event)

    def _open(self, item: QTreeWidgetItem) -> None:
        place = self.indexOfTopLevelItem(item)
        if 0 <= place < len(self._owed):
            self.wanted.emit(self._owed[place])
