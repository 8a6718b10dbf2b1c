"""Who is at work on which store, and what time it is: passed to every act, so that no act asks the machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jusuo_desktop.store import Store


@dataclass(frozen=True)
class Session:
    """An opened store with its user and a clock (local time, the clock on the office wall)."""

    store: Store
    clock: Callable[[], datetime] = field(default=datetime.now)

    def today(self) -> date:
        """Today in the office."""
        return self.clock().date()


def milliseconds(clock: Callable[[], datetime]) -> Callable[[], int]:
    """The same clock as the store reads it: milliseconds since 1970."""
    return lambda: round(clock().timestamp() * 1000)
