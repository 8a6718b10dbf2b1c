"""Initials by which a name is found: every reading of the surname, a table of surnames ahead of the library.

pypinyin reads the surnames 单 仇 曾 查 区 解 朴 盖 as ordinary words (anchors finding 10).
"""

from __future__ import annotations

import os
from functools import lru_cache
from types import ModuleType
from typing import Final

SURNAMES: Final = {
    "单": "s", "仇": "q", "曾": "z", "查": "z", "区": "o", "解": "x", "朴": "p", "盖": "g", "任": "r", "翟": "z", "尉": "wy",
    "万": "wm", "缪": "m", "宓": "m", "员": "y", "洗": "x", "冼": "x", "乐": "yl", "折": "s", "召": "s", "种": "c", "重": "c",
    "黑": "h", "秘": "b", "繁": "p", "覃": "qt", "纪": "j", "华": "h", "燕": "y", "隗": "kw", "牟": "m", "长": "cz", "贾": "j",
    "宁": "n", "应": "y", "於": "y", "佴": "n", "俞": "y", "祭": "z", "逄": "p", "晟": "c", "盛": "s", "沈": "s", "石": "s",
    "柏": "b", "卜": "b", "郇": "xh", "过": "g", "哈": "h", "葛": "g", "令": "l", "宿": "s", "相": "x", "臧": "z", "降": "j",
}  # fmt: skip
MOST_NAME: Final = 20
MOST_SPELLINGS: Final = 8


def _library() -> ModuleType:
    """pypinyin, imported when first needed, without its dictionary of phrases: characters are asked for one by one, and it takes 40 MB."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    import pypinyin

    return pypinyin


@lru_cache(maxsize=20_000)
def _readings(character: str) -> str:
    library = _library()
    found = library.pinyin(character, style=library.Style.FIRST_LETTER, heteronym=True, errors="ignore")
    return "".join(dict.fromkeys(letter for reading in found for letter in reading if letter.isalpha()))


@lru_cache(maxsize=20_000)
def _default(character: str) -> str:
    library = _library()
    found = library.lazy_pinyin(character, style=library.Style.FIRST_LETTER, errors="ignore")
    return str(found[0][:1]) if found else ""


def initials(name: str) -> list[str]:
    """The lower-case initials of a name, one spelling for each reading of its first character; [] if nothing is Chinese in it."""
    name = name.strip()[:MOST_NAME]
    if not name or name.isascii():
        return []
    first, rest = name[0], "".join(_default(c) for c in name[1:])
    letters = dict.fromkeys(SURNAMES.get(first, "") + _readings(first))
    return [letter + rest for letter in letters][:MOST_SPELLINGS]
