"""What a clerk tells on the telephone, found again: a receipt number (feed and place), or the identity of a record or a change. No value of a
record is told but its printed number: what is in it stays with the office.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select

from county_server.devices import device_name
from county_server.schema import CHANGE, KNOWN, RECORD, SET_ASIDE
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.records.kind import VOIDED
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.wire.messages import COUNTY_DEVICE, Entry

_entry: Final = msgspec.msgpack.Decoder(Entry).decode
_values: Final = msgspec.msgpack.Decoder(dict[str, Any]).decode

SET_ASIDE_SIGNS: Final = 8


class NotFound(Exception):
    """Nothing here goes by that; the sentence says what was looked for."""


@dataclass(frozen=True, slots=True)
class Found:
    """A record and the change by which it was found. Times are milliseconds by the county's clock but for `made_at`, the device's."""

    receipt: str
    record: str
    kind: str
    kind_label: str
    scope: str
    number: str
    version: int
    voided: bool
    device: str
    device_name: str
    made_at: int
    received_at: int
    fields: list[str]
    conflicts: int

    @property
    def told(self) -> str:
        """In sentences."""
        number = f" {self.number}" if self.number else ""
        ends = (f"有 {self.conflicts} 处分歧待决定。" if self.conflicts else "") + ("已作废。" if self.voided else "")
        return (
            f"回执号 {self.receipt}：{self.kind_label}{number}（{self.record}），归属 {self.scope}，共收到 {self.version} 次更改。\n"
            f"这一次由 {self.device_name}（{self.device}）送来，{_clock(self.received_at)} 收到；设备上的时间是 {_clock(self.made_at)}。\n"
            f"内容：{'、'.join(self.fields) or '新建'}。{ends}\n"
        )


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A change that was not taken in. `held` waits for something else; `settled_at` is there once it was mended, given up or taken in."""

    number: str
    record: str
    kind_label: str
    device: str
    device_name: str
    held: bool
    reason: str
    since: int
    settled_at: int

    @property
    def told(self) -> str:
        """In a sentence."""
        was = f"{_clock(self.since)} {'暂缓' if self.held else '没有接收'}：{self.reason}"
        settled = f"{_clock(self.settled_at)} 已经了结。" if self.settled_at else ""
        return f"退回号 {self.number}：{self.kind_label}（{self.record}），由 {self.device_name}（{self.device}）送来，{was}{settled}\n"


def find_set_aside(connection: Connection, number: str) -> list[NotTaken]:
    """Changes that were not taken in, by the number that the clerk reads from the sync page: the last eight signs of their identity."""
    wanted = number.strip().lower()
    if len(wanted) != SET_ASIDE_SIGNS or not set(wanted) <= set("0123456789abcdef"):
        return []
    query = select(SET_ASIDE).order_by(SET_ASIDE.c.since.desc()).execution_options(yield_per=500)
    return [
        NotTaken(
            wanted.upper(),
            unpacked(bytes(row.record_id)),
            KINDS[row.kind].label if row.kind in KINDS else row.kind,
            row.device_id,
            device_name(connection, row.device_id),
            bool(row.held),
            row.reason,
            row.since,
            row.settled_at or 0,
        )
        for row in connection.execute(query).all()
        if bytes(row.change_id).hex().endswith(wanted)
    ]


def find(connection: Connection, number: str) -> Found:
    """Finds it.

    Raises:
        NotFound: see there.
    """
    number = number.strip()
    place = _place(connection, number)
    raw = connection.execute(select(CHANGE.c.entry).where(CHANGE.c.feed == place[0], CHANGE.c.seq == place[1])).scalar()
    if raw is None:
        raise NotFound(f"没有回执号为 {number} 的更改。请核对号码：司法所（或县）的代码，一横，再是顺序号。")
    return _told(connection, _entry(raw))


def _clock(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000):%Y-%m-%d %H:%M:%S}"


def _place(connection: Connection, number: str) -> tuple[str, int]:
    feed, _, seq = number.rpartition("-")
    if feed.isdigit() and seq.isdigit() and len(feed) in (6, 9):
        return feed, int(seq)
    try:
        identity = uuid.UUID(number).bytes
    except ValueError:
        raise NotFound(f"“{number}”不是回执号，也不是记录的编号，也没有这样的退回号。回执号像 330424103-1207。") from None
    known = connection.execute(select(KNOWN.c.feed, KNOWN.c.seq, KNOWN.c.home).where(KNOWN.c.id == identity)).first()
    if known is None:
        raise NotFound(f"县里没有编号为 {number} 的记录或更改：还没有上报，或者没有被接收。")
    if known.home and (last := _last_of(connection, known.home, identity)) is not None:
        return last
    return known.feed, known.seq


def _last_of(connection: Connection, feed: str, record_id: bytes) -> tuple[str, int] | None:
    """The place of the last change of a record: found from the end of its office's feed, for it is asked about what is new."""
    query = select(CHANGE.c.seq, CHANGE.c.entry).where(CHANGE.c.feed == feed).order_by(CHANGE.c.seq.desc()).execution_options(yield_per=500)
    with connection.execute(query) as rows:
        return next(((feed, int(seq)) for seq, entry in rows if record_id in bytes(entry) and _entry(entry).record_id == record_id), None)


def _told(connection: Connection, entry: Entry) -> Found:
    kind = KINDS.get(entry.kind)
    home = connection.execute(select(KNOWN.c.home).where(KNOWN.c.id == entry.record_id)).scalar() or entry.feed
    row = connection.execute(
        select(RECORD.c.version, RECORD.c.body, RECORD.c.scope).where(RECORD.c.feed == home, RECORD.c.id == entry.record_id)
    ).first()
    values = _values(row.body) if row is not None else {}
    below = select(RECORD.c.body).where(RECORD.c.feed == home, RECORD.c.parent_id == entry.record_id, RECORD.c.kind == CONFLICT.name)
    names = [*(entry.fields or {}), *entry.refused]
    return Found(
        f"{entry.feed}-{entry.seq}",
        unpacked(entry.record_id),
        entry.kind,
        kind.label if kind is not None else entry.kind,
        row.scope if row is not None else entry.scope,
        str(values.get(kind.number, "")) if kind is not None and kind.number else "",
        row.version if row is not None else entry.version,
        VOIDED.name in values,
        entry.device_id,
        "县服务器" if entry.device_id == COUNTY_DEVICE else device_name(connection, entry.device_id),
        entry.made_at,
        entry.received_at,
        [kind.by_name[name].label if kind is not None and name in kind.by_name else name for name in names],
        sum(_values(body).get("state") == "open" for body in connection.execute(below).scalars()),
    )
