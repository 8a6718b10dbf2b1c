"""What every run of the simulation is copied from."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from jusuo_desktop.records.identity import identities_from
from tests.simulation.computer import OFFICE, OTHER_OFFICE, VILLAGE, Original, original
from tests.simulation.county_house import COUNTY_CODE, founded

PLACES: Final = (
    ("前台", OFFICE, "王内勤", "李所长"),
    ("后室", OFFICE, "孙内勤", "周所长"),
    ("村里", VILLAGE, "赵联络员", "钱联络员"),
    ("别所", OTHER_OFFICE, "吴内勤", "郑所长"),
    ("县局", COUNTY_CODE, "冯科员", "陈科长"),
)


@dataclass(frozen=True)
class Templates:
    """What every run is copied from: key derivation and certificates are slow on purpose."""

    county: Path
    stores: dict[str, Original]

    @classmethod
    def made(cls, folder: Path) -> Templates:
        """Makes them, with the same identities in every process."""
        chance = Random("templates")
        with identities_from(lambda: uuid.UUID(int=chance.getrandbits(128), version=4)):
            stores = {
                name: original(folder / str(n), OFFICE if scope == COUNTY_CODE else scope[:9], clerk, second)
                for n, (name, scope, clerk, second) in enumerate(PLACES)
            }
            return cls(founded(folder / "county"), stores)
