"""The queue of changes on their way to the county: durable, in order, each with its author (anchors B.4)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import msgspec
from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.engine import Row

from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.schema import OUTBOX, RECORD
from jusuo_desktop.wire.messages import Change, Result

WORKER: Final = "worker"
STATES: Final = {"rejected": "refused", "held": "held"}
"""The state of a change by the server's answer; every other answer means that the county has it."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One change in the queue as people see it."""

    change_id: str
    record_id: str
    kind: str
    author_id: str
    made_at: int
    state: str
    tries: int
    answer: str
    fields: dict[str, Any]
    answer_fields: tuple[str, ...] = ()


_AS_SENT: Final = "unhex(change_id, '-'), unhex(record_id, '-'), kind, scope, unhex(parent_id, '-'), base_version, author_id, made_at, fields"
_STUCK: Final = "SELECT record_id FROM outbox JOIN record ON record.id = record_id WHERE state = 'refused' AND version = 0"
"""Records whose very creation was refused: what follows on it waits, or the county would hold a record of which half is missing."""
STUCK_ANSWER: Final = "这条记录登记时被退回，改正后一起上报。"


def waiting(connection: Connection, most: int, most_bytes: int, after: str = "") -> list[Change]:
    """The oldest changes not yet accepted, at most `most` of them and about `most_bytes` of values; at least one if there is any. `after`
    is the identity of a change: only those queued behind it.

    `fields` stay the bytes in which they were queued; the wire's encoder passes them on as they are.
    """
    behind = " AND serial > (SELECT serial FROM outbox WHERE change_id = ?)" if after else ""
    chosen = f"SELECT {_AS_SENT} FROM outbox WHERE state = 'waiting'{behind} ORDER BY serial LIMIT ?"
    batch: list[Change] = []
    size = 0
    for change_id, record_id, kind, scope, parent_id, base_version, author_id, made_at, fields in connection.exec_driver_sql(
        chosen, (after, most) if after else (most,)
    ):
        size += len(fields)
        if batch and size > most_bytes:
            break
        raw = cast("dict[str, Any]", msgspec.Raw(fields))
        batch.append(Change(change_id, record_id, kind, scope, parent_id, base_version, author_id, made_at, raw))
    return batch


def mark(connection: Connection, changes: Sequence[str], results: Sequence[Result], *, late: bool = False) -> None:
    """Notes what the server said of each change. 'accepted', 'conflict' and 'duplicate' are sent and wait for the feed; a held
    one steps out of the queue until `resend`, so that it does not block those behind it. A `late` answer counts only for changes that
    still wait: since it was given, they may have been settled by another road.
    """
    rows = [(STATES.get(r.status, "sent"), r.message, _about(r), change_id) for change_id, r in zip(changes, results, strict=True)]
    if not rows:
        return
    still = " AND state = 'waiting'" if late else ""
    connection.exec_driver_sql(f"UPDATE outbox SET state = ?, answer = ?, answer_fields = ?, tries = tries + 1 WHERE change_id = ?{still}", rows)
    if any(state == "refused" for state, *_ in rows):
        stuck = f"UPDATE outbox SET state = 'held', answer = ? WHERE state IN ('waiting', 'held') AND record_id IN ({_STUCK})"
        connection.exec_driver_sql(stuck, (STUCK_ANSWER,))


def _about(result: Result) -> str:
    return ",".join(result.fields) if result.status == "rejected" else ""


def retry(connection: Connection, change_id: str = "") -> int:
    """Puts set-aside changes (one, or all) back into the queue; returns how many."""
    where = OUTBOX.c.state == "refused"
    if change_id:
        where = where & (OUTBOX.c.change_id == change_id)
    return int(connection.execute(update(OUTBOX).where(where).values(state="waiting", answer="", answer_fields="")).rowcount)


def resend(connection: Connection) -> None:
    """Asks again about everything held back, and everything sent but never confirmed in the feed ('duplicate' if the server has it)."""
    connection.exec_driver_sql(f"UPDATE outbox SET state = 'waiting' WHERE state = 'sent' OR (state = 'held' AND record_id NOT IN ({_STUCK}))")


def into_village(connection: Connection, scope: str) -> None:
    """This machine becomes a village's: nothing was sent yet. The office's places are the county's to give, so the copies made at the
    first run are not sent; the people who work here are the village's own.
    """
    places = [k.name for k in KINDS.values() if k.reference and k.name != WORKER]
    connection.execute(delete(OUTBOX).where(OUTBOX.c.kind.in_(places)))
    for table in (OUTBOX, RECORD):
        connection.execute(update(table).where(table.c.kind == WORKER, ~table.c.scope.startswith(scope)).values(scope=scope))


def counts(connection: Connection) -> dict[str, int]:
    """How many changes are in each state."""
    return {
        row.state: row.n
        for row in connection.execute(select(OUTBOX.c.state, func.count().label("n")).where(OUTBOX.c.state != "former").group_by(OUTBOX.c.state))
    }


def has_unsent(connection: Connection, record_ids: Collection[str]) -> bool:
    """Whether the county lacks a change of one of those records."""
    query = select(OUTBOX.c.serial).where(OUTBOX.c.record_id.in_(record_ids), OUTBOX.c.state.not_in(("sent", "former"))).limit(1)
    return connection.execute(query).first() is not None


def outgoing(connection: Connection, states: Sequence[str], most: int = 500, *, after: int = 0, of: Collection[str] | None = None) -> list[Outgoing]:
    """The changes in those states, oldest first, for people to look at: at most so many `after` so many, `of` those records alone."""
    query = select(OUTBOX).where(OUTBOX.c.state.in_(states)).order_by(OUTBOX.c.serial).limit(most).offset(after)
    rows = connection.execute(query if of is None else query.where(OUTBOX.c.record_id.in_(of)))
    return [_outgoing(row) for row in rows]


def _outgoing(row: Row[Any]) -> Outgoing:
    about = tuple(name for name in row.answer_fields.split(",") if name)
    fields = msgspec.msgpack.decode(row.fields)
    return Outgoing(row.change_id, row.record_id, row.kind, row.author_id, row.made_at, row.state, row.tries, row.answer, fields, about)
