"""A computer without contact: it locks after the county's days, whatever its clock does, and a contact or a code opens it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from county_server.county import County
from county_server.failing import Refusal
from county_server.releasing import USUAL_DAYS
from jusuo_desktop.actions.contact_lock import MOST_WRONG, Locked, lock_state, refuse_locked, release, warning
from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.session import Session, milliseconds
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.records.contact_lock import DAY_MS, Contact, contact_state, days_of
from jusuo_desktop.records.county_parameter import Parameter
from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.store import Edit, Refused, Store
from jusuo_desktop.store.opening import open_unlocked
from jusuo_desktop.wire.messages import ReleaseRequest
from jusuo_desktop.wire.release_code import code_for, device_secret
from tests.county_server.counties import change, enrolled, founded, send
from tests.running_county import running_county
from tests.sync.direct import joined
from tests.sync.offices import OFFICE, VILLAGE, new_store, original_of

MONDAY = datetime(2026, 3, 2, 9)


class Laptop:
    """A village's laptop with a clock that can be set, and the county that it belongs to."""

    def __init__(self, folder: Path, county: County, scope: str = VILLAGE, days: int = 10) -> None:
        self.folder, self.county, self.now = folder, county, MONDAY
        new_store(folder).close()
        self._open()
        self.device = joined(county, self.store, scope)
        self.store.note_contact(device_secret(county._secret, self.device))
        self.parameter("contact_village", days)

    def _open(self) -> None:
        original = original_of("王内勤")
        self.store: Store = open_unlocked(self.folder, original.key, "王内勤", original.user.id, milliseconds(lambda: self.now))
        self.session = Session(self.store, lambda: self.now)

    def parameter(self, name: str, days: int) -> None:
        values: dict[str, Any] = {"parameter": name, "holds_from": "2026-01-01", "value": days, "unit": "day", "basis": "县局通知"}
        self.store.write([Edit("county_parameter", values, scope=OFFICE)], act="save")

    def restart(self) -> None:
        self.store.close()
        self._open()

    def after(self, days: float) -> bool:
        """Whether it is locked when the clock shows so many days after that Monday."""
        self.now = MONDAY + timedelta(days=days)
        return lock_state(self.session).locked

    def code(self, days: int = 0) -> str:
        return self.county.release_code(self.device, self.store.challenge(), days).code


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with founded(tmp_path / "county", clock=lambda: int(MONDAY.timestamp() * 1000)) as made:
        yield made


@pytest.fixture
def laptop(county: County, tmp_path: Path) -> Iterator[Laptop]:
    made = Laptop(tmp_path / "laptop", county)
    yield made
    made.store.close()


def test_it_warns_locks_and_a_contact_opens(laptop: Laptop) -> None:
    assert not laptop.after(5)
    assert warning(lock_state(laptop.session)) == ""
    assert not laptop.after(8)
    assert "再过2天将锁定" in warning(lock_state(laptop.session))
    assert laptop.after(10)
    with pytest.raises(Locked, match="已有10天没有与县服务器联系，按县里的规定（10天）已锁定"):
        refuse_locked(laptop.session)
    laptop.store.note_contact()
    refuse_locked(laptop.session)
    assert not laptop.after(19)
    assert laptop.after(20)


def test_a_clock_that_is_turned_back_opens_nothing_also_after_a_restart(laptop: Laptop) -> None:
    assert laptop.after(30)
    for back in (1, -400):
        laptop.restart()
        assert laptop.after(back)
    laptop.store.note_contact()
    assert not laptop.after(-399)


def test_a_clock_that_jumps_years_ahead_locks_and_each_way_out_stands_open(laptop: Laptop) -> None:
    assert laptop.after(365 * 50)
    assert laptop.after(1), "the clock was mended; the machine still waits"
    assert release(laptop.session, laptop.code(days=10)) == 10
    assert not laptop.after(2)
    assert laptop.after(11)


def test_a_code_is_good_once_for_one_machine_and_so_many_days(laptop: Laptop, county: County, tmp_path: Path) -> None:
    assert laptop.after(12)
    other = Laptop(tmp_path / "other", county)
    with pytest.raises(Refused, match="解锁码不对"):
        release(laptop.session, other.code())
    other.store.close()
    code = laptop.code(days=3)
    assert release(laptop.session, code) == 3
    assert not laptop.after(14)
    assert laptop.after(15)
    with pytest.raises(Refused, match="解锁码不对"):
        release(laptop.session, code)
    assert any(row for row in audit(laptop.store) if row == "released")


def test_a_machine_that_joined_anew_opens_by_a_contact_until_it_has_spoken_once(laptop: Laptop, county: County) -> None:
    """Found by the simulation: the secret of its former identity made every code of the county a wrong one."""
    laptop.device = joined(county, laptop.store, VILLAGE)
    assert laptop.after(12)
    with pytest.raises(Refused, match="只能连上网络同步一次"):
        release(laptop.session, laptop.code())
    laptop.store.note_contact(device_secret(county._secret, laptop.device))
    assert laptop.after(24)
    assert release(laptop.session, laptop.code())


def test_wrong_codes_change_the_challenge_and_slips_of_the_tongue_do_not_count(laptop: Laptop) -> None:
    laptop.after(12)
    before = laptop.store.challenge()
    good = laptop.code()
    for _ in range(MOST_WRONG):
        with pytest.raises(Refused, match="听错或输错"):
            release(laptop.session, good[:-1] + ("0" if good[-1] != "0" else "1"))
    wrong = code_for(b"somebody else", laptop.device, before, 9)
    for _ in range(MOST_WRONG - 1):
        with pytest.raises(Refused, match="解锁码不对"):
            release(laptop.session, wrong)
    laptop.restart()
    with pytest.raises(Refused, match="挑战码已经换了新的"):
        release(laptop.session, wrong)
    assert laptop.store.challenge() != before
    with pytest.raises(Refused, match="解锁码不对"):
        release(laptop.session, good)
    assert release(laptop.session, laptop.code()) == USUAL_DAYS


def test_offices_lock_by_a_number_of_their_own_and_nothing_locks_without_one(county: County, tmp_path: Path) -> None:
    desk = Laptop(tmp_path / "desk", county, OFFICE)
    assert not desk.after(400)
    desk.parameter("contact_office", 60)
    assert desk.after(60)
    alone = Session(new_store(tmp_path / "alone", "李所长"), lambda: MONDAY + timedelta(days=900))
    assert not lock_state(alone).locked, "a stand-alone office has nobody to call"
    alone.store.close()
    desk.store.close()


def test_a_sync_that_the_county_answers_is_a_contact_and_brings_the_secret(tmp_path: Path) -> None:
    session = Session(new_store(tmp_path / "front"))
    with running_county(tmp_path / "county") as county:
        enroll(session, county.url, county.enroll(VILLAGE))
        assert session.store.release_secret() == b""
        joined_at = session.store.contact()
        sync_now(session)
        assert len(session.store.release_secret()) == 32
        assert session.store.contact() != joined_at
        code = county.say("release", session.store.device_id.lower(), session.store.challenge(), "--days", "4")
        assert release(session, code.partition("：")[2].partition("，")[0]) == 4
        kept = session.store.contact()
        county.revoke(session.store.device_id)
        with pytest.raises(Refused):
            sync_now(session)
        assert session.store.contact() == kept, "to be shut out is no contact"
    session.store.close()


def test_a_director_of_the_office_gets_a_code_and_nobody_else(county: County, laptop: Laptop, tmp_path: Path) -> None:
    office, _ = enrolled(county, OFFICE)
    other, _ = enrolled(county, "990101002")
    director = change({"name": "李所长", "access_role": "director"}, kind="worker", scope=OFFICE)
    clerk = change({"name": "王内勤", "access_role": "clerk"}, kind="worker", scope=OFFICE)
    assert [r.status for r in send(county, office, director, clerk)] == ["accepted"] * 2
    laptop.after(12)

    def ask(device: str, author: bytes, of: str = laptop.device) -> str:
        return county.release(device, ReleaseRequest(of, laptop.store.challenge(), unpacked(author))).code

    for device, author in ((office, clerk.record_id), (other, director.record_id), (laptop.device, director.record_id)):
        with pytest.raises(Refusal, match="只有所长"):
            ask(device, author)
    with pytest.raises(Refusal, match="没有编号为 NOBODY"):
        ask(office, director.record_id, "NOBODY")
    with pytest.raises(Refusal, match="挑战码应为8个"):
        county.release_code(laptop.device, "ABCD")
    assert release(laptop.session, ask(office, director.record_id)) == USUAL_DAYS
    values = {"parameter": "contact_village", "holds_from": "2026-01-01", "value": 10, "unit": "day", "basis": "县局通知"}
    assert [r.status for r in send(county, office, change(values, kind="county_parameter", scope=OFFICE))] == ["accepted"]
    assert release(laptop.session, ask(office, director.record_id)) == 10, "the county's own number of days"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(clocks=st.lists(st.integers(-40_000, 40_000), min_size=1, max_size=20), days=st.integers(1, 90))
def test_once_locked_no_way_of_setting_the_clock_opens(clocks: list[int], days: int) -> None:
    seen, locked = 0, False
    for clock in clocks:
        seen = max(seen, clock * DAY_MS)
        now = contact_state(Contact(0, seen), clock * DAY_MS, days).locked
        assert now >= locked
        locked = now


@pytest.mark.parametrize(("value", "unit", "days"), [(10, "day", 10), (1, "month", 30), (5, "working_day", 7), (36, "hour", 2), (0, "day", 0)])
def test_the_county_s_number_in_any_unit(value: int, unit: str, days: int) -> None:
    assert days_of(Parameter(value, unit, "")) == days


def audit(store: Store) -> list[str]:
    with store._reading() as connection:
        return [str(row[0]) for row in connection.exec_driver_sql("SELECT act FROM audit ORDER BY seq")]


def test_saving_while_the_clock_is_wrong_changes_no_record(laptop: Laptop) -> None:
    laptop.after(365 * 70)
    made = save(laptop.session, "consultation", {"name": "单雄信", "consultation_content": "问路"}).record
    assert laptop.store.record(made.id) is not None
