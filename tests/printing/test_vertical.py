"""Text from top to bottom: read in its order, columns from right to left, short numbers upright; what does not fit is set across."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from jusuo_desktop.printing import shipped_fonts
from jusuo_desktop.printing.marks import Mark, Text
from jusuo_desktop.printing.typeset import Style, Typesetter, Words
from jusuo_desktop.printing.vertical import vertical

STYLE = Style("hei", 16.0, 20.0, "left")
SPINE = st.text(st.sampled_from("人民调解卷宗〔〕（）第号邻里纠纷0123456789《》—"), min_size=1, max_size=60)


def texts(marks: list[Mark]) -> list[Text]:
    return [mark for mark in marks if isinstance(mark, Text)]


@settings(max_examples=60)
@given(SPINE, st.floats(20, 200), st.floats(60, 600))
def test_all_of_it_stands_in_its_room_in_order_or_none(said: str, width: float, height: float) -> None:
    found = vertical(Typesetter(shipped_fonts()), [Words(said, "title")], STYLE, width, height)
    if found is None:
        return
    lines, style = found
    marks = texts(lines[0].marks)
    assert unicodedata.normalize("NFKC", "".join(m.text for m in marks)) == unicodedata.normalize("NFKC", said)
    assert len(lines) * style.pitch <= max(height, style.pitch) + 0.1
    for mark in marks:
        assert mark.x >= -0.1
        assert mark.x + mark.width <= width + 0.1
    middles = [round(m.x + m.width / 2, 1) for m in marks]
    assert middles == sorted(middles, reverse=True)


def test_a_year_stands_upright_in_one_place_and_brackets_turn() -> None:
    found = vertical(Typesetter(shipped_fonts()), [Words("〔2026〕第18号")], STYLE, 60, 300)
    assert found is not None
    assert [m.text for m in texts(found[0][0].marks)] == ["︹", "2026", "︺", "第", "18", "号"]


def test_what_does_not_fit_is_left_to_be_set_across() -> None:
    assert vertical(Typesetter(shipped_fonts()), [Words("人民调解卷宗" * 20)], STYLE, 40, 100) is None
