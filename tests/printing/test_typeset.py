"""Line breaking: nothing lost, nothing beyond the column, no line beginning or ending with the wrong sign."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jusuo_desktop.printing.fonts import NO_END, NO_START, shipped_fonts
from jusuo_desktop.printing.marks import Rule, Square, Text
from jusuo_desktop.printing.typeset import Gap, Line, Piece, Style, Tick, Typesetter, Words
from tests.printing.texts import SENTENCES

STYLE = Style("song", 12.0, 20.0)


def said(line: Line) -> str:
    return "".join(mark.text for mark in line.marks if isinstance(mark, Text))


def lines(*pieces: Piece, width: float = 300.0, style: Style = STYLE) -> list[Line]:
    typesetter = Typesetter(shipped_fonts())
    made = typesetter.lines(pieces, style, width)
    assert not typesetter.missing
    return made


@settings(max_examples=150)
@given(SENTENCES, st.floats(40, 460), st.sampled_from(["left", "right", "center", "justify"]), st.sampled_from([0.0, 2.0]))
def test_nothing_is_lost_and_nothing_stands_outside(text: str, width: float, align: str, indent: float) -> None:
    made = lines(Words(text), width=width, style=Style("song", 12.0, 20.0, align, indent))
    assert "".join(said(line) for line in made).replace(" ", "") == text.replace("\n", "").replace(" ", "")
    for line in made:
        marks = [mark for mark in line.marks if isinstance(mark, Text)]
        assert all(mark.x >= -0.01 for mark in marks)
        if len(said(line)) > 1:
            assert all(mark.x + mark.width <= width + 0.05 for mark in marks)
        for left, right in itertools.pairwise(marks):
            assert left.x + left.width <= right.x + 0.05


@settings(max_examples=150)
@given(SENTENCES, st.floats(120, 460))
def test_no_line_begins_or_ends_with_the_wrong_sign(text: str, width: float) -> None:
    """Where there is any choice: a row of signs longer than the column cannot but break inside."""
    made = [said(line) for line in lines(Words(text), width=width)]
    soft = [(a, b) for a, b, line in zip(made, made[1:], lines(Words(text), width=width), strict=False) if not line.last]
    for before, after in soft:
        stuck = all(c in NO_START or c in NO_END for c in before[1:])
        assert stuck or not after or after[0] not in NO_START, (before, after)
        assert stuck or not before or before.rstrip()[-1] not in NO_END, (before, after)


def test_a_number_and_a_word_stay_whole() -> None:
    made = [said(line) for line in lines(Words("咨询人于2026年3月7日来电，电话0573-84561234，转Wang律师答复"), width=100.0)]
    assert any("0573-84561234" in line for line in made)
    assert any("Wang" in line for line in made)


def test_a_word_wider_than_the_column_breaks_anywhere() -> None:
    made = lines(Words("A" * 60), width=100.0)
    assert len(made) > 1
    assert "".join(said(line) for line in made) == "A" * 60


def test_an_empty_paragraph_is_one_line() -> None:
    assert len(lines(Words(""))) == 1


def test_newlines_break_and_are_not_printed() -> None:
    assert [said(line) for line in lines(Words("甲\n\n乙"))] == ["甲", "", "乙"]


def test_justified_lines_end_at_the_edge_but_for_the_last() -> None:
    made = lines(Words("调解协议具有法律约束力，当事人应当按照约定履行。" * 4), width=200.0)
    for line in made[:-1]:
        last = [mark for mark in line.marks if isinstance(mark, Text)][-1]
        assert last.x + last.width == pytest.approx(200.0, abs=0.05)


def test_centred_lines_are_even_where_the_last_would_be_a_character_or_two() -> None:
    style = Style("hei_bold", 26.0, 40.0, "center")
    made = lines(Words("西塘镇道路交通事故纠纷人民调解委员会"), width=442.0, style=style)
    assert [said(line) for line in made] == ["西塘镇道路交通事故", "纠纷人民调解委员会"]
    assert [said(line) for line in lines(Words("证据种类"), width=40.0, style=Style("song", 12.0, 16.0, "center"))] == ["证据", "种类"]
    assert [said(line) for line in lines(Words("证据种类"), width=40.0)] == ["证据种", "类"]


@settings(max_examples=100)
@given(SENTENCES, st.floats(60, 300))
def test_evening_out_makes_no_line_more_and_none_too_wide(text: str, width: float) -> None:
    even = lines(Words(text), width=width, style=Style("song", 12.0, 20.0, "center"))
    assert len(even) == len(lines(Words(text), width=width))
    assert all(line.width <= max(width, 24.0) + 0.02 or len(said(line)) == 1 for line in even)


def test_an_underline_that_ends_a_justified_line_ends_at_the_edge() -> None:
    pieces = (Words("经本人民调解委员会"), Gap(30.0), Words("调解，"), Gap(14.0), Words("之间"))
    made = lines(*pieces, width=190.0, style=Style("song", 12.0, 20.0, "justify"))
    rules = [mark for line in made for mark in line.marks if isinstance(mark, Rule)]
    assert any(rule.x1 > 180 for rule in rules)
    assert all(rule.x1 <= 190.01 for rule in rules)


def test_a_filling_gap_takes_the_rest_of_its_line() -> None:
    (line,) = lines(Words("地点："), Gap(24.0, fill=True), width=300.0)
    (rule,) = [mark for mark in line.marks if isinstance(mark, Rule)]
    assert rule.x1 == pytest.approx(300.0, abs=0.05)


def test_a_box_stays_with_its_word() -> None:
    pieces: list[Piece] = []
    for word in ("非常满意", "满意", "基本满意", "不满意", "非常不满意"):
        pieces += [Tick(word == "满意"), Words(word, whole=True), Gap(12.0, underline=False)]
    made = lines(*pieces, width=90.0)
    assert len(made) > 1
    assert all(any(isinstance(mark, Square) for mark in line.marks) for line in made)
    assert sum(isinstance(mark, Square) for line in made for mark in line.marks) == 5


@pytest.mark.parametrize("character", ["\ue000", "\U000f0001", "\u1820", "😀"])
def test_what_no_font_has_is_gathered_by_name(character: str) -> None:
    typesetter = Typesetter(shipped_fonts())
    typesetter.lines([Words(f"张{character}", "party.name")], STYLE, 300.0)
    assert list(typesetter.missing) == [(character, "party.name")]


def test_marks_without_a_shape_are_left_out_in_peace() -> None:
    made = lines(Words("张\u200b三\ufeff李\u200e四\ufe00"))
    assert said(made[0]) == "张三李四"


def test_odd_spaces_and_line_separators_work_as_what_they_are() -> None:
    assert [said(line) for line in lines(Words("甲\u2028乙\u205f丙\t丁"))] == ["甲", "乙 丙 丁"]
