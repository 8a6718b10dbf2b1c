"""Python's rounds in search of cycles are made on the Qt thread while other threads are at work.

A round may be due on any thread, and takes away whatever nobody holds any more, widgets as well. A widget that goes on another thread ends in a
deadlock: Qt takes one of its locks to disconnect it, PySide then waits for the interpreter, and the Qt thread, which has the interpreter, waits for
that lock. So Python makes no rounds of its own while work is held here, and `make` does what is due. All of it is called on the Qt thread.
"""

from __future__ import annotations

import gc
from typing import Final

GENERATIONS: Final = (2, 1, 0)
_held = 0


def hold() -> None:
    """From now on no thread makes a round by itself."""
    global _held
    _held += 1
    gc.disable()


def release() -> None:
    """Ends one `hold`; after the last one rounds come by themselves again."""
    global _held
    _held -= 1
    if not _held:
        gc.enable()


def make() -> None:
    """Makes the round that is due, if one is: the oldest generation whose count is over its threshold, as Python does."""
    due = zip(GENERATIONS, reversed(gc.get_count()), reversed(gc.get_threshold()), strict=True)
    if (oldest := next((generation for generation, count, threshold in due if count > threshold > 0), None)) is not None:
        gc.collect(oldest)
