"""A workbook is read in a process of its own (jusuo_desktop.apart); what became of it is said in a sentence about the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from jusuo_desktop.apart import MOST_MEMORY, Broken, TooSlow, run_apart
from jusuo_desktop.reports.bounds import BadWorkbook

T = TypeVar("T")

MOST_SECONDS: Final = 180
"""A ledger at the bounds takes some twenty seconds on a machine of ten years ago, and a third of the memory it may have."""


def read_apart(read: Callable[[Path], T], path: Path, *, seconds: float = MOST_SECONDS) -> T:
    """What `read` (a function of a module) makes of the file within `seconds`, in a process of its own.

    Raises:
        BadWorkbook: what `read` said, or that the file broke the reader or kept it too long.
    """
    try:
        return run_apart(read, path, told=BadWorkbook, seconds=seconds)
    except TooSlow:
        raise BadWorkbook(
            f"“{path.name}”读了{MOST_SECONDS // 60}分钟还没有读完，不像台账。请用Excel或WPS打开，只留下要导入的内容，另存后再试。"
        ) from None
    except Broken:
        raise BadWorkbook(f"“{path.name}”已经损坏，读不下去。请用Excel或WPS打开后另存为 .xlsx，再导入。") from None


__all__ = ["MOST_MEMORY", "MOST_SECONDS", "read_apart"]
