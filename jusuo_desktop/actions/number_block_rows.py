"""Whose numbers are whose: every block of a series on every device of the office, and why a number in it stands on no paper (S8).

What the county told last of the blocks, laid over what this machine knows of its own; so it can be looked up without a line.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from jusuo_desktop.actions.session import Session
from jusuo_desktop.wire.messages import NumberBlock

HERE: Final = "本机"


@dataclass(frozen=True, slots=True)
class BlockRow:
    """One block as people read it. `drawn_to` is the last number of it that is known to be on a paper, 0 for none."""

    first: int
    last: int
    device: str
    leased_on: str
    drawn_to: int
    said: str


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers that are one device's, with what came back of them ([first, last, why]); `own` are this machine's."""

    first: int
    last: int
    device: str
    leased_on: str = ""
    closed: str = ""
    own: bool = False
    returned: tuple[tuple[int, int, str], ...] = ()
    free_from: int = field(default=0)
    """The first number that is still free, where this machine knows; 0: unknown."""

    @property
    def called(self) -> str:
        """The device in a sentence."""
        return self.device if self.own else f"“{self.device}”"

    def __contains__(self, number: int) -> bool:
        return self.first <= number <= self.last


def spans_of(session: Session, series: str) -> list[Span]:
    """The blocks of a series as far as this machine knows, in the order in which they were given out."""
    store = session.store
    enrolment = store.enrolment
    if enrolment is None:
        return []
    told = sorted(store.blocks_told(series), key=lambda b: (b.leased_at, b.first))
    own = [b for b in store.number_blocks(series) if b.first <= b.last or b.note == ""]
    back = store.numbers_given_back(series)
    spans = [_told(b, own=b.device_id == enrolment.device_id) for b in told]
    for run in back:
        if not any(run.first == r[0] and run.last == r[1] for span in spans for r in span.returned):
            why = f"于{_day(run.at)}退回（{run.because}）" + ("" if run.noted else "，下次同步时告诉县里")
            holder = next((n for n in reversed(range(len(spans))) if spans[n].own and run.first in spans[n] and run.last in spans[n]), None)
            if holder is None:
                spans.append(Span(run.first, run.last, HERE, own=True, returned=((run.first, run.last, why),)))
            else:
                held = spans[holder]
                spans[holder] = Span(
                    held.first, held.last, held.device, held.leased_on, held.closed, True, (*held.returned, (run.first, run.last, why)), run.first
                )
    known = [s for s in spans if s.own]
    spans += [
        Span(b.first, b.last, HERE, closed=b.note, own=True, free_from=b.next)
        for b in own
        if b.first <= b.last and not any(b.first in s and b.last in s for s in known)
    ]
    return spans


def block_rows(session: Session, series: str, taken: Collection[int], *, past: bool) -> list[BlockRow]:
    """The list of blocks; `taken` are the numbers that stand on papers, `past` that the year is over."""
    free_from = {b.first: b.next for b in session.store.number_blocks(series)}
    rows = []
    for span in spans_of(session, series):
        mine = [n for n in taken if n in span and not any(first <= n <= last for first, last, _ in span.returned)]
        drawn_to = max([*mine, free_from.get(span.first, 1) - 1 if span.own and span.first in free_from else 0])
        said = [f"{_range(first, last)}{why}" for first, last, why in span.returned]
        whole = sum(last - first + 1 for first, last, _ in span.returned) >= span.last - span.first + 1 - len(mine)
        if span.closed:
            said.append(span.closed)
        elif not whole and drawn_to < span.last:
            said.append("年度已过，余号不再使用" if past else "在用")
        elif not said:
            said.append("已用完")
        rows.append(BlockRow(span.first, span.last, span.device, span.leased_on, max(drawn_to, 0), "；".join(said)))
    return sorted(rows, key=lambda r: (r.first, r.leased_on))


def reason_elsewhere(spans: Sequence[Span], number: int, taken: Collection[int], *, past: bool) -> str:
    """Why a number that lies in no block of this machine stands on no paper; '' where nothing is known of it."""
    span = next((s for s in reversed(spans) if number in s), None)
    if span is None:
        return "没有领给任何电脑：入网以前编出，或者县服务器从备份恢复时跳过" if any(s.leased_on for s in spans) else ""
    for first, last, why in span.returned:
        if first <= number <= last:
            return f"{span.called}{why}，不再使用"
    if span.closed:
        return span.closed if span.own else f"{span.called}领取的号：{span.closed}"
    if any(n > number for n in taken if n in span):
        return f"在{span.called}领取的号段里，已经跳过，或者用它的记录还没有传到本机"
    return f"在{span.called}领取的号段里，尚未使用" + ("，年度已过，不再使用" if past else "")


def _told(block: NumberBlock, *, own: bool) -> Span:
    device = HERE if own else block.device_name or block.device_id
    closed = f"县局于{_day(block.closed_at)}作废（{block.because}）" if block.closed_at else ""
    returned = tuple((first, last, f"于{_day(at)}退回") for first, last, at in block.returned)
    return Span(block.first, block.last, device, datetime.fromtimestamp(block.leased_at / 1000).date().isoformat(), closed, own, returned)


def _day(at: int) -> str:
    day = datetime.fromtimestamp(at / 1000)
    return f"{day.year}年{day.month}月{day.day}日"


def _range(first: int, last: int) -> str:
    return f"第{first}号" if first == last else f"第{first}—{last}号"
