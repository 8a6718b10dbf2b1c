"""What a form is filled with: the record, its rows, its parent and whom they name, gathered from the store into one value."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec

from jusuo_desktop.actions.number import office_of
from jusuo_desktop.actions.session import Session
from jusuo_desktop.printing import Sheet, Template
from jusuo_desktop.printing.bindings import Path, rows_of, shown, shown_in
from jusuo_desktop.records.field import FieldType, Value, Values
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.reach import belongs
from jusuo_desktop.store.refusal import Refused


def bound(session: Session, template: Template, record_id: str) -> tuple[Record | None, Record | None]:
    """The record that fills the form and its parent; asked for a parent, the child row that the form takes from it."""
    store = session.store
    record = store.record(record_id)
    if record is None:
        raise Refused("这条记录不在本机上，可能已经移交给别的司法所。")
    still_here(session, record)
    if record.kind == template.kind.name:
        return record, store.record(record.parent_id) if record.parent_id else None
    if template.rows is not None:
        raise Refused(f"“{template.title}”是{template.rows.label}的清单，请在列表里打印。")
    if template.parent is None or record.kind != template.parent.name:
        raise Refused(f"“{template.title}”不能用{KINDS[record.kind].label}来填，请从{template.kind.label}打印。")
    rows = [r for r in store.children(record.id, template.kind.name) if not r.voided] if template.from_parent == "latest" else []
    order = template.kind.order
    return (max(rows, key=lambda r: (str(r.values.get(order, "")), r.id)) if rows else None), record


def still_here(session: Session, record: Record) -> None:
    """A print made after its record went to another office would stay here, where nobody may read the record any more.

    Raises:
        Refused: the record has left this device's scope and waits to be sealed.
    """
    if record.version and not belongs(record.kind, record.scope, session.store.scope):
        raise Refused("这条记录已经移交给别的司法所，下次同步时封存，不能再打印。")


def sheet_of(session: Session, template: Template, record: Record | None, parent: Record | None) -> Sheet:
    """Everything the form may bind, gathered from the store."""
    kinds = {path.row for path in template.paths if path.row} | ({template.copies_each.row} if template.copies_each else set())
    rows = {kind: _rows(session, record, kind) for kind in kinds}
    parent_rows = {kind: _rows(session, parent, kind) for kind in kinds}
    gathered = [record.values if record else {}, parent.values if parent else {}]
    gathered += [v for family in (rows, parent_rows) for some in family.values() for v in some]
    holder = record or parent
    return Sheet(
        values=record.values if record else {},
        rows=rows,
        parent=parent.values if parent else {},
        parent_rows=parent_rows,
        links=links_of(session, template, gathered),
        office=office_values(session, holder.scope if holder else ""),
        record_id=holder.id if holder else "",
    )


def links_of(session: Session, template: Template, gathered: Sequence[Values]) -> dict[str, Values]:
    """Whom the gathered values name through the links that the form follows, and whom those name in turn, by id."""
    links: dict[str, Values] = {}
    for path in template.paths:
        for name in [f.name for f in (path.via, path.field) if f is not None and f.link]:
            for identity in [i for v in (*gathered, *links.values()) for i in _ids(v.get(name))]:
                if identity not in links and (linked := session.store.record(identity)) is not None:
                    links[identity] = linked.values
    return links


def _ids(value: Value | None) -> Iterator[str]:
    if isinstance(value, list):
        yield from value
    elif isinstance(value, str):
        yield value


def _rows(session: Session, record: Record | None, kind: str) -> list[Values]:
    """Child rows in the order in which things happened; people, who have no day, in the order in which they were written."""
    rows = [r for r in session.store.children(record.id, kind) if not r.voided] if record is not None else []
    order = KINDS[kind].order if kind in KINDS else ""
    return [r.values for r in sorted(rows, key=lambda r: str(r.values.get(order, "")) if order else "")]


def office_values(session: Session, scope: str) -> Values:
    """The values of the judicial office of a scope (of this store for the empty one)."""
    office = office_of(session, scope)
    return office.values if office is not None else {}


def copies_of(template: Template, sheet: Sheet) -> int:
    """How many copies the form asks for: the record's own figure, else its rule (each party one and one more)."""
    stated = sheet.values.get(template.copies_field.field.name) if template.copies_field else None
    if isinstance(stated, int):
        return stated
    rows = len(rows_of(template.copies_each, sheet)) if template.copies_each else 0
    return max(template.copies + rows, 1)


def with_copies(template: Template, sheet: Sheet) -> Sheet:
    """A form that says in how many copies it is made says it also where nobody typed it (domain/forms.md §1 rule 5)."""
    if template.copies_field is None or template.copies_field.field.name in sheet.values or not sheet.values:
        return sheet
    return replace(sheet, values={**sheet.values, template.copies_field.field.name: copies_of(template, sheet)})


def values_digest(template: Template, sheet: Sheet) -> str:
    """A digest of everything that the form binds, by which a later print knows whether it says the same.

    What only decides whether the form is offered (the case went on meanwhile) changes nothing on paper.
    """
    bound = list(template.paths)
    for when in template.offered:
        bound.remove(when.path)
    said = [[path.written, _shown(path, sheet)] for path in sorted(set(bound), key=lambda p: p.written)]
    return hashlib.sha256(msgspec.json.encode([template.version, said])).hexdigest()


def _shown(path: Path, sheet: Sheet) -> list[str]:
    many = path.row or (path.via is not None and path.via.type is FieldType.LINKS)
    return [shown_in(path, sheet, row) for row in rows_of(path, sheet)] if many else [shown(path, sheet)]
