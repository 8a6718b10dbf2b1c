"""What a new record starts with: today, the user at work, the only committee or village there is. All of it can be typed over."""

from __future__ import annotations

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import FieldType, Value
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.listing import Filter, ListQuery

SUBJECTS = {"mediation": "1", "consultation": "2", "adviser_visit": "3"}
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


def _from_parent(session: Session, kind: str, parent_id: str) -> dict[str, Value]:
    parent = session.store.record(parent_id) if parent_id else None
    if parent is None:
        return {}
    if kind == "evaluation":
        return {"evaluation_subject": SUBJECTS[parent.kind]} if parent.kind in SUBJECTS else {}
    given: dict[str, Value] = {n: parent.values[n] for n in ("place", "mediators") if n in parent.values and n in KINDS[kind].by_name}
    parties = [c.values for c in session.store.children(parent_id, "party") if not c.voided]
    if kind == "mediation_session" and (names := [str(p.get("name") or p.get("organization_name", "")) for p in parties]):
        given["participants"] = "、".join(n for n in names if n)
    if kind == "agreement" and parties:
        given["copies"] = len(parties) + 1  # each party one, the committee one (人民调解法第29条)
    if kind == "agreement" and "dispute_summary" in parent.values:
        given["facts_and_disputed_matters"] = parent.values["dispute_summary"]
    return given


def followed(session: Session, kind: str, name: str, record_id: str) -> dict[str, Value]:
    """What the record chosen in a link field tells about other fields: the committee of the village where the dispute arose
    (domain/rules.md A-06), the village's adviser.
    """
    if name != "village":
        return {}
    if kind == "adviser_visit":
        village = session.store.record(record_id)
        return {"adviser": village.values["adviser"]} if village is not None and "adviser" in village.values else {}
    if kind in ("mediation", "dispute_screening"):
        keys = session.store.keys(ListQuery("mediation_committee", (Filter("village", "=", record_id),)), 2)
        return {"committee": session.store.rows(keys)[0].id} if len(keys) == 1 else {}
    return {}
