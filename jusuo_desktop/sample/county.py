"""The sample county: its offices, villages, committees and the people who work there, made from a seed."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from jusuo_desktop.records.field import Value
from jusuo_desktop.records.identity import PLACES, place_id
from jusuo_desktop.records.kind import Record
from jusuo_desktop.sample.chance import chance, pick
from jusuo_desktop.sample.parts import names, read
from jusuo_desktop.sample.people import FEMALE, MALE, Person, landline, person

ROSTER_DAY: Final = date(2025, 1, 1)
VILLAGES_PER_ADVISER: Final = 4
"""domain/rules.md V-02 allows five."""


@dataclass(frozen=True, slots=True)
class Committee:
    """A mediation committee and its mediators."""

    record: Record
    mediators: tuple[Record, ...]

    @property
    def short_name(self) -> str:
        """What stands in its case numbers."""
        return str(self.record.values["short_name"])


@dataclass(frozen=True, slots=True)
class Village:
    """A village or community with its committee, liaison and adviser."""

    record: Record
    name: str
    code: str
    town: bool
    committee: Committee
    liaison: Record
    adviser: Record


@dataclass(frozen=True, slots=True)
class Office:
    """A judicial office and everything below it."""

    record: Record
    code: str
    town: str
    clerk: Record
    director: Record
    committee: Committee
    trades: tuple[Committee, ...]
    villages: tuple[Village, ...]
    workers: tuple[Record, ...]

    @property
    def committees(self) -> tuple[Committee, ...]:
        """The township's, those of trades, those of villages."""
        return (self.committee, *self.trades, *(v.committee for v in self.villages))

    def records(self) -> Iterator[Record]:
        """All its reference records: the office, people, committees, villages."""
        yield self.record
        yield from self.workers
        yield from (c.record for c in self.committees)
        yield from (v.record for v in self.villages)


@dataclass(frozen=True, slots=True)
class County:
    """The whole county."""

    seed: int
    name: str
    code: str
    offices: tuple[Office, ...]

    def records(self) -> Iterator[Record]:
        """All reference records of all offices."""
        for office in self.offices:
            yield from office.records()

    def office(self, name: str) -> Office:
        """The office of that name or code.

        Raises:
            KeyError: there is none.
        """
        for office in self.offices:
            if name in (office.code, office.record.values["name"]):
                return office
        raise KeyError(name)


class _Staff:
    """Hires the people of one office; no two share a name, for ledgers name people and nothing else."""

    def __init__(self, draw: random.Random, office_code: str, seed: int) -> None:
        self.draw, self.code, self.seed = draw, office_code, seed
        self.taken: set[str] = set()
        self.hired: list[Record] = []

    def _somebody(self, ages: tuple[int, int], sex: str) -> Person:
        while (found := person(self.draw, ROSTER_DAY, ages=ages, sex=sex)).name in self.taken:
            pass
        self.taken.add(found.name)
        return found

    def hire(self, roles: list[str], *, ages: tuple[int, int] = (28, 62), sex: str = "", **more: Value) -> Record:
        """A new person with these roles."""
        who = self._somebody(ages, sex)
        values: dict[str, Value] = {
            "name": who.name,
            "worker_roles": roles,
            "sex": who.sex,
            "birth_date": who.born.isoformat(),
            "phone": who.phone,
            **more,
        }
        if "4" not in roles:
            values["id_card_number"] = who.id_number
        identity = str(uuid.uuid5(PLACES, f"sample/{self.seed}/{self.code}/worker/{len(self.hired)}"))
        record = Record(identity, "worker", self.code, values)
        self.hired.append(record)
        return record


def committee_id(office_code: str, name: str) -> str:
    """The identity that a first run gives to a committee of that name (store.opening)."""
    return place_id("mediation_committee", f"{office_code}/{name}")


def _committee(staff: _Staff, town: str, type_code: str, name: str, short: str, village_id: str, members: tuple[Record, ...]) -> Committee:
    values: dict[str, Value] = {"name": name, "short_name": short, "committee_type": type_code, "phone": landline(staff.draw)}
    values["address"] = f"{read('places.toml')['county']}{town}" + ("" if village_id else "人民政府院内")
    if village_id:
        values["village"] = village_id
    identity = committee_id(staff.code, name)
    hired = members or tuple(
        staff.hire(["3"], sex=FEMALE if i == 1 else "", ages=(32, 68), committee=identity, full_or_part_time="01" if i == 0 else "02")
        for i in range(2 if village_id else 3)
    )
    return Committee(Record(identity, "mediation_committee", staff.code, values), hired)


def _short(town: str, name: str) -> str:
    """柳林村 → 柳林民; a village that bears the town's name keeps its last character, so that no two series look alike."""
    bare = name.removesuffix("社区").removesuffix("村")
    return f"{bare}民" if bare != town[:-1] else f"{bare}{name[len(bare)]}民"


def _village(staff: _Staff, town: str, name: str, code: str, adviser: Record, is_town: bool) -> Village:
    identity = place_id("village", code)
    committee = _committee(staff, town, "02" if is_town else "01", f"{town}{name}人民调解委员会", _short(town, name), identity, ())
    liaison = staff.hire(["5", "3"], village=identity, committee=committee.record.id, access_role="liaison", full_or_part_time="02")
    head = committee.mediators[0].values
    record = Record(
        identity,
        "village",
        staff.code,
        {
            "name": name,
            "division_code": code,
            "adviser": adviser.id,
            "contact_name": head["name"],
            "contact_phone": head["phone"],
        },
    )
    full = Committee(committee.record, (*committee.mediators, liaison))
    return Village(record, name, code, is_town, full, liaison, adviser)


def _office(entry: dict[str, Any], seed: int, county: str, county_code: str) -> Office:
    code, town = county_code + entry["code"], entry["town"]
    draw = chance("county", seed, code)
    staff = _Staff(draw, code, seed)
    clerk = staff.hire(["1", "3"], ages=(25, 45), access_role="clerk", full_or_part_time="01")
    director = staff.hire(["2", "3"], ages=(35, 56), sex=MALE if draw.random() < 0.6 else FEMALE, access_role="director", full_or_part_time="01")
    township = _committee(staff, town, "04" if entry.get("street") else "03", f"{town}人民调解委员会", f"{entry['short']}民", "", ())
    trades = tuple(_committee(staff, town, kind, name, short, "", ()) for kind, name, short in entry["trades"])
    places = [(f"{n}社区", True) for n in entry["communities"].split()] + [(f"{n}村", False) for n in entry["villages"].split()]
    firms = str(names()["firms"]["law"]).split()
    advisers = [_adviser(staff, county, pick(draw, firms)) for _ in range(-(-len(places) // VILLAGES_PER_ADVISER))]
    villages = tuple(
        _village(staff, town, name, f"{code}{(i if is_town else 200 + i) + 1:03d}", advisers[i // VILLAGES_PER_ADVISER], is_town)
        for i, (name, is_town) in enumerate(places)
    )
    record = Record(
        place_id("judicial_office", code),
        "judicial_office",
        code,
        {
            "name": entry["name"],
            "division_code": code,
            "county_name": county,
            "short_name": entry["short"],
            "address": f"{county}{town}人民政府一楼",
            "phone": landline(draw),
        },
    )
    members = (*township.mediators, clerk, director)
    return Office(record, code, town, clerk, director, Committee(township.record, members), trades, villages, tuple(staff.hired))


def _adviser(staff: _Staff, county: str, firm: str) -> Record:
    licence = f"19901{2004 + int(staff.draw.random() * 20)}{1 + int(staff.draw.random() * 2)}{int(staff.draw.random() * 10**7):07d}"
    return staff.hire(["4"], ages=(27, 58), firm_name=f"{county[:-1]}{firm}律师事务所", license_number=licence)


@cache
def sample_county(seed: int = 1) -> County:
    """The county of that seed: 7 offices, 91 villages, their committees and people."""
    places = read("places.toml")
    offices = tuple(_office(entry, seed, places["county"], places["county_code"]) for entry in places["office"])
    return County(seed, places["county"], places["county_code"], offices)
