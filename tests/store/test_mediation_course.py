"""Random acts on a mediation through the real write path: no state is ever reached that its guards forbid, whatever is typed when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.take_step import family
from jusuo_desktop.records.field import Values
from jusuo_desktop.records.mediation import MEDIATION
from jusuo_desktop.records.workflow import Family
from jusuo_desktop.store import FirstRun, Refused, create_store
from jusuo_desktop.store.edit import Edit

COURSE: Final = MEDIATION.workflow
assert COURSE is not None
DAYS: Final = st.sampled_from(["2026-03-02", "2026-03-05", "2026-03-09", "2026-04-20"])
NOONS: Final = DAYS.map(lambda day: f"{day}T12:00")


def given_or_none(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


FIELDS: Final = st.fixed_dictionaries(
    {},
    optional={
        "accepted_on": given_or_none(DAYS),
        "rights_notified_on": given_or_none(DAYS),
        "dispute_summary": given_or_none(st.just("争吵")),
        "mediators": given_or_none(st.sampled_from([["m1"], ["m1", "m2"]])),
        "termination_reason": given_or_none(st.sampled_from(["1", "2"])),
        "terminated_on": given_or_none(DAYS),
        "refusal_reason": given_or_none(st.sampled_from(["1", "4"])),
        "refused_on": given_or_none(DAYS),
        "way_on": given_or_none(st.just(["3"])),
        "performed_on": given_or_none(DAYS),
        "closed_on": given_or_none(DAYS),
        "retention_period": given_or_none(st.just("2")),
        "filed_by": given_or_none(st.just("m1")),
        "filed_on": given_or_none(DAYS),
    },
)
CHILDREN: Final = st.one_of(
    st.tuples(st.just("party"), st.fixed_dictionaries({"name": st.just("张三"), "party_role": st.sampled_from("12")}, optional={
        "birth_date": st.sampled_from(["1980-01-01", "2015-06-01"]), "guardian_name": st.just("张父")})),
    st.tuples(st.just("party"), st.fixed_dictionaries({"organization_name": st.just("某公司"), "party_type": st.just("02")}, optional={
        "organization_principal": st.just("王总")})),
    st.tuples(st.just("agent"), st.fixed_dictionaries({"name": st.just("律师"), "agent_kind": st.sampled_from("12")}, optional={
        "authorized_on": DAYS, "authorized_matters": st.just(["1"])})),
    st.tuples(st.just("mediation_session"), st.fixed_dictionaries({"mediated_at": NOONS}, optional={
        "mediation_result": st.sampled_from("123"), "was_challenged": st.booleans()})),
    st.tuples(st.just("mediator_change"), st.fixed_dictionaries({"changed_on": DAYS, "former_mediators": st.just(["m1"]),
        "new_mediators": st.just(["m3"])})),
    st.tuples(st.just("period_change"), st.fixed_dictionaries({"change_kind": st.sampled_from("123"), "decided_on": DAYS}, optional={
        "parties_agreed": st.booleans(), "new_due_on": DAYS})),
    st.tuples(st.just("agreement"), st.fixed_dictionaries({"agreement_form": st.sampled_from("12"), "agreed_on": DAYS}, optional={
        "agreement_content": st.just("归还"), "effective_on": DAYS})),
    st.tuples(st.just("performance"), st.fixed_dictionaries({"content": st.just("归还")}, optional={"performed_on": DAYS})),
    st.tuples(st.just("follow_up"), st.fixed_dictionaries({"visited_at": NOONS})),
    st.tuples(st.just("judicial_confirmation"), st.fixed_dictionaries({"applied_on": DAYS}, optional={"ruling_result": st.sampled_from("12")})),
)  # fmt: skip
COMPLETE: Final[dict[str, Any]] = {
    "accepted_on": "2026-03-02",
    "rights_notified_on": "2026-03-02",
    "dispute_summary": "争吵",
    "mediators": ["m1"],
    "termination_reason": "2",
    "terminated_on": "2026-04-20",
    "refusal_reason": "1",
    "refused_on": "2026-04-20",
    "way_on": ["3"],
    "performed_on": "2026-04-20",
    "closed_on": "2026-04-20",
    "retention_period": "2",
    "filed_by": "m1",
    "filed_on": "2026-04-20",
}
"""With all of it typed, the child rows alone decide."""
STATES: Final = tuple(sorted({s.target for s in COURSE.steps} | {COURSE.first}))
ACTS: Final = st.lists(
    st.one_of(
        st.tuples(st.just("type"), FIELDS),
        st.tuples(st.just("add"), CHILDREN),
        st.tuples(st.just("void"), st.integers(0, 20)),
        st.tuples(st.just("move"), st.tuples(st.sampled_from(STATES), FIELDS | st.just(COMPLETE))),
    ),
    min_size=4,
    max_size=14,
)
WHOLE: Final = (
    ("type", {"accepted_on": "2026-03-02", "rights_notified_on": "2026-03-02", "dispute_summary": "争吵", "mediators": ["m1"]}),
    ("add", ("party", {"name": "张三", "party_role": "1"})),
    ("add", ("party", {"name": "李四", "party_role": "2"})),
)
"""Where most cases begin, so that chance gets beyond the first step."""
AGREED: Final = (
    *WHOLE,
    ("add", ("mediation_session", {"mediated_at": "2026-03-05T12:00", "mediation_result": "1"})),
    ("add", ("agreement", {"agreement_form": "1", "agreed_on": "2026-03-05", "agreement_content": "归还"})),
    ("move", ("accepted", {})),
    ("move", ("settled", {})),
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    from tests.actions.conftest import TODAY, first_run

    run: FirstRun = first_run()
    store, _ = create_store(tmp_path_factory.mktemp("course") / "store", run)
    yield Session(store, lambda: TODAY)
    store.close()


def forbidden(state: str, values: Values, rows: Family) -> bool:
    """What may not be in a state, said again and otherwise than the guards say it."""
    told, session = values.get("rights_notified_on"), [str(s["mediated_at"])[:10] for s in rows.get("mediation_session", ())]
    if state == "accepted":
        return "accepted_on" not in values or len(rows.get("party", ())) < 2 or values.get("refusal_reason") == "4"
    if state == "refused":
        return not {"refusal_reason", "refused_on"} <= set(values) or not ({"way_on", "alternative_channels"} & set(values))
    if state == "settled":
        young = [p for p in rows.get("party", ()) if str(p.get("birth_date", "0")) > "2008-03-20" and "guardian_name" not in p]
        lawful = [a for a in rows.get("agent", ()) if a.get("agent_kind") == "2"]
        return not (told and session and told <= min(session) and any("agreement_content" in a for a in rows.get("agreement", ()))) or bool(
            young and not lawful
        )
    if state == "failed":
        return not {"termination_reason", "terminated_on", "way_on"} <= set(values)
    if state == "closed":
        days = [values.get("performed_on"), *(p.get("performed_on") for p in rows.get("performance", ()))]
        return "closed_on" not in values or any(str(d) > str(values["closed_on"]) for d in days if d)
    if state == "archived":
        return not {"retention_period", "filed_by", "filed_on"} <= set(values)
    return False


def act(office: Session, record_id: str, what: str, how: Any) -> None:
    store = office.store
    if what == "type":
        save(office, "mediation", how, record_id=record_id)
    elif what == "add":
        kind, values = how
        parent = record_id
        if kind == "performance":
            parent = next((c.id for c in store.children(record_id, "agreement") if not c.voided), "")
        if parent:
            save(office, kind, values, parent_id=parent)
    elif what == "void":
        children = [c for c in store.children(record_id) if not c.voided]
        if children:
            store.write([Edit("", {"voided_reason": "录入有误"}, children[how % len(children)].id)], act="void")
    else:
        move(office, record_id, *how)


def move(office: Session, record_id: str, target: str, values: dict[str, Any]) -> None:
    """To a state with values in the same write, as a hand-made request would: the write path must judge what would then stand."""
    before = office.store.record(record_id)
    assert before is not None
    after = {n: v for n, v in {**before.values, **values}.items() if v is not None}
    rows = family(office, record_id)
    step = COURSE.step_between(before.values, {**after, "state": target})
    lacking = COURSE.lacking(step, {**after, "state": COURSE.state(before.values)}, rows) if step is not None else []
    reachable = COURSE.reachable(before.values, {**after, "state": target})
    assert reachable == (step is not None or target == COURSE.state(before.values))
    try:
        office.store.write([Edit("mediation", {**values, "state": target}, record_id)], act="save")
    except Refused:
        assert lacking or not reachable, "refused without a reason"
        return
    assert reachable
    assert not lacking
    moved = office.store.record(record_id)
    assert moved is not None
    if step is not None:
        assert not forbidden(target, moved.values, family(office, record_id)), (target, moved.values)


@pytest.mark.parametrize(
    ("begun", "end"), [((), "withdrawn"), (WHOLE, "accepted"), (AGREED, "closed")], ids=["from-nothing", "from-an-application", "from-an-agreement"]
)
def test_no_state_is_reached_that_its_guards_forbid(office: Session, begun: tuple[Any, ...], end: str) -> None:
    reached = set()

    @settings(max_examples=60)
    @example([("move", (end, COMPLETE))])
    @given(ACTS)
    def check(acts: list[Any]) -> None:
        record_id = save(office, "mediation", {"registered_on": "2026-03-20", "dispute_type": "2"}).record.id
        for what, how in (*begun, *acts):
            act(office, record_id, what, how)
            now = office.store.record(record_id)
            reached.add(str(now.values["state"]) if now is not None else "")

    check()
    assert end in reached, "a way that the guards allow is taken"
