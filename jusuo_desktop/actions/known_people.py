"""People already on file, offered while a name, initials, an identity number or a phone is typed: nobody is typed twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.mediation import party_fields
from jusuo_desktop.records.registry import KINDS

ASKED: Final = ("party", "consultation")
NOT_THE_PERSON: Final = frozenset({"party_role", "age"})
"""Fields of the party block that belong to one case: the role in it, and an age that has passed since."""
PERSON_FIELDS: Final = tuple(f.name for f in party_fields() if f.name not in NOT_THE_PERSON)
MARKS: Final = ("id_card_number", "contact_phone", "address")
LOOKED_AT: Final = 12
"""Records read for each person wanted: the same villager is on many."""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person with the newest known value of each field; `seen_in` is the title of the latest record (`record_id`) that names them."""

    name: str
    values: Mapping[str, Value]
    seen_in: str
    record_id: str


def known_people(session: Session, typed: str, limit: int = 8) -> list[KnownPerson]:
    """The people whose name, initials, number or phone begins or holds what was typed, last seen first."""
    found: list[tuple[dict[str, Value], Record]] = []
    for record in session.store.people(typed, limit * LOOKED_AT, kinds=ASKED):
        values = {n: record.values[n] for n in PERSON_FIELDS if n in record.values}
        if "name" in values or "organization_name" in values:
            found.append((values, record))
    before = len(found) + 1
    while len(found) < before:  # what one record adds to a person may tie the next one to him
        before, found = len(found), _merged(found)
    return [_person(session, values, record) for values, record in found[:limit]]


def _merged(found: list[tuple[dict[str, Value], Record]]) -> list[tuple[dict[str, Value], Record]]:
    kept: list[tuple[dict[str, Value], Record]] = []
    for values, record in found:
        same = next((known for known, _ in kept if _same(known, values)), None)
        if same is None:
            kept.append((values, record))
        else:
            same.update({n: v for n, v in values.items() if n not in same})
    return kept


def _same(one: Mapping[str, Value], other: Mapping[str, Value]) -> bool:
    """One number is one person; without two numbers, one name with one phone or address is, and a bare name tells nothing of its own."""
    numbers = one.get("id_card_number"), other.get("id_card_number")
    if all(numbers):
        return numbers[0] == numbers[1]
    if (one.get("name"), one.get("organization_name")) != (other.get("name"), other.get("organization_name")):
        return False
    if not all(any(p.get(m) for m in MARKS) for p in (one, other)):
        return True
    return any(one.get(m) and one.get(m) == other.get(m) for m in MARKS)


def _person(session: Session, values: Mapping[str, Value], record: Record) -> KnownPerson:
    top = session.store.record(record.parent_id) if record.parent_id else record
    seen = top if top is not None and top.kind in KINDS else record
    return KnownPerson(str(values.get("name") or values["organization_name"]), values, KINDS[seen.kind].title(seen.values), seen.id)
