"""What a volume lacks, by rule: named once, mandatory first, accounted for in the dossier note; the retention class is a proposal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.records.volume import (
    CHANGED,
    COMING,
    LOST,
    MUST,
    NEEDED,
    PRESENT,
    UNPRINTED,
    Condition,
    Demand,
    Filling,
    Proposal,
    VolumePaper,
    VolumePlan,
    VolumeRow,
    hold,
)
from jusuo_desktop.records.volume_check import accounted_for, lacking, lacks, proposed, runs_out

APPLIED = Demand("缺少申请书", "第27条", ("application", "register"))
AGENT = Demand("缺少委托书", "目录第3项", (), (Condition(has="agent"),))
ROWS = (
    VolumeRow(1, "申请书（登记表）", (Filling("application"), Filling("register")), (APPLIED,)),
    VolumeRow(2, "身份证明", (Filling(purposes=("3",)),), (Demand("缺少身份证明", "必须件"),)),
    VolumeRow(3, "授权委托书", (Filling("power"), Filling(purposes=("1",))), (AGENT,)),
    VolumeRow(4, "证据", (Filling(purposes=("2",)),)),
)
PLAN = VolumePlan(
    "mediation",
    "卷宗",
    ROWS,
    retention=(Proposal("3", "宅基地", (Condition("dispute_type", ("3",)), Condition("mediation_result", ("1",)))), Proposal("1", "一般")),
)
ID = VolumePaper(2, "身份证", "p", attachment=True)


def test_the_duty_of_a_row_follows_from_its_demands() -> None:
    assert [row.duty({}, {}) for row in ROWS] == [MUST, MUST, NEEDED, NEEDED]
    assert ROWS[2].duty({}, {"agent": [{}]}) == MUST


def test_what_is_missing_is_named_with_its_rule_and_where_it_is_printed() -> None:
    found = lacks(PLAN, {}, {}, [], "r")
    assert [(lack.said, lack.source, lack.form, lack.record_id, lack.must) for lack in found] == [
        ("缺少申请书", "第27条", "application", "r", True),
        ("缺少身份证明", "必须件", "", "r", True),
    ]
    assert lacking(PLAN, {}, {}, []) == ["缺少申请书（第27条）。", "缺少身份证明（必须件）。"]


def test_any_one_of_those_named_suffices() -> None:
    for form in ("application", "register"):
        assert lacking(PLAN, {}, {}, [VolumePaper(1, "", "r", form), ID]) == []


def test_a_paper_that_is_only_typed_is_missing_and_is_said_once() -> None:
    for state in (UNPRINTED, LOST):
        found = lacks(PLAN, {}, {}, [VolumePaper(1, "申请书", "r", "application", state), ID])
        assert [(lack.said, lack.must) for lack in found] == [("缺少申请书", True)]
    both = [VolumePaper(1, "申请书", "r", "application", PRESENT), VolumePaper(1, "登记表", "r", "register", UNPRINTED), ID]
    assert [(lack.said, lack.must) for lack in lacks(PLAN, {}, {}, both)] == [("“登记表”还没有打印过", False)]


def test_a_print_of_before_a_change_is_bound_and_named() -> None:
    (lack,) = lacks(PLAN, {}, {}, [VolumePaper(1, "申请书", "r", "application", CHANGED), ID])
    assert (lack.must, lack.form, "内容有改动" in lack.said) == (False, "application", True)


def test_what_is_made_with_the_volume_is_not_lacking() -> None:
    assert lacks(PLAN, {}, {}, [VolumePaper(1, "登记表", "r", "register", COMING), ID]) == []


def test_an_attachment_whose_bytes_are_elsewhere_says_so() -> None:
    lost = VolumePaper(4, "照片", "a", state=LOST, attachment=True)
    assert [lack.said for lack in lacks(PLAN, {}, {}, [VolumePaper(1, "", "r", "register"), ID, lost])] == [
        "“照片”的内容不在这台电脑上，联网同步后再装订"
    ]


def test_a_demand_stands_where_its_condition_holds_and_a_signed_scan_answers_it() -> None:
    here = [VolumePaper(1, "", "r", "register"), ID]
    family = {"agent": [{"name": "王五"}]}
    assert lacking(PLAN, {}, family, here) == ["缺少委托书（目录第3项）。"]
    assert lacking(PLAN, {}, {"agent": []}, here) == []
    assert lacking(PLAN, {}, family, [*here, VolumePaper(3, "", "s", "power", attachment=True, signed=True)]) == []
    only_signed = [VolumePaper(1, "", "s", "application", attachment=True, signed=True), ID]
    assert lacking(PLAN, {}, {}, only_signed) == []
    unsigned_scan = [VolumePaper(1, "", "s", attachment=True), ID]
    assert lacking(PLAN, {}, {}, unsigned_scan) == ["缺少申请书（第27条）。"]


def test_the_dossier_note_accounts_for_a_row_by_its_number_or_its_name() -> None:
    for note in ("第2项：当事人拒绝提供。", "身份证明没有收齐，当事人外出。"):
        assert lacking(PLAN, {"dossier_note": note}, {}, [VolumePaper(1, "", "r", "register")]) == []
    assert lacking(PLAN, {"dossier_note": "经过曲折。"}, {}, [VolumePaper(1, "", "r", "register")]) == ["缺少身份证明（必须件）。"]
    assert not accounted_for(ROWS[0], {"dossier_note": "第11项、第12项"})
    assert accounted_for(ROWS[0], {"dossier_note": "登记表遗失"})


CODES = st.sampled_from(["1", "2", "3"])


@given(held=st.one_of(st.none(), CODES, st.lists(CODES, max_size=3), st.booleans()), codes=st.lists(CODES, min_size=1, max_size=3))
def test_a_condition_and_its_opposite_never_both_hold(held: object, codes: list[str]) -> None:
    values = {} if held is None else {"f": held}
    for condition in (Condition("f", tuple(codes)), Condition("f"), Condition(has="agent")):
        opposite = Condition(condition.field, condition.codes, not condition.negated, condition.has)
        assert condition.holds(values, {}) != opposite.holds(values, {})  # type: ignore[arg-type]
    said = {str(one).lower() for one in (held if isinstance(held, list) else [held])}
    assert Condition("f", tuple(codes)).holds(values, {}) == bool(said & set(codes))  # type: ignore[arg-type]


def test_conditions_all_hold_and_the_first_proposal_that_holds_is_made() -> None:
    assert hold((), {}, {})
    assert proposed(PLAN, {"dispute_type": "3", "mediation_result": "1"}, {}) == PLAN.retention[0]
    assert proposed(PLAN, {"dispute_type": "3", "mediation_result": "2"}, {}) == PLAN.retention[1]
    assert proposed(VolumePlan("mediation", "", ()), {}, {}) is None


def test_a_retention_runs_out_after_its_years_or_never() -> None:
    assert [runs_out(*one) for one in (("2024-02-29", 10), ("2024-02-29", 4), ("2024-03-01", None), ("", 10))] == ["2034-02-28", "2028-02-29", "", ""]
