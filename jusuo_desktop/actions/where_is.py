"""Where is my record? How far a record has come, in a word and in a sentence, with the number that the county finds it by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import Field, text
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.whereabouts import CHANGED, HELD, IN_CONFLICT, ONLY_HERE, RECEIVED, REFUSED, SENT, UNSENT, Whereabouts

SHORT: Final = {
    REFUSED: "被退回",
    IN_CONFLICT: "有分歧",
    HELD: "暂缓",
    ONLY_HERE: "只在本机",
    CHANGED: "有修改未上报",
    SENT: "已上报",
    RECEIVED: "县里已收",
}
LISTED: Final = ((UNSENT, "未上报的"), (REFUSED, "被退回的"), (IN_CONFLICT, "有分歧的"), (HELD, "暂缓的"))
"""What a list can be narrowed to."""
WHEREABOUTS: Final[Field] = text("whereabouts", "上报情况")
"""The column of lists; it is derived, so that no record carries it."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How far a record has come: in a word, in a sentence, with the receipt number ('' none yet)."""

    state: str
    short: str
    said: str
    receipt: str


def stand(session: Session, record_id: str) -> Stand | None:
    """Of one record; None where it is not here."""
    found = session.store.whereabouts([record_id]).get(record_id)
    return told(session, record_id, found) if found is not None else None


def told(session: Session, record_id: str, found: Whereabouts) -> Stand:
    """In words."""
    whose = _whose(session, record_id, found)
    waits = f"有 {found.waiting} 项更改" if found.waiting > 1 else "有更改"
    sentences = {
        REFUSED: f"{whose}被县里退回：{found.answer or '没有说明原因'}改正后再报。",
        IN_CONFLICT: f"{whose or '这条记录'}有 {found.conflicts} 处与别人写的不一样，两个内容都留着，等人决定。",
        HELD: f"{whose}暂缓上报：{found.answer or '等前面的更改到达县服务器后自动再报。'}",
        ONLY_HERE: f"{whose or '这条记录'}只在本机，还没有上报。",
        CHANGED: f"{whose}{waits}还没有上报，县里有以前的内容。",
        SENT: "已经送到县里，等县里传回确认。",
        RECEIVED: "县里已收到。",
    }
    said = sentences[found.state]
    if found.receipt:
        said += f"{'' if found.state == RECEIVED else '县里上次收到的'}回执号 {found.receipt}，{shown_time(found.received_at)} 收到。"
    return Stand(found.state, SHORT[found.state], said, found.receipt)


def receipt_line(found: Whereabouts) -> str:
    """A state with its receipt number in one short line, for the column of a list."""
    if not found.receipt:
        return SHORT[found.state]
    return f"{SHORT[found.state]}　{found.receipt}" if found.state == RECEIVED else f"{SHORT[found.state]}（上次回执 {found.receipt}）"


def shown_time(ms: int) -> str:
    """A moment of the county's clock as people read it here."""
    return f"{datetime.fromtimestamp(ms / 1000):%Y-%m-%d %H:%M}" if ms else ""


def _whose(session: Session, record_id: str, found: Whereabouts) -> str:
    """“其中当事人“张三””, where a row of the record stands worst."""
    if found.cause_id == record_id:
        return ""
    cause = session.store.record(found.cause_id)
    kind = KINDS.get(cause.kind) if cause is not None else None
    if cause is None or kind is None:
        return "其中一项"
    title = kind.title(cause.values)
    return f"其中的{kind.label}“{title}”" if title else f"其中的{kind.label}"
