"""The identity of a county's order of changes. A server that was restored from a backup goes on under a later one of the same stem, so that
its devices know it again and know that part of what they were told is gone. Pure.
"""

from __future__ import annotations


def after(epoch: str, now: int) -> str:
    """The epoch that follows, once the administrator has said that the server was restored. It is made from the time (ms): a backup may be
    restored twice, and knows nothing of the first time.
    """
    stem, number = _parts(epoch)
    return f"{stem}.{max(now, number + 1)}"


def follows(new: str, old: str) -> bool:
    """Whether `new` is a later epoch of the county whose epoch was `old`."""
    (stem, number), (before, earlier) = _parts(new), _parts(old)
    return stem == before and number > earlier


def _parts(epoch: str) -> tuple[str, int]:
    stem, point, number = epoch.rpartition(".")
    return (stem, int(number)) if point and number.isdecimal() and number.isascii() else (epoch, 1)
