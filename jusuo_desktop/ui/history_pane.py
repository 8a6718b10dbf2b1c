"""Who changed which field from what to what, when, on which device: newest first, in the clerk's words."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTextBrowser

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import Field, Sensitivity
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import show
from jusuo_desktop.store.store import HistoryRow
from jusuo_desktop.ui.theme import QUIET

MOST_SHOWN: Final = 400
"""Characters of a long text shown of each side."""


class HistoryPane(QTextBrowser):
    """Reads nothing itself: the page hands it the lines that `told` made in the background."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setOpenLinks(False)
        self.setMinimumWidth(260)


def told(session: Session, records: Sequence[Record]) -> str:
    """The history of a record and its child rows as HTML, newest first."""
    entries = [(row.at, record, row) for record in records for row in session.store.history(record.id)]
    entries.sort(key=lambda e: e[0], reverse=True)
    own_device = session.store.device_id
    return "".join(_entry(session, record, row, own_device) for _, record, row in entries) or "<p>还没有保存过。</p>"


def _entry(session: Session, record: Record, row: HistoryRow, own_device: str) -> str:
    when = datetime.fromtimestamp(row.at / 1000).strftime("%Y-%m-%d %H:%M")
    who = session.store.name_of(row.author_id) if row.author_id else "县服务器"
    where = "本机" if row.device_id == own_device else f"设备{row.device_id[-4:]}" if row.device_id else "县服务器"
    kind = KINDS.get(record.kind)
    about = f" · {kind.label} {kind.title(record.values)}" if kind is not None and record.parent_id else ""
    head = f'<p style="margin:8px 0 2px 0"><b>{html.escape(who)}</b> <span style="color:{QUIET}">{when} · {where}{html.escape(about)}</span></p>'
    if not row.fields:
        return head + '<p style="margin:0 0 0 10px">登记</p>'
    lines = []
    for name, (old, new) in row.fields.items():
        field = kind.by_name.get(name) if kind is not None else None
        lines.append(f"{html.escape(field.label if field else name)}：{_shown(session, field, old)} → {_shown(session, field, new)}")
    return head + "".join(f'<p style="margin:0 0 0 10px">{line}</p>' for line in lines)


def _shown(session: Session, field: Field | None, value: object) -> str:
    if value is None:
        return f'<span style="color:{QUIET}">（空）</span>'
    if field is None:
        return html.escape(str(value))
    text = show(field, value, links=session.store.name_of, masked=field.sensitivity is Sensitivity.SENSITIVE)  # type: ignore[arg-type]
    return html.escape(text[:MOST_SHOWN] + ("…" if len(text) > MOST_SHOWN else "")).replace("\n", "<br>")
