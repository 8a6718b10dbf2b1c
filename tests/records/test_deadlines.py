"""Deadlines against a second calculation that counts day by day, and the parameters of a county with the day from which they hold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.county_parameter import COUNTY_PARAMETER, NATIONAL, parameter
from jusuo_desktop.records.deadlines import (
    NATIONAL_RULES,
    Rules,
    confirmation_due,
    court_confirm_due,
    is_near,
    letter_due,
    mediation_due,
    referral_due,
    reply_due,
    risk_visit_due,
    visit_due,
)
from jusuo_desktop.records.derived import deadline, derived
from jusuo_desktop.records.field import Values
from tests.records.test_working_days import WALKED

DAYS = sorted(WALKED)
KNOWN = st.dates(date(2020, 1, 1), date(2026, 10, 1))
names = st.sampled_from(sorted(NATIONAL))
days = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@given(KNOWN)
def test_confirmation_is_thirty_days_not_counting_the_first_and_never_ends_on_a_day_off(effective: date) -> None:
    last = DAYS[DAYS.index(effective) + 30]
    while not WALKED[last]:
        last += timedelta(1)
    due = confirmation_due(effective.isoformat())
    assert (due.day, due.doubt) == (last.isoformat(), "")


def test_a_confirmation_that_ends_in_the_spring_festival_or_on_a_worked_sunday() -> None:
    assert confirmation_due("2026-01-16").day == "2026-02-24"  # 15 February opens the nine days off
    assert confirmation_due("2026-01-15").day == "2026-02-14"  # a Saturday that is worked
    assert confirmation_due("2026-01-08").day == "2026-02-09"  # 7 February is an ordinary Saturday


@given(st.dates(date(2020, 1, 1), date(2026, 12, 1)))
def test_a_letter_is_answered_on_the_seventh_working_day(day: date) -> None:
    counted = [d for d in DAYS if d > day and WALKED[d]][:7]
    assert letter_due(f"{day.isoformat()}T09:30").day == counted[-1].isoformat()


def test_what_is_counted_through_an_unknown_year_says_so() -> None:
    assert letter_due("2026-12-28").doubt == confirmation_due("2026-12-20").doubt == "2027年的放假安排还没有公布，按周末推算"
    assert letter_due("2026-12-28").day == "2027-01-06"
    assert mediation_due("2026-12-20").doubt == "", "a month is a month, whatever days are off"


@given(KNOWN)
def test_a_mediation_is_due_in_a_month(day: date) -> None:
    due = date.fromisoformat(mediation_due(day.isoformat()).day)
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == 1
    assert due.day == day.day or (due.day < day.day and (due + timedelta(1)).day == 1)


parameters = st.builds(
    lambda name, value, unit, begun: {"parameter": name, "value": value, "unit": unit, "holds_from": begun.isoformat(), "basis": f"{begun}"},
    names,
    st.integers(0, 90),
    st.sampled_from(sorted(code_list("period_unit").labels)),
    days,
)


@given(st.lists(parameters, max_size=12), names, days)
def test_the_newest_parameter_that_has_begun_holds(entered: list[Values], name: str, day: date) -> None:
    begun = [p for p in entered if p["parameter"] == name and str(p["holds_from"]) <= day.isoformat()]
    found = parameter(entered, name, day.isoformat())
    if not begun:
        assert found == NATIONAL[name]
        return
    newest = max(str(p["holds_from"]) for p in begun)
    last = [p for p in begun if p["holds_from"] == newest][-1]
    assert (found.value, found.unit, found.basis) == (last["value"], last["unit"], last["basis"])


@pytest.mark.parametrize("lacking", ["parameter", "value", "unit", "holds_from"])
def test_an_unfinished_parameter_changes_nothing(lacking: str) -> None:
    whole = {"parameter": "mediation_period", "value": 15, "unit": "day", "holds_from": "2020-01-01", "basis": "县规定"}
    assert parameter([whole], "mediation_period", "2026-01-01").said == "15天"
    del whole[lacking]
    assert parameter([whole], "mediation_period", "2026-01-01").said == "1个月"


def test_every_parameter_of_the_list_has_a_national_value() -> None:
    assert set(code_list(COUNTY_PARAMETER.by_name["parameter"].code_list).labels) == set(NATIONAL)
    assert {p.unit for p in NATIONAL.values()} <= set(code_list("period_unit").labels)


def test_a_county_s_period_holds_from_its_day_for_what_begins_then() -> None:
    rules = Rules(({"parameter": "mediation_period", "value": 30, "unit": "day", "holds_from": "2026-03-01", "basis": "县规定"},))
    assert mediation_due("2026-02-28", rules).day == "2026-03-28"
    assert mediation_due("2026-03-01", rules).day == "2026-03-31"
    assert derived("mediation", {"accepted_on": "2026-03-01"}, changed="accepted_on", rules=rules) == {"due_on": "2026-03-31"}


def test_near_and_visit_follow_their_parameters() -> None:
    rules = Rules((
        {"parameter": "mediation_near", "value": 2, "unit": "working_day", "holds_from": "2026-01-01", "basis": "县规定"},
        {"parameter": "visit_after", "value": 1, "unit": "month", "holds_from": "2026-01-01", "basis": "县规定"},
    ))  # fmt: skip
    assert is_near("2026-03-10", "2026-03-05")
    assert not is_near("2026-03-11", "2026-03-05")
    assert is_near("2026-03-09", "2026-03-05", rules), "Friday and Monday"
    assert not is_near("2026-03-10", "2026-03-05", rules)
    assert visit_due("2026-01-31").day == "2026-02-03"
    assert visit_due("2026-01-31", rules).day == "2026-02-28"


def test_only_a_letter_has_a_day_of_its_own() -> None:
    letter: Values = {"consulted_at": "2026-12-28T09:30", "consultation_channel": "2"}
    assert derived("consultation", letter, changed="consultation_channel") == {"reply_due_on": "2027-01-06"}
    told = deadline("consultation", letter, changed="consulted_at")
    assert told is not None
    assert told[1].doubt.startswith("2027年")
    assert derived("consultation", {**letter, "consultation_channel": "1"}, changed="consulted_at") == {}
    assert derived("consultation", {"consultation_channel": "2"}, changed="consultation_channel") == {}
    assert derived("consultation", {**letter, "consulted_at": "9:00"}, changed="consultation_channel") == {}


@given(st.dates(date(2020, 1, 1), date(2026, 12, 1)), st.sampled_from([("1", 30), ("2", 15), ("3", 7)]))
def test_what_a_court_entrusts_is_due_so_many_days_after_its_papers_came(day: date, kind: tuple[str, int]) -> None:
    code, length = kind
    last = max(day + timedelta(n) for n in range(length + 1))
    assert referral_due(code, day.isoformat()).day == last.isoformat()
    came: Values = {"referral_kind": code, "referral_received_on": day.isoformat(), "accepted_on": (day + timedelta(2)).isoformat()}
    for changed in ("accepted_on", "referral_kind", "referral_received_on"):
        assert derived("mediation", came, changed=changed)["due_on"] == last.isoformat()
    confirmed: Values = {"referral_kind": code, "accepted_on": day.isoformat()}
    assert derived("mediation", confirmed, changed="referral_kind")["due_on"] == last.isoformat(), "without the day of receipt, from acceptance"


@given(st.dates(date(2020, 1, 1), date(2026, 12, 20)))
def test_a_court_is_answered_on_the_third_working_day(day: date) -> None:
    counted = [d for d in DAYS if d > day and WALKED[d]][:3]
    assert court_confirm_due(day.isoformat()).day == counted[-1].isoformat()


@given(KNOWN)
def test_a_risky_case_is_visited_every_thirty_days(day: date) -> None:
    assert date.fromisoformat(risk_visit_due(f"{day.isoformat()}T09:00").day) - day == timedelta(30)


def test_a_referral_is_answered_only_where_the_county_says_when() -> None:
    assert reply_due("2026-03-02") is None
    rules = Rules(({"parameter": "referral_reply", "value": 10, "unit": "day", "holds_from": "2026-01-01", "basis": "县规定"},))
    told = reply_due("2026-03-02", rules)
    assert told is not None
    assert told.day == "2026-03-12"
    came: Values = {"referral_received_on": "2026-03-02"}
    assert derived("mediation", came, changed="referral_received_on", rules=rules) == {"referral_reply_due_on": "2026-03-12"}
    assert derived("mediation", came, changed="referral_received_on", rules=NATIONAL_RULES) == {}


def test_other_bodies_entrust_with_the_ordinary_month() -> None:
    assert derived("mediation", {"accepted_on": "2026-03-02", "referral_kind": "99"}, changed="referral_kind") == {"due_on": "2026-04-02"}
    assert derived("mediation", {"accepted_on": "3月2日", "referral_kind": "1"}, changed="referral_kind") == {}
