"""The commonest news in a feed: the county has taken in a record that was made here and not touched since. Nothing of it moves but
its version, so a batch of them is confirmed without reading or writing a single body.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection

from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.store import held_digest
from jusuo_desktop.store.rows import chunks
from jusuo_desktop.wire.digest import number_of
from jusuo_desktop.wire.messages import Entry

_MADE: Final = (
    "SELECT o.serial, r.serial, r.id, r.scope, o.fields FROM outbox AS o JOIN record AS r ON r.id = o.record_id"
    " WHERE o.change_id IN ({places}) AND r.version = 0 AND r.base = '{{}}' AND r.scope = o.scope"
    " AND NOT EXISTS (SELECT 1 FROM outbox AS other WHERE other.record_id = o.record_id AND other.serial <> o.serial)"
)


def confirm_made(connection: Connection, entries: Sequence[Entry]) -> dict[bytes, str]:
    """Confirms the records that these entries made as they stand here; returns their ids, as they travel and as text. The other entries
    are left to store.feed.
    """
    made = [e for e in entries if e.version == 1 and e.fields is None and not e.refused]
    if not made:
        return {}
    times = Counter([e.record_id for e in entries])
    known = {unpacked(e.record_id): e for e in made if times[e.record_id] == 1}
    rows: list[Any] = []
    for some in chunks([identity if e.change_id == e.record_id else unpacked(e.change_id) for identity, e in known.items()]):
        rows += connection.exec_driver_sql(_MADE.format(places=",".join("?" * len(some))), tuple(some)).all()
    found = [row for row in rows if row[2] in known and known[row[2]].scope == row[3]]
    if not found:
        return {}
    places = [(known[row[2]].seq, known[row[2]].received_at, row[1]) for row in found]
    connection.exec_driver_sql("UPDATE record SET version = 1, base = NULL, place = ?, received_at = ? WHERE serial = ?", places)
    connection.exec_driver_sql("DELETE FROM outbox WHERE serial = ?", [(row[0],) for row in found])
    held_digest.move(connection, sum([number_of(identity, 1, fields) for _, _, identity, _, fields in found]), len(found))
    return {known[row[2]].record_id: row[2] for row in found}
