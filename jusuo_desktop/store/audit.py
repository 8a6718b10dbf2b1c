"""The append-only audit chain: each entry carries the hash of itself and the one before; `verify` finds what was removed or edited."""

from __future__ import annotations

import hashlib
from typing import Final

from sqlalchemy import Connection, insert, select

from jusuo_desktop.store.schema import AUDIT, SETTING
from jusuo_desktop.store.settings import put_setting

START: Final = hashlib.sha256(b"jusuo audit chain").hexdigest()
HEAD: Final = "audit_head"


def _digest(before: str, seq: int, at: int, user_id: str, device_id: str, act: str, record_id: str, detail: str) -> str:
    joined = "\x1f".join((before, str(seq), str(at), user_id, device_id, act, record_id, detail))
    return hashlib.sha256(joined.encode()).hexdigest()


def append(connection: Connection, at: int, user_id: str, device_id: str, act: str, record_id: str = "", detail: str = "") -> None:
    """Adds one entry inside the caller's transaction. `detail` names fields and counts, never values."""
    last = connection.execute(select(AUDIT.c.seq, AUDIT.c.digest).order_by(AUDIT.c.seq.desc()).limit(1)).first()
    seq, before = (last.seq + 1, last.digest) if last else (1, START)
    digest = _digest(before, seq, at, user_id, device_id, act, record_id, detail)
    connection.execute(
        insert(AUDIT).values(seq=seq, at=at, user_id=user_id, device_id=device_id, act=act, record_id=record_id, detail=detail, digest=digest)
    )
    put_setting(connection, HEAD, [seq, digest])


def verify(connection: Connection) -> list[str]:
    """What is wrong with the chain, a sentence each; empty when it is whole."""
    before, expected = START, 1
    for row in connection.execute(select(AUDIT).order_by(AUDIT.c.seq)):
        if row.seq != expected:
            return [f"操作日志缺少第{expected}条到第{row.seq - 1}条，可能被人删除。"]
        if row.digest != _digest(before, row.seq, row.at, row.user_id, row.device_id, row.act, row.record_id, row.detail):
            return [f"操作日志第{row.seq}条与记载不符，可能被人改动。"]
        before, expected = row.digest, expected + 1
    head = connection.execute(select(SETTING.c.content).where(SETTING.c.name == HEAD)).scalar()
    if head is not None and head != f'[{expected - 1},"{before}"]':
        return [f"操作日志在第{expected - 1}条之后被截断。"]
    return []
