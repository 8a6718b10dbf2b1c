"""A scan of 1 MB on the bad line: the record goes first, the scan follows in pieces and goes on after a cut of 20 s. Four minutes; by name only."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.store import Edit
from jusuo_desktop.sync.failures import Transient
from jusuo_desktop.sync.progress import Progress, Reins, Stage
from tests.bench.figure import Figure
from tests.bench.line_programs import AGAIN_AFTER, ours, texts
from tests.bench.line_trips import line_of, trip
from tests.shaped_line import TOWNSHIP, UP

BYTES: Final = 1_000_000
CUT_SECONDS: Final = 20.0


def measure(*, small: bool) -> Iterator[Figure]:
    """Yields the figures; `small` takes a tenth of the bytes."""
    size = BYTES // 10 if small else BYTES
    with tempfile.TemporaryDirectory() as folder, line_of(5) as line, ours(line, Path(folder), texts(1)) as program:
        program.prepare()
        program.push()
        session = program.sessions[0]
        data = random.Random(5).randbytes(size)
        parent = session.store.write([Edit("consultation", {"name": "扫描件的主人"})], act="save")[0].id
        values = {"file_name": "扫描.jpg", "media_type": "image/jpeg", "sha256": session.store.keep_content(data), "size_bytes": size}
        session.store.write([Edit("attachment", values, parent_id=parent)], act="save")
        line.shape = TOWNSHIP
        begun, first, waits = time.monotonic(), [], 0

        def told(progress: Progress) -> None:
            nonlocal waits
            waits += progress.stage is Stage.WAITING
            if progress.stage is Stage.CONTENTS:
                first.append(time.monotonic() - begun)

        def synced() -> int:
            tries = 1
            with line.near():
                while True:
                    try:
                        sync_now(session, reins=Reins(told))
                    except Transient:
                        tries += 1
                        time.sleep(AGAIN_AFTER)
                    else:
                        return tries

        done = trip(line, synced, (UP, size // 2, CUT_SECONDS))
        new = done.counted.new[UP]
    carried = size / (done.seconds - CUT_SECONDS) / (TOWNSHIP.bits / 8)
    yield Figure("bad line, a record before its scan", first[0], "s", note=f"the scan of {size / 1e6:.1f} MB after it")
    more, what = (new - size) / 1000, f"bad line, a scan of {size / 1e6:.1f} MB, cut once"
    noted = f"{carried:.2f} of the line but for the cut's {CUT_SECONDS:.0f} s; {more:.0f} kB beyond the scan's own, heads included; {waits} time-outs"
    yield Figure(what, done.seconds, "s", size / (TOWNSHIP.bits / 8), "the bare line, uncut", note=noted)
