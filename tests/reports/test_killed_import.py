"""An import killed with -9 while it writes: nothing half done, and doing it again makes it whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jusuo_desktop.actions.import_ledger import import_ledger
from jusuo_desktop.actions.session import Session
from jusuo_desktop.store import open_store
from tests.conftest import ROOT
from tests.reports.conftest import PASSPHRASE
from tests.reports.test_import_ledger import HEAD, everything, plan_of, row

CHILD = """
import sys, threading
from pathlib import Path
from jusuo_desktop.actions import import_ledger as act
from jusuo_desktop.actions.session import Session
from jusuo_desktop.store import open_store
act.BATCH = 20
session = Session(open_store(Path(sys.argv[1]), "周敏", sys.argv[3]))
class Told:
    stopped = threading.Event()
    def tell(self, progress):
        print(progress.done, flush=True)
plan = act.propose(session, act.read_ledger(Path(sys.argv[2])), "mediation")
act.import_ledger(session, plan, reins=Told())
print("end", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
@pytest.mark.parametrize("batches", [1, 4])
def test_killed_and_done_again(offices: Callable[[], Session], tmp_path: Path, batches: int) -> None:
    rows = [HEAD, *[row(i) for i in range(600)]]
    whole, killed = offices(), offices()
    plan = plan_of(whole, tmp_path / "a.xlsx", rows)
    assert import_ledger(whole, plan).added == 600
    killed.store.close()
    command = [sys.executable, "-c", CHILD, str(killed.store.folder), str(tmp_path / "a.xlsx"), PASSPHRASE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdout is not None
        for _ in range(batches):
            assert child.stdout.readline().strip() != "end"
        os.kill(child.pid, signal.SIGKILL)
    again = Session(open_store(killed.store.folder, "周敏", PASSPHRASE))
    try:
        assert again.store.verify() == []
        before = len(everything(again))
        assert 20 * batches <= before < 600
        report = import_ledger(again, plan_of(again, tmp_path / "a.xlsx", rows))
        assert (report.added, report.known) == (600 - before, before)
        assert [c for _, c in everything(again)] == [c for _, c in everything(whole)]
    finally:
        again.store.close()
