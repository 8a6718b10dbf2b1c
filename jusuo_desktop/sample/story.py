"""Composes the texts of one dispute, so that names, days, amounts and places agree in all of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from jusuo_desktop.sample.chance import around, pick, rounded
from jusuo_desktop.sample.days import TIMES_OF_DAY, in_words
from jusuo_desktop.sample.parts import Plot, common, names
from jusuo_desktop.sample.people import FEMALE, MALE, Person, firm_name, person, short_firm

NUMERALS: Final = "一二三四五六七八九"
GROUPS: Final = tuple(f"{n}组" for n in "一二三四五六七八九")
FAMILY: Final = frozenset({"couple", "wife", "parent", "siblings", "inlaws"})
FRACTIONS: Final = {"二": 2, "三": 3, "四": 4}


@dataclass(slots=True)
class Tale:
    """One dispute before it is written down. `says` holds everything that the wordings name."""

    plot: Plot
    a: Person
    b: Person
    firm: str
    group: str
    crowd: int
    amount: int
    says: dict[str, Any]
    lead: str
    facts: str

    def tell(self, draw: random.Random, wordings: tuple[str, ...]) -> str:
        """One of the wordings, filled in."""
        return pick(draw, wordings).format_map(self.says)


def _pair(draw: random.Random, who: str, on: date) -> tuple[Person, Person]:
    if who in ("couple", "wife"):
        first = MALE if who == "couple" and draw.random() < 0.35 else FEMALE
        a = person(draw, on, ages=(26, 52), sex=first)
        near = max((on - a.born).days // 365, 24)
        return a, person(draw, on, ages=(max(near - 3, 23), near + 3), sex=MALE if first == FEMALE else FEMALE)
    if who == "parent":
        a = person(draw, on, ages=(66, 86))
        age = (on - a.born).days // 365
        return a, person(draw, on, ages=(age - 34, age - 22), surname=_surname(a.name) if a.sex == MALE else "")
    if who == "siblings":
        a = person(draw, on, ages=(38, 68))
        age = (on - a.born).days // 365
        return a, person(draw, on, ages=(age - 7, age + 7), surname=_surname(a.name))
    if who == "inlaws":
        return person(draw, on, ages=(52, 72), sex=FEMALE), person(draw, on, ages=(25, 44), sex=FEMALE)
    return person(draw, on), person(draw, on)


def _surname(name: str) -> str:
    if "·" in name:
        return ""
    return name[:2] if name[:2] in str(names()["double"]).split() else name[:1]


def tale(draw: random.Random, plot: Plot, on: date, place: dict[str, str], town: bool) -> Tale:
    """A dispute that came to the committee on that day, in a village told of by `place` (v, vr, town)."""
    a, b = _pair(draw, plot.who, on)
    while b.name == a.name:
        _, b = _pair(draw, plot.who, on)
    firm = firm_name(draw, plot.firm) if plot.firm else ""
    group = f"{1 + int(draw.random() * 12)}幢" if town else pick(draw, GROUPS)
    drawn = {name: pick(draw, items) for name, items in plot.lists}
    event = on - timedelta(days=1 + int(drawn.get("days", 0)) + int(draw.random() ** 2 * 40))
    hired = event - timedelta(days=90 + int(draw.random() * 900))
    adult = max(a.born.year, b.born.year) + 22
    wed = adult + int(draw.random() * max(min(on.year - 1 - adult, 22), 1))
    crowd = plot.crowd[0] + int(draw.random() * (plot.crowd[1] - plot.crowd[0] + 1)) if plot.crowd else 1
    says: dict[str, Any] = {
        **place,
        "a": a.name,
        "b": f"{firm}（以下简称{short_firm(firm)}）" if firm else b.name,
        "full": firm or b.name,
        "sb": b.name,
        "doing": "施工" if plot.firm == "road" else "经营",
        "pa": a.pronoun,
        "pb": "他们" if firm else b.pronoun,
        "boss": b.name,
        "before": in_words(event - timedelta(days=12 + int(draw.random() * 30))),
        "half": _month(event - timedelta(days=150 + int(draw.random() * 120))),
        "g": group,
        "n": crowd,
        "when": in_words(event),
        "time": pick(draw, TIMES_OF_DAY),
        "hired": _month(hired),
        "since": on.year - 3 - int(draw.random() * 10),
        "old": on.year - 18 - int(draw.random() * 16),
        "wed": min(wed, on.year - 1),
        "age": (on - a.born).days // 365,
        "applied": in_words(on),
        "called": "本调委会",
    }
    says["child"] = "女儿" if b.sex == FEMALE else pick(draw, ("长子", "次子", "儿子"))
    says["kin"] = _kin(a, b)
    if plot.jobs:
        says["job"] = pick(draw, plot.jobs)
    amount = 0
    if plot.amount is not None:
        amount = around(draw, *plot.amount) * (crowd if plot.each else 1)
        least, most = plot.claim
        claim = amount * FRACTIONS[drawn["kids"]] if plot.share else rounded(amount * (least + draw.random() * (most - least)))
        says |= {"amount": amount, "claim": claim, "share": amount}
    tell = Tale(plot, a, b, firm, group, crowd, amount, says, "", "")
    tell.lead = tell.tell(draw, common()["lead"][plot.who])
    if firm:
        says["b"] = short_firm(firm)
    for name, item in drawn.items():
        says[name] = item.format_map(says) if "{" in item else item
    tell.facts = tell.tell(draw, plot.facts)
    return tell


def _month(day: date) -> str:
    return f"{day.year}年{day.month}月"


def _kin(a: Person, b: Person) -> str:
    elder, younger = (a, b) if a.born <= b.born else (b, a)
    return {(MALE, MALE): "兄弟", (MALE, FEMALE): "兄妹", (FEMALE, MALE): "姐弟", (FEMALE, FEMALE): "姐妹"}[elder.sex, younger.sex]


def articles(items: list[str]) -> str:
    """The articles of an agreement: 一、…；二、…。"""
    return "；\n".join(f"{NUMERALS[i]}、{item}" for i, item in enumerate(items)) + "。"


def record_text(draw: random.Random, told: Tale, *, course: str, agreed: str) -> str:
    """The record of one session. `course`: 'only' (one session settles), 'first' (adjourned), 'last' (settles), 'failed'."""
    said, says = common()["record"], told.says
    family = told.plot.who in FAMILY
    way_a = "_family" if family and not told.amount else "_money" if told.amount else ""
    way_b = "_firm" if told.firm else "_family" if family else ""
    a, b = says["a"], says["sb"]
    lines: list[str] = []
    if course == "last":
        lines.append(told.tell(draw, said["again"]))
    else:
        lines += [told.tell(draw, said["opening"]), told.tell(draw, said["consent"]), told.tell(draw, said["ask_a"])]
        lines += [f"{a}：{told.tell(draw, told.plot.says_a)}", told.tell(draw, said["ask_b"])]
        lines.append(f"{b}{'（' + told.firm + '负责人）' if told.firm else ''}：{told.tell(draw, told.plot.says_b)}")
    if course == "first":
        lines.append(told.tell(draw, said["adjourned"]))
    else:
        lines.append(f"调解员{says['m']}：{told.tell(draw, told.plot.reason)}")
        if course == "failed":
            lines.append(told.tell(draw, said["failed"]))
        else:
            yields = said[f"softened_a{way_a}"], said[f"softened_b{way_b}"], said["settled"]
            lines += [*(told.tell(draw, some) for some in yields), agreed]
    lines.append(told.tell(draw, said["confirm"]))
    return "\n".join(lines)
