"""A session on a fresh, real store of one invented office."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.store import FirstRun, create_store

OFFICE = "990101001"
VILLAGE = "990101001201"
COMMITTEE = "东村人民调解委员会"
PASSPHRASE = "春江水暖鸭先知啊"
TODAY = datetime(2026, 3, 20, 9, 30)


def first_run(**more: object) -> FirstRun:
    return FirstRun(
        office={"name": "清溪司法所", "division_code": OFFICE, "county_name": "清溪县", "short_name": "清溪"},
        villages=[{"name": "东村", "division_code": VILLAGE}, {"name": "西塘社区", "division_code": "990101001202"}],
        committees=[{"name": COMMITTEE, "short_name": "东民", "committee_type": "01", "village": place_id("village", VILLAGE)}],
        user_name="王内勤",
        passphrase=PASSPHRASE,
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    store, _ = create_store(tmp_path / "store", first_run())
    yield Session(store, lambda: TODAY)
    store.close()
