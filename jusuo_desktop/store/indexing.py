"""Keeps the search index in step with the records, inside the transaction that writes them.

A few records are indexed at once; a bulk (an import, a first pull) is queued in the same transaction and indexed in runs afterwards,
so that writing 100,000 records does not wait for their text. Search reads the queue too: nothing is ever unfindable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, delete

from jusuo_desktop.records.field import FieldType
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.pinyin import initials
from jusuo_desktop.store.rows import insert_rows, to_values
from jusuo_desktop.store.schema import SETTING
from jusuo_desktop.store.settings import get_setting, put_setting
from jusuo_desktop.store.tokens import HAN, index_text, number_endings

AT_ONCE: Final = 100
TABLES: Final = ("search_name", "search_text")
MERGE_PAGES: Final = 500
"""Merged in one step: a tenth of a second."""
MUCH: Final = 20_000
"""So many records indexed in bulk make the index worth putting in order; in a large store, a tenth of it."""
UNTIDY: Final = "search_untidy"
"""Setting: records indexed in bulk since the index was last put in order."""
MERGING: Final = "search_merging"
"""Setting: what is still to be merged, in order; the first step of each table starts a merge of everything ('-')."""
SEARCHED: Final = "searched_fields"
"""Setting: {kind: its searched fields} by which the index was made."""
NAME_ENDINGS: Final = ("name", "title")
SPACED: Final = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
"""The blank with which ledgers stretch a name of two characters."""


def entry(kind_name: str, values: Mapping[str, Any]) -> tuple[str, str, str]:
    """A record's search entry: names with their initials, numbers, and everything."""
    kind = KINDS.get(kind_name)
    names: list[str] = []
    numbers: list[str] = []
    drawn: list[str] = []
    content: list[str] = []
    for field in kind.searched if kind else ():
        value = values.get(field.name)
        if not isinstance(value, str):
            continue
        if kind and field.name == kind.number:
            numbers.append(value)
            drawn += number_endings(value)
        elif field.type in (FieldType.ID_CARD, FieldType.PHONE):
            numbers.append(value)
        elif field.name.endswith(NAME_ENDINGS):
            names.append(SPACED.sub("", value))
        else:
            content.append(value)
    spelled = [spelling for name in names for spelling in initials(name)]
    named = " ".join([index_text(" ".join(names)), *spelled])
    numbered = " ".join([index_text(" ".join(numbers)), *drawn])
    return named, numbered, " ".join(part for part in (named, numbered, index_text("\n".join(content))) if part)


def kind_token(kind_name: str) -> str:
    """A kind as one token."""
    return kind_name.replace("_", "")


def _is_searched(kind_name: str) -> bool:
    kind = KINDS.get(kind_name)
    return kind is not None and bool(kind.searched)


def index(connection: Connection, records: Sequence[tuple[int, str, Mapping[str, Any]]], *, queue: bool | None = None) -> None:
    """Indexes records given as (serial, kind, values), or queues them when they are many. Those of a kind without searched fields are never
    in the index; what is indexed anew (`queue` False) may be of a kind that had some in another version, and is taken out.
    """
    if queue is not False:
        records = [one for one in records if _is_searched(one[1])]
    if not records:
        return
    if queue if queue is not None else len(records) > AT_ONCE:
        insert_rows(connection, "INSERT OR IGNORE INTO unindexed (record_serial)", [(s,) for s, _, _ in records])
        return
    for table in TABLES:
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE rowid = ?", [(serial,) for serial, _, _ in records])
    entries = [(serial, kind_token(kind), *entry(kind, values)) for serial, kind, values in records if _is_searched(kind)]
    if not entries:
        return
    connection.exec_driver_sql("INSERT INTO search_name (rowid, kind, names, numbers) VALUES (?,?,?,?)", [row[:4] for row in entries])
    connection.exec_driver_sql("INSERT INTO search_text (rowid, kind, body) VALUES (?,?,?)", [(row[0], row[1], row[4]) for row in entries])


def follow_kinds(connection: Connection) -> None:
    """Another version of the program searches other fields, or knows kinds of which this store only kept what came: their records are queued
    to be indexed anew in the background. A store in which nothing was noted yet was indexed by what this version knows.
    """
    searched = {kind.name: [field.name for field in kind.searched] for kind in KINDS.values()}
    before: dict[str, list[str]] | None = get_setting(connection, SEARCHED)
    if before == searched:
        return
    put_setting(connection, SEARCHED, searched)
    for kind in searched.keys() if before is not None else ():
        if before is not None and before.get(kind) != searched[kind]:
            connection.exec_driver_sql("INSERT OR IGNORE INTO unindexed (record_serial) SELECT serial FROM record WHERE kind = ?", (kind,))


def index_waiting(connection: Connection, most: int = 2000) -> int:
    """Indexes up to `most` queued records; after a bulk, takes a step of putting the index in order. 0 when nothing is left to do."""
    query = "SELECT serial, kind, body FROM unindexed CROSS JOIN record ON serial = record_serial LIMIT ?"
    rows = connection.exec_driver_sql(query, (most,)).all()
    if not rows:
        return _tidy(connection)
    index(connection, [(r.serial, r.kind, to_values(r.body)) for r in rows], queue=False)
    connection.exec_driver_sql("DELETE FROM unindexed WHERE record_serial = ?", [(r.serial,) for r in rows])
    put_setting(connection, UNTIDY, int(get_setting(connection, UNTIDY, 0)) + len(rows))
    return len(rows)


def _tidy(connection: Connection) -> int:
    """A bulk leaves an index of many pieces, each of which every search must look into: they are merged, some pages at a time."""
    merging: list[str] | None = get_setting(connection, MERGING)
    if merging is None:
        highest = int(connection.exec_driver_sql("SELECT coalesce(max(serial), 0) FROM record").scalar_one())
        if int(get_setting(connection, UNTIDY, 0)) < max(MUCH, highest // 10):
            return 0
        put_setting(connection, UNTIDY, 0)
        merging = [f"{sign}{table}" for table in TABLES for sign in ("-", "")]
    if not merging:
        connection.execute(delete(SETTING).where(SETTING.c.name == MERGING))
        return 0
    table, begins = merging[0].removeprefix("-"), merging[0].startswith("-")
    done = merge_step(connection, table, begins=begins) or begins
    put_setting(connection, MERGING, merging[1:] if done else merging)
    return 1


def merge_step(connection: Connection, table: str, *, begins: bool) -> bool:
    """Merges some pages of an index; the first step of a merge of everything `begins` it. True when nothing is left to merge."""
    before = _changes(connection)
    connection.exec_driver_sql(f"INSERT INTO {table}({table}, rank) VALUES ('merge', ?)", (-MERGE_PAGES if begins else MERGE_PAGES,))
    return _changes(connection) - before < 2  # so FTS5 says it


def _changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())
