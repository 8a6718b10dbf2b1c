"""The version of this program, as each side tells it."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version


@lru_cache(1)
def program_version() -> str:
    """As it is installed; '' where it is not."""
    try:
        return version("jusuo-desktop")
    except PackageNotFoundError:
        return ""
