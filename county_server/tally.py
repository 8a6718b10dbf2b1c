"""Keeps count and digest of each scope and kind up to date with every batch, and adds up what one device may hold."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from county_server import bulk
from county_server.judging import is_reference
from county_server.schema import TALLY
from jusuo_desktop.wire.digest import SIZE, combined, moved
from jusuo_desktop.wire.scope import feed_of, feeds_of, visible


@dataclass(slots=True)
class Moves:
    """By (scope, kind): how much the sum of record numbers moves, and how many records are new."""

    sums: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    new: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    def note(self, scope: str, kind: str, number: int, before: bytes) -> None:
        """A record now gives `number`; `before` is its former digest, b'' if it is new."""
        self.sums[scope, kind] += number - int.from_bytes(before, "big")
        self.new[scope, kind] += not before

    def take_out(self, scope: str, kind: str, digest: bytes) -> None:
        """A record of that digest is no longer there."""
        self.sums[scope, kind] -= int.from_bytes(digest, "big")
        self.new[scope, kind] -= 1


def move(connection: Connection, moves: Moves) -> None:
    """Writes the moves; the caller holds the locks of the feeds that these scopes belong to, so nobody else writes their rows."""
    for feed in sorted({feed_of(scope) for scope, _ in moves.sums}):
        touched = {place for place in moves.sums if feed_of(place[0]) == feed}
        old: list[tuple[Any, ...]] = []
        scopes = {scope for scope, _ in touched}
        for scope, kind, records, digest in bulk.found(connection, TALLY, ("scope", "kind", "records", "digest"), "scope", scopes, feed):
            if (place := (scope, kind)) in touched:
                touched.remove(place)
                old.append((records + moves.new[place], moved(bytes(digest), moves.sums[place]), *place))
        bulk.change(connection, TALLY, ("records", "digest"), old, feed)
        bulk.add(connection, TALLY, [(feed, *place, moves.new[place], moved(bytes(SIZE), moves.sums[place])) for place in sorted(touched)])


def held_by(connection: Connection, device_scope: str) -> tuple[bytes, int]:
    """Digest and count of every record that a device of that scope may hold."""
    query = select(TALLY)
    if feeds := feeds_of(device_scope):
        query = query.where(TALLY.c.feed.in_(feeds))
    rows = [row for row in connection.execute(query) if visible(row.scope, device_scope, reference=is_reference(row.kind))]
    return combined(int.from_bytes(row.digest, "big") for row in rows), sum(row.records for row in rows)
