"""The same dispute found on a real store: by people, by what was screened, by place; linked, never merged."""

from __future__ import annotations

import pytest

from jusuo_desktop.actions.same_dispute import dispute_of, earlier_cases, link_screened, people_of, same_disputes
from jusuo_desktop.actions.save_record import Child, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.void_record import void
from jusuo_desktop.records.field import Values
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.records.same_dispute import Dispute
from jusuo_desktop.store.refusal import Refused
from tests.actions.conftest import VILLAGE
from tests.actions.test_screening import screened

EAST = place_id("village", VILLAGE)
ZHANG = {"name": "张三", "party_role": "1", "id_card_number": "330424196501011234", "contact_phone": "13800000001"}
LI = {"name": "李四", "party_role": "2"}


def case(session: Session, on: str = "2025-12-19", parties: tuple[Values, ...] = (ZHANG, LI), **more: object) -> str:
    values = {"registered_on": on, "dispute_type": "2", "village": EAST, "dispute_summary": "院墙滴水到邻家。", **more}
    return save(session, "mediation", values, children=tuple(Child("party", p) for p in parties)).record.id  # type: ignore[arg-type]


def typed(*people: Values, **more: object) -> Dispute:
    return dispute_of("mediation", {"registered_on": "2026-03-20", "dispute_type": "2", "village": EAST, **more}, people)  # type: ignore[dict-item]


def test_the_same_people_are_found_and_how_often_they_came(session: Session) -> None:
    first = case(session)
    second = case(session, "2026-02-20")
    found = same_disputes(session, typed({"name": "张三"}, {"name": "李四"}))
    assert [one.known.record_id for one in found.alike] == [second, first]
    assert found.alike[1].said == "同一当事人 张三、李四；同为邻里纠纷；同村；3个月前"
    assert found.before == (("张三", 2), ("李四", 2))
    by_number = same_disputes(session, typed({"name": "", "id_card_number": ZHANG["id_card_number"]}))
    assert {one.known.record_id for one in by_number.alike} == {first, second}
    assert same_disputes(session, typed({"name": "张三"}), frozenset({first, second})).alike == ()
    void(session, second, "重复登记")
    assert [one.known.record_id for one in same_disputes(session, typed({"name": "张三"})).alike] == [first]
    assert same_disputes(session, typed()).alike == ()


def test_what_was_screened_and_what_was_asked_is_found_too(session: Session) -> None:
    _, row = screened(session)
    asked = {"consulted_at": "2026-03-01T09:00", "name": "王五", "consultation_content": "邻家院墙滴水怎么办", "village": EAST}
    visit = save(session, "consultation", asked).record.id
    found = same_disputes(session, typed({"name": "张三"}, {"name": "王五"}))
    assert {one.known.record_id: one.known.kind for one in found.alike} == {row.id: "screened_dispute", visit: "consultation"}
    assert [p["name"] for p in people_of(session, row.id)] == ["张三", "李四", "王五"]
    assert people_of(session, visit) == [{"name": "王五"}]


def test_by_place_and_wording_without_a_name(session: Session) -> None:
    known = case(session, "2026-03-01", dispute_summary="周家砌围墙占了三组晒谷场边上的通道，农用车进不去。")
    found = same_disputes(session, typed(dispute_summary="围墙占了晒谷场旁的通道，周家不肯拆，农用车进不去。"))
    assert [one.known.record_id for one in found.alike] == [known]
    assert "晒谷场" in found.alike[0].said


def test_its_parties_are_taken_without_their_roles(session: Session) -> None:
    people = people_of(session, case(session))
    assert [p["name"] for p in people] == ["张三", "李四"]
    assert people[0]["id_card_number"] == ZHANG["id_card_number"]
    assert not any("party_role" in p for p in people)


def test_links_both_ways_and_the_chain_of_earlier_cases(session: Session) -> None:
    _, row = screened(session)
    first = case(session)
    second = case(session, "2026-01-10", earlier_mediation=first)
    third = save(session, "mediation", {"registered_on": "2026-03-20", "earlier_mediation": second}).record
    assert [r.id for r in earlier_cases(session, third.values)] == [second, first]
    link_screened(session, third.id, row.id)
    after = session.store.record(row.id)
    assert after is not None
    assert after.values["mediation"] == third.id
    linked = session.store.record(third.id)
    assert linked is not None
    assert linked.values["screened_dispute"] == row.id
    with pytest.raises(Refused):
        link_screened(session, third.id, "00000000-0000-7000-8000-000000000000")


def test_a_ring_of_links_ends(session: Session) -> None:
    first = case(session)
    second = case(session, earlier_mediation=first)
    save(session, "mediation", {"earlier_mediation": second}, record_id=first)
    record = session.store.record(first)
    assert record is not None
    assert [r.id for r in earlier_cases(session, record.values)] == [second, first]
