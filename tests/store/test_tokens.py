"""Cutting text and queries: whatever part of a text is typed, its terms stand in the text's tokens. Pure, no database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.store.pinyin import initials
from jusuo_desktop.store.tokens import index_text, number_endings, plain, query_terms

HAN = "一二三张李单仇曾查区解邻里纠纷〇々鿿㐀𬭊𰻝\ue000"
CHINESE = st.text(st.sampled_from(HAN + "0123456789，。〔〕 \nx１２"), min_size=2, max_size=40)


@given(st.data(), CHINESE)
def test_every_part_of_a_chinese_text_is_found(data: st.DataObject, whole: str) -> None:
    begin = data.draw(st.integers(0, len(whole) - 2))
    end = data.draw(st.integers(begin + 2, len(whole)))
    part = whole[begin:end]
    if "x" in part:
        return  # a letter x is a word of its own unless digits stand before it
    tokens = index_text(whole)
    assert all(term.stands_in(tokens) for term in query_terms(part)), (whole, part, tokens)


@given(st.data(), st.from_regex(r"[1-9][0-9]{2,20}x?", fullmatch=True))
def test_every_run_of_digits_is_found(data: st.DataObject, number: str) -> None:
    begin = data.draw(st.integers(0, len(number) - 1))
    end = data.draw(st.integers(begin + 1, len(number)))
    part = number[begin:end]
    if part != "x":
        assert all(term.stands_in(index_text(f"电话{number}。")) for term in query_terms(part))


@given(CHINESE, st.from_regex(r"[一二三张李]{2,5}", fullmatch=True))
def test_a_run_that_is_not_there_is_not_found(whole: str, part: str) -> None:
    found = all(term.stands_in(index_text(whole)) for term in query_terms(part))
    assert found == (part in plain(whole))


@given(st.text(max_size=200))
def test_whatever_is_typed_makes_a_query_without_operators(typed: str) -> None:
    for term in query_terms(typed):
        assert term.phrase
        assert '"' not in term.phrase
        assert "*" not in term.phrase
        assert "\x00" not in term.phrase


@given(st.text(max_size=200))
def test_a_text_finds_itself(text: str) -> None:
    tokens = index_text(text)
    for term in query_terms(text):
        assert term.stands_in(tokens) or len(text) > 60


def test_a_number_is_found_from_any_of_its_parts_on() -> None:
    endings = number_endings("〔2026〕西民调字第12号")
    assert endings[0] == "2026西民调字第12号"
    assert "第12号" in endings
    assert "12号" in endings
    assert "2号" not in endings


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单雄信", "sxx"), ("仇和", "qh"), ("曾国藩", "zgf"), ("查良镛", "zly"), ("区寄", "oj"), ("解缙", "xj"), ("朴树", "ps"), ("盖叫天", "gjt"),
        ("任达华", "rdh"), ("尉迟恭", "ycg"), ("尉缭", "wl"), ("万俟卨", "mqx"), ("翟志刚", "zzg"), ("覃勇", "qy"), ("重阳", "cy"), ("乐毅", "yy"),
        ("乐山", "ls"), ("欧阳修", "oyx"), ("石磊", "sl"), ("华罗庚", "hlg"), ("宁浩", "nh"), ("繁钦", "pq"), ("种师道", "csd"), ("黑旋风", "hxf"),
    ],
)  # fmt: skip
def test_initials_of_surnames_as_people_say_them(name: str, typed: str) -> None:
    assert typed in initials(name)


def test_a_name_without_chinese_has_no_initials() -> None:
    assert initials("John") == []
    assert initials("") == []
