"""The ledger lists every block of the office and tells of each gap whose it was and why it is one, with no line to the county."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from county_server import devices
from county_server.county import County
from county_server.number_returns import close_blocks
from jusuo_desktop.actions.number_blocks import LEASE
from jusuo_desktop.actions.number_exchange import give_back_all
from jusuo_desktop.actions.number_ledger import ledger_paper, number_ledger
from tests.actions.test_number_blocks import OWNER, Desk
from tests.actions.test_number_returns import FEBRUARY, swap
from tests.county_server.counties import founded
from tests.sync.direct import joined
from tests.sync.offices import OFFICE


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with founded(tmp_path / "county") as made:
        yield made


@pytest.fixture
def desks(county: County, tmp_path: Path) -> Iterator[tuple[Desk, Desk, Desk]]:
    made = tuple(Desk(county, tmp_path / name, user) for name, user in (("front", "王内勤"), ("back", "李所长"), ("broken", "张联络")))
    for one in made:
        one.join()
        swap(one)
    yield made  # type: ignore[misc]
    for one in made:
        one.session.store.close()


def ledger_of(desk: Desk, year: int = 2026) -> tuple[list[tuple[int, int, str]], list[tuple[int, int, str, int, str]]]:
    ledger = number_ledger(desk.session, OWNER, year, "mediation")
    gaps = [(r.first, r.last, r.said) for r in ledger.rows if not r.record_id]
    return gaps, [(b.first, b.last, b.device, b.drawn_to, b.said) for b in ledger.blocks]


def listed_anew(desk: Desk) -> None:
    desk.session.store.set("number_blocks_told", {})
    swap(desk)


def test_every_block_is_listed_on_every_machine_and_every_gap_is_explained(county: County, desks: tuple[Desk, Desk, Desk]) -> None:
    front, back, broken = desks
    for desk in desks:
        desk.number()
        desk.number()
        desk.sync()
    with county.database.writing() as connection:
        devices.revoke(connection, broken.device, county.now())
        close_blocks(connection, broken.device, county.now(), "电脑损坏")
    give_back_all(back.session)
    gaps, blocks = ledger_of(back)
    assert (LEASE + 3, 2 * LEASE) in [(first, last) for first, last, _, _, _ in blocks] or "退回" in " ".join(b[4] for b in blocks)
    assert "下次同步时告诉县里" in " ".join(b[4] for b in blocks), "told at once, before the county knows"
    swap(back)
    for desk in (front, back):
        desk.sync()
        listed_anew(desk)
    gaps, blocks = ledger_of(front)
    assert [(b[0], b[1], b[3]) for b in blocks] == [(1, LEASE, 2), (LEASE + 1, 2 * LEASE, LEASE + 2), (2 * LEASE + 1, 3 * LEASE, 2 * LEASE + 2)]
    assert blocks[0][2] == "本机"
    assert blocks[0][4] == "在用"
    assert "退回" in blocks[1][4]
    assert "作废（电脑损坏）" in blocks[2][4]
    said = {(first, last): why for first, last, why in gaps}
    assert said[3, LEASE] == "本机号段里尚未使用的号"
    assert "退回，不再使用" in said[LEASE + 3, 2 * LEASE]
    pdf = ledger_paper(front.session, number_ledger(front.session, OWNER, 2026, "mediation"))
    assert pdf.startswith(b"%PDF")


def test_after_the_year_the_gaps_say_so(desks: tuple[Desk, Desk, Desk]) -> None:
    front, back, _ = desks
    front.number()
    back.number()
    for desk in (front, back):
        desk.now = FEBRUARY
        desk.sync()
        swap(desk)
    front.sync()
    listed_anew(front)
    gaps, blocks = ledger_of(front)
    assert {"退回" in b[4] for b in blocks[:2]} == {True}
    assert [(first, last) for first, last, why in gaps if "年度已过" in why or "退回" in why] == [(2, LEASE)]


def test_a_machine_that_joined_again_and_one_that_stands_alone(county: County, desks: tuple[Desk, Desk, Desk], tmp_path: Path) -> None:
    front = desks[0]
    front.number()
    front.sync()
    with county.database.writing() as connection:
        devices.revoke(connection, front.device, county.now())
    front.device = joined(county, front.session.store, OFFICE)
    front.sync()
    listed_anew(front)
    gaps, _ = ledger_of(front)
    assert any("退回" in why or "本机重新注册" in why for first, last, why in gaps if first == 2)
    alone = Desk(county, tmp_path / "alone", "孙内勤")
    alone.number()
    assert ledger_of(alone)[1] == []
    alone.session.store.close()
