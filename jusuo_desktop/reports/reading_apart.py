"""A reader at work in a process of its own: a file that is broken, or made to harm, ends that process and never the window.

The library that reads workbooks is compiled; what it cannot allocate ends the process it runs in, and a damaged file may make it ask
for anything. What was read comes back through a pipe, so nothing lies on the disk.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, TypeVar

from jusuo_desktop.reports.bounds import BadWorkbook

T = TypeVar("T")

MOST_SECONDS: Final = 180
"""A ledger at the bounds takes some twenty seconds on a machine of ten years ago."""
MOST_MEMORY: Final = 3 << 30
"""Bytes of address space; a sheet of as many cells as the bounds allow takes about a third."""


def read_apart(read: Callable[[Path], T], path: Path, *, seconds: float = MOST_SECONDS) -> T:
    """What `read` (a function of a module) makes of the file within `seconds`, in a process of its own.

    Raises:
        BadWorkbook: what `read` said, or that the file broke the reader or kept it too long.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    with receiver:
        with sender:
            process = context.Process(target=_read, args=(read, path, sender), daemon=True)
            process.start()
        try:
            if not receiver.poll(seconds):
                raise BadWorkbook(
                    f"“{path.name}”读了{MOST_SECONDS // 60}分钟还没有读完，不像台账。请用Excel或WPS打开，只留下要导入的内容，另存后再试。"
                )
            refused, outcome = receiver.recv()
        except (EOFError, ConnectionError):
            raise BadWorkbook(f"“{path.name}”已经损坏，读不下去。请用Excel或WPS打开后另存为 .xlsx，再导入。") from None
        finally:
            process.kill()
            process.join()
            process.close()
    if refused:
        raise outcome
    return outcome  # type: ignore[no-any-return]


def _read(read: Callable[[Path], object], path: Path, sender: Connection) -> None:
    _bound_memory()
    with sender:
        try:
            answer: tuple[bool, object] = (False, read(path))
        except BadWorkbook as refused:
            answer = (True, refused)
        sender.send(answer)


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:
        return  # Windows: the bounds on the file itself must do
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
