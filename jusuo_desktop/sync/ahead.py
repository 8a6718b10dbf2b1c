"""One exchange ahead: while the county works on it, this machine works on the one before. In order, one at a time, never two on the line."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from jusuo_desktop.sync.failures import SyncFailure

T = TypeVar("T")


class Ahead(Protocol):
    """Where an exchange goes on while its outcome is not needed yet."""

    def start(self, work: Callable[[], T]) -> Callable[[], T]:
        """Begins `work`; the call of what comes back waits for it and gives what it gave, or raises what it raised."""

    def close(self) -> None:
        """Waits for what was begun, whatever becomes of it."""


class AtOnce:
    """Nothing goes on beside anything: `start` does the work. So a simulated run can be repeated exactly."""

    def start(self, work: Callable[[], T]) -> Callable[[], T]:
        """Does the work; a failure of the line is raised when the outcome is asked for."""
        try:
            outcome = work()
        except SyncFailure as failure:
            return _raising(failure)
        return lambda: outcome

    def close(self) -> None:
        """Nothing is left to wait for."""


class Beside:
    """A thread of its own, made when the first work comes and gone after `close`."""

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None

    def start(self, work: Callable[[], T]) -> Callable[[], T]:
        """Begins the work in the thread."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "sync-ahead")
        return self._thread.submit(work).result

    def close(self) -> None:
        """Waits for the work under way and ends the thread."""
        if self._thread is not None:
            self._thread.shutdown(wait=True, cancel_futures=True)
            self._thread = None


def _raising(failure: SyncFailure) -> Callable[[], Any]:
    def outcome() -> Any:
        raise failure

    return outcome
