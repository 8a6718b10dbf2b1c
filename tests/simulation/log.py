"""What the county wrote down, read beside the server, and what a device must therefore hold: the measure of every run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select

from county_server.judging import is_reference
from county_server.schema import CHANGE, RECORD
from jusuo_desktop.records.attachment import ATTACHMENT
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.wire.digest import MODULUS, SIZE, record_digest
from jusuo_desktop.wire.messages import Entry
from jusuo_desktop.wire.scope import follows, visible

_entry: Final = msgspec.msgpack.Decoder(Entry).decode
Said = tuple[str, str, str]
"""A record, a field, a value as JSON."""


def said(record_id: str, name: str, value: Any) -> Said:
    """A value that somebody gave a field."""
    return record_id, name, json.dumps(value, ensure_ascii=False)


@dataclass
class Log:
    """The feeds as they were committed. `said` is every value that the county took in, applied or as an open conflict."""

    feeds: dict[str, list[Entry]] = field(default_factory=dict)
    ids: dict[bytes, Entry] = field(default_factory=dict)
    said: set[Said] = field(default_factory=set)
    contents: dict[str, set[str]] = field(default_factory=dict)
    """The scopes of the records that ever named a content, by its SHA-256."""
    labels: dict[str, list[str]] = field(default_factory=dict)
    """To whom each entry of a feed is read out: its scope, or the one to which its record was moved since."""

    def read(self, connection: Connection) -> None:
        """Takes in what was committed since."""
        query = select(CHANGE.c.feed, CHANGE.c.seq, CHANGE.c.scope, CHANGE.c.entry).order_by(CHANGE.c.feed, CHANGE.c.seq)
        ends = {feed: len(entries) for feed, entries in self.feeds.items()}
        new = (~CHANGE.c.feed.in_(ends)) if ends else CHANGE.c.seq > 0
        for feed, end in ends.items():
            new |= (CHANGE.c.feed == feed) & (CHANGE.c.seq > end)
        for feed, seq, scope, raw in connection.execute(query.where(new)):
            entry = _entry(raw)
            entries = self.feeds.setdefault(feed, [])
            assert (seq, entry.feed, entry.seq) == (len(entries) + 1, feed, seq), f"S4: {feed} has a hole before {seq}"
            assert entry.change_id not in self.ids, f"S1: change {entry.change_id.hex()} twice"
            entries.append(entry)
            self.labels.setdefault(feed, []).append(scope)
            self.ids[entry.change_id] = entry
            self._note(entry, scope)

    def read_anew(self, connection: Connection) -> None:
        """After a village was moved: what its old office's feed told of it is the new one's."""
        self.read(connection)
        self.contents = {}
        for feed, seq, scope in connection.execute(select(CHANGE.c.feed, CHANGE.c.seq, CHANGE.c.scope)):
            self.labels[feed][seq - 1] = scope
            self._note(self.feeds[feed][seq - 1], scope)

    def _note(self, entry: Entry, scope: str) -> None:
        fields = entry.fields or {}
        self.said.update(said(unpacked(entry.record_id), name, value) for name, value in fields.items())
        if entry.kind == ATTACHMENT.name and (sha256 := fields.get("sha256")):
            self.contents.setdefault(str(sha256), set()).add(scope)
        if entry.kind == CONFLICT.name and "other_value" in fields:
            self.said.add((unpacked(entry.parent_id), fields["field_name"], json.dumps(json.loads(fields["other_value"]), ensure_ascii=False)))

    def after(self, scope: str, reached: Mapping[str, int], until: Mapping[str, int]) -> Iterator[Entry]:
        """What a device of that scope gets to know between two cursors."""
        for feed, entries in self.feeds.items():
            if follows(feed, scope):
                for entry in entries[reached.get(feed, 0) : until.get(feed, 0)]:
                    if visible(self.labels[feed][entry.seq - 1], scope, reference=is_reference(entry.kind)):
                        yield entry

    def heads(self, scope: str) -> dict[str, int]:
        """The ends of a scope's feeds."""
        return {feed: len(entries) for feed, entries in self.feeds.items() if follows(feed, scope)}

    def check_records(self, connection: Connection) -> None:
        """The records that the server keeps follow from its log."""
        held = Mirror(self, "")
        held.advance({feed: len(entries) for feed, entries in self.feeds.items()})
        rows = {bytes(r.id): (r.version, msgspec.msgpack.decode(r.body), r.scope) for r in connection.execute(select(RECORD))}
        assert rows == held.held, "the server's records do not follow from its log"


@dataclass
class Mirror:
    """What a device of a scope must take for the county's state at a cursor."""

    log: Log
    scope: str
    cursor: dict[str, int] = field(default_factory=dict)
    held: dict[bytes, tuple[int, dict[str, Any], str]] = field(default_factory=dict)
    total: int = 0

    def advance(self, cursor: Mapping[str, int]) -> None:
        """Goes on to a cursor; begins anew for one that lies further back."""
        if any(cursor.get(feed, 0) < seq for feed, seq in self.cursor.items()):
            self.cursor, self.held, self.total = {}, {}, 0
        for entry in self.log.after(self.scope, self.cursor, cursor):
            self._put(entry)
        self.cursor = dict(cursor)

    def _put(self, entry: Entry) -> None:
        """One entry; a record that has left for another scope goes, and one that it has come from the other side of is newer already."""
        version, values, _ = self.held.get(entry.record_id, (0, {}, ""))
        if entry.version <= version:
            return
        identity = unpacked(entry.record_id)
        self.total -= record_digest(identity, version, values) if version else 0
        if not visible(entry.scope, self.scope, reference=is_reference(entry.kind)):
            self.held.pop(entry.record_id, None)
            return
        after = {n: v for n, v in {**values, **(entry.fields or {})}.items() if v is not None}
        self.held[entry.record_id] = entry.version, after, entry.scope
        self.total += record_digest(identity, entry.version, after)

    def copy(self) -> Mirror:
        """As it stands now."""
        return Mirror(self.log, self.scope, dict(self.cursor), dict(self.held), self.total)

    @property
    def digest(self) -> tuple[bytes, int]:
        """Digest and count."""
        return (self.total % MODULUS).to_bytes(SIZE, "big"), len(self.held)
