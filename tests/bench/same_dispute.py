"""The same-dispute finder while a new case is typed, in a sample office filled up to 100,000 records."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from jusuo_desktop.actions.same_dispute import dispute_of, same_disputes
from jusuo_desktop.actions.sample_office import fill_store, make_sample_office
from jusuo_desktop.store.listing import ListQuery
from tests.bench.figure import Figure, percentile

RECORDS = 100_000
ASKED = 300
AMONG = 4000
"""The cases that are typed anew are drawn from the newest."""


def measure(*, small: bool) -> Iterator[Figure]:
    """Yields the figures; `small` takes a tenth of the records."""
    count = RECORDS // 10 if small else RECORDS
    with tempfile.TemporaryDirectory() as place:
        session = make_sample_office(Path(place) / "store", mediations=300)
        try:
            fill_store(session, count)
            store = session.store
            keys = list(store.keys(ListQuery("mediation"), AMONG))
            chosen = store.rows(random.Random(3).sample(keys, min(ASKED, len(keys))))
            seconds, found = [], 0
            for row in chosen:
                parties = [c.values for c in store.children(row.id, "party")]
                typed = dispute_of("mediation", row.values, parties)  # without its id: as if it were typed anew
                begun = time.perf_counter()
                alike = same_disputes(session, typed).alike
                seconds.append(time.perf_counter() - begun)
                found += any(one.known.record_id == row.id for one in alike)
        finally:
            session.store.close()
    noted = f"median {percentile(seconds, 0.5) * 1000:.1f} ms, {found} of {len(chosen)} typed anew were found"
    yield Figure(f"same dispute on file, {count:,} records, p95", percentile(seconds, 0.95) * 1000, "ms", budget="<50 ms", note=noted)
