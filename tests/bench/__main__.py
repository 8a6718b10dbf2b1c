"""`python -m tests.bench [NAME ...] [--json FILE] [--small]`: measures and prints a table of figures with their references."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

from tests.bench.figure import HEADING, Figure

BENCHES = ("start_window", "search", "same_dispute", "pdf_page", "print_run", "volume", "sync_rate", "wire_bytes", "county_push", "morning")


def main() -> int:
    """Runs the named benchmarks, all of them unless named."""
    parser = argparse.ArgumentParser(prog="tests.bench", description="benchmarks beside their references, as ratios in one run")
    parser.add_argument("names", nargs="*", help=", ".join(BENCHES))
    parser.add_argument("--json", type=Path, help="also write the figures there")
    parser.add_argument("--small", action="store_true", help="a tenth of the records: to see that it runs")
    args = parser.parse_args()
    if unknown := [n for n in args.names if n not in BENCHES]:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    sys.stdout.write(HEADING + "\n")
    figures: list[Figure] = []
    for name in args.names or BENCHES:
        for figure in importlib.import_module(f"tests.bench.{name}").measure(small=args.small):
            figures.append(figure)
            sys.stdout.write(figure.row() + "\n")
            sys.stdout.flush()
    if args.json:
        args.json.write_text(json.dumps([f.as_json() for f in figures], ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
