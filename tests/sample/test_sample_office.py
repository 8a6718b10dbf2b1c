"""The sample office as a clerk meets it: a whole store, users who can log in, numbers that go on where the records end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from jusuo_desktop.actions.number import draw
from jusuo_desktop.actions.sample_office import SAMPLE_PASSPHRASE, fill_store, make_sample_office
from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.set_up import set_up
from jusuo_desktop.actions.unlock import unlock, user_names
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store import FirstRun
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.store.refusal import Refused

NOW = datetime(2026, 5, 20, 9, 0)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Session]:
    """A small office for a test that writes."""
    made = make_sample_office(tmp_path / "own", mediations=20, clock=lambda: NOW)
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    made = make_sample_office(tmp_path_factory.mktemp("sample") / "office", mediations=60, clock=lambda: NOW)
    yield made
    made.store.close()


def count(session: Session, kind: str) -> int:
    return session.store.count(ListQuery(kind))


def test_exactly_as_many_as_asked_up_to_today(session: Session) -> None:
    assert count(session, "mediation") == 60
    assert count(session, "village") == 14
    assert count(session, "consultation") > 5
    assert count(session, "adviser_visit") > 5
    days = sorted(str(v["registered_on"]) for v in session.store.each("mediation"))
    assert days[-1] <= "2026-05-20"
    assert days[0] >= "2025-05-01"  # a year's worth, however many are asked for
    assert session.store.verify() == []


def test_every_link_leads_to_a_record_of_the_store_the_clerk_being_the_user(session: Session) -> None:
    known = {r.id for kind in KINDS for r in session.store.each_record(kind)}
    seen = 0
    for kind in ("mediation", "mediation_session", "agreement", "consultation", "adviser_visit", "evaluation"):
        for record in session.store.each_record(kind):
            for field in KINDS[kind].fields:
                value = record.values.get(field.name)
                if field.link and value is not None:
                    assert set(value if isinstance(value, list) else [value]) <= known, (record, field.name)
                    seen += value == session.store.user.id
    assert seen > 5


def test_clerk_director_and_liaison_can_log_in(session: Session) -> None:
    roles = []
    for name in user_names(session.store.folder):
        other = unlock(session.store.folder, name, SAMPLE_PASSPHRASE)
        roles.append(other.store.user.role)
        other.store.close()
    assert sorted(roles) == ["clerk", "director", "liaison"]


def test_a_new_number_follows_those_of_the_sample(own: Session) -> None:
    committee = next(r for r in own.store.each_record("mediation_committee") if r.values["committee_type"] == "03")
    taken = {str(v["case_number"]) for v in own.store.each("mediation")}
    made = save(own, "mediation", {"committee": committee.id, "registered_on": "2026-05-20"}).record
    number = str(draw(own, made.id).values["case_number"])
    assert number not in taken
    assert number.startswith("〔2026〕西塘民调字第")


def test_bulk_adds_what_was_asked_and_nothing_twice(own: Session) -> None:
    before = sum(count(own, kind) for kind in KINDS)
    assert fill_store(own, 700) > 0
    assert fill_store(own, 301) > 0
    assert sum(count(own, kind) for kind in KINDS) == before + 1001
    assert own.store.index_waiting() == 0


def test_bulk_keeps_out_of_a_real_office(tmp_path: Path) -> None:
    office = {"name": "某某司法所", "division_code": "330424103", "county_name": "某县"}
    real, _ = set_up(tmp_path / "real", FirstRun(office, "王内勤", "a long passphrase"))
    try:
        with pytest.raises(Refused, match="不是示例司法所"):
            fill_store(real, 10)
        assert count(real, "mediation") == 0
    finally:
        real.store.close()


def test_what_was_left_half_made_is_made_anew_and_a_store_is_never_overwritten(session: Session, tmp_path: Path) -> None:
    half = tmp_path / "office.part"
    half.mkdir()
    (half / "records.db").write_bytes(b"half")
    made = make_sample_office(tmp_path / "office", mediations=1, clock=lambda: NOW)
    assert made.store.verify() == []
    made.store.close()
    assert not half.exists()
    before = sorted((p.name, p.stat().st_size) for p in (tmp_path / "office").iterdir())
    with pytest.raises(Refused, match="已经有数据"):
        make_sample_office(tmp_path / "office", mediations=1)
    assert sorted((p.name, p.stat().st_size) for p in (tmp_path / "office").iterdir()) == before
