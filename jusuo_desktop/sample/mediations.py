"""One mediation of the sample, as it comes in: its plot, its registration, its parties; sample.course tells what became of it."""

from __future__ import annotations

import random
from datetime import timedelta
from functools import cache
from typing import Final

from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.kind import Record
from jusuo_desktop.sample.case import Case, Family, Setting
from jusuo_desktop.sample.chance import Weighted, pick
from jusuo_desktop.sample.course import run_course
from jusuo_desktop.sample.days import iso
from jusuo_desktop.sample.parts import Plot, common, measures, names, plots
from jusuo_desktop.sample.people import Person, landline, person
from jusuo_desktop.sample.story import Tale

SOURCE_LATER: Final = frozenset({"3", "4", "5", "6", "7", "9"})
"""Sources whose papers have to be read before a case is accepted."""
DIFFICULTY: Final = Weighted([("1", 34), ("2", 54), ("3", 4), ("4", 8)])
OTHER_ENDS: Final = Weighted([("failed", 76), ("withdrawn", 13), ("refused", 11)])


@cache
def _sources() -> Weighted[str]:
    return Weighted(measures()["sources"].items())


@cache
def _types(month: int) -> Weighted[str]:
    seasons = measures()["months_of_type"]
    return Weighted((t, w * (seasons[t][month - 1] if t in seasons else 1.0)) for t, w in measures()["types"].items())


def choose_plot(draw: random.Random, month: int, town: bool) -> tuple[str, Plot]:
    """A dispute type of the season and a plot of it that fits the place."""
    while True:
        kind = _types(month).draw(draw)
        if (kind, town) in plots():
            plot = plots()[kind, town].draw(draw)
            if month in plot.months:
                return kind, plot


def party(draw: random.Random, who: Person, role: str, address: str, *, town: bool, firm: str = "") -> dict[str, Value]:
    """The values of a party row; an elderly villager's number or phone is sometimes not known."""
    if firm:
        return {
            "organization_name": firm,
            "organization_principal": who.name,
            "party_role": role,
            "party_type": "02",
            "contact_phone": landline(draw) if draw.random() < 0.5 else who.phone,
            "address": address,
        }
    values: dict[str, Value] = {
        "name": who.name,
        "party_role": role,
        "party_type": "01",
        "id_card_number": who.id_number,
        "sex": who.sex,
        "ethnicity": who.ethnicity,
        "birth_date": iso(who.born),
        "occupation": pick(draw, names()["occupations_town" if town else "occupations_village"]),
        "contact_phone": who.phone,
        "address": address,
    }
    if draw.random() < 0.05:
        del values["id_card_number"]
    return values


def mediation(draw: random.Random, at: Setting, chosen: tuple[str, Plot] | None = None) -> Family:
    """A mediation registered on that day; what would come after `at.until` has not happened yet."""
    kind, plot = chosen or choose_plot(draw, at.on.month, at.village.town)
    case = Case(draw, at, kind, plot)
    source = _register(case)
    _parties(case)
    settled = draw.random() < measures()["settled_share"]
    end = "settled" if settled else OTHER_ENDS.draw(draw)
    run_course(case, end, at.on + timedelta(days=int(draw.random() * 3) if source in SOURCE_LATER else 0))
    return Family(Record(case.id, "mediation", at.village.code, case.values), tuple(case.children))


def _register(case: Case) -> str:
    draw, at, told, plot = case.draw, case.at, case.told, case.told.plot
    source = _sources().draw(draw)
    whole = told.amount
    difficulty = DIFFICULTY.draw(draw) if whole < 50_000 and told.crowd < 6 else pick(draw, "344")
    tail = told.tell(draw, common()["tail"][source])
    office_case = at.committee is at.office.committee
    case.values |= {
        "case_number": f"〔{at.on.year}〕{at.committee.short_name}调字第{at.number}号",
        "title": _title(told, case.kind),
        "registered_on": iso(at.on),
        "dispute_type": case.kind,
        "case_source": source,
        "village": at.village.record.id,
        "committee": at.committee.record.id,
        "mediators": list(case.mediator_ids),
        "registered_by": at.office.clerk.id if office_case else at.village.liaison.id,
        "dispute_summary": f"{told.lead}{told.facts}。{tail}",
        "application_items": told.tell(draw, plot.items) + "。",
        "difficulty": difficulty,
        "risk_forecast": "1" if draw.random() < 0.97 else pick(draw, "2334556"),
        "people_involved": max(2, told.crowd + 1 if told.crowd > 1 else 2 + int(draw.random() ** 3 * 5)),
        "state": "registered",
    }
    if draw.random() < 0.06:
        case.values["remarks"] = pick(draw, common()["remarks"]["some"])
    return source


def _title(told: Tale, kind: str) -> str:
    others = "等人" if told.crowd > 1 else ""
    return f"{told.says['a']}{others}与{told.says['full']}{code_list('dispute_type').label_of(kind)}"


def _parties(case: Case) -> None:
    draw, at, told = case.draw, case.at, case.told
    home = f"{at.office.town}{at.village.name}{told.group}"
    same = told.plot.who in ("couple", "wife", "neighbours", "upstairs")
    group = told.group if same or draw.random() < 0.5 else told.group.replace(told.group[0], "一", 1)
    case.child("party", party(draw, told.a, "1", home, town=at.village.town), at.on)
    other = f"清溪县{at.office.town}" if told.firm else f"{at.office.town}{at.village.name}{group}"
    case.child("party", party(draw, told.b, "2", other, town=at.village.town, firm=told.firm), at.on)
    if told.crowd > 2 and draw.random() < 0.6:
        case.child("party", party(draw, person(draw, at.on, ages=(22, 58)), "1", home, town=at.village.town), at.on)
