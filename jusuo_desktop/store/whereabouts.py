"""Where a record is: only here, sent, received by the county with its receipt, in conflict, set aside. Derived from the queue, the version
and the open conflicts, for a record with its child rows and theirs: the worst of all of them counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.store.rows import chunks
from jusuo_desktop.wire.scope import feed_of

REFUSED: Final = "refused"
IN_CONFLICT: Final = "conflict"
HELD: Final = "held"
ONLY_HERE: Final = "here"
CHANGED: Final = "changed"
SENT: Final = "sent"
RECEIVED: Final = "received"
WORST_FIRST: Final = (REFUSED, IN_CONFLICT, HELD, ONLY_HERE, CHANGED, SENT, RECEIVED)
"""`CHANGED`: the county has the record, but not what was written here since."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """How far a record has come. `cause_id` is the record that stands worst, itself or one of its rows, and `answer` what the county said
    of it. `receipt` is the record's own: the feed and the place in it that the county gave its last accepted change, '' while there is none;
    `received_at` is the county's clock (ms). `waiting` counts the changes that the county lacks, `conflicts` those to decide.
    """

    state: str
    cause_id: str
    answer: str = ""
    receipt: str = ""
    received_at: int = 0
    version: int = 0
    waiting: int = 0
    conflicts: int = 0


def receipt_of(scope: str, place: int) -> str:
    """The number by which the county finds a change again: its feed and its place there."""
    return f"{feed_of(scope)}-{place}" if place else ""


_FAMILY: Final = (
    "WITH RECURSIVE family (top, id) AS ("
    " SELECT id, id FROM record WHERE id IN ({places})"
    " UNION ALL SELECT family.top, c.id FROM family CROSS JOIN record AS c ON c.parent_id = family.id)"
    " SELECT family.top, r.id, r.version, o.state, o.answer,"
    f" CASE WHEN r.kind = '{CONFLICT.name}' THEN json_extract(r.body, '$.state') = 'open' END, r.parent_id"
    " FROM family CROSS JOIN record AS r ON r.id = family.id LEFT JOIN outbox AS o ON o.record_id = r.id AND o.state <> 'former'"
)
_OWN: Final = "SELECT id, scope, version, place, received_at FROM record WHERE id IN ({places})"


def whereabouts(connection: Connection, ids: Sequence[str]) -> dict[str, Whereabouts]:
    """Of those records that are here; a screenful at a time."""
    found: dict[str, Whereabouts] = {}
    for some in chunks(ids):
        marks = ",".join("?" * len(some))
        worst: dict[str, tuple[int, str, str]] = {}
        waiting: dict[str, set[tuple[str, int]]] = {}
        conflicts: dict[str, int] = {}
        for number, (top, identity, version, state, answer, is_open, parent_id) in enumerate(
            connection.exec_driver_sql(_FAMILY.format(places=marks), tuple(some))
        ):
            standing = _standing(version, state)
            if is_open:
                conflicts[top] = conflicts.get(top, 0) + 1
                standing = min(standing, WORST_FIRST.index(IN_CONFLICT))
            if state not in (None, SENT):
                waiting.setdefault(top, set()).add((identity, number))
            if top not in worst or standing < worst[top][0] or (standing == worst[top][0] and identity == top):
                worst[top] = standing, parent_id if is_open else identity, answer or ""
        for identity, scope, version, place, received_at in connection.exec_driver_sql(_OWN.format(places=marks), tuple(some)):
            standing, cause, answer = worst[identity]
            lacking = len(waiting.get(identity, ()))
            receipt = receipt_of(scope, place)
            told = Whereabouts(WORST_FIRST[standing], cause, answer, receipt, received_at, version, lacking, conflicts.get(identity, 0))
            found[identity] = told
    return found


def _standing(version: int, state: str | None) -> int:
    if state is None:
        return WORST_FIRST.index(RECEIVED if version else ONLY_HERE)
    if state == "waiting":
        return WORST_FIRST.index(CHANGED if version else ONLY_HERE)
    return WORST_FIRST.index(state)


UNSENT: Final = "unsent"
"""A list of whatever the county lacks, set aside or not."""
_IN_QUEUE: Final = {
    UNSENT: "SELECT record_id AS id FROM outbox WHERE state IN ('waiting', 'held', 'refused')",
    REFUSED: "SELECT record_id AS id FROM outbox WHERE state = 'refused'",
    HELD: "SELECT record_id AS id FROM outbox WHERE state = 'held'",
    IN_CONFLICT: "SELECT parent_id AS id FROM record INDEXED BY record_by_kind WHERE kind = 'conflict' AND json_extract(body, '$.state') = 'open'",
}
LISTED: Final = tuple(_IN_QUEUE)


def standing_so(state: str) -> str:
    """The SQL that gives the ids of the records that stand so, themselves or in one of their rows: asked of the queue, however many
    records there are.
    """
    return (
        f"WITH RECURSIVE above (id) AS (SELECT DISTINCT id FROM ({_IN_QUEUE[state]})"
        " UNION SELECT r.parent_id FROM above CROSS JOIN record AS r ON r.id = above.id WHERE r.parent_id <> '')"
        " SELECT id FROM above"
    )
