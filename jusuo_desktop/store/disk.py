"""Files on the disk: flushed before they count, compared by digest, and the system's complaints about them said in a sentence."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jusuo_desktop.store.refusal import DiskTrouble


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Returns when a file's bytes, or a folder's entries, are on the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows keeps a folder's entries by itself
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_flushed(path: Path, content: bytes) -> None:
    """Writes a new file, readable by its owner only; its bytes are on the disk when this returns. A file half written is taken away."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def disk_sentences(place: Path) -> Iterator[None]:
    """Turns the system's complaints about files into a sentence."""
    try:
        yield
    except OSError as trouble:
        if trouble.errno == errno.ENOSPC:
            raise DiskTrouble(f"磁盘已满，没有保存。请清理 {place} 所在的磁盘后再做一次。") from None
        raise DiskTrouble(f"{trouble.filename or place}：{trouble.strerror}。请检查磁盘空间和文件夹权限，或者换一个位置。") from None
