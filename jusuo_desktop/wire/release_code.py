"""The code that opens a laptop locked for want of contact: read out on the telephone, made by the county from what the laptop shows.

The laptop shows a challenge of its own, used once. The answer holds the days that it grants and forty bits that only the county, which shares
a secret with each device, can make of device, challenge and days. Both end in a check character that finds every single wrong
character and every two exchanged ones, so that a slip of the tongue is told at once and does not count as a wrong code.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from typing import Final

from jusuo_desktop.wire.enroll_code import ALPHABET

MOST_DAYS: Final = 31
"""Days that one code grants at most: one character tells them."""
CHALLENGE: Final = 8
CODE: Final = 10
"""Characters, the check character included."""
_LOOKALIKES: Final = str.maketrans("OIL", "011")


class BadCode(ValueError):
    """What was typed is no challenge or code; the message is a sentence."""


def new_challenge() -> str:
    """A fresh challenge, as it is shown: 'XXXX-XXXX'."""
    return shown(_checked("".join(secrets.choice(ALPHABET) for _ in range(CHALLENGE - 1))))


def device_secret(county_secret: bytes, device_id: str) -> bytes:
    """What the county shares with one device, made from what the county alone holds."""
    return hmac.new(county_secret, b"release\n" + device_id.encode(), hashlib.sha256).digest()


def code_for(secret: bytes, device_id: str, challenge: str, days: int) -> str:
    """The code that grants `days` to a device that shows `challenge`, as it is read out: 'XXXXX-XXXXX'.

    Raises:
        BadCode: the challenge is none.
    """
    if not 0 < days <= MOST_DAYS:
        raise ValueError(days)
    return shown(_checked(ALPHABET[days] + _proof(secret, device_id, read(challenge, CHALLENGE, "挑战码"), days)))


def granted(secret: bytes, device_id: str, challenge: str, typed: str) -> int:
    """The days that a typed code grants; 0 for a code that is not the county's answer to this challenge.

    Raises:
        BadCode: mistyped: wrong length or characters, or the check character does not fit.
    """
    code = read(typed, CODE, "解锁码")
    days = ALPHABET.index(code[0])
    proof = _proof(secret, device_id, read(challenge, CHALLENGE, "挑战码"), days)
    return days if hmac.compare_digest(code[1:-1], proof) else 0


def shown(joined: str) -> str:
    """In groups, as it is shown and read out."""
    size = 4 if len(joined) == CHALLENGE else 5
    return "-".join(joined[at : at + size] for at in range(0, len(joined), size))


def read(typed: str, length: int, called: str) -> str:
    """The characters that were typed: spaces, hyphens, small and full-width characters are read, O, I and L as 0, 1, 1.

    Raises:
        BadCode: wrong length or characters, or the check character does not fit.
    """
    narrow = unicodedata.normalize("NFKC", typed[:200]).upper()
    joined = "".join(c for c in narrow if not (c.isspace() or c in "-—–－_·.")).translate(_LOOKALIKES)
    if foreign := next((c for c in joined if c not in ALPHABET), ""):
        raise BadCode(f"{called}里没有“{foreign}”这个字符，请再核对一遍。")
    if len(joined) != length:
        raise BadCode(f"{called}应为{length}个字母和数字，现有{len(joined)}个，请再核对一遍。")
    if _checked(joined[:-1]) != joined:
        raise BadCode(f"{called}有字符听错或输错了，请再核对一遍。")
    return joined


def _proof(secret: bytes, device_id: str, challenge: str, days: int) -> str:
    made = hmac.new(secret, f"jusuo release 1\n{device_id}\n{challenge}\n{days}".encode(), hashlib.sha256).digest()
    bits = int.from_bytes(made[:5], "big")
    return "".join(ALPHABET[(bits >> shift) & 31] for shift in range(35, -1, -5))


def _checked(characters: str) -> str:
    """With a check character: a polynomial over the field of 32 elements, as x^5 + x^2 + 1 makes it."""
    check = 0
    for character in characters:
        check = _times_x(check) ^ ALPHABET.index(character)
    return characters + ALPHABET[_times_x(check)]


def _times_x(element: int) -> int:
    return (element << 1) ^ (0b100101 if element & 16 else 0)
