"""The ledger of numbers: every number of a committee's or the office's year, what became of it, and why one is missing (S8)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Final

from jusuo_desktop.actions.number import owner_of, pattern_of, said_of
from jusuo_desktop.actions.number_block_rows import BlockRow, Span, block_rows, reason_elsewhere, spans_of
from jusuo_desktop.actions.number_blocks import given_by_committees
from jusuo_desktop.actions.print_list import filled, list_paper
from jusuo_desktop.actions.session import Session
from jusuo_desktop.printing import FORMS, Template, load
from jusuo_desktop.records.field import date, text
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.records.kind import VOIDED, Record, RecordKind
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store import numbers
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.store.numbers import Block, Drawn
from jusuo_desktop.store.sealing import BEARERS

MOST_OWNERS: Final = 500
ROW: Final = RecordKind(
    "number_row",
    "文号",
    (text("number", "文号"), date("drawn_on", "取号日期"), text("called_as", "记录"), text("said", "情况", max_length=600)),
    title=lambda v: str(v.get("number", "")),
)
"""A row of the sheet; no record: the ledger is counted anew each time."""

USED, NUMBER_VOIDED, RECORD_VOIDED, UNWRITTEN = "used", "number_voided", "record_voided", "unwritten"
ELSEWHERE, FREE, GAP, MOVED = "elsewhere", "free", "gap", "moved"
SEALED: Final = "记录已不归本机管辖，号码随记录移交，本机的副本已封存"


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One number, or the numbers `first` to `last` that nothing carries; `said` is the explanation. `first` 0: no number of the series."""

    number: str
    first: int
    last: int
    state: str
    said: str
    record_id: str = ""
    called: str = ""
    drawn_on: str = ""


@dataclass(frozen=True, slots=True)
class NumberLedger:
    """All of one series."""

    owner_name: str
    year: int
    kind: str
    rows: tuple[NumberRow, ...]
    blocks: tuple[BlockRow, ...] = ()

    @property
    def summary(self) -> str:
        """How many of each, in one line."""
        counts = {state: sum(r.state == state for r in self.rows) for state in (USED, ELSEWHERE, MOVED, RECORD_VOIDED, NUMBER_VOIDED, UNWRITTEN)}
        said = [f"{name} {counts[state]} 个" for state, name in _COUNTED.items() if counts[state]]
        return "，".join(said) or "还没有编过号"


_COUNTED: Final = {
    USED: "本机取号在用",
    ELSEWHERE: "别处编的号",
    MOVED: "随记录移交",
    RECORD_VOIDED: "记录作废",
    NUMBER_VOIDED: "文号作废",
    UNWRITTEN: "没有写进记录",
}


def owners(session: Session, kind: str) -> list[tuple[str, str]]:
    """(id, name) of those who give out numbers of a kind: the office, and for mediations the committees before it."""
    store = session.store
    office = place_id("judicial_office", store.scope[:9])
    named = [(office, store.name_of(office))] if store.record(office) is not None else []
    if not given_by_committees(KINDS[kind]):
        return named
    rows = store.rows(store.keys(ListQuery("mediation_committee", descending=False), MOST_OWNERS))
    return [(row.id, KINDS["mediation_committee"].title(row.values)) for row in rows] + named


def number_ledger(session: Session, owner_id: str, year: int, kind: str) -> NumberLedger:
    """Every number of the series that is known on this device, in order, the gaps between them explained."""
    store = session.store
    series = numbers.series(owner_id, year, kind)
    owner = store.record(owner_id)
    reading = SequenceReader(pattern_of(session, kind), {**said_of(owner.values if owner is not None else {}, kind), "year": year})
    drawn = store.drawn_numbers(series)
    carried = {str(r.values[KINDS[kind].number]): r for r in store.numbered(kind)}
    voided = {str(r.values.get("number", "")): r for r in store.each_record("voided_number") if r.values.get("numbered_kind") == kind}
    here = {d.printed_as for d in drawn}
    spans = spans_of(session, series)
    sealed = {n for n in store.get(BEARERS, {}).get(kind, {}) if n not in carried}
    rows = [_drawn_row(d, carried.get(d.printed_as), voided.get(d.printed_as), sealed=d.printed_as in sealed) for d in drawn]
    rows += [NumberRow(n, reading(n), reading(n), MOVED, SEALED) for n in sealed - here if reading(n)]
    here |= sealed
    for number, record in chain(carried.items(), voided.items()):
        if number not in here and _belongs(session, record, kind, owner_id, year):
            here.add(number)
            rows.append(_elsewhere_row(number, reading(number), record, spans))
    past = year < session.today().year
    taken = {r.first for r in rows if r.first}
    rows += _gaps(taken, store.number_blocks(series), spans, own_issuer=store.enrolment is None, past=past)
    rows.sort(key=lambda r: (r.first == 0, r.first, r.number))
    return NumberLedger(store.name_of(owner_id), year, kind, tuple(rows), tuple(block_rows(session, series, taken, past=past)))


class SequenceReader:
    """A number pattern turned round."""

    def __init__(self, pattern: str, said: Mapping[str, str | int]) -> None:
        parts, at = [], 0
        for found in numbers.TOKEN.finditer(pattern):
            known = r"(\d+)" if found[1] == "seq" else re.escape(str(said[found[1]])) if found[1] in said else r"\d+"
            parts += [re.escape(pattern[at : found.start()]), known]
            at = found.end()
        self._written = re.compile("".join(parts) + re.escape(pattern[at:]))

    def __call__(self, number: str) -> int:
        """The sequence number in a printed one; 0 for one that the pattern did not make."""
        found = self._written.fullmatch(number)
        return int(found[1]) if found is not None else 0


def _called(record: Record | None) -> str:
    return KINDS[record.kind].title(record.values) if record is not None else ""


def _drawn_row(drawn: Drawn, record: Record | None, voided: Record | None, *, sealed: bool = False) -> NumberRow:
    state, said, of = USED, "", record
    if voided is not None:
        state, said, of = NUMBER_VOIDED, f"文号作废：{voided.values.get('reason', '')}", None
    elif record is None and sealed:
        state, said = MOVED, SEALED
    elif record is None:
        state, said = UNWRITTEN, "已经取出，没有写进记录，不再使用"
    elif record.voided:
        state, said = RECORD_VOIDED, f"记录作废：{record.values[VOIDED.name]}"
    day = datetime.fromtimestamp(drawn.at / 1000).date().isoformat()
    return NumberRow(drawn.printed_as, drawn.value, drawn.value, state, said, of.id if of is not None else "", _called(of), day)


def _elsewhere_row(number: str, value: int, record: Record, spans: Sequence[Span]) -> NumberRow:
    if record.kind == "voided_number":
        return NumberRow(number, value, value, NUMBER_VOIDED, f"文号作废：{record.values.get('reason', '')}")
    if record.voided:
        return NumberRow(number, value, value, RECORD_VOIDED, f"记录作废：{record.values[VOIDED.name]}", record.id, _called(record))
    holder = next((span for span in reversed(spans) if value in span and not span.own), None)
    said = f"由{holder.called}编号" if holder is not None else "由本所其他电脑编号，或者照旧台账录入"
    said = said if value else "不是按现在的格式编的，照旧台账录入"
    return NumberRow(number, value, value, ELSEWHERE, said, record.id, _called(record))


def _belongs(session: Session, record: Record, kind: str, owner_id: str, year: int) -> bool:
    """Whether a number that was not drawn here is one of the series: by its record's owner and date."""
    holder: Record | None = record
    if record.kind == "voided_number":
        holder = session.store.record(str(record.values.get("numbered_record", "")))
    if holder is None or not str(holder.values.get(KINDS[kind].order, "")).startswith(f"{year}-"):
        return False
    owner = owner_of(session, holder)
    return owner is not None and owner.id == owner_id


def _gaps(taken: set[int], blocks: Sequence[Block], spans: Sequence[Span] = (), *, own_issuer: bool, past: bool) -> Iterator[NumberRow]:
    """The numbers between the first and the last known one that nothing carries, and what is left of the blocks, in runs with one reason each."""
    over = "，年度已过，不再使用" if past else ""
    most = max([*taken, *(b.next - 1 for b in blocks)], default=0)
    inside = {n: b for b in blocks for n in range(b.first, min(b.last, most) + 1)}

    def reason(n: int) -> str:
        block = inside.get(n)
        if block is None:
            if own_issuer:
                return "本所没有编过这个号"
            elsewhere = reason_elsewhere(spans, n, taken, past=past)
            return elsewhere or "不在本机的号段里：由本所其他电脑领取，或者在本机领取以前编出"
        if block.note:
            return block.note
        return "本机号段里尚未使用的号" + over if n >= block.next else "领取号段时已经编过这个号，跳过没有用"

    missing = [n for n in range(1, most + 1) if n not in taken]
    yield from _runs((n, reason(n)) for n in missing)
    for block in blocks:
        first = max(block.next, most + 1)
        if first <= block.last:
            said = block.note or ("尚未使用" if own_issuer else "本机号段里尚未使用的号") + over
            number = f"自第{first}号起" if own_issuer else _range(first, block.last)
            yield NumberRow(number, first, block.last, FREE, said)


def _runs(told: Iterable[tuple[int, str]]) -> Iterator[NumberRow]:
    run: list[int] = []
    because = ""
    for n, said in chain(told, [(0, "")]):
        if run and (n != run[-1] + 1 or said != because):
            yield NumberRow(_range(run[0], run[-1]), run[0], run[-1], GAP, because)
            run = []
        run, because = [*run[:1], n], said


def _range(first: int, last: int) -> str:
    return f"第{first}号" if first == last else f"第{first}—{last}号"


@cache
def _template() -> Template:
    return load(FORMS / "office" / "number_ledger.yaml", {**KINDS, ROW.name: ROW})


def ledger_paper(session: Session, ledger: NumberLedger) -> bytes:
    """The ledger as a PDF, to be signed and kept.

    Raises:
        MissingGlyph: a name has a character that no font has.
    """
    rows = [filled({"number": r.number, "drawn_on": r.drawn_on, "called_as": r.called, "said": r.said or "在用"}) for r in ledger.rows]
    for block in ledger.blocks:
        used = f"用到第{block.drawn_to}号；" if block.drawn_to else "还没有用；"
        told = {"number": f"号段 {_range(block.first, block.last)}", "drawn_on": block.leased_on, "called_as": block.device}
        rows.append(filled({**told, "said": used + block.said}))
    about = f"{ledger.year}年　{KINDS[ledger.kind].label}"
    session.store.audit_note("print_ledger", "", f"{ledger.kind}:{ledger.year}:{len(ledger.rows)}")
    return list_paper(session, _template(), rows, about=about, unit_name=ledger.owner_name, summary=ledger.summary).pdf
