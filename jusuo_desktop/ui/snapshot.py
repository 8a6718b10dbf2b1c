"""What a page hands to be saved, taken at one moment, so that typing may go on meanwhile; and how what was saved is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from jusuo_desktop.actions.save_record import Child
from jusuo_desktop.records.field import Value
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui.child_rows import ChildRows
from jusuo_desktop.ui.entry_form import EntryForm
from jusuo_desktop.ui.field_cell import FieldCell
from jusuo_desktop.ui.field_set import FieldSet
from jusuo_desktop.ui.record_reading import Reading


@dataclass(frozen=True)
class Outcome:
    """The record as it stands after saving, and why the step that should follow was not taken."""

    reading: Reading
    refused: Refused | None = None


@dataclass(frozen=True)
class _Row:
    table: ChildRows
    fields: FieldSet
    child: Child
    raw: dict[str, Any]


@dataclass(frozen=True)
class Snapshot:
    """Changed values and the texts they were read from."""

    changes: dict[str, Value | None]
    expected: dict[str, Value | None]
    raw: dict[str, Any]
    rows: tuple[_Row, ...]
    removed: tuple[str, ...]

    @classmethod
    def of(cls, form: EntryForm) -> Snapshot:
        """The page as it stands."""
        changes = form.fields.changes()
        rows = [_Row(t, fields, child, fields.raw()) for t in form.tables for fields, child in t.children_to_save()]
        removed = tuple(i for t in form.tables for i in t.removed)
        return cls(changes, form.fields.expected(changes), form.fields.raw(), tuple(rows), removed)

    @property
    def empty(self) -> bool:
        """Whether nothing differs from what is stored."""
        return not (self.changes or self.rows or self.removed)

    @property
    def children(self) -> list[Child]:
        """The child rows to write."""
        return [row.child for row in self.rows]

    def show_saved(self, form: EntryForm, reading: Reading) -> None:
        """Shows what is stored now; what was typed since this snapshot stays typed. New rows learn their identities."""
        record, children = reading.record, reading.children
        if record is None:
            return
        form.fields.record_id = record.id
        form.fields.rebase(record.values, self.raw)
        for table in form.tables:
            stored = {c.id: c for c in children if c.kind == table.spec.kind}
            known = {f.record_id for f in table.sets if f.record_id}
            fresh = [i for i in stored if i not in known and i not in table.removed]
            mine = [row for row in self.rows if row.table is table]
            for row, record_id in zip([r for r in mine if not r.fields.record_id], fresh, strict=False):
                row.fields.record_id = record_id
            table.removed = [i for i in table.removed if i not in self.removed]
            raws = {id(row.fields): row.raw for row in mine}
            for fields in table.sets:
                if fields.record_id in stored:
                    fields.rebase(stored[fields.record_id].values, raws.get(id(fields)))
        form.load_lists(children)

    def cell(self, form: EntryForm, named: str) -> FieldCell | None:
        """The cell that a problem is about: “contact_phone”, or “party[0].name” by its place among the child rows handed over."""
        match = re.fullmatch(r"\w+\[(\d+)\]\.(\w+)", named)
        fields = form.fields if match is None else self.rows[int(match[1])].fields
        return fields.cells.get(named if match is None else match[2])
