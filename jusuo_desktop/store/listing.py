"""Lists of any length: first the keys in order, then rows by key, so that a million records scroll without being loaded."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, text

from jusuo_desktop.records.field import FieldType, Value
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.list_indexes import expression, reading
from jusuo_desktop.store.rows import to_values
from jusuo_desktop.store.search import family, text_expression, unindexed
from jusuo_desktop.store.tokens import Term, query_terms
from jusuo_desktop.store.whereabouts import standing_so

BY_ID: Final = "sqlite_autoindex_record_1"
"""The index that SQLite makes for the unique identity."""
COMPARISONS: Final = frozenset({"=", "in", "between", "contains", "empty"})


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a field: '=' value, 'in' list, 'between' (from, to; either may be None), 'contains' text or code, 'empty'."""

    field: str
    comparison: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Which records of a kind, in which order. `sort` '' takes the kind's own order; `text` searches inside the list."""

    kind: str
    filters: tuple[Filter, ...] = ()
    sort: str = ""
    descending: bool = True
    include_voided: bool = False
    text: str = ""
    parent_id: str = ""
    ids: tuple[str, ...] | None = None
    """Nothing but these records, where given: what stands behind a figure."""
    standing: str = ""
    """Nothing but the records that stand so with the county, themselves or in one of their rows (store.whereabouts.LISTED)."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list. `unsent`: not yet at the county; `conflict`: has an open conflict; its rows are asked with store.whereabouts."""

    key: int
    id: str
    kind: str
    values: dict[str, Value]
    version: int
    voided: bool
    unsent: bool
    conflict: bool


def _conditions(connection: Connection, query: ListQuery) -> tuple[list[str], dict[str, Any]]:
    kind = KINDS[query.kind]
    where, values = [f"kind = '{kind.name}'"], dict[str, Any]()
    if not query.include_voided:
        where.append("voided = 0")
    if query.ids is not None:
        where.append("id IN (SELECT value FROM json_each(:ids))")
        values["ids"] = msgspec.json.encode(query.ids).decode()
    if query.standing:
        where.append(f"id IN ({standing_so(query.standing)})")
    if query.parent_id:
        where.append("parent_id = :parent_id")
        values["parent_id"] = query.parent_id
    for number, one in enumerate(query.filters):
        if one.field not in kind.by_name or one.comparison not in COMPARISONS:
            raise ValueError(f"no such filter: {one}")
        where.append(_condition(one, kind, f"f{number}", values))
    if terms := query_terms(query.text):
        where.append(_searched(connection, query.kind, terms, values))
    return where, values


def _searched(connection: Connection, kind: str, terms: Sequence[Term], values: dict[str, Any]) -> str:
    """Records of the list that hold everything typed, themselves or in one of their rows; those that wait for the index included."""
    below = [k for k in family([kind]) if k != kind]
    values["match"] = text_expression(terms, [kind])
    found = "SELECT rowid FROM search_text WHERE search_text MATCH :match"
    if below:
        values["below"] = text_expression(terms, below)
        found += (
            " UNION SELECT p.serial FROM search_text CROSS JOIN record AS c ON c.serial = search_text.rowid"
            " CROSS JOIN record AS p ON p.id = c.parent_id WHERE search_text MATCH :below"
        )
    if waiting := unindexed(connection, terms, [kind, *below]):
        listed = ",".join(map(str, waiting))
        found += (
            f" UNION SELECT coalesce(p.serial, c.serial) FROM record AS c LEFT JOIN record AS p ON p.id = c.parent_id WHERE c.serial IN ({listed})"
        )
    return f"serial IN ({found})"


def _condition(one: Filter, kind: RecordKind, name: str, values: dict[str, Any]) -> str:
    left = expression(one.field)
    if one.comparison == "empty":
        return f"{left} IS NULL"
    if one.comparison == "between":
        parts = []
        for bound, sign, tail in zip(one.value, (">=", "<="), ("a", "b"), strict=True):
            if bound is not None:
                until = f"{bound}T99" if sign == "<=" and kind.by_name[one.field].type is FieldType.TIME and len(str(bound)) == 10 else bound
                parts.append(f"{left} {sign} :{name}{tail}")
                values[name + tail] = until
        return " AND ".join(parts) or "1"
    if one.comparison == "contains":
        values[name] = one.value
        if kind.by_name[one.field].type in (FieldType.CODES, FieldType.LINKS):
            return f"EXISTS (SELECT 1 FROM json_each(body, '$.{one.field}') WHERE value = :{name})"
        return f"instr({left}, :{name}) > 0"
    if one.comparison == "in":
        marks = []
        for i, item in enumerate(one.value):
            values[f"{name}_{i}"] = item
            marks.append(f":{name}_{i}")
        return f"{left} IN ({', '.join(marks)})"
    values[name] = one.value
    return f"{left} = :{name}"


AT_ONCE: Final = 500
"""Keys taken from the database at a time: a million at once are a hundred megabytes of tuples, and by thousands the window stands still."""


def keys(connection: Connection, query: ListQuery, limit: int | None = None) -> array[int]:
    """The keys of the matching records in order, at most `limit`."""
    where, values = _conditions(connection, query)
    kind = KINDS[query.kind]
    sort = query.sort or kind.order
    if sort and sort not in kind.by_name:
        raise ValueError(f"no such field: {sort}")
    way = "DESC" if query.descending else "ASC"
    order = f"{expression(sort)} {way}, serial {way}" if sort else f"serial {way}"
    statement = f"SELECT serial FROM record{_reading(query, sort)} WHERE {' AND '.join(where)} ORDER BY {order}"
    if limit is not None:
        statement += f" LIMIT {int(limit)}"
    found = array("q")
    for part in connection.execute(text(statement), values).scalars().partitions(AT_ONCE):
        found.extend(part)
    return found


def count(connection: Connection, query: ListQuery) -> int:
    """How many records match."""
    where, values = _conditions(connection, query)
    statement = f"SELECT count(*) FROM record{_reading(query, KINDS[query.kind].order)} WHERE {' AND '.join(where)}"
    return int(connection.execute(text(statement), values).scalar_one())


def _reading(query: ListQuery, sort: str) -> str:
    """Which index to read, where the records are not chosen one by one."""
    chosen = query.ids is not None or query.parent_id or query.text.strip()
    if query.standing and not chosen:
        return f" INDEXED BY {BY_ID}"  # what stands so is found first, and is little; SQLite would go through the whole kind
    return "" if chosen else reading(KINDS[query.kind], query.filters, sort)


def rows(connection: Connection, wanted: Sequence[int]) -> list[ListRow]:
    """The rows of those keys, in the order asked; keys of records that are gone are left out."""
    found: dict[int, ListRow] = {}
    for start in range(0, len(wanted), 500):
        listed = ",".join(str(int(k)) for k in wanted[start : start + 500])
        for r in connection.exec_driver_sql(
            "SELECT serial, id, kind, body, version, voided,"
            " EXISTS (SELECT 1 FROM outbox WHERE outbox.record_id = record.id) AS unsent,"
            " EXISTS (SELECT 1 FROM record AS c WHERE c.parent_id = record.id AND c.kind = 'conflict'"
            "  AND json_extract(c.body, '$.state') = 'open') AS conflict"
            f" FROM record WHERE serial IN ({listed})"
        ):
            found[r.serial] = ListRow(r.serial, r.id, r.kind, to_values(r.body), r.version, bool(r.voided), bool(r.unsent), bool(r.conflict))
    return [found[k] for k in wanted if k in found]
