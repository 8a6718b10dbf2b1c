"""To decide a conflict: two people gave one field different values; a third look says which one stands. A change like any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from jusuo_desktop.actions.conflict_reading import OPEN, OpenConflict, decided_twice, open_conflicts, value_of
from jusuo_desktop.actions.save_record import titled
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.kind import Record
from jusuo_desktop.store import Edit
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.store.write import DECIDE

__all__ = ["DECIDED", "Decision", "OpenConflict", "Take", "decide", "decide_with", "open_conflicts", "take_back"]

Take = Literal["kept", "other"]
DECIDED: Final = "decided"
_UNTYPED: Final = (bool, int, list)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it was written; `back` are the edits that take it back, each a change like any other."""

    conflict_id: str
    back: tuple[Edit, ...]


def decide(session: Session, conflict_id: str, take: Take) -> Decision:
    """Lets the value that stands stay ('kept'), or puts the other one in its place; the conflict is decided.

    The decision is written on the conflict: two people who decide one conflict differently, each without knowing of the other, make a new
    conflict about the decision, and deciding that one settles the value for good.

    Raises:
        Refused: it was decided meanwhile, the record does not take the value, the role does not allow it; nothing was changed.
    """
    conflict = _open(session, conflict_id)
    edits = [Edit(CONFLICT.name, {"state": DECIDED, "decision": take}, conflict_id, expected={"state": OPEN})]
    first = decided_twice(session, conflict)
    if first is not None:
        decision = str(value_of(conflict.values.get(f"{take}_value")))
        edits = [_settled(session, first, decision), Edit(CONFLICT.name, {"decision": decision}, first.id), *edits]
    elif take == "other":
        edits.insert(0, _settled(session, conflict, take))
    return _written(session, conflict_id, edits)


def decide_with(session: Session, conflict_id: str, text: str) -> Decision:
    """Puts a text that was written from both values in their place.

    Raises:
        Refused: as `decide`; two decisions are no text, and a list or a date is chosen, not written.
    """
    conflict = _open(session, conflict_id)
    if decided_twice(session, conflict) is not None or isinstance(value_of(conflict.values.get("kept_value")), _UNTYPED):
        raise Refused("这一处不能合并成一段文字，请选用其中一个。")
    value = text.strip() or None
    told = msgspec.json.encode(value).decode()
    edits = [
        _settled(session, conflict, "new", value),
        Edit(CONFLICT.name, {"state": DECIDED, "decision": "new", "new_value": told}, conflict_id, expected={"state": OPEN}),
    ]
    return _written(session, conflict_id, edits)


def take_back(session: Session, decision: Decision) -> None:
    """Opens a conflict again: what stood before the decision stands again, on all devices.

    Raises:
        Refused: somebody has changed the field or decided otherwise since.
    """
    session.store.write(list(decision.back), act=DECIDE)


def _written(session: Session, conflict_id: str, edits: list[Edit]) -> Decision:
    back = []
    for edit in reversed(edits):
        record = session.store.record(edit.record_id)
        before = record.values if record is not None else {}
        names = [*edit.values, *(["new_value"] if edit.kind == CONFLICT.name and "new_value" not in edit.values else [])]
        back.append(Edit(edit.kind, {n: before.get(n) for n in names}, edit.record_id, expected=dict(edit.values)))
    session.store.write(edits, act=DECIDE)
    return Decision(conflict_id, tuple(back))


def _open(session: Session, conflict_id: str) -> Record:
    conflict = session.store.record(conflict_id)
    if conflict is None or conflict.kind != CONFLICT.name:
        raise Refused("这处冲突不在本机上，请同步后再看。")
    if conflict.values.get("state") != OPEN:
        raise Refused("这处冲突已经决定过了，请刷新后再看。")
    return conflict


def _settled(session: Session, conflict: Record, decision: str, value: Any = None) -> Edit:
    """Puts the value of a decision in its place.

    Raises:
        Refused: the record is not here.
    """
    about = session.store.record(conflict.parent_id)
    if about is None:
        raise Refused("冲突所在的记录不在本机上，请同步后再决定。")
    chosen = value if decision == "new" and value is not None else value_of(conflict.values.get(f"{decision}_value"))
    values = {str(conflict.values["field_name"]): chosen}
    if about.kind == "mediation":
        values |= titled(about.values, values, [row for row in session.store.children(about.id) if not row.voided])
    return Edit(about.kind, values, about.id)
