"""The ledger of numbers on real stores: every number accounted for, voided ones with their reason and never given out again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdfium2 import PdfDocument

from jusuo_desktop.actions.number import draw
from jusuo_desktop.actions.number_ledger import FREE, GAP, NumberRow, SequenceReader, _gaps, ledger_paper, number_ledger, owners
from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.void_number import void_number
from jusuo_desktop.actions.void_record import void
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.store import Enrolment, Refused
from jusuo_desktop.store.numbers import PATTERN, Block, series, written
from tests.actions.conftest import COMMITTEE, OFFICE

OWNER = place_id("mediation_committee", f"{OFFICE}/{COMMITTEE}")
SERIES = series(OWNER, 2026, "mediation")


def mediation(session: Session, **more: str) -> str:
    values = {"title": "院墙滴水", "registered_on": "2026-03-09", "committee": OWNER, **more}
    return save(session, "mediation", values).record.id


def rows(session: Session, year: int = 2026) -> tuple[NumberRow, ...]:
    return number_ledger(session, OWNER, year, "mediation").rows


def told(found: Sequence[NumberRow]) -> list[tuple[str, str]]:
    return [(r.number, r.said) for r in found]


def number_of(session: Session, record_id: str) -> str:
    return str(draw(session, record_id).values["case_number"])


def test_a_voided_number_is_never_given_again_and_keeps_its_reason(session: Session) -> None:
    one, two = mediation(session), mediation(session)
    first = number_of(session, one)
    assert "case_number" not in void_number(session, one, "  写错了\n调委会 ").values
    assert [number_of(session, one), number_of(session, two), number_of(session, one)] == [
        "〔2026〕东民调字第2号",
        "〔2026〕东民调字第3号",
        "〔2026〕东民调字第2号",
    ]
    void_number(session, one, "纸张损坏")
    assert number_of(session, one) == "〔2026〕东民调字第4号"
    assert told(rows(session)) == [
        (first, "文号作废：写错了 调委会"),
        ("〔2026〕东民调字第2号", "文号作废：纸张损坏"),
        ("〔2026〕东民调字第3号", ""),
        ("〔2026〕东民调字第4号", ""),
        ("自第5号起", "尚未使用"),
    ]
    assert number_ledger(session, OWNER, 2026, "mediation").summary == "本机取号在用 2 个，文号作废 2 个"
    assert rows(session)[3].record_id == one
    assert date.fromisoformat(rows(session)[3].drawn_on)


def test_what_cannot_be_voided_says_why(session: Session) -> None:
    one = mediation(session)
    with pytest.raises(Refused, match="还没有文号"):
        void_number(session, one, "纸张损坏")
    number_of(session, one)
    with pytest.raises(Refused, match="原因"):
        void_number(session, one, " ")
    void(session, one, "重复登记")
    with pytest.raises(Refused, match="已经作废"):
        void_number(session, one, "纸张损坏")
    assert told(rows(session))[0] == ("〔2026〕东民调字第1号", "记录作废：重复登记")
    assert not list(session.store.each("voided_number"))


def test_numbers_of_other_machines_and_old_ledgers_stand_in_their_place(session: Session) -> None:
    number_of(session, mediation(session))
    mediation(session, case_number="〔2026〕东民调字第4号")
    mediation(session, case_number="2026-7")
    mediation(session, case_number="〔2025〕东民调字第9号", registered_on="2025-03-09")
    assert told(rows(session)) == [
        ("〔2026〕东民调字第1号", ""),
        ("第2—3号", "本机号段里尚未使用的号"),
        ("〔2026〕东民调字第4号", "由本所其他电脑编号，或者照旧台账录入"),
        ("自第5号起", "尚未使用"),
        ("2026-7", "不是按现在的格式编的，照旧台账录入"),
    ]
    assert [r.number for r in rows(session, 2025)] == ["第1—8号", "〔2025〕东民调字第9号"]


def test_the_gaps_of_leased_blocks_are_explained(session: Session) -> None:
    number_of(session, mediation(session))
    session.store.enrol(Enrolment("https://county.invalid", "d", OFFICE, "e", b"k", b"", b"p"))
    session.store.add_block(SERIES, 51, 54)
    session.store.add_block(SERIES, 101, 103)
    for _ in range(3):
        number_of(session, mediation(session))
    elsewhere = "不在本机的号段里：由本所其他电脑领取，或者在本机领取以前编出"
    assert told(rows(session)) == [
        ("〔2026〕东民调字第1号", ""),
        ("第2—50号", elsewhere),
        *[(f"〔2026〕东民调字第{n}号", "") for n in (51, 52, 53)],
        ("第54号", "本机号段里尚未使用的号"),
        ("第55—100号", elsewhere),
        ("第101—103号", "本机号段里尚未使用的号"),
    ]
    next_year = Session(session.store, lambda: datetime(2027, 1, 4, 9))
    assert told(rows(next_year))[-1] == ("第101—103号", "本机号段里尚未使用的号，年度已过，不再使用")


def test_a_number_drawn_and_never_written_is_told(session: Session) -> None:
    one = mediation(session)
    number_of(session, one)
    save(session, "mediation", {"case_number": "2026-甲"}, record_id=one)
    assert told(rows(session))[0] == ("〔2026〕东民调字第1号", "已经取出，没有写进记录，不再使用")


@given(st.data())
def test_every_number_up_to_the_last_is_told_exactly_once(data: st.DataObject) -> None:
    edges = data.draw(st.lists(st.integers(1, 60), unique=True, max_size=6).map(sorted))
    blocks = [Block(a, b, data.draw(st.integers(a, b + 1)), "") for a, b in zip(edges[::2], edges[1::2], strict=False)]
    taken = data.draw(st.sets(st.integers(1, 70)))
    gaps = list(_gaps(set(taken), blocks, own_issuer=False, past=False))
    covered = sorted([*taken, *(n for r in gaps for n in range(r.first, r.last + 1))])
    assert len(covered) == len(set(covered))
    last = max([*taken, *(b.next - 1 for b in blocks)], default=0)
    held = {n for b in blocks for n in range(b.first, b.last + 1)}
    assert set(covered) == set(range(1, last + 1)) | held
    assert all(r.said and r.state in (FREE, GAP) for r in gaps)


@given(st.integers(1, 999_999), st.sampled_from([PATTERN, "{short_name}[{year}]{seq:4}", "{year}{month}-{region}-{seq:6}", "({seq})"]))
def test_a_pattern_is_read_back(value: int, pattern: str) -> None:
    said: dict[str, str | int] = {"year": 2026, "short_name": "东（民）", "kind": "调字"}
    number = written(pattern, {**said, "month": "03", "region": "330424", "seq": value})
    assert SequenceReader(pattern, said)(number) == value
    assert SequenceReader(pattern, said)(number + "补") == 0


def test_who_gives_out_numbers(session: Session) -> None:
    assert [name for _, name in owners(session, "mediation")] == [COMMITTEE, "清溪司法所"]
    assert [name for _, name in owners(session, "consultation")] == ["清溪司法所"]


def test_the_ledger_on_paper_says_all_its_rows(session: Session) -> None:
    made = [mediation(session, title=f"第{n}件纠纷，{'很长的标题' * 6}") for n in range(30)]
    for one in made:
        number_of(session, one)
    void_number(session, made[3], "打印时纸张损坏")
    ledger = number_ledger(session, OWNER, 2026, "mediation")
    pages = PagePictures(ledger_paper(session, ledger))
    assert len(pages.sizes) >= 2
    document = PdfDocument(ledger_paper(session, ledger))
    said = re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in document))
    document.close()
    for row in ledger.rows:
        assert re.sub(r"\s", "", row.number) in said
    assert "文号作废：打印时纸张损坏" in said
    assert "本机取号在用29个，文号作废1个" in said
