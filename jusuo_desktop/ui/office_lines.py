"""What the first-run page reads from its fields: the villages that were pasted, how strong a pass phrase is. Pure."""

from __future__ import annotations

import re
from typing import Final

from jusuo_desktop.records.values import halfwidth
from jusuo_desktop.store.refusal import Refused

OFFICE_DIGITS: Final = 9
VILLAGE_DIGITS: Final = 12
CUSTOMARY: Final = ("村民委员会", "居民委员会", "村委会", "居委会")
MOST_VILLAGES: Final = 500
STRONG: Final = 16
FAIR: Final = 11


def read_villages(text: str, office_code: str) -> list[dict[str, str]]:
    """One village a line: its name and its code, in either order, the code whole or its last three digits.

    Raises:
        Refused: a line that cannot be understood, by its number.
    """
    found: list[dict[str, str]] = []
    seen: dict[str, str] = {}
    for number, line in enumerate(halfwidth(text).splitlines(), start=1):
        if not line.strip(" ,，、\t"):
            continue
        digits = re.findall(r"(?<![0-9])(?:[0-9]{12}|[0-9]{3})(?![0-9])", line)
        name = re.sub(r"[0-9\s,，、;；:：]+", "", line)
        if not digits or not name:
            raise Refused(f"村（社区）第{number}行“{line.strip()}”看不懂，请写成“东村 201”或“东村 {office_code or '330424106'}201”，一行一个。")
        code = digits[0] if len(digits[0]) == VILLAGE_DIGITS else office_code + digits[0]
        if not code.startswith(office_code):
            raise Refused(f"村（社区）第{number}行“{name}”的代码 {code} 不在本所 {office_code} 之下，请核对。")
        if code in seen:
            raise Refused(f"村（社区）第{number}行“{name}”与“{seen[code]}”的代码相同（{code}），请核对。")
        seen[code] = name
        found.append({"name": name, "division_code": code})
    if len(found) > MOST_VILLAGES:
        raise Refused(f"一个司法所不会有{len(found)}个村（社区），请核对粘贴的内容。")
    return found


def read_office_code(text: str) -> str:
    """The nine digits of an office.

    Raises:
        Refused: they are not nine digits.
    """
    code = re.sub(r"\s", "", halfwidth(text))
    if not re.fullmatch(r"[0-9]{9}", code):
        raise Refused("区划代码应为9位数字：县（市、区）6位，加乡镇（街道）3位，例如 330424106。可以在国家统计局网站的“统计用区划代码”里查到。")
    return code


def strength(passphrase: str) -> str:
    """How hard it is to guess, in a few words; only its length and variety are looked at."""
    if not passphrase:
        return ""
    various = len(set(passphrase))
    chinese = sum(1 for c in passphrase if c > "\u2e80")
    worth = min(len(passphrase), various * 2) + chinese
    if len(passphrase) < 8:
        return f"太短：还要 {8 - len(passphrase)} 个字符"
    if worth >= STRONG:
        return "强度：好"
    return "强度：可以，再长一些更好" if worth >= FAIR else "强度：弱，请换一句不容易猜到的话"
