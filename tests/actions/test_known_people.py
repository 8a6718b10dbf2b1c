"""A villager who was here before is offered with everything that is known of him, once."""

from __future__ import annotations

import pytest

from jusuo_desktop.actions.known_people import known_people
from jusuo_desktop.actions.save_record import Child, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.void_record import void
from tests.actions.test_save_record import mediation

ZHANG = "110105194912310021"


def case(session: Session, *parties: dict[str, object]) -> str:
    return save(session, "mediation", mediation(session), children=tuple(Child("party", p) for p in parties)).record.id


@pytest.mark.parametrize("typed", ["单小", "单小芳", "sxf", "19491231", "0021", "1380000", "单小芳 138"])
def test_a_person_is_found_by_name_initials_number_and_phone(session: Session, typed: str) -> None:
    record_id = case(session, {"name": "单小芳", "party_role": "1", "id_card_number": ZHANG, "contact_phone": "13800001111"})
    found = known_people(session, typed)
    assert [(p.name, p.seen_in, p.record_id) for p in found] == [("单小芳", "单小芳邻里纠纷", record_id)]
    assert "party_role" not in found[0].values
    assert found[0].values["birth_date"] == "1949-12-31"


def test_one_person_on_many_records_is_offered_once_with_the_newest_of_each_value(session: Session) -> None:
    case(session, {"name": "张三", "id_card_number": ZHANG, "address": "东村1组", "occupation": "务农"})
    case(session, {"name": "张三", "contact_phone": "13800001111", "address": "东村1组"})
    latest = save(session, "consultation", {"name": "张三", "id_card_number": ZHANG, "contact_phone": "13900002222"}).record.id
    found = known_people(session, "张三")
    assert len(found) == 1
    assert found[0].record_id == latest
    assert {n: found[0].values[n] for n in ("contact_phone", "address", "occupation")} == {
        "contact_phone": "13900002222", "address": "东村1组", "occupation": "务农",
    }  # fmt: skip


def test_two_people_of_one_name_stay_two_and_a_voided_one_is_gone(session: Session) -> None:
    case(session, {"name": "张伟", "contact_phone": "13800001111"})
    other = case(session, {"name": "张伟", "contact_phone": "13900002222"})
    case(session, {"name": "张伟"}, {"organization_name": "张伟建材店", "organization_principal": "张伟"})
    found = known_people(session, "张伟")
    assert sorted(p.name for p in found) == ["张伟", "张伟", "张伟建材店"]
    void(session, other, "重复登记")
    assert all(p.values.get("contact_phone") != "13900002222" for p in known_people(session, "张伟"))
    assert known_people(session, "") == []
    assert len(known_people(session, "张伟", limit=1)) == 1
