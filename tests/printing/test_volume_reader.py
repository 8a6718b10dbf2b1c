"""The file that tells what a volume consists of: the shipped one is right, and every mistake is named with its line."""

from __future__ import annotations

import pytest

from jusuo_desktop.printing import TemplateError, shipped_forms
from jusuo_desktop.printing.volume_reader import FOLDER, is_bound, load_volume, read_volume, shipped_volume
from jusuo_desktop.records.volume import MUST, SCANS

FORMS = ("application", "register")
GOOD = """volume: mediation
title: 卷宗
signed: instead
signed_purposes: ["1"]
double_sided: no
numbers: {place: centre_bottom, margin: 8, size: 10, first: 3, count_empty: yes}
rows:
  - name: 申请书
    take:
      - {form: application, when: [{field: oral_application, not: ["true"]}, {has: agent}]}
      - {scans: ["3"], of: [party]}
    must:
      - {said: 缺少申请书, source: 第27条, one_of: [application], when: {field: refusal_reason, filled: no}}
    numbered: no
retention_years: {"1": 20}
retention:
  - {propose: "2", because: 一般, when: {field: dispute_type, is: ["1", "2"]}}
"""


def test_the_shipped_volume_has_the_thirteen_rows_of_the_index_in_order() -> None:
    plan = shipped_volume("mediation")
    assert plan is load_volume(FOLDER / "mediation.yaml") or plan == load_volume(FOLDER / "mediation.yaml")
    assert [row.number for row in plan.rows] == list(range(1, 14))
    assert plan.rows[0].name == "人民调解申请书（人民调解受理登记表）"
    assert plan.rows[12].name == "封底"
    settled = {"mediation_result": "1"}
    assert [row.number for row in plan.rows if row.duty(settled, {}) == MUST] == [1, 2, 5, 8, 9, 13]
    assert [row.number for row in plan.rows if row.duty({"refusal_reason": "1"}, {"agent": [{}]}) == MUST] == [1, 2, 3, 4, 11, 13]
    assert all(filling.form in shipped_forms() for row in plan.rows for filling in row.fillings if filling.form)
    assert all(demand.source for row in plan.rows for demand in row.demands)
    assert {one.code for one in plan.retention} == {"1", "2", "3"}
    assert not plan.retention[-1].when
    assert plan.retention_years == {}, "no source gives the years"
    assert is_bound("mediation")
    assert not is_bound("consultation")
    with pytest.raises(KeyError):
        shipped_volume("consultation")


def test_everything_that_the_file_says_is_read() -> None:
    plan = read_volume(GOOD.encode(), "mediation.yaml", FORMS)
    assert (plan.signed, plan.signed_purposes, plan.double_sided, plan.count_empty, plan.first_number) == ("instead", ("1",), False, True, 3)
    assert (plan.number_place, plan.number_margin, plan.number_size) == ("centre_bottom", 8.0, 10.0)
    (row,) = plan.rows
    assert [(f.name, f.of, len(f.when)) for f in row.fillings] == [("application", (), 2), (SCANS, ("party",), 0)]
    assert not row.numbered
    assert row.demands[0].one_of == ("application",)
    assert plan.retention[0].when[0].codes == ("1", "2")
    assert plan.retention_years == {"1": 20}


WRONG = [
    ("form: application", "form: letter", 10, "没有名为“letter”的表格"),
    ("field: oral_application", "field: nothing", 10, "没有字段“nothing”"),
    ('not: ["true"]', 'not: ["9"]', 10, "“9”应当是"),
    ("has: agent", "has: lawyer", 10, "没有“lawyer”这种记录"),
    ('scans: ["3"]', 'scans: ["77"]', 11, "“77”应当是"),
    ('{scans: ["3"], of: [party]}', "{of: [party]}", 11, "form"),
    ("one_of: [application]", "one_of: [register]", 13, "“register”应当是"),
    ("source: 第27条, ", "", 13, "缺少“source”"),
    ("field: refusal_reason, filled: no", "field: refusal_reason", 13, "条件应当写成"),
    ("field: refusal_reason, filled: no", "field: title, is: [a]", 13, "只能写“filled”"),
    ("place: centre_bottom", "place: middle", 6, "应当是：outer_top"),
    ("signed: instead", "signed: nowhere", 3, "应当是：behind"),
    ('propose: "2"', 'propose: "30"', 17, "“30”应当是"),
    ('{"1": 20}', '{"9": 20}', 15, "不认识“9”"),
    ("volume: mediation", "volume: party_line", 1, "没有“party_line”这种记录"),
    ("title: 卷宗\n", "", 1, "缺少“title”"),
    ("double_sided", "both_sides", 5, "不认识“both_sides”"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "said"), WRONG)
def test_a_mistake_is_named_with_its_line(right: str, wrong: str, line: int, said: str) -> None:
    assert right in GOOD
    with pytest.raises(TemplateError) as caught:
        read_volume(GOOD.replace(right, wrong).encode(), "mediation.yaml", FORMS)
    assert caught.value.line == line
    assert said in caught.value.said


def test_a_file_that_is_not_there_is_said() -> None:
    with pytest.raises(TemplateError, match="读不出卷宗的文件"):
        load_volume(FOLDER / "nowhere.yaml")
