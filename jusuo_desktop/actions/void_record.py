"""To void: a record is never erased; it keeps its number, says why, and stays readable (design.md §4)."""

from __future__ import annotations

from jusuo_desktop.actions.save_record import existing
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.kind import VOIDED, Record
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.refusal import Refused


def void(session: Session, record_id: str, reason: str) -> Record:
    """Voids a record and its child rows, so that no list and no statistic counts them; returns the record.

    Raises:
        Refused: no reason, already voided, a role that may not, no such record.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("请写明作废的理由，例如“重复登记”。")
    record = existing(session, record_id)
    if record.voided:
        raise Refused(f"这条记录已经作废（{record.values[VOIDED.name]}）。")
    family = [c for c in session.store.children(record_id) if not c.voided and c.kind != CONFLICT.name]
    edits = [Edit(r.kind, {VOIDED.name: reason}, r.id) for r in (record, *family)]
    return session.store.write(edits, act="void")[0]
