"""A client process that is killed in the middle of a sync: `python -m tests.sync.dying_client FOLDER KEY NAME ID STAGE NTH`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.store.opening import open_unlocked
from jusuo_desktop.sync.patience import BatchSize
from jusuo_desktop.sync.progress import Progress, Reins, Stage


def main(folder: str, key: str, name: str, identity: str, stage: str, nth: str) -> None:
    """Opens the store and syncs until the nth progress of that stage."""
    left = int(nth)

    def told(progress: Progress) -> None:
        nonlocal left
        left -= progress.stage is Stage[stage]
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    session = Session(open_unlocked(Path(folder), bytes.fromhex(key), name, identity))
    sync_now(session, reins=Reins(told), size=BatchSize(changes=5, ceiling_changes=5))


if __name__ == "__main__":
    main(*sys.argv[1:])
