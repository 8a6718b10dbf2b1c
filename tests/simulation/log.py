"""What the county wrote down, read beside the server, and what a device must therefore hold: the measure of every run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from county_server.judging import is_reference
from county_server.schema import CHANGE, RECORD
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.records.printed_sheet import contents_named
from jusuo_desktop.wire.digest import digest_of
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
        for sha256, _ in contents_named(entry.kind, fields):
            self.contents.setdefault(sha256, set()).add(scope)
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
        rows = {bytes(r.id): Standing(r.version, msgspec.msgpack.decode(r.body), r.scope, r.kind) for r in connection.execute(select(RECORD))}
        assert rows == held.held, "the server's records do not follow from its log"


class Standing(NamedTuple):
    """A record as it stands."""

    version: int
    values: dict[str, Any]
    scope: str
    kind: str

    def is_seen_from(self, scope: str) -> bool:
        """Whether a device of that scope may hold it."""
        return visible(self.scope, scope, reference=is_reference(self.kind))


@dataclass
class Mirror:
    """What a device of a scope must take for the county's state at a cursor. `aside` is what has left the scope and is not sealed yet."""

    log: Log
    scope: str
    cursor: dict[str, int] = field(default_factory=dict)
    held: dict[bytes, Standing] = field(default_factory=dict)
    aside: dict[bytes, Standing] = field(default_factory=dict)

    def advance(self, cursor: Mapping[str, int]) -> None:
        """Goes on to a cursor; begins anew for one that lies further back."""
        if any(cursor.get(feed, 0) < seq for feed, seq in self.cursor.items()):
            self.cursor, self.held, self.aside = {}, {}, {}
        for entry in self.log.after(self.scope, self.cursor, cursor):
            self._put(entry)
        self.cursor = dict(cursor)

    def hear(self, change_ids: Iterable[bytes]) -> None:
        """Entries that were read out before a move took them away, and that the device hears after it: a stick was under way meanwhile."""
        for change_id in change_ids:
            if (entry := self.log.ids.get(change_id)) is not None:
                self._put(entry)

    def _put(self, entry: Entry) -> None:
        """One entry; a record that has left for another scope goes, and one that came from the other side of a move is newer already."""
        before = self.held.get(entry.record_id) or self.aside.get(entry.record_id) or Standing(0, {}, "", "")
        if entry.version <= before.version:
            return
        values = {n: v for n, v in {**before.values, **(entry.fields or {})}.items() if v is not None}
        after = Standing(entry.version, values, entry.scope, entry.kind)
        here, there = (self.held, self.aside) if after.is_seen_from(self.scope) else (self.aside, self.held)
        there.pop(entry.record_id, None)
        if here is self.held or before.version:
            here[entry.record_id] = after

    def moved_to(self, scope: str) -> Mirror:
        """The device was given another scope: what it holds it knows by its version. Unless the new scope lies inside the old one, the feeds
        are read from their beginning.
        """
        known = {**self.aside, **self.held}
        inside = {i: one for i, one in known.items() if one.is_seen_from(scope)}
        cursor = {feed: seq for feed, seq in self.cursor.items() if scope.startswith(self.scope) and follows(feed, scope)}
        return Mirror(self.log, scope, cursor, inside, {i: one for i, one in known.items() if i not in inside})

    def copy(self) -> Mirror:
        """As it stands now."""
        return Mirror(self.log, self.scope, dict(self.cursor), dict(self.held), dict(self.aside))

    @property
    def digest(self) -> tuple[bytes, int]:
        """Digest and count."""
        return digest_of((unpacked(i), one.version, one.values) for i, one in self.held.items()), len(self.held)
