"""The children that have pages of their own: sessions, agreements, evaluations, each a line to open, and one line of ways to add them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from jusuo_desktop.records.field import Field, FieldType
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import show
from jusuo_desktop.ui.flow import Flow
from jusuo_desktop.ui.layouts import Children
from jusuo_desktop.ui.theme import button, label

MADE_ELSEWHERE = frozenset({"attachment"})
"""Kinds whose records come with a file or a scan and are not typed."""
TOP = Qt.AlignmentFlag.AlignTop
GAP, APART = 4, 12
"""Between ways to add; between two lines that open."""


class ChildList(QWidget):
    """`wanted` carries kind and id of the child to open; '' for a new one."""

    wanted = Signal(str, str)

    def __init__(self, spec: Children) -> None:
        super().__init__()
        self.kinds = spec.kinds
        self._locked = False
        self._records: list[Record] = []
        self.openers: list[QPushButton] = []
        self._lines: list[tuple[QLabel, QWidget]] = []
        self._room = 0
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        whole.addLayout(self._grid)
        self._adding = QWidget()
        flow = Flow(self._adding, GAP)
        flow.addWidget(_heading("＋ 增加"))
        self.adders = {kind: self._adder(kind, spec.keys[i : i + 1]) for i, kind in enumerate(spec.kinds) if kind not in MADE_ELSEWHERE}
        for made in self.adders.values():
            flow.addWidget(made)
        whole.addWidget(self._adding)
        self._adding.setVisible(bool(self.adders))  # not before it has a parent: it would be a window for a moment, and take the focus

    @property
    def buttons(self) -> list[QPushButton]:
        """Everything that can be pressed: the lines, then the ways to add."""
        return [*self.openers, *(() if self._locked else self.adders.values())]

    @property
    def records(self) -> list[Record]:
        """What is listed, in the order of the lines."""
        return [r for kind in self.kinds for r in self._records if r.kind == kind]

    def load(self, records: Sequence[Record]) -> None:
        """Shows the children of those kinds that are not voided."""
        fresh = [r for r in records if r.kind in self.kinds and not r.voided]
        if fresh != self._records:
            self._records = fresh
            self._build()

    def set_locked(self, locked: bool) -> None:
        """Without the ways to add."""
        self._locked = locked
        self._adding.setVisible(bool(self.adders) and not locked)

    def fit(self, width: int) -> None:
        """Short lines stand two side by side, while there is room."""
        if width != self._room:
            self._room = width
            self._arrange()

    def _build(self) -> None:
        for widget in [one for line in self._lines for one in line]:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._lines, self.openers = [], []
        for kind in self.kinds:
            if records := [r for r in self._records if r.kind == kind]:
                self._lines.append((_heading(KINDS[kind].label), self._line(kind, records)))
        self._arrange()

    def _line(self, kind: str, records: list[Record]) -> QWidget:
        line = QWidget(self)
        flow = Flow(line, APART)
        for record in records:
            made = button(self.said(record), flat=True)
            made.clicked.connect(lambda _=False, i=record.id: self.wanted.emit(kind, i))
            self.openers.append(made)
            flow.addWidget(made)
        return line

    def _arrange(self) -> None:
        while self._grid.takeAt(0) is not None:
            pass
        beside = max((heading.sizeHint().width() for heading, _ in self._lines), default=0) + 30
        place = 0  # counts half lines
        for heading, line in self._lines:
            openers = cast(list[QPushButton], line.findChildren(QPushButton))
            wide = beside + sum(one.sizeHint().width() + APART for one in openers) > self._room // 2
            place += place % 2 if wide else 0
            self._grid.addWidget(heading, place // 2, 2 * (place % 2), TOP)
            self._grid.addWidget(line, place // 2, 2 * (place % 2) + 1, 1, 3 if wide else 1, TOP)
            heading.show()
            line.show()
            place += 2 if wide else 1

    def _adder(self, kind: str, key: str) -> QPushButton:
        made = button(f"{KINDS[kind].label} &{key}" if key else KINDS[kind].label, flat=True)
        made.setProperty("tight", "true")
        made.setToolTip(f"增加{KINDS[kind].label}{f'（Alt+{key}）' if key else ''}")
        made.clicked.connect(lambda: self.wanted.emit(kind, ""))
        return made

    @staticmethod
    def said(record: Record) -> str:
        """A child in a line: its title and the listed codes, days and amounts that are not in it."""
        kind = KINDS[record.kind]
        title = kind.title(record.values).replace(kind.label, "").strip()  # the heading of the line says what it is
        listed = [f for f in kind.listed if f.type not in (FieldType.LINK, FieldType.LINKS)]
        shown = [_told(f, record, kind.order) for f in sorted(listed, key=lambda f: f.name != kind.order)]
        said = dict.fromkeys(s for s in (title, *(s for s in shown if s not in title)) if s)
        return (" ".join(said)[:80] or kind.label).replace("&", "&&")


def _told(field: Field, record: Record, order: str) -> str:
    """A listed value; a day that is not the day of the record itself says which it is."""
    said = show(field, record.values.get(field.name))
    return f"{field.label}{said}" if said and field.name != order and field.type in (FieldType.DATE, FieldType.TIME) else said


def _heading(text: str) -> QLabel:
    made = label(text, "section")
    made.setContentsMargins(0, 3, 0, 0)
    return made
