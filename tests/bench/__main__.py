"""`python -m tests.bench [NAME ...] [--list] [--all] [--json FILE] [--table FILE] [--small]`: measures and prints figures with their references."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path

from tests.bench.figure import HEADING, MARKDOWN, Figure

BENCHES = (
    "start_window", "search", "same_dispute", "pdf_page", "volume", "print_run",
    "sync_rate", "wire_bytes", "bad_line", "first_pull", "county_push", "morning",
)  # fmt: skip
"""In the order of the README's table: first what the screen and the printer do, then the sync, then the county server."""

LONG = ("cut_line", "line_scan", "first_pull_million")
"""Minutes each: by name only, or with --all."""


def main() -> int:
    """Runs the named benchmarks, the ordinary ones unless named."""
    parser = argparse.ArgumentParser(prog="tests.bench", description="benchmarks beside their references, as ratios in one run")
    parser.add_argument("names", nargs="*", help="see --list")
    parser.add_argument("--list", action="store_true", help="the names, each with what it measures, and nothing else")
    parser.add_argument("--all", action="store_true", help="the long ones, too")
    parser.add_argument("--json", type=Path, help="also write the figures there")
    parser.add_argument("--table", type=Path, help="also write them there as a table for the README")
    parser.add_argument("--small", action="store_true", help="a tenth of the records: to see that it runs")
    args = parser.parse_args()
    known = (*BENCHES, *LONG)
    if unknown := [n for n in args.names if n not in known]:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    if args.list:
        for name in known:
            said = (importlib.import_module(f"tests.bench.{name}").__doc__ or "").partition("\n")[0]
            sys.stdout.write(f"{name:<20}{said}\n")
        return 0
    sys.stdout.write(HEADING + "\n")
    figures: list[Figure] = []
    begun = time.monotonic()
    for name in args.names or (known if args.all else BENCHES):
        started = time.monotonic()
        for figure in importlib.import_module(f"tests.bench.{name}").measure(small=args.small):
            figures.append(figure)
            sys.stdout.write(figure.row() + "\n")
            sys.stdout.flush()
        sys.stdout.write(f"  ({name}: {time.monotonic() - started:.0f} s, {time.monotonic() - begun:.0f} s so far)\n")
    if args.json:
        args.json.write_text(json.dumps([f.as_json() for f in figures], ensure_ascii=False, indent=1), encoding="utf-8")
    if args.table:
        args.table.write_text("\n".join([MARKDOWN, *(f.markdown() for f in figures)]) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
