"""The commonest news in a feed: the county has taken in a record that was made here and not touched since. Nothing of it moves but
its version, so a batch of them is confirmed without reading or writing a single body.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection

from jusuo_desktop.records.identity import packed, unpacked
from jusuo_desktop.store import held_digest
from jusuo_desktop.store.rows import chunks
from jusuo_desktop.wire.messages import Entry

_MADE: Final = (
    "SELECT o.serial, r.serial, r.id, r.scope, o.fields FROM outbox AS o JOIN record AS r ON r.id = o.record_id"
    " WHERE o.change_id IN ({places}) AND r.version = 0 AND r.base = '{{}}' AND r.scope = o.scope"
    " AND NOT EXISTS (SELECT 1 FROM outbox AS other WHERE other.record_id = o.record_id AND other.serial <> o.serial)"
)
_fields: Final = msgspec.msgpack.Decoder(dict[str, Any])


def confirm_made(connection: Connection, entries: Sequence[Entry]) -> set[bytes]:
    """Confirms the records that these entries made as they stand here; returns their ids. The other entries are left to store.feed."""
    times = Counter(e.record_id for e in entries)
    made = [e for e in entries if e.fields is None and e.version == 1 and not e.refused and times[e.record_id] == 1]
    scopes = {e.record_id: e.scope for e in made}
    rows: list[Any] = []
    for some in chunks([unpacked(e.change_id) for e in made]):
        rows += connection.exec_driver_sql(_MADE.format(places=",".join("?" * len(some))), tuple(some)).all()
    found = [(mine, serial, record_id, fields) for mine, serial, record_id, scope, fields in rows if scopes.get(packed(record_id)) == scope]
    if not found:
        return set()
    connection.exec_driver_sql("UPDATE record SET version = 1, base = NULL WHERE serial = ?", [(serial,) for _, serial, _, _ in found])
    connection.exec_driver_sql("DELETE FROM outbox WHERE serial = ?", [(mine,) for mine, _, _, _ in found])
    held_digest.move(connection, sum(held_digest.number(record_id, 1, _fields.decode(fields)) for _, _, record_id, fields in found), len(found))
    return {packed(record_id) for _, _, record_id, _ in found}
