"""`list`, `show`, `search`: reading the store. Identity numbers are masked unless asked for, and asking is recorded."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any, Final

from jusuo_desktop.actions.decide_conflict import OpenConflict, open_conflicts
from jusuo_desktop.actions.save_record import lacking
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.where_is import WHEREABOUTS, receipt_line, stand
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.field import Field, Sensitivity, Value
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import mask, show
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.words.answer import Answer, table
from jusuo_desktop.words.opening import kind_said, opened, record_said

UNKNOWN: Final = "（新版程序的字段）"
MOST_CONFLICTS: Final = 1000


def list_records(args: argparse.Namespace) -> Answer:
    """`list KIND`: the columns of the list page, newest first."""
    kind = kind_said(args.kind)
    query = ListQuery(kind.name, text=args.text or "", include_voided=args.voided, standing=args.standing or "")
    with opened(args) as session:
        store = session.store
        total = store.count(query)
        rows = store.rows(store.keys(query, args.limit))
        stands = store.whereabouts([r.id for r in rows])
        fields = [f for f in kind.listed if any(f.name in r.values for r in rows)]
        shown = [[r.id, *(show(f, r.values.get(f.name), links=store.name_of, masked=True) for f in fields), receipt_line(stands[r.id])] for r in rows]
    text = table(["ID", *(f.label for f in fields), WHEREABOUTS.label], shown)
    more = f"共 {total} 条" + (f"，列出前 {len(rows)} 条；要看更多请加 --limit {total}" if total > len(rows) else "") + "。"
    columns = {f.name: f for f in kind.listed}
    data = [
        {
            "id": r.id,
            "values": _masked(columns, {n: v for n, v in r.values.items() if n in columns}),
            "voided": r.voided,
            "unsent": r.unsent,
            "state": stands[r.id].state,
            "receipt": stands[r.id].receipt,
        }
        for r in rows
    ]
    return Answer(f"{text}\n{more}", {"kind": kind.name, "total": total, "records": data})


def search(args: argparse.Namespace) -> Answer:
    """`search TEXT`: everything that holds what was typed."""
    with opened(args) as session:
        hits = session.store.search(args.text, limit=args.limit)
    text = table(
        ["ID", "类别", "名称", "所在", "内容"], [[h.id, KINDS[h.kind].label, h.title, h.field, h.line] for h in hits]
    ) if hits else f"没有找到“{args.text}”。"  # fmt: skip
    return Answer(text, [{"id": h.id, "kind": h.kind, "title": h.title, "field": h.field, "line": h.line} for h in hits])


def show_record(args: argparse.Namespace) -> Answer:
    """`show ID`: a record with its child rows; with `--full` identity numbers in full, which goes into the audit chain."""
    with opened(args) as session:
        record = record_said(session, args.id)
        family = [record, *(c for c in session.store.children(record.id) if c.kind != CONFLICT.name)]
        if args.full:
            for one in family:
                for field in _sensitive(one):
                    session.store.audit_view(one.id, field.name)
        lacked = lacking(session, record)
        conflicts = _conflicts(session, {one.id for one in family}, full=args.full)
        standing = stand(session, record.id)
        text = "\n\n".join(_page(session, one, full=args.full) for one in family)
    if standing is not None:
        text += f"\n\n上报情况：{standing.short}。{standing.said}"
    for c in conflicts:
        text += f"\n\n“{c.label}”有两个内容，请在窗口的“同步”页决定：现用“{c.kept}”，{c.kept_by}；另一个“{c.other}”，{c.other_by}。"
    if lacked:
        text += f"\n\n还缺：{'、'.join(lacked)}。"
    data = {
        **_data(record, full=args.full),
        "children": [_data(c, full=args.full) for c in family[1:]],
        "conflicts": [asdict(c) for c in conflicts],
        "lacking": list(lacked),
        "state": standing.state if standing is not None else "",
        "receipt": standing.receipt if standing is not None else "",
    }
    return Answer(text, data)


def _conflicts(session: Session, ids: set[str], *, full: bool) -> list[OpenConflict]:
    found = []
    for conflict in open_conflicts(session, MOST_CONFLICTS):
        if conflict.record_id in ids:
            found.append(conflict if full else conflict.masked)
    return found


def _sensitive(record: Record) -> list[Field]:
    kind = KINDS.get(record.kind)
    return [f for f in (kind.fields if kind else ()) if f.sensitivity is Sensitivity.SENSITIVE and f.name in record.values]


def _page(session: Session, record: Record, *, full: bool) -> str:
    kind = KINDS.get(record.kind)
    if kind is None:
        return f"〔{record.kind}〕{record.id}\n  {UNKNOWN}"
    lines = [f"〔{kind.label}〕{kind.title(record.values)}  {record.id}" + ("  （已作废）" if record.voided else "")]
    for field in kind.fields:
        if field.name in record.values:
            said = show(field, record.values[field.name], links=session.store.name_of, masked=not full)
            lines.append(f"  {field.label}：" + said.replace("\n", "\n    "))
    lines += [f"  {name}{UNKNOWN}：{value}" for name, value in record.values.items() if name not in kind.by_name]
    return "\n".join(lines)


def _data(record: Record, *, full: bool) -> dict[str, Any]:
    kind = KINDS.get(record.kind)
    values = dict(record.values) if full or kind is None else _masked(kind.by_name, record.values)
    return {"id": record.id, "kind": record.kind, "scope": record.scope, "version": record.version, "values": values}


def _masked(fields: dict[str, Field], values: Any) -> dict[str, Value]:
    return {n: mask(str(v)) if n in fields and fields[n].sensitivity is Sensitivity.SENSITIVE else v for n, v in values.items()}
