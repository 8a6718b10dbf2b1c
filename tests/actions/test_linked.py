"""What a link field offers, and what a name in a ledger means."""

from __future__ import annotations

import pytest

from jusuo_desktop.actions.linked import candidates, find_link
from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.identity import place_id
from tests.actions.conftest import COMMITTEE, OFFICE, VILLAGE


def worker(session: Session, name: str, role: str, **more: object) -> str:
    return save(session, "worker", {"name": name, "worker_roles": [role], **more}).record.id


@pytest.mark.parametrize("typed", ["东", "东村", "dc", "d", "99010100120", "村"])
def test_a_village_is_found_by_name_initials_and_code(session: Session, typed: str) -> None:
    assert (place_id("village", VILLAGE), "东村") in candidates(session, "village", typed)


def test_what_begins_so_comes_before_what_holds_it(session: Session) -> None:
    worker(session, "单东海", "3")
    worker(session, "东方红", "3")
    assert [t for _, t in candidates(session, "worker", "东")] == ["东方红", "单东海"]
    assert [t for _, t in candidates(session, "worker", "sdh")] == ["单东海"]
    assert candidates(session, "worker", "没有这个人") == []
    assert len(candidates(session, "worker", limit=2)) == 2


def test_the_field_and_the_own_committee_decide_who_comes_first(session: Session) -> None:
    committee = place_id("mediation_committee", f"{OFFICE}/{COMMITTEE}")
    save(session, "worker", {"committee": committee}, record_id=session.store.user.id)
    worker(session, "安律师", "4")
    worker(session, "白调解", "3")
    worker(session, "曹调解", "3", committee=committee)
    assert candidates(session, "worker", field="adviser")[0][1] == "安律师"
    assert [t for _, t in candidates(session, "worker", field="mediators")][:2] == ["曹调解", "白调解"]
    assert candidates(session, "worker", field="received_by")[0][1] == "王内勤"


def test_a_ledgers_name_finds_one_record_or_none(session: Session) -> None:
    find = find_link(session)
    village = place_id("village", VILLAGE)
    assert find("village", "东村") == find("village", " 东村村委会 ") == find("village", VILLAGE) == village
    assert find("mediation_committee", "东村调委会") == find("mediation_committee", COMMITTEE)
    assert find("village", "西塘") == find("village", "西塘社区") is not None
    assert find("village", "北村") is None
    save(session, "village", {"name": "西塘村", "division_code": "990101001203"})
    again = find_link(session)
    assert again("village", "西塘") is None
    assert again("village", "西塘村") != again("village", "西塘社区") is not None
