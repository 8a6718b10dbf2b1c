from __future__ import annotations

from datetime import date

import pytest

from jusuo_desktop.sample.case import Family
from jusuo_desktop.sample.county import County, sample_county
from jusuo_desktop.sample.families import sample_records

UNTIL = date(2026, 11, 20)


@pytest.fixture(scope="session")
def county() -> County:
    return sample_county(1)


@pytest.fixture(scope="session")
def families(county: County) -> list[Family]:
    """Two years of a county a quarter as busy as a real one."""
    return list(sample_records(county, per_year=1500, until=UNTIL))


@pytest.fixture(scope="session")
def cases(families: list[Family]) -> list[Family]:
    return [f for f in families if f.record.kind == "mediation"]
