"""How often and after what pause a transient failure is tried again, and how large the next batch may be."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import tenacity

from jusuo_desktop.sync.failures import Busy, Cancelled, Transient, Unreachable
from jusuo_desktop.wire.limits import MOST_CHANGES, PULL_BYTES

T = TypeVar("T")

MOST_WAIT: Final = 60.0
"""Seconds for which a server may make one sync wait; one that asks for more is left alone until the next sync."""


@dataclass(frozen=True)
class Patience:
    """Bounded retries inside one sync; between syncs the window's timer backs off by itself.

    `first_pause` and `longest_pause` in seconds, doubled each time with jitter; never shorter than a busy server asks for. A server that
    was not reached at all is not tried again inside one sync: the clerk learns at once that the cable is out.
    """

    tries: int = 4
    first_pause: float = 1.0
    longest_pause: float = 20.0

    def attempt(self, work: Callable[[], T], *, stopped: threading.Event, on_failure: Callable[[Transient], None] = lambda _: None) -> T:
        """Runs `work`, again after a transient failure; `on_failure` is told before each pause.

        Raises:
            Transient: the last try failed, too.
            Fatal: at once.
            Cancelled: `stopped` was set during a pause.
        """

        def pause(seconds: float) -> None:
            if stopped.wait(seconds):
                raise Cancelled

        def told(state: tenacity.RetryCallState) -> None:
            failure = state.outcome.exception() if state.outcome else None
            if isinstance(failure, Transient):
                on_failure(failure)

        by_itself = tenacity.wait_exponential_jitter(multiplier=self.first_pause, max=self.longest_pause, jitter=self.first_pause)
        loop = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_passes),
            stop=tenacity.stop_after_attempt(self.tries),
            wait=lambda state: max(by_itself(state), _asked(state)),
            sleep=pause,
            before_sleep=told,
            reraise=True,
        )
        return loop(work)


def _passes(error: BaseException) -> bool:
    """Whether trying again inside this sync may help."""
    return isinstance(error, Transient) and not isinstance(error, Unreachable) and not (isinstance(error, Busy) and error.wait > MOST_WAIT)


def _asked(state: tenacity.RetryCallState) -> float:
    """The seconds that the server asked for."""
    failure = state.outcome.exception() if state.outcome else None
    return failure.wait if isinstance(failure, Busy) else 0.0


@dataclass(frozen=True)
class BatchSize:
    """How much goes into the next batch, aimed at `target` seconds on the line at hand (pure).

    `changes` and `most_bytes` bound it together. Starts small (a few seconds on the worst line): the first batch measures the line.
    """

    changes: int = 200
    most_bytes: int = 128 * 1024
    target: float = 3.0
    ceiling_changes: int = MOST_CHANGES
    ceiling_bytes: int = PULL_BYTES

    def after(self, seconds: float) -> BatchSize:
        """The next size after a batch that took `seconds`: at most eight times larger, at most half as large."""
        factor = min(8.0, max(0.5, self.target / max(seconds, 0.001)))
        return self._times(factor)

    def __le__(self, other: BatchSize) -> bool:
        """Whether a batch of this size keeps to the other, too."""
        return self.changes <= other.changes and self.most_bytes <= other.most_bytes

    def halved(self) -> BatchSize:
        """After a time-out or a cut; never below one change."""
        return self._times(0.5)

    def _times(self, factor: float) -> BatchSize:
        return BatchSize(
            max(1, min(self.ceiling_changes, int(self.changes * factor))),
            max(4 * 1024, min(self.ceiling_bytes, int(self.most_bytes * factor))),
            self.target,
            self.ceiling_changes,
            self.ceiling_bytes,
        )
