"""Two devices of one office, offline between leases, ten thousand draws each from blocks of the real county: no number twice (S8)."""

from __future__ import annotations

from pathlib import Path
from random import Random

from jusuo_desktop.records.identity import new_id, packed
from jusuo_desktop.store import Store
from jusuo_desktop.store.numbers import draw, left
from jusuo_desktop.sync import failures
from tests.county_server.counties import founded
from tests.sync.direct import DirectTransport, Fate, joined
from tests.sync.offices import OFFICE, new_store

DRAWS = 10_000
SERIES = "6f1d3c52-4b0e-5d0a-9c57-2f6a1e8d7b30/2026/mediation"
BAD = (Fate.LOST, Fate.UNANSWERED, Fate.TWICE)


def lease(store: Store, line: DirectTransport, count: int) -> None:
    """Asks under one id until an answer comes, as a device does."""
    request = packed(new_id())
    while True:
        try:
            block = line.lease(SERIES, count, request, after=store.highest_number(SERIES))
        except failures.LineCut:
            continue
        store.add_block(SERIES, block.first, block.last)
        return


def draw_all(store: Store, most: int) -> list[str]:
    """Offline: draws until the blocks are used up, at most `most`."""
    with store._writing() as connection:
        count = min(left(connection, SERIES), most)
        return [draw(connection, SERIES, new_id(), n, "{seq}", own_issuer=False, bearer=lambda printed: "") for n in range(count)]


def test_no_number_twice(tmp_path: Path) -> None:
    chance = Random(20260324)
    with founded(tmp_path / "county") as county:
        stores = [new_store(tmp_path / name) for name in ("front", "back")]
        lines = []
        for store in stores:
            device = joined(county, store, OFFICE)
            lines.append(DirectTransport(county, device, (chance.choice(BAD) if chance.random() < 0.3 else Fate.WELL for _ in iter(int, 1))))
        drawn: list[list[str]] = [[], []]
        while any(len(some) < DRAWS for some in drawn):
            place = chance.choice([n for n in (0, 1) if len(drawn[n]) < DRAWS])
            lease(stores[place], lines[place], chance.choice((50, 500, 1500)))
            if chance.random() < 0.6:
                drawn[place] += draw_all(stores[place], DRAWS - len(drawn[place]))
        given = [{d.printed_as for d in store.drawn_numbers(SERIES)} for store in stores]
        held = [[n for b in store.number_blocks(SERIES) for n in range(b.first, b.last + 1)] for store in stores]
        for store in stores:
            store.close()
    assert [len(some) for some in drawn] == [len(set(some)) for some in drawn] == [DRAWS, DRAWS]
    assert not set(drawn[0]) & set(drawn[1])
    assert [set(some) for some in drawn] == given
    assert not set(held[0]) & set(held[1])
    assert sorted(held[0] + held[1]) == list(range(1, len(held[0] + held[1]) + 1)), "no answer was lost together with its block"
