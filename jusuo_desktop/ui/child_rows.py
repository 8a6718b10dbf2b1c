"""Child rows typed on the page itself: the parties as a dense table, a line each, what is seldom needed on a second line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from jusuo_desktop.actions.save_record import Child
from jusuo_desktop.records.field import FieldType, Value
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.ui.child_row import CLOSED, OPEN, ChildRow
from jusuo_desktop.ui.editors import LinkNames, editor_for
from jusuo_desktop.ui.field_cell import FieldCell
from jusuo_desktop.ui.field_set import FieldSet
from jusuo_desktop.ui.layouts import Cell, Table
from jusuo_desktop.ui.theme import button, label

ADDRESS_SHARE: Final = 26
"""Characters that the cell which takes the rest must keep; with less room the wide cells go to the second line."""

MARGINS: Final = 90
"""The number, the two small buttons and the gaps."""


class ChildRows(QWidget):
    """Every row is a record of its own. `typed` at each change; `settled` with the row's fields and the name; `onward` as in FieldSet."""

    typed = Signal()
    settled = Signal(object, str)
    onward = Signal(object, bool)
    arranged = Signal()
    """Rows or their second lines have come or gone."""
    taken_off = Signal(str)
    """A row was taken off by hand; what it was called."""
    row_made = Signal(object)
    """The fields of a new row, before anything is in them."""

    def __init__(self, spec: Table, names: LinkNames, add_keys: str = "") -> None:
        super().__init__()
        self.spec, self._names = spec, names
        self._rows: list[ChildRow] = []
        self.removed: list[str] = []
        self._last_off: tuple[str, dict[str, Value], dict[str, Any]] | None = None
        self.begin_row: Callable[[list[dict[str, Value]]], dict[str, Value]] | None = None
        """What one more row starts with, from the rows that stand."""
        self._locked = False
        self._wide = True
        self._width_given = 0
        self._kind = KINDS[spec.kind]
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(3)
        self._add = button(f"＋ 增加一人  {add_keys}".rstrip() if "name" in self._kind.by_name else f"＋ 增加一行  {add_keys}".rstrip(), flat=True)
        self._add.clicked.connect(self.add_by_hand)
        top = QHBoxLayout()
        top.addWidget(label(spec.label, "section"))
        top.addWidget(self._add)
        top.addStretch(1)
        whole.addLayout(top)
        whole.addLayout(self._grid)
        self._headings = {c.field: self._heading(c.field) for c in (*spec.line, *spec.wide)}

    def _heading(self, name: str) -> QLabel:
        field = self._kind.by_name[name]
        made = label(f"{field.label}{'*' if field.required else ''}", "hint")
        made.setParent(self)
        return made

    # -- rows ---------------------------------------------------------------

    @property
    def sets(self) -> list[FieldSet]:
        """The rows' fields, from top to bottom."""
        return [row.fields for row in self._rows]

    def load(self, records: list[Record], *, begin: bool) -> None:
        """Shows the stored rows; with `begin` and none stored, the rows a new record starts with."""
        for row in list(self._rows):
            self._forget(row)
        self.removed = []
        for record in records:
            self._show_stored(record)
        if begin and not records:
            for values in self.spec.begin:
                self._new_row("").fields.fill(dict(values))
        self._arrange()

    def add(self, record_id: str = "") -> FieldSet:
        """A new row at the end."""
        row = self._new_row(record_id)
        self._arrange()
        return row.fields

    def add_by_hand(self) -> None:
        """A new row, with the focus in its first field."""
        if self._locked:
            return
        fields = self.add()
        if self.begin_row is not None:
            fields.fill(self.begin_row([f.current() for f in self.sets if f is not fields]))
        self.typed.emit()
        QTimer.singleShot(0, fields, lambda: next(iter(fields.cells.values())).editor.setFocus(Qt.FocusReason.OtherFocusReason))

    def remove(self, fields: FieldSet) -> None:
        """Takes a row off; a stored one is voided when the page is saved."""
        row = next(r for r in self._rows if r.fields is fields)
        self._last_off = (fields.record_id, fields.loaded, fields.raw())
        called = self._kind.title(fields.current())
        if fields.record_id:
            self.removed.append(fields.record_id)
        self._forget(row)
        self._arrange()
        self.typed.emit()
        if called:
            self.taken_off.emit(called)

    @property
    def _may_drop(self) -> bool:
        """A table whose rows the page begins keeps one."""
        return not self._locked and len(self._rows) > bool(self.spec.begin)

    def at(self, widget: QWidget | None) -> FieldSet | None:
        """The row in which a widget stands."""
        return next((f for f in self.sets if any(cell.editor is widget for cell in f.cells.values())), None)

    def drop_at(self, widget: QWidget | None) -> None:
        """Takes off the row in which the focus is."""
        if self._may_drop and (fields := self.at(widget)) is not None:
            place = self.sets.index(fields)
            self.remove(fields)
            left = self.sets[min(place, len(self.sets) - 1)] if self.sets else None
            (next(iter(left.cells.values())).editor if left is not None else self._add).setFocus(Qt.FocusReason.OtherFocusReason)

    def turn_at(self, widget: QWidget | None) -> None:
        """Opens or closes the second line of the row in which the focus is; opened, typing goes on in it."""
        row = next((r for r in self._rows if r.fields is self.at(widget)), None)
        if row is not None:
            self._toggle(row)
            if row.opened and (cells := row.cells(self.spec.more)):
                cells[0].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def put_back(self) -> None:
        """Puts the row back that was taken off last."""
        if self._last_off is None:
            return
        record_id, loaded, raw = self._last_off
        self._last_off = None
        self.removed = [i for i in self.removed if i != record_id]
        fields = self.add(record_id)
        fields.load(loaded)
        fields.put_raw(raw)
        self.typed.emit()

    def rebase(self, records: list[Record]) -> list[tuple[FieldSet, list[str]]]:
        """Takes in the rows as stored now: new ones come, voided ones go unless something is typed in them."""
        found = []
        stored = {r.id: r for r in records}
        for row in [r for r in self._rows if r.fields.record_id]:
            if row.fields.record_id in stored:
                found.append((row.fields, row.fields.rebase(stored.pop(row.fields.record_id).values)))
            elif not row.fields.touched:
                self._forget(row)
        for record_id, record in stored.items():
            if record_id not in self.removed:
                self._show_stored(record)
        self._arrange()
        return found

    def _show_stored(self, record: Record) -> None:
        row = self._new_row(record.id)
        row.fields.load(record.values)
        if any(c.field in record.values and self._kind.by_name[c.field].type is FieldType.TEXT for c in self.spec.more):
            self.unfold(row)  # an organisation has its name there

    def _new_row(self, record_id: str) -> ChildRow:
        row = ChildRow(self._kind, self.spec.more, self, record_id)
        fields = row.fields
        fields.build = lambda name: self.unfold(row)
        for cell in (*self.spec.line, *self.spec.wide):
            self.make_cell(row, cell)
        row.fold.clicked.connect(lambda: self._toggle(row))
        row.drop.clicked.connect(lambda: self.remove(fields))
        fields.typed.connect(lambda name: self.typed.emit())
        fields.settled.connect(lambda name: self.settled.emit(fields, name))
        fields.onward.connect(self.onward)
        for widget in (row.number, row.fold, row.drop, row.second, row.messages):
            widget.setParent(self)
        self._rows.append(row)
        self._lock(row)
        self.row_made.emit(fields)
        return row

    def make_cell(self, row: ChildRow, cell: Cell) -> None:
        """Builds one field of a row."""
        field = self._kind.by_name[cell.field]
        made = FieldCell(field, editor_for(field, self._names, style=cell.style, lines=cell.lines), apart=True)
        made.said.connect(row.show_messages)
        made.setParent(self)
        if cell.share:
            made.setFixedWidth(self._width(cell.share))
        if field.type is not FieldType.LONG_TEXT:
            made.editor.setMinimumWidth(10)
        row.fields.add(made)

    def _width(self, share: int) -> int:
        return self.fontMetrics().horizontalAdvance("0") * share + 14

    def _forget(self, row: ChildRow) -> None:
        self._rows.remove(row)
        self._clear_grid()
        for widget in (row.number, row.fold, row.drop, row.second, row.messages, *row.fields.cells.values()):
            widget.hide()
            widget.deleteLater()
        row.fields.deleteLater()

    # -- arrangement ----------------------------------------------------------

    def _clear_grid(self) -> None:
        while self._grid.takeAt(0) is not None:
            pass

    def _arrange(self) -> None:
        self._clear_grid()
        shown = (*self.spec.line, *self.spec.wide) if self._wide else self.spec.line
        for heading in self._headings.values():
            heading.hide()
        for column, cell in enumerate(shown, 1):
            heading = self._headings[cell.field]
            self._grid.addWidget(heading, 0, column)
            heading.setVisible(bool(self._rows))
            self._grid.setColumnStretch(column, 0 if cell.share else 1)
        for column in range(len(shown) + 1, len(self.spec.line) + len(self.spec.wide) + 3):
            self._grid.setColumnStretch(column, 0)
        for place, row in enumerate(self._rows):
            self._arrange_row(place, row, shown)
        self.arranged.emit()

    def _arrange_row(self, place: int, row: ChildRow, shown: tuple[Cell, ...]) -> None:
        top = Qt.AlignmentFlag.AlignTop
        line, last = 3 * place + 1, len(shown) + 1
        row.number.setText(str(place + 1))
        self._grid.addWidget(row.number, line, 0)
        for column, cell in enumerate(shown, 1):
            self._grid.addWidget(row.fields.cells[cell.field], line, column, top)
            row.fields.cells[cell.field].show()
        self._grid.addWidget(row.fold, line, last, top)
        self._grid.addWidget(row.drop, line, last + 1, top)
        row.drop.setVisible(self._may_drop)
        self._grid.addWidget(row.messages, line + 1, 1, 1, last)
        row.second.setVisible(row.opened)
        if row.opened:
            second = (() if self._wide else self.spec.wide) + (self.spec.more if row.more_built else ())
            row.lay_second([row.fields.cells[c.field] for c in second], self._width_given - MARGINS)
            self._grid.addWidget(row.second, line + 2, 1, 1, last)
        elif not self._wide:
            for cell in self.spec.wide:
                row.fields.cells[cell.field].hide()

    def _toggle(self, row: ChildRow) -> None:
        if row.opened:
            row.fold.setText(CLOSED)
            self._arrange()
        else:
            self.unfold(row)

    def unfold(self, row: ChildRow) -> None:
        """Opens a row's second line, building its fields at the first time."""
        if not row.more_built:
            row.more_built = True
            for cell in self.spec.more:
                self.make_cell(row, cell)
            self._lock(row)
        row.fold.setText(OPEN)
        if row in self._rows:
            self._arrange()

    def fit(self, width: int) -> None:
        """Takes the wide cells into the line while there is room for them."""
        needed = sum(self._width(c.share or ADDRESS_SHARE) + 4 for c in (*self.spec.line, *self.spec.wide)) + MARGINS
        wide = width >= needed
        turned = wide != self._wide
        opened = any(row.opened for row in self._rows)
        self._width_given, self._wide = width, wide
        if turned or opened:
            self._arrange()

    def editors_in_order(self) -> Iterator[QWidget]:
        """The editors as Enter walks through them."""
        for row in self._rows:
            for cell in row.cells((*self.spec.line, *self.spec.wide, *self.spec.more)):
                yield cell.editor

    def set_locked(self, locked: bool) -> None:
        """Read-only or not."""
        self._locked = locked
        self._add.setVisible(not locked)
        for row in self._rows:
            self._lock(row)
            row.drop.setVisible(self._may_drop)

    def _lock(self, row: ChildRow) -> None:
        row.fields.set_locked(self._locked)

    # -- saving and drafts -----------------------------------------------------

    def children_to_save(self) -> list[tuple[FieldSet, Child]]:
        """The rows that differ from what is stored."""
        found = []
        for fields in self.sets:
            changes = fields.changes()
            if fields.record_id:
                if changes:
                    found.append((fields, Child(self.spec.kind, changes, fields.record_id, fields.expected(changes))))
            elif self.is_more_than_begun(changes):
                found.append((fields, Child(self.spec.kind, changes)))
        return found

    def is_more_than_begun(self, values: Mapping[str, Any]) -> bool:
        """Whether a new row holds anything but what the page put there itself."""
        begun = {name for begin in self.spec.begin for name, _ in begin}
        return any(v not in (None, "") and n.removeprefix("=") not in begun for n, v in values.items())

    @property
    def touched(self) -> bool:
        """Whether anything is typed in the rows and not saved."""
        return bool(self.removed) or any(fields.touched if fields.record_id else self.is_more_than_begun(fields.raw()) for fields in self.sets)

    def raw(self) -> dict[str, Any]:
        """The rows as a draft keeps them."""
        return {"rows": [{"record_id": f.record_id, "typed": f.raw(), "base": f.loaded} for f in self.sets], "removed": list(self.removed)}

    def put_raw(self, raw: Mapping[str, Any]) -> None:
        """Shows again what a draft kept: new rows are made anew, removed ones taken off."""
        by_id = {f.record_id: f for f in self.sets if f.record_id}
        for row in [r for r in self._rows if not r.fields.record_id]:
            self._forget(row)
        for kept in raw["rows"]:
            fields = by_id.get(kept["record_id"]) or self._new_row("").fields
            fields.put_raw(kept["typed"])
        for record_id in raw["removed"]:
            if record_id in by_id:
                self.remove(by_id[record_id])
        self._arrange()
