"""What a child row changes in its case: mediators one for another, a last day later by consent or by as many days as it stood still."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.records.case_consequences import consequences
from jusuo_desktop.records.field import Values

CASE: Values = {"mediators": ["a", "b", "c"], "due_on": "2026-04-02"}
people = st.lists(st.sampled_from("abcdef"), unique=True, max_size=4)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def test_the_new_mediator_stands_where_the_former_one_stood() -> None:
    change: Values = {"former_mediators": ["a"], "new_mediators": ["d"]}
    assert consequences("mediator_change", {}, change, CASE, ()) == {"mediators": ["d", "b", "c"]}
    assert consequences("mediator_change", change, {**change, "remarks": "记"}, {"mediators": ["e"]}, ()) == {}, "a remark replaces nobody again"


@given(people, people, people)
def test_former_ones_go_new_ones_come_and_the_others_keep_their_order(now: list[str], former: list[str], new: list[str]) -> None:
    case: Values = {"mediators": now} if now else {}
    told = consequences("mediator_change", {}, {"former_mediators": former, "new_mediators": new}, case, ())
    after = told.get("mediators", now)
    assert isinstance(after, list)
    if not new:
        assert told == {}
        return
    assert set(after) == (set(now) - set(former)) | set(new)
    assert len(set(after)) == len(after)
    assert [i for i in after if i not in new] == [i for i in now if i not in former and i not in new]


def test_a_longer_time_wants_the_parties_consent() -> None:
    change: Values = {"change_kind": "1", "decided_on": "2026-03-30", "new_due_on": "2026-05-02"}
    assert consequences("period_change", {}, change, CASE, ()) == {}
    agreed = {**change, "parties_agreed": True}
    assert consequences("period_change", {}, agreed, CASE, ()) == {"due_on": "2026-05-02"}
    assert consequences("period_change", change, agreed, CASE, ()) == {"due_on": "2026-05-02"}, "consent given later"


@given(days, st.integers(0, 200), st.integers(0, 60))
def test_what_stood_still_is_due_as_many_days_later(suspended: date, still: int, left: int) -> None:
    due = suspended + timedelta(left)
    resumed: Values = {"change_kind": "3", "decided_on": (suspended + timedelta(still)).isoformat()}
    beside: list[Values] = [{"change_kind": "2", "decided_on": suspended.isoformat()}, {"change_kind": "2", "decided_on": "2025-01-01"}]
    told = consequences("period_change", {}, resumed, {"due_on": due.isoformat()}, beside)
    after = date.fromisoformat(str(told.get("due_on", due.isoformat())))
    assert (after - due).days == still
    assert consequences("period_change", resumed, {**resumed, "reason": "好转"}, {"due_on": after.isoformat()}, beside) == {}


@given(days, st.integers(0, 200), st.integers(0, 200))
def test_another_day_of_resumption_counts_anew_and_not_twice(suspended: date, first: int, then: int) -> None:
    beside: list[Values] = [{"change_kind": "2", "decided_on": suspended.isoformat()}]
    due = suspended + timedelta(10)

    def resumed(days_still: int) -> Values:
        return {"change_kind": "3", "decided_on": (suspended + timedelta(days_still)).isoformat()}

    once = {"due_on": due.isoformat()} | consequences("period_change", {}, resumed(first), {"due_on": due.isoformat()}, beside)
    again = once | consequences("period_change", resumed(first), resumed(then), once, beside)
    assert date.fromisoformat(str(again["due_on"])) - due == timedelta(then)
