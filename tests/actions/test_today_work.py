"""What waits today, on a real store: due, promised, in conflict, incomplete."""

from __future__ import annotations

from datetime import datetime

from jusuo_desktop.actions.reminder import Reminder
from jusuo_desktop.actions.save_record import Child, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.take_step import take_step
from jusuo_desktop.actions.today_work import reminders
from jusuo_desktop.actions.void_record import void
from jusuo_desktop.store import Edit
from tests.actions.test_save_record import APPLICANT, RESPONDENT, mediation


def opened(session: Session, accepted_on: str) -> str:
    record = save(session, "mediation", mediation(session, accepted_on=accepted_on), children=(APPLICANT, RESPONDENT)).record
    return take_step(session, record.id, "accept").id


def consultation(session: Session, **more: object) -> str:
    values = {
        "consulted_at": "2026-03-18T09:30",
        "consultation_channel": "1",
        "contact_phone": "13800000000",
        "matter_type": "1",
        "consultation_content": "建房",
        "received_by": session.store.user.id,
        **more,
    }
    return save(session, "consultation", values).record.id


def of(session: Session, record_id: str) -> list[Reminder]:
    return [r for r in reminders(session) if r.record_id == record_id]


def test_a_mediation_shows_five_days_before_its_month_ends_and_after(session: Session) -> None:
    over, near, far = opened(session, "2026-02-15"), opened(session, "2026-02-25"), opened(session, "2026-03-15")
    assert [r.said for r in of(session, over)] == ["调解期限已超过 5 天"]
    assert [r.said for r in of(session, near)] == ["调解期限还有 5 天到期"]
    assert of(session, far) == []
    assert [r.record_id for r in reminders(session)] == [over, near]
    take_step(session, over, "withdraw")
    void(session, near, "重复登记")
    assert reminders(session) == []


def test_a_promised_reply_and_an_unperformed_agreement(session: Session) -> None:
    promised = consultation(session, reply_due_on="2026-03-20")
    assert [r.said for r in of(session, promised)] == ["约定的答复今天到期"]
    take_step(session, promised, "answer", {"reply_opinion": "可以申请调解。"})
    assert of(session, promised) == []
    agreement = {
        "agreement_form": "2",
        "facts_and_disputed_matters": "院墙滴水",
        "agreement_content": "三日内加装水槽。",
        "performance_terms": "三日内",
        "agreed_on": "2026-03-10",
        "performance_due_on": "2026-03-13",
    }
    record_id = save(session, "mediation", mediation(session), children=(APPLICANT, RESPONDENT, Child("agreement", agreement))).record.id
    assert [r.said for r in of(session, record_id)] == ["协议履行已超过 7 天，应当回访"]
    save(session, "mediation", {"performed_on": "2026-03-12"}, record_id=record_id)
    assert of(session, record_id) == []


def test_a_value_in_conflict_is_named_at_the_record_people_know(session: Session) -> None:
    record_id = save(session, "mediation", mediation(session), children=(APPLICANT, RESPONDENT)).record.id
    party = session.store.children(record_id, "party")[0].id
    session.store.write([Edit("conflict", {"field_name": "sex", "state": "open"}, parent_id=party)], act="save")
    found = of(session, record_id)
    assert len(found) == 1
    assert "当事人的“性别”" in found[0].said


def test_an_incomplete_record_says_what_it_lacks_and_comes_last(session: Session) -> None:
    lacking = save(session, "mediation", {"registered_on": "2026-03-18"}).record.id
    over = opened(session, "2026-01-15")
    found = reminders(session)
    assert [r.record_id for r in found] == [over, lacking]
    assert found[1].said == "还缺：纠纷类型、案件来源、调委会等 5 项"
    assert reminders(session, limit=1) == found[:1]


def test_the_time_for_judicial_confirmation_is_told_before_it_ends(session: Session) -> None:
    agreement = {
        "agreement_form": "2",
        "facts_and_disputed_matters": "院墙滴水",
        "agreement_content": "四月底前加装水槽。",
        "performance_terms": "四月底前",
        "agreed_on": "2026-02-18",
        "effective_on": "2026-02-20",
    }
    made = save(session, "mediation", mediation(session), children=(APPLICANT, RESPONDENT, Child("agreement", agreement))).record.id
    told = [r for r in of(session, made) if "司法确认" in r.said]
    assert [(r.due_on, r.said) for r in told] == [("2026-03-23", "申请司法确认的期限还有 3 天到期")], "the thirtieth day, 22 March, is a Sunday"
    year = {"year": 2026, "source": "通知", "days_off": "3月23日"}
    save(session, "calendar_year", year)
    assert [r.due_on for r in of(session, made) if "司法确认" in r.said] == ["2026-03-24"]
    save(session, "mediation", {"performance_status": "1"}, record_id=made)
    assert not [r for r in of(session, made) if "司法确认" in r.said]


def test_what_the_county_sets_holds_from_its_day(session: Session) -> None:
    limit = {"parameter": "mediation_period", "value": 15, "unit": "day", "holds_from": "2026-03-01", "basis": "县规定"}
    save(session, "county_parameter", limit)
    before, after = opened(session, "2026-02-28"), opened(session, "2026-03-08")
    held = [session.store.record(record_id).values["due_on"] for record_id in (before, after)]  # type: ignore[union-attr]
    assert held == ["2026-03-28", "2026-03-23"]
    assert of(session, before) == []
    assert [r.said for r in of(session, after)] == ["调解期限还有 3 天到期"]
    save(session, "county_parameter", {**limit, "parameter": "mediation_near", "value": 10})
    assert [r.said for r in of(session, before)] == ["调解期限还有 8 天到期"]


def test_a_letter_due_in_a_year_whose_days_off_are_unknown_says_so(session: Session) -> None:
    late = Session(session.store, lambda: datetime(2027, 1, 6, 9))
    letter = consultation(session, consultation_channel="2", letter_route="1", consulted_at="2026-12-28T09:30")
    assert [(r.due_on, r.said) for r in of(late, letter)] == [("2027-01-06", "来信的答复今天到期（2027年的放假安排还没有公布，按周末推算）")]
    save(session, "calendar_year", {"year": 2027, "source": "通知", "days_off": "1月1日至3日"})
    assert [r.said for r in of(late, letter)] == ["来信的答复今天到期"]


def test_a_major_warning_counts_down_and_late_screening_is_told(session: Session) -> None:
    values = {"warned_at": "2026-03-20T06:10", "warning_level": "3", "risk_forecast": "5", "people": "甲、乙", "content": "扬言械斗"}
    major = save(session, "early_warning", values).record.id
    minor = save(session, "early_warning", {**values, "warning_level": "1"}).record.id
    assert [(r.due_on, r.said) for r in of(session, major)] == [("2026-03-20T12:10", "还有2小时40分须报告")]
    assert [r.said for r in of(session, minor)] == ["还没有报告"]
    later = Session(session.store, lambda: datetime(2026, 3, 20, 14, 15))
    assert [r.said for r in of(later, major)] == ["报告时限已过2小时5分"]
    take_step(session, major, "report", {"told_to": "派出所", "told_at": "2026-03-20T09:00"})
    assert of(session, major) == []
    screening = {"screened_on": "2026-03-18", "screeners": [session.store.user.id], "is_zero_report": True}
    east = session.store.find_by_name("village", "东村")[0]
    save(session, "dispute_screening", {**screening, "village": east})
    april = Session(session.store, lambda: datetime(2026, 4, 2, 9, 0))
    late = [r for r in reminders(april) if r.kind == "dispute_screening"]
    assert [(r.record_id, r.title, r.due_on, r.said) for r in late] == [("", "3月下半月的排查报告", "2026-03-31", "没有报告：西塘社区")]


AGREED = {
    "agreement_form": "2",
    "facts_and_disputed_matters": "借款",
    "agreement_content": "分两期归还。",
    "performance_terms": "两期",
    "agreed_on": "2026-03-05",
    "performance_due_on": "2026-03-20",
    "recorder": "m1",
}


def test_each_item_of_an_agreement_says_who_owes_what_today(session: Session) -> None:
    case = save(session, "mediation", mediation(session), children=(APPLICANT, RESPONDENT)).record.id
    items = (
        Child("performance", {"obligor": "李四", "content": "还款", "amount": 500_000, "due_on": "2026-03-20", "instalment": 1}),
        Child("performance", {"obligor": "李四", "content": "拆除院墙", "due_on": "2026-03-10"}),
        Child("performance", {"obligor": "李四", "content": "还款", "amount": 500_000, "due_on": "2026-06-20"}),
    )
    agreement = save(session, "agreement", AGREED, parent_id=case, children=items).record.id
    told = [(r.due_on, r.said) for r in of(session, case)]
    assert told == [("2026-03-10", "李四应于3月10日拆除院墙，已超过 10 天，应当回访"), ("2026-03-20", "李四应于今天付 5,000 元（第1期）")]
    visit = {"visited_at": "2026-03-12T09:00", "visited_persons": "李四", "visit_reason": "还款", "performance_status": "3", "visit_findings": "答应"}
    save(session, "follow_up", {**visit, "visitor": session.store.user.id}, parent_id=case)
    assert "应当回访" not in of(session, case)[0].said
    first = session.store.children(agreement, "performance")[0].id
    save(session, "performance", {"performed_on": "2026-03-20"}, record_id=first)
    assert [r.due_on for r in of(session, case)] == ["2026-03-10"]


def test_a_court_waits_for_an_answer_and_not_for_what_was_asked_already(session: Session) -> None:
    sent = {"case_source": "3", "entrusting_body": "清溪县人民法院", "referral_kind": "1", "referral_received_on": "2026-03-18"}
    case = save(session, "mediation", mediation(session, **sent), children=(APPLICANT, RESPONDENT)).record.id
    assert [(r.due_on, r.said) for r in of(session, case)] == [("2026-03-23", "向法院确认是否受理还有 3 天到期")]
    take_step(session, case, "accept", {"accepted_on": "2026-03-20"})
    assert of(session, case) == []
    held = session.store.record(case)
    assert held is not None
    assert held.values["due_on"] == "2026-04-17", "thirty days from the receipt"
    agreed = {**AGREED, "agreed_on": "2026-02-18", "effective_on": "2026-02-20", "performance_due_on": "2026-12-01"}
    save(session, "agreement", agreed, parent_id=case)
    assert [r.said for r in of(session, case)] == ["申请司法确认的期限还有 3 天到期"]
    save(session, "judicial_confirmation", {"court_name": "清溪县人民法院", "applied_on": "2026-03-20"}, parent_id=case)
    assert not [r for r in of(session, case) if "司法确认的期限" in r.said]


def test_money_taken_and_a_risky_case_left_alone_are_told(session: Session) -> None:
    case = save(session, "mediation", mediation(session), children=(APPLICANT, RESPONDENT)).record.id
    rated = {"evaluation_subject": "1", "evaluated_on": "2026-03-20", "survey_method": "2", "overall_satisfaction": "1", "fee_charged": True}
    rating = save(session, "evaluation", rated, parent_id=case).record.id
    assert [r.said for r in of(session, case)] == ["满意度测评反映收取了费用：人民调解不收取任何费用，请立即核实、退还（人民调解法第4条）"]
    save(session, "evaluation", {"fee_charged": False}, record_id=rating)
    assert of(session, case) == []


def test_a_settled_case_that_may_get_worse_is_visited_again_and_again(session: Session) -> None:
    made = mediation(session, state="settled", risk_forecast="3", registered_on="2025-12-01", performance_status="5")
    case = session.store.write([Edit("mediation", made, import_key="old")], act="save")[0].id
    session.store.write([Edit("agreement", {**AGREED, "agreed_on": "2026-02-18"}, parent_id=case)], act="save")
    assert [(r.due_on, r.said[-25:]) for r in of(session, case)] == [("2026-03-20", "上次回访（协议）是2026-02-18，应当再回访")]
    session.store.write([Edit("follow_up", {"visited_at": "2026-03-01T09:00"}, parent_id=case)], act="save")
    assert of(session, case) == []
