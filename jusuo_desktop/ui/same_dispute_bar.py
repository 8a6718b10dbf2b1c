"""What on file may be the same dispute, at the foot of the page: it takes no focus, moves no field, and waits until somebody wants it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.same_dispute import Likeness
from jusuo_desktop.ui.field_cell import restyle
from jusuo_desktop.ui.line_list import Line, LineList
from jusuo_desktop.ui.theme import button, card, label

SHOWN: Final = 3
OPEN_KEYS, TAKE_KEYS, SAME_KEYS, NEXT_KEYS, OTHER_KEYS = "Alt+O", "Alt+I", "Alt+K", "Alt+V", "Alt+F"
OFTEN: Final = 2
"""From the third time on somebody's coming is said in amber."""


def often(before: Sequence[tuple[str, int]], again: int = 0) -> str:
    """“同一纠纷第3次调解；张三第3次来调解，李四第2次”."""
    told = [f"{name}第{many + 1}次" for name, many in before[:3]]
    people = f"{told[0]}来调解{''.join(f'，{one}' for one in told[1:])}" if told else ""
    return "；".join(said for said in (f"同一纠纷第{again + 1}次调解" if again else "", people) if said)


class SameDisputeBar(QWidget):
    """`opened`, `taken` (its parties), `linked` (it is the same) and `dismissed` carry the marked likeness."""

    opened = Signal(object)
    taken = Signal(object)
    linked = Signal(object)
    dismissed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.alike: list[Likeness] = []
        sheet = card()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(sheet)
        inside = QVBoxLayout(sheet)
        inside.setContentsMargins(1, 2, 1, 1)
        inside.setSpacing(1)
        line = QHBoxLayout()
        line.setContentsMargins(10, 0, 4, 0)
        line.setSpacing(2)
        self.heading, self.before = label("", "section"), label("", "hint")
        line.addWidget(self.heading)
        line.addSpacing(10)
        line.addWidget(self.before)
        line.addStretch(1)
        self.buttons = {
            keys: self._button(line, f"{said} {keys}", signal)
            for said, keys, signal in (
                ("打开", OPEN_KEYS, self.opened),
                ("带入当事人", TAKE_KEYS, self.taken),
                ("是同一纠纷", SAME_KEYS, self.linked),
                ("不是", OTHER_KEYS, self.dismissed),
            )
        }
        self.next = button(f"下一条 {NEXT_KEYS}", flat=True)
        self.next.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.next.clicked.connect(self.go_on)
        line.addWidget(self.next)
        inside.addLayout(line)
        self.lines = LineList(3, 1, "")
        self.lines.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.lines.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside.addWidget(self.lines)
        self.hide()

    def _button(self, line: QHBoxLayout, text: str, signal: SignalInstance) -> QPushButton:
        made = button(text, flat=True)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.clicked.connect(lambda: self._emit(signal))
        line.addWidget(made)
        return made

    def _emit(self, signal: SignalInstance) -> None:
        if (marked := self.marked()) is not None:
            signal.emit(marked)

    def marked(self) -> Likeness | None:
        """The likeness with the mark."""
        place = self.lines.indexOfTopLevelItem(self.lines.currentItem()) if self.lines.currentItem() else 0
        return self.alike[place] if 0 <= place < len(self.alike) else None

    def go_on(self) -> None:
        """Marks the next one, after the last the first."""
        if self.alike:
            place = self.lines.indexOfTopLevelItem(self.lines.currentItem())
            self.lines.setCurrentItem(self.lines.topLevelItem((place + 1) % len(self.alike)))

    def show_found(self, alike: Sequence[Likeness], before: Sequence[tuple[str, int]], *, people: bool, link: bool, again: int = 0) -> None:
        """Shows the best of them; nothing found hides the bar. `people` and `link`: whether this page can take parties, and link."""
        marked = self.marked()
        self.alike = list(alike[:SHOWN])
        self.heading.setText(f"可能是同一纠纷  {len(alike)}" if alike else "")
        said = often(before, again)
        self.before.setText(said)
        restyle(self.before, "kind", "doubt" if again >= OFTEN or any(many >= OFTEN for _, many in before) else "hint")
        self.lines.fill([Line((KINDS[one.known.kind].label, one.known.title, one.said), partial(self.opened.emit, one)) for one in self.alike])
        self.lines.setVisible(bool(self.alike))
        self.lines.setFixedHeight(max(self.lines.sizeHintForRow(0), 20) * max(len(self.alike), 1) + 2)
        if marked is not None:
            same = next((i for i, one in enumerate(self.alike) if one.known.record_id == marked.known.record_id), 0)
            self.lines.setCurrentItem(self.lines.topLevelItem(same))
        for made in (*self.buttons.values(), self.next):
            made.setVisible(bool(self.alike))
        self.buttons[TAKE_KEYS].setVisible(bool(self.alike) and people)
        self.buttons[SAME_KEYS].setVisible(bool(self.alike) and link)
        self.next.setVisible(len(self.alike) > 1)
        self.setVisible(bool(self.alike or said))
