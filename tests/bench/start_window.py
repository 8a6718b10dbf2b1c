"""Start to window and the long list, in the real program's own process, beside an empty PySide6 window in the same run (design.md §9)."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jusuo_desktop.store.keys import new_key, unwrap, user_names, wrap
from tests.bench.figure import Figure, median_seconds
from tests.bench.multiplied_store import PASSPHRASE, multiplied_store
from tests.bench.peers import ROOT, run_peer

STARTS = 7
START_RECORDS = 100_000
LIST_RECORDS = 1_000_000
FRAME_MS = 33.0
LIST_SECONDS = 0.3


@contextmanager
def compiled() -> Iterator[None]:
    """Programs started here find and keep Python's compiled modules, as an installed one does from its second start on."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as modules:
        os.environ["PYTHONPYCACHEPREFIX"] = modules
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _run(folder: Path, until: str) -> dict[str, Any]:
    """The program in a process of its own, with a home of its own."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.window_process", str(folder), user_names(folder)[0], PASSPHRASE, until],
            check=True, capture_output=True, text=True, timeout=600, cwd=ROOT, encoding="utf-8",
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": home, "XDG_DATA_HOME": home, "XDG_STATE_HOME": home},
        )  # fmt: skip
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def _argon_seconds() -> float:
    """What deriving the key alone takes here."""
    wrapped = wrap(new_key(), PASSPHRASE, "bench", "bench")
    return median_seconds(lambda: unwrap(wrapped, PASSPHRASE, "bench"), 3)


def measure(*, small: bool) -> Iterator[Figure]:
    """Yields the figures; `small` takes a tenth of the records."""
    share = 10 if small else 1
    with compiled(), tempfile.TemporaryDirectory() as folder:
        yield from _start(Path(folder), START_RECORDS // share)
        yield from _list(Path(folder), LIST_RECORDS // share)


def _start(folder: Path, records: int) -> Iterator[Figure]:
    store = folder / "start"
    multiplied_store(store, records)
    run_peer("empty_window.py")
    first = _run(store, "login")["first_frame"]
    ours: list[float] = []
    empty: list[float] = []
    for _ in range(STARTS):  # one of each in turn, so that both meet the same machine
        peer = run_peer("empty_window.py")
        if peer is not None:
            empty.append(peer["seconds"])
        ours.append(_run(store, "login")["first_frame"])
    reference = statistics.median(empty) if empty else None
    yield Figure(
        f"start to window ({records:,} records)", statistics.median(ours), "s", reference, "empty PySide6 window", "<=1.5",
        f"the very first start, which compiles the modules: {first:.2f} s",
    )  # fmt: skip
    derived = _argon_seconds()
    filled = statistics.median(_run(store, "list")["unlock_to_list"] for _ in range(3))
    yield Figure(
        f"unlock to list filled ({records:,})", filled - derived, "s", LIST_SECONDS, "budget of 0.3 s", "<=1",
        f"beside {derived:.3f} s of Argon2id",
    )  # fmt: skip


def _list(folder: Path, records: int) -> Iterator[Figure]:
    store = folder / "list"
    multiplied_store(store, records)
    seen = _run(store, "work")
    for name, said in (("open", "open"), ("scroll", "scroll"), ("sort", "sort")):
        yield Figure(f"{said}, longest frame ({records:,} rows)", seen[f"{name}_longest_frame_ms"], "ms", FRAME_MS, "budget of 33 ms", "<=1")
    yield Figure(f"whole order known ({records:,} rows)", seen["whole_list"], "s", note="in the background, after the first rows")
    yield Figure(f"window's memory ({records:,} rows)", seen["peak_mb"], "MB", 300.0, "budget of 300 MB", "<=1")
