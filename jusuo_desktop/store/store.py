"""The opened store: one object for any thread. Reading takes a pooled connection; writers queue behind one lock."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select, text

from jusuo_desktop.records.field import Values
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store import (
    audit,
    backup,
    drafts,
    indexing,
    list_indexes,
    listing,
    numbering,
    numbers,
    printed,
    search,
    settings,
)
from jusuo_desktop.store.county_side import CountySide
from jusuo_desktop.store.edit import Edit, Hand
from jusuo_desktop.store.refusal import DamagedStore
from jusuo_desktop.store.restored import NOTICE
from jusuo_desktop.store.rows import children_rows, families, rows_by_id, to_record, to_values
from jusuo_desktop.store.schema import HISTORY, IMPORTED, RECORD
from jusuo_desktop.store.sealing import DEPARTED
from jusuo_desktop.store.search import PEOPLE
from jusuo_desktop.store.whereabouts import Whereabouts, whereabouts
from jusuo_desktop.store.write import write

MOST_TITLES: Final = 20_000


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One change of a record: who, when (ms), on which device, and the fields from what to what; {} when it was made."""

    at: int
    author_id: str
    device_id: str
    fields: dict[str, tuple[Any, Any]]


class Store(CountySide):
    """An unlocked store: records, lists, search, drafts, paper; what a sync needs stands in store.county_side."""

    # -- the write path ----------------------------------------------------

    def write(self, edits: Sequence[Edit], *, act: str, draft_key: str = "") -> list[Record]:
        """Writes all the edits in one transaction, or none; see store.write. The draft of that key goes in the same transaction.

        Raises:
            Refused: with the sentence and, for bad values, the fields.
        """
        hand = Hand(self.user, self.device_id, self.scope, self._clock())
        with self._writing() as connection:
            records = write(connection, edits, hand, act)
            if draft_key:
                drafts.drop_draft(connection, draft_key)
        self._tell(frozenset(r.id for r in records))
        return records

    def index_waiting(self, most: int = 2000) -> int:
        """Indexes some of what a bulk left unindexed; 0 when nothing is left. Cheap to call again and again in the background."""
        with self._writing() as connection:
            return indexing.index_waiting(connection, most)

    # -- reading -----------------------------------------------------------

    def record(self, record_id: str) -> Record | None:
        """The record, None if it is not here."""
        with self._reading() as connection:
            row = rows_by_id(connection, [record_id]).get(record_id)
        return to_record(row) if row is not None else None

    def children(self, parent_id: str, kind: str = "") -> list[Record]:
        """The child rows of a record, oldest first, voided ones included."""
        with self._reading() as connection:
            return [to_record(row) for row in children_rows(connection, parent_id, kind)]

    def families(self, ids: Sequence[str]) -> list[tuple[Record, list[Record]]]:
        """Those records that are here, in the order asked, each with its child rows, voided ones included."""
        with self._reading() as connection:
            return families(connection, ids)

    def each(self, kind: str) -> Iterator[Values]:
        """The values of every record of a kind that is not voided, for counting; read in one consistent snapshot."""
        with self._reading() as connection:
            query = select(RECORD.c.body).where(RECORD.c.kind == kind, RECORD.c.voided == 0).execution_options(yield_per=2000)
            for body in connection.execute(query).scalars():
                yield to_values(body)

    def each_record(self, kind: str) -> Iterator[Record]:
        """Every record of a kind that is not voided, with its id and parent, for counting; read in one consistent snapshot."""
        with self._reading() as connection:
            query = select(RECORD).where(RECORD.c.kind == kind, RECORD.c.voided == 0).execution_options(yield_per=2000)
            for row in connection.execute(query):
                yield to_record(row)

    def history(self, record_id: str) -> list[HistoryRow]:
        """Who changed which field from what to what, oldest first."""
        with self._reading() as connection:
            rows = connection.execute(select(HISTORY).where(HISTORY.c.record_id == record_id).order_by(HISTORY.c.serial)).all()
        return [HistoryRow(r.made_at, r.author_id, r.device_id, {n: (v[0], v[1]) for n, v in to_values(r.fields).items()}) for r in rows]

    def name_of(self, record_id: str) -> str:
        """The title of a linked record; the bare id if it is not here."""
        known = self._titles.get(record_id)
        if known is None:
            record = self.record(record_id)
            if record is None:
                return str(self.get(DEPARTED, {}).get(record_id, record_id)) if record_id else record_id
            known = KINDS[record.kind].title(record.values) if record.kind in KINDS else record_id
            if len(self._titles) > MOST_TITLES:
                self._titles.clear()
            self._titles[record_id] = known
        return known

    def find_by_name(self, kind: str, name: str) -> list[str]:
        """The ids of the records of a kind whose title is exactly `name`, voided ones left out."""
        with self._reading() as connection:
            rows = connection.execute(
                select(RECORD.c.id, RECORD.c.body).where(RECORD.c.kind == kind, RECORD.c.voided == 0, RECORD.c.body.contains(name))
            ).all()
        return [r.id for r in rows if KINDS[kind].title(to_values(r.body)) == name]

    def keys(self, query: listing.ListQuery, limit: int | None = None) -> array[int]:
        """The keys of a list in order."""
        with self._reading() as connection:
            return listing.keys(connection, query, limit)

    def rows(self, wanted: Sequence[int]) -> list[listing.ListRow]:
        """The rows of a list by key."""
        with self._reading() as connection:
            return listing.rows(connection, wanted)

    def whereabouts(self, ids: Sequence[str]) -> dict[str, Whereabouts]:
        """How far those records have come, their rows included; those that are not here are left out."""
        with self._reading() as connection:
            return whereabouts(connection, ids)

    def count(self, query: listing.ListQuery) -> int:
        """The length of a list."""
        with self._reading() as connection:
            return listing.count(connection, query)

    def search(self, typed: str, kinds: Sequence[str] = (), limit: int = 50) -> list[search.Hit]:
        """The records that hold everything that was typed."""
        with self._reading() as connection:
            return search.search(connection, typed, kinds, limit)

    def people(self, typed: str, limit: int = 20, kinds: Sequence[str] = PEOPLE) -> list[Record]:
        """The people on file (parties, consultants, workers) whose names or numbers match what was typed, newest first, with their values."""
        with self._reading() as connection:
            return search.people(connection, typed, limit, kinds)

    def known_imports(self, keys: Sequence[str]) -> set[str]:
        """Which rows of a ledger were imported before."""
        known: set[str] = set()
        with self._reading() as connection:
            for start in range(0, len(keys), 500):
                known |= set(connection.execute(select(IMPORTED.c.key).where(IMPORTED.c.key.in_(keys[start : start + 500]))).scalars())
        return known

    # -- the bytes of attachments --------------------------------------------

    def keep_content(self, data: bytes) -> str:
        """Keeps the bytes of an attachment, encrypted, and returns their SHA-256; on the disk when this returns, once however often kept.

        Raises:
            Refused: more than 100 MB.
            DiskTrouble: no room, no right to write; nothing half done is left.
        """
        return self._contents.keep(data)

    def content(self, sha256: str) -> bytes | None:
        """The bytes of that SHA-256, verified; None when they are not here.

        Raises:
            DamagedContent: they are not what was kept; the file is set aside untouched.
        """
        return self._contents.read(sha256)

    def has_content(self, sha256: str) -> bool:
        """Whether the bytes are here; they are not read."""
        return self._contents.has(sha256)

    def drop_content(self, sha256: str) -> None:
        """Forgets bytes that no record names any more; nothing when they are not here."""
        self._contents.drop(sha256)

    # -- audit, drafts, settings, paper -------------------------------------

    def audit_note(self, act: str, record_id: str = "", detail: str = "") -> None:
        """Adds an act that changes no record (a print, an export, a view) to the audit chain."""
        with self._writing() as connection:
            audit.append(connection, self._clock(), self.user.id, self.device_id, act, record_id, detail)

    def audit_view(self, record_id: str, field: str) -> None:
        """Notes that a masked value was shown in full."""
        self.audit_note("view", record_id, field)

    def verify(self) -> list[str]:
        """What is wrong with the database file, the audit chain or the attachments, a sentence each; empty when all is whole."""
        try:
            with self._reading() as connection:
                found = [str(r[0]) for r in connection.exec_driver_sql("PRAGMA cipher_integrity_check")]
                found += [str(r[0]) for r in connection.exec_driver_sql("PRAGMA quick_check(10)") if r[0] != "ok"]
                wrong = [f"数据文件有损坏：{said}。请从备份恢复。" for said in found] + audit.verify(connection)
            return wrong + self._contents.verify()
        except DamagedStore as damaged:
            return [damaged.message]

    def back_up(self, at: datetime, into: Path | None = None) -> backup.Backup:
        """Writes a verified backup into a folder of its own under `into`, in the store's own backup folder with rotation unless told.

        Raises:
            DamagedStore, DiskTrouble: nothing half done is left.
        """
        own = self.folder / backup.FOLDER
        made = backup.make(self._database, self.folder, into or own, at)
        if into is None or into == own:
            backup.rotate(own, made)
        if made.damaged and not self.get(NOTICE):
            self.set(NOTICE, f"备份时发现有{made.damaged}份附件的内容已损坏，备份里没有它们。请重新添加打不开的附件，或者从以前的备份恢复。")
        self.audit_note("back_up", detail=made.folder.name)
        return made

    def save_draft(self, key: str, kind: str, record_id: str, content: Mapping[str, Any]) -> None:
        """Keeps typed, unsaved content; on disk when this returns."""
        with self._writing() as connection:
            drafts.save_draft(connection, key, self.user.id, kind, record_id, content, self._clock())

    def drafts(self) -> list[drafts.Draft]:
        """This user's drafts, newest first."""
        with self._reading() as connection:
            return drafts.drafts(connection, self.user.id)

    def drop_draft(self, key: str) -> None:
        """Forgets a draft."""
        with self._writing() as connection:
            drafts.drop_draft(connection, key)

    def get(self, name: str, default: Any = None) -> Any:
        """A setting of this machine."""
        with self._reading() as connection:
            return settings.get_setting(connection, name, default)

    def set(self, name: str, value: Any) -> None:
        """Keeps a setting of this machine (a JSON value)."""
        self.set_all({name: value})

    def set_all(self, values: Mapping[str, Any]) -> None:
        """Keeps several settings at once: the disk is waited for once."""
        with self._writing() as connection:
            for name, value in values.items():
                settings.put_setting(connection, name, value)

    def draw_number(self, record_id: str, series: str, pattern: str) -> Record:
        """Gives a record the next number of a series unless it has one: drawn and written in one transaction, final, never given again.

        Raises:
            Refused: the block is used up, the role does not allow it, the record is voided or not here.
        """
        hand = Hand(self.user, self.device_id, self.scope, self._clock())
        with self._writing() as connection:
            record, drawn = numbering.number(connection, record_id, series, pattern, hand)
        if drawn:
            self._tell(frozenset({record_id}))
        return record

    def add_block(self, series: str, first: int, last: int) -> None:
        """Takes in a leased block of numbers."""
        with self._writing() as connection:
            numbers.add_block(connection, series, first, last)

    def numbers_left(self, series: str) -> int:
        """How many numbers of the series are free on this device."""
        with self._reading() as connection:
            return numbers.left(connection, series)

    def drawn_numbers(self, series: str) -> list[numbers.Drawn]:
        """Every number of a series given out on this device, in order."""
        with self._reading() as connection:
            return numbers.drawn(connection, series)

    def number_blocks(self, series: str) -> list[numbers.Block]:
        """The blocks of a series that this device holds, in order."""
        with self._reading() as connection:
            return numbers.blocks(connection, series)

    def numbered(self, kind: str) -> Iterator[Record]:
        """Every record of a kind that carries a printed number, voided ones included."""
        with self._reading() as connection:
            carries = text(f"{list_indexes.expression(KINDS[kind].number)} IS NOT NULL")
            query = select(RECORD).where(RECORD.c.kind == kind, carries).execution_options(yield_per=2000)
            for row in connection.execute(query):
                yield to_record(row)

    def note_print(self, *sheets: printed.Printed) -> None:
        """Records what was printed, in which version, and adds each to the audit chain: all of them in one transaction."""
        hand = Hand(self.user, self.device_id, self.scope, self._clock())
        with self._writing() as connection:
            for sheet in sheets:
                printed.note(connection, sheet, hand)
                if not sheet.record_id:
                    audit.append(connection, hand.at, self.user.id, self.device_id, "print", "", sheet.form)
        self._tell(frozenset())

    def prints(self, *record_ids: str) -> list[printed.Printed]:
        """What was printed of a record, or of several, oldest first."""
        with self._reading() as connection:
            return printed.prints(connection, record_ids)

    def highest_number(self, series: str) -> int:
        """The highest number of a series that was given out on this device, 0 for none."""
        with self._reading() as connection:
            return numbers.highest(connection, series)
