"""The real program from its start: what it reads before the first frame, that the log-in page works from then on, and what it keeps of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.ui.conftest import PASSPHRASE

ROOT = Path(__file__).parents[2]
LATER = frozenset({
    "sqlalchemy", "sqlcipher3", "alembic", "msgspec", "argon2", "cryptography", "pypinyin", "yaml", "reportlab", "PIL", "pypdfium2", "requests",
    "urllib3", "xlsxwriter", "multiprocessing", "asyncio", "logging.config", "PySide6.QtSvg", "PySide6.QtPrintSupport", "PySide6.QtMultimedia",
})  # fmt: skip
"""What no log-in page needs."""
OWN = 24
"""So many modules of our own are read for it; each takes a part of a millisecond, a kind's declarations or the printing many."""

AT_ONCE = """
import json, linecache, sys
from PySide6.QtCore import QTimer
from jusuo_desktop import app
from jusuo_desktop.ui.main_window import MainWindow

told = {}

class Window(MainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        if "modules" not in told:
            told["modules"] = sorted(sys.modules)
            self.entered.connect(self.inside)
            QTimer.singleShot(0, self.type)

    def type(self):
        assert self.login is not None
        self.login.passphrase.setText(sys.argv[2])
        self.login.passphrase.returnPressed.emit()

    def inside(self):
        if self.background.busy:
            QTimer.singleShot(20, self.inside)
            return
        told["sources"] = sum(sum(map(len, entry[2])) for entry in linecache.cache.values() if len(entry) > 2)
        self.close()

app.MainWindow = Window
status = app.main(["--store", sys.argv[1]])
print(json.dumps(told))
raise SystemExit(status)
"""


def test_the_first_frame_needs_little_and_whoever_types_at_once_gets_in(office_folder: Path, tmp_path: Path) -> None:
    import shutil

    store = shutil.copytree(office_folder, tmp_path / "store")
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE, str(store), PASSPHRASE], capture_output=True, text=True, encoding="utf-8", timeout=60, cwd=ROOT, check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.strip().splitlines()[-1])
    read = frozenset(told["modules"])
    assert not read & LATER
    own = sorted(name for name in read if name.startswith("jusuo_desktop."))
    assert len(own) <= OWN, own
    assert told["sources"] < 1_000_000, "characters of source that Python keeps of the modules read since"


def test_the_memory_that_a_bench_tells_is_the_programs_own() -> None:
    """Not what the process had that started it: a bench makes a store of a million records first."""
    held = bytearray(300 << 20)
    held[::4096] = b"1" * len(held[::4096])
    said = "from tests.bench.window_process import own_peak_mb; print(own_peak_mb())"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, timeout=60, cwd=ROOT, check=True)
    assert 5 < float(done.stdout) < 150
