"""What a clerk should look up for: money taken, harm threatened, an oral agreement where a written one is due, each with its article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.records.field import Values
from jusuo_desktop.records.mediation_warnings import FREE, charges, threats, warnings
from jusuo_desktop.records.registry import KINDS

CALM: Values = {
    "state": "mediating",
    "risk_forecast": "1",
    "difficulty": "1",
    "dispute_type": "2",
    "accepted_on": "2026-03-02",
    "due_on": "2026-04-02",
}


def fields(values: Values, **family: list[Values]) -> set[str]:
    return {one.field for one in warnings(values, family)}


def test_a_calm_case_says_nothing() -> None:
    party: list[Values] = [{"name": "张三"}, {"name": "李四"}]
    assert warnings(CALM, {"party": party, "agreement": [{"agreement_form": "2", "agreement_content": "李四三日内拆除。"}]}) == []


@pytest.mark.parametrize(
    "text", ["双方各承担调解费200元", "李四向调委会交纳手续费五十元", "调解员收取材料费100元。", "由申请人支付调解服务费", "另付办案费用三百元"]
)
def test_a_fee_for_mediating_is_an_alarm(text: str) -> None:
    (told,) = warnings(CALM, {"agreement": [{"agreement_form": "2", "agreement_content": f"李四归还借款，{text}"}]})
    assert told.field == "agreement.agreement_content"
    assert told.alarm
    assert "第4条" in told.article


@pytest.mark.parametrize(
    "text", ["人民调解不收取任何费用", "调解不收费", "免收调解费", "银行贷款手续费由李四承担", "赔偿医疗费、护理费", "款项交到调委会转付"]
)
def test_what_is_free_or_owed_to_others_is_none(text: str) -> None:
    assert charges(text) == ""


@given(st.text(st.sampled_from("不免未没李四付元，。调解")), st.sampled_from(["调解费", "调解服务费", "办案费用"]))
def test_a_clause_charges_only_where_nothing_denies_it(around: str, fee: str) -> None:
    clause = charges(around + fee)
    assert bool(clause) == (not FREE.search((around + fee).replace("。", "，").rpartition("，")[2]))


def test_a_fee_told_in_an_evaluation_is_an_alarm() -> None:
    assert fields(CALM, evaluation=[{"fee_charged": True}, {"fee_charged": False}]) == {"evaluation.fee_charged"}


def test_signs_of_escalation_are_told_while_the_case_is_open() -> None:
    assert fields({**CALM, "risk_forecast": "3"}) == {"risk_forecast"}
    threatened = {**CALM, "dispute_summary": "李四扬言要打砸张三家。"}
    assert fields(threatened) == {"risk_forecast"}
    assert threats("扬言打砸，又扬言报复") == ["扬言", "打砸", "报复"]
    assert fields({**CALM, "earlier_mediation": "m0"}) == {"earlier_mediation"}
    assert fields({**threatened, "state": "closed"}) == set()


@given(st.lists(st.integers(0, 8), max_size=6), st.none() | st.integers(0, 30))
def test_more_than_ten_people_are_a_group(heads: list[int], typed: int | None) -> None:
    party: list[Values] = [{"side_headcount": h} if h else {} for h in heads]
    values = CALM if typed is None else {**CALM, "people_involved": typed}
    assert ("people_involved" in fields(values, party=party)) == (max(typed or 0, sum(max(h, 1) for h in heads)) > 10)


@pytest.mark.parametrize(
    ("values", "agreement"),
    [({}, {"agreement_amount": 1}), ({"difficulty": "3"}, {}), ({}, {"agreed_on": "2026-03-08", "performance_due_on": "2026-03-09"})],
)
def test_an_oral_agreement_where_a_written_one_is_due(values: Values, agreement: Values) -> None:
    case = {**CALM, **values}
    assert fields(case, agreement=[{"agreement_form": "1", **agreement}]) == {"agreement.agreement_form"}
    assert fields(case, agreement=[{"agreement_form": "2", **agreement}]) == set()
    assert fields(CALM, agreement=[{"agreement_form": "1"}]) == set()


def test_the_court_and_the_people() -> None:
    agreed: list[Values] = [{"agreement_form": "2"}]
    assert fields({**CALM, "dispute_type": "1"}, agreement=agreed) == set()
    assert fields({**CALM, "dispute_type": "1"}, agreement=agreed, judicial_confirmation=[{}]) == {"dispute_type"}
    chosen: list[Values] = [{"party_role": "1", "is_representative": True}] * 5
    assert fields(CALM, party=chosen) == set()
    assert fields(CALM, party=[*chosen, chosen[0]]) == {"party.is_representative"}
    assert fields(CALM, participant=[{"consent_obtained": False}]) == {"participant.consent_obtained"}
    assert [w.field for w in warnings({**CALM, "mediators": ["m1"]}, {}, town=True)] == ["mediators"]


def test_a_last_day_moves_only_with_the_parties_consent() -> None:
    late = {**CALM, "due_on": "2026-05-02"}
    assert fields(late) == {"due_on"}
    assert fields(late, period_change=[{"change_kind": "1", "parties_agreed": True}]) == set()
    assert fields(late, period_change=[{"change_kind": "1"}]) == {"period_change.parties_agreed", "due_on"}


def test_every_caution_is_about_a_field_that_exists() -> None:
    everything: list[Values] = [{"agreement_form": "1", "agreement_amount": 1, "agreement_content": "付调解费"}]
    family = {"agreement": everything, "evaluation": [{"fee_charged": True}], "inquiry": [{"investigators": ["a"]}], "judicial_confirmation": [{}]}
    for one in warnings({**CALM, "dispute_type": "7", "risk_forecast": "5", "people_involved": 20}, family, town=True):
        kind, _, name = one.field.rpartition(".")
        assert name in KINDS[kind or "mediation"].by_name
        assert one.article
