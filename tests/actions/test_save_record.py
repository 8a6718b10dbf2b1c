"""Saving, voiding and moving on: one write, nothing erased, the missing piece named."""

from __future__ import annotations

import pytest

from jusuo_desktop.actions.save_record import REMOVED, Child, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.take_step import open_steps, take_step
from jusuo_desktop.actions.void_record import void
from jusuo_desktop.records.identity import new_id, place_id
from jusuo_desktop.records.kind import VOIDED
from jusuo_desktop.store import BadFields, ListQuery, Refused
from tests.actions.conftest import COMMITTEE, OFFICE, VILLAGE

APPLICANT = Child("party", {"name": "张三", "party_role": "1", "id_card_number": "110105194912310021"})
RESPONDENT = Child("party", {"name": "李四", "party_role": "2"})


def mediation(session: Session, **more: object) -> dict[str, object]:
    return {
        "registered_on": "2026-03-02",
        "dispute_type": "2",
        "case_source": "1",
        "village": place_id("village", VILLAGE),
        "committee": place_id("mediation_committee", f"{OFFICE}/{COMMITTEE}"),
        "mediators": [session.store.user.id],
        "dispute_summary": "李四修建院墙，滴水落到张三屋檐下，双方发生争执。",
        **more,
    }


def parties(session: Session, record_id: str) -> list[dict[str, object]]:
    return [dict(c.values) for c in session.store.children(record_id, "party") if not c.voided]


def test_a_mediation_with_its_parties_is_one_write(session: Session) -> None:
    before = session.store.history
    saved = save(session, "mediation", mediation(session, accepted_on="2026-01-31"), children=(APPLICANT, RESPONDENT))
    values = saved.record.values
    assert saved.lacking == ()
    assert values["title"] == "张三与李四邻里纠纷"
    assert values["due_on"] == "2026-02-28"
    assert values["state"] == "registered"
    assert saved.record.scope == VILLAGE
    first = parties(session, saved.record.id)[0]
    assert (first["sex"], first["birth_date"], first["party_type"]) == ("2", "1949-12-31", "01")
    assert len(before(saved.record.id)) == 1


def test_an_incomplete_record_is_saved_and_says_what_it_lacks(session: Session) -> None:
    saved = save(session, "mediation", {"registered_on": "2026-03-02"}, children=(Child("party", {"name": "张三"}), Child("party", {"sex": "1"})))
    assert "纠纷类型" in saved.lacking
    assert "当事人1：地位" in saved.lacking
    assert "当事人2：姓名" in saved.lacking
    assert session.store.count(ListQuery("mediation")) == 1


def test_an_untouched_row_of_the_page_is_no_row(session: Session) -> None:
    saved = save(session, "mediation", mediation(session), children=(APPLICANT, Child("party", {"name": None})))
    assert len(session.store.children(saved.record.id)) == 1


def test_a_title_follows_the_parties_until_somebody_types_one(session: Session) -> None:
    record_id = save(session, "mediation", mediation(session), children=(APPLICANT, RESPONDENT)).record.id
    second = session.store.children(record_id, "party")[1]
    renamed = save(session, "mediation", {}, record_id=record_id, children=(Child("party", {"name": "李四光"}, second.id),))
    assert renamed.record.values["title"] == "张三与李四光邻里纠纷"
    save(session, "mediation", {"title": "院墙滴水纠纷"}, record_id=record_id)
    again = save(session, "mediation", {"dispute_type": "3"}, record_id=record_id)
    assert again.record.values["title"] == "院墙滴水纠纷"
    emptied = save(session, "mediation", {"title": None}, record_id=record_id, removed=(second.id,))
    assert emptied.record.values["title"] == "张三房屋宅基地纠纷"


def test_a_row_taken_off_the_page_is_voided_and_stays_readable(session: Session) -> None:
    record_id = save(session, "mediation", mediation(session), children=(APPLICANT, RESPONDENT)).record.id
    second = session.store.children(record_id, "party")[1].id
    save(session, "mediation", {}, record_id=record_id, removed=(second,))
    kept = session.store.record(second)
    assert kept is not None
    assert kept.values[VOIDED.name] == REMOVED
    assert len(parties(session, record_id)) == 1


def test_what_was_emptied_on_purpose_is_not_filled_in_again(session: Session) -> None:
    saved = save(session, "mediation", mediation(session, accepted_on="2026-03-03", due_on=None), children=(APPLICANT,))
    assert "due_on" not in saved.record.values
    longer = save(session, "mediation", {"due_on": "2026-05-03"}, record_id=saved.record.id)
    later = save(session, "mediation", {"accepted_on": "2026-03-04"}, record_id=longer.record.id)
    assert later.record.values["due_on"] == "2026-05-03"


def test_a_wrong_value_of_a_row_refuses_the_whole_write_and_names_the_row(session: Session) -> None:
    bad = Child("party", {"name": "李四", "birth_date": "1990-13-01"})
    with pytest.raises(BadFields) as refused:
        save(session, "mediation", mediation(session), children=(APPLICANT, bad))
    assert refused.value.problems[0].field == "party[1].birth_date"
    assert "当事人“李四”" in refused.value.message
    assert session.store.count(ListQuery("mediation")) == 0


def test_a_stale_screen_is_refused_and_nothing_of_it_is_written(session: Session) -> None:
    record_id = save(session, "mediation", mediation(session), children=(APPLICANT,)).record.id
    party = session.store.children(record_id, "party")[0].id
    save(session, "mediation", {"place": "村委会"}, record_id=record_id)
    with pytest.raises(Refused, match="刚刚被别人改过"):
        save(
            session, "mediation", {"place": "司法所"}, record_id=record_id, expected={"place": None}, children=(Child("party", {"sex": "1"}, party),)
        )
    assert parties(session, record_id)[0]["sex"] == "2"


def test_the_draft_goes_with_the_save_and_stays_with_a_refusal(session: Session) -> None:
    session.store.save_draft("mediation-1", "mediation", "", {"texts": {"registered_on": "3月2日"}})
    with pytest.raises(BadFields):
        save(session, "mediation", {"registered_on": "3月2日"}, draft_key="mediation-1")
    assert [d.key for d in session.store.drafts()] == ["mediation-1"]
    save(session, "mediation", {"registered_on": "2026-03-02"}, draft_key="mediation-1")
    assert session.store.drafts() == []


def test_a_caller_may_bring_the_identity(session: Session) -> None:
    identity = new_id()
    assert save(session, "mediation", mediation(session), record_id=identity, new=True).record.id == identity
    with pytest.raises(Refused):
        save(session, "mediation", mediation(session), record_id=new_id())


def test_voiding_takes_the_family_along_and_wants_a_reason_once(session: Session) -> None:
    record_id = save(session, "mediation", mediation(session), children=(APPLICANT, RESPONDENT)).record.id
    with pytest.raises(Refused, match="理由"):
        void(session, record_id, "  ")
    assert void(session, record_id, "重复登记").voided
    assert all(c.voided for c in session.store.children(record_id))
    assert session.store.count(ListQuery("mediation")) == 0
    with pytest.raises(Refused, match="已经作废"):
        void(session, record_id, "重复登记")
    with pytest.raises(Refused, match="本机上没有"):
        void(session, new_id(), "重复登记")
    assert open_steps(session, record_id) == []


def test_steps_name_what_they_lack_and_are_taken_when_nothing_does(session: Session) -> None:
    record_id = save(session, "mediation", mediation(session), children=(APPLICANT,)).record.id
    accept = next(s for s in open_steps(session, record_id) if s.step.act == "accept")
    assert any("受理日期" in said for said in accept.lacking)
    assert any("第17条" in said for said in accept.lacking)
    with pytest.raises(Refused, match="还不能“受理”"):
        take_step(session, record_id, "accept", {"accepted_on": "2026-03-03"})
    kept = session.store.record(record_id)
    assert kept is not None
    assert "accepted_on" not in kept.values
    save(session, "mediation", {}, record_id=record_id, children=(RESPONDENT,))
    taken = take_step(session, record_id, "accept", {"accepted_on": "2026-03-03"})
    assert (taken.values["state"], taken.values["due_on"]) == ("accepted", "2026-04-03")
    with pytest.raises(Refused, match="“开始调解”"):
        take_step(session, record_id, "archive")


def test_a_kind_without_a_course_has_no_steps(session: Session) -> None:
    visit = save(session, "adviser_visit", {"served_on": "2026-03-05", "started_at": "9:05", "ended_at": "11:35"})
    assert visit.record.values["duration_minutes"] == 150
    assert open_steps(session, visit.record.id) == []
    with pytest.raises(Refused, match="没有下一步"):
        take_step(session, visit.record.id, "close")
