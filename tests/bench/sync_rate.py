"""Records a second pushed and pulled, beside Anki's own sync (client and server in Rust) and PouchDB with express-pouchdb.

The same text, all on loopback without TLS.
Ours includes reading from and writing to the encrypted store, the confirmation of every change, and the comparison of digests.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.store import Edit
from tests.bench.figure import Figure
from tests.bench.peers import NO_ANKI, NO_NODE, peer_python, run_peer, run_pouch
from tests.running_county import running_county
from tests.sync.offices import OFFICE, new_session

TURNS: Final = 3
NOTES: Final = 5_000
"""As many as the figure in anchors.md was measured with."""


def measure(*, small: bool = False) -> Iterator[Figure]:
    """Push into a county server, pull into a second device."""
    count = NOTES // 10 if small else NOTES
    python = peer_python()
    taken: dict[str, list[tuple[float, float]]] = {"ours": [], "Anki": [], "PouchDB": []}
    for _ in range(1 if small else TURNS):  # by turns, so that a busy moment of the machine strikes all
        pushed, pulled = ours(count)
        taken["ours"].append((count / pushed, count / pulled))
        anki = run_peer("anki_sync.py", str(count), python=python) if python is not None else None
        for name, told in (("Anki", anki), ("PouchDB", run_pouch(count))):
            if told:
                taken[name].append((float(told["push_per_s"]), float(told["pull_per_s"])))
    for name, missing in (("Anki", NO_ANKI), ("PouchDB", NO_NODE)):
        for place, what in enumerate(("push", "pull")):
            mine, theirs = ([one[place] for one in taken[who]] for who in ("ours", name))
            beside, note = (statistics.median(theirs), "") if theirs else (None, missing)
            yield Figure(f"{what}, {count:,} records, beside {name}", statistics.median(mine), "records/s", beside, name, ">=1", note)


def ours(count: int) -> tuple[float, float]:
    """Seconds for the push and for the pull."""
    with tempfile.TemporaryDirectory() as folder, running_county(Path(folder) / "county", tls=False, quiet=True) as county:
        writer, reader = new_session(Path(folder) / "writer"), new_session(Path(folder) / "reader", "李所长")
        for session in (writer, reader):
            enroll(session, county.url, county.enroll(OFFICE))
            sync_now(session)
        sync_now(writer)
        writer.store.write([Edit("consultation", values(i)) for i in range(count)], act="import")
        pushed, pulled = _seconds(writer), _seconds(reader)
        assert writer.store.local_digest() == reader.store.local_digest()
        for session in (writer, reader):
            session.store.close()
    return pushed, pulled


def values(number: int) -> dict[str, str]:
    """The text of the reference program, two fields a record as there."""
    return {"name": f"邻里纠纷{number} 张三与李四因宅基地边界发生争议", "consultation_content": "经调解，双方自愿达成协议。" * 12}


def _seconds(session: Session) -> float:
    begun = time.perf_counter()
    report = sync_now(session)
    taken = time.perf_counter() - begun
    assert report.digest_equal
    return taken
