"""What a device tells again to a county that has lost it (store.known_before): each of these was found by the simulation."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from county_server.county import County
from county_server.database import DATABASE_FILE, Database
from county_server.founding import url_of
from county_server.restoring import go_on
from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.store import Edit, Store
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.engine import sync_once
from jusuo_desktop.sync.patience import Patience
from jusuo_desktop.sync.progress import SyncReport
from tests.county_server.counties import founded
from tests.sync.direct import DirectTransport, Fate, joined
from tests.sync.offices import OFFICE, consult, new_store

ONCE = Patience(tries=1, first_pause=0.0, longest_pause=0.0)


@dataclass
class House:
    """A county in this process whose disk can be lost, and the devices that it knows."""

    folder: Path
    county: County

    def put_away(self) -> Path:
        """A copy of the database."""
        kept = self.folder.with_name("kept.db")
        with contextlib.closing(sqlite3.connect(self.folder / DATABASE_FILE)) as live, contextlib.closing(sqlite3.connect(kept)) as copy:
            live.backup(copy)
        return kept

    def bring_back(self, kept: Path) -> None:
        """The database comes out of that copy, and the administrator says so."""
        self.county.database.close()
        for companion in ("-wal", "-shm"):
            (self.folder / f"{DATABASE_FILE}{companion}").unlink(missing_ok=True)
        shutil.copyfile(kept, self.folder / DATABASE_FILE)
        database = Database(url_of(self.folder, None))
        with database.writing() as connection:
            go_on(connection, self.county.now(), 2026)
        self.county = County(database)

    def sync(self, store: Store) -> SyncReport:
        """As the program does it, following the county where it went on under a later epoch."""
        enrolment = store.enrolment
        assert enrolment is not None
        if enrolment.epoch != self.county.epoch:
            store.follow(self.county.epoch)
        report = sync_once(store, DirectTransport(self.county, enrolment.device_id))
        assert report.digest_equal is True
        return report

    def cut_before_sending(self, store: Store) -> None:
        """The feeds are read anew, what the county lost is queued, and the line is cut."""
        if store.enrolment is not None and store.enrolment.epoch != self.county.epoch:
            store.follow(self.county.epoch)
        assert store.enrolment is not None
        with pytest.raises(failures.LineCut):
            sync_once(store, DirectTransport(self.county, store.enrolment.device_id, [Fate.WELL, Fate.LOST]), patience=ONCE)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with founded(tmp_path / "county") as county:
        house = House(tmp_path / "county", county)
        yield house
        house.county.database.close()


@pytest.fixture
def desks(house: House, tmp_path: Path) -> Iterator[tuple[Store, Store, Store]]:
    stores = tuple(new_store(tmp_path / name, name) for name in ("王内勤", "李所长", "孙内勤"))
    for store in stores:
        joined(house.county, store, OFFICE)
    yield stores  # type: ignore[misc]
    for store in stores:
        store.close()


def edit(store: Store, record_id: str, kind: str = "consultation", **values: str | None) -> None:
    store.write([Edit(kind, values, record_id)], act="save")


def told(store: Store, record_id: str, name: str) -> list[object]:
    """Every value that a field ever had, as the history tells."""
    return [value for row in store.history(record_id) if name in row.fields for value in row.fields[name]]


def test_what_waits_on_a_version_that_the_county_lost_is_taken_in(house: House, desks: tuple[Store, Store, Store]) -> None:
    """It was typed on version 3, and the county is at 2 once it has been told again: it must not wait for a version that never comes."""
    one, *_ = desks
    record_id = consult(one, "甲")
    house.sync(one)
    kept = house.put_away()
    for name in ("乙", "丙"):
        edit(one, record_id, name=name)
        house.sync(one)
    edit(one, record_id, name="丁")
    house.bring_back(kept)
    house.sync(one)
    assert one.outbox_counts() == {}
    assert one.record(record_id).values["name"] == "丁"  # type: ignore[union-attr]


def test_what_waits_follows_what_is_told_again(house: House, desks: tuple[Store, Store, Store]) -> None:
    """Queued before the county was lost, it has the earlier place in the queue; told in that order, the older value would hide the newer."""
    one, two, _ = desks
    record_id = consult(one, "甲")
    house.sync(one)
    kept = house.put_away()
    edit(one, record_id, name="乙")
    house.sync(one)
    edit(one, record_id, name="丙")
    house.bring_back(kept)
    house.sync(one)
    house.sync(two)
    assert [store.record(record_id).values["name"] for store in (one, two)] == ["丙", "丙"]  # type: ignore[union-attr]
    assert "乙" in told(two, record_id, "name")


def test_a_record_is_told_before_what_hangs_on_it(house: House, desks: tuple[Store, Store, Store]) -> None:
    """The county is lost twice, the second time while the first is being mended: what was kept first may hang on what was kept later."""
    one, *_ = desks
    empty = house.put_away()
    case = one.write([Edit("mediation", {"dispute_summary": "争地界", "registered_on": "2026-03-09"})], act="save")[0].id
    party = one.write([Edit("party", {"name": "甲"}, parent_id=case)], act="save")[0].id
    house.sync(one)
    edit(one, party, "party", name="乙")
    house.bring_back(empty)
    one.follow(house.county.epoch)
    with one._writing() as connection:  # the case came again, the party did not, when the second disk died
        connection.exec_driver_sql("UPDATE outbox SET serial = serial + 1000 WHERE state = 'former' AND record_id = ?", (case,))
    house.cut_before_sending(one)
    order = [unpacked(change.record_id) for change in one.waiting(100, 1 << 20)]
    assert order.index(case) < order.index(party)
    house.sync(one)
    assert one.outbox_counts() == {}
    assert one.record(party).values["name"] == "乙"  # type: ignore[union-attr]


def test_the_history_keeps_what_somebody_else_told_again_in_other_words(house: House, desks: tuple[Store, Store, Store]) -> None:
    """One knew a value that another device never heard of, and the county took something else in meanwhile: the value stays in the history."""
    one, two, _ = desks
    record_id = consult(one, "甲")
    for store in (one, two):
        house.sync(store)
    kept = house.put_away()
    edit(one, record_id, name="只有这里和县里知道")
    house.sync(one)
    house.sync(two)  # heard it, and typed nothing
    house.bring_back(kept)
    edit(two, record_id, name="又改")
    house.sync(two)
    house.sync(one)
    house.sync(two)
    for store in (one, two):
        assert "只有这里和县里知道" in told(store, record_id, "name")


def test_the_history_tells_what_an_unknown_change_took_the_place_of(house: House, desks: tuple[Store, Store, Store]) -> None:
    """The device held a value of the lost county; what comes instead of it was written by somebody who never knew it."""
    one, two, _ = desks
    record_id = consult(one, "甲")
    for store in (one, two):
        house.sync(store)
    kept = house.put_away()
    edit(two, record_id, name="丢了的")
    house.sync(two)
    house.sync(one)
    house.bring_back(kept)
    with house.county.database.writing():
        pass
    third = desks[2]
    house.sync(third)
    edit(third, record_id, name="后来的")
    house.sync(third)
    house.sync(one)
    rows = [row.fields["name"] for row in one.history(record_id) if "name" in row.fields]
    assert ("丢了的", "后来的") in rows


def test_a_change_made_only_of_conflicts_is_no_sign_of_a_stranger(house: House, desks: tuple[Store, Store, Store]) -> None:
    """It stands in no history, since nothing of it was applied; read anew, it must not look like the work of somebody who was not known, with
    whom what is told again would be in conflict.
    """
    one, two, third = desks
    record_id = consult(one, "甲")
    for store in desks:
        house.sync(store)
    edit(two, record_id, name="乙")
    edit(one, record_id, name="丙")
    house.sync(two)
    assert house.sync(one).conflicts == 1
    kept = house.put_away()
    house.sync(third)
    edit(third, record_id, name="丁")
    house.sync(third)
    house.bring_back(kept)
    report = house.sync(third)
    assert report.sent > 0
    assert report.conflicts == 0
    house.sync(one)
    assert one.record(record_id).values["name"] == "丁"  # type: ignore[union-attr]
    assert len(one.children(record_id, "conflict")) == 1


def test_what_somebody_else_told_again_as_conflicts_alone_is_not_told_once_more(house: House, desks: tuple[Store, Store, Store]) -> None:
    """The county answers that it knows that change, and it never comes back in the feed as this device's: it would wait for ever."""
    one, two, third = desks
    record_id = consult(one, "甲")
    for store in desks:
        house.sync(store)
    kept = house.put_away()
    edit(one, record_id, name="乙")
    house.sync(one)
    for name in ("丙", "丁"):
        house.sync(two)
        edit(two, record_id, name=name)
        house.sync(two)
    house.sync(third)
    house.bring_back(kept)
    house.cut_before_sending(two)  # would tell 丁 again
    house.sync(one)  # tells 乙 again, which is all that it knows
    assert house.sync(two).conflicts == 1
    assert house.sync(third).sent == 0
    assert third.outbox_counts() == {}
    assert len(third.children(record_id, "conflict")) == 1


def test_what_was_typed_over_a_change_that_was_refused_unheard_stands(house: House, desks: tuple[Store, Store, Store]) -> None:
    """The county refused the first of two changes and took the second one in, nobody heard it, and the feed is heard before anything is sent."""
    front, back, _ = desks
    mine = consult(front, "甲")
    house.sync(front)
    house.sync(back)
    edit(front, mine, **{"name": "乙", "字段": "甲"})
    edit(front, mine, name="丙")
    enrolment = front.enrolment
    assert enrolment is not None
    with pytest.raises(failures.LineCut):
        sync_once(front, DirectTransport(house.county, enrolment.device_id, [Fate.UNANSWERED]), patience=ONCE)
    front.start_over()
    house.sync(front)
    house.sync(front)
    (refused,) = front.outgoing(("refused",))
    record = front.record(mine)
    assert record is not None
    assert (record.values["name"], refused.fields) == ("丙", {"字段": "甲"})
    assert {"乙", "丙"} <= set(told(front, mine, "name"))
