"""Blocks of numbers leased ahead: a lost answer burns none, December leases the new year's, a restore and a late enrolment double no paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from county_server.county import County
from jusuo_desktop.actions.number import draw
from jusuo_desktop.actions.number_blocks import LEASE, refill, series_of
from jusuo_desktop.actions.number_ledger import number_ledger
from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.store import Refused
from jusuo_desktop.store.backup import restore
from jusuo_desktop.store.numbers import ASKED, REFILL_BELOW, series
from jusuo_desktop.store.restored import CLOSED_NOTE
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.engine import sync_once
from jusuo_desktop.sync.progress import Reins
from tests.county_server.counties import founded
from tests.sync.direct import DirectTransport, Fate, joined
from tests.sync.offices import OFFICE, new_store, reopened

OWNER = place_id("mediation_committee", f"{OFFICE}/东村人民调解委员会")
SERIES = series(OWNER, 2026, "mediation")
MARCH, DECEMBER, JANUARY = datetime(2026, 3, 20, 9), datetime(2026, 12, 3, 9), datetime(2027, 1, 4, 9)


class Desk:
    """A real store of an office with a line to a real county."""

    def __init__(self, county: County, folder: Path, user: str, now: datetime = MARCH) -> None:
        self.county, self.folder, self.user, self.now = county, folder, user, now
        self.session = Session(new_store(folder, user), lambda: self.now)
        self.device = ""

    def join(self) -> None:
        self.device = joined(self.county, self.session.store, OFFICE)

    def line(self, *fates: Fate) -> DirectTransport:
        return DirectTransport(self.county, self.device, fates)

    def refill(self, *fates: Fate) -> int:
        return refill(self.session, self.line(*fates), Reins())

    def sync(self) -> None:
        assert sync_once(self.session.store, self.line()).digest_equal is True
        self.refill()

    def mediation(self, registered_on: str = "2026-03-09") -> str:
        return save(self.session, "mediation", {"title": "院墙滴水", "registered_on": registered_on, "committee": OWNER}).record.id

    def number(self, registered_on: str = "2026-03-09") -> str:
        return str(draw(self.session, self.mediation(registered_on)).values["case_number"])

    def blocks(self, name: str = SERIES) -> list[tuple[int, int, int]]:
        return [(b.first, b.last, b.next) for b in self.session.store.number_blocks(name)]

    def reopen(self) -> None:
        self.session = Session(reopened(self.folder, self.user), lambda: self.now)


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with founded(tmp_path / "county") as made:
        yield made


@pytest.fixture
def desk(county: County, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(county, tmp_path / "front", "王内勤")
    yield made
    made.session.store.close()


@pytest.fixture
def back(county: County, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(county, tmp_path / "back", "李所长")
    yield made
    made.session.store.close()


def test_a_lost_answer_keeps_its_request_and_burns_no_block(desk: Desk) -> None:
    desk.join()
    with pytest.raises(failures.LineCut):
        desk.refill(Fate.UNANSWERED)
    first = series_of(desk.session)[0]
    asked = dict(desk.session.store.get(ASKED))
    assert list(asked) == [first]
    assert desk.blocks(first) == []
    desk.session.store.close()
    desk.reopen()  # also across the end of the program
    with pytest.raises(failures.LineCut):
        desk.refill(Fate.UNANSWERED)
    assert desk.session.store.get(ASKED) == asked
    assert desk.refill() == len(series_of(desk.session))
    assert desk.blocks(first) == [(1, LEASE, 1)], "the block of the first request, not a second one"
    assert desk.session.store.get(ASKED) == {}
    assert desk.refill() == 0


def test_a_request_that_arrives_twice_is_one_block(desk: Desk, back: Desk) -> None:
    desk.join()
    back.join()
    desk.refill(*[Fate.TWICE] * 20)
    back.refill()
    assert desk.blocks() == [(1, LEASE, 1)]
    assert back.blocks() == [(LEASE + 1, 2 * LEASE, LEASE + 1)]


def test_a_block_is_refilled_when_half_of_it_is_left(desk: Desk) -> None:
    desk.join()
    desk.refill()
    for _ in range(LEASE - REFILL_BELOW):
        desk.number()
    assert desk.refill() == 0
    desk.number()
    assert desk.refill() == 1
    assert desk.blocks()[-1] == (LEASE + 1, 2 * LEASE, LEASE + 1)


def test_in_december_the_new_year_s_numbers_come_too_and_begin_at_one(desk: Desk) -> None:
    desk.join()
    desk.refill()
    next_year = series(OWNER, 2027, "mediation")
    assert next_year not in series_of(desk.session)
    desk.now = DECEMBER
    assert desk.refill() == len(series_of(desk.session)) // 2
    assert desk.blocks(next_year) == [(1, LEASE, 1)]
    assert desk.number("2026-12-31").endswith("第1号")
    desk.now = JANUARY  # the cable has been out since
    assert desk.number("2027-01-04") == "〔2027〕东民调字第1号"
    assert desk.number("2026-12-31") == "〔2026〕东民调字第2号", "a case of the old year that is numbered in the new one"
    left = [r for r in number_ledger(desk.session, OWNER, 2026, "mediation").rows if not r.record_id]
    assert [(r.first, r.last, r.said) for r in left] == [(3, LEASE, "本机号段里尚未使用的号，年度已过，不再使用")]


def test_when_the_block_is_used_up_nothing_is_made_up(desk: Desk) -> None:
    desk.join()
    desk.refill()
    given = [desk.number() for _ in range(LEASE)]
    assert len(set(given)) == LEASE
    waiting = desk.mediation()
    with pytest.raises(Refused, match="号段已经用完"):
        draw(desk.session, waiting)
    assert "case_number" not in desk.session.store.record(waiting).values  # type: ignore[union-attr]
    desk.refill()
    assert str(draw(desk.session, waiting).values["case_number"]).endswith(f"第{LEASE + 1}号")


def test_after_a_restore_no_number_of_the_lost_weeks_is_given_again(desk: Desk, back: Desk) -> None:
    desk.join()
    back.join()
    desk.sync()
    kept = desk.session.store.back_up(MARCH)
    signed = [desk.number() for _ in range(3)]  # printed and signed, never sent
    desk.session.store.close()
    restore(desk.folder, kept.folder, MARCH)
    desk.reopen()
    with pytest.raises(Refused, match="号段已经用完"):
        desk.number()
    desk.sync()
    back.sync()
    again = [desk.number() for _ in range(3)] + [back.number() for _ in range(3)]
    assert not set(again) & set(signed)
    closed = [r for r in number_ledger(desk.session, OWNER, 2026, "mediation").rows if r.said == CLOSED_NOTE]
    assert [(r.first, r.last) for r in closed] == [(1, LEASE)]


def test_an_office_that_joins_later_begins_behind_its_own_papers(desk: Desk, back: Desk) -> None:
    own = [desk.number() for _ in range(7)]
    others = [back.number() for _ in range(4)]
    assert own[:4] == others, "two stand-alone machines of one committee cannot know of each other"
    desk.join()
    back.join()
    desk.sync()
    back.sync()
    leased = [desk.number() for _ in range(3)] + [back.number() for _ in range(3)]
    assert len(set(leased)) == 6
    assert not set(leased) & {*own, *others}
    assert leased[0].endswith("第8号")


def test_a_machine_of_the_whole_county_leases_nothing(county: County, tmp_path: Path) -> None:
    store = new_store(tmp_path / "county-desk")
    device = joined(county, store, "990101")
    session = Session(store, lambda: MARCH)
    assert series_of(session) == []
    assert refill(session, DirectTransport(county, device), Reins()) == 0
    store.close()
