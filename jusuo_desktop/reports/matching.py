"""How well a heading and the values below it fit a target: wordings first, then what really stands in the column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Final

from jusuo_desktop.records.field import Field, FieldType
from jusuo_desktop.records.values import BadValue, halfwidth, parse, plain
from jusuo_desktop.reports.headings import Heading, bare
from jusuo_desktop.reports.targets import AGREED, APPLICANT, HOLDER_WORDS, NAME_WORDS, RESPONDENT, Target, targets
from jusuo_desktop.reports.workbook_file import Cell

LEAST: Final = 0.45
"""Below it a column is left out until somebody says what it is."""
SEQUENCE_WORDS: Final = frozenset({"序号", "序", "行号", "no", "顺序号", "排序"})
FILLERS: Final = ("的", "基本情况", "基本信息", "信息", "情况")
TAILS: Final = ("日期", "时间", "情况", "名称", "姓名", "号码", "内容", "情形")
ID_CARD_SHAPE: Final = re.compile(r"\d{14}|\d[.\d]*e\+?1\d|\d{3}\*{6,}", re.IGNORECASE)
STRICT: Final = frozenset(
    {FieldType.DATE, FieldType.TIME, FieldType.ID_CARD, FieldType.PHONE, FieldType.MONEY, FieldType.INTEGER, FieldType.CODE, FieldType.BOOLEAN}
)


@lru_cache(maxsize=64)
def _wordings(kind: str) -> tuple[tuple[str, str, str, bool], ...]:
    """(target, holder, wording, whether it is the label) of a kind."""
    return tuple((t.name, t.holder, bare(w), w == t.field.label) for t in targets(kind).values() for w in t.wordings)


def candidates(kind: str, heading: Heading, beside: str = "") -> dict[str, float]:
    """How well the words of a heading fit each target, 0 to 1; only those that fit at all. `beside` is the holder of the columns to the
    left: 性别 after 当事人姓名 is theirs.
    """
    found: dict[str, float] = {}
    if beside and len(heading.bare) == 1 and not split_holder(heading.bare)[0]:
        found |= {name: 0.9 * score for name, score in _held(kind, beside, heading.bare[0]).items() if not name.endswith(".name")}
    readings = {heading.bare, heading.whole}
    if kind == "mediation" and split_holder(heading.whole)[0] in (APPLICANT, RESPONDENT):
        readings = {heading.whole}  # 当事人（甲方）: the bracket says whose it is
    for parts in readings:
        if not parts or parts[-1] in SEQUENCE_WORDS:
            continue
        holder, rest = split_holder(parts) if kind == "mediation" else ("", "")
        if holder:
            for name, score in _held(kind, holder, rest).items():
                found[name] = max(found.get(name, 0), score)
        least = 0.95 if holder not in ("", AGREED) else 0.3  # 当事人申请事项 is no party, 当事人电话 is no 电话 of the record
        for text, weight in ((parts[-1], 1.0), ("".join(parts), 1.0), *((p, 0.75) for p in parts[:-1])):
            if len(parts) > 1 and holder not in ("", AGREED):
                continue
            for name, of, wording, label in _wordings(kind):
                if of in ("", AGREED) and (score := weight * alike(text, wording) - (0 if label else 0.01) - (0.02 if of else 0)) > least:
                    found[name] = max(found.get(name, 0), score)
    return found


def split_holder(parts: Sequence[str]) -> tuple[str, str]:
    """Whose column it is and what of them: ('applicant', '电话') for 申请人|电话 and for 申请人电话; ('', '') for the record's own."""
    for depth, part in enumerate(parts):
        for holder, words in HOLDER_WORDS.items():
            word = next((w for w in words if part.startswith(w)), None)
            if word is None:
                continue
            rest = part[len(word) :] + "".join(parts[depth + 1 :])
            for filler in FILLERS:
                rest = rest.removeprefix(filler)
            inner, inner_rest = split_holder(parts[depth + 1 :]) if holder == "party" else ("", "")
            return (inner, inner_rest) if inner else (holder, rest)
    return "", ""


def _held(kind: str, holder: str, rest: str) -> dict[str, float]:
    if holder in ("applicant", "respondent", "party"):
        if rest in NAME_WORDS:
            return {f"{holder}.name": 1.0}
        if rest.startswith(("人数", "数")):
            return {}
    found: dict[str, float] = {}
    for name, of, wording, label in _wordings(kind):
        if of == holder and (words := alike(rest, wording) - (0 if label else 0.01)) > 0.4:
            found[name] = max(found.get(name, 0), words)
    return found


def alike(text: str, wording: str) -> float:
    """1 for the same words, less for a customary tail more or less, less still when one holds the other."""
    if not text or not wording:
        return 0
    if text == wording:
        return 1
    if _stem(text) == _stem(wording) and len(_stem(text)) >= 2:
        return 0.85
    shorter, longer = sorted((text, wording), key=len)
    if len(shorter) >= 2 and shorter in longer:
        return 0.4 + 0.4 * len(shorter) / len(longer) + (0.05 if longer.endswith(shorter) else 0)
    return 0


def _stem(text: str) -> str:
    for tail in TAILS:
        if text.endswith(tail) and len(text) - len(tail) >= 2:
            return text[: -len(tail)]
    return text


def fit(field: Field, values: Sequence[Cell]) -> float:
    """Which part of the values could stand in the field, 0 to 1; 1 for an empty column."""
    looked = [v for v in values if plain(v) not in ("", "/", "-", "—", "无")][:40]
    return sum(_fits(field, v) for v in looked) / len(looked) if looked else 1


def _fits(field: Field, value: Cell) -> float:
    text = halfwidth(plain(value))
    digits = re.sub(r"\D", "", text)
    match field.type:
        case FieldType.ID_CARD:
            return float((isinstance(value, float) and value > 1e14) or ID_CARD_SHAPE.search(text) is not None)
        case FieldType.PHONE:
            return float("***" in text or (7 <= len(digits) < 25 and len(digits) >= len(text) * 0.5))
        case FieldType.DATE | FieldType.TIME if isinstance(value, date | datetime):
            return 1
        case FieldType.DATE | FieldType.TIME if re.match(r"\d{1,2}[月.]\d{1,2}日?$", text):
            return 0.8
        case FieldType.LINK | FieldType.LINKS:
            return float(len(text) <= 60 and not digits.startswith("20"))
        case FieldType.TEXT | FieldType.LONG_TEXT if field.name.endswith("name"):
            return float(len(text) <= 60 and len(digits) < 8)
        case FieldType.TEXT | FieldType.LONG_TEXT:
            return float(isinstance(value, str)) * 0.5 + 0.5
        case _:
            try:
                return float(parse(field, value) is not None)
            except BadValue:
                return 0


def score(target: Target, words: float, values: Sequence[Cell]) -> float:
    """Words and values together. A typed field whose values do not fit is no match, unless it is headed by the very word:
    then its bad values are to be refused one by one, not passed over in silence.
    """
    how = fit(target.field, values)
    if target.field.type in STRICT and how < 0.3:
        return LEAST if words > 0.95 else 0
    return words * (0.45 + 0.55 * how) + (0.02 if target.field.type in STRICT and how > 0.7 else 0)


def is_running_number(values: Sequence[Cell]) -> bool:
    """Whether a column only counts its rows: 1, 2, 3 …"""
    numbers = [int(plain(v)) for v in values if re.fullmatch(r"\d{1,5}", plain(v))]
    if len(numbers) < max(2, 0.8 * len([v for v in values if plain(v)])):
        return False
    steps = [b - a for a, b in pairwise(numbers)]
    return sum(s == 1 for s in steps) >= 0.8 * len(steps)
