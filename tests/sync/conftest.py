"""Fixtures of the sync tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jusuo_desktop.store import Store
from tests.sync.certificates import Authority, authority
from tests.sync.offices import new_store


@pytest.fixture(scope="session")
def county_root(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The county's own root."""
    return authority(tmp_path_factory.mktemp("root"), "county")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A fresh store."""
    made = new_store(tmp_path / "store")
    yield made
    made.close()
