"""What an entry page shows, read in the background in one go: the record, its child rows, the names in it, its draft, how far it has
travelled. No Qt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from jusuo_desktop.actions.first_values import first_row, first_values
from jusuo_desktop.actions.office_rules import office_rules
from jusuo_desktop.actions.save_record import existing, lacking
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.where_is import Stand, stand
from jusuo_desktop.records.case_beginnings import ROW_KINDS
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.deadlines import NATIONAL_RULES, Rules
from jusuo_desktop.records.field import FieldType, Value
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS, children_of
from jusuo_desktop.store.drafts import Draft
from jusuo_desktop.store.whereabouts import REFUSED
from jusuo_desktop.store.write import BEARING

MOST_REFUSED = 50


@dataclass(frozen=True)
class Reading:
    """`record` is None for one that does not exist yet; `begin` are then the values it starts with. `authors` tells who changed each record last."""

    record: Record | None
    children: list[Record] = field(default_factory=list)
    parent_title: str = ""
    begin: dict[str, Value] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    stand: Stand | None = None
    """How far it has come with its rows."""
    refused: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    """By record: what the county refused, the fields and its sentence."""
    conflicts: int = 0
    draft: Draft | None = None
    authors: dict[str, str] = field(default_factory=dict)
    rules: Rules = NATIONAL_RULES
    below: list[Record] = field(default_factory=list)
    """The child rows of the children: the items of an agreement."""
    row_begins: dict[str, dict[str, Value]] = field(default_factory=dict)
    """What a further row of each table may start with."""


def read_new(session: Session, kind: str, parent_id: str) -> Reading:
    """What an empty page shows."""
    begin = first_values(session, kind, parent_id)
    _warm_names(session, [Record("", kind, "", begin)])
    parent_title = session.store.name_of(parent_id) if parent_id else ""
    return Reading(None, parent_title=parent_title, begin=begin, rules=office_rules(session), row_begins=_row_begins(session, kind, parent_id))


def _row_begins(session: Session, kind: str, parent_id: str) -> dict[str, dict[str, Value]]:
    return {k.name: first_row(session, k.name, parent_id) for k in children_of(kind) if k.name in ROW_KINDS}


def read_record(session: Session, record_id: str, *, with_draft: bool = False, with_authors: bool = False) -> Reading:
    """What the page of a stored record shows.

    Raises:
        Refused: it is not on this machine.
    """
    store = session.store
    record = existing(session, record_id)
    children = [c for c in store.children(record_id) if not c.voided]
    shown = [record, *children]
    _warm_names(session, shown)
    refused: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for back in store.outgoing((REFUSED,), MOST_REFUSED, of=[r.id for r in shown]):
        refused.setdefault(back.record_id, []).append((back.answer_fields or tuple(back.fields), back.answer))
    authors = {}
    if with_authors:
        for one in shown:
            rows = store.history(one.id)
            authors[one.id] = store.name_of(rows[-1].author_id) if rows and rows[-1].author_id else ""
    return Reading(
        record,
        [c for c in children if c.kind != CONFLICT.name],
        store.name_of(record.parent_id) if record.parent_id else "",
        {},
        lacking(session, record),
        stand(session, record_id),
        refused,
        sum(1 for c in children if c.kind == CONFLICT.name and c.values.get("state") == "open"),
        next((d for d in store.drafts() if d.record_id == record_id), None) if with_draft else None,
        authors,
        office_rules(session),
        [g for c in children if c.kind in BEARING for g in store.children(c.id) if not g.voided],
        _row_begins(session, record.kind, record.parent_id),
    )


def _warm_names(session: Session, records: list[Record]) -> None:
    """Reads the titles of linked records, so that showing them needs no disk."""
    for record in records:
        for record_id in _links(record):
            session.store.name_of(record_id)


def _links(record: Record) -> Iterator[str]:
    kind = KINDS.get(record.kind)
    for one in kind.fields if kind is not None else ():
        value = record.values.get(one.name)
        if one.type is FieldType.LINK and isinstance(value, str):
            yield value
        elif one.type is FieldType.LINKS and isinstance(value, list):
            yield from value
