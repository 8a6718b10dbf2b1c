"""The working-day calendar against a second calculation that walks the days of resources/calendar.toml one by one, as text."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.records.calendar_year import CALENDAR_YEAR, days
from jusuo_desktop.records.check import check
from jusuo_desktop.records.working_days import CALENDAR_FILE, WorkingDays, working_days

CALENDAR = WorkingDays()
FIRST, LAST = date(2020, 1, 1), date(2026, 12, 31)
NOTICE_2027 = {"year": 2027, "source": "通知", "days_off": "2026年12月31日至2027年1月3日、2月5日至11日", "days_worked": "2月14日"}


def as_text(day: date) -> str:
    return f"{day.month}月{day.day}日"


def by_walking() -> dict[date, bool]:
    """Every day of the file's years and whether it is worked, by walking each year and switching off and on where a span begins and ends."""
    table = tomllib.loads(CALENDAR_FILE.read_text("utf-8"))
    found: dict[date, bool] = {}
    for year, told in table.items():
        marks: dict[str, bool] = {}
        for name, worked in (("days_off", False), ("days_worked", True)):
            for span in told[name].split("、"):
                begin, _, end = span.partition("至")
                end = end or begin
                end = end if "月" in end else begin.split("月")[0] + "月" + end
                day = next(d for d in (date(int(year), 1, 1) + timedelta(n) for n in range(366)) if as_text(d) == begin)
                marks[as_text(day)] = worked
                while as_text(day) != end:
                    day += timedelta(1)
                    marks[as_text(day)] = worked
        day = date(int(year), 1, 1)
        while day.year == int(year):
            found[day] = marks.get(as_text(day), day.isoweekday() not in (6, 7))
            day += timedelta(1)
    return found


WALKED = by_walking()


def test_every_day_of_seven_years() -> None:
    assert (min(WALKED), max(WALKED)) == (FIRST, LAST)
    assert {d: CALENDAR.is_working_day(d) for d in WALKED} == WALKED


def test_a_worked_day_is_a_weekend_day_and_a_year_has_about_250_working_days() -> None:
    for year, told in CALENDAR.years.items():
        assert all(d.year == year for d in told.days_off | told.days_worked)
        assert all(d.isoweekday() >= 6 for d in told.days_worked), f"{year}: a make-up day that was a working day anyhow"
        assert not told.days_off & told.days_worked
        assert 245 <= sum(worked for d, worked in WALKED.items() if d.year == year) <= 252
        assert told.source


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-01-02", False),  # 元旦, a Friday made free
        ("2026-01-04", True),  # the Sunday worked for it
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2020-02-02", False),  # lengthened
    ],
)
def test_days_of_the_notices(day: str, worked: bool) -> None:
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is worked


@given(st.dates(FIRST, LAST - timedelta(150)), st.integers(0, 60))
def test_adding_working_days_equals_counting_them(day: date, count: int) -> None:
    counted = [d for d in sorted(WALKED) if d > day and WALKED[d]]
    assert CALENDAR.add_working_days(day, count) == (counted[count - 1] if count else day)
    assert CALENDAR.next_working_day(day) == next(d for d in sorted(WALKED) if d >= day and WALKED[d])


@given(st.dates(date(2027, 1, 1), date(2090, 12, 31)))
def test_an_unknown_year_counts_weekends_only_and_says_so(day: date) -> None:
    assert CALENDAR.is_working_day(day) is (day.isoweekday() < 6)
    assert not CALENDAR.known(day.year)
    assert CALENDAR.doubt(date(2026, 5, 1), day) == f"{day.year}年的放假安排还没有公布，按周末推算"
    assert CALENDAR.doubt(date(2026, 5, 1), date(2020, 5, 1)) == ""


def test_an_entered_year_is_known_and_stands_before_the_file() -> None:
    entered = working_days([NOTICE_2027])
    assert entered.doubt(date(2027, 2, 8)) == ""
    assert not entered.is_working_day(date(2026, 12, 31))  # a notice may begin in the year before
    assert not entered.is_working_day(date(2027, 2, 8))
    assert entered.is_working_day(date(2027, 2, 14))
    assert entered.is_working_day(date(2026, 1, 4))
    corrected = working_days([{"year": 2026, "source": "更正", "days_off": "1月1日"}, {**NOTICE_2027, "days_off": "1月1日"}, NOTICE_2027])
    assert corrected.is_working_day(date(2026, 1, 2))
    assert not corrected.is_working_day(date(2027, 1, 2))


@pytest.mark.parametrize("entered", [{}, {"year": 2027}, {"year": 2027, "days_off": "放假"}, {"year": 2027, "days_off": "2月29日"}])
def test_what_is_unfinished_makes_no_year_known(entered: dict[str, str | int]) -> None:
    assert not working_days([entered]).known(2027)


@pytest.mark.parametrize(
    "said", ["春节", "13月1日", "2月30日", "1月3日至1日", "12月30日至1月2日", "12月30日至2027年1月2日", "1月1日至12月31日", "1月1日至", "1-3"]
)
def test_what_is_no_day_is_named(said: str) -> None:
    problems = check(CALENDAR_YEAR, {"days_off": f"1月1日、{said}"})
    assert [p.blocking for p in problems] == [True]
    assert f"“{said}”" in problems[0].message


@given(st.sets(st.dates(date(2027, 1, 1), date(2028, 12, 31)), max_size=30))
def test_days_written_are_days_read(wanted: set[date]) -> None:
    assert days(2027, "、".join(f"{d.year}年{as_text(d)}" for d in wanted)) == wanted
