"""The first lines of a ledger as they will be kept, with what is wrong with each marked where it is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from jusuo_desktop.actions.import_preview import ShownLine
from jusuo_desktop.records.field import FieldType
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.reports.plan import Plan
from jusuo_desktop.reports.targets import targets
from jusuo_desktop.ui.theme import AMBER, AMBER_INK, RED, RED_SOFT

WIDTHS: Final = {FieldType.DATE: 96, FieldType.LONG_TEXT: 230, FieldType.ID_CARD: 160, FieldType.PHONE: 118, FieldType.TIME: 130}
MADE: Final = ("title", "state")
"""Fields that the import fills by itself."""


class LinesTable(QTableWidget):
    """A table of `ShownLine`s."""

    def __init__(self) -> None:
        super().__init__()
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def show_lines(self, plan: Plan, lines: Sequence[ShownLine]) -> None:
        """Shows the lines under the targets that any of them has."""
        used = {n for line in lines for n in (*line.cells, *line.problems)}
        mapped = [c.target for s in plan.sheets if s.included for c in s.columns]
        order = list(dict.fromkeys([*(m for m in mapped if m in used), *(n for n in MADE if n in used)]))
        order += [n for n in targets(plan.kind) if n in used and n not in order and not n.startswith("party.")]
        chosen = [targets(plan.kind)[n] for n in order if n in targets(plan.kind)]
        several = len({line.sheet for line in lines}) > 1
        self.setRowCount(0)
        self.setColumnCount(2 + len(chosen))
        self.setHorizontalHeaderLabels(["行", "能否导入", *(t.label for t in chosen)])
        self.setRowCount(len(lines))
        for row, line in enumerate(lines):
            self._put(row, 0, f"{line.sheet} {line.row}" if several else str(line.row))
            said = "；".join(p.rstrip("。") for p in line.problems.values())
            self._put(row, 1, said or "可以", RED if said else "", tip=said)
            for at, target in enumerate(chosen, 2):
                problem, doubt = line.problems.get(target.name, ""), line.doubts.get(target.name, "")
                ground = RED_SOFT if problem else AMBER if doubt else ""
                ink = RED if problem else AMBER_INK if doubt else ""
                text = line.cells.get(target.name, "") or ("？" if problem else "")
                self._put(row, at, text.replace("\n", " "), ink, ground, problem or doubt or line.cells.get(target.name, ""))
        self.setColumnWidth(0, 110 if several else 52)
        self.setColumnWidth(1, 220 if any(line.problems for line in lines) else 76)
        for at, target in enumerate(chosen, 2):
            number = target.name == KINDS[plan.kind].number
            self.setColumnWidth(at, 190 if number or target.name == "title" else WIDTHS.get(target.field.type, 124))

    def _put(self, row: int, column: int, text: str, ink: str = "", ground: str = "", tip: str = "") -> None:
        item = QTableWidgetItem(text)
        if ink:
            item.setForeground(QColor(ink))
        if ground:
            item.setBackground(QColor(ground))
        item.setToolTip(tip)
        self.setItem(row, column, item)
