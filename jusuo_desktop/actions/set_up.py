"""To set the program up: the office, its villages and committees, the first user; gives the recovery key to be printed and sealed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from jusuo_desktop.actions.session import Session, milliseconds
from jusuo_desktop.store import FirstRun, create_store


def set_up(folder: Path, first: FirstRun, clock: Callable[[], datetime] = datetime.now) -> tuple[Session, str]:
    """Makes the store and opens it; the text is the recovery key, shown once.

    Raises:
        Refused: there is a store already, the pass phrase is short, a value is wrong, the folder cannot be written. Nothing is left behind.
    """
    store, recovery_key = create_store(folder, first, milliseconds(clock))
    return Session(store, clock), recovery_key
