"""Fixtures of the county server's tests: the same county on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from county_server.county import County
from tests.county_server.counties import founded


@pytest.fixture(params=["sqlite", "postgresql"])
def county(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[County]:
    """A fresh county."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with founded(tmp_path / "county", url) as made:
        yield made


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[County]:
    """A fresh county on SQLite, for what does not depend on the database."""
    with founded(tmp_path / "county") as made:
        yield made
