"""Where two texts differ: nothing is lost or made up, what is the same is the same in both, and a long account folds to what changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.ui.text_difference import FOLDED, OWN, SAME, as_html, differences, folded, since

TEXTS = st.text(st.sampled_from("甲乙丙，。\n0 "), max_size=120)


@given(TEXTS, TEXTS, st.booleans())
def test_the_runs_are_the_texts_and_what_is_the_same_is_so_in_both(one: str, other: str, by_character: bool) -> None:
    left, right = differences(one, other, by_character=by_character)
    assert ("".join(r.text for r in left), "".join(r.text for r in right)) == (one, other)
    same = ["".join(r.text for r in runs if r.kind == SAME) for runs in (left, right)]
    assert same[0] == same[1]
    assert (one == other) == all(r.kind == SAME for r in [*left, *right])
    for runs in (left, right):
        assert "".join(r.text for r in folded(runs)) == "".join(r.text for r in runs)
        assert [r for r in folded(runs) if r.kind == OWN] == [r for r in runs if r.kind == OWN]


@given(TEXTS, TEXTS, TEXTS)
def test_what_either_changed_is_marked_in_what_both_started_from(base: str, one: str, other: str) -> None:
    assert "".join(r.text for r in since(base, one, other)) == base
    assert all(r.kind == SAME for r in since(base, base, base))


def test_one_sentence_changed_in_a_long_account_is_all_that_is_left_in_sight() -> None:
    before, after = "两家院墙相邻，素来和睦。" * 90, "双方多次争吵，村里调解未果。" * 90
    one, other = f"{before}雨水流入院内。{after}", f"{before}雨水流入厨房。{after}"
    left, right = (folded(runs) for runs in differences(one, other))
    assert [r.text for r in left if r.kind == OWN] == ["院内"]
    assert [r.text for r in right if r.kind == OWN] == ["厨房"]
    assert sum(len(r.text) for r in left if r.kind != FOLDED) < 100
    shown = as_html(left, paint="#fff", quiet="#000")
    assert "（两边相同的" in shown
    assert "text-decoration:underline" in shown


def test_what_is_chosen_is_marked_as_a_whole() -> None:
    left, right = differences("人民调解委员会主动调解", "法院委托移送", by_character=False)
    assert [(r.text, r.kind) for r in [*left, *right]] == [("人民调解委员会主动调解", OWN), ("法院委托移送", OWN)]


def test_markup_in_a_value_stays_text() -> None:
    assert "&lt;b&gt;" in as_html(differences("<b>", "x")[0], paint="#fff", quiet="#000")
