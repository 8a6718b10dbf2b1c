"""The messy ledgers of the sample county: every truth that was written into them is found again, every fault is named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jusuo_desktop.actions.import_ledger import dry_run, propose, read_ledger
from jusuo_desktop.actions.import_preview import preview
from jusuo_desktop.actions.session import Session
from jusuo_desktop.reports.judge import Judged
from jusuo_desktop.sample.county import sample_county
from jusuo_desktop.sample.ledger_workbook import write_xlsx
from jusuo_desktop.sample.ledgers import TrueRow, ledger
from jusuo_desktop.store import Edit, FirstRun, create_store
from tests.sample.old_excel import write_xls

COUNTY = sample_county(1)
TOWN = COUNTY.offices[0]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The office of that town with its villages and people on file."""
    store, _ = create_store(tmp_path_factory.mktemp("town") / "store", FirstRun(dict(TOWN.record.values), "导入人", "正确的马 电池 订书钉"))
    store.write([Edit(r.kind, r.values, r.id, scope=r.scope, new=True) for r in TOWN.records() if r.kind != "judicial_office"], act="sample")
    yield Session(store)
    store.close()


def found(session: Session, line: Judged) -> dict[str, Any]:
    """What the import made of a line, by target, links as names."""

    def named(value: Any) -> Any:
        ids = {r.id: str(r.values["name"]) for r in TOWN.records()}
        if isinstance(value, list):
            return [ids.get(v, v) for v in value]
        return ids.get(value, value) if isinstance(value, str) else value

    told = {name: named(v) for name, v in line.values.items()}
    for holder, role in (("applicant", "1"), ("respondent", "2")):
        one: Mapping[str, Any] = next((p for p in line.parties if p["party_role"] == role), {})
        told |= {f"{holder}.{n}": v for n, v in one.items()}
    return told | {f"agreement.{n}": v for n, v in line.agreement.items()}


def wrong(told: Mapping[str, Any], truth: TrueRow) -> dict[str, tuple[Any, Any]]:
    return {n: (told.get(n), v) for n, v in truth.values.items() if told.get(n) != v and v != []}


@pytest.mark.parametrize("kind", ["mediation", "consultation", "adviser_visit"])
@pytest.mark.parametrize(("seed", "suffix"), [(1, ".xlsx"), (2, ".xls"), (3, ".xlsx")])
def test_every_truth_is_recovered_and_every_fault_refused(town: Session, tmp_path: Path, kind: str, seed: int, suffix: str) -> None:
    made = ledger(COUNTY, TOWN, kind, count=60, seed=seed)
    path = tmp_path / f"台账{suffix}"
    (write_xlsx if suffix == ".xlsx" else write_xls)(made, path)
    plan = propose(town, read_ledger(path))
    assert plan.kind == kind
    lines = {(plan.sheets[line.sheet].name, line.rows[0] + 1): line for line in preview(town, plan, 1000)}
    assert set(lines) == {(t.sheet, t.row) for t in made.truth}
    mistakes = {(t.sheet, t.row): bad for t in made.good if (bad := wrong(found(town, lines[t.sheet, t.row]), t))}
    assert mistakes == {}
    assert len(made.good) > 50
    report = dry_run(town, plan)
    assert {(r.sheet, r.row) for r in report.refused} == {(t.sheet, t.row) for t in made.faulty}
    assert {(r.sheet, r.row): r.field for r in report.refused} == {(t.sheet, t.row): t.faulty for t in made.faulty}
    assert report.added == len(made.good)
    assert report.created_references == ()
