"""A child row that changes its case does so in the same write: one history entry each, and what the case asks for is asked of both."""

from __future__ import annotations

import pytest

from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.take_step import open_steps, take_step
from jusuo_desktop.records.field import Values
from jusuo_desktop.store import Edit, Refused
from tests.actions.test_save_record import APPLICANT, RESPONDENT, mediation


@pytest.fixture
def case(session: Session) -> str:
    values = mediation(session, accepted_on="2026-03-02", rights_notified_on="2026-03-02")
    record_id = save(session, "mediation", values, children=(APPLICANT, RESPONDENT)).record.id
    take_step(session, record_id, "accept")
    return take_step(session, record_id, "mediate").id


def now(session: Session, case: str) -> Values:
    record = session.store.record(case)
    assert record is not None
    return record.values


def test_a_replaced_mediator_is_replaced_in_the_case(session: Session, case: str) -> None:
    other = session.store.write([Edit("worker", {"name": "单田芳", "worker_roles": ["3"]})], act="save")[0].id
    before = len(session.store.history(case))
    change = {"changed_on": "2026-03-09", "former_mediators": [session.store.user.id], "new_mediators": [other], "change_reason": "1"}
    change_id = save(session, "mediator_change", change, parent_id=case).record.id
    assert now(session, case)["mediators"] == [other]
    assert len(session.store.history(case)) == before + 1
    save(session, "mediation", {"mediators": [other, session.store.user.id]}, record_id=case)
    save(session, "mediator_change", {"remarks": "已告知双方"}, record_id=change_id)
    assert now(session, case)["mediators"] == [other, session.store.user.id], "a remark written later replaces nobody again"


def test_what_stands_still_is_due_later_and_goes_on_only_with_a_note(session: Session, case: str) -> None:
    assert now(session, case)["due_on"] == "2026-04-02"
    with pytest.raises(Refused, match="期限变更"):
        take_step(session, case, "suspend")
    still = {"change_kind": "2", "decided_on": "2026-03-10", "reason": "当事人住院"}
    change_id = save(session, "period_change", still, parent_id=case).record.id
    with pytest.raises(Refused, match="各方当事人同意"):
        take_step(session, case, "suspend")
    save(session, "period_change", {"parties_agreed": True}, record_id=change_id)
    take_step(session, case, "suspend")
    with pytest.raises(Refused, match="恢复的记录"):
        take_step(session, case, "go_on")
    save(session, "period_change", {"change_kind": "3", "decided_on": "2026-03-20", "reason": "已出院"}, parent_id=case)
    assert now(session, case)["due_on"] == "2026-04-12"
    assert take_step(session, case, "go_on").values["state"] == "mediating"


def test_an_objection_to_the_mediator_is_answered_before_they_agree(session: Session, case: str) -> None:
    met = {"mediated_at": "2026-03-09T09:00", "place": "村部", "record_text": "甲：要求回避。", "mediation_result": "1", "was_challenged": True}
    met_id = save(session, "mediation_session", met, parent_id=case).record.id
    save(session, "agreement", {"agreement_form": "2", "agreement_content": "三日内拆除。", "agreed_on": "2026-03-09"}, parent_id=case)
    with pytest.raises(Refused, match="回避"):
        take_step(session, case, "settle")
    save(session, "mediation_session", {"challenge_outcome": "经查不需要回避，当事人接受。"}, record_id=met_id)
    assert take_step(session, case, "settle").values["mediation_result"] == "1", "whoever agreed need not say so again"
    assert take_step(session, case, "resume").values["mediation_result"] == "3"
    ended = {"termination_reason": "2", "terminated_on": "2026-03-19", "way_on": ["3"]}
    assert take_step(session, case, "fail", ended).values["mediation_result"] == "2"
    take_step(session, case, "resume")
    take_step(session, case, "settle")
    lacking = "".join(next(s.lacking for s in open_steps(session, case) if s.step.act == "close"))
    assert "协议生效日期" in lacking
    assert "协议履行情况" in lacking


def test_a_case_is_closed_no_earlier_than_its_last_item_was_performed(session: Session, case: str) -> None:
    save(session, "mediation_session", {"mediated_at": "2026-03-09T09:00", "mediation_result": "1"}, parent_id=case)
    agreed = {"agreement_form": "1", "agreement_content": "分期归还。", "agreed_on": "2026-03-09"}
    agreement = save(session, "agreement", agreed, parent_id=case).record.id
    take_step(session, case, "settle")
    item = save(session, "performance", {"content": "还款", "performed_on": "2026-03-19"}, parent_id=agreement).record.id
    with pytest.raises(Refused, match="早于履行完毕的日期（2026-03-19）"):
        take_step(session, case, "close", {"closed_on": "2026-03-12"})
    save(session, "performance", {"performed_on": None}, record_id=item)
    with pytest.raises(Refused, match="协议履行情况"):
        take_step(session, case, "close", {"closed_on": "2026-03-20"})
    save(session, "performance", {"performed_on": "2026-03-19"}, record_id=item)
    assert take_step(session, case, "close", {"closed_on": "2026-03-19"}).values["state"] == "closed"


def test_a_minor_and_a_company_have_somebody_who_speaks_for_them(session: Session) -> None:
    values = mediation(session, accepted_on="2026-03-02", rights_notified_on="2026-03-02")
    case = save(session, "mediation", values, children=(APPLICANT,)).record.id
    child = save(session, "party", {"name": "小明", "party_role": "2", "birth_date": "2012-05-01"}, parent_id=case).record.id
    firm = save(session, "party", {"organization_name": "某公司", "party_role": "3", "party_type": "02"}, parent_id=case).record.id
    agent = save(session, "agent", {"name": "王律师", "agent_kind": "1", "principals": [firm]}, parent_id=case).record.id
    take_step(session, case, "accept")
    with pytest.raises(Refused, match=r"监护人：小明.*单位负责人：某公司.*委托事项或者委托日期：王律师"):
        take_step(session, case, "mediate")
    save(session, "party", {"guardian_name": "李四"}, record_id=child)
    save(session, "party", {"organization_principal": "王总"}, record_id=firm)
    save(session, "agent", {"authorized_on": "2026-03-02", "authorized_matters": ["1"]}, record_id=agent)
    assert take_step(session, case, "mediate").values["state"] == "mediating"


def test_a_refusal_tells_why_when_and_where_to_go(session: Session) -> None:
    case = save(session, "mediation", mediation(session), children=(APPLICANT, RESPONDENT)).record.id
    with pytest.raises(Refused, match=r"不予受理理由.*不予受理日期.*告知的其他途径"):
        take_step(session, case, "refuse")
    save(session, "mediation", {"accepted_on": "2026-03-02", "refusal_reason": "4"}, record_id=case)
    with pytest.raises(Refused, match="第17条"):
        take_step(session, case, "accept")
    assert take_step(session, case, "refuse", {"refused_on": "2026-03-03", "way_on": ["3"]}).values["state"] == "refused"
