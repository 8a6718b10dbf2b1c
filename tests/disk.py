"""Where the tests keep their stores: in memory, if there is room. Every save waits for the disk (`synchronous=FULL`), thousands of times in a
run; what the tests kill is a process or a simulated disk, never this machine, so what is in memory is as safe for them as what is on a disk.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 3 << 30
"""Bytes that must be free there; a run has some hundreds of MB at a time."""


def in_memory() -> None:
    """Lets temporary folders of this process and of those it starts lie in memory; not where TMPDIR says otherwise."""
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # to be found anew
