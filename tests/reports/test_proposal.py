"""Headings in the wordings, decorations and merges that offices use: each column is taken for what it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Field, FieldType
from jusuo_desktop.reports.plan import Plan
from jusuo_desktop.reports.proposal import guess_kind, propose_plan
from jusuo_desktop.reports.targets import IMPORTED_KINDS, targets
from jusuo_desktop.reports.workbook_file import Ledger, Sheet, read_ledger
from tests.reports.books import write_book

TITLE = "清溪镇2025年度台账"


def used(plan: Plan, sheet: int = 0) -> list[str]:
    return [c.target for c in plan.sheets[sheet].columns]


def ledger_of(rows: list[list[object]], merged: tuple[tuple[int, int, int, int], ...] = ()) -> Ledger:
    width = max(len(r) for r in rows)
    return Ledger(Path("台账.xlsx"), (Sheet("一", [[*r, *[""] * (width - len(r))] for r in rows], merged, width=width),))  # type: ignore[list-item]


def sample(field: Field) -> object:
    """What stands in such a column."""
    match field.type:
        case FieldType.DATE | FieldType.TIME:
            return "2025.3.7"
        case FieldType.INTEGER:
            return "3"
        case FieldType.MONEY:
            return 5000.0
        case FieldType.BOOLEAN:
            return "是"
        case FieldType.CODE | FieldType.CODES:
            return code_list(field.code_list).codes[0][1]
        case FieldType.ID_CARD:
            return "110101199003077571"
        case FieldType.PHONE:
            return "13812345678"
        case FieldType.LINK | FieldType.LINKS:
            return "张三丰"
        case _:
            return "一段文字" if field.type is FieldType.LONG_TEXT else "文字"


def decorated(draw: st.DrawFn, text: str, number: int) -> str:
    how = draw(st.sampled_from(["", "newline", "blank", "number", "brackets", "star", "full"]))
    match how:
        case "newline" if len(text) > 2:
            return f"{text[:2]}\n{text[2:]}"
        case "blank":
            return "　".join(text)
        case "number":
            return f"{number}、{text}"
        case "brackets":
            return f"{text}（必填）"
        case "star":
            return f"*{text}"
        case "full":
            return text.replace("(", "（").replace(")", "）")
    return text


@st.composite
def heading_rows(draw: st.DrawFn) -> tuple[str, list[str], list[str], list[object]]:
    """A kind, the targets of its columns, a heading of each, a value of each. No wording that two chosen fields share."""
    kind = draw(st.sampled_from(IMPORTED_KINDS))
    own = [t for t in targets(kind).values() if t.holder in ("", "agreement")]
    chosen = draw(st.lists(st.sampled_from(own), min_size=3, max_size=12, unique_by=lambda t: t.name))
    said: list[str] = []
    names: list[str] = []
    for target in chosen:
        open_words = [w for w in target.wordings if sum(w in other.wordings for other in own) == 1]
        if open_words:
            said.append(draw(st.sampled_from(open_words)))
            names.append(target.name)
    by_name = targets(kind)
    return kind, names, [decorated(draw, w, i + 1) for i, w in enumerate(said)], [sample(by_name[n].field) for n in names]


@settings(max_examples=80, suppress_health_check=[HealthCheck.filter_too_much])
@given(heading_rows(), st.integers(0, 2))
def test_every_declared_wording_finds_its_field(case: tuple[str, list[str], list[str], list[object]], above: int) -> None:
    kind, names, headings, values = case
    if len(names) < 2:
        return
    rows: list[list[object]] = [*[[TITLE], ["填报单位：清溪司法所"]][:above], list(headings), list(values), list(values)]
    plan = propose_plan(ledger_of(rows), kind)
    assert plan.sheets[0].first == above
    assert used(plan) == names


MEDIATION = [
    ("案号", "case_number", "〔2025〕清民调字第1号"),
    ("登记\n日期", "registered_on", "2025.1.7"),
    ("纠纷类别（18类）", "dispute_type", "邻里纠纷"),
    ("简要案情", "dispute_summary", "因排水沟堵塞发生争吵"),
    ("涉及金额（万元）", "agreement.agreement_amount", 3.5),
    ("调解员", "mediators", "王建国"),
    ("调解结果", "mediation_result", "成功"),
    ("所属村(社区)", "village", "红旗村"),
    ("协议履行情况", "performance_status", "已履行"),
    ("备 注", "remarks", ""),
]
PEOPLE_ABOVE = ["申请人", "", "", "", "被申请人", "", ""]
PEOPLE_BELOW = ["姓名", "身份证号", "联系电话", "住址", "姓名或名称", "身份证号码", "电话"]
PEOPLE = [f"applicant.{n}" for n in ("name", "id_card_number", "contact_phone", "address")]
PEOPLE += [f"respondent.{n}" for n in ("name", "id_card_number", "contact_phone")]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".csv"])
def test_a_title_and_merged_two_row_headings(tmp_path: Path, suffix: str) -> None:
    top = ["序号", *[h for h, _, _ in MEDIATION[:3]], *PEOPLE_ABOVE, *[h for h, _, _ in MEDIATION[3:]]]
    below = ["", "", "", "", *PEOPLE_BELOW, *[""] * 7]
    person = ["张三", "110101199003077571", "13812345678", "红旗村3组", "李四", "", "0573-84551234"]
    line = [1, *[v for _, _, v in MEDIATION[:3]], *person, *[v for _, _, v in MEDIATION[3:]]]
    merges = [(0, 0, 0, len(top) - 1), (1, 4, 1, 7), (1, 8, 1, 10), *[(1, c, 2, c) for c in (0, 1, 2, 3, *range(11, len(top)))]]
    path = write_book(tmp_path / f"a{suffix}", {"调解": [[TITLE, *[""] * (len(top) - 1)], top, below, line]}, {"调解": merges})
    plan = propose_plan(read_ledger(path), "mediation")
    sheet = plan.sheets[0]
    assert (sheet.first, sheet.last, sheet.year, sheet.rows) == (1, 2, 2025, 1)
    assert used(plan) == ["", *[t for _, t, _ in MEDIATION[:3]], *PEOPLE, *[t for _, t, _ in MEDIATION[3:]]]
    assert sheet.by_target["agreement.agreement_amount"].unit == 10_000


@pytest.mark.parametrize(
    ("headings", "wanted"),
    [
        (["当事人（甲方）", "甲方电话", "当事人（乙方）", "乙方电话"],
         ["applicant.name", "applicant.contact_phone", "respondent.name", "respondent.contact_phone"]),
        (["申请人姓名", "申请人身份证号", "被申请人姓名", "被申请人住址"],
         ["applicant.name", "applicant.id_card_number", "respondent.name", "respondent.address"]),
        (["当事人", "纠纷类型", "调解时间", "协议内容"], ["party.name", "dispute_type", "closed_on", "agreement.agreement_content"]),
        (["当事人姓名", "当事人联系方式", "纠纷类型", "主持人"], ["party.name", "party.contact_phone", "dispute_type", "mediators"]),
        (["当事人姓名", "性别", "年龄", "工作单位", "事由", "登记日期"],
         ["party.name", "party.sex", "party.age", "party.address", "dispute_summary", "registered_on"]),
        (["日期", "双方当事人", "案由", "承办人"], ["registered_on", "party.name", "title", "mediators"]),
    ],
)  # fmt: skip
def test_parties_in_one_row_of_headings(headings: list[str], wanted: list[str]) -> None:
    values = {"name": "张三", "phone": "13812345678"}
    line: list[object] = [sample(targets("mediation")[w].field) if "name" not in w else values["name"] for w in wanted]
    assert used(propose_plan(ledger_of([[TITLE], list(headings), line]), "mediation")) == wanted


def test_what_stands_below_decides_between_two_readings() -> None:
    types = [["案由", "当事人", "日期"], ["邻里纠纷", "张三与李四", "2025.1.2"], ["合同纠纷", "王五与赵六", "2025.1.3"]]
    assert used(propose_plan(ledger_of(types), "mediation")) == ["dispute_type", "party.name", "registered_on"]
    stories = [["案由", "当事人", "日期"], ["排水沟漏水", "张三与李四", "2025.1.2"], ["还钱", "王五与赵六", "2025.1.3"]]
    assert used(propose_plan(ledger_of(stories), "mediation"))[0] == "title"
    numbers = [["编号", "咨询人", "电话", "咨询内容"], *[[i, "张三", "13812345678", "问遗产"] for i in range(1, 6)]]
    assert used(propose_plan(ledger_of(numbers), "consultation")) == ["", "name", "contact_phone", "consultation_content"]


def test_the_unit_may_stand_above_the_table() -> None:
    rows: list[list[object]] = [[TITLE, "", ""], ["", "", "单位：万元"], ["当事人", "纠纷类型", "涉及金额"], ["张三与李四", "邻里纠纷", 1.2]]
    assert propose_plan(ledger_of(rows), "mediation").sheets[0].by_target["agreement.agreement_amount"].unit == 10_000


@pytest.mark.parametrize(
    ("kind", "headings"),
    [
        ("mediation", ["序号", "登记日期", "申请人", "被申请人", "纠纷类型", "简要情况", "调解员", "调解结果"]),
        ("consultation", ["序号", "日期", "姓名", "性别", "电话", "身份类别", "事项", "内容摘要", "答复摘要", "处理方式", "接待人", "满意度"]),
        ("adviser_visit", ["序号", "服务日期", "服务村", "法律顾问", "服务方式", "服务类型", "服务内容", "讲座人次"]),
        ("village", ["村名", "区划代码", "村（居）负责人", "联系电话"]),
        ("mediation_committee", ["调委会名称", "简称", "调委会类型", "地址"]),
        ("worker", ["姓名", "岗位", "性别", "联系电话", "所属调委会", "专兼职"]),
    ],
)
def test_the_kind_is_told_by_the_headings(kind: str, headings: list[str]) -> None:
    ledger = ledger_of([[TITLE], list(headings), ["" for _ in headings], ["x" for _ in headings]])
    assert guess_kind(ledger) == kind


def test_sheets_of_other_kinds_hidden_and_empty_ones_are_left_out_and_say_why(tmp_path: Path) -> None:
    mediation = [["登记日期", "申请人", "被申请人", "纠纷类型", "调解结果"], ["2025.1.2", "张三", "李四", "邻里纠纷", "成功"]]
    consultation = [["日期", "姓名", "电话", "咨询类型", "咨询内容", "答复意见"], ["2025.1.2", "张三", "13812345678", "来访", "遗产", "已答"]]
    path = write_book(tmp_path / "a.xlsx", {"调解": mediation, "咨询": consultation, "空": [], "说明": [["本表由司法所填写"]]})
    plan = propose_plan(read_ledger(path), "mediation")
    assert [s.included for s in plan.sheets] == [True, False, False, False]
    assert [bool(s.why) for s in plan.sheets] == [False, True, True, True]


def test_a_column_can_be_put_to_another_use() -> None:
    plan = propose_plan(ledger_of([["当事人", "案由", "日期"], ["张三与李四", "漏水", "2025.1.2"]]), "mediation")
    changed = plan.with_column(0, 1, "dispute_summary").with_column(0, 0, "")
    assert used(changed) == ["", "dispute_summary", "registered_on"]
    moved = changed.with_column(0, 0, "registered_on")
    assert used(moved) == ["registered_on", "dispute_summary", ""]
    with pytest.raises(KeyError):
        plan.with_column(0, 0, "nonsense")
