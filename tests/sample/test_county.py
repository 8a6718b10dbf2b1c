"""The sample county: the same on every machine, of the size that design.md §1 names, and no value that the program would refuse."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from itertools import islice

import msgspec

from jusuo_desktop.records.check import check, missing
from jusuo_desktop.records.id_card import read
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.sample.case import Family
from jusuo_desktop.sample.county import County
from jusuo_desktop.sample.families import records, sample_records
from tests.conftest import ROOT
from tests.sample.conftest import UNTIL


def digest(some: list[Record]) -> str:
    return hashlib.sha256(b"".join(msgspec.json.encode([r.id, r.kind, r.scope, r.values, r.parent_id]) for r in some)).hexdigest()


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    script = (
        "from jusuo_desktop.sample.families import records; from tests.sample.test_county import digest; print(digest(list(records(3, most=2500))))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "77")
    }
    assert told == {digest(list(records(3, most=2500)))}
    assert digest(list(records(4, most=2500))) not in told


def test_the_size_of_a_county(county: County, families: list[Family]) -> None:
    villages = [v for o in county.offices for v in o.villages]
    assert (len(county.offices), len(villages), len({v.code for v in villages}), len({v.name for v in villages})) == (7, 91, 91, 91)
    assert all(v.code.startswith(o.code) and o.code.startswith("990101") for o in county.offices for v in o.villages)
    per_adviser = Counter(v.adviser.id for v in villages)
    assert max(per_adviser.values()) <= 5
    kinds = Counter(f.record.kind for f in families)
    assert 2500 < kinds["mediation"] < 3000
    assert abs(kinds["consultation"] * 3 / kinds["mediation"] - 1) < 0.05


def test_every_village_is_visited_every_month(county: County) -> None:
    office = county.offices[6]
    visits = [f.record.values for f in sample_records(county, office, years=(2025,)) if f.record.kind == "adviser_visit"]
    months = Counter(v for v, _ in {(str(v["village"]), str(v["served_on"])[:7]) for v in visits})
    assert len(months) == len(office.villages)
    assert min(months.values()) >= 11  # a day put off over a weekend may fall into the next month


def test_people_of_an_office_are_told_apart_by_name(county: County) -> None:
    for office in county.offices:
        names = [w.values["name"] for w in office.workers]
        assert len(names) == len(set(names))
        assert any("access_role" in w.values for w in office.workers)


def test_no_two_records_share_an_identity_or_a_number(county: County, families: list[Family]) -> None:
    everything = [*county.records(), *(r for f in families for r in f.records)]
    assert len({r.id for r in everything}) == len(everything)
    for kind in ("mediation", "agreement", "consultation", "adviser_visit"):
        name = KINDS[kind].number
        numbers = [(r.values[name]) for r in everything if r.kind == kind and name in r.values]
        assert len(numbers) == len(set(numbers)), kind


def test_every_value_passes_every_check_of_the_program(county: County, families: list[Family]) -> None:
    for record in [*county.records(), *(r for f in families for r in f.records)]:
        kind = KINDS[record.kind]
        assert check(kind, record.values) == [], record
        assert set(record.values) <= set(kind.by_name), record
        if not record.values.get("identity_refused"):
            assert missing(kind, record.values) == [], record


def test_links_lead_to_records_of_the_county(county: County, families: list[Family]) -> None:
    known = {r.id: r.kind for r in county.records()}
    for record in (r for f in families for r in f.records):
        for field in KINDS[record.kind].fields:
            if field.link and field.name in record.values:
                value = record.values[field.name]
                for target in value if isinstance(value, list) else [str(value)]:
                    assert known[target] == field.link, (record, field.name)


def test_identity_numbers_are_of_nobody_and_agree_with_the_person(cases: list[Family]) -> None:
    seen = 0
    for values in (c.values for f in cases for c in f.children if c.kind == "party"):
        if "id_card_number" in values:
            seen += 1
            card = read(str(values["id_card_number"]))
            assert (card.region_code[:4], card.region_name, card.warning) == ("9901", "", "")
            assert (card.sex, card.birth_date) == (values["sex"], values["birth_date"])
    assert seen > 4000


def test_an_office_alone_has_the_records_it_has_within_the_county(county: County, families: list[Family]) -> None:
    office = county.offices[2]
    alone = list(sample_records(county, office, per_year=1500, until=UNTIL))
    assert alone == [f for f in families if f.record.scope.startswith(office.code)]


def test_rare_names_are_among_them(cases: list[Family]) -> None:
    names = [str(c.values.get("name", "")) for f in cases for c in f.children if c.kind == "party"]
    assert any(ord(c) > 0xFFFF for n in names for c in n)
    assert any("·" in n for n in names)
    assert {2, 3, 4} <= {len(n) for n in names}
    assert set("单仇查区解") & {n[0] for n in names if n}


def test_a_million_are_streamed_and_not_held() -> None:
    stream = records(1, times=20)
    first = list(islice(stream, 700))
    assert len(first) == 700
    assert {r.kind for r in first} >= {"village", "mediation", "party"}
