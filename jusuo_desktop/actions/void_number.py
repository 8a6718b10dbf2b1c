"""To give up a printed number: the paper was spoilt, the wrong committee stood in it. The record goes on and may draw another one."""

from __future__ import annotations

from jusuo_desktop.actions.save_record import existing
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.refusal import Refused


def void_number(session: Session, record_id: str, reason: str) -> Record:
    """Takes the number from the record and keeps it, with the reason, as a number that nobody gets again; returns the record.

    Raises:
        Refused: no reason, no number, a voided record (it keeps its number), a role that may not, no such record.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("请写明作废文号的原因，例如“打印时纸张损坏”。")
    record = existing(session, record_id)
    kind = KINDS[record.kind]
    number = str(record.values.get(kind.number, "")) if kind.number else ""
    if not number:
        raise Refused("这条记录还没有文号，不用作废。")
    kept = {
        "number": number,
        "numbered_kind": kind.name,
        "numbered_record": record.id,
        "reason": reason,
        "voided_on": session.today().isoformat(),
    }
    edits = [Edit(kind.name, {kind.number: None}, record.id, expected={kind.number: number}), Edit("voided_number", kept, scope=record.scope)]
    return session.store.write(edits, act="void_number")[0]
