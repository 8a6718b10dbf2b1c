"""Search as you type over everything: names first, newest first, the record at the top of the family and where it matched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select, text

from jusuo_desktop.records.field import FieldType
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import halfwidth, show
from jusuo_desktop.store.indexing import entry, kind_token
from jusuo_desktop.store.rows import chunks, to_record, to_values
from jusuo_desktop.store.schema import RECORD
from jusuo_desktop.store.tokens import Term, plain, query_terms

PEOPLE: Final = ("party", "consultation", "worker")
"""The kinds whose names and numbers are a person's."""
MOST_UNINDEXED: Final = 20_000
MOST_INITIALS: Final = 2_000
"""How many records that wait for the index are looked through: by plain text, and by initials, which cost more."""
DOCUMENT: Final = re.compile(r"第[0-9０-９]|[〔\[【(（][12１２]")
"""What was typed is the number of a document."""
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


def kinds_expression(kinds: Sequence[str]) -> str:
    """Restricts an index query to records of those kinds, '' for all."""
    return f"{{kind}} : ({' OR '.join(kind_token(kind) for kind in kinds)}) AND " if kinds else ""


def text_expression(terms: Sequence[Term], kinds: Sequence[str] = ()) -> str:
    """The query of search_text: the terms anywhere in a record."""
    return f"{kinds_expression(kinds)}{{body}} : ({' AND '.join(t.expression for t in terms)})"


def name_expression(terms: Sequence[Term], kinds: Sequence[str] = ()) -> str:
    """The query of search_name: the terms in names and numbers."""
    return f"{kinds_expression(kinds)}{{names numbers}} : ({' AND '.join(t.expression for t in terms)})"


def number_expression(terms: Sequence[Term], kinds: Sequence[str] = ()) -> str:
    """The query of search_name for document numbers: terms that can be part of one are taken as such."""
    parts = [f'{{numbers}} : "{t.number}"*' if t.number else f"{{names numbers}} : {t.expression}" for t in terms]
    return kinds_expression(kinds) + " AND ".join(parts)


def family(kinds: Sequence[str]) -> list[str]:
    """The kinds with those of their child rows: a mediation is found by its parties."""
    return [kind.name for kind in KINDS.values() if kind.name in kinds or not set(kinds).isdisjoint(kind.parents)]


def search(connection: Connection, typed: str, kinds: Sequence[str] = (), limit: int = 50) -> list[Hit]:
    """The records that hold everything that was typed. Deterministic: names and numbers before other text, newer before older."""
    terms = query_terms(typed)
    if not terms:
        return []
    return _hits(connection, _serials(connection, terms, typed, family(kinds), limit * 4), typed, kinds, limit)


def _serials(connection: Connection, terms: Sequence[Term], typed: str, kinds: Sequence[str], wanted: int) -> list[int]:
    serials: dict[int, None] = dict.fromkeys(unindexed(connection, terms, kinds))
    stages = [("search_name", name_expression(terms, kinds)), ("search_text", text_expression(terms, kinds))]
    if any(term.number for term in terms):
        found = _matching(connection, "search_name", number_expression(terms, kinds), wanted)
        serials.update(dict.fromkeys(found))
        if found and DOCUMENT.search(typed):
            return list(serials)  # the document of that number is meant, and nothing else
    for table, expression in stages:
        if len(serials) >= wanted:
            break
        serials.update(dict.fromkeys(_matching(connection, table, expression, wanted)))
    return list(serials)


def _matching(connection: Connection, table: str, expression: str, most: int) -> list[int]:
    query = text(f"SELECT rowid FROM {table} WHERE {table} MATCH :match ORDER BY rowid DESC LIMIT :most")
    return list(connection.execute(query, {"match": expression, "most": most}).scalars())


def people(connection: Connection, typed: str, limit: int, kinds: Sequence[str] = PEOPLE) -> list[Record]:
    """The records of those kinds whose names or numbers match, newest first; voided ones are left out."""
    terms = query_terms(typed)
    if not terms:
        return []
    waiting = unindexed(connection, terms, kinds, names_only=True)
    query = text(
        "SELECT r.* FROM search_name CROSS JOIN record AS r ON r.serial = search_name.rowid"
        " WHERE search_name MATCH :match AND r.voided = 0 ORDER BY search_name.rowid DESC LIMIT :most"
    )
    rows = {r.serial: r for r in connection.execute(query, {"match": name_expression(terms, kinds), "most": limit})}
    for some in chunks(waiting):
        for row in connection.execute(select(RECORD).where(RECORD.c.serial.in_(some), RECORD.c.voided == 0)):
            rows[row.serial] = row
    return [to_record(rows[serial]) for serial in sorted(rows, reverse=True)[:limit]]


def unindexed(connection: Connection, terms: Sequence[Term], kinds: Sequence[str] = (), *, names_only: bool = False) -> list[int]:
    """The matching ones among the newest records whose entry still waits for the background, newest first."""
    raw = [piece for term in terms for piece in term.raw]
    rows = connection.exec_driver_sql(
        "SELECT serial, kind, body FROM unindexed CROSS JOIN record ON serial = record_serial ORDER BY record_serial DESC LIMIT ?",
        (MOST_UNINDEXED if raw else MOST_INITIALS,),
    )
    found = []
    for serial, kind, body in rows:
        if (kinds and kind not in kinds) or not (seen := plain(body)) or any(piece not in seen for piece in raw):
            continue
        names, numbers, everything = entry(kind, to_values(body))
        tokens = f"{names} {numbers}" if names_only else everything
        if all(term.stands_in(tokens) for term in terms):
            found.append(int(serial))
    return found


def _hits(connection: Connection, serials: Sequence[int], typed: str, kinds: Sequence[str], limit: int) -> list[Hit]:
    hits: dict[str, Hit] = {}
    for start in range(0, len(serials), limit):
        some = serials[start : start + limit]
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
