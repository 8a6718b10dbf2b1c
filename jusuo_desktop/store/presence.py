"""Who has the store open: every opened store holds a shared lock; a migration and a restore need to be alone; one window at a time.

Two programs writing one store are safe (SQLite queues them), and the words are useful while the window is open. A second window
is not: its lists and drafts would know nothing of the first one's.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from jusuo_desktop.store.refusal import DiskTrouble, StoreInUse

STORE_LOCK: Final = "store.lock"
WINDOW_LOCK: Final = "window.lock"
SLOTS: Final = 64
"""Windows has no shared lock on a byte: whoever shares takes one free byte of these, whoever wants to be alone takes them all."""


class Presence:
    """One holder of a lock file; given back by `release`, by the end of the process at the latest."""

    def __init__(self, path: Path, *, alone: bool = False) -> None:
        """Raises StoreInUse when somebody else stands in the way, DiskTrouble when the folder cannot be written."""
        self._path = path
        self._descriptor = -1
        self._take(alone=alone)

    def _take(self, *, alone: bool) -> None:
        try:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as trouble:
            raise DiskTrouble(f"文件夹 {self._path.parent} 不能写入：{trouble.strerror}。请检查磁盘空间和文件夹权限。") from None
        if not _locked(self._descriptor, alone=alone):
            self.release()
            raise StoreInUse(f"文件夹 {self._path.parent} 里的数据正由另一个窗口或命令使用，请先关闭它。")

    def release(self) -> None:
        """Gives the lock back; a second time does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def share(self) -> None:
        """Lets others in."""
        self.release()
        self._take(alone=False)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keeps everybody else out for a while.

        Raises:
            StoreInUse: another program has the store open.
        """
        self.release()
        try:
            self._take(alone=True)
            yield
        finally:
            self.share()


def at_store(folder: Path, *, alone: bool = False) -> Presence:
    """Takes part in the use of a store, or takes it alone.

    Raises:
        StoreInUse, DiskTrouble: see Presence.
    """
    return Presence(folder / STORE_LOCK, alone=alone)


def claim_window(folder: Path) -> Presence:
    """Makes this process the one that shows the store in a window.

    Raises:
        StoreInUse: there is a window already.
        DiskTrouble: the folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Presence(folder / WINDOW_LOCK, alone=True)
    except StoreInUse:
        raise StoreInUse("这份数据已经在另一个窗口里打开，请回到那个窗口。") from None
    except OSError as trouble:
        raise DiskTrouble(f"建不了文件夹 {folder}：{trouble.strerror}。请换一个可写的位置。") from None


if sys.platform == "win32":
    import msvcrt

    def _locked(descriptor: int, *, alone: bool) -> bool:
        for begin, length in [(0, SLOTS)] if alone else [(slot, 1) for slot in range(SLOTS)]:
            os.lseek(descriptor, begin, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, length)
            except OSError:
                continue
            return True
        return False

else:
    import fcntl

    def _locked(descriptor: int, *, alone: bool) -> bool:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # a file system without locks: SQLite's own still guard every write
        return True
