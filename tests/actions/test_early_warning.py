"""Early warnings begin with what the case or the screened matter says; the time to report is the county's."""

from __future__ import annotations

from datetime import datetime

import pytest

from jusuo_desktop.actions.early_warning import report_by, time_left, warning_values
from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.screening_case import turn_into_case
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.take_step import take_step
from jusuo_desktop.records.deadlines import NATIONAL_RULES, Rules
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.store.refusal import Refused
from tests.actions.conftest import VILLAGE
from tests.actions.test_screening import screened


def test_it_begins_with_what_is_known(session: Session) -> None:
    _, row = screened(session, risk_forecast="5")
    begun = warning_values(session, row.id)
    assert begun == {
        "screened_dispute": row.id,
        "village": place_id("village", VILLAGE),
        "people": "张三、李四与王五等3人",
        "people_involved": 5,
        "content": "邻里纠纷：因院墙滴水发生争吵。",
        "risk_forecast": "5",
    }
    case = turn_into_case(session, row.id)
    of_case = warning_values(session, case.id)
    assert (of_case["mediation"], of_case["people"]) == (case.id, "张三、李四、王五")
    assert warning_values(session, row.id)["mediation"] == case.id
    assert warning_values(session, session.store.user.id) == {}


def test_it_goes_from_open_over_reported_to_resolved(session: Session) -> None:
    values = {"warned_at": "2026-03-20T06:10", "warning_level": "3", "risk_forecast": "5", "people": "甲", "content": "扬言械斗"}
    record = save(session, "early_warning", values).record
    with pytest.raises(Refused, match="第25条"):
        take_step(session, record.id, "report")
    take_step(session, record.id, "report", {"told_to": "派出所", "told_at": "2026-03-20T07:00"})
    assert take_step(session, record.id, "resolve", {"measures": "分开劝解，派人值守。"}).values["state"] == "resolved"


def test_the_county_sets_the_hours() -> None:
    major = {"warned_at": "2026-03-20T22:30", "warning_level": "3"}
    assert report_by(major, NATIONAL_RULES) == "2026-03-21T04:30"
    two = {"parameter": "warning_report", "holds_from": "2026-01-01", "value": 2, "unit": "hour", "basis": "县司〔2026〕1号"}
    assert report_by(major, Rules((two,))) == "2026-03-21T00:30"
    assert report_by(major, Rules(({**two, "value": 1, "unit": "day"},))) == "2026-03-21T23:59"
    assert report_by({**major, "warning_level": "1"}, NATIONAL_RULES) == ""
    assert time_left("2026-03-20T12:00", datetime(2026, 3, 20, 11, 30, 59)) == "还有30分钟须报告"
    assert time_left("2026-03-20T12:00", datetime(2026, 3, 20, 14, 0)) == "报告时限已过2小时"
