"""One computer of a run, looked at: what it must hold at any moment, and what must never be seen on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from county_server.judging import is_reference
from county_server.sealed import ROWS_FILE, open_sealed
from jusuo_desktop.store.reach import OUTSIDE
from jusuo_desktop.store.rebase import rebase
from jusuo_desktop.store.rows import to_values
from jusuo_desktop.wire.bundle import read_head
from jusuo_desktop.wire.scope import visible
from jusuo_desktop.wire.sealed import FOLDER as SEALED
from tests.simulation.computer import Computer
from tests.simulation.log import Mirror, Said, said


class Machine(Computer):
    """A computer and the checks that hold for it."""

    def check(self) -> None:
        """What it takes for the county's state is what the county's log says at its cursor (S2, S4, S5, S6)."""
        if (self.epoch, self.device_id) != self._who:
            self._who, self.mirror = (self.epoch, self.device_id), Mirror(self._house.logs[self.epoch], self.scope)
            self._heard = 0
        elif self.scope != self.mirror.scope:
            self.mirror = self.mirror.moved_to(self.scope)
        if self.store.get(OUTSIDE) is None:
            self.mirror.aside.clear()
        if self.epoch == self._house.epoch and self.device_id in self._house.known:
            given = self._house.given[self.device_id]
            following = [at for at, scope in enumerate(given) if scope == self.scope and at >= self._heard]
            assert following or self.scope not in given, f"{self.name} was turned back to {self.scope}, which it had before {given[self._heard]}"
            self._heard = min(following, default=0)
        self.mirror.advance(self.store.feed_cursor())
        assert self.store.held_digest() == self.mirror.digest, f"S2/S4: {self.name} holds something else than the county's log says"

    def check_whole(self, *, settled: bool = False) -> None:
        """Every record: counted anew, and shown as the county's values with the unsent ones on top. Unless all is `settled`, the feeds may be
        in the middle of being read anew: until a record comes, it is shown as before.
        """
        assert self.store.local_digest() == self.store.held_digest(), f"{self.name}: running digest"
        with self._reading() as connection:
            rows = connection.exec_driver_sql("SELECT id, kind, body, base, voided, version FROM record").all()
            queue: dict[str, list[dict[str, Any]]] = {}
            for record_id, fields in connection.exec_driver_sql("SELECT record_id, fields FROM outbox WHERE state <> 'former' ORDER BY serial"):
                queue.setdefault(record_id, []).append(msgspec.msgpack.decode(fields))
        users = {identity for _, identity in self._made.users}
        for record_id, kind, body, base, voided, version in rows:
            shown = to_values(body)
            if version == 0 and base == "{}" and (not settled or record_id in users):
                continue  # who works at the machine stays known there, wherever he belongs
            assert shown == rebase(to_values(base or body), queue.get(record_id, [])), f"S3: {self.name} shows something else of {kind} {record_id}"
            assert voided == ("voided_reason" in shown)
            assert (base is None) == (record_id not in queue), f"{self.name}: base of {kind} {record_id}"

    def check_set_aside(self) -> None:
        """No value that the county refused hides a later one that was typed over it."""
        for one in self.store.outgoing(("refused",), 10_000):
            record = self.store.record(one.record_id)
            assert record is not None
            for name, value in one.fields.items():
                shown = record.values.get(name)
                last = self.last.get((one.record_id, name), shown)
                assert shown == last, f"S3: {self.name} shows {name}={shown!r} of {one.record_id}, as refused {value!r}, over the later {last!r}"

    def check_queue(self) -> dict[str, tuple[str, int]]:
        """Every change waits under the name of whoever was at work when it was made; returns author and base version by change."""
        with self._reading() as connection:
            rows = connection.exec_driver_sql(
                "SELECT serial, change_id, author_id, base_version FROM outbox WHERE author_id <> '' ORDER BY serial"
            ).all()
        if self._queued is not None:
            for serial, change_id, author, _ in rows:
                known = (self._queued.get(serial), self._author.get(change_id), self.store.user.id)
                assert author in known, f"S3: change {change_id} is queued under another name"
        self._queued = {serial: author for serial, _, author, _ in rows}
        self._author = {change_id: author for _, change_id, author, _ in rows}
        return {change_id: (author, base) for _, change_id, author, base in rows}

    def is_odd(self, record_id: str) -> bool:
        """Whether the county refused something of a record, or of the one on which it hangs."""
        record = self.store.record(record_id)
        return record_id in self.odd or (record is not None and record.parent_id in self.odd)

    def check_scope(self) -> None:
        """Nothing lies here open that is not of its scope, unless it waits to be sealed at the next contact (S5)."""
        if self.store.outside():
            return
        users = {identity for _, identity in self._made.users}
        with self._reading() as connection:
            rows = connection.exec_driver_sql("SELECT id, kind, scope FROM record WHERE version > 0").all()
            loose = connection.exec_driver_sql("SELECT count(*) FROM history WHERE record_id NOT IN (SELECT id FROM record)").scalar()
        wrong = [(kind, scope) for i, kind, scope in rows if i not in users and not visible(scope, self.scope, reference=is_reference(kind))]
        assert not wrong, f"S5: {self.name} of {self.scope} holds {wrong[:3]}"
        assert not loose, f"S5: {self.name} keeps the history of records that have left"

    def sealed(self) -> set[Said]:
        """Every value in the files that were sealed here, as the county's administrator reads them."""
        told: set[Said] = set()
        for into in self._opened():
            for line in (into / ROWS_FILE).read_text(encoding="utf-8").splitlines():
                row = msgspec.json.decode(line)
                if row["table"] == "history":
                    pairs = msgspec.json.decode(row["fields"]).items()
                    told.update(said(row["record_id"], name, value) for name, both in pairs for value in both)
                elif row["table"] == "record":
                    told.update(said(row["id"], name, value) for name, value in to_values(row["body"]).items())
                elif row["table"] == "outbox":
                    fields = msgspec.msgpack.decode(bytes.fromhex(row["fields"]))
                    told.update(said(row["record_id"], name, value) for name, value in fields.items())
        return told

    def sealed_contents(self) -> set[str]:
        """The contents in those files, by their SHA-256."""
        return {file.name for into in self._opened() for file in into.iterdir()}

    def _opened(self) -> list[Path]:
        """What was sealed here, opened by the county: a folder for each sealing."""
        parts: dict[bytes, list[tuple[str, bytes]]] = {}
        for file in sorted((self.folder / SEALED).glob("*")):
            parts.setdefault(read_head(file.read_bytes()).serial, []).append((file.name, file.read_bytes()))
        folders = [self.folder.with_name(f"{self.name}启封{number}") for number in range(len(parts))]
        for into, some in zip(folders, parts.values(), strict=True):
            open_sealed(self._house.workers[0], some, into)
        return folders

    def names_content(self, sha256: str) -> bool:
        """Whether a record here names a content."""
        with self._reading() as connection:
            return bool(connection.exec_driver_sql("SELECT EXISTS (SELECT 1 FROM record WHERE instr(body, ?))", (sha256,)).scalar())

    def keeps(self, record_id: str, name: str, value: Any) -> bool:
        """Whether a value that was typed here stands in the record, in its history or in a conflict."""
        record = self.store.record(record_id)
        if record is None:
            return False
        if record.values.get(name) == value:
            return True
        if any(value in row.fields[name] for row in self.store.history(record_id) if name in row.fields):
            return True
        conflicts = self.store.children(record_id, "conflict")
        return any(c.values["field_name"] == name and msgspec.json.decode(str(c.values["other_value"])) == value for c in conflicts)
