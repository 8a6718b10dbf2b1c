"""Amounts in capital figures, read back by the rule and not by the writer; known examples of the People's Bank's rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.printing.capitals import number_in_capitals, yuan_in_capitals

DIGITS = {c: n for n, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read(said: str) -> int:
    """A whole number from its capitals."""
    for unit, value in (("亿", 10**8), ("万", 10**4)):
        if unit in said:
            high, _, low = said.rpartition(unit)
            return read(high) * value + (read(low) if low else 0)
    total = digit = 0
    for character in said:
        if character in UNITS:
            total, digit = total + digit * UNITS[character], 0
        else:
            digit = DIGITS[character]
    return total + digit


@given(st.integers(0, 10**13))
def test_a_number_is_read_back(number: int) -> None:
    said = number_in_capitals(number)
    assert read(said) == number
    assert "零零" not in said
    assert number == 0 or not said.endswith("零")


@given(st.integers(0, 10**13))
def test_an_amount_is_read_back(fen: int) -> None:
    said = yuan_in_capitals(fen)
    yuan, _, rest = said.partition("元") if "元" in said else ("零", "", said)
    jiao = DIGITS[rest.partition("角")[0][-1]] if "角" in rest else 0
    cents = DIGITS[rest.partition("分")[0][-1]] if "分" in rest else 0
    assert read(yuan) * 100 + jiao * 10 + cents == fen
    assert said.endswith("整") != said.endswith("分")


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (140950, "壹仟肆佰零玖元伍角整"),
        (600714, "陆仟零柒元壹角肆分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (10000000, "壹拾万元整"),
        (50, "伍角整"),
        (0, "零元整"),
    ],
)
def test_examples(fen: int, said: str) -> None:
    assert yuan_in_capitals(fen) == said
