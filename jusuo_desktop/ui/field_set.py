"""The fields of one record on the page: what was loaded, what is typed, what has changed. Folded fields count without an editor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from jusuo_desktop.records.deadlines import NATIONAL_RULES
from jusuo_desktop.records.derived import deadlines, derived
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.values import BadValue
from jusuo_desktop.ui.field_cell import FieldCell


class FieldSet(QObject):
    """One record's fields. `typed` and `settled` carry the field's name; `onward` the cell and the way."""

    typed = Signal(str)
    settled = Signal(str)
    onward = Signal(object, bool)

    def __init__(self, kind: RecordKind, parent: QObject, record_id: str = "") -> None:
        super().__init__(parent)
        self.kind, self.record_id = kind, record_id
        self.rules = NATIONAL_RULES
        """What the county has set; the page puts it in once it is read."""
        self.cells: dict[str, FieldCell] = {}
        self.loaded: dict[str, Value] = {}
        self._unbuilt: dict[str, Value | None] = {}
        self._unbuilt_raw: dict[str, Any] = {}
        self._filled: dict[str, Value] = {}
        self._filling = False
        self.build: Callable[[str], None] | None = None
        """Builds the folded part that holds a field."""

    def add(self, cell: FieldCell) -> None:
        """Takes in a field's cell, now that it is built."""
        name = cell.field.name
        self.cells[name] = cell
        cell.editor.put(self.loaded.get(name))
        if name in self._unbuilt_raw:
            cell.editor.put_raw(self._unbuilt_raw.pop(name))
        elif name in self._unbuilt and (value := self._unbuilt.pop(name)) is not None:
            cell.editor.put_typed(value)
        cell.editor.typed.connect(lambda: self.typed.emit(name))
        cell.editor.settled.connect(lambda: self._on_settled(name))
        cell.editor.onward.connect(lambda forward: self.onward.emit(cell, forward))

    # -- values --------------------------------------------------------------

    def load(self, values: Mapping[str, Value]) -> None:
        """Shows a stored record; nothing counts as typed."""
        self.loaded = dict(values)
        self._unbuilt, self._unbuilt_raw, self._filled = {}, {}, {}
        for name, cell in self.cells.items():
            cell.editor.put(values.get(name))
            cell.set_note("")
            cell.judge()

    def rebase(self, values: Mapping[str, Value], typed: Mapping[str, Any] | None = None) -> list[str]:
        """Takes in what the store holds now. What the clerk typed stays; returns the names of typed fields that changed underneath.

        `typed` are the raw texts that were just saved: fields that still read so are typed no longer.
        """
        differing = []
        for name in self.kind.by_name:
            old, new = self.loaded.get(name), values.get(name)
            cell = self.cells.get(name)
            saved = typed is not None and name in typed and cell is not None and cell.editor.raw() == typed[name]
            if cell is not None and (not cell.editor.touched or saved):
                if saved or old != new:
                    cell.editor.put(new)
                    cell.set_note("")
                    cell.judge()
            elif cell is not None and old != new and self.value(name) != new and not saved:
                differing.append(name)
        if typed is not None:
            self._unbuilt, self._unbuilt_raw = {}, {}
        self.loaded = dict(values)
        self._tell_doubts()
        return differing

    def value(self, name: str) -> Value | None:
        """The value that stands in a field; None where it is empty or no value."""
        if name in self.cells:
            try:
                return self.cells[name].editor.value()
            except BadValue:
                return None
        return self._unbuilt[name] if name in self._unbuilt else self.loaded.get(name)

    def current(self) -> dict[str, Value]:
        """All values that stand on the page, those of folded and unknown fields included."""
        names = dict.fromkeys([*self.loaded, *self._unbuilt, *self.cells])
        return {n: v for n in names if (v := self.value(n)) is not None}

    def changes(self) -> dict[str, Value | None]:
        """The fields that differ from what is stored; None empties one."""
        found: dict[str, Value | None] = {}
        for name in dict.fromkeys([*self.cells, *self._unbuilt]):
            value = self.value(name)
            emptied = value is None and name in self._filled
            if value != self.loaded.get(name) or emptied:
                found[name] = value
        return found

    def wrong(self) -> list[FieldCell]:
        """The cells whose text is no value, each told so."""
        return [cell for cell in self.cells.values() if cell.judge()]

    def expected(self, changes: Mapping[str, Value | None]) -> dict[str, Value | None]:
        """What was seen in the changed fields."""
        return {name: self.loaded.get(name) for name in changes}

    @property
    def touched(self) -> bool:
        """Whether anything is typed and not saved."""
        return bool(self._unbuilt or self._unbuilt_raw) or any(c.editor.touched for c in self.cells.values())

    # -- filling in ------------------------------------------------------------

    def fill(self, values: Mapping[str, Value]) -> None:
        """Puts values in as if typed, whatever stood there."""
        for name, value in values.items():
            if name in self.cells:
                if self.value(name) != value:
                    self.cells[name].editor.put_typed(value)
                self.cells[name].judge()
            elif name in self.kind.by_name:
                self._unbuilt[name] = value

    def fill_empty(self, values: Mapping[str, Value]) -> None:
        """Puts values in where nothing stands."""
        now = self.current()
        self.fill({n: v for n, v in values.items() if n not in now and not (n in self.cells and self.cells[n].editor.raw_text())})

    def derive(self, changed: str) -> None:
        """Fills in what follows from a field, where nothing stands or what stands was filled in the same way."""
        if self._filling or self.value(changed) is None:
            return
        self._filling = True
        now = self.current()
        for name, value in derived(self.kind.name, now, changed=changed, rules=self.rules).items():
            if name not in now or now[name] == self._filled.get(name):
                self.fill({name: value})
                self._filled[name] = value
        self._tell_doubts()
        self._filling = False

    def _tell_doubts(self) -> None:
        """A last day that was counted through a year whose days off nobody knows yet says so."""
        for name, due in deadlines(self.kind.name, self.current(), self.rules).items():
            if due.doubt and name in self.cells and self.value(name) == due.day:
                self.cells[name].set_note(due.doubt)

    def _on_settled(self, name: str) -> None:
        self.cells[name].judge()
        self.derive(name)
        self.settled.emit(name)

    # -- drafts -------------------------------------------------------------------

    def raw(self) -> dict[str, Any]:
        """What is typed and not saved, letter by letter."""
        typed = {name: cell.editor.raw() for name, cell in self.cells.items() if cell.editor.touched}
        return {**self._unbuilt_raw, **{f"={n}": v for n, v in self._unbuilt.items()}, **typed}

    def put_raw(self, raw: Mapping[str, Any]) -> None:
        """Shows again what a draft kept."""
        for name, kept in raw.items():
            if name.startswith("="):
                self._unbuilt[name[1:]] = kept
                continue
            if name not in self.cells and name in self.kind.by_name and self.build is not None:
                self.build(name)
            if name in self.cells:
                self.cells[name].editor.put_raw(kept)
                self.cells[name].judge()
            else:
                self._unbuilt_raw[name] = kept

    def set_locked(self, locked: bool) -> None:
        """Read-only or not."""
        for cell in self.cells.values():
            cell.editor.set_locked(locked)
