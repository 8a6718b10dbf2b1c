"""Runs the real program (app.main) and prints one JSON line: seconds from process start to what the clerk sees, and the longest frames.

`python -m tests.bench.window_process STORE USER PASSPHRASE (login | list | work)`: `login` ends at the first painted window, `list`
unlocks and ends when the list of mediations is filled, `work` also scrolls and sorts that list.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

STARTED = time.perf_counter()
STEPS = 120
FRAME_MS = 4


def seconds_since_process_start() -> float:
    """As the reference program counts, from the kernel's record of the process; elsewhere from this module's first line."""
    stat = Path("/proc/self/stat")
    if not stat.exists():
        return time.perf_counter() - STARTED
    started = int(stat.read_text().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return float(Path("/proc/uptime").read_text().split()[0]) - started


def main(folder: str, user: str, passphrase: str, until: str) -> int:
    """Starts the program with a window that tells what happens to it."""
    from PySide6.QtCore import QObject, QTimer

    from jusuo_desktop import app
    from jusuo_desktop.ui.main_window import MainWindow

    told: dict[str, float] = {}

    def report() -> None:
        sys.stdout.write(json.dumps({"peer": "jusuo-desktop", **{name: round(value, 4) for name, value in told.items()}}) + "\n")
        sys.stdout.flush()
        os._exit(0)

    class Frames(QObject):
        """The gaps between the ticks of a timer of 0 ms: while the window is at work, the longest gap is the longest frame."""

        def __init__(self) -> None:
            super().__init__()
            self.gaps: list[float] = []
            self._last = 0.0
            self._timer = QTimer(self)
            self._timer.timeout.connect(self._tick)

        def begin(self) -> None:
            self.gaps, self._last = [], time.perf_counter()
            self._timer.start(0)

        def end(self, name: str) -> None:
            self._timer.stop()
            told[name] = max(self.gaps) * 1000

        def _tick(self) -> None:
            now = time.perf_counter()
            self.gaps.append(now - self._last)
            self._last = now

    class Window(MainWindow):
        """Tells of its first frame, of the workspace, and of the list."""

        def paintEvent(self, event: object) -> None:
            super().paintEvent(event)  # type: ignore[arg-type]
            if "first_frame" not in told:
                QTimer.singleShot(0, self._painted)

        def _painted(self) -> None:
            if "first_frame" in told:
                return
            told["first_frame"] = seconds_since_process_start()
            if until == "login":
                report()
            self.entered.connect(self._entered)
            self.frames = Frames()
            QTimer.singleShot(600, self._press)

        def _press(self) -> None:
            """Once the modules that come next have been read, as they are while the clerk types."""
            if self.background.busy:
                QTimer.singleShot(100, self._press)
                return
            assert self.login is not None
            self.login.passphrase.setText(passphrase)
            self.pressed = time.perf_counter()
            self.login.unlock.click()

        def _entered(self) -> None:
            told["unlock_to_window"] = time.perf_counter() - self.pressed
            if until == "list":
                self._open_list()
            else:
                QTimer.singleShot(1500, self._open_at_rest)

        def _open_at_rest(self) -> None:
            """The window is open and still; now the clerk turns to the list."""
            assert self.workspace is not None
            if self.workspace.desk.background.busy:
                QTimer.singleShot(100, self._open_at_rest)
                return
            self.pressed = time.perf_counter()
            self.frames.begin()
            self._open_list()

        def _open_list(self) -> None:
            assert self.workspace is not None
            self.workspace.show_part("mediation")
            self.list = self.workspace.pages.ground("mediation")
            self.list.model.dataChanged.connect(self._filled)  # type: ignore[attr-defined]
            self.list.model.replaced.connect(self._filled)  # type: ignore[attr-defined]
            self.list.model.counted.connect(self._counted)  # type: ignore[attr-defined]

        def _filled(self) -> None:
            if "unlock_to_list" not in told and self.list.model.row_at(0) is not None:  # type: ignore[attr-defined]
                told["unlock_to_list"] = time.perf_counter() - self.pressed

        def _counted(self, count: int) -> None:
            if "whole_list" in told:
                return
            told["whole_list"], told["rows"] = time.perf_counter() - self.pressed, count
            self._filled()
            if until == "list":
                report()
            self.frames.end("open_longest_frame_ms")
            QTimer.singleShot(200, self._scroll)

        def _scroll(self) -> None:
            bar = self.list.table.verticalScrollBar()  # type: ignore[attr-defined]
            self.frames.begin()
            step = 0

            def on() -> None:
                nonlocal step
                step += 1
                bar.setValue(bar.maximum() * (step * 37 % STEPS) // STEPS if step > STEPS // 2 else bar.value() + 3)
                if step < STEPS:
                    QTimer.singleShot(FRAME_MS, on)
                else:
                    self.frames.end("scroll_longest_frame_ms")
                    self._sort()

            on()

        def _sort(self) -> None:
            model = self.list.model  # type: ignore[attr-defined]
            begun = time.perf_counter()
            self.frames.begin()

            def done(_count: int) -> None:
                told["sort_seconds"] = time.perf_counter() - begun
                self.frames.end("sort_longest_frame_ms")
                told["peak_mb"] = own_peak_mb()
                report()

            model.counted.connect(done)
            place = next(n for n, f in enumerate(model.columns, start=1) if f.name == "due_on")
            self.list._heading_clicked(place)  # type: ignore[attr-defined]

    app.MainWindow = Window  # type: ignore[misc]
    return app.main(["--store", folder])


def own_peak_mb() -> float:
    """The most memory this process had. What getrusage says is, on Linux, at least what the process had that started it: the bench has made a
    store of a million records before.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:5]))
