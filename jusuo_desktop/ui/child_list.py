"""The children that have pages of their own: sessions, agreements, evaluations, each a line to open, and a way to add one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from jusuo_desktop.records.field import FieldType
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import show
from jusuo_desktop.ui.theme import button, label

MADE_ELSEWHERE = frozenset({"attachment"})
"""Kinds whose records come with a file or a scan and are not typed."""
FEW: Final = 2
"""So many children and fewer stand on one line, whatever their kinds."""


class ChildList(QWidget):
    """`wanted` carries kind and id of the child to open; '' for a new one."""

    wanted = Signal(str, str)

    def __init__(self, kinds: Sequence[str]) -> None:
        super().__init__()
        self._kinds = kinds
        self._locked = False
        self._shown: list[QWidget] = []
        self.buttons: list[QPushButton] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(2 * len(kinds), 1)
        self._records: list[Record] = []
        self.load([])

    def load(self, records: Sequence[Record]) -> None:
        """Shows the children of those kinds that are not voided."""
        self._records = [r for r in records if r.kind in self._kinds and not r.voided]
        self._build()

    def set_locked(self, locked: bool) -> None:
        """Without the ways to add."""
        if locked != self._locked:
            self._locked = locked
            self._build()

    def _build(self) -> None:
        for widget in self._shown:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._shown, self.buttons = [], []
        by_kind = {kind: [r for r in self._records if r.kind == kind] for kind in self._kinds}
        in_one_line = len(self._records) <= FEW
        for place, (kind, records) in enumerate(by_kind.items()):
            self._build_kind((0, 2 * place) if in_one_line else (place, 0), kind, records)

    def _build_kind(self, where: tuple[int, int], kind: str, records: list[Record]) -> None:
        if kind in MADE_ELSEWHERE and not records:
            return
        heading = label(f"{KINDS[kind].label}（{len(records)}）" if records else KINDS[kind].label, "section")
        line = QWidget()
        box = QHBoxLayout(line)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for record in records:
            box.addWidget(self._opener(self.said(record), kind, record.id))
        if kind not in MADE_ELSEWHERE and not self._locked:
            box.addWidget(self._opener("＋ 新增", kind, ""))
        elif not records:
            box.addWidget(label("没有", "hint"))
        box.addStretch(1)
        self._grid.addWidget(heading, *where)
        self._grid.addWidget(line, where[0], where[1] + 1)
        self._shown += [heading, line]

    def _opener(self, text: str, kind: str, record_id: str) -> QPushButton:
        made = button(text, flat=True)
        made.clicked.connect(lambda: self.wanted.emit(kind, record_id))
        self.buttons.append(made)
        return made

    @staticmethod
    def said(record: Record) -> str:
        """A child in a line: its title and the listed codes, days and amounts that are not in it."""
        kind = KINDS[record.kind]
        title = kind.title(record.values)
        shown = [show(f, record.values.get(f.name)) for f in kind.listed if f.type not in (FieldType.LINK, FieldType.LINKS)]
        return "　".join(dict.fromkeys([title, *(s for s in shown if s and s not in title)]))[:80]
