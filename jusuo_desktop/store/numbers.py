"""Printed numbers: drawn from blocks that this device holds alone, never twice, each kept with the record that took it (S8).

Paper is signed before the network returns, so a number must be final when printed. An enrolled device leases blocks ahead of time; a
stand-alone office is its own issuer and opens a series at 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, insert, select, update

from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.store.schema import NUMBER, NUMBER_BLOCK
from jusuo_desktop.store.settings import get_setting

ASKED: Final = "number_lease_asked"
"""Setting: {series: request id} of leases whose answer has not come yet; asked again under the same id, the same block comes."""

FLOOR: Final = "number_floor"
"""Setting: [number, year] after a restore that could not read which numbers were given out since the backup: series of that year or an
earlier one that the backup did not know begin behind the number."""

REFILL_BELOW: Final = 25
"""A block is refilled when half of a lease of 50 is left (DHIS2's rule, anchors B.1)."""

OWN_NOTE: Final = "入网以前本所自编"
"""Note of the blocks that an office gave itself before it joined a county; leased ones may lie over them."""

OWN_BLOCK: Final = 100_000
"""What a stand-alone office gives itself at once."""

PATTERN: Final = "〔{year}〕{short_name}{kind}第{seq}号"
"""Proposal of domain/forms.md §1 rule 4; a setting of the office. The other tokens serve the machine numbers of the same rule."""

TOKENS: Final = ("year", "month", "region", "short_name", "kind", "seq")
TOKEN: Final = re.compile(r"\{(\w+)(?::(\d))?\}")


def series(owner_id: str, year: int, kind: str) -> str:
    """The name of a series: numbers of one kind of record that one committee (or office) gives out in one year."""
    return f"{owner_id}/{year}/{kind}"


def written(pattern: str, said: Mapping[str, str | int]) -> str:
    """`pattern` with its tokens filled from `said`, '{seq:4}' with leading zeros; tokens that `said` lacks stay for later."""

    def fill(found: re.Match[str]) -> str:
        return str(said[found[1]]).zfill(int(found[2] or 0)) if found[1] in said else found[0]

    return TOKEN.sub(fill, pattern)


def check_pattern(pattern: str) -> str:
    """The pattern, if numbers can be made of it.

    Raises:
        Refused: a token is unknown, '{seq}' is missing.
    """
    used = [found[0] for found in TOKEN.findall(pattern)]
    if unknown := [name for name in used if name not in TOKENS]:
        raise Refused(f"编号格式“{pattern}”里的“{{{unknown[0]}}}”不认识，可以用：{'、'.join('{' + t + '}' for t in TOKENS)}。请在设置里改正。")
    if used.count("seq") != 1 or pattern.count("{") != len(used) or pattern.count("}") != len(used):
        raise Refused(f"编号格式“{pattern}”要有而且只有一个“{{seq}}”（顺序号），大括号要成对。请在设置里改正。")
    return pattern


class NumbersUsedUp(Refused):
    """This device holds no number of the series any more; `series` is what the next sync is to bring."""

    def __init__(self, series: str) -> None:
        super().__init__("本机的号段已经用完。请连上网络同步一次领取新的号段，再打印。没有网络时，可以用U盘导出、换取回执，也能领到。")
        self.series = series


def add_block(connection: Connection, series: str, first: int, last: int) -> None:
    """Takes in a leased block; the same block again changes nothing, numbers given out before the office was enrolled stay out.

    Raises:
        ValueError: it overlaps a block held already; the issuer has a bug.
    """
    held = connection.execute(select(NUMBER_BLOCK).where(NUMBER_BLOCK.c.series == series, NUMBER_BLOCK.c.note != OWN_NOTE)).all()
    if any(b.first == first and b.last == last for b in held):
        return
    if any(first <= b.last and b.first <= last for b in held):
        raise ValueError(f"overlapping number block {first}-{last} in {series}")
    used = highest(connection, series, most=last)
    connection.execute(insert(NUMBER_BLOCK).values(series=series, first=first, last=last, next=max(first, used + 1)))


def forget_own(connection: Connection) -> None:
    """A stand-alone office joins a county: from now on only leased numbers are given out; how far it has come stays known."""
    connection.execute(update(NUMBER_BLOCK).where(NUMBER_BLOCK.c.note == "").values(note=OWN_NOTE))
    connection.execute(update(NUMBER_BLOCK).values(last=NUMBER_BLOCK.c.next - 1))


def highest(connection: Connection, series: str, most: int | None = None) -> int:
    """The highest number given out here so far (up to `most`): drawn, or passed over by a block that begins or was closed behind it."""
    drawn_to = select(func.max(NUMBER.c.value)).where(NUMBER.c.series == series)
    passed_to = select(func.max(NUMBER_BLOCK.c.next - 1)).where(NUMBER_BLOCK.c.series == series)
    if most is not None:
        drawn_to, passed_to = drawn_to.where(NUMBER.c.value <= most), passed_to.where(NUMBER_BLOCK.c.next - 1 <= most)
    known = max(int(connection.execute(query).scalar() or 0) for query in (drawn_to, passed_to))
    if known or not (floor := get_setting(connection, FLOOR)):
        return known
    number, year = floor
    return int(number) if series.split("/")[1] <= str(year) and number <= (most or number) else 0


def left(connection: Connection, series: str) -> int:
    """How many numbers of the series are still free here."""
    free = func.coalesce(func.sum(NUMBER_BLOCK.c.last - NUMBER_BLOCK.c.next + 1), 0)
    return int(connection.execute(select(free).where(NUMBER_BLOCK.c.series == series)).scalar_one())


@dataclass(frozen=True, slots=True)
class Drawn:
    """A number given out here: when (ms), and for which record."""

    value: int
    printed_as: str
    record_id: str
    at: int


@dataclass(frozen=True, slots=True)
class Block:
    """Numbers that are this device's alone; `next` is the first one still free, `note` says why it was closed early."""

    first: int
    last: int
    next: int
    note: str


def drawn(connection: Connection, series: str) -> list[Drawn]:
    """Every number of a series given out here, in order."""
    rows = connection.execute(select(NUMBER).where(NUMBER.c.series == series).order_by(NUMBER.c.value))
    return [Drawn(r.value, r.printed_as, r.record_id, r.drawn_at) for r in rows]


def blocks(connection: Connection, series: str) -> list[Block]:
    """The blocks of a series held here, in order."""
    rows = connection.execute(select(NUMBER_BLOCK).where(NUMBER_BLOCK.c.series == series).order_by(NUMBER_BLOCK.c.first))
    return [Block(r.first, r.last, r.next, r.note) for r in rows]


def drawn_for(connection: Connection, record_id: str) -> list[str]:
    """The numbers that were drawn here for a record, as printed, the latest first."""
    query = select(NUMBER.c.printed_as).where(NUMBER.c.record_id == record_id).order_by(NUMBER.c.drawn_at.desc(), NUMBER.c.value.desc())
    return list(connection.execute(query).scalars())


def draw(connection: Connection, series: str, record_id: str, at: int, pattern: str, *, own_issuer: bool, bearer: Callable[[str], str]) -> str:
    """The number of a record as printed: the one drawn for it before, else the next of the series; `pattern` has only '{seq}' left.

    `bearer` gives the id of another record that carries a number already (typed by hand, imported from a ledger, voided): that one is
    passed over.

    Raises:
        NumbersUsedUp: an enrolled device has used up its block and must connect once.
    """
    known = next((printed for printed in drawn_for(connection, record_id) if not bearer(printed)), "")
    if known:
        return known
    while True:
        value = _next(connection, series, own_issuer=own_issuer)
        printed = written(pattern, {"seq": value})
        holder = bearer(printed)
        row = {"series": series, "value": value, "printed_as": printed, "record_id": holder or record_id, "drawn_at": at}
        connection.execute(insert(NUMBER).values(row))
        if not holder:
            return printed


def _next(connection: Connection, series: str, *, own_issuer: bool) -> int:
    """Takes the next free number out of the oldest block."""
    block = connection.execute(
        select(NUMBER_BLOCK)
        .where(NUMBER_BLOCK.c.series == series, NUMBER_BLOCK.c.next <= NUMBER_BLOCK.c.last)
        .order_by(NUMBER_BLOCK.c.first)
        .limit(1)
    ).first()
    if block is None and own_issuer:
        first = highest(connection, series) + 1
        connection.execute(insert(NUMBER_BLOCK).values(series=series, first=first, last=first + OWN_BLOCK - 1, next=first))
        return _next(connection, series, own_issuer=False)
    if block is None:
        raise NumbersUsedUp(series)
    connection.execute(update(NUMBER_BLOCK).where(NUMBER_BLOCK.c.serial == block.serial).values(next=block.next + 1))
    return int(block.next)
