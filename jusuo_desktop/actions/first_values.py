"""What a new record starts with: today, the user at work, the only committee or village there is. All of it can be typed over."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from jusuo_desktop.actions.number import office_of
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.case_beginnings import Case, begun, row_begin
from jusuo_desktop.records.field import FieldType, Value, Values
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.listing import Filter, ListQuery

SUBJECTS: Final = MappingProxyType({"mediation": "1", "consultation": "2", "adviser_visit": "3"})
"""Code of the list evaluation_subject by the kind of the parent."""


def first_values(session: Session, kind: str, parent_id: str = "") -> dict[str, Value]:
    """The values of an empty page of that kind."""
    found: dict[str, Value] = {}
    now = session.clock()
    begun: dict[str, Value] = {"today": now.date().isoformat(), "now": now.strftime("%Y-%m-%dT%H:%M"), "user": session.store.user.id}
    for field in KINDS[kind].fields:
        if field.begins:
            found[field.name] = [begun[field.begins]] if field.type is FieldType.LINKS else begun[field.begins]  # type: ignore[list-item]
    user = session.store.record(session.store.user.id)
    for name in ("committee", "village"):
        place = KINDS[kind].by_name.get(name)
        if place is None or place.type is not FieldType.LINK or KINDS[kind].reference:
            continue
        own = user.values.get(name) if user is not None else None
        if only := own or _only(session, place.link):
            found[name] = only
    return found | _from_parent(session, kind, parent_id)


def _only(session: Session, kind: str) -> str:
    keys = session.store.keys(ListQuery(kind), 2)
    return session.store.rows(keys)[0].id if len(keys) == 1 else ""


def first_row(session: Session, kind: str, parent_id: str) -> dict[str, Value]:
    """What every row of a table on a page may start with; `parent_id` is what the page's own record lives under."""
    case = case_of(session, parent_id)
    return row_begin(kind, case) if case is not None else {}


def case_of(session: Session, record_id: str) -> Case | None:
    """A mediation as its new children see it; None for any other record."""
    record = session.store.record(record_id) if record_id else None
    if record is None or record.kind != "mediation":
        return None
    family: dict[str, list[Values]] = {}
    party_ids = []
    waiting = [record_id]
    while waiting:
        for child in session.store.children(waiting.pop()):
            if not child.voided:
                family.setdefault(child.kind, []).append(child.values)
                party_ids += [child.id] if child.kind == "party" else []
                waiting += [child.id] if child.kind == "agreement" else []
    committee = session.store.record(str(record.values.get("committee", "")))
    office = office_of(session, record.scope)
    county = str(office.values.get("county_name", "")) if office is not None else ""
    title = KINDS["mediation"].title(record.values)
    return Case(record.values, title, family, party_ids, committee.values if committee is not None else {}, county)


def _from_parent(session: Session, kind: str, parent_id: str) -> dict[str, Value]:
    parent = session.store.record(parent_id) if parent_id else None
    if parent is None:
        return {}
    found: dict[str, Value] = {}
    if kind == "evaluation" and parent.kind in SUBJECTS:
        found["evaluation_subject"] = SUBJECTS[parent.kind]
    case = case_of(session, parent_id)
    return found | (begun(kind, case) if case is not None else {})


def followed(session: Session, kind: str, name: str, record_id: str) -> dict[str, Value]:
    """What the record chosen in a link field tells about other fields: the committee of the village where the dispute arose
    (domain/rules.md A-06), the village's adviser.
    """
    rule = _FOLLOWED.get((kind, name))
    return rule(session, record_id) if rule is not None else {}


def _committee_of(session: Session, village_id: str) -> dict[str, Value]:
    keys = session.store.keys(ListQuery("mediation_committee", (Filter("village", "=", village_id),)), 2)
    return {"committee": session.store.rows(keys)[0].id} if len(keys) == 1 else {}


def _adviser_of(session: Session, village_id: str) -> dict[str, Value]:
    village = session.store.record(village_id)
    return {"adviser": village.values["adviser"]} if village is not None and "adviser" in village.values else {}


_FOLLOWED: Final[dict[tuple[str, str], Callable[[Session, str], dict[str, Value]]]] = {
    ("mediation", "village"): _committee_of,
    ("dispute_screening", "village"): _committee_of,
    ("adviser_visit", "village"): _adviser_of,
}
"""By kind and link field."""
