"""A case under way: where and when it came in, who quarrels, what is written of it so far."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final

from jusuo_desktop.records.field import Value
from jusuo_desktop.records.kind import Record
from jusuo_desktop.sample.chance import identity, pick
from jusuo_desktop.sample.county import Committee, Office, Village
from jusuo_desktop.sample.parts import Plot
from jusuo_desktop.sample.story import Tale, tale

CHINA: Final = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Family:
    """A record with its child rows."""

    record: Record
    children: tuple[Record, ...]

    @property
    def records(self) -> tuple[Record, ...]:
        """The record, then its children."""
        return (self.record, *self.children)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a case comes in, its number in the year's series, and the day up to which its course is known."""

    office: Office
    village: Village
    committee: Committee
    on: date
    number: int
    until: date


class Case:
    """Builds one family step by step; each step knows the day on which it happened."""

    def __init__(self, draw: random.Random, at: Setting, kind: str, plot: Plot) -> None:
        self.draw, self.at, self.kind = draw, at, kind
        village = at.village
        self.at_ms = int(datetime(at.on.year, at.on.month, at.on.day, tzinfo=CHINA).timestamp() * 1000)
        self.id = identity(draw, self.at_ms)
        self.children: list[Record] = []
        place = {"v": village.name, "vr": "居民" if village.town else "村民", "town": at.office.town}
        self.told: Tale = tale(draw, plot, at.on, place, village.town)
        mediators = at.committee.mediators
        lead = int(draw.random() * len(mediators))
        others = [m for i, m in enumerate(mediators) if i != lead]
        self.mediators = [mediators[lead]] + ([pick(draw, others)] if draw.random() < 0.55 else [])
        self.told.says["m"] = self.mediators[0].values["name"]
        self.values: dict[str, Value] = {}

    def child(self, kind: str, values: dict[str, Value], day: date) -> None:
        """Adds a child row made on that day."""
        made = self.at_ms + (day - self.at.on).days * 86_400_000 + len(self.children) + 1
        self.children.append(Record(identity(self.draw, made), kind, self.at.village.code, values, self.id))

    @property
    def mediator_ids(self) -> list[str]:
        """Who mediates, the leading one first."""
        return [m.id for m in self.mediators]
