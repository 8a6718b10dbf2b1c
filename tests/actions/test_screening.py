"""Screening on a real store: who owes, the zero report of many villages, a found matter that becomes a case once and for all."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jusuo_desktop.actions.save_record import Child, save
from jusuo_desktop.actions.screening import calendar, late, open_disputes, zero_report
from jusuo_desktop.actions.screening_case import turn_into_case
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.void_record import void
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.records.kind import Record
from jusuo_desktop.reports.names import JOINING, everyone
from jusuo_desktop.store.refusal import Refused
from tests.actions.conftest import COMMITTEE, OFFICE, VILLAGE

FOUND = {
    "parties": "张三、李四与王五等3人",
    "dispute_type": "2",
    "people_involved": 5,
    "place": "东村三组晒谷场",
    "summary": "因院墙滴水发生争吵。",
    "risk_forecast": "6",
}


def screened(session: Session, **more: object) -> tuple[Record, Record]:
    values = {
        "screened_on": "2026-03-18",
        "village": place_id("village", VILLAGE),
        "committee": place_id("mediation_committee", f"{OFFICE}/{COMMITTEE}"),
        "screeners": [session.store.user.id],
    }
    record = save(session, "dispute_screening", values, children=(Child("screened_dispute", {**FOUND, **more}),)).record  # type: ignore[dict-item]
    return record, session.store.children(record.id, "screened_dispute")[0]


def test_villages_owe_half_monthly_and_report_that_nothing_was_found(session: Session) -> None:
    owing = calendar(session)
    assert [(o.unit.name, o.period.said, o.reported) for o in owing] == [("东村", "3月下半月", False), ("西塘社区", "3月下半月", False)]
    assert late(session) == []  # nothing was kept here in the half month before
    screened(session)
    here, there = calendar(session)
    assert (here.found, here.reported, there.reported) == (1, True, False)
    made = zero_report(session, calendar(session))
    assert [r.values["village"] for r in made] == [place_id("village", "990101001202")]
    assert [o.zero for o in calendar(session)] == [False, True]
    with pytest.raises(Refused, match="都已经报告过"):
        zero_report(session, calendar(session))


def test_what_did_not_come_is_late_in_the_next_period(session: Session) -> None:
    screened(session)
    april = Session(session.store, lambda: datetime(2026, 4, 3, 9, 0))
    assert [(o.unit.name, o.overdue(april.today())) for o in late(april)] == [("西塘社区", 3)]
    zero_report(april, late(april))
    assert late(april) == []
    assert not any(o.reported for o in calendar(april))


def test_a_found_matter_becomes_a_case_once_with_links_both_ways(session: Session) -> None:
    _, row = screened(session)
    assert [r.id for r in open_disputes(session)] == [row.id]
    case = turn_into_case(session, row.id)
    assert case.values["case_source"] == "2"
    assert case.values["screened_dispute"] == row.id
    assert case.values["village"] == place_id("village", VILLAGE)
    assert (case.values["dispute_type"], case.values["people_involved"], case.values["risk_forecast"]) == ("2", 5, "6")
    assert case.values["dispute_summary"] == "因院墙滴水发生争吵。（地点：东村三组晒谷场）"
    assert case.values["remarks"] == "排查时登记的当事人：张三、李四与王五等3人"
    assert case.scope == VILLAGE
    people = session.store.children(case.id, "party")
    assert [(p.values["name"], p.values.get("side_headcount"), p.values.get("party_role")) for p in people] == [
        ("张三", None, None), ("李四", None, None), ("王五", 3, None),
    ]  # fmt: skip
    after = session.store.record(row.id)
    assert after is not None
    assert (after.values["mediation"], after.values["screening_outcome"]) == (case.id, "3")
    assert turn_into_case(session, row.id).id == case.id
    assert open_disputes(session) == []
    void(session, case.id, "转错了")
    assert turn_into_case(session, row.id).id != case.id


def test_a_matter_whose_case_is_elsewhere_becomes_no_second_one(session: Session) -> None:
    _, row = screened(session, mediation="019d0000-0000-7000-8000-000000000001")
    with pytest.raises(Refused, match="不在本机"):
        turn_into_case(session, row.id)


def test_a_voided_matter_becomes_no_case(session: Session) -> None:
    _, row = screened(session)
    void(session, row.id, "录入有误")
    with pytest.raises(Refused, match="作废"):
        turn_into_case(session, row.id)


@given(st.text(alphabet="张三李四王五和平与及等人、，, ；公司村小组(男)1", min_size=1, max_size=40))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_character_of_a_name_gets_lost(text: str) -> None:
    kept = "".join(one.name for one in everyone(text))
    for character in re.sub(rf"[{JOINING}、，,；\s()（）\d.]|等|[人户名位]", "", text):
        assert character in kept


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("李和平和东村小组", ["李和平", "东村小组"]),
        ("陈与义与王五", ["陈与义", "王五"]),
        ("张和平", ["张和平"]),
        ("祥和公司和李四、王和平", ["祥和公司", "李四", "王和平"]),
        ("义乌和平村", ["义乌和平村"]),
        ("张　三、李　四", ["张三", "李四"]),
    ],
)
def test_joining_words_inside_names_stay_there(text: str, names: list[str]) -> None:
    assert [one.name for one in everyone(text)] == names
