"""Where the office's data lies on this machine unless told otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PROGRAM: Final = "jusuo-desktop"


def default_folder() -> Path:
    """The user's data folder of this program; it need not exist yet."""
    from platformdirs import user_data_path

    return user_data_path(PROGRAM, appauthor=False) / "store"


def crash_folder() -> Path:
    """Where crash reports are put: outside the store, so that a broken store does not swallow them."""
    from platformdirs import user_log_path

    return user_log_path(PROGRAM, appauthor=False)
