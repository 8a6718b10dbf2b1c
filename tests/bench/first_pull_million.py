"""The first pull of a million records: some minutes and about 3 GB of disk, given back at the end; by name only."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figure import Figure
from tests.bench.first_pull import measured

RECORDS = 1_000_000


def measure(*, small: bool) -> Iterator[Figure]:
    """Yields the figures; `small` takes a tenth of the records."""
    yield from measured(RECORDS // 10 if small else RECORDS)
