"""One dispute told twice: what speaks for it is weighed and said; two people of one name and two numbers are two people."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.records.same_dispute import Dispute, Somebody, ago, likeness, place_words, ranked, times

WALL = "周家新砌围墙占了三组晒谷场旁两家之间的通道，李家的农用车进不去，双方已争吵两次。"
TYPED = Dispute("", "mediation", "", (Somebody("张三", "330424196501011234", "13800000000"), Somebody("李四")), "2", "v1", WALL, "2026-03-20")
KNOWN = Dispute("r1", "mediation", "张三与李四邻里纠纷", (Somebody("张三"), Somebody("李四")), "2", "v1", "", "2025-12-20")
TEXTS = st.text(alphabet="周家新砌围墙占了通道李四车进不去张三组田路", max_size=40)
SOMEBODY = st.builds(Somebody, st.sampled_from(("张三", "李四", "王小五", "")), st.sampled_from(("", "A", "B")), st.sampled_from(("", "1", "2")))
PEOPLE = st.lists(SOMEBODY, max_size=3)
DISPUTES = st.builds(
    Dispute,
    st.sampled_from(("a", "b", "c")),
    st.just("mediation"),
    st.just(""),
    PEOPLE.map(tuple),
    st.sampled_from(("", "1", "2")),
    st.sampled_from(("", "v1", "v2")),
    TEXTS,
    st.sampled_from(("", "2026-01-01", "2024-06-01")),
)


def test_it_explains_itself() -> None:
    found = likeness(TYPED, KNOWN)
    assert found is not None
    assert found.said == "同一当事人 张三、李四；同为邻里纠纷；同村；3个月前"
    by_number = likeness(TYPED, replace(KNOWN, people=(Somebody("张三", "330424196501011234"),), dispute_type="4", village="v2"))
    assert by_number is not None
    assert by_number.reasons[0] == "同一当事人 张三（身份证号相同）"


def test_a_common_name_alone_far_away_and_long_ago_says_nothing() -> None:
    assert likeness(TYPED, replace(KNOWN, people=(Somebody("李四"),), dispute_type="4", village="v2", day="2020-01-01")) is None


def test_two_numbers_are_two_people() -> None:
    other = replace(KNOWN, people=(Somebody("张三", "330424197501011239"),))
    assert likeness(TYPED, other) is None


def test_subject_and_place_without_a_common_name() -> None:
    told = "李家反映周家砌围墙占了三组晒谷场边上的通道，农用车进不去。"
    found = likeness(TYPED, replace(KNOWN, people=(Somebody("赵六"),), told=told, day="2026-03-10"))
    assert found is not None
    assert "同村" in found.said
    assert "晒谷场" in found.said
    assert likeness(TYPED, replace(KNOWN, people=(), told="因拖欠工资到厂里讨要，老板不在。", day="2026-03-10")) is None


@given(DISPUTES, DISPUTES)
def test_likeness_is_mutual_in_its_score_and_never_without_a_reason(one: Dispute, other: Dispute) -> None:
    here, there = likeness(one, other), likeness(other, one)
    if here is not None:
        assert here.reasons
        assert here.people or "写" in here.said
    if here is not None and there is not None and len(one.people) == len(other.people) == 1:
        assert here.score == there.score


@given(DISPUTES, st.lists(DISPUTES, max_size=6))
def test_the_ranking_is_one_whatever_the_order(typed: Dispute, known: list[Dispute]) -> None:
    unique = list({k.record_id: k for k in known}.values())
    assert ranked(typed, unique) == ranked(typed, unique[::-1])
    assert all(found.known.record_id != typed.record_id for found in ranked(typed, unique))


def test_how_often_somebody_came() -> None:
    far = replace(KNOWN, record_id="r2", village="v9", people=(Somebody("李四"),))
    sure = replace(KNOWN, record_id="r3", village="v9", people=(Somebody("张某", "330424196501011234"),))
    asked = replace(KNOWN, record_id="r4", kind="consultation")
    assert times(TYPED, [KNOWN, far, sure, asked]) == [("张三", 2), ("李四", 1)]
    assert times(replace(TYPED, record_id="r1"), [KNOWN]) == []


@pytest.mark.parametrize(
    ("day", "said"), [("2026-03-20", "同一天"), ("2026-03-15", "5天前"), ("2025-12-20", "3个月前"), ("2023-03-20", "3年前"), ("2026-03-25", "5天后")]
)
def test_ago(day: str, said: str) -> None:
    assert ago(day, "2026-03-20") == said


def test_words_that_name_a_spot() -> None:
    assert place_words("在三组晒谷场和东风路口") == ["东风路", "晒谷场", "三组"]
