"""Invented people: name, sex, birth date, an identity number that passes its check, a phone that rings nowhere."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from jusuo_desktop.records.id_card import CHECK_CHARACTERS, WEIGHTS
from jusuo_desktop.sample.chance import Weighted, pick
from jusuo_desktop.sample.parts import names

MALE: Final = "1"
FEMALE: Final = "2"


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the sample."""

    name: str
    sex: str
    born: date
    id_number: str
    phone: str
    ethnicity: str

    @property
    def pronoun(self) -> str:
        """他 or 她."""
        return "他" if self.sex == MALE else "她"


@cache
def _surnames() -> Weighted[str]:
    told = names()
    fields = str(told["surnames"]).split()
    pairs = [(fields[i], float(fields[i + 1])) for i in range(0, len(fields), 2)]
    total = sum(weight for _, weight in pairs)
    hard, double = str(told["tricky"]).split(), str(told["double"]).split()
    pairs += [(s, total * 0.04 / len(hard)) for s in hard] + [(s, total * 0.008 / len(double)) for s in double]
    return Weighted(pairs)


@cache
def _given(sex: str) -> tuple[str, ...]:
    return tuple(str(names()["male" if sex == MALE else "female"]).split())


@cache
def _rare() -> tuple[str, ...]:
    return tuple(str(names()["rare"]).split())


@cache
def _dotted() -> tuple[tuple[str, str, str], ...]:
    return tuple((n, s, e) for n, s, e in names()["dotted"])


def full_name(draw: random.Random, sex: str, surname: str = "") -> str:
    """A name: a given name of one character for every fourth person, a rare character for one in a hundred."""
    given = _given(sex)
    first = pick(draw, _rare()) if draw.random() < 0.01 else pick(draw, given)
    second = pick(draw, given) if draw.random() < 0.76 else ""
    return (surname or _surnames().draw(draw)) + (first if first == second else first + second)


def id_number(draw: random.Random, born: date, sex: str) -> str:
    """A number with a right check digit in region 9901xx, which was never assigned."""
    region = "990101" if draw.random() < 0.9 else f"9901{int(draw.random() * 20) + 2:02d}"
    order = int(draw.random() * 499) * 2 + (1 if sex == MALE else 2)
    first = f"{region}{born.year:04d}{born.month:02d}{born.day:02d}{order:03d}"
    return first + CHECK_CHARACTERS[sum(w * int(d) for w, d in zip(WEIGHTS, first, strict=True)) % 11]


def mobile(draw: random.Random) -> str:
    """A mobile number in the range 154, given to no network."""
    return f"154{int(draw.random() * 10**8):08d}"


def landline(draw: random.Random) -> str:
    """A landline in the unused area 0199."""
    return f"0199-{int(draw.random() * 10**7) + 10**7:08d}"


def person(draw: random.Random, on: date, *, ages: tuple[int, int] = (24, 74), sex: str = "", surname: str = "") -> Person:
    """Somebody of that age on that day."""
    if not surname and draw.random() < 0.006:
        name, sex_of, ethnicity = pick(draw, [d for d in _dotted() if not sex or d[1] == sex])
    else:
        sex_of = sex or (MALE if draw.random() < 0.6 else FEMALE)
        name = full_name(draw, sex_of, surname)
        ethnicity = "01" if draw.random() < 0.97 else pick(draw, names()["minorities"])
    age = ages[0] + int(draw.random() * (ages[1] - ages[0] + 1))
    born = on - timedelta(days=age * 365 + age // 4 + 1 + int(draw.random() * 360))
    return Person(name, sex_of, born, id_number(draw, born, sex_of), mobile(draw), ethnicity)


SHORT: Final = re.compile(r"^清溪县(..).*?(公司|合作社|商行|经营部|超市|医院|门诊部|厂)$")


def short_firm(name: str) -> str:
    """清溪县广源建设工程有限公司 → 广源公司, as a clerk writes it after the first time."""
    return SHORT.sub(r"\1\2", name)


def firm_name(draw: random.Random, trade: str) -> str:
    """An invented firm of that trade."""
    firms: dict[str, Any] = names()["firms"]
    endings = firms[trade]
    return f"清溪县{pick(draw, str(firms['front']).split())}{pick(draw, endings)}"
