"""`import KIND FILE`: a ledger as the office has it; what is refused goes, with its reason, into a workbook to be corrected."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from jusuo_desktop.actions.import_ledger import ImportReport, Plan, RefusedRow, dry_run, propose, read_ledger, write_rejected
from jusuo_desktop.actions.import_ledger import import_ledger as take_in
from jusuo_desktop.reports.targets import target_label
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.words.answer import Answer
from jusuo_desktop.words.opening import kind_said, opened

MOST_SHOWN: Final = 20
"""Refused lines named on the screen; all of them are in the workbook and in the JSON."""


def import_ledger(args: argparse.Namespace) -> Answer:
    """Imports the ledger, or with `--dry-run` says what an import would do. Refused lines do not make the word fail: the rest is in."""
    kind = kind_said(args.kind)
    if args.rejected and not Path(args.rejected).absolute().parent.is_dir():
        raise Refused(f"没有文件夹 {Path(args.rejected).absolute().parent}，退回的行没有地方存，没有导入。请先建好文件夹，或者换一个位置。")
    ledger = read_ledger(Path(args.file))
    with opened(args) as session:
        plan = propose(session, ledger, kind.name)
        report = dry_run(session, plan) if args.dry_run else take_in(session, plan)
        if args.rejected and report.refused:
            write_rejected(plan, report, Path(args.rejected))
    return Answer("\n".join(_lines(plan, report, args.rejected)), _data(plan, report))


def _lines(plan: Plan, report: ImportReport, rejected: str | None) -> list[str]:
    lines = []
    for sheet in plan.sheets:
        if not sheet.included:
            lines.append(f"工作表“{sheet.name}”没有导入：{sheet.why}")
            continue
        used = [f"{c.heading}→{said}" for c in sheet.columns if (said := target_label(plan.kind, c.target))]
        left = [c.heading for c in sheet.columns if not c.target and c.heading]
        lines.append(f"工作表“{sheet.name}”：{'，'.join(used)}" + (f"；不用的列：{'、'.join(left)}" if left else ""))
    lines.append(report.line)
    lines += [f"  {_place(r)}：{r.reason}" for r in report.refused[:MOST_SHOWN]]
    if len(report.refused) > MOST_SHOWN:
        lines.append(f"  ……还有 {len(report.refused) - MOST_SHOWN} 行")
    if report.refused:
        lines.append(
            f"退回的行和原因已存为 {rejected}，改好后可以再导入。" if rejected else "加 --rejected FILE 可以把退回的行存成表格，改好后再导入。"
        )
    lines += [f"  请核对{_place(r)}：{r.reason}" for r in report.doubts[:MOST_SHOWN]]
    return lines


def _place(row: RefusedRow) -> str:
    return f"“{row.sheet}”第{row.row}行"


def _data(plan: Plan, report: ImportReport) -> dict[str, object]:
    sheets = [
        {"name": s.name, "included": s.included, "why": s.why, "columns": {c.heading: c.target for c in s.columns if c.target}} for s in plan.sheets
    ]
    return {
        "dry_run": report.dry,
        "sheets": sheets,
        "total": report.total,
        "added": report.added,
        "known": report.known,
        "completed": report.completed,
        "refused": [{"sheet": r.sheet, "row": r.row, "reason": r.reason} for r in report.refused],
        "doubts": [{"sheet": r.sheet, "row": r.row, "reason": r.reason} for r in report.doubts],
        "registered": [{"kind": kind, "name": name} for kind, name in report.created_references],
    }
