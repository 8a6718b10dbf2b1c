"""`where`: how far the records have come, counted or written down one by one."""

from __future__ import annotations

import argparse
from pathlib import Path

from jusuo_desktop.actions.where_is import LISTED
from jusuo_desktop.actions.whereabouts_ledger import export_whereabouts, kinds_of_ledger
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.words.answer import Answer
from jusuo_desktop.words.opening import opened


def whereabouts(args: argparse.Namespace) -> Answer:
    """`where`: the ledger of where the records are, as a workbook; without a file, how many stand how."""
    with opened(args) as session:
        if args.out:
            count = export_whereabouts(session, Path(args.out), standing=args.standing or "")
            return Answer(f"已存为 {args.out}，共 {count:,} 条。", {"file": args.out, "records": count})
        lists = ((state, label) for state, label in LISTED if args.standing in (None, state))
        counted = {state: sum(session.store.count(ListQuery(k.name, standing=state)) for k in kinds_of_ledger()) for state, _ in lists}
    return Answer("\n".join(f"{label} {counted[state]:,} 条" for state, label in LISTED if state in counted), counted)
