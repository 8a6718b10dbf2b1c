"""Changes that the county refused: what was typed goes on being shown until a person decides, and never overrides a later decision.

A refused change keeps its row, so the record shows its values and the sync page lists it. Three things end it: the record is edited
again (what the new edit leaves of it goes back into the queue), it is retried as it is, or it is given up. A change's id stands for
one content for ever: whatever is left of a refused change after a later one covered some of its fields travels under a new id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.engine import Row

from jusuo_desktop.records.identity import new_id
from jusuo_desktop.records.kind import VOIDED
from jusuo_desktop.store.edit import Hand
from jusuo_desktop.store.indexing import index
from jusuo_desktop.store.rebase import changed, rebase
from jusuo_desktop.store.refusal import NotAllowed, Refused
from jusuo_desktop.store.rows import CHUNK, rows_by_id, to_body, to_values
from jusuo_desktop.store.schema import HISTORY, OUTBOX, RECORD
from jusuo_desktop.wire.digest import canonical

UNTAKEN: Final = ("refused", "waiting", "held")
"""States of a change that the county has not taken in, as far as this device knows."""


def unsent_by_record(connection: Connection, ids: Collection[str]) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """The changes of those records that the feed has not confirmed, refused ones included, oldest first: (change id, fields)."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    wanted = list(ids)
    query = select(OUTBOX.c.record_id, OUTBOX.c.change_id, OUTBOX.c.fields).where(OUTBOX.c.state != "former").order_by(OUTBOX.c.serial)
    for start in range(0, len(wanted), CHUNK):
        for row in connection.execute(query.where(OUTBOX.c.record_id.in_(wanted[start : start + CHUNK]))):
            found.setdefault(row.record_id, []).append((row.change_id, msgspec.msgpack.decode(row.fields)))
    return found


def superseded(connection: Connection, record_id: str, names: Collection[str], *, before: int | None = None, requeue: bool = False) -> None:
    """A later change of this device sets those fields: takes them out of the record's refused changes. Where that later one, row `before`, has
    been taken in already, out of all older ones that have not.

    With `requeue` what is left of them goes back into the queue, in its old place and under its own author.
    """
    query = select(OUTBOX).where(OUTBOX.c.record_id == record_id)
    older = OUTBOX.c.state == "refused"
    if before is not None:  # what the program itself tells again keeps its identity: other devices tell it by the same
        older = (OUTBOX.c.serial < before) & (older | (OUTBOX.c.state.in_(UNTAKEN) & (OUTBOX.c.author_id != "")))
    for row in connection.execute(query.where(older)).all():
        fields: dict[str, Any] = msgspec.msgpack.decode(row.fields)
        rest = {n: v for n, v in fields.items() if n not in names}
        mine = OUTBOX.c.serial == row.serial
        if fields and not rest:
            connection.execute(delete(OUTBOX).where(mine))
        elif rest != fields or requeue:
            state = {"state": "waiting", "answer": "", "answer_fields": ""} if requeue else {}
            fresh = new_id()
            connection.execute(update(OUTBOX).where(mine).values(change_id=fresh, fields=canonical(rest), **state))
            told = (HISTORY.c.record_id == record_id) & (HISTORY.c.change_id == row.change_id)
            connection.execute(update(HISTORY).where(told).values(change_id=fresh))


def requeued(connection: Connection, edited: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Records that had a refused change are edited again: (id, changed fields) of each."""
    by_id = dict(edited)
    refused = set(connection.execute(select(OUTBOX.c.record_id).where(OUTBOX.c.state == "refused").distinct()).scalars())
    for identity in refused & by_id.keys():
        superseded(connection, identity, by_id[identity].keys(), requeue=True)


def give_up(connection: Connection, change_id: str, hand: Hand) -> str:
    """Takes back a refused change: the record shows what the county holds, the history keeps what was typed. Returns the record's id.

    Raises:
        NotAllowed: the role does not allow it.
        Refused: it is not refused, or the county has never seen the record, so that there is nothing to go back to.
    """
    if hand.user.role == "reader":
        raise NotAllowed("您的账号是只读的，不能放弃更改。请用内勤或所长账号登录。")
    row = connection.execute(select(OUTBOX).where(OUTBOX.c.change_id == change_id, OUTBOX.c.state == "refused")).first()
    if row is None:
        raise Refused("这项更改已经不在退回之列，请刷新后再看。")
    record = rows_by_id(connection, [row.record_id])[row.record_id]
    if record.version == 0:
        raise Refused("县里还没有这条记录，不能放弃更改。请改正后再报，或者写明理由作废。")
    connection.execute(delete(OUTBOX).where(OUTBOX.c.serial == row.serial))
    _show_again(connection, record, change_id, hand)
    return str(row.record_id)


def _show_again(connection: Connection, record: Row[Any], change_id: str, hand: Hand) -> None:
    before, base = to_values(record.body), to_values(record.base if record.base is not None else record.body)
    unsent = [fields for _, fields in unsent_by_record(connection, [record.id]).get(record.id, ())]
    shown = rebase(base, unsent)
    connection.execute(
        update(RECORD)
        .where(RECORD.c.serial == record.serial)
        .values(body=to_body(shown), base=to_body(base) if unsent else None, voided=int(VOIDED.name in shown))
    )
    index(connection, [(record.serial, record.kind, shown)])
    told = {name: [before.get(name), value] for name, value in changed(before, shown).items()}
    connection.execute(
        insert(HISTORY).values(
            record_id=record.id,
            change_id=change_id,
            author_id=hand.user.id,
            device_id=hand.device_id,
            made_at=hand.at,
            fields=to_body(told),
        )
    )
