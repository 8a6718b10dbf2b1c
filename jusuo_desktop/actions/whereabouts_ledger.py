"""The ledger of where the records are: every one with its state and receipt number, as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.where_is import SHORT, shown_time, told
from jusuo_desktop.records.field import moment, text
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.reports.list_sheet import ListLine, write_table
from jusuo_desktop.reports.progress import FreeReins, Progress, Reins
from jusuo_desktop.reports.targets import Target
from jusuo_desktop.store.listing import ListQuery, ListRow
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.store.whereabouts import RECEIVED, Whereabouts

PAGE: Final = 500
MOST_ROWS: Final = 200_000
LEDGER: Final = RecordKind(
    "whereabouts",
    "上报情况",
    (
        text("kind", "种类"),
        text("title", "记录"),
        text("number", "编号"),
        text("state", "上报情况"),
        text("receipt", "回执号"),
        moment("received_at", "县里收到的时间"),
        text("said", "说明", max_length=500),
    ),
    title=lambda v: str(v.get("title", "")),
)
"""The columns of the ledger; no records: it says where the records are."""


def kinds_of_ledger() -> list[RecordKind]:
    """The kinds whose records stand by themselves."""
    return [kind for kind in KINDS.values() if not kind.parents]


def export_whereabouts(session: Session, path: Path, *, standing: str = "", reins: Reins | None = None) -> int:
    """Writes a workbook of every record, its state and its receipt number, those that stand worst first; `standing` narrows it
    (store.whereabouts.LISTED). Returns how many. Noted in the audit chain before the file is written.

    Raises:
        Refused: the list is too long, the file cannot be written, or the work was stopped.
    """
    store, reins = session.store, reins or FreeReins()
    keys = {kind.name: store.keys(ListQuery(kind.name, include_voided=True, standing=standing)) for kind in kinds_of_ledger()}
    total = sum(map(len, keys.values()))
    if total > MOST_ROWS:
        raise Refused(f"有{total:,}条，一张表最多导出{MOST_ROWS:,}条。请只导出未上报的，或者在列表里按日期筛选后导出。")
    store.audit_note("export", "", f"whereabouts:{total}")
    columns = [Target(field.name, field.label, field) for field in LEDGER.own_fields]

    def rows() -> Iterator[ListLine]:
        done = 0
        for name, wanted in keys.items():
            for start in range(0, len(wanted), PAGE):
                if reins.stopped.is_set():
                    raise Refused("导出已停止，没有生成文件。")
                found = store.rows(wanted[start : start + PAGE])
                states = store.whereabouts([row.id for row in found])
                for row in found:
                    yield _line(session, name, row, states[row.id])
                done += len(found)
                reins.tell(Progress("正在导出", done, total))

    return write_table(path, LEDGER.label, columns, rows(), who=store.user.name, when=session.clock(), said="")


def _line(session: Session, kind: str, row: ListRow, found: Whereabouts) -> ListLine:
    known = KINDS[kind]
    number = str(row.values.get(known.number, "")) if known.number else ""
    cells = (
        known.label,
        known.title(row.values) + ("（已作废）" if row.voided else ""),
        number,
        SHORT[found.state],
        found.receipt,
        shown_time(found.received_at),
        "" if found.state == RECEIVED else told(session, row.id, found).said,
    )
    return ListLine(row.id, cells)
