"""The subsidy class proposed from a record: the highest that the case meets, in force on the day it was closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.records.field import Value
from jusuo_desktop.records.subsidy_proposal import (
    ClassProposal,
    amount_of,
    conditions_met,
    lacking,
    propose,
    quarter_of,
    said_quarter,
)

VILLAGE_COMMITTEE, TOWN_COMMITTEE, TRADE_COMMITTEE = "01", "03", "06"


def one(name: str, rank: int, amount: int, since: str = "2026-01-01", level: str = "3", **criteria: Value) -> dict[str, Value]:
    return {"class_name": name, "rank": rank, "amount": amount, "holds_from": since, "subsidy_level": level, "basis": "县司发〔2026〕1号", **criteria}


CLASSES = {
    "a": one("一般", 1, 50_00),
    "b": one("疑难", 2, 200_00, difficulties=["4"], least_people=5),
    "c": one("重大", 3, 400_00, difficulties=["3"], least_people=10, least_amount=100_000_00),
}


def proposed(classes: dict[str, dict[str, Value]], committee: str = TOWN_COMMITTEE, agreed: int = 0, **case: Value) -> ClassProposal | None:
    return propose({"closed_on": "2026-06-30", **case}, {"agreement": [{"agreement_form": "2", "agreement_amount": agreed}]}, classes, committee)


@pytest.mark.parametrize(
    ("case", "agreed", "class_id"),
    [
        ({}, 0, "a"),
        ({"difficulty": "4"}, 0, "b"),
        ({"people_involved": 5}, 0, "b"),
        ({"people_involved": 4}, 0, "a"),
        ({"people_involved": 10}, 0, "c"),
        ({"difficulty": "3"}, 0, "c"),
        ({}, 100_000_00, "c"),
        ({}, 99_999_99, "a"),
        ({"difficulty": "4", "people_involved": 22}, 0, "c"),
    ],
)
def test_the_highest_class_that_any_criterion_meets(case: dict[str, Value], agreed: int, class_id: str) -> None:
    made = proposed(CLASSES, agreed=agreed, **case)
    assert made is not None
    assert made.class_id == class_id
    assert made.amount == CLASSES[class_id]["amount"]
    assert str(CLASSES[class_id]["class_name"]) in made.reason


def test_why_is_said_in_the_directors_words() -> None:
    made = proposed(CLASSES, agreed=120_000_00)
    assert made is not None
    assert made.reason == "协议金额120,000元，符合“重大”；县司发〔2026〕1号"


def test_town_and_village_are_paid_by_their_own_amounts() -> None:
    classes = {"t": one("一般", 1, 50_00, level="1"), "v": one("一般", 1, 30_00, level="2")}
    assert [p and p.class_id for p in (proposed(classes, c) for c in (TOWN_COMMITTEE, VILLAGE_COMMITTEE, TRADE_COMMITTEE))] == ["t", "v", None]


def test_an_oral_agreement_is_paid_its_share() -> None:
    share = one("一般", 1, 99_99, oral_share=50)
    assert amount_of(share, {"agreement": [{"agreement_form": "1"}]}) == (49_99, "口头协议按50%计；")
    assert amount_of(share, {"agreement": [{"agreement_form": "1"}, {"agreement_form": "2"}]}) == (99_99, ""), "a written one beside it"
    assert amount_of(share, {}) == (99_99, "")


@given(st.lists(st.integers(0, 900), min_size=1, unique=True), st.integers(-10, 1000))
def test_a_new_amount_holds_from_its_day_and_not_before(days: list[int], closed: int) -> None:
    first = date(2025, 1, 1)
    classes = {str(n): one("一般", 1, 100 + n, since=(first + timedelta(d)).isoformat()) for n, d in enumerate(days)}
    made = proposed(classes, closed_on=(first + timedelta(closed)).isoformat())
    begun = [d for d in days if d <= closed]
    assert (made.amount if made is not None else None) == (100 + days.index(max(begun)) if begun else None)


def test_the_record_shows_what_it_can_and_a_person_vouches_for_the_rest() -> None:
    case: dict[str, Value] = {"mediation_result": "1", "performed_on": "2026-06-01", "state": "archived"}
    met = conditions_met(case, {"agreement": [{"agreement_content": "赔偿"}]}, dossier_complete=True, claimed_before=False)
    assert met == ("1", "2", "3", "4", "7")
    assert lacking({"conditions": ["1", "2", "6"]}, met) == (("6", "调解员不是公务员等不得兼职取酬的人员"),)
    assert lacking({"conditions": ["1", "2", "6"]}, (*met, "6")) == ()
    failed = conditions_met({"mediation_result": "2"}, {}, dossier_complete=False, claimed_before=True)
    assert failed == ()
    by_session = conditions_met({}, {"mediation_session": [{"mediation_result": "3"}, {"mediation_result": "1"}], "agreement": [{}]},
                                dossier_complete=False, claimed_before=False)  # fmt: skip
    assert by_session == ("1", "7"), "the last session decides the result"


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_quarters(day: date) -> None:
    quarter = quarter_of(day.isoformat())
    assert quarter == f"{day.year}-Q{1 + (day.month - 1) // 3}"
    assert said_quarter(quarter)[:5] == f"{day.year}年"
