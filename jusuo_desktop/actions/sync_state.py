"""How this machine stands with the county, as the sync page shows it: last contact, what waits and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jusuo_desktop.actions.decide_conflict import OpenConflict, open_conflicts
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store import Outgoing
from jusuo_desktop.store.keys import shut_out_since

MOST_SHOWN: Final = 300
LAST_CONTACT: Final = "last_contact"
"""Setting: local time ('YYYY-MM-DDTHH:MM:SS') of the last sync that reached its end."""
LAST_OUTCOME: Final = "last_sync_outcome"
"""Setting: the last report's or failure's sentence."""

STATES: Final = {"waiting": "待上报", "held": "暂缓", "refused": "被退回", "sent": "待确认"}
REASONS: Final = {
    "waiting": "下次同步时上报。",
    "held": "等前面的更改到达县服务器后自动再报。",
    "sent": "县服务器已收下，等它传回确认。",
    "refused": "",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One change on its way, as people read it. `top_kind` and `top_id` are the record whose page shows it."""

    change_id: str
    kind_label: str
    title: str
    fields: str
    author: str
    made_at: int
    state: str
    reason: str
    top_kind: str
    top_id: str


@dataclass(frozen=True, slots=True)
class SyncState:
    """Everything that the sync page shows; `counts` are changes by state."""

    enrolled: bool
    url: str
    device_id: str
    scope: str
    last_contact: str
    last_outcome: str
    counts: dict[str, int]
    waiting: list[Waiting]
    conflicts: list[OpenConflict]
    shut_out: bool = False
    """The county shut this device out: it has to join anew."""
    sealed: Sequence[str] = ()
    """What was sealed because it no longer belongs on this device, newest first, a line each."""

    @property
    def unsent(self) -> int:
        """Changes that the county does not have yet."""
        return sum(self.counts.get(state, 0) for state in ("waiting", "held", "refused"))


def sync_state(session: Session) -> SyncState:
    """Reads it; the refused changes come first, for they wait for a person."""
    store = session.store
    enrolment = store.enrolment
    shown: list[Outgoing] = []
    for state in ("refused", "held", "waiting", "sent"):
        shown += store.outgoing((state,), MOST_SHOWN - len(shown)) if len(shown) < MOST_SHOWN else []
    return SyncState(
        enrolment is not None,
        enrolment.url if enrolment else "",
        enrolment.device_id if enrolment else "",
        store.scope,
        str(store.get(LAST_CONTACT, "")),
        str(store.get(LAST_OUTCOME, "")),
        store.outbox_counts(),
        [_waiting(session, one) for one in shown],
        open_conflicts(session),
        shut_out_since(store.folder) is not None,
        [f"{datetime.fromtimestamp(one.at / 1000):%Y-%m-%d %H:%M}　{one.line}" for one in reversed(store.sealed_away())],
    )


def _waiting(session: Session, one: Outgoing) -> Waiting:
    store = session.store
    record = store.record(one.record_id)
    kind = KINDS.get(one.kind)
    top = store.record(record.parent_id) if record is not None and record.parent_id else record
    title = kind.title(record.values) if record is not None and kind is not None else one.record_id
    if top is not None and record is not None and top.id != record.id and top.kind in KINDS:
        title = f"{title}（{KINDS[top.kind].title(top.values)}）"
    labels = [kind.by_name[name].label if kind is not None and name in kind.by_name else name for name in one.fields]
    return Waiting(
        one.change_id,
        kind.label if kind is not None else one.kind,
        title,
        "、".join(labels) or "新建",
        store.name_of(one.author_id) if one.author_id else "",
        one.made_at,
        one.state,
        one.answer or REASONS[one.state],
        top.kind if top is not None else one.kind,
        top.id if top is not None else one.record_id,
    )
