"""To decide a conflict: two people gave one field different values; a third look says which one stands. A change like any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from jusuo_desktop.actions.save_record import titled
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records import values as shown_values
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store import Edit
from jusuo_desktop.store.listing import Filter, ListQuery
from jusuo_desktop.store.refusal import Refused

Take = Literal["kept", "other"]
OPEN: Final = "open"
DECIDED: Final = "decided"


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A conflict as people read it: the record, the field, both values with their authors and devices."""

    id: str
    record_kind: str
    record_id: str
    title: str
    label: str
    kept: str
    kept_by: str
    other: str
    other_by: str


def open_conflicts(session: Session, limit: int = 200) -> list[OpenConflict]:
    """The conflicts that wait for a decision, the oldest first."""
    query = ListQuery(CONFLICT.name, (Filter("state", "=", OPEN),))
    rows = session.store.rows(session.store.keys(query, limit))
    found = [session.store.record(row.id) for row in sorted(rows, key=lambda row: row.id)]
    return [_read(session, one) for one in found if one is not None]


def decide(session: Session, conflict_id: str, take: Take) -> Record:
    """Lets the value that stands stay ('kept'), or puts the other one in its place; the conflict is decided. Returns the conflict.

    The decision is written on the conflict: two people who decide one conflict differently, each without knowing of the other, make a new
    conflict about the decision, and deciding that one settles the value for good.

    Raises:
        Refused: it was decided meanwhile, the record is voided, the role does not allow it; nothing was changed.
    """
    store = session.store
    conflict = store.record(conflict_id)
    if conflict is None or conflict.kind != CONFLICT.name:
        raise Refused("这处冲突不在本机上，请同步后再看。")
    if conflict.values.get("state") != OPEN:
        raise Refused("这处冲突已经决定过了，请刷新后再看。")
    edits = [Edit(CONFLICT.name, {"state": DECIDED, "decision": take}, conflict_id, expected={"state": OPEN})]
    first = _decided_twice(session, conflict)
    if first is not None:
        decision = str(_value(conflict.values.get(f"{take}_value")))
        edits = [_settled(session, first, decision), Edit(CONFLICT.name, {"decision": decision}, first.id), *edits]
    elif take == "other":
        edits.insert(0, _settled(session, conflict, take))
    written = store.write(edits, act="decide")
    return next(record for record in written if record.id == conflict_id)


def _decided_twice(session: Session, conflict: Record) -> Record | None:
    """The conflict that two people decided differently, where this conflict is about that."""
    about = session.store.record(conflict.parent_id)
    return about if about is not None and about.kind == CONFLICT.name and conflict.values.get("field_name") == "decision" else None


def _settled(session: Session, conflict: Record, decision: str) -> Edit:
    """Puts the value of a decision in its place.

    Raises:
        Refused: the record is not here.
    """
    about = session.store.record(conflict.parent_id)
    if about is None:
        raise Refused("冲突所在的记录不在本机上，请同步后再决定。")
    values = {str(conflict.values["field_name"]): _value(conflict.values.get(f"{decision}_value"))}
    if about.kind == "mediation":
        values |= titled(about.values, values, [row for row in session.store.children(about.id) if not row.voided])
    return Edit(about.kind, values, about.id)


def _value(kept: object) -> Any:
    """The value that a conflict keeps as JSON."""
    try:
        return msgspec.json.decode(str(kept or "null"))
    except msgspec.DecodeError:
        return str(kept)


def _read(session: Session, conflict: Record) -> OpenConflict:
    store, said = session.store, conflict.values
    first = _decided_twice(session, conflict)
    of = first or conflict
    about = store.record(of.parent_id)
    name = str(of.values.get("field_name", ""))
    kind = KINDS.get(about.kind) if about is not None else None
    field = kind.by_name.get(name) if kind is not None else None

    def shown(side: str) -> str:
        value = _value(said.get(f"{side}_value"))
        if first is not None:
            value = _value(first.values.get(f"{value}_value"))
        if value is None:
            return "（空）"
        return shown_values.show(field, value, links=store.name_of) if field is not None else str(value)

    def by(side: str) -> str:
        author, device = str(said.get(f"{side}_author", "")), str(said.get(f"{side}_device", ""))
        person = store.name_of(author) if author else "未注明"
        return f"{person}（{'本机' if device == store.device_id else '设备 ' + device if device else '设备未注明'}）"

    return OpenConflict(
        conflict.id,
        about.kind if about is not None else "",
        of.parent_id,
        kind.title(about.values) if about is not None and kind is not None else "记录不在本机上",
        f"{field.label if field is not None else name}{'（两个人的决定不同）' if first is not None else ''}",
        shown("kept"),
        by("kept"),
        shown("other"),
        by("other"),
    )
