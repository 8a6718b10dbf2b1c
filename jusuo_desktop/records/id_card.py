"""Reads a citizen identity number (GB 11643): birth date, sex, region. Warns and never blocks (domain/codes.md §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from jusuo_desktop.records.divisions import region_name

WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS: Final = "10X98765432"


@dataclass(frozen=True, slots=True)
class IdCard:
    """What a number tells. Empty strings where it tells nothing; `warning` is a sentence when something is odd."""

    birth_date: str
    sex: str
    region_code: str
    region_name: str
    warning: str


def check_character(first_17: str) -> str:
    """The 18th character that belongs to the first 17 digits."""
    return CHECK_CHARACTERS[sum(w * int(d) for w, d in zip(WEIGHTS, first_17, strict=True)) % 11]


def read(number: str) -> IdCard:
    """What an 18- or 15-character number tells; everything is '' for anything else, with a warning."""
    if len(number) == 15 and number.isascii() and number.isdigit():
        born, order = "19" + number[6:12], int(number[14])
        warning = "这是15位的旧身份证号，请核对。"
    elif len(number) == 18 and number.isascii() and number[:17].isdigit() and (number[17].isdigit() or number[17] == "X"):
        born, order = number[6:14], int(number[16])
        warning = "" if check_character(number[:17]) == number[17] else "身份证号的校验位不对，请核对是否有抄错的数字。"
    else:
        return IdCard("", "", "", "", "身份证号应为18位（或旧的15位），请核对。")
    try:
        birth_date = date(int(born[:4]), int(born[4:6]), int(born[6:])).isoformat()
    except ValueError:
        birth_date, warning = "", "身份证号里的出生日期不存在，请核对。"
    return IdCard(birth_date, "1" if order % 2 else "2", number[:6], region_name(number[:6]), warning)
