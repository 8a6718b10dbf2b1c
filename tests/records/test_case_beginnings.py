"""What children of a mediation begin with: only what the case knows, only fields that they have, nothing that the check refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.records.case_beginnings import Case, begun, begun_row, performance_of, row_begin
from jusuo_desktop.records.check import check
from jusuo_desktop.records.field import Values
from jusuo_desktop.records.registry import KINDS, children_of

ZHANG: Values = {"name": "张三", "party_role": "1", "address": "东村1组"}
LI: Values = {"name": "李四", "party_role": "2", "address": "东村2组"}
CHILD: Values = {"name": "小明", "party_role": "2", "birth_date": "2012-05-01", "guardian_name": "李四", "guardian_relationship": "父亲"}
AGREED: Values = {
    "agreement_number": "东民〔2026〕3号",
    "agreed_on": "2026-03-08",
    "facts_and_disputed_matters": "李四拖欠借款。",
    "agreement_content": "李四分两期归还借款。",
    "agreement_amount": 1_000_000,
    "performance_due_on": "2026-04-08",
}
VALUES: Values = {"registered_on": "2026-03-02", "place": "村调解室", "mediators": ["m1"], "dispute_summary": "借款未还", "dispute_type": "4"}


def case(**family: list[Values]) -> Case:
    rows = {"party": [ZHANG, LI], **family}
    return Case(
        VALUES, "张三与李四合同纠纷", rows, [f"p{i}" for i in range(len(rows["party"]))], {"name": "东村调委会", "phone": "0573-86021234"}, "清溪县"
    )


def test_nobody_types_a_name_twice() -> None:
    whole = case(agent=[{"name": "王律师"}], participant=[{"name": "赵主任", "organization_name": "村委会"}], agreement=[AGREED])
    assert begun("mediation_session", whole)["participants"] == "张三、李四、王律师、赵主任"
    assert begun("inquiry", whole) == {"place": "村调解室", "investigators": ["m1"]}
    assert begun("invitation", whole)["invited_persons"] == "张三、李四"
    assert begun("invitation", whole)["contact"] == "东村调委会 0573-86021234"
    assert begun("mediator_change", whole) == {"former_mediators": ["m1"]}
    assert begun("agreement", whole) == {"facts_and_disputed_matters": "借款未还", "copies": 3}
    visit = begun("follow_up", whole)
    assert (visit["visited_persons"], visit["visit_reason"]) == ("张三、李四", "张三与李四合同纠纷")


def test_an_application_to_the_court_says_what_was_agreed() -> None:
    asked = begun("judicial_confirmation", case(agreement=[{"agreed_on": "2026-01-01"}, AGREED]))
    assert asked["court_name"] == "清溪县人民法院"
    assert asked["request_items"] == "请求依法确认张三、李四于2026年3月8日经东村调委会主持调解达成的调解协议（东民〔2026〕3号）有效。"
    assert asked["facts_and_reasons"] == "李四拖欠借款。\n李四分两期归还借款。"


def test_a_minor_s_guardian_is_his_agent_by_law_once() -> None:
    minor = case(party=[ZHANG, CHILD])
    assert begun("agent", minor) == {"name": "李四", "agent_kind": "2", "principals": ["p1"], "relationship": "父亲"}
    assert begun("agent", case(party=[ZHANG, CHILD], agent=[{"name": "李四"}])) == {}
    assert begun("agent", case()) == {}


def test_a_proof_of_service_is_for_the_party_that_has_none_yet() -> None:
    waiting = case(invitation=[{}], service_proof=[{"recipient": "张三"}])
    assert begun("service_proof", waiting) == {"document_names": "调解通知书", "recipient": "李四", "place": "东村2组"}


def test_items_go_on_from_one_to_the_next_until_the_amount_is_spent() -> None:
    begin = row_begin("performance", case())
    first = begun_row("performance", begin, AGREED, [])
    assert first == {"obligor": "李四", "amount": 1_000_000, "due_on": "2026-04-08"}
    paid = {**first, "amount": 400_000, "due_on": "2026-01-31", "content": "归还借款"}
    second = begun_row("performance", begin, AGREED, [paid])
    assert second == {"obligor": "李四", "content": "归还借款", "amount": 600_000, "due_on": "2026-02-28", "instalment": 2}
    assert "amount" not in begun_row("performance", begin, AGREED, [paid, second])


@given(st.lists(st.booleans()))
def test_performance_is_told_by_the_items(done: list[bool]) -> None:
    told = performance_of(case(performance=[{"performed_on": "2026-03-09"} if d else {} for d in done]))
    assert told == ("" if not done else "1" if all(done) else "3" if not any(done) else "2")


@pytest.mark.parametrize("kind", [k.name for k in children_of("mediation")])
@given(st.data())
def test_whatever_the_case_knows_the_child_may_begin_so(kind: str, data: st.DataObject) -> None:
    text = st.text(st.sampled_from("张王李、村1"), min_size=1, max_size=8)
    party = st.fixed_dictionaries({}, optional={"name": text, "party_role": st.sampled_from("12"), "organization_name": text, "guardian_name": text,
                                                "birth_date": st.just("2012-02-29"), "address": text})  # fmt: skip
    parties = data.draw(st.lists(party, max_size=3))
    values = data.draw(st.sets(st.sampled_from(sorted(VALUES)))) | {"state"}
    held: Values = {n: VALUES.get(n, data.draw(st.sampled_from(("accepted", "settled", "failed", "refused")))) for n in values}
    agreement = [{n: AGREED[n] for n in data.draw(st.sets(st.sampled_from(sorted(AGREED))))}] if data.draw(st.booleans()) else []
    found = begun(kind, Case(held, "某纠纷", {"party": parties, "agreement": agreement}, [f"p{i}" for i in range(len(parties))]))
    assert found.keys() <= KINDS[kind].by_name.keys()
    assert not [p for p in check(KINDS[kind], found) if p.blocking]
