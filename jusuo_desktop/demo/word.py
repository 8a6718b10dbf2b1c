"""`demo --out DIR`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from jusuo_desktop.demo.whole import run_demo
from jusuo_desktop.words.answer import Answer


def demo(args: argparse.Namespace) -> Answer:
    """Does the whole job, or goes on with one that was interrupted."""

    def tell(said: str) -> None:
        sys.stderr.write(f"{said}\n")
        sys.stderr.flush()

    summary = run_demo(Path(args.out), mediations=args.mediations, pictures=not args.no_pictures, cases=args.cases, tell=tell)
    equal = "两台电脑与县服务器核对一致" if summary["equal_digests"] else "核对不一致"
    said = f"完成，用时 {summary['seconds']} 秒：{summary['records']} 条记录，上报 {summary['sent']} 项，接收 {summary['received']} 项，{equal}。"
    return Answer(f"{said}\n结果在 {args.out}：表格 forms，卷宗 volumes，逐页图 pages，画面 pictures，数字 summary.json。", summary)
