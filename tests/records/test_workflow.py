"""A mediation never takes a step whose guard speaks, and every guard names the missing piece."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.records.field import Values
from jusuo_desktop.records.mediation import MEDIATION
from jusuo_desktop.records.workflow import Family, Step, Workflow

COURSE = MEDIATION.workflow
assert COURSE is not None
WHOLE: Values = {
    "accepted_on": "2026-03-02",
    "dispute_summary": "因院墙滴水发生争执",
    "mediators": ["m1"],
    "rights_notified_on": "2026-03-03",
    "termination_reason": "2",
    "terminated_on": "2026-03-09",
    "refusal_reason": "1",
    "refused_on": "2026-03-09",
    "way_on": ["3"],
    "performance_status": "1",
    "closed_on": "2026-03-09",
    "retention_period": "2",
    "filed_by": "m1",
    "filed_on": "2026-03-10",
}
FAMILY: Family = {
    "party": [{"name": "张三", "party_role": "1"}, {"name": "李四", "party_role": "2"}],
    "mediation_session": [{"mediated_at": "2026-03-05T09:00"}],
    "agreement": [{"agreement_content": "李四于三日内拆除。"}],
}


def step(act: str, course: Workflow = COURSE) -> Step:
    return next(s for s in course.steps if s.act == act)


def test_a_whole_case_goes_from_registration_to_the_archive() -> None:
    values = dict(WHOLE)
    for act in ("accept", "mediate", "settle", "close", "archive"):
        assert COURSE.lacking(step(act), values, FAMILY) == []
        values["state"] = step(act).target
    assert COURSE.open_steps(values) == ()


def test_acceptance_wants_two_parties_a_date_and_an_account() -> None:
    said = COURSE.lacking(step("accept"), {}, {})
    assert len(said) == 3
    assert any("当事人" in s and "第17条" in s for s in said)


def test_rights_are_told_before_the_first_session() -> None:
    late = {**WHOLE, "rights_notified_on": "2026-03-06", "state": "mediating"}
    assert any("第30条" in s for s in COURSE.lacking(step("settle"), late, FAMILY))


def test_a_step_from_the_wrong_state_is_refused_by_name() -> None:
    assert COURSE.lacking(step("archive"), WHOLE, FAMILY) == ["当前状态不能“归档”。"]


@given(st.lists(st.sampled_from(COURSE.steps), max_size=12), st.sets(st.sampled_from(sorted(WHOLE))))
def test_no_course_of_steps_reaches_a_state_without_what_it_asks_for(steps: list[Step], known: set[str]) -> None:
    values = {name: WHOLE[name] for name in known}
    for taken in steps:
        if COURSE.lacking(taken, values, FAMILY):
            continue
        assert COURSE.reachable(values, {**values, "state": taken.target})
        values["state"] = taken.target
    state = COURSE.state(values)
    if state == "archived":
        assert "closed_on" in values
        assert "retention_period" in values
    if state == "refused":
        assert "refusal_reason" in values
    if state == "settled":
        assert "rights_notified_on" in values
