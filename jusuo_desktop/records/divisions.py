"""Names of administrative divisions to county level (GB/T 2260), for the region that an identity number tells."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

DIVISIONS_FILE = Path(__file__).parents[2] / "resources" / "divisions.csv"


@cache
def _names() -> dict[str, str]:
    with DIVISIONS_FILE.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        return {row["code"]: row["name"] for row in csv.DictReader(lines)}


def county_name(code: str) -> str:
    """The county of a code alone, e.g. '海盐县'; '' for an unknown one."""
    return _names().get(code[:6], "")


def region_name(code: str) -> str:
    """Province, city and county of a 6-digit code, e.g. '浙江省嘉兴市海盐县'; the known part of an old code, '' for an unknown one."""
    parts = [_names().get(code[:2], ""), _names().get(code[:4], ""), _names().get(code[:6], "")]
    return "".join(p for p in parts if p not in ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")) if parts[0] else ""
