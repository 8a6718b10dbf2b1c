"""Search as you type over everything: names first, newest first, the record at the top of the family and where it matched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from jusuo_desktop.records.field import FieldType
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import halfwidth, show
from jusuo_desktop.store.indexing import entry
from jusuo_desktop.store.rows import to_record, to_values
from jusuo_desktop.store.tokens import query_terms

PEOPLE: Final = ("party", "consultation", "worker")
"""The kinds whose names and numbers are a person's."""
MOST_UNINDEXED: Final = 2000
AROUND: Final = 16
"""Characters shown on each side of a match inside a long text."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found: `id` and `kind` of the family's top record, its title, and the field and line that matched."""

    id: str
    kind: str
    title: str
    field: str
    line: str


def match_expression(typed: str) -> str:
    """The index query for what was typed, '' when there is nothing to look for."""
    return " AND ".join(query_terms(typed))


def search(connection: Connection, typed: str, kinds: Sequence[str] = (), limit: int = 50) -> list[Hit]:
    """The records that hold everything that was typed. Deterministic: names before other text, newer before older."""
    expression = match_expression(typed)
    if not expression:
        return []
    wanted = limit * 4
    serials: dict[int, None] = {}
    for where in (f"{{names}} : ({expression})", f"{{numbers content}} : ({expression})", expression):
        if len(serials) >= wanted:
            break
        found = connection.execute(
            text("SELECT rowid FROM search WHERE search MATCH :match ORDER BY rowid DESC LIMIT :most"), {"match": where, "most": wanted}
        )
        serials.update(dict.fromkeys(found.scalars()))
    serials.update(dict.fromkeys(_unindexed(connection, typed)))
    return _hits(connection, list(serials), typed, kinds, limit)


def people(connection: Connection, typed: str, limit: int, kinds: Sequence[str] = PEOPLE) -> list[Record]:
    """The records of those kinds whose names or numbers match, newest first; voided ones are left out."""
    expression = match_expression(typed)
    if not expression:
        return []
    named = ", ".join(f"'{kind}'" for kind in kinds if kind in KINDS)
    rows = connection.execute(
        text(
            "SELECT r.* FROM search CROSS JOIN record AS r ON r.serial = search.rowid"
            f" WHERE search MATCH :match AND r.kind IN ({named}) AND r.voided = 0 ORDER BY search.rowid DESC LIMIT :most"
        ),
        {"match": f"{{names numbers}} : ({expression})", "most": limit},
    )
    return [to_record(row) for row in rows]


def _unindexed(connection: Connection, typed: str) -> list[int]:
    rows = connection.exec_driver_sql(
        "SELECT serial, kind, body FROM unindexed JOIN record ON serial = record_serial ORDER BY serial DESC LIMIT ?", (MOST_UNINDEXED,)
    ).all()
    wanted = [part.strip('"*').replace('"', "") for part in query_terms(typed)]
    found = []
    for row in rows:
        indexed = " ".join(entry(row.kind, to_values(row.body)))
        if all(part in indexed for part in wanted):
            found.append(int(row.serial))
    return found


def _hits(connection: Connection, serials: Sequence[int], typed: str, kinds: Sequence[str], limit: int) -> list[Hit]:
    hits: dict[str, Hit] = {}
    for start in range(0, len(serials), 200):
        some = serials[start : start + 200]
        listed = ",".join(str(s) for s in some)
        rows = {
            r.serial: r
            for r in connection.exec_driver_sql(
                "SELECT r.serial, r.id, r.kind, r.body, p.id AS top_id, p.kind AS top_kind, p.body AS top_body"
                f" FROM record AS r LEFT JOIN record AS p ON p.id = r.parent_id AND r.parent_id <> '' WHERE r.serial IN ({listed})"
            )
        }
        for serial in some:
            if serial not in rows:
                continue
            row = rows[serial]
            values = to_values(row.body)
            top_id, top_kind, top = (row.top_id, row.top_kind, to_values(row.top_body)) if row.top_id else (row.id, row.kind, values)
            if top_id in hits or top_kind not in KINDS or (kinds and top_kind not in kinds):
                continue
            field, line = where_matched(row.kind, values, typed)
            hits[top_id] = Hit(top_id, top_kind, KINDS[top_kind].title(top), field, line)
            if len(hits) >= limit:
                return list(hits.values())
    return list(hits.values())


def where_matched(kind_name: str, values: dict[str, Any], typed: str) -> tuple[str, str]:
    """The label of the field that holds the first thing typed, and the text around it (identity numbers masked)."""
    kind = KINDS.get(kind_name)
    needles = [part for part in halfwidth(typed).lower().split() if part]
    for needle in needles:
        for field in kind.searched if kind else ():
            value = values.get(field.name)
            if not isinstance(value, str):
                continue
            place = halfwidth(value).lower().find(needle)
            if place < 0:
                continue
            if field.type is FieldType.ID_CARD:
                return field.label, show(field, value, masked=True)
            begin, end = max(0, place - AROUND), place + len(needle) + AROUND
            return field.label, ("…" if begin else "") + value[begin:end].replace("\n", " ") + ("…" if end < len(value) else "")
    names = [f for f in (kind.searched if kind else ()) if f.name in values and f.name.endswith(("name", "title"))]
    return (names[0].label, str(values[names[0].name])) if names else ("", "")
