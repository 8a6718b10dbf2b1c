"""Printed numbers: drawn from blocks that this device holds alone, never twice, each kept with the record that took it (S8).

Paper is signed before the network returns, so a number must be final when printed. An enrolled device leases blocks ahead of time; a
stand-alone office is its own issuer and opens a series at 1.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, func, insert, select, update

from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.store.schema import NUMBER, NUMBER_BLOCK

REFILL_BELOW: Final = 25
"""A block is refilled when half of a lease of 50 is left (DHIS2's rule, anchors B.1)."""

PATTERN: Final = "〔{year}〕{short_name}{kind}第{seq}号"
"""Proposal of domain/forms.md §1 rule 4; a setting of the office."""


def written(pattern: str, *, year: int, short_name: str, kind: str, seq: int) -> str:
    """The number as it is printed."""
    return pattern.format(year=year, short_name=short_name, kind=kind, seq=seq)


def add_block(connection: Connection, series: str, first: int, last: int) -> None:
    """Takes in a leased block; the same block again changes nothing.

    Raises:
        ValueError: it overlaps a block held already; the issuer has a bug.
    """
    held = connection.execute(select(NUMBER_BLOCK).where(NUMBER_BLOCK.c.series == series)).all()
    if any(b.first == first and b.last == last for b in held):
        return
    if any(first <= b.last and b.first <= last for b in held):
        raise ValueError(f"overlapping number block {first}-{last} in {series}")
    connection.execute(insert(NUMBER_BLOCK).values(series=series, first=first, last=last, next=first))


def left(connection: Connection, series: str) -> int:
    """How many numbers of the series are still free here."""
    free = func.coalesce(func.sum(NUMBER_BLOCK.c.last - NUMBER_BLOCK.c.next + 1), 0)
    return int(connection.execute(select(free).where(NUMBER_BLOCK.c.series == series)).scalar_one())


def draw(connection: Connection, series: str, record_id: str, at: int, printed: str, *, own_issuer: bool) -> int:
    """Takes the next number of the series for a record; `printed` holds '{seq}' where it goes.

    Raises:
        Refused: an enrolled device has used up its block and must connect once.
    """
    block = connection.execute(
        select(NUMBER_BLOCK)
        .where(NUMBER_BLOCK.c.series == series, NUMBER_BLOCK.c.next <= NUMBER_BLOCK.c.last)
        .order_by(NUMBER_BLOCK.c.first)
        .limit(1)
    ).first()
    if block is None and own_issuer:
        highest = connection.execute(select(func.max(NUMBER.c.value)).where(NUMBER.c.series == series)).scalar() or 0
        connection.execute(insert(NUMBER_BLOCK).values(series=series, first=highest + 1, last=highest + 100_000, next=highest + 1))
        return draw(connection, series, record_id, at, printed, own_issuer=False)
    if block is None:
        raise Refused("本机的号段已经用完。请连上网络同步一次领取新的号段，再打印。")
    connection.execute(update(NUMBER_BLOCK).where(NUMBER_BLOCK.c.serial == block.serial).values(next=block.next + 1))
    connection.execute(
        insert(NUMBER).values(series=series, value=block.next, printed_as=printed.replace("{seq}", str(block.next)), record_id=record_id, drawn_at=at)
    )
    return int(block.next)
