"""The rows of a volume with the papers in them: what is there, in which state, on which pages. Enter goes to where it is mended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem

from jusuo_desktop.records.volume import CHANGED, COMING, LOST, PRESENT, UNPRINTED, VolumePaper, VolumeState
from jusuo_desktop.ui.theme import AMBER_INK, GREEN, QUIET, RED

SAID: Final = {PRESENT: "在", CHANGED: "已改动", UNPRINTED: "未打印", LOST: "不在本机", COMING: "随卷打印"}
INK: Final = {PRESENT: GREEN, CHANGED: AMBER_INK, UNPRINTED: AMBER_INK, LOST: RED, COMING: GREEN}
MISSING: Final = "缺"
NAME, STATE, PAGES, ORIGIN = range(4)
PLACE: Final = Qt.ItemDataRole.UserRole


class VolumeRows(QTreeWidget):
    """`chosen` tells the place of a paper among the volume's (-1: a row without one), `wanted` a row and a paper that Enter was pressed on."""

    chosen = Signal(int)
    wanted = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setColumnCount(4)
        self.setHeaderLabels(["文书名称", "情况", "页号", "来源"])
        self.setStyleSheet("QTreeWidget::item { padding: 2px 3px; }")
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(14)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        across = self.header()
        across.setStretchLastSection(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (STATE, PAGES, ORIGIN):
            across.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.currentItemChanged.connect(lambda item, _: self._tell(item))
        self.itemDoubleClicked.connect(lambda item, _: self._want(item))

    def fill(self, state: VolumeState, numbers: Sequence[str] = ()) -> None:
        """Shows a volume; `numbers` what each paper's pages bear, once it is bound. The chosen line stays."""
        before = self._key(self.currentItem())
        lacking = {lack.row for lack in state.lacks if lack.must}
        bold = QFont(self.font())
        bold.setBold(True)
        self.blockSignals(True)
        self.clear()
        for row, duty in zip(state.plan.rows, state.duties, strict=True):
            here = [(place, paper) for place, paper in enumerate(state.papers) if paper.row == row.number]
            line = QTreeWidgetItem([f"{row.number}　{row.name}", "", "", duty])
            line.setFont(NAME, bold)
            line.setForeground(ORIGIN, QColor(QUIET))
            line.setToolTip(NAME, row.name)
            line.setData(NAME, PLACE, (row.number, -1))
            if row.number in lacking:
                line.setText(STATE, MISSING)
                line.setForeground(STATE, QColor(RED))
                line.setFont(STATE, bold)
            self.addTopLevelItem(line)
            for place, paper in here:
                line.addChild(self._paper(place, paper, numbers[place] if numbers else ""))
            line.setExpanded(True)
        self.blockSignals(False)
        self._choose(before)

    def _paper(self, place: int, paper: VolumePaper, numbers: str) -> QTreeWidgetItem:
        named = f"{paper.title}　{paper.about}" if paper.about else paper.title
        item = QTreeWidgetItem([named, "另附" if paper.apart else SAID[paper.state], numbers, paper.origin])
        item.setForeground(STATE, QColor(QUIET if paper.apart else INK[paper.state]))
        item.setForeground(ORIGIN, QColor(QUIET))
        item.setToolTip(NAME, named)
        item.setToolTip(ORIGIN, paper.origin)
        item.setData(NAME, PLACE, (paper.row, place))
        return item

    @property
    def lines(self) -> list[tuple[str, ...]]:
        """What is shown, row and papers below each other."""
        found: list[tuple[str, ...]] = []
        for number in range(self.topLevelItemCount()):
            line = self.topLevelItem(number)
            for item in (line, *(line.child(n) for n in range(line.childCount()))):
                found.append(tuple(item.text(column) for column in range(4)))
        return found

    def choose_row(self, number: int) -> None:
        """Puts the row in front."""
        for place in range(self.topLevelItemCount()):
            if self.topLevelItem(place).data(NAME, PLACE)[0] == number:
                self.setCurrentItem(self.topLevelItem(place))

    def current_row(self) -> int:
        """The number of the row in front, of its paper too; 0 for none."""
        item = self.currentItem()
        return item.data(NAME, PLACE)[0] if item is not None else 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self._want(self.currentItem())
        else:
            super().keyPressEvent(event)

    def _key(self, item: QTreeWidgetItem | None) -> tuple[int, str]:
        return (item.data(NAME, PLACE)[0], item.text(NAME)) if item is not None else (0, "")

    def _choose(self, key: tuple[int, str]) -> None:
        lines = [self.topLevelItem(n) for n in range(self.topLevelItemCount())]
        everything = [item for line in lines for item in (line, *(line.child(n) for n in range(line.childCount())))]
        same = [item for item in everything if self._key(item) == key] or [item for item in everything if self._key(item)[0] == key[0]]
        if everything:
            self.blockSignals(True)
            self.setCurrentItem((same or everything)[0])
            self.blockSignals(False)

    def _tell(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            place = item.data(NAME, PLACE)[1]
            self.chosen.emit(place if place >= 0 else self._first_below(item))

    def _first_below(self, item: QTreeWidgetItem) -> int:
        return item.child(0).data(NAME, PLACE)[1] if item.childCount() else -1

    def _want(self, item: QTreeWidgetItem) -> None:
        self.wanted.emit(*item.data(NAME, PLACE))
