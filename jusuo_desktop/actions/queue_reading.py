"""What waits for the county and why, in groups as a person works through them: what wants a decision first, what goes by itself last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jusuo_desktop.actions.conflict_reading import OPEN, open_conflicts
from jusuo_desktop.actions.courier import unanswered
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store import Outgoing
from jusuo_desktop.store.listing import Filter, ListQuery
from jusuo_desktop.store.whereabouts import IN_CONFLICT

REFUSED: Final = "refused"
HELD: Final = "held"
COURIER: Final = "courier"
CONTENTS: Final = "contents"
SENT: Final = "sent"
WAITING: Final = "waiting"
GROUPS: Final = {
    REFUSED: "被退回，要处理",
    IN_CONFLICT: "有分歧，要决定",
    HELD: "暂缓",
    COURIER: "U盘文件，等回执",
    CONTENTS: "附件，等上传",
    SENT: "已上报，等县里确认",
    WAITING: "等待上报",
}
"""By state, in the order in which they stand on the page."""
STATES: Final = {REFUSED: "被退回", IN_CONFLICT: "有分歧", HELD: "暂缓", SENT: "已上报", WAITING: "待上报", COURIER: "等回执", CONTENTS: "等上传"}
REASONS: Final = {
    WAITING: "下次同步时上报。",
    HELD: "等前面的更改到达县服务器后自动再报。",
    SENT: "县服务器已收下，等它传回确认。",
    REFUSED: "县服务器没有接收，没有说明原因。请打开记录核对，或者再报一次。",
}
TOLD_SIGNS: Final = 8
"""Signs of a change's identity that the county finds it by (county-server find); its beginning is no more than the time."""
OF_QUEUE: Final = (REFUSED, HELD, SENT, WAITING)


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the queue, and how many stand under it."""

    state: str
    count: int
    said: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits. `top_kind` and `top_id` are the record whose page shows it, `field` where on it; `number` is what people can tell
    the county on the telephone.
    """

    state: str
    key: str
    kind_label: str
    title: str
    what: str
    author: str
    made_at: int
    reason: str
    top_kind: str = ""
    top_id: str = ""
    field: str = ""
    number: str = ""
    may_give_up: bool = False


def groups(session: Session) -> list[Group]:
    """The groups in which anything stands."""
    store = session.store
    counts: dict[str, int] = dict(store.outbox_counts())
    counts[IN_CONFLICT] = len(open_conflicts_keys(session))
    counts[COURIER] = len(unanswered(session))
    lacking = contents_waiting(session)
    counts[CONTENTS] = len(lacking)
    size = sum(lacking)
    told = {CONTENTS: f"共 {size / 1_048_576:.1f} MB，记录上报以后接着上传" if size else ""}
    return [Group(state, counts[state], told.get(state, "")) for state in GROUPS if counts.get(state)]


def contents_waiting(session: Session) -> list[int]:
    """The sizes of the attachments that are here and that the county does not hold yet."""
    store = session.store
    if store.enrolment is None:
        return []
    sent = store.contents_sent()
    return [size for sha256, size in store.contents_named() if sha256 not in sent and store.has_content(sha256)]


def open_conflicts_keys(session: Session) -> list[int]:
    """The open conflicts, unread."""
    return list(session.store.keys(ListQuery(CONFLICT.name, (Filter("state", "=", OPEN),))))


def lines(session: Session, state: str, after: int, most: int) -> list[Line]:
    """At most so many lines of a group after so many."""
    if state in OF_QUEUE:
        return [_of_change(session, one) for one in session.store.outgoing((state,), most, after=after)]
    if state == IN_CONFLICT:
        return [
            Line(
                state, one.id, KINDS[one.record_kind].label if one.record_kind in KINDS else "", one.title, one.label, "", one.said_other.made_at,
                f"{one.kept_by}写的是“{_short(one.kept)}”，{one.other_by}写的是“{_short(one.other)}”。", one.top_kind, one.top_id, one.field,
            )
            for one in (conflict.masked for conflict in open_conflicts(session, after + most)[after:])
        ]  # fmt: skip
    if state == COURIER:
        return [
            Line(
                state, one.serial, "U盘文件", one.file, f"{one.changes:,} 项更改", one.by, 0,
                f"{one.at.replace('T', ' ')} 导出，校验码 {one.digest}。县里导入后会给一个回执文件，请导入回执。", number=one.digest,
            )
            for one in unanswered(session)[after : after + most]
        ]  # fmt: skip
    return []


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:24] + "…"


def _of_change(session: Session, one: Outgoing) -> Line:
    store = session.store
    record = store.record(one.record_id)
    kind = KINDS.get(one.kind)
    top = store.record(record.parent_id) if record is not None and record.parent_id else record
    title = kind.title(record.values) if record is not None and kind is not None else one.record_id
    if top is not None and record is not None and top.id != record.id and top.kind in KINDS:
        title = f"{title}（{KINDS[top.kind].title(top.values)}）"
    labels = [kind.by_name[name].label if kind is not None and name in kind.by_name else name for name in one.fields]
    shown = "、".join(labels[:6]) + (f"等{len(labels)}项" if len(labels) > 6 else "")
    new = record is not None and record.version == 0
    return Line(
        one.state,
        one.change_id,
        kind.label if kind is not None else one.kind,
        title,
        f"新建：{shown}" if new and shown else shown or "新建",
        store.name_of(one.author_id) if one.author_id else "本程序",
        one.made_at,
        one.answer or REASONS[one.state],
        top.kind if top is not None else one.kind,
        top.id if top is not None else one.record_id,
        one.answer_fields[0] if one.answer_fields else "",
        one.change_id[-TOLD_SIGNS:].upper() if one.state in (REFUSED, HELD) else "",
        record is not None and record.version > 0,
    )
