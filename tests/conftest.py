"""What holds for every test: no warning, no leaked thread, no real display, the same fonts everywhere."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false;qt.text.font.*=false")

import pytest
from hypothesis import HealthCheck, settings

from tests.disk import in_memory
from tests.postgres import fresh_database, running_postgres

in_memory()
settings.register_profile("default", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("default")

POOLS = ("AnyIO worker thread", "QThread", "Dummy-", "ThreadPoolExecutor", "pytest_timeout")
"""Threads that belong to a process-wide pool or to Qt and outlive a test by design."""
PATIENCE = 5.0


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the long versions")
    parser.addoption(
        "--simulation-minutes", type=float, default=0.0, help="minutes of tests/simulation in all, over every process; ten seeds unless told"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--long"):
        chosen = [item for item in items if "long" not in item.keywords]
        config.hook.pytest_deselected(items=[item for item in items if "long" in item.keywords])
        items[:] = chosen


@pytest.fixture(autouse=True)
def no_leaked_thread() -> Iterator[None]:
    """Fails a test that leaves a thread of its own running."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if not thread.name.startswith(POOLS):
            thread.join(PATIENCE)
    left = [t.name for t in set(threading.enumerate()) - before if t.is_alive() and not t.name.startswith(POOLS)]
    assert not left, f"threads left running: {left}"


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["jusuo-desktop"]


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL for the whole run; gives its URL without the database name."""
    with running_postgres(tmp_path_factory.mktemp("runtime")) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, empty database of that server, as a SQLAlchemy URL."""
    with fresh_database(postgres_server, f"t{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**9}") as url:
        yield url


ROOT = Path(__file__).parents[1]
