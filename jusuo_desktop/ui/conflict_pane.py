"""Open conflicts: on the left which record and field, on the right both values with who wrote them; one key decides, the next follows."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QSplitter, QVBoxLayout, QWidget

from jusuo_desktop.actions.conflict_reading import OpenConflict
from jusuo_desktop.actions.decide_conflict import Take
from jusuo_desktop.ui.conflict_sides import ConflictSides
from jusuo_desktop.ui.theme import button, hint, label

TAKES: Final[dict[str, Take]] = {"1": "kept", "2": "other"}
ASKED: Final = "两个人把这一处写成了不同的内容，两个都留着，没有丢。用哪一个？"
ASKED_AGAIN: Final = "这一处已经由两个人各自决定过，决定不同。再定一次，就以这一次为准。"
ZOOM: Final = {"+": 1, "=": 1, "-": -1}


class _List(QListWidget):
    """`keyed` by a key that decides, opens or zooms; Enter goes on to the next."""

    keyed = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() in ("1", "2", "3", "+", "=", "-"):
            self.keyed.emit(event.text())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.keyed.emit("next")
        elif event.key() == Qt.Key.Key_F4:
            self.keyed.emit("open")
        else:
            super().keyPressEvent(event)


class ConflictPane(QWidget):
    """`decided` a conflict by its id and the side taken, `mixed` by its id and a text of both; `opened` the record that it is about;
    `chosen` tells which one is shown (None: none is left), `zoomed` that its paper is wanted larger or smaller.
    """

    decided = Signal(str, str)
    mixed = Signal(str, str)
    opened = Signal(str, str)
    chosen = Signal(object)
    zoomed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._conflicts: list[OpenConflict] = []
        self._gone: set[str] = set()
        self.list = _List()
        self.list.setAlternatingRowColors(True)
        self.list.setMinimumSize(180, 60)
        self.list.setUniformItemSizes(True)
        self.list.setStyleSheet("QListWidget::item { padding: 3px 5px }")
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.what, self.asked = label("", "heading"), hint("")
        self.what.setWordWrap(True)
        self.sides = ConflictSides()
        self._none = hint("没有分歧。两个人把同一处改成了不同的内容时，会列在这里，由一个人决定用哪一个。")
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.list)
        self.split.addWidget(self._detail())
        self.split.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._none)
        whole.addWidget(self.split, 1)
        self._none.hide()
        self.list.currentRowChanged.connect(self._show)
        self.list.itemDoubleClicked.connect(lambda _: self._open())
        self.list.keyed.connect(self._keyed)
        self.sides.taken.connect(self._decide)
        self.sides.written.connect(self._mix)
        self.sides.left.connect(lambda: self.list.setFocus() if self.isVisible() else None)

    def fill(self, conflicts: list[OpenConflict], choose: str = "") -> None:
        """Shows these conflicts, but for those decided here a moment ago; the chosen one stays chosen, else the one of the id `choose`."""
        before = self.current()
        place = max(self.list.currentRow(), 0)
        self._conflicts = [one for one in conflicts if one.id not in self._gone]
        self._gone &= {one.id for one in conflicts}
        self.list.blockSignals(True)
        self.list.clear()
        for one in self._conflicts:
            item = QListWidgetItem(f"{one.label}\n{one.title}")
            item.setToolTip(f"{one.title}\n{one.label}")
            self.list.addItem(item)
        wanted = choose or (before.id if before is not None else "")
        found = next((n for n, one in enumerate(self._conflicts) if wanted in (one.id, one.record_id, one.top_id)), -1)
        self._choose(found if found >= 0 else min(place, len(self._conflicts) - 1))

    def current(self) -> OpenConflict | None:
        """The one that is shown."""
        place = self.list.currentRow()
        return self._conflicts[place] if 0 <= place < len(self._conflicts) else None

    def put_back(self, conflict_id: str) -> None:
        """A decision was not written, or was taken back: the conflict may come again."""
        self._gone.discard(conflict_id)

    @property
    def left(self) -> int:
        """How many are left."""
        return len(self._conflicts)

    @property
    def place(self) -> int:
        """Which of them is shown, from 1."""
        return self.list.currentRow() + 1

    # -- building --------------------------------------------------------------------

    def _detail(self) -> QWidget:
        detail = QWidget()
        box = QVBoxLayout(detail)
        box.setContentsMargins(10, 0, 0, 0)
        box.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(self.what, 1)
        go = button("打开记录  F4", flat=True)
        go.clicked.connect(self._open)
        head.addWidget(go, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(head)
        box.addWidget(self.asked)
        box.addWidget(self.sides, 1)
        return detail

    # -- showing ---------------------------------------------------------------------

    def _choose(self, place: int) -> None:
        self.list.setCurrentRow(place)
        self.list.blockSignals(False)
        self._none.setVisible(not self._conflicts)
        self.split.setVisible(bool(self._conflicts))
        self._show(place)

    def _show(self, _place: int) -> None:
        one = self.current()
        if one is not None:
            self.what.setText(f"{one.label}　{one.title}")
            self.asked.setText(ASKED_AGAIN if one.twice else ASKED)
            self.sides.show_conflict(one)
        self.chosen.emit(one)

    # -- acts --------------------------------------------------------------------------

    def _keyed(self, key: str) -> None:
        if key in TAKES:
            self._decide(TAKES[key])
        elif key == "3":
            self.sides.begin_writing()
        elif key == "open":
            self._open()
        elif key in ZOOM:
            self.zoomed.emit(ZOOM[key])
        elif self._conflicts:
            self.list.setCurrentRow((self.list.currentRow() + 1) % len(self._conflicts))

    def _decide(self, side: str) -> None:
        if (one := self.current()) is not None:
            self._drop(one)
            self.decided.emit(one.id, side)

    def _mix(self, text: str) -> None:
        if (one := self.current()) is not None:
            self._drop(one)
            self.mixed.emit(one.id, text)

    def _drop(self, one: OpenConflict) -> None:
        """The next one follows at once; the store hears of the decision meanwhile."""
        self._gone.add(one.id)
        place = self.list.currentRow()
        self.list.blockSignals(True)
        self._conflicts.pop(place)
        self.list.takeItem(place)
        self._choose(min(place, len(self._conflicts) - 1))
        self.list.setFocus()

    def _open(self) -> None:
        one = self.current()
        if one is not None and one.top_kind:
            self.opened.emit(one.top_kind, one.top_id)
