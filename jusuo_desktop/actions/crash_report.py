"""A report of our own bug that can be handed to anybody: kinds of error, files and lines of the program, never a value or a message,
which might hold a name or an identity number (design.md §8).
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType

from jusuo_desktop.actions.store_folder import PROGRAM, crash_folder

HOME = Path(__file__).parents[2]
MOST_CAUSES = 10


def crash_report(error: BaseException, folder: Path | None = None) -> Path | None:
    """Writes the report and returns its file; None where nothing can be written (the disk may be the trouble)."""
    content = describe(error)
    for place in (folder or crash_folder(), Path(tempfile.gettempdir())):
        path = place / f"crash-{datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}.txt"
        try:
            place.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        except OSError:
            continue
        return path
    return None


def describe(error: BaseException) -> str:
    """The report: versions, then each error of the chain with where it passed, innermost last."""
    lines = [f"{PROGRAM} {_version()}", f"Python {platform.python_version()} {platform.system()} {platform.machine()}"]
    current: BaseException | None = error
    for _ in range(MOST_CAUSES):
        if current is None:
            break
        lines.append("")
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}")
        lines += _places(current.__traceback__)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n".join(lines) + "\n"


def _places(traceback: TracebackType | None) -> list[str]:
    found = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        found.append(f"  {_short(code.co_filename)}:{traceback.tb_lineno} {code.co_qualname}")
        traceback = traceback.tb_next
    return found


def _short(file: str) -> str:
    """A path without the part that names the user's folders."""
    path = Path(file)
    for root in (HOME, *map(Path, sys.path)):
        if root != Path() and path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.name


def _version() -> str:
    try:
        return version(PROGRAM)
    except PackageNotFoundError:
        return "?"
