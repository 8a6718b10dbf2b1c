"""Whether two records tell of one dispute: the same people, subject, place and time, with the reasons said. Pure; it proposes and decides nothing.

anchors (3) row 9: one quarrel is reported by the liaison, the adviser and the clerk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from jusuo_desktop.records.codes import code_list

NUMBER, PHONE, NAME, LONG_NAME = 60, 40, 26, 32
"""What it weighs that a person is the same, by what proves it. A name of two characters is shared by many."""
MORE_PEOPLE: Final = 24
SAME_TYPE, SAME_VILLAGE, PLACE_WORD = 12, 10, 10
MOST_WORDS: Final = 26
"""What the wording weighs when it agrees altogether."""
ALIKE: Final = 0.3
"""From this share of common pairs of characters on the wording is said to agree."""
NEAR: Final = ((31, 12), (92, 9), (366, 5), (1100, 0))
OLD: Final = -6
LEAST: Final = 38
HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
PLACE: Final = re.compile(
    r"[一二三四五六七八九十\d]{1,3}(?:村民小)?组|晒谷场|自留地|宅基地|承包地|加油站|卫生院|\d{1,4}(?:号楼|弄|幢)"
    r"|[\u3400-\u9fff]{2}(?:小区|市场|工地|广场|公司|水库|鱼塘|路|巷|街|桥|河|渠|厂|坝|山|塘)"
)
COMMON: Final = frozenset(
    re.findall(
        "..",
        "双方发生因为纠纷当事事人申请请人要求进行调解争吵争执引起产生问题一直多次没有不能"
        "认为两家对方自己村民居民现在由于导致无法已经人民解决处理矛盾被申引发经过协商未果",
    )
)
"""Pairs of characters that stand in every account and tell nothing."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person or an organisation as far as it is known; '' for what is not."""

    name: str
    id_number: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute as a record tells it, or as it stands on a page half typed. `day` is 'YYYY-MM-DD' or ''."""

    record_id: str = ""
    kind: str = ""
    title: str = ""
    people: tuple[Somebody, ...] = ()
    dispute_type: str = ""
    village: str = ""
    told: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two disputes are alike, and why: “同一当事人 张三”, “同为邻里纠纷”, “同村”, “3个月前”."""

    known: Dispute
    score: int
    reasons: tuple[str, ...]
    people: tuple[str, ...]
    """The names that both tell of."""

    @property
    def said(self) -> str:
        """The reasons in one line."""
        return "；".join(self.reasons)


def likeness(typed: Dispute, known: Dispute) -> Likeness | None:
    """How alike they are; None where too little speaks for it."""
    score, reasons, shared = _people(typed, known)
    if typed.dispute_type and typed.dispute_type == known.dispute_type:
        score += SAME_TYPE
        reasons.append(f"同为{code_list('dispute_type').label_of(known.dispute_type)}")
    if typed.village and typed.village == known.village:
        score += SAME_VILLAGE
        reasons.append("同村")
    weighed, alike = _wording(typed.told, known.told)
    score += weighed
    reasons += alike
    if not shared and not (alike and ("同村" in reasons or "“" in alike[0])):
        return None  # accidents on the road and wages not paid are told alike everywhere
    if typed.day and known.day:
        days = abs((date.fromisoformat(typed.day[:10]) - date.fromisoformat(known.day[:10])).days)
        score += next((weight for until, weight in NEAR if days <= until), OLD)
        reasons.append(ago(known.day, typed.day))
    return Likeness(known, score, tuple(reasons), shared) if score >= LEAST else None


def ranked(typed: Dispute, known: Iterable[Dispute], most: int = 5) -> list[Likeness]:
    """The most alike first; equals by the newer day. The record itself is no likeness of its own."""
    found = [one for other in known if other.record_id != typed.record_id if (one := likeness(typed, other)) is not None]
    return sorted(found, key=lambda one: (-one.score, _reversed(one.known.day), one.known.record_id))[:most]


def _reversed(day: str) -> int:
    return -int(day[:10].replace("-", "") or 0)


def _people(typed: Dispute, known: Dispute) -> tuple[int, list[str], tuple[str, ...]]:
    weights: list[tuple[int, str, str]] = []
    for one in typed.people:
        best = max(((*proof(one, other), one.name or other.name) for other in known.people), default=(0, "", ""))
        if best[0]:
            weights.append(best)
    weights.sort(key=lambda told: -told[0])
    if not weights:
        return 0, [], ()
    score = weights[0][0] + MORE_PEOPLE * (len(weights) - 1)
    names = tuple(dict.fromkeys(name for _, _, name in weights if name))
    by = next((said for _, said, _ in weights if said), "")
    return score, [f"同一当事人 {'、'.join(names[:3])}{by}"], names


def proof(one: Somebody, other: Somebody) -> tuple[int, str]:
    """What it weighs that two are one person, and by what beyond the name; (0, '') when they are not. Two numbers that differ are two people."""
    if one.id_number and other.id_number:
        return (NUMBER, "（身份证号相同）") if one.id_number.upper() == other.id_number.upper() else (0, "")
    phones = _digits(one.phone), _digits(other.phone)
    same_name = bool(one.name) and one.name == other.name
    if all(phones) and phones[0] == phones[1]:
        return PHONE + (10 if same_name else 0), "（电话相同）"
    if same_name:
        return (LONG_NAME if len(one.name) > 2 else NAME), ""
    return 0, ""


def is_surely(one: Somebody, other: Somebody, *, same_village: bool) -> bool:
    """Whether two are one person for the count of how often somebody came: by number or phone, or by name within one village."""
    weight, by = proof(one, other)
    return weight > 0 and (bool(by) or same_village)


def times(typed: Dispute, known: Sequence[Dispute]) -> list[tuple[str, int]]:
    """Who has been in mediations before, and in how many, the most often first. The present one is not counted."""
    found = []
    for one in typed.people:
        cases = {
            other.record_id
            for other in known
            if other.kind == "mediation" and other.record_id != typed.record_id
            if any(is_surely(one, p, same_village=bool(typed.village) and typed.village == other.village) for p in other.people)
        }
        if cases and one.name:
            found.append((one.name, len(cases)))
    return sorted(found, key=lambda told: (-told[1], told[0]))


def place_words(told: str) -> list[str]:
    """The words of an account that name a spot: “三组晒谷场”, “东风路”; the longest first."""
    return sorted(dict.fromkeys(PLACE.findall(told)), key=lambda word: (-len(word), word))


def _wording(typed: str, known: str) -> tuple[int, list[str]]:
    one, other = pairs(typed), pairs(known)
    if min(len(one), len(other)) < 6:
        return 0, []
    share = len(one & other) / min(len(one), len(other))
    spots = [word for word in place_words(typed) if len(word) > 2 and word in known]
    score = round(MOST_WORDS * min(share * 1.6, 1)) if share >= ALIKE else 0
    if spots:
        score += PLACE_WORD
    said = [f"都写到“{spots[0]}”"] if spots else []
    return score, said + (["情况写得相近"] if share >= ALIKE else [])


@lru_cache(maxsize=2000)
def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring Chinese characters that tell something."""
    runs = HAN.findall(text[:2000])
    return frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1)) - COMMON


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)


def ago(day: str, today: str) -> str:
    """“今天”, “5天前”, “3个月前”, “2年前”; what lies after today in the same way."""
    days = (date.fromisoformat(today[:10]) - date.fromisoformat(day[:10])).days
    way = "前" if days > 0 else "后"
    days = abs(days)
    if not days:
        return "同一天"
    if days < 31:
        return f"{days}天{way}"
    return f"{round(days / 30.44)}个月{way}" if days < 700 else f"{round(days / 365.25)}年{way}"
