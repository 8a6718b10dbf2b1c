"""A real office for the tests of printing: made once, copied and opened for each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from jusuo_desktop.actions.session import Session
from jusuo_desktop.store.keys import read_keys, unwrap
from jusuo_desktop.store.opening import open_unlocked
from tests.printing.office import CLERK, CLOCK, PASSPHRASE, Office, make_office


@pytest.fixture(scope="session")
def made_office(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, Office]:
    """A closed store and its key: deriving it takes long by design."""
    folder = tmp_path_factory.mktemp("office") / "store"
    made = make_office(folder)
    made.store.close()
    return folder, unwrap(read_keys(folder)[CLERK], PASSPHRASE, CLERK), made


@pytest.fixture
def office(made_office: tuple[Path, bytes, Office], tmp_path: Path) -> Iterator[Office]:
    folder, key, made = made_office
    store = open_unlocked(Path(shutil.copytree(folder, tmp_path / "store")), key, CLERK, made.store.user.id)
    yield Office(Session(store, lambda: CLOCK), dict(made.ids))
    store.close()
