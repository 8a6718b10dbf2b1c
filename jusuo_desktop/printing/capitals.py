"""Amounts in the capital figures that are written on papers about money (壹佰贰拾元整), so that nobody adds a stroke."""

from __future__ import annotations

from typing import Final

DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
PLACES: Final = ("", "拾", "佰", "仟")


def number_in_capitals(number: int) -> str:
    """A whole number in capital figures; a zero is said where places are empty between two figures."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            high, low = divmod(number, unit)
            rest = number_in_capitals(low) if low else ""
            return number_in_capitals(high) + name + (DIGITS[0] if low and low < unit // 10 else "") + rest
    return _four(number) if number else DIGITS[0]


def _four(number: int) -> str:
    """1 to 9,999."""
    said, zero = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            said += (DIGITS[0] if zero and said else "") + DIGITS[digit] + PLACES[place]
        zero = not digit
    return said


def yuan_in_capitals(fen: int) -> str:
    """An amount in fen: 叁仟伍佰捌拾陆元伍角整, 壹佰元零伍分."""
    yuan, rest = divmod(abs(fen), 100)
    jiao, cents = divmod(rest, 10)
    said = f"{number_in_capitals(yuan)}元" if yuan or not rest else ""
    if jiao:
        said += DIGITS[jiao] + "角"
    elif cents and yuan:
        said += DIGITS[0]
    said += f"{DIGITS[cents]}分" if cents else "整"
    return ("负" if fen < 0 else "") + said
