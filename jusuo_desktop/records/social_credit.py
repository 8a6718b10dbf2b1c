"""The unified social credit code (GB 32100) of an organisation: 18 characters, the last one a check (domain/codes.md §5)."""

from __future__ import annotations

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))


def social_credit_doubt(value: object) -> str | None:
    """What is wrong with a code, None for a sound one. A field's `doubt`: saved all the same."""
    typed = str(value)
    if len(typed) != 18 or any(character not in ALPHABET for character in typed):
        return "统一社会信用代码应为18位数字和大写字母（不含 I、O、S、V、Z），请对照营业执照核对。"
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(typed, WEIGHTS, strict=False))
    return None if ALPHABET[(31 - total % 31) % 31] == typed[-1] else "统一社会信用代码的最后一位对不上，请对照营业执照核对。"
