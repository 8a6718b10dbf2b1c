"""A sync over 64 kbit/s with 600 ms there and back and 5 % of the packets lost: seconds, bytes and round trips beside Anki's and PouchDB's own.

Ours speaks TLS, as it must beyond loopback, the peers do not; each begins with a new connection. Medians over three seeds of losses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.bench.figure import Figure
from tests.bench.line_programs import texts
from tests.bench.line_trips import MAKERS, SEEDS, Trip, figures_of, middle, on_the_wire, push_and_pull, trips
from tests.shaped_line import TOWNSHIP, why_not

RECORDS: Final = 200
BYTES_A_SECOND: Final = TOWNSHIP.bits / 8


def measure(*, small: bool) -> Iterator[Figure]:
    """Yields the figures; `small` takes one seed."""
    seen = trips(list(MAKERS), SEEDS[:1] if small else SEEDS, texts(RECORDS), push_and_pull)
    missing = why_not()
    kind = f"a proxy on loopback, no losses: {missing}" if missing else "two network namespaces"
    for what, said in (("push", "up"), ("pull", "down")):
        mine = getattr(seen["ours"], what)
        seconds = middle([t.seconds for t in mine])
        noted = f"{on_the_wire(mine)}, {_share(mine):.2f} of the line"
        for name, theirs, lacking in figures_of(seen, what):
            beside = middle([t.seconds for t in theirs]) if theirs else None
            note = f"{noted}; theirs {on_the_wire(theirs)}" if theirs else lacking
            yield Figure(f"bad line, {RECORDS} records {said}, beside {name}", seconds, "s", beside, name, "<=1", note)
    idle, waits = seen["ours"].idle, seen["ours"].waits
    noted = f"{on_the_wire(idle)}; {waits} time-outs in the {3 * len(idle)} syncs; {kind}"
    yield Figure("bad line, a sync with nothing to do", middle([t.seconds for t in idle]), "s", note=noted)


def _share(some: list[Trip]) -> float:
    """How much of what the line could carry meanwhile was carried in its busier direction."""
    return middle([max(t.counted.bytes) / t.seconds / BYTES_A_SECOND for t in some])
