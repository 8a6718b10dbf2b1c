"""The screening calendar: periods meet without a gap, a report counts once, what is late is told by its days."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.records.county_parameter import DAY, MONTH, Parameter
from jusuo_desktop.records.deadlines import Rules
from jusuo_desktop.records.screening_calendar import Period, Report, Unit, before, frequency, owed, period_of

DAYS = st.dates(date(2023, 1, 1), date(2030, 12, 31))
EVERY = st.one_of(
    st.sampled_from((1, 2, 3, 6, 12)).map(lambda n: Parameter(n, MONTH, "")),
    st.sampled_from((1, 5, 7, 10, 14, 15, 30)).map(lambda n: Parameter(n, DAY, "")),
)
EAST = Unit("c1", "v1", "01", "东村")
TOWN = Unit("c2", "", "03", "镇调委会")
MILL = Unit("c3", "", "05", "纺织厂调委会")


@given(DAYS, EVERY)
def test_every_day_is_in_one_period_and_periods_meet(day: date, every: Parameter) -> None:
    period = period_of(day, every)
    assert period.first <= day <= period.last
    assert period_of(period.first, every) == period == period_of(period.last, every)
    assert before(period, every).last == period.first - timedelta(days=1)
    assert period.said


def test_periods_as_people_say_them() -> None:
    assert period_of(date(2026, 3, 9), Parameter(15, DAY, "")).said == "3月上半月"
    assert period_of(date(2026, 2, 28), Parameter(15, DAY, "")) == Period(date(2026, 2, 16), date(2026, 2, 28))
    assert period_of(date(2026, 3, 31), Parameter(10, DAY, "")).said == "3月下旬"
    assert period_of(date(2026, 3, 9), Parameter(7, DAY, "")).said == "3月9日至15日"
    assert period_of(date(2026, 3, 9), Parameter(1, MONTH, "")).said == "3月"
    assert period_of(date(2026, 3, 9), Parameter(3, MONTH, "")).said == "1月至3月"


def test_the_town_monthly_the_village_half_monthly_others_by_the_county() -> None:
    today = date(2026, 3, 20)
    assert [(o.unit.name, o.period.said) for o in owed((EAST, TOWN, MILL), (), today)] == [("东村", "3月下半月"), ("镇调委会", "3月")]
    monthly = {"parameter": "screening_other", "holds_from": "2026-01-01", "value": 3, "unit": MONTH, "basis": "县司〔2026〕1号"}
    weekly = {"parameter": "screening_village", "holds_from": "2026-03-01", "value": 7, "unit": DAY, "basis": "县司〔2026〕1号"}
    rules = Rules((monthly, weekly))
    assert [o.period.said for o in owed((EAST, MILL), (), today, rules)] == ["3月16日至22日", "1月至3月"]
    off = Rules(({**weekly, "value": 0},))
    assert frequency("01", today, off) is None
    assert frequency("01", date(2026, 2, 28), off) is not None


def test_a_report_counts_for_its_period_alone() -> None:
    today = date(2026, 3, 20)
    late = Report(
        "r1", {"village": "v1", "screened_on": "2026-03-18", "period_from": "2026-03-01", "period_to": "2026-03-15", "is_zero_report": True}, 0
    )
    mine = Report("r2", {"committee": "c2", "village": "v1", "screened_on": "2026-03-02"}, 2)
    here, there = owed((EAST, TOWN), (late, mine), today)
    assert not here.reported
    assert here.overdue(today) == 0
    assert here.overdue(date(2026, 4, 2)) == 2
    assert (there.reported, there.found, there.zero) == (True, 2, False)
    last = owed((EAST,), (late, mine), today, back=1)[0]
    assert (last.period.said, last.reported, last.zero, last.overdue(today)) == ("3月上半月", True, True, 0)
