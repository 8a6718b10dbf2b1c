"""How long work tells how far it is, and how it is stopped: between two batches, with nothing half done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the work stands. `total` is 0 when nobody knows."""

    stage: str
    done: int = 0
    total: int = 0

    @property
    def line(self) -> str:
        """One line for the status bar."""
        return self.stage + (f" {self.done:,}/{self.total:,}" if self.total else "…")


class Reins(Protocol):
    """What the window holds: it hears of progress and may stop the work."""

    @property
    def tell(self) -> Callable[[Any], None]:
        """Takes each `Progress`."""

    @property
    def stopped(self) -> threading.Event:
        """Set when the work should end after the batch at hand."""


class FreeReins:
    """Nobody listens and nobody stops it."""

    def __init__(self) -> None:
        self.tell: Callable[[Any], None] = lambda _: None
        self.stopped = threading.Event()
