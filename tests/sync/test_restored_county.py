"""The county's disk dies and its database comes out of a backup: every device stops until the administrator says so, then nothing is missing."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.store import Edit
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.patience import Patience
from jusuo_desktop.sync.progress import SyncReport
from jusuo_desktop.wire import epoch
from tests.running_county import RunningCounty, running_county
from tests.sync.offices import OFFICE, consult, new_session

ONCE = Patience(tries=1, first_pause=0.0, longest_pause=0.0)


@pytest.fixture
def county(tmp_path: Path) -> Iterator[RunningCounty]:
    with running_county(tmp_path / "county", tls=False, quiet=True) as made:
        yield made


@pytest.fixture
def desks(county: RunningCounty, tmp_path: Path) -> Iterator[tuple[Session, Session]]:
    made = new_session(tmp_path / "a"), new_session(tmp_path / "b", "李所长")
    for session in made:
        enroll(session, county.url, county.enroll(OFFICE))
    yield made
    for session in made:
        session.store.close()


def synced(session: Session) -> SyncReport:
    report = sync_now(session, patience=ONCE)
    assert report.digest_equal is True
    assert not report.repaired
    assert session.store.outbox_counts() == {}
    return report


def edit(session: Session, record_id: str, **values: str | None) -> None:
    session.store.write([Edit("consultation", values, record_id)], act="save")


def put_away(county: RunningCounty) -> Path:
    """A copy of the server's database, made while it serves."""
    kept = county.folder.with_name("kept.db")
    with contextlib.closing(sqlite3.connect(county.folder / "county.db")) as live, contextlib.closing(sqlite3.connect(kept)) as copy:
        live.backup(copy)
    return kept


def bring_back(county: RunningCounty, kept: Path) -> None:
    county.stop()
    for companion in ("-wal", "-shm"):
        (county.folder / f"county.db{companion}").unlink(missing_ok=True)
    shutil.copyfile(kept, county.folder / "county.db")
    county.start()


def test_everything_that_the_county_lost_comes_back(county: RunningCounty, desks: tuple[Session, Session]) -> None:
    a, b = desks
    old = consult(a.store, "恢复前")
    for session in (a, b):
        synced(session)
    kept = put_away(county)
    edit(a, old, name="改过一次", remarks="备注")
    edit(a, old, name="改过两次", contact_phone=None)
    new = consult(b.store, "恢复后丢的")
    for session in (a, b, a):
        synced(session)
    edit(b, new, name="还没有上报")
    values = {i: dict(a.store.record(i).values) for i in (old, new)}  # type: ignore[union-attr]
    bring_back(county, kept)
    for session in (a, b):
        with pytest.raises(failures.EpochChanged):
            sync_now(session, patience=ONCE)
    assert {i: dict(a.store.record(i).values) for i in (old, new)} == values  # type: ignore[union-attr]
    assert "跳过1000个" in county.say("restored")
    county.restart()
    for session in (a, b, a):
        assert synced(session).conflicts == 0
    assert a.store.local_digest() == b.store.local_digest()
    for session in (a, b):
        assert session.store.record(old).values == values[old]  # type: ignore[union-attr]
        assert session.store.record(new).values == {**values[new], "name": "还没有上报"}  # type: ignore[union-attr]
    assert "跳过2000个" in county.say("restored"), "the same backup once more"


def test_a_server_that_has_gone_on_since_is_found_out(county: RunningCounty, desks: tuple[Session, Session], tmp_path: Path) -> None:
    """Its order is as long again as a device knows it, but other changes stand there."""
    a, b = desks
    record_id = consult(a.store, "甲")
    synced(a)
    kept = put_away(county)
    edit(a, record_id, name="只有本机知道")
    synced(a)
    bring_back(county, kept)
    for n in range(20):
        consult(b.store, f"来访人{n}")
    synced(b)
    edit(a, record_id, name="又改")
    with pytest.raises(failures.EpochChanged):
        sync_now(a, patience=ONCE)
    assert a.store.outbox_counts() == {"waiting": 1}, "nothing is mixed into another order"
    county.say("restored")
    county.restart()
    for session in (b, a, b):
        synced(session)
    assert b.store.record(record_id).values["name"] == "又改"  # type: ignore[union-attr]
    assert any("只有本机知道" in pair for row in a.store.history(record_id) for pair in row.fields.values())


def test_two_people_who_went_on_differently_have_a_conflict(county: RunningCounty, desks: tuple[Session, Session]) -> None:
    """One typed before the disk died, the other after it, on what the backup held."""
    a, b = desks
    record_id = consult(a.store, "甲")
    for session in (a, b):
        synced(session)
    kept = put_away(county)
    edit(a, record_id, name="甲改")
    synced(a)
    bring_back(county, kept)
    county.say("restored")
    county.restart()
    edit(b, record_id, name="乙改")
    for session in (b, a, b, a):
        synced(session)
    assert a.store.local_digest() == b.store.local_digest()
    conflicts = a.store.children(record_id, "conflict")
    assert {a.store.record(record_id).values["name"], conflicts[0].values["other_value"]} == {"乙改", '"甲改"'}  # type: ignore[union-attr]


def test_a_later_epoch_of_the_same_county() -> None:
    first = "0190aaaa-0000-7000-8000-000000000000"
    second = epoch.after(first, 1_770_000_000_000)
    third = epoch.after(second, 5)  # the clock went back
    assert epoch.follows(second, first)
    assert epoch.follows(third, second)
    assert epoch.follows(third, first)
    assert not epoch.follows(first, second)
    assert not epoch.follows(first, first)
    assert not epoch.follows(second, "0190bbbb-0000-7000-8000-000000000000")
