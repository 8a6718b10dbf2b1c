"""The one check of values: what a field may hold, what blocks, what only warns, what an incomplete record lacks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.records import field as declare
from jusuo_desktop.records.check import check, check_field, missing
from jusuo_desktop.records.field import Field, Value
from jusuo_desktop.records.mediation import MEDIATION, PARTY
from jusuo_desktop.records.registry import KINDS

TEXT = declare.text("remark", "备注", max_length=5)
LONG = declare.long_text("story", "经过")
DAY = declare.date("day", "日期")
TIME = declare.moment("at", "时间")
COUNT = declare.integer("count", "人数", most=10)
FEN = declare.money("amount", "金额")
CODE = declare.code("sex", "性别", "sex")
CODES = declare.codes("types", "类型", "adviser_service")
LINKS = declare.links("mediators", "调解员", "worker")
FLAG = declare.yes_no("public", "公开")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (TEXT, "六个字的备注", "最多5个字"),
        (TEXT, "两\n行", "一行"),
        (TEXT, "", "应为文字"),
        (TEXT, 7, "应为文字"),
        (TEXT, "a\x00b", "不能显示"),
        (LONG, "半个\ud800字", "不能显示"),
        (DAY, "2026-02-30", "不是日期"),
        (DAY, "2026-2-3", "不是日期"),
        (DAY, "0026-02-03", "年份26"),
        (TIME, "2026-02-03T25:00", "不是时间"),
        (COUNT, 11, "不能大于10"),
        (COUNT, -1, "不能小于0"),
        (COUNT, True, "应为数字"),
        (FEN, 1.5, "应为数字"),
        (CODE, "男", "请从列表中选择"),
        (CODES, [], "一项或几项"),
        (CODES, ["1", "1"], "有重复"),
        (LINKS, ["x" * 65], "重新选择"),
        (FLAG, 1, "“是”或“否”"),
    ],
)
def test_a_wrong_value_is_refused_by_name(field: Field, value: object, said: str) -> None:
    problems = check_field(field, value)
    assert [p.field for p in problems] == [field.name]
    assert problems[0].blocking
    assert field.label in problems[0].message
    assert said in problems[0].message


def test_an_old_villagers_wrong_card_is_still_his_card() -> None:
    card = PARTY.by_name["id_card_number"]
    assert [p.blocking for p in check_field(card, "110105194912310021")] == [False]
    assert [p.blocking for p in check_field(PARTY.by_name["contact_phone"], "找村长")] == [False]
    assert check_field(PARTY.by_name["contact_phone"], "0573-8612345") == []


def test_fields_of_a_newer_version_pass_and_absent_ones_are_not_judged() -> None:
    assert check(MEDIATION, {"invented_later": {"deep": [1]}}) == []  # type: ignore[dict-item]


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_of_three_centuries_is_a_date(day: date) -> None:
    assert check_field(DAY, day.isoformat()) == []


@given(st.integers() | st.text() | st.lists(st.text(max_size=3), max_size=3) | st.booleans())
def test_no_value_whatever_breaks_the_check(value: Value) -> None:
    for kind in KINDS.values():
        for field in kind.fields:
            check_field(field, value)


def test_what_is_missing_is_told_in_the_order_of_the_declaration() -> None:
    lacking = [f.name for f in missing(MEDIATION, {"dispute_type": "2"})]
    assert lacking[:2] == ["registered_on", "case_source"]
    assert "dispute_type" not in lacking
    assert [f.name for f in missing(PARTY, {"organization_name": "清溪砖厂"})] == ["party_role"]


def test_days_far_apart_stay_in_order_as_text() -> None:
    days = [date(1999, 12, 31) + timedelta(days=n) for n in (0, 1, 400)]
    assert sorted(d.isoformat() for d in days) == [d.isoformat() for d in days]
