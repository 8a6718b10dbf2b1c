"""Two machines of one office over one county in this process, for tests of what two people do to one record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from jusuo_desktop.actions.session import Session
from jusuo_desktop.sync.engine import sync_once
from tests.county_server.counties import founded
from tests.sync.direct import DirectTransport, joined
from tests.sync.offices import OFFICE, new_store

Desks = tuple[Session, Session, Callable[[], None]]


@contextmanager
def two_desks(folder: Path, turns: int = 2) -> Iterator[Desks]:
    """Both, and what brings them to the same state: each syncs so many times, the first one first."""
    with founded(folder / "county") as county, ExitStack() as stack:
        stores = [new_store(folder / name, name) for name in ("王内勤", "李所长")]
        for store in stores:
            stack.callback(store.close)
        roads = [DirectTransport(county, joined(county, store, OFFICE)) for store in stores]

        def meet() -> None:
            for store, road in [*zip(stores, roads, strict=True)] * turns:
                sync_once(store, road)

        yield Session(stores[0]), Session(stores[1]), meet
