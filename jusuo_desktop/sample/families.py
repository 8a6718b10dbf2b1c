"""The stream of everything that the county's offices record, day by day, without end if asked; nothing is held in memory."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from operator import itemgetter
from typing import Final

from jusuo_desktop.records.kind import Record
from jusuo_desktop.sample.case import Family, Setting
from jusuo_desktop.sample.chance import chance, pick
from jusuo_desktop.sample.county import Committee, County, Office, Village, sample_county
from jusuo_desktop.sample.days import spread, working_day
from jusuo_desktop.sample.mediations import choose_plot, mediation
from jusuo_desktop.sample.parts import measures
from jusuo_desktop.sample.services import consultation, visit

PER_YEAR: Final = 6000
"""Mediations of the whole county in a year; consultations are a third of it, visits a monthly one to each village and some more."""
YEARS: Final = (2025, 2026)
VISITS_PER_MONTH: Final = 1.15
SHARE_OF_CONSULTATIONS: Final = 1 / 3
TRADES: Final = {"16": "06", "10": "05", "11": "05", "17": "06"}
"""Dispute types that go to a committee of the trade where the town has one."""


def sample_records(
    county: County,
    office: Office | None = None,
    *,
    per_year: int = PER_YEAR,
    years: Sequence[int] = YEARS,
    until: date = date(2026, 12, 31),
) -> Iterator[Family]:
    """Every family that begins by `until`, in order of days. An office's own are the same whether it is asked for alone or not."""
    villages = sum(len(o.villages) for o in county.offices)
    streams = [
        _office_days(county, o, per_year * len(o.villages) / villages, per_year / PER_YEAR, years, until)
        for o in ([office] if office is not None else county.offices)
    ]
    for _, family in heapq.merge(*streams, key=itemgetter(0)):
        yield family


def records(seed: int = 1, times: float = 1.0, *, most: int | None = None) -> Iterator[Record]:
    """The county's records one by one: its places and people, then two years of cases, `times` as many as in a real county."""

    def all_of_them() -> Iterator[Record]:
        county = sample_county(seed)
        yield from county.records()
        for family in sample_records(county, per_year=round(PER_YEAR * times)):
            yield from family.records

    return islice(all_of_them(), most)


def _office_days(county: County, office: Office, per_year: float, times: float, years: Sequence[int], until: date) -> Iterator[tuple[date, Family]]:
    draw = chance("records", county.seed, office.code)
    months: list[float] = measures()["months"]
    for year in years:
        numbers: dict[str, int] = {}
        asked = dict(spread(per_year * SHARE_OF_CONSULTATIONS, year, months))
        visits = _visit_days(draw, office, year, times)
        cases = dict(spread(per_year, year, months))
        for day in sorted({*cases, *asked, *visits}):
            if day > until:
                return
            for _ in range(cases.get(day, 0)):
                yield day, _mediation(draw, office, day, until, numbers)
            for _ in range(asked.get(day, 0)):
                count = numbers["consultation"] = numbers.get("consultation", 0) + 1
                on = working_day(day) if working_day(day) <= until else day
                yield day, consultation(draw, office, pick(draw, office.villages), on, count, until)
            for village in visits.get(day, ()):
                count = numbers["adviser_visit"] = numbers.get("adviser_visit", 0) + 1
                yield day, visit(draw, office, village, day, count)


def _mediation(draw: random.Random, office: Office, day: date, until: date, numbers: dict[str, int]) -> Family:
    village = pick(draw, office.villages)
    chosen = choose_plot(draw, day.month, village.town)
    committee = _committee(draw, office, village, chosen[0])
    number = numbers[committee.short_name] = numbers.get(committee.short_name, 0) + 1
    return mediation(draw, Setting(office, village, committee, day, number, until), chosen)


def _committee(draw: random.Random, office: Office, village: Village, dispute_type: str) -> Committee:
    wanted = TRADES.get(dispute_type)
    if wanted and draw.random() < 0.55:
        for trade in office.trades:
            if trade.record.values["committee_type"] == wanted and ("交通" in str(trade.record.values["name"])) == (dispute_type == "16"):
                return trade
    return village.committee if draw.random() < 0.82 else office.committee


def _visit_days(draw: random.Random, office: Office, year: int, times: float) -> dict[date, list[Village]]:
    days: dict[date, list[Village]] = {}
    for month in range(1, 13):
        for village in office.villages:
            wanted = VISITS_PER_MONTH * times
            for _ in range(int(wanted) + (draw.random() < wanted % 1)):
                day = date(year, month, 1) + timedelta(days=int(draw.random() * 28))
                days.setdefault(working_day(day) if draw.random() < 0.85 else day, []).append(village)
    return days
