"""When the next automatic sync is due: decided from how the last one ended and from what waits. Qt-free and without a clock of its own.

The window keeps one `Rhythm` and asks it from a timer that ticks every few seconds:

    if rhythm.due(time.monotonic(), store.outbox_counts().get("waiting", 0)) and store.enrolment is not None:
        rhythm.began()                       # nothing is due while a sync runs
        background.run(window, work, done=..., refused=..., ended=...)

and tells it how the sync ended, also when it was started by hand: `rhythm.ended(Outcome.of(refused), time.monotonic())`, with
None instead of the refusal when all went well.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from enum import Enum, auto
from typing import Final

from jusuo_desktop.sync.failures import Cancelled, Fatal, NotEnrolled, Transient

AT_FIRST: Final = 4.0
"""Seconds after the window opened: unlocking and the first list come first."""

AFTER_CHANGES: Final = 30.0
"""Seconds after the last sync when something new waits: what is typed in one go travels in one batch."""

WITHOUT_CHANGES: Final = 300.0
"""Seconds after the last sync when nothing waits: what others wrote is at most five minutes old."""

FIRST_PAUSE: Final = 30.0
LONGEST_PAUSE: Final = 900.0
"""Seconds of pause after failures that may pass, doubled each time: a cable that is out for days costs a try every quarter of an hour."""

AFTER_STOP: Final = 3600.0
"""Seconds after a failure that does not pass by itself: who mends it sits at the county and cannot press a key here."""

AFTER_CANCEL: Final = 600.0
"""Seconds for which a person who stopped the sync is left in peace."""


class Outcome(Enum):
    """How the last sync ended, as far as the next one depends on it."""

    NONE = auto()
    DONE = auto()
    FAILED = auto()
    STOPPED = auto()
    CANCELLED = auto()
    NOT_ENROLLED = auto()

    @classmethod
    def of(cls, refused: BaseException | None) -> Outcome:
        """The outcome that a refusal stands for; None for a sync that reached its end."""
        match refused:
            case None:
                return cls.DONE
            case Cancelled():
                return cls.CANCELLED
            case NotEnrolled():
                return cls.NOT_ENROLLED
            case Fatal():
                return cls.STOPPED
            case Transient():
                return cls.FAILED
        return cls.FAILED  # a full disk, another sync under way: may pass too


def pause(outcome: Outcome, failures: int, waiting: int, jitter: float = 0.5) -> float | None:
    """Seconds between the end of the last sync and the next one; None: only by hand. Pure.

    `failures` in a row so far, the last one included; `waiting` changes in the queue. `jitter` from 0 to 1 spreads the offices of
    a county over time, so that they do not all come in the second in which the power returns.
    """
    match outcome:
        case Outcome.NONE:
            return AT_FIRST
        case Outcome.DONE:
            return AFTER_CHANGES if waiting else WITHOUT_CHANGES
        case Outcome.FAILED:
            doubled: float = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(max(failures - 1, 0), 16))
            return doubled * (0.75 + 0.5 * jitter)
        case Outcome.STOPPED:
            return AFTER_STOP
        case Outcome.CANCELLED:
            return AFTER_CANCEL
        case Outcome.NOT_ENROLLED:
            return None


class Rhythm:
    """Remembers how the last sync ended. Times are seconds of any clock that only goes forward."""

    def __init__(self, now: float, jitter: Callable[[], float] = random.random) -> None:
        self._jitter = jitter
        self._outcome, self._failures, self._since = Outcome.NONE, 0, now
        self._spread = jitter()
        self.running = False

    def began(self) -> None:
        """A sync has begun, by hand or by itself."""
        self.running = True

    def ended(self, outcome: Outcome, now: float) -> None:
        """A sync has ended."""
        self.running = False
        self._outcome, self._since = outcome, now
        self._failures = self._failures + 1 if outcome is Outcome.FAILED else 0
        self._spread = self._jitter()

    def next_at(self, waiting: int) -> float | None:
        """When the next sync is due; None while one runs, or when only a person may start it."""
        if self.running:
            return None
        seconds = pause(self._outcome, self._failures, waiting, self._spread)
        return None if seconds is None else self._since + seconds

    def due(self, now: float, waiting: int) -> bool:
        """Whether to sync now."""
        at = self.next_at(waiting)
        return at is not None and now >= at
