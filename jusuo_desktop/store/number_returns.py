"""Numbers given back, on the device's side (S8). In this order: first the device closes them for itself, in one transaction with the note that
they are to go back; then the county is told, as often as it takes; then it may give them out again. Cut anywhere, nobody can draw a
number that is on its way: it is either still in the block here, or in no block at all.

A block comes in and its request is settled in one transaction, too: a request that is repeated after its block was given back finds
that nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from jusuo_desktop.records.identity import new_id, packed
from jusuo_desktop.store.numbers import ASKED, add_block
from jusuo_desktop.store.schema import BLOCK_TOLD, NUMBER_BLOCK, NUMBER_RETURN
from jusuo_desktop.store.settings import get_setting, put_setting
from jusuo_desktop.wire.messages import NumberBlock, Returned

RESTING: Final = "number_series_resting"
"""Setting: series that a person gave back; no block is leased ahead for them until somebody wants a number of one."""
WANTED: Final = "number_series_wanted"
"""Setting: series of which a number was asked for and none was left; the next sync leases a block, whatever the year."""
TOLD: Final = "number_blocks_told"
"""Setting: {"digest", "day"} of the county's list of blocks and when it was asked for last."""


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Numbers that this device gave back; `noted` once the county has said so."""

    first: int
    last: int
    because: str
    at: int
    noted: bool


def settle_request(connection: Connection, series: str, request_id: str, block: tuple[int, int] | None) -> bool:
    """Takes in the answer to a request for a block, once; false when nobody waits for it (any more)."""
    asked = dict(get_setting(connection, ASKED, {}))
    if asked.get(series) != request_id:
        return False
    if block is not None:
        add_block(connection, series, *block)
    put_setting(connection, ASKED, {name: request for name, request in asked.items() if name != series})
    return True


def give_back(connection: Connection, series: Collection[str] | None, because: str, at: int) -> int:
    """Closes what is left of the blocks of some series (None: of all) and queues it to be given back; returns how many numbers."""
    rows = connection.execute(select(NUMBER_BLOCK).where(NUMBER_BLOCK.c.next <= NUMBER_BLOCK.c.last, NUMBER_BLOCK.c.note == "")).all()
    count = 0
    for row in rows:
        if series is not None and row.series not in series:
            continue
        run = {"series": row.series, "first": row.next, "last": row.last, "because": because, "returned_at": at}
        connection.execute(insert(NUMBER_RETURN).values(return_id=new_id(), **run))
        connection.execute(update(NUMBER_BLOCK).where(NUMBER_BLOCK.c.serial == row.serial).values(last=row.next - 1))
        count += row.last - row.next + 1
    return count


def free_series(connection: Connection) -> list[str]:
    """The series of which this device holds numbers that it could give back."""
    free = (NUMBER_BLOCK.c.next <= NUMBER_BLOCK.c.last) & (NUMBER_BLOCK.c.note == "")
    return list(connection.execute(select(NUMBER_BLOCK.c.series).where(free).distinct().order_by(NUMBER_BLOCK.c.series)).scalars())


def unnoted(connection: Connection, most: int) -> list[Returned]:
    """What the county has not said yet that it has noted."""
    rows = connection.execute(select(NUMBER_RETURN).where(NUMBER_RETURN.c.noted == 0).order_by(NUMBER_RETURN.c.return_id).limit(most))
    return [Returned(packed(r.return_id), r.series, r.first, r.last, r.because) for r in rows]


def note(connection: Connection, return_ids: Sequence[str]) -> None:
    """The county has answered."""
    for return_id in return_ids:
        connection.execute(update(NUMBER_RETURN).where(NUMBER_RETURN.c.return_id == return_id).values(noted=1))


def given_back(connection: Connection, series: str) -> list[GivenBack]:
    """What this device gave back of a series, in order."""
    rows = connection.execute(select(NUMBER_RETURN).where(NUMBER_RETURN.c.series == series).order_by(NUMBER_RETURN.c.first))
    return [GivenBack(r.first, r.last, r.because, r.returned_at, bool(r.noted)) for r in rows]


def keep_told(connection: Connection, blocks: Sequence[NumberBlock], years: Collection[int], own_device: str) -> None:
    """Keeps the county's list in the place of the one before; earlier years stay. Own blocks that the administrator closed are closed here, too."""
    known = select(BLOCK_TOLD.c.serial, BLOCK_TOLD.c.series)
    replaced = [row.serial for row in connection.execute(known) if _year(row.series) in years]
    for start in range(0, len(replaced), 500):
        connection.execute(delete(BLOCK_TOLD).where(BLOCK_TOLD.c.serial.in_(replaced[start : start + 500])))
    rows = [{"series": block.series, "block": msgspec.json.encode(block).decode()} for block in blocks]
    if rows:
        connection.execute(insert(BLOCK_TOLD), rows)
    for block in blocks:
        if block.closed_at and block.device_id == own_device:
            inside = (NUMBER_BLOCK.c.series == block.series) & (NUMBER_BLOCK.c.first >= block.first) & (NUMBER_BLOCK.c.last <= block.last)
            still_open = inside & (NUMBER_BLOCK.c.next <= NUMBER_BLOCK.c.last)
            connection.execute(update(NUMBER_BLOCK).where(still_open).values(next=NUMBER_BLOCK.c.last + 1, note=f"县局作废：{block.because}"))


def told(connection: Connection, series: str) -> list[NumberBlock]:
    """The blocks of a series that the office's devices hold or held, as the county told them last."""
    rows = connection.execute(select(BLOCK_TOLD.c.block).where(BLOCK_TOLD.c.series == series).order_by(BLOCK_TOLD.c.serial)).scalars()
    return [msgspec.json.decode(row, type=NumberBlock) for row in rows]


def _year(series: str) -> int:
    year = series.split("/")[1] if series.count("/") else ""
    return int(year) if year.isdigit() else 0
