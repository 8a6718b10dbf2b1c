"""`bundle`, `find`: what arrives on a USB stick, and what became of anything that arrived."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import Final

from county_server import finding
from county_server.courier import take_in
from county_server.failing import Refusal
from county_server.words.opening import Wrong, opened
from jusuo_desktop.wire.bundle import MOST_BUNDLE, SUFFIX, BadBundle

COUNTED: Final = {"accepted": "接收", "duplicate": "以前已收", "conflict": "有冲突", "held": "暂缓", "rejected": "退回"}


def bundle(args: argparse.Namespace) -> None:
    """Takes in what an office brought, and writes the answer that goes back."""
    with args.file.open("rb") as file:
        data = file.read(MOST_BUNDLE + 1)
    with opened(args) as county:
        try:
            taken = take_in(county, data)
        except BadBundle as bad:
            raise Wrong(f"{args.file.name} 不能导入：{bad}。") from None
        except Refusal as refused:
            raise Wrong(f"{args.file.name} 不能导入：{refused.message}") from None
    back = args.out or args.file.with_name(f"{args.file.stem}-回执{SUFFIX}")
    part = back.with_suffix(".part")
    part.write_bytes(taken.answer)
    part.replace(back)
    counted = "，".join(f"{said}{taken.counts[status]}项" for status, said in COUNTED.items() if status in taken.counts) or "没有新的更改"
    more = "，还有一部分下次再取" if taken.more else ""
    sys.stdout.write(f"{taken.device_name}（{taken.device_id}），校验码 {taken.digest}：{counted}；带回 {taken.entries} 项{more}。\n回执：{back}\n")


def find(args: argparse.Namespace) -> None:
    """Where a record or a change is, without a value of it."""
    with opened(args) as county, county.database.reading() as connection:
        try:
            found: list[finding.Found | finding.NotTaken] = [*finding.find_set_aside(connection, args.number)]
            found = found or [finding.find(connection, args.number)]
        except finding.NotFound as said:
            raise Wrong(str(said)) from None
    sys.stdout.write("".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" if args.json else one.told for one in found))
