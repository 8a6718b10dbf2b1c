"""The bad line is cut in the middle of a push and of a pull, for 20 s: seconds from its return until all is whole, bytes sent twice. By name only.

The connection is dead after the cut without a word to either end, as behind a router that forgot whom it knew. Ours goes on by itself;
a peer's sync that fails is begun again at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.bench.figure import Figure
from tests.bench.line_programs import Program, texts
from tests.bench.line_trips import MAKERS, SEEDS, Line, Seen, Trip, middle, push_and_pull, trip, trips
from tests.shaped_line import DOWN, UP

RECORDS: Final = 600
CUT_SECONDS: Final = 20.0
SHARE: Final = 0.6
"""Of the bytes that the whole takes, what has passed before the cut."""


def measure(*, small: bool) -> Iterator[Figure]:
    """Yields the figures; `small` takes one seed."""
    pairs = texts(RECORDS)
    whole = trips(list(MAKERS), SEEDS[:1], pairs, push_and_pull)
    undisturbed = {name: (one.push[0].counted.new[UP], one.pull[0].counted.new[DOWN]) for name, one in whole.items() if one.pull}

    def cut(program: Program, line: Line, seen: Seen) -> None:
        up, down = undisturbed[program.name]
        seen.push.append(trip(line, program.push, (UP, int(SHARE * up), CUT_SECONDS)))
        seen.pull.append(trip(line, program.pull, (DOWN, int(SHARE * down), CUT_SECONDS)))

    seen = trips([name for name in MAKERS if name in undisturbed], SEEDS[:1] if small else SEEDS, pairs, cut)
    for kind, way, said in (("push", UP, "push"), ("pull", DOWN, "pull")):
        mine: list[Trip] = getattr(seen["ours"], kind)
        twice = middle([t.counted.new[way] - undisturbed["ours"][way] for t in mine]) / 1000
        for name in ("Anki", "PouchDB"):
            theirs: list[Trip] = getattr(seen[name], kind) if name in seen else []
            lacking = seen[name].lacking if name in seen else whole[name].lacking
            note = f"{twice:.0f} kB of {undisturbed['ours'][way] / 1000:.0f} sent twice"
            if theirs:
                again = middle([t.counted.new[way] - undisturbed[name][way] for t in theirs]) / 1000
                note += f"; theirs {again:.0f} kB of {undisturbed[name][way] / 1000:.0f}"
            beside = middle([t.since_cut for t in theirs]) if theirs else None
            note += f"; {lacking}" if lacking else ""
            yield Figure(
                f"cut in a {said} of {RECORDS}, whole again, beside {name}", middle([t.since_cut for t in mine]), "s", beside, name, "<=1", note
            )
