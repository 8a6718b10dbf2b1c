"""The first pull into an empty device, process by process: records a second along it, and the memory of both sides; loopback, with TLS.

The county is filled by its own push, without HTTP. 200,000 records here; `first_pull_million` takes a million.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import psutil

from county_server.county import County
from county_server.database import Database
from county_server.founding import url_of
from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.sample.families import records
from jusuo_desktop.store.opening import open_unlocked
from jusuo_desktop.sync.progress import Progress, Reins, Stage
from jusuo_desktop.wire.limits import MOST_CHANGES
from tests.bench.figure import Figure
from tests.bench.peers import ROOT
from tests.county_server.counties import change, enrolled, send
from tests.running_county import running_county
from tests.sync import offices
from tests.sync.offices import OFFICE, new_session

RECORDS: Final = 200_000
USER: Final = "李所长"
SETTLED: Final = 2
"""From this mark on, two tenths of the way, memory is expected to stay."""


def measure(*, small: bool) -> Iterator[Figure]:
    """Yields the figures; `small` takes a tenth of the records."""
    yield from measured(RECORDS // 10 if small else RECORDS)


def measured(count: int) -> Iterator[Figure]:
    """The same for any number of records."""
    step = count // 10
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        county = stack.enter_context(running_county(folder / "county", quiet=True))
        filled = _fill(folder / "county", count)
        session = new_session(folder / "empty", USER)
        enroll(session, county.url, county.enroll(OFFICE))
        session.store.close()
        assert county._process is not None
        server = psutil.Process(county._process.pid)
        kept = offices.original_of(USER)
        words = [str(folder / "empty"), kept.key.hex(), USER, kept.user.id, str(step)]
        along: list[dict[str, Any]] = []
        at_server = [server.memory_info().rss]
        with subprocess.Popen([sys.executable, "-m", "tests.bench.first_pull", *words], stdout=subprocess.PIPE, text=True, cwd=ROOT) as client:
            assert client.stdout is not None
            for line in client.stdout:
                along.append(json.loads(line))
                at_server.append(server.memory_info().rss)
        assert client.returncode == 0
        assert along[-1]["digest_equal"]
        sizes = [sum(f.stat().st_size for f in (folder / side).rglob("*") if f.is_file()) / 1e6 for side in ("empty", "county")]
    marks = [one for one in along if "received" in one]
    rates = [(b["received"] - a["received"]) / (b["seconds"] - a["seconds"]) for a, b in itertools.pairwise(marks)]
    what, last = f"first pull of {count:,}", along[-1]
    said = f"each tenth {_listed(rates)} /s; filled at {filled:,.0f} /s"
    yield Figure(what, last["received_in_all"] / last["seconds"], "records/s", note=said)
    yield Figure(f"{what}, the last tenth beside the first", rates[-1], "records/s", rates[0], "the first tenth", "flat")
    memory = {"device": [one["rss"] / 1e6 for one in marks], "county": [rss / 1e6 for rss in at_server]}
    for (side, curve), size in zip(memory.items(), sizes, strict=True):
        said = f"along it {_listed(curve)} MB; {size:.0f} MB on its disk"
        yield Figure(f"{what}, the {side}'s memory, growth", max(curve[SETTLED:]) - curve[SETTLED], "MB", note=said)


def _listed(values: list[float]) -> str:
    return " ".join(f"{value:,.0f}" for value in values)


def _fill(folder: Path, count: int) -> float:
    """Brings that many consultations into the county; how many a second."""
    stories = [str(one.values["dispute_summary"]) for one in records(3, most=4_000) if one.kind == "mediation"]
    county = County(Database(url_of(folder, None)))
    begun = time.perf_counter()
    try:
        writer, _ = enrolled(county, OFFICE)
        for start in range(0, count, MOST_CHANGES):
            some = range(start, min(start + MOST_CHANGES, count))
            batch = [change({"name": f"来访人{n}", "consultation_content": stories[n % len(stories)]}) for n in some]
            assert all(one.status == "accepted" for one in send(county, writer, *batch))
    finally:
        county.database.close()
    return count / (time.perf_counter() - begun)


def pull(folder: str, key: str, name: str, identity: str, step: str) -> None:
    """The device: syncs, and prints a line at the beginning, at each `step` records and at the end."""
    process, following = psutil.Process(), 0
    session = Session(open_unlocked(Path(folder), bytes.fromhex(key), name, identity))
    begun = time.perf_counter()

    def say(**told: object) -> None:
        sys.stdout.write(json.dumps({"seconds": time.perf_counter() - begun, "rss": process.memory_info().rss, **told}) + "\n")
        sys.stdout.flush()

    def told(progress: Progress) -> None:
        nonlocal following
        if progress.stage is Stage.RECEIVING and progress.done >= following:
            say(received=progress.done)
            following = progress.done - progress.done % int(step) + int(step)

    report = sync_now(session, reins=Reins(told))
    say(received=report.received)
    say(received_in_all=report.received, digest_equal=report.digest_equal)
    session.store.close()


if __name__ == "__main__":
    pull(*sys.argv[1:6])
