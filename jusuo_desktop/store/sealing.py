"""Seals what this device may not hold any more: out of the store, into files that only the county opens. Nothing is ever destroyed.

Files first, flushed; then one transaction takes the rows out and notes it in the audit chain; then the papers' bytes go and the search index
is merged, so that no word of it is left in a freed page. Killed at any moment, the next run writes the same files again or goes on behind
the transaction. What stays: the numbers drawn (S8), the imported lines' keys, the audit chain, which names ids, fields and counts but no
value; of a place or person that a record which stayed refers to, the name; and the workers who use this machine.

A content that no record names (the store came out of a backup beside a newer folder of contents) may have been of another scope as well: it is
sealed, too, if nothing names it at the next contact either. One that is being taken in is named a moment later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Table, delete, select

from jusuo_desktop.records.identity import new_id, packed
from jusuo_desktop.records.printed_sheet import NAMING
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store import audit, reach
from jusuo_desktop.store.contents import Contents
from jusuo_desktop.store.disk import disk_sentences, flush, write_flushed
from jusuo_desktop.store.edit import Hand
from jusuo_desktop.store.engine import Database
from jusuo_desktop.store.enrolment import Enrolment
from jusuo_desktop.store.indexing import TABLES, merge_step
from jusuo_desktop.store.rows import chunks, to_values
from jusuo_desktop.store.schema import CONTENT_PART, CONTENT_SENT, DRAFT, HISTORY, OUTBOX, PRINTED, RECORD, SETTING, UNINDEXED
from jusuo_desktop.store.settings import get_setting, put_setting
from jusuo_desktop.wire.bundle import FROM_DEVICE, Head, write_bundle
from jusuo_desktop.wire.sealed import FOLDER, MOST_PART, SUFFIX, Piece, Sealed

PAGE_BYTES: Final = 4096
BLANK_PAGES: Final = 4_000
"""Free pages that one row writes over."""
CLEANING: Final = "sealing_cleans"
"""Setting: the contents that are still to be dropped and that the index is still to be merged, after the rows were taken out."""
LISTED: Final = "sealed_away"
"""Setting: what was sealed so far, newest last, for the sync page."""
DEPARTED: Final = "departed"
"""Setting: names of sealed places and people to whom records refer that stayed, by id."""
BEARERS: Final = "sealed_bearers"
"""Setting: {kind: {number as printed: id}} of sealed records: no other paper may carry one of these numbers, and the ledger says where they went."""
UNNAMED: Final = "unnamed_contents"
"""Setting: contents that no record named at the last sealing, by their places, and the serial of the sealing that takes them."""
PIECE: Final = 8 * 1024 * 1024
STATES: Final = {"waiting": "没有上报", "held": "暂缓", "refused": "被退回"}
_BY_RECORD: Final = (RECORD, OUTBOX, HISTORY, PRINTED)
_size: Final = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class SealedAway:
    """What one sealing did, for the clerk. `unsent` says, a line each, which changes never reached the county and lie in the files; `unnamed`
    contents belonged to no record here.
    """

    serial: str
    at: int
    scope: str
    files: list[str]
    counts: dict[str, int]
    unsent: list[str]
    unnamed: int = 0

    @property
    def records(self) -> int:
        """How many records went."""
        return sum(self.counts.values())

    @property
    def line(self) -> str:
        """What is said of it."""
        parts = "、".join(f"{KINDS[kind].label if kind in KINDS else kind} {count:,} 条" for kind, count in self.counts.items())
        lost = f"其中 {len(self.unsent):,} 项更改没有送到县里，已一起封存，请县里打开封存文件后补录。" if self.unsent else ""
        loose = f"有 {self.unnamed:,} 份附件没有登记在任何记录下，已封存，只有县里能打开。" if self.unnamed else ""
        gone = f"有 {self.records:,} 条记录不再归本机管辖，已封存（{parts}），只有县里能打开。" if self.counts else ""
        return gone + lost + loose


class _Files:
    """The files of one sealing: rows and pieces as they come, the next file where one is full."""

    def __init__(self, folder: Path, head: Head, scope: str, enrolment: Enrolment, seal_key: bytes) -> None:
        self.names: list[str] = []
        self._folder, self._head, self._scope, self._enrolment, self._key = folder / FOLDER, head, scope, enrolment, seal_key
        self._rows: list[tuple[str, dict[str, Any]]] = []
        self._pieces: list[Piece] = []
        self._bytes = 0

    def row(self, table: str, row: Mapping[str, Any]) -> None:
        """Adds a row of a table."""
        self._rows.append((str(table), {str(name): value for name, value in row.items()}))
        self._grown(len(_size(self._rows[-1])))

    def content(self, sha256: str, data: bytes) -> None:
        """Adds the bytes of a scan or a paper."""
        for at in range(0, len(data), PIECE):
            self._pieces.append(Piece(sha256, at, data[at : at + PIECE]))
            self._grown(len(self._pieces[-1].data))

    def _grown(self, by: int) -> None:
        self._bytes += by
        if self._bytes >= MOST_PART:
            self.end()

    def end(self) -> None:
        """Writes what has come together; on the disk when this returns."""
        if not self._rows and not self._pieces:
            return
        signer = Ed25519PrivateKey.from_private_bytes(self._enrolment.private_key)
        data = write_bundle(self._head, Sealed(self._scope, len(self.names), self._rows, self._pieces), signer, self._key)
        name = f"{self._head.serial.hex()}-{len(self.names)}{SUFFIX}"
        with disk_sentences(self._folder):
            self._folder.mkdir(exist_ok=True)
            beside = self._folder / (name + ".new")
            write_flushed(beside, data)
            beside.replace(self._folder / name)
            flush(self._folder)
        self.names.append(name)
        self._rows, self._pieces, self._bytes = [], [], 0


def outside(connection: Connection, users: Collection[str]) -> list[str]:
    """The records that lie outside this device's scope, but for the workers who use this machine."""
    scope = reach.device_scope(connection)
    rows = connection.execute(select(RECORD.c.id, RECORD.c.kind, RECORD.c.scope).where(~RECORD.c.scope.startswith(scope)))
    return [row.id for row in rows if not reach.belongs(row.kind, row.scope, scope) and row.id not in users]


def seal(
    connection: Connection, folder: Path, contents: Contents, enrolment: Enrolment, seal_key: bytes, users: Collection[str], hand: Hand
) -> SealedAway | None:
    """Writes the files and takes out the rows, in the caller's transaction; None when nothing lies outside. `clean` follows the commit.

    Raises:
        DiskTrouble: no room for the files; nothing was taken out.
    """
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    before: dict[str, Any] = get_setting(connection, UNNAMED, {"serial": "", "places": []})
    serial, scope = str(get_setting(connection, reach.OUTSIDE, before["serial"])), reach.device_scope(connection)
    ids = outside(connection, users)
    places = contents.unnamed(_named(connection))
    loose, new = places.intersection(before["places"]), places.difference(before["places"])
    connection.execute(delete(SETTING).where(SETTING.c.name.in_((reach.OUTSIDE, UNNAMED))))
    if new:
        put_setting(connection, UNNAMED, {"serial": new_id(), "places": sorted(new)})
    if not ids and not loose:
        return None
    head = Head(FROM_DEVICE, enrolment.device_id, enrolment.epoch, packed(serial), hand.at)
    files = _Files(folder, head, scope, enrolment, seal_key)
    counts: dict[str, int] = {}
    unsent: list[str] = []
    papers: set[str] = set()
    rows: list[Any] = []
    for table, row in _rows(connection, ids):
        files.row(table.name, row._mapping)
        if table is RECORD:
            counts[row.kind] = counts.get(row.kind, 0) + 1
            rows.append(row)
            papers |= _names(row.kind, row.body)
        elif table is PRINTED:
            papers |= {row.digest, row.whole}
        elif table is OUTBOX and row.state in STATES:
            unsent.append(_said(row))
    drafts = _drafts(connection, rows)
    for row in drafts:
        files.row(DRAFT.name, row._mapping)
    _take_out(connection, rows, [row.key for row in drafts])
    staying = _named(connection)
    papers -= staying
    at_county = set(connection.execute(select(CONTENT_SENT.c.sha256)).scalars())
    for sha256 in sorted(papers - at_county):
        if contents.has(sha256) and (data := contents.read(sha256)) is not None:
            files.content(sha256, data)
    for sha256, data in filter(None, map(contents.at_place, sorted(loose))):
        papers.add(sha256)
        if sha256 not in at_county:
            files.content(sha256, data)
    files.end()
    papers |= set(connection.execute(select(CONTENT_PART.c.sha256).distinct()).scalars()) - staying
    _remember_names(connection, rows)
    _remember_bearers(connection, rows)
    done = SealedAway(serial, hand.at, scope, files.names, counts, unsent, len(loose))
    put_setting(connection, LISTED, [*get_setting(connection, LISTED, []), msgspec.to_builtins(done)])
    put_setting(connection, CLEANING, sorted({*get_setting(connection, CLEANING, []), *papers}))
    audit.append(connection, hand.at, hand.user.id, hand.device_id, "seal", detail=",".join(f"{kind}:{count}" for kind, count in counts.items()))
    return done


def _rows(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[Table, Any]]:
    for table in _BY_RECORD:
        column = table.c.id if table is RECORD else table.c.record_id
        for some in chunks(ids):
            for row in connection.execute(select(table).where(column.in_(some))).all():
                yield table, row


def _said(row: Any) -> str:
    kind = KINDS.get(row.kind)
    fields: dict[str, Any] = msgspec.msgpack.decode(row.fields)
    names = "、".join(kind.by_name[n].label if kind and n in kind.by_name else n for n in fields) or "新建"
    return f"{kind.label if kind else row.kind}：{names}（{STATES[row.state]}{'，' + row.answer if row.answer else ''}）"


def _drafts(connection: Connection, rows: Sequence[Any]) -> list[Any]:
    """What was typed and not saved on one of the records, or on a new one that names one of them."""
    gone = {row.id for row in rows}
    drafts = connection.execute(select(DRAFT)).all()
    return [d for d in drafts if d.record_id in gone or any(identity in d.content or identity in d.key for identity in gone)]


def _take_out(connection: Connection, rows: Sequence[Any], drafts: Sequence[str]) -> None:
    serials = [(row.serial,) for row in rows]
    for table in (*TABLES, UNINDEXED.name):
        key = "record_serial" if table == UNINDEXED.name else "rowid"
        if serials:
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE {key} = ?", serials)
    for table_ in _BY_RECORD:
        column = table_.c.id if table_ is RECORD else table_.c.record_id
        for some in chunks([row.id for row in rows]):
            connection.execute(delete(table_).where(column.in_(some)))
    for some in chunks(drafts):
        connection.execute(delete(DRAFT).where(DRAFT.c.key.in_(some)))


def _named(connection: Connection) -> set[str]:
    """The contents that a record or a print here names."""
    named: set[str] = set()
    for digest, whole in connection.execute(select(PRINTED.c.digest, PRINTED.c.whole)):
        named |= {digest, whole}
    for kind, body in connection.execute(select(RECORD.c.kind, RECORD.c.body).where(RECORD.c.kind.in_(NAMING))):
        named |= _names(kind, body)
    return named - {""}


def _names(kind: str, body: str) -> set[str]:
    values = to_values(body)
    return {str(values[name]) for name, _ in NAMING.get(kind, ()) if values.get(name)}


def _remember_names(connection: Connection, rows: Sequence[Any]) -> None:
    """A mediator who went with his village signed papers that stay: they go on being shown under his name."""
    names = dict(get_setting(connection, DEPARTED, {}))
    for row in rows:
        if (kind := KINDS.get(row.kind)) is None or not kind.reference:
            continue
        named = connection.exec_driver_sql(
            "SELECT EXISTS (SELECT 1 FROM record WHERE instr(body, ?)) OR EXISTS (SELECT 1 FROM history WHERE author_id = ?)", (row.id, row.id)
        )
        if named.scalar():
            names[row.id] = kind.title(to_values(row.body))
    put_setting(connection, DEPARTED, names)


def _remember_bearers(connection: Connection, rows: Sequence[Any]) -> None:
    bearers: dict[str, dict[str, str]] = get_setting(connection, BEARERS, {})
    for row in rows:
        kind, values = KINDS.get(row.kind), to_values(row.body)
        if kind is not None and kind.number and values.get(kind.number):
            bearers.setdefault(row.kind, {})[str(values[kind.number])] = row.id
    put_setting(connection, BEARERS, bearers)


def bearer(connection: Connection, kind: str, printed: str) -> str:
    """The sealed record of a kind that carries a number; '' for none."""
    return str(get_setting(connection, BEARERS, {}).get(kind, {}).get(printed, ""))


def clean(database: Database, contents: Contents) -> None:
    """After the transaction: drops the papers' bytes and merges the search index until nothing of what was deleted is left in it."""
    engine = database.engine.execution_options(writes=True)
    with engine.begin() as connection:
        waiting = get_setting(connection, CLEANING)
    if waiting is None:
        return
    for sha256 in waiting:
        contents.drop(sha256)
    with engine.begin() as connection:
        for some in chunks(waiting):
            connection.execute(delete(CONTENT_PART).where(CONTENT_PART.c.sha256.in_(some)))
    for table in TABLES:
        begins = True
        while True:
            with engine.begin() as connection:
                connection.exec_driver_sql("PRAGMA secure_delete = ON")
                done = merge_step(connection, table, begins=begins)
            if done and not begins:
                break
            begins = False
    with engine.begin() as connection:
        _blank(connection)
        connection.execute(delete(SETTING).where(SETTING.c.name == CLEANING))
    raw = database.engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()


def _blank(connection: Connection) -> None:
    """Writes zeros over the pages that stand free: what was deleted in passing, before the sealing, may lie in them (store.engine)."""
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    connection.exec_driver_sql("CREATE TABLE blank (zeros BLOB)")
    while free := int(connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()):
        connection.exec_driver_sql("INSERT INTO blank VALUES (zeroblob(?))", (min(free, BLANK_PAGES) * PAGE_BYTES,))
    connection.exec_driver_sql("DROP TABLE blank")
