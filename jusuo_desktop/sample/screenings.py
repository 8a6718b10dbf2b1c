"""The sample's rounds of dispute screening, a few early warnings, and what the invented county pays for a case."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

from jusuo_desktop.records.field import Value
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.records.kind import Record
from jusuo_desktop.sample.case import CHINA, Family
from jusuo_desktop.sample.chance import Weighted, chance, identity, pick
from jusuo_desktop.sample.county import County, Office, Village
from jusuo_desktop.sample.days import hour, iso
from jusuo_desktop.sample.parts import read, wordings
from jusuo_desktop.sample.people import person

DAYS: Final = (1, 16)
"""Villages screen every half month (domain/rules.md S-01)."""
NOTHING_FOUND: Final = 0.55
LATE: Final = 0.12
"""How often a village has not reported the round of this half month yet."""
SUBSIDY_CONDITIONS: Final = ("1", "2", "3")
TOWN, VILLAGE = "1", "2"
"""Codes of the list subsidy_level."""
OPEN_DAYS: Final = 20
SETTLED: Final = Weighted([("1", 8), ("4", 1)])
FRESH: Final = Weighted([("1", 5), ("2", 4)])
"""Codes of the list screening_outcome: what was found lately may still be under way."""


@cache
def _found() -> Weighted[dict[str, Any]]:
    return Weighted((f | {n: wordings(f[n]) for n in ("summary", "measures")}, f["weight"]) for f in read("screenings.toml")["found"])


def screening_records(county: County, office: Office, since: date, until: date) -> Iterator[Family]:
    """Every round of the office's villages from a day to a day, and the warnings between them."""
    draw = chance("screenings", county.seed, office.code)
    months = [(since.year * 12 + since.month - 1 + n) for n in range((until.year - since.year) * 12 + until.month - since.month + 1)]
    rounds = [date(m // 12, m % 12 + 1, day) for m in months for day in DAYS if since <= date(m // 12, m % 12 + 1, day) <= until]
    for first in rounds:
        for village in office.villages:
            on = first + timedelta(days=int(draw.random() * 9))
            if on <= until and not (first == rounds[-1] and draw.random() < LATE):
                yield _round(draw, village, on, until)
    days = (until - since).days
    for place, told in enumerate(read("screenings.toml")["warning"]):
        yield _warning(draw, pick(draw, office.villages), since + timedelta(days=days * (place + 1) // 4), told)


def subsidy_classes(county: County) -> Iterator[Record]:
    """What the invented county pays, for either level."""
    for told in read("screenings.toml")["subsidy"]:
        for level, amount in ((TOWN, told["town"]), (VILLAGE, told["village"])):
            values: dict[str, Value] = {
                "class_name": told["class_name"],
                "rank": told["rank"],
                "subsidy_level": level,
                "amount": amount,
                "holds_from": "2025-01-01",
                "conditions": list(SUBSIDY_CONDITIONS),
                "basis": f"{county.name}司法局以案定补办法（示例）",
            }
            values |= {name: told[name] for name in ("difficulties", "least_people") if name in told}
            yield Record(place_id("subsidy_class", f"{county.code}/{told['class_name']}/{level}"), "subsidy_class", "", values)


def _round(draw: random.Random, village: Village, on: date, until: date) -> Family:
    at = _at_ms(on)
    none = draw.random() < NOTHING_FOUND
    values: dict[str, Value] = {
        "screened_on": iso(on),
        "village": village.record.id,
        "committee": village.committee.record.id,
        "place": f"{village.name}各{'小区' if village.town else '村民小组'}",
        "screeners": list(dict.fromkeys((village.liaison.id, pick(draw, village.committee.mediators).id))),
    }
    if none:
        values["is_zero_report"] = True
    record = Record(identity(draw, at), "dispute_screening", village.code, values)
    entries = (
        ()
        if none
        else tuple(_entry(draw, village, on, (until - on).days < OPEN_DAYS, record.id, at + n + 1) for n in range(1 + int(draw.random() < 0.25)))
    )
    return Family(record, entries)


def _entry(draw: random.Random, village: Village, on: date, fresh: bool, parent: str, at: int) -> Record:
    told = _found().draw(draw)
    first, second = (person(draw, on, ages=(25, 75)).name for _ in range(2))
    says = {"a": first, "b": second, "v": village.name}
    outcome = (FRESH if fresh else SETTLED).draw(draw)
    values: dict[str, Value] = {
        "parties": f"{first}、{second}",
        "dispute_type": told["type"],
        "people_involved": told.get("people", 2),
        "summary": pick(draw, told["summary"]).format_map(says),
        "risk_forecast": told.get("danger", "1"),
        "measures": pick(draw, told["measures"]).format_map(says),
        "responsible_person": str(village.committee.mediators[0].values["name"]),
        "due_on": iso(on + timedelta(days=10)),
        "screening_outcome": outcome,
    }
    return Record(identity(draw, at), "screened_dispute", village.code, values, parent)


def _warning(draw: random.Random, village: Village, on: date, told: dict[str, Any]) -> Family:
    at = iso(on) + hour(draw)
    values: dict[str, Value] = {
        "warned_at": at,
        "warning_level": told["level"],
        "risk_forecast": told["danger"],
        "village": village.record.id,
        "people": f"{person(draw, on, ages=(25, 60)).name}{'等' if told['people'] > 1 else ''}",
        "people_involved": told["people"],
        "content": told["content"],
        "told_to": told["told"],
        "told_at": (datetime.fromisoformat(at) + timedelta(hours=1)).isoformat(timespec="minutes"),
        "told_by": village.liaison.id,
        "measures": told["measures"],
        "resolved_at": iso(on + timedelta(days=3)) + "T17:00",
        "state": "resolved",
    }
    return Family(Record(identity(draw, _at_ms(on)), "early_warning", village.code, values), ())


def _at_ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=CHINA).timestamp() * 1000)
