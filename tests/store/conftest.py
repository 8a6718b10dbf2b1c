"""Real encrypted stores: one is made for the whole run, each test opens a copy under the key that was unwrapped once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jusuo_desktop.store import Store
from jusuo_desktop.store.opening import open_unlocked
from tests.store.offices import PASSPHRASE, USER, Clock, Office, make_office


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The store that all others are copies of."""
    return make_office(tmp_path_factory.mktemp("office") / "store")


@pytest.fixture
def folder(office: Office, tmp_path: Path) -> Path:
    """A copy of the office's folder, closed."""
    return Path(shutil.copytree(office.folder, tmp_path / "store"))


@pytest.fixture
def opening(office: Office) -> Iterator[Callable[[Path], Store]]:
    """Opens a folder under the office's key; closed at the end of the test."""
    opened: list[Store] = []

    def open_folder(folder: Path) -> Store:
        store = open_unlocked(folder, office.key, USER, office.user_id, Clock())
        opened.append(store)
        return store

    yield open_folder
    for store in opened:
        store.close()


@pytest.fixture
def store(folder: Path, opening: Callable[[Path], Store]) -> Store:
    """A copy of the office, opened."""
    return opening(folder)


__all__ = ["PASSPHRASE"]
