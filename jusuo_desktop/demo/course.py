"""What all steps of the demo share: the folder, the journal, the two computers in it, and who is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.unlock import unlock, user_names
from jusuo_desktop.demo.journal import Journal
from jusuo_desktop.words.keeping import out_folder

PASSPHRASE: Final = "演示数据，没有秘密"
"""Of the demo's two invented stores alone. Written here for everybody to read."""

FIRST, SECOND, COUNTY = "computer-1", "computer-2", "county"
FORMS, PAGES, PICTURES, VOLUMES = "forms", "pages", "pictures", "volumes"
LEDGER, REFUSED, SUMMARY = "ledger.xlsx", "refused.xlsx", "summary.json"
FINISHED: Final = "finished"
OURS: Final = (FIRST, SECOND, COUNTY, FORMS, PAGES, PICTURES, VOLUMES, LEDGER, REFUSED, SUMMARY)
"""All that the demo makes in its folder; a new demo clears these and nothing else."""


class DemoFailed(RuntimeError):
    """The demo's own promise does not hold: a bug of ours."""


@dataclass(frozen=True)
class Course:
    """One run: where, what was confirmed, and who hears of it."""

    out: Path
    journal: Journal
    tell: Callable[[str], None]

    @contextmanager
    def opened(self, name: str) -> Iterator[Session]:
        """One of the two computers, unlocked for the block."""
        folder = self.out / name
        session = unlock(folder, user_names(folder)[0], PASSPHRASE)
        try:
            yield session
        finally:
            session.store.close()

    def made(self, name: str, make: Callable[[Path], Session]) -> None:
        """Makes a store beside its place and moves it there when it is whole."""
        if (self.out / name).exists():
            return
        making = self.out / f"{name}.making"
        shutil.rmtree(making, ignore_errors=True)
        make(making).store.close()
        making.rename(self.out / name)

    def folder(self, name: str) -> Path:
        """A folder of results, made if it is not there."""
        return out_folder(str(self.out / name))
