"""A thousand sheets in one print run, memory measured at each hundred; in a process of its own, where nothing else has taken memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from tests.bench.figure import Figure

SHEETS, EVERY, SETTLED = 1000, 50, 100
DPI = 150
ROOT = Path(__file__).parents[2]


def run_out(sheets_wanted: int) -> dict[str, object]:
    """Each sheet another record's: laid out, drawn at the printer's resolution and sent, one run; memory in bytes at every fiftieth."""
    from PySide6.QtWidgets import QApplication

    from jusuo_desktop.printing import render, shipped_forms
    from jusuo_desktop.printing.raster import PagePictures, Picture
    from jusuo_desktop.ui.printer import Order, send
    from tests.printing import sheets

    _application = QApplication.instance() or QApplication([])
    template = shipped_forms()["acceptance_register"]
    one = sheets.rich(template)
    process, curve = psutil.Process(), []

    class Run(PagePictures):
        """The run as the printer takes it: a sheet exists while it is printed."""

        def __init__(self) -> None:
            super().__init__(render(template, one))
            self.sizes = self.sizes * sheets_wanted

        def picture(self, number: int, dpi: float) -> Picture:
            if number % EVERY == 0:
                curve.append(process.memory_info().rss)
            values = {**one.values, "case_number": f"〔2026〕菱民调字第{number + 1}号", "dispute_summary": sheets.STORY + str(number)}
            return PagePictures(render(template, type(one)(values, one.rows, one.parent, one.parent_rows, one.links, one.office))).picture(0, dpi)

    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        done = send(Run(), Order(file=str(Path(folder) / "run.pdf"), title="run", most_dpi=DPI), threading.Event())
        taken = time.perf_counter() - begun
    return {"done": done, "seconds": taken, "curve": curve}


def measure(*, small: bool) -> Iterator[Figure]:
    """How much memory grew after the first hundred sheets, and the sheets a second."""
    wanted = SHEETS // 4 if small else SHEETS
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.bench.print_run", str(wanted)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=1800)
    told = json.loads(done.stdout.strip().splitlines()[-1])
    curve = [rss / 1e6 for rss in told["curve"]]
    settled = curve[SETTLED // EVERY]
    shown = " ".join(f"{rss:.0f}" for rss in curve[:: max(len(curve) // 10, 1)])
    yield Figure(
        f"print run of {wanted} sheets, growth after {SETTLED}", max(curve[SETTLED // EVERY :]) - settled, "MB", note=f"memory along it {shown} MB"
    )
    yield Figure(f"print run of {wanted} sheets, {DPI} dpi", wanted / told["seconds"], "sheets/s")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run_out(int(sys.argv[1]))) + "\n")
