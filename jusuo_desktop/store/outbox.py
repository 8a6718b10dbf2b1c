"""The queue of changes on their way to the county: durable, in order, each with its author (anchors B.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select, update

from jusuo_desktop.records.identity import packed
from jusuo_desktop.store.schema import OUTBOX
from jusuo_desktop.wire.messages import Change, Result


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


def waiting(connection: Connection, most: int, most_bytes: int) -> list[Change]:
    """The oldest changes not yet accepted, at most `most` of them and about `most_bytes` of values; at least one if there is any."""
    rows = connection.execute(select(OUTBOX).where(OUTBOX.c.state == "waiting").order_by(OUTBOX.c.serial).limit(most))
    batch: list[Change] = []
    size = 0
    for r in rows:
        size += len(r.fields)
        if batch and size > most_bytes:
            break
        fields = msgspec.msgpack.decode(r.fields)
        batch.append(
            Change(packed(r.change_id), packed(r.record_id), r.kind, r.scope, packed(r.parent_id), r.base_version, r.author_id, r.made_at, fields)
        )
    return batch


def mark(connection: Connection, changes: Sequence[str], results: Sequence[Result]) -> None:
    """Notes what the server said of each change. 'accepted', 'conflict' and 'duplicate' are sent and wait for the feed; a held
    one steps out of the queue until `resend`, so that it does not block those behind it.
    """
    for change_id, result in zip(changes, results, strict=True):
        state = {"rejected": "refused", "held": "held"}.get(result.status, "sent")
        connection.execute(update(OUTBOX).where(OUTBOX.c.change_id == change_id).values(state=state, answer=result.message, tries=OUTBOX.c.tries + 1))


def retry(connection: Connection, change_id: str = "") -> int:
    """Puts set-aside changes (one, or all) back into the queue; returns how many."""
    where = OUTBOX.c.state == "refused"
    if change_id:
        where = where & (OUTBOX.c.change_id == change_id)
    return int(connection.execute(update(OUTBOX).where(where).values(state="waiting", answer="")).rowcount)


def resend(connection: Connection) -> None:
    """Asks again about everything held back, and everything sent but never confirmed in the feed ('duplicate' if the server has it)."""
    connection.execute(update(OUTBOX).where(OUTBOX.c.state.in_(("sent", "held"))).values(state="waiting"))


def counts(connection: Connection) -> dict[str, int]:
    """How many changes are in each state."""
    return {row.state: row.n for row in connection.execute(select(OUTBOX.c.state, func.count().label("n")).group_by(OUTBOX.c.state))}


def outgoing(connection: Connection, states: Sequence[str], most: int = 500) -> list[Outgoing]:
    """The changes in those states, oldest first, for people to look at."""
    rows = connection.execute(select(OUTBOX).where(OUTBOX.c.state.in_(states)).order_by(OUTBOX.c.serial).limit(most))
    return [
        Outgoing(r.change_id, r.record_id, r.kind, r.author_id, r.made_at, r.state, r.tries, r.answer, msgspec.msgpack.decode(r.fields)) for r in rows
    ]
