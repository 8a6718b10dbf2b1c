"""`python -m tests.simulation [--seed N] [--seeds K] [--steps M] [--minutes T] [--keep-going] [--loud]`: runs until one finds something.

A finding prints its seed; the same seed with the same steps repeats the run exactly. `--defects [NAME ...]` puts deliberate defects into the
program, one after the other, and says which seed finds each; `--defect NAME` runs with one of them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.simulation.defects import DEFECTS, afflicted
from tests.simulation.defects import main as main_of_defects
from tests.simulation.runs import DISK, run
from tests.simulation.templates import Templates


def main() -> int:
    """Runs seed after seed; the exit status is 1 if one found something."""
    parser = argparse.ArgumentParser(prog="tests.simulation", description="devices, a hostile network and power cuts, from one seed")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=0, help="how many; 1 unless --minutes is given")
    parser.add_argument("--steps", type=int, default=300, help="steps of each run")
    parser.add_argument("--minutes", type=float, default=0.0, help="goes on to further seeds for so long")
    parser.add_argument("--loud", action="store_true", help="prints every step")
    parser.add_argument("--keep-going", action="store_true", help="goes on after a finding")
    parser.add_argument("--defect", choices=sorted(DEFECTS), default="", help="with a deliberate defect")
    parser.add_argument("--defects", nargs="*", choices=sorted(DEFECTS), metavar="NAME", help="tries whether each deliberate defect is found")
    args = parser.parse_args()
    begun, seed, steps, found = time.monotonic(), args.seed, 0, 0
    loud = (lambda line: print(line, flush=True)) if args.loud else (lambda _: None)  # noqa: T201
    with tempfile.TemporaryDirectory(dir=DISK) as folder:
        templates = Templates.made(Path(folder))
        if args.defects is not None:
            return 1 if main_of_defects(args.defects, templates, sys.stdout.write) else 0
        while True:
            try:
                with afflicted(args.defect):
                    digest = run(seed, args.steps, templates, loud)
            except Exception:
                found += 1
                traceback.print_exc()
                sys.stdout.write(f"FOUND by: python -m tests.simulation --seed {seed} --steps {args.steps} --loud\n")
                if not args.keep_going:
                    return 1
            else:
                if args.loud:
                    sys.stdout.write(f"seed {seed}: {digest}\n")
            seed, steps = seed + 1, steps + args.steps
            minutes = (time.monotonic() - begun) / 60
            if minutes >= args.minutes and seed - args.seed >= (args.seeds or 1):
                break
    sys.stdout.write(f"{seed - args.seed} runs, {steps} steps in {minutes:.1f} minutes, {found} found something\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
