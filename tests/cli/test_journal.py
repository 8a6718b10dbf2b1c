"""The journal of the demo: what a kill cut short was never confirmed."""

from __future__ import annotations

from pathlib import Path

from jusuo_desktop.demo.journal import FILE, Journal


def test_a_line_cut_by_a_kill_is_forgotten_and_the_next_one_is_whole(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.confirm("office", ["a", "b"])
    journal.close()
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'{"step": "ledger", "ids": ["c')
    again = Journal(tmp_path)
    assert again.has("office")
    assert not again.has("ledger")
    again.confirm("ledger", ["d"])
    again.close()
    counting = Journal(tmp_path)
    counting.confirm("sync", sent=3, received=1)
    counting.confirm("sync", sent=4, received=0)
    counting.close()
    last = Journal(tmp_path)
    assert (last.total("sent"), last.total("received")) == (7, 1)
    assert last.ids() == {"a", "b", "d"}
    last.close()
