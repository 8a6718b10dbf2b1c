"""A section of the page: rows of labels and editors in equal columns. A folded one is built when it is first opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from jusuo_desktop.ui.editors import LinkNames, editor_for
from jusuo_desktop.ui.field_cell import FieldCell
from jusuo_desktop.ui.field_set import FieldSet
from jusuo_desktop.ui.layouts import Cell, Section, cell
from jusuo_desktop.ui.theme import button, label

LONG_LABEL: Final = 9
LEAST_COLUMN: Final = 15
"""Characters of a column, its label included; with less room the section takes fewer columns."""
RIGHT_TOP: Final = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight


class SectionView(QWidget):
    """`built` is called after a folded section was built, so that the page can lock and order its fields."""

    arranged = Signal()
    """The columns are others now."""
    folded = Signal()
    """It was folded or unfolded."""

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
        self._rows: list[list[tuple[Cell, FieldCell]]] = []
        self._shown = section.columns
        self.fold = button("", flat=True) if section.folded else None
        self._in_line = False
        self._head: QLabel | None = None
        if self.fold is not None:
            self.fold.clicked.connect(self._turn)
            whole.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
            self._name_fold()
        else:
            self._build()

    @property
    def unfolded(self) -> bool:
        """Whether the fields are shown."""
        return self._inside is not None and not self._inside.isHidden()

    def unfold(self, on: bool = True) -> None:
        """Shows or hides a folded section."""
        if self.fold is None or on == self.unfolded:
            return
        if self._inside is None:
            self._build()
            self._built()
        if self._in_line:
            self.setVisible(on)
        if self._inside is not None:
            self._inside.setVisible(on)
        if self._head is not None:
            self._head.setVisible(on)
        self._name_fold()
        self.folded.emit()

    def _turn(self) -> None:
        """Opened by hand, typing begins in it."""
        self.unfold(not self.unfolded)
        if self.unfolded and self.cells:
            self.cells[0].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def name_in_line(self) -> None:
        """Its heading stands among others elsewhere: short, and said again above the fields."""
        self._in_line = True
        self._name_fold()
        self.hide()  # nothing of it is left here, not even a gap

    def _name_fold(self) -> None:
        if self.fold is None:
            return
        labels = "、".join(self._fields.kind.by_name[name].label for name in self.section.fields[:6])
        more = f"（{labels}{'…' if len(self.section.fields) > 6 else ''}）"
        mark, key = "▾" if self.unfolded else "▸", f" &{self.section.key}" if self.section.key else ""
        self.fold.setText(f"{mark} {self.section.label}{key}{'' if self._in_line else more}")
        self.fold.setToolTip(f"{labels}{f'　Alt+{self.section.key}' if self.section.key else ''}" if self._in_line else "")

    def _build(self) -> None:
        self._inside = QWidget()
        if self._in_line:
            self._head = label(self.section.label, "section")
            self.layout().addWidget(self._head)
        self._grid = grid = QGridLayout(self._inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(5)
        for row in self.section.rows:
            self._rows.append([(one, self._make(one)) for one in map(cell, row)])
        self._arrange()
        self.layout().addWidget(self._inside)

    def _make(self, one: Cell) -> FieldCell:
        field = self._fields.kind.by_name[one.field]
        made = FieldCell(field, editor_for(field, self._names, style=one.style, lines=one.lines))
        made.label.setContentsMargins(0, 4, 0, 0)
        if len(field.label) > LONG_LABEL:
            made.label.setWordWrap(True)
            made.label.setMaximumWidth(self.fontMetrics().horizontalAdvance("纠纷简要情况") + 10)
        made.label.setAlignment(RIGHT_TOP)
        self._fields.add(made)
        self.cells.append(made)
        return made

    def _arrange(self) -> None:
        """Lays the rows into as many columns as there is room for; a row that is too long goes on in the next line."""
        if self._grid is None:
            return
        while self._grid.takeAt(0) is not None:
            pass
        self._columns = {}
        line = 0
        for row in self._rows:
            column = 0
            for one, made in row:
                span = min(one.span, self._shown)
                if column + span > self._shown:
                    line, column = line + 1, 0
                self._grid.addWidget(made.label, line, 2 * column, RIGHT_TOP)
                made.label.show()
                self._grid.addWidget(made, line, 2 * column + 1, 1, 2 * span - 1, Qt.AlignmentFlag.AlignTop)
                self._columns.setdefault(column, []).append(made)
                column += span
            line += 1
        for column in range(self.section.columns):
            self._grid.setColumnStretch(2 * column + 1, 1 if column < self._shown else 0)
            self._grid.setColumnMinimumWidth(2 * column, 0)

    def fit(self, width: int) -> None:
        """Takes as many columns as there is room for."""
        room = width // max(self.fontMetrics().horizontalAdvance("纠" * LEAST_COLUMN), 1)
        shown = self.section.columns if room >= self.section.columns else 2 if room >= 2 and self.section.columns > 2 else 1
        if shown != self._shown:
            self._shown = shown
            self._arrange()
            self.arranged.emit()

    @property
    def columns(self) -> int:
        """How many columns there is room for now."""
        return self._shown

    def label_widths(self) -> dict[int, int]:
        """How wide the labels of each column are."""
        return {column: max(made.label.sizeHint().width() for made in cells) for column, cells in self._columns.items()}

    def set_label_widths(self, widths: Mapping[int, int]) -> None:
        """Makes the labels of each column at least that wide."""
        for column, width in widths.items():
            if self._grid is not None:
                self._grid.setColumnMinimumWidth(2 * column, width)
