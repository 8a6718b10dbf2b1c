"""A section of the page: rows of labels and editors in equal columns. A folded one is built when it is first opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from jusuo_desktop.ui.editors import LinkNames, editor_for
from jusuo_desktop.ui.field_cell import FieldCell
from jusuo_desktop.ui.field_set import FieldSet
from jusuo_desktop.ui.layouts import Cell, Section, cell
from jusuo_desktop.ui.theme import button

LONG_LABEL: Final = 9


class SectionView(QWidget):
    """`built` is called after a folded section was built, so that the page can lock and order its fields."""

    def __init__(self, section: Section, fields: FieldSet, names: LinkNames, built: Callable[[], None]) -> None:
        super().__init__()
        self.section, self._fields, self._names, self._built = section, fields, names, built
        self.cells: list[FieldCell] = []
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        self._inside: QWidget | None = None
        self._grid: QGridLayout | None = None
        self._columns: dict[int, list[FieldCell]] = {}
        self._fold = button("", flat=True) if section.folded else None
        if self._fold is not None:
            self._fold.clicked.connect(lambda: self.unfold(not self.unfolded))
            whole.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
            self._name_fold()
        else:
            self._build()

    @property
    def unfolded(self) -> bool:
        """Whether the fields are shown."""
        return self._inside is not None and not self._inside.isHidden()

    def unfold(self, on: bool = True) -> None:
        """Shows or hides a folded section."""
        if self._fold is None:
            return
        if self._inside is None:
            self._build()
            self._built()
        if self._inside is not None:
            self._inside.setVisible(on)
        self._name_fold()

    def _name_fold(self) -> None:
        if self._fold is None:
            return
        labels = [self._fields.kind.by_name[cell(c).field].label for row in self.section.rows for c in row]
        mark = "▾" if self.unfolded else "▸"
        self._fold.setText(f"{mark} {self.section.label}（{'、'.join(labels[:6])}{'…' if len(labels) > 6 else ''}）")

    def _build(self) -> None:
        self._inside = QWidget()
        self._grid = grid = QGridLayout(self._inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(5)
        columns = self.section.columns
        for column in range(columns):
            grid.setColumnStretch(2 * column + 1, 1)
        for row, cells in enumerate(self.section.rows):
            column = 0
            for one in map(cell, cells):
                self._place(grid, one, row, column)
                column += one.span
        self.layout().addWidget(self._inside)

    def _place(self, grid: QGridLayout, one: Cell, row: int, column: int) -> None:
        field = self._fields.kind.by_name[one.field]
        made = FieldCell(field, editor_for(field, self._names, style=one.style, lines=one.lines))
        top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight
        made.label.setContentsMargins(0, 4, 0, 0)
        if len(field.label) > LONG_LABEL:
            made.label.setWordWrap(True)
            made.label.setMaximumWidth(self.fontMetrics().horizontalAdvance("纠纷简要情况") + 10)
        made.label.setAlignment(top)
        grid.addWidget(made.label, row, 2 * column, top)
        grid.addWidget(made, row, 2 * column + 1, 1, 2 * one.span - 1, Qt.AlignmentFlag.AlignTop)
        self._fields.add(made)
        self.cells.append(made)
        self._columns.setdefault(column, []).append(made)

    def label_widths(self) -> dict[int, int]:
        """How wide the labels of each column are."""
        return {column: max(made.label.sizeHint().width() for made in cells) for column, cells in self._columns.items()}

    def set_label_widths(self, widths: Mapping[int, int]) -> None:
        """Makes the labels of each column at least that wide."""
        for column, width in widths.items():
            if self._grid is not None:
                self._grid.setColumnMinimumWidth(2 * column, width)
