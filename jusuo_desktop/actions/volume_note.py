"""What is written while a volume is made ready: why a paper is missing, in the dossier note (卷宗情况说明); how long it is kept."""

from __future__ import annotations

from jusuo_desktop.actions.forms import volume_of
from jusuo_desktop.actions.save_record import existing, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.volume_check import NOTED
from jusuo_desktop.store.refusal import Refused


def account_for(session: Session, record_id: str, row: int, reason: str) -> Record:
    """Writes why a row's paper is missing behind what the note says already.

    Raises:
        Refused: no reason, no such record, a role that may not.
    """
    if not (reason := reason.strip().rstrip("。")):
        raise Refused("请写明为什么缺少这份材料，例如：当事人拒绝提供。")
    record = existing(session, record_id)
    name = next(one.name for one in volume_of(session, record.kind).rows if one.number == row)
    before = record.values.get(NOTED)
    note = f"{before}\n" if before else ""
    return save(session, record.kind, {NOTED: f"{note}第{row}项“{name}”：{reason}。"}, record_id=record_id, expected={NOTED: before}).record


def choose_retention(session: Session, record_id: str, code: str) -> Record:
    """Keeps the retention class that the clerk chose.

    Raises:
        Refused: no such record, a role that may not.
    """
    return save(session, existing(session, record_id).kind, {"retention_period": code}, record_id=record_id).record
