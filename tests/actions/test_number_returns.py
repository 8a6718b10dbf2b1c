"""Numbers given back: cut at every statement, with answers lost, repeated and late, no number is ever on two papers (S8)."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import date, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from county_server import devices
from county_server.county import County
from county_server.failing import Refusal
from county_server.number_returns import blocks, close_blocks
from county_server.restoring import go_on
from jusuo_desktop.actions.number import draw
from jusuo_desktop.actions.number_blocks import LEASE, series_of
from jusuo_desktop.actions.number_exchange import BY_HAND, PAST, exchange, give_back_all
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.identity import new_id, packed
from jusuo_desktop.store import Store
from jusuo_desktop.store.backup import restore
from jusuo_desktop.store.engine import DATABASE_FILE
from jusuo_desktop.store.numbers import ASKED, NumbersUsedUp
from jusuo_desktop.store.numbers import draw as draw_from
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.wire.messages import LeaseRequest, Returned, ReturnRequest
from tests.actions.test_number_blocks import JANUARY, MARCH, OWNER, SERIES, Desk
from tests.county_server.counties import founded
from tests.simulation.faults import Mains, PowerCut, power_back
from tests.sync.direct import DirectTransport, Fate, joined
from tests.sync.offices import OFFICE, VILLAGE, new_store, reopened

FEBRUARY = datetime(2027, 2, 1, 9)


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with founded(tmp_path / "county") as made:
        yield made


@pytest.fixture
def desk(county: County, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(county, tmp_path / "front", "王内勤")
    made.join()
    yield made
    made.session.store.close()


@pytest.fixture
def back(county: County, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(county, tmp_path / "back", "李所长")
    made.join()
    yield made
    made.session.store.close()


def swap(desk: Desk, *fates: Fate) -> int:
    return exchange(desk.session, desk.line(*fates), Reins(), desk.now.date())


def test_what_comes_back_from_the_upper_end_is_given_out_next_and_what_comes_from_the_middle_never(desk: Desk, back: Desk) -> None:
    swap(desk)
    first = [desk.number() for _ in range(3)]
    assert give_back_all(desk.session) == len(series_of(desk.session)) * LEASE - 3
    swap(desk)
    assert desk.blocks() == [(1, 3, 4)], "nothing is leased ahead for a machine that was given away"
    swap(back)
    assert back.blocks() == [(4, LEASE + 3, 4)], "the upper end goes on where it was left"
    waiting = desk.mediation()
    with pytest.raises(NumbersUsedUp):
        draw(desk.session, waiting)
    swap(desk)
    assert str(draw(desk.session, waiting).values["case_number"]).endswith(f"第{LEASE + 4}号"), "asked for again, a block comes"
    back.number()
    give_back_all(back.session)
    swap(back)
    swap(desk)
    assert desk.blocks()[-1][0] == LEASE + 4
    late = back.mediation()
    with pytest.raises(NumbersUsedUp):
        draw(back.session, late)
    swap(back)
    assert str(draw(back.session, late).values["case_number"]).endswith(f"第{2 * LEASE + 4}号"), "the middle of a series stays a gap"
    assert len({*first, *(d.printed_as for d in back.session.store.drawn_numbers(SERIES))}) == 5


def test_a_lost_answer_and_a_late_repetition_change_nothing(county: County, desk: Desk, back: Desk) -> None:
    swap(desk)
    desk.number()
    give_back_all(desk.session)
    late = desk.session.store.returns_to_note(500)
    with pytest.raises(failures.LineCut):
        swap(desk, Fate.UNANSWERED)
    with pytest.raises(NumbersUsedUp):
        desk.number()
    swap(back)
    assert back.blocks()[0] == (2, LEASE + 1, 2)
    swap(desk, Fate.TWICE)
    assert desk.session.store.returns_to_note(500) == []
    assert county.take_back(desk.device, ReturnRequest(late)).noted == [True] * len(late)
    assert county.take_back(back.device, ReturnRequest(late)).noted == [False] * len(late), "another device's are not its to give"
    stolen = [Returned(secrets.token_bytes(16), r.series, r.first, r.last) for r in late]
    assert county.take_back(desk.device, ReturnRequest(stolen)).noted == [False] * len(late), "they have come back already"
    swap(desk)
    swap(back)
    assert [b for b in back.blocks() if b[0] <= LEASE] == [(2, LEASE + 1, 2)]


def test_an_answer_that_two_programs_of_one_store_wait_for_is_taken_in_once(county: County, desk: Desk) -> None:
    with pytest.raises(failures.LineCut):
        desk.refill(Fate.UNANSWERED)
    store = desk.session.store
    ((series, request),) = store.get(ASKED).items()
    block = county.lease(desk.device, LeaseRequest(packed(request), series, LEASE))
    assert store.settle_request(series, request, (block.first, block.last))
    store.give_back(BY_HAND)
    assert not store.settle_request(series, request, (block.first, block.last)), "the other one comes late: the numbers have gone back"
    assert store.numbers_left(series) == 0


def test_the_year_s_numbers_go_back_in_february_and_a_late_case_gets_one_all_the_same(desk: Desk) -> None:
    swap(desk)
    desk.number()
    desk.now = JANUARY
    swap(desk)
    assert desk.blocks() == [(1, LEASE, 2)]
    desk.now = FEBRUARY
    swap(desk)
    assert desk.blocks() == [(1, 1, 2)]
    assert [(r.first, r.last, r.because, r.noted) for r in desk.session.store.numbers_given_back(SERIES)] == [(2, LEASE, PAST, True)]
    late = desk.mediation("2026-12-31")
    with pytest.raises(NumbersUsedUp):
        draw(desk.session, late)
    swap(desk)
    swap(desk)
    assert str(draw(desk.session, late).values["case_number"]) == "〔2026〕东民调字第2号"
    swap(desk)
    assert desk.session.store.numbers_left(SERIES) == 0, "and the rest of that block goes back"


def test_a_machine_that_joins_again_draws_no_number_of_its_old_name(county: County, desk: Desk, back: Desk) -> None:
    swap(desk)
    signed = [desk.number() for _ in range(2)]
    old = desk.device
    with county.database.writing() as connection:
        devices.revoke(connection, old, county.now())
        assert close_blocks(connection, old, county.now(), "电脑损坏") == len(series_of(desk.session))
    desk.join()
    with pytest.raises(NumbersUsedUp):
        desk.number()
    swap(desk)
    swap(back)
    again = [desk.number(), back.number()]
    assert len({*signed, *again}) == 4
    assert not {f"〔2026〕东民调字第{n}号" for n in range(1, LEASE + 1)} & set(again), "closed blocks are given out to nobody"
    told = {b.device_id: b for b in desk.session.store.blocks_told(SERIES)}
    assert told[old].because == "电脑损坏"
    assert [run[:2] for run in told[old].returned] == [[3, LEASE]]


def test_a_block_that_the_administrator_closed_is_closed_here_too(county: County, desk: Desk) -> None:
    swap(desk)
    with county.database.writing() as connection:
        close_blocks(connection, desk.device, county.now(), "误报丢失")
    desk.session.store.set("number_blocks_told", {})
    swap(desk)
    with pytest.raises(NumbersUsedUp):
        desk.number()
    swap(desk)
    assert desk.number().endswith(f"第{LEASE + 1}号")
    assert [b.note for b in desk.session.store.number_blocks(SERIES)] == ["县局作废：误报丢失", ""]


@pytest.mark.parametrize("seed", range(4))
def test_power_cuts_at_any_statement_while_numbers_go_back(county: County, tmp_path: Path, seed: int) -> None:
    """Two machines of one committee lease, draw, give back; the power goes at every statement in turn; the answers get lost."""
    chance = Random(seed)
    papers: list[int] = []
    rooms = [Room(county, tmp_path / name, chance) for name in ("front", "back")]
    for cut in range(1, 26):
        for room in rooms:
            room.turn(papers, 4 * cut + chance.randrange(4) - 3)
    for room in rooms:
        room.turn(papers, 0)
        room.store.close()
    assert len(papers) == len(set(papers)), f"{[n for n in papers if papers.count(n) > 1]} on two papers"
    assert max(papers) < 2 * 25 * 60


class Room:
    """A store of its own with one series, whose power may go."""

    def __init__(self, county: County, folder: Path, chance: Random) -> None:
        self.folder, self.chance = folder, chance
        self.county = county
        self.store: Store = new_store(folder)
        self.device = joined(county, self.store, OFFICE)
        self._plug()

    def _plug(self) -> None:
        self.session = Session(self.store, lambda: MARCH)
        self.mains = Mains(self.store._engine, self.folder / DATABASE_FILE, self.folder / "left", self.chance)

    def turn(self, papers: list[int], cut: int) -> None:
        """Leases, draws, gives back, as it comes; what was drawn before the power went is a paper only if its transaction was done."""
        fates = self.chance.choices(list(Fate), (6, 1, 2, 2), k=12)
        self.mains.arm(cut)
        try:
            self.store.set("number_series_resting", sorted(set(series_of(self.session)) - {SERIES}))
            for _ in range(self.chance.randrange(3)):
                papers.append(self._draw())
            if self.chance.random() < 0.5:
                self.store.give_back(BY_HAND)
            exchange(self.session, DirectTransport(self.county, self.device, fates), Reins(), MARCH.date())
            papers.append(self._draw())
        except PowerCut:
            self.store.close()
            power_back(self.folder / DATABASE_FILE, self.folder / "left")
            self.store = reopened(self.folder)
            self._plug()
            known = set(papers)
            papers.extend(d.value for d in self.store.drawn_numbers(SERIES) if d.value not in known)
        except (failures.LineCut, NumbersUsedUp):
            pass
        self.mains.disarm()

    def _draw(self) -> int:
        with self.store._writing() as connection:
            return int(draw_from(connection, SERIES, new_id(), 0, "{seq}", own_issuer=False, bearer=lambda _: ""))


class GivingBack(RuleBasedStateMachine):
    """Any order of leasing, drawing, giving back, losing answers, late copies, revoking, closing, restoring the county and the machines."""

    def __init__(self) -> None:
        super().__init__()
        self.papers: list[int] = []
        self.late: list[tuple[str, ReturnRequest]] = []

    @initialize()
    def begin(self) -> None:
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.folder = folder
        self.county = self.stack.enter_context(founded(folder / "county"))
        self.rooms: list[list] = []
        for name in ("a", "b"):
            store = new_store(folder / name)
            self.rooms.append([store, joined(self.county, store, OFFICE)])
        self.restores = 0

    def teardown(self) -> None:
        for store, _ in getattr(self, "rooms", []):
            store.close()
        if hasattr(self, "stack"):
            self.stack.close()

    who = st.integers(0, 1)

    @rule(who=who, fates=st.lists(st.sampled_from(list(Fate)), max_size=4))
    def contact(self, who: int, fates: list[Fate]) -> None:
        store, device = self.rooms[who]
        session = Session(store, lambda: MARCH)
        store.set("number_series_resting", sorted(set(series_of(session)) - {SERIES}))
        if sent := store.returns_to_note(500):
            self.late.append((device, ReturnRequest(sent)))
        with suppress(failures.LineCut, failures.Revoked):
            exchange(session, DirectTransport(self.county, device, fates), Reins(), date(2026, 3, 20))

    @rule(who=who, count=st.integers(1, 30))
    def print_papers(self, who: int, count: int) -> None:
        store, _ = self.rooms[who]
        for _ in range(count):
            try:
                with store._writing() as connection:
                    self.papers.append(int(draw_from(connection, SERIES, new_id(), 0, "{seq}", own_issuer=False, bearer=lambda _: "")))
            except NumbersUsedUp:
                return

    @rule(who=who)
    def give_back(self, who: int) -> None:
        self.rooms[who][0].give_back(BY_HAND)

    @precondition(lambda self: self.late)
    @rule(data=st.data())
    def a_late_copy_arrives(self, data: st.DataObject) -> None:
        device, request = data.draw(st.sampled_from(self.late))
        with suppress(Refusal):  # of a device that was shut out meanwhile
            self.county.take_back(device, request)

    @rule(who=who, close=st.booleans())
    def revoked_and_joined_again(self, who: int, close: bool) -> None:
        with self.county.database.writing() as connection:
            devices.revoke(connection, self.rooms[who][1], self.county.now())
            if close:
                close_blocks(connection, self.rooms[who][1], self.county.now(), "电脑损坏")
        self.rooms[who][1] = joined(self.county, self.rooms[who][0], OFFICE)

    @rule(who=who, later=st.integers(0, 12))
    def disk_restored(self, who: int, later: int) -> None:
        """The machine's disk comes out of a backup of just before the last papers."""
        store, device = self.rooms[who]
        kept = store.back_up(MARCH, self.folder / f"kept{new_id()}")
        self.print_papers(who, later or 1)
        self.rooms[who][0].give_back(BY_HAND)
        self.contact(who, [])
        store.close()
        restore(self.folder / "ab"[who], kept.folder, MARCH)
        self.rooms[who] = [reopened(self.folder / "ab"[who]), device]

    @rule()
    def county_restored(self) -> None:
        """The county's database comes out of a copy of some contacts ago."""
        kept = self.folder / f"county{new_id()}"
        with self.county.database.writing():
            pass
        self.county.database.close()
        shutil.copytree(self.folder / "county", kept)
        self.county.__init__(type(self.county.database)(f"sqlite:///{self.folder / 'county' / 'county.db'}"))  # type: ignore[misc]
        for who in (0, 1):
            self.contact(who, [])
            self.print_papers(who, 7)
            self.give_back(who)
            self.contact(who, [])
        self.county.database.close()
        for file in (self.folder / "county").glob("county.db*"):
            file.unlink()
        for file in kept.glob("county.db*"):
            shutil.copy(file, self.folder / "county")
        self.county.__init__(type(self.county.database)(f"sqlite:///{self.folder / 'county' / 'county.db'}"))  # type: ignore[misc]
        self.restores += 1
        with self.county.database.writing() as connection:
            go_on(connection, self.county.now(), 2026, 1000 * self.restores)

    @invariant()
    def no_number_is_on_two_papers(self) -> None:
        assert len(self.papers) == len(set(self.papers)), sorted(n for n in set(self.papers) if self.papers.count(n) > 1)

    @invariant()
    def the_county_knows_where_each_number_is(self) -> None:
        if not hasattr(self, "county") or self.restores:
            return
        with self.county.database.reading() as connection:
            held = blocks(connection, OFFICE)
        leased = {n for b in held if b.series == SERIES for n in range(b.first, b.last + 1)}
        assert set(self.papers) <= leased

    @invariant()
    def no_number_is_two_devices(self) -> None:
        """What was leased and has not come back is one device's, whatever became of it."""
        if not hasattr(self, "county"):
            return
        with self.county.database.reading() as connection:
            held = [b for b in blocks(connection, OFFICE) if b.series == SERIES]
        out = [n for b in held for n in range(b.first, b.last + 1) if not any(first <= n <= last for first, last, _ in b.returned)]
        assert len(out) == len(set(out)), sorted(n for n in set(out) if out.count(n) > 1)


TestGivingBack = GivingBack.TestCase
TestGivingBack.settings = settings(
    max_examples=8,
    stateful_step_count=12,
    deadline=None,
    phases=(Phase.generate, Phase.explicit),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_the_list_is_of_the_scope_alone(county: County, desk: Desk, tmp_path: Path) -> None:
    swap(desk)
    laptop = Desk(county, tmp_path / "laptop", "张联络")
    laptop.device = joined(county, laptop.session.store, VILLAGE)
    swap(laptop)
    swap(desk)
    desk.session.store.set("number_blocks_told", {})
    swap(desk)
    assert {b.device_id for b in laptop.session.store.blocks_told(SERIES)} == {laptop.device}
    assert {b.device_id for b in desk.session.store.blocks_told(SERIES)} == {desk.device, laptop.device}
    assert OWNER in SERIES
    laptop.session.store.close()
