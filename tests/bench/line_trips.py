"""Several programs measured at the same time, each on a line of its own: the lines are slow, the machine has nothing to do meanwhile."""

from __future__ import annotations

import contextlib
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.line_programs import GivenUp, Ours, Program, anki, ours, pouch
from tests.counted import Counted
from tests.shaped_line import DOWN, OPEN, TOWNSHIP, UP, Cut, Shape, ShapedLine, shaped_line, why_not
from tests.shaped_proxy import ShapedProxy, shaped_proxy

MAKERS = {"ours": ours, "Anki": anki, "PouchDB": pouch}
SEEDS = (1, 2, 3)
Line = ShapedLine | ShapedProxy


@dataclass(frozen=True, slots=True)
class Trip:
    """One push or pull as it was seen on the line."""

    seconds: float
    counted: Counted
    tries: int = 1
    cut: Cut | None = None
    ended: float = 0.0

    @property
    def since_cut(self) -> float:
        """Seconds from the line's return to the end."""
        assert self.cut is not None
        assert self.cut.began is not None
        return self.ended - self.cut.began - self.cut.seconds


@dataclass(slots=True)
class Seen:
    """What one program did, by seed; `lacking` says why there is nothing."""

    push: list[Trip] = field(default_factory=list)
    pull: list[Trip] = field(default_factory=list)
    idle: list[Trip] = field(default_factory=list)
    waits: int = 0
    lacking: str = ""


def line_of(seed: int) -> contextlib.AbstractContextManager[Line]:
    """A line with nothing in the way yet; where there are no namespaces, the proxy."""
    return shaped_proxy(OPEN) if why_not() else shaped_line(OPEN, seed=seed)


def trip(line: Line, act: Callable[[], int], cut: tuple[int, int, float] | None = None) -> Trip:
    """One act on the line, cut in the middle where `cut` says: direction, after so many new bytes, for so many seconds."""
    planned = line.cut(*cut) if cut else None
    counted = line.counted if cut else line.count_anew()
    begun = time.monotonic()
    tries = act()
    ended = time.monotonic()
    return Trip(ended - begun, counted, tries, planned, ended)


def trips(
    names: Sequence[str], seeds: Sequence[int], pairs: list[tuple[str, str]], work: Callable[[Program, Line, Seen], None], shape: Shape = TOWNSHIP
) -> dict[str, Seen]:
    """Prepares every program for every seed, then lets all of them do `work` at once on lines of that shape."""
    seen = {name: Seen() for name in names}
    with contextlib.ExitStack() as stack:
        ready: list[tuple[str, Program, Line]] = []
        for seed in seeds:
            for name in names:
                if seen[name].lacking:
                    continue
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
                line = stack.enter_context(line_of(seed))
                try:
                    program = stack.enter_context(MAKERS[name](line, folder, pairs))
                    program.prepare()
                except LookupError as lacking:
                    seen[name].lacking = str(lacking)
                    continue
                ready.append((name, program, line))

        def measured(one: tuple[str, Program, Line]) -> None:
            name, program, line = one
            line.shape = shape
            try:
                work(program, line, seen[name])
            except GivenUp as slow:
                seen[name].lacking = str(slow)
            finally:
                line.shape = OPEN

        with ThreadPoolExecutor(len(ready)) as pool:
            list(pool.map(measured, ready))
    return seen


def push_and_pull(program: Program, line: Line, seen: Seen) -> None:
    """A push, a pull, and by our own program one more sync that has nothing to do."""
    seen.push.append(trip(line, program.push))
    seen.pull.append(trip(line, program.pull))
    if isinstance(program, Ours):
        seen.idle.append(trip(line, program.pull))
        seen.waits += program.waits


def middle(values: Sequence[float]) -> float:
    """Their median."""
    return float(statistics.median(values))


def on_the_wire(some: Sequence[Trip]) -> str:
    """Bytes each way and round trips, as medians."""
    up, down = (middle([t.counted.bytes[way] for t in some]) / 1000 for way in (UP, DOWN))
    return f"{up:.1f} kB up, {down:.1f} kB down, {middle([t.counted.turns for t in some]):.0f} round trips"


def figures_of(seen: dict[str, Seen], kind: str) -> Iterator[tuple[str, list[Trip], str]]:
    """Each peer's name, its trips and, where there are none, why."""
    for name, one in seen.items():
        if name != "ours":
            yield name, getattr(one, kind), one.lacking
