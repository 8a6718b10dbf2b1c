"""Work on outside bytes in a process of its own: a file that is broken, or made to harm, ends that process and never the window.

What reads workbooks, pictures and PDFs is compiled; what it cannot allocate ends the process it runs in, and a damaged file may make it ask
for anything. Both ways go through a pipe, so nothing lies on the disk.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Final, TypeVar

T = TypeVar("T")

MOST_MEMORY: Final = 3 << 30
"""Bytes of address space."""
LOOK_SECONDS: Final = 0.1
"""How often somebody who may have called it off is asked."""


class Broken(Exception):
    """The process died."""


class TooSlow(Exception):
    """The process took longer than it may."""


class CalledOff(Exception):
    """Somebody did not want to wait any longer."""


def run_apart(work: Callable[..., T], *arguments: object, told: type[Exception], seconds: float, stopped: threading.Event | None = None) -> T:
    """What `work` (a function of a module) makes of the arguments; exceptions of the type `told` come across.

    Raises:
        Broken, TooSlow, CalledOff: the process was ended.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    with receiver:
        with sender:
            process = context.Process(target=_work, args=(work, arguments, told, sender), daemon=True)
            process.start()
        try:
            _wait(receiver, seconds, stopped)
            refused, outcome = receiver.recv()
        except (EOFError, ConnectionError):
            raise Broken from None
        finally:
            process.kill()
            process.join()
            process.close()
    if refused:
        raise outcome
    return outcome  # type: ignore[no-any-return]


def _wait(receiver: Connection, seconds: float, stopped: threading.Event | None) -> None:
    end = time.monotonic() + seconds
    while not receiver.poll(min(LOOK_SECONDS, max(end - time.monotonic(), 0.0)) if stopped is not None else seconds):
        if stopped is not None and stopped.is_set():
            raise CalledOff
        if stopped is None or time.monotonic() >= end:
            raise TooSlow


def _work(work: Callable[..., object], arguments: tuple[object, ...], told: type[Exception], sender: Connection) -> None:
    _bound_memory()
    with sender:
        try:
            answer: tuple[bool, object] = (False, work(*arguments))
        except told as refused:
            answer = (True, refused)
        sender.send(answer)


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:
        return  # Windows: the bounds on the file itself must do
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
