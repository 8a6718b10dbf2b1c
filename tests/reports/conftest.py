from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from jusuo_desktop.actions.session import Session
from jusuo_desktop.store import FirstRun, create_store

PASSPHRASE = "正确的马 电池 订书钉"
OFFICE = FirstRun(
    {"name": "清溪司法所", "division_code": "990101001", "county_name": "清溪县", "short_name": "清溪"},
    "周敏",
    PASSPHRASE,
    villages=[{"name": n, "division_code": f"99010100120{i}"} for i, n in enumerate(("红旗村", "东风村", "清河社区"))],
    committees=[{"name": "清溪镇人民调解委员会", "short_name": "清民", "committee_type": "03"}],
)
NOW = datetime(2026, 3, 9, 10, 30)


@pytest.fixture
def offices(tmp_path: Path) -> Iterator[Callable[[], Session]]:
    """Makes as many empty offices as a test asks for."""
    made: list[Session] = []

    def make() -> Session:
        store, _ = create_store(tmp_path / f"office{len(made)}", OFFICE)
        made.append(Session(store, lambda: NOW))
        return made[-1]

    yield make
    for session in made:
        session.store.close()


@pytest.fixture
def office(offices: Callable[[], Session]) -> Session:
    return offices()
