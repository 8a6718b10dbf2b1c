"""Open conflicts: on the left which record and field, on the right both values with who wrote them, and one key to decide."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPlainTextEdit, QPushButton, QSplitter, QVBoxLayout, QWidget

from jusuo_desktop.actions.decide_conflict import OpenConflict, Take
from jusuo_desktop.ui.theme import button, hint, label

SIDES: Final[tuple[tuple[Take, str, str], ...]] = (("kept", "现在用的", "保留这个"), ("other", "另一个", "改用这个"))


class _List(QListWidget):
    """`decided` by the number of a side, `entered` by Enter."""

    decided = Signal(int)
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() in ("1", "2"):
            self.decided.emit(int(event.text()) - 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class ConflictPane(QWidget):
    """`decided` a conflict by its id and the side taken; `opened` the record that it is about."""

    decided = Signal(str, str)
    opened = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._conflicts: list[OpenConflict] = []
        self.list = _List()
        self.list.setAlternatingRowColors(True)
        self.list.setMinimumSize(220, 60)
        self._what = label("", "section")
        self._what.setWordWrap(True)
        self._texts: dict[Take, QPlainTextEdit] = {}
        self._whose: dict[Take, QLabel] = {}
        self.takes: dict[Take, QPushButton] = {}
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.addWidget(self.list)
        self._split.addWidget(self._detail())
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([280, 800])
        self._none = hint("没有冲突。两个人把同一处改成了不同的内容时，会列在这里，由一个人决定用哪一个。")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._none)
        whole.addWidget(self._split, 1)
        self.list.currentRowChanged.connect(self._show)
        self.list.itemDoubleClicked.connect(lambda _: self._open())
        self.list.decided.connect(lambda place: self._decide(SIDES[place][0]))
        self.list.entered.connect(self._open)

    def fill(self, conflicts: list[OpenConflict]) -> None:
        """Shows these conflicts; the chosen one stays chosen."""
        chosen = self._chosen()
        self._conflicts = conflicts
        self.list.blockSignals(True)
        self.list.clear()
        for one in conflicts:
            item = QListWidgetItem(f"{one.title}\n{one.label}")
            item.setToolTip(item.text())
            self.list.addItem(item)
        place = next((i for i, one in enumerate(conflicts) if chosen and one.id == chosen.id), 0 if conflicts else -1)
        self.list.setCurrentRow(place)
        self.list.blockSignals(False)
        self._none.setVisible(not conflicts)
        self._split.setVisible(bool(conflicts))
        self._show(place)

    def _detail(self) -> QWidget:
        detail = QWidget()
        box = QVBoxLayout(detail)
        box.setContentsMargins(8, 0, 0, 0)
        head = QHBoxLayout()
        head.addWidget(self._what, 1)
        go = button("打开记录  Enter", flat=True)
        go.clicked.connect(self._open)
        head.addWidget(go)
        box.addLayout(head)
        sides = QHBoxLayout()
        sides.setSpacing(10)
        for number, (side, name, act) in enumerate(SIDES, 1):
            sides.addLayout(self._side(side, name, f"{act}  {number}"), 1)
        box.addLayout(sides, 1)
        return detail

    def _side(self, side: Take, name: str, act: str) -> QVBoxLayout:
        column = QVBoxLayout()
        whose, shown, take = label(""), QPlainTextEdit(), button(act)
        whose.setWordWrap(True)
        shown.setReadOnly(True)
        shown.setMinimumHeight(44)
        shown.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        take.clicked.connect(partial(self._decide, side))
        self._whose[side], self._texts[side], self.takes[side] = whose, shown, take
        whose.setProperty("side", name)
        column.addWidget(whose)
        column.addWidget(shown, 1)
        column.addWidget(take, 0, Qt.AlignmentFlag.AlignLeft)
        return column

    def _chosen(self) -> OpenConflict | None:
        place = self.list.currentRow()
        return self._conflicts[place] if 0 <= place < len(self._conflicts) else None

    def _show(self, _place: int) -> None:
        one = self._chosen()
        if one is None:
            return
        self._what.setText(f"{one.title}　“{one.label}”有两个不同的内容，用哪一个？")
        for side, name, _ in SIDES:
            value, by = (one.kept, one.kept_by) if side == "kept" else (one.other, one.other_by)
            self._texts[side].setPlainText(value)
            self._whose[side].setText(f"{name}：{by} 填写")

    def _decide(self, side: Take, *_: object) -> None:
        one = self._chosen()
        if one is not None:
            self.decided.emit(one.id, side)

    def _open(self) -> None:
        one = self._chosen()
        if one is not None and one.record_kind:
            self.opened.emit(one.record_kind, one.record_id)
