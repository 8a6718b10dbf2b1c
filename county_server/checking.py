"""Whether what a county's database holds fits together: the order without holes, every digest right, nothing known that is not there.

For a backup that was just taken or brought back; it reads everything, so it takes its time.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from county_server.schema import CHANGE, CONTENT, CONTENT_PIECE, FEED, KNOWN, RECORD, TALLY
from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.wire.digest import combined, number_of

ROWS: Final = 500
"""Rows in memory at a time."""


class Damaged(Exception):
    """Something does not fit; the message is a sentence for the administrator."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in order; `digest` is that of every record together, for comparing two copies."""

    feeds: int
    changes: int
    records: int
    contents: int
    digest: bytes


def check(connection: Connection) -> Checked:
    """Reads a county's database from end to end, in one snapshot.

    Raises:
        Damaged: see there.
    """
    feeds = {row.name: row.last_seq for row in connection.execute(select(FEED))}
    changes = sum(_check_order(connection, feed, last) for feed, last in feeds.items())
    digest, records = _check_records(connection)
    _check_known(connection, changes, records)
    return Checked(len(feeds), changes, records, _check_contents(connection), digest)


def _check_order(connection: Connection, feed: str, last: int) -> int:
    query = select(func.count(), func.coalesce(func.min(CHANGE.c.seq), 1), func.coalesce(func.max(CHANGE.c.seq), 0)).where(CHANGE.c.feed == feed)
    count, lowest, highest = connection.execute(query).one()
    if (count, lowest, highest) != (last, 1, last):
        raise Damaged(f"{feed} 的更改顺序有缺：应有{last}项，实有{count}项。")
    return int(count)


def _check_records(connection: Connection) -> tuple[bytes, int]:
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    counts: dict[tuple[str, str, str], int] = defaultdict(int)
    query = select(RECORD.c.feed, RECORD.c.id, RECORD.c.kind, RECORD.c.scope, RECORD.c.version, RECORD.c.body, RECORD.c.digest)
    with connection.execute(query.execution_options(yield_per=ROWS)) as rows:
        for feed, identity, kind, scope, version, body, digest in rows:
            number = number_of(unpacked(bytes(identity)), version, bytes(body))
            if number != int.from_bytes(digest, "big"):
                raise Damaged(f"记录 {unpacked(bytes(identity))} 的内容和它的校验值对不上。")
            sums[feed, scope, kind] += number
            counts[feed, scope, kind] += 1
    told = {(row.feed, row.scope, row.kind): (row.records, bytes(row.digest)) for row in connection.execute(select(TALLY)) if row.records}
    found = {place: (count, combined([sums[place]])) for place, count in counts.items()}
    if told != found:
        raise Damaged("记录的总数或总校验值和登记的对不上。")
    return combined(sums.values()), sum(counts.values())


def _check_known(connection: Connection, changes: int, records: int) -> None:
    placed = int(connection.execute(select(func.count()).select_from(KNOWN).where(KNOWN.c.seq > 0)).scalar_one())
    housed = int(connection.execute(select(func.count()).select_from(KNOWN).where(KNOWN.c.home != "")).scalar_one())
    if (placed, housed) != (changes, records):
        raise Damaged(f"编号登记不全：更改{placed}项，应为{changes}项；记录{housed}条，应为{records}条。")


def _check_contents(connection: Connection) -> int:
    names = [bytes(sha256) for sha256 in connection.execute(select(CONTENT.c.sha256).where(CONTENT.c.complete == 1)).scalars()]
    for name in names:
        whole = hashlib.sha256()
        query = select(CONTENT_PIECE.c.data).where(CONTENT_PIECE.c.sha256 == name).order_by(CONTENT_PIECE.c.at)
        with connection.execute(query.execution_options(yield_per=1)) as pieces:
            for (piece,) in pieces:
                whole.update(piece)
        if whole.digest() != name:
            raise Damaged(f"附件 {name.hex()} 的内容和它的校验值对不上。")
    return len(names)
