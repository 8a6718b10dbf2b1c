"""The messy ledgers: what is known of each row is what the import makes of it, in both formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from jusuo_desktop.actions.import_ledger import import_ledger, propose
from jusuo_desktop.actions.sample_office import make_sample_office
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import Value
from jusuo_desktop.reports.workbook_file import read_ledger
from jusuo_desktop.sample.county import County
from jusuo_desktop.sample.ledger_layouts import LAYOUTS
from jusuo_desktop.sample.ledger_workbook import write_xlsx
from jusuo_desktop.sample.ledgers import Ledger, TrueRow, ledger
from tests.sample.old_excel import write_xls

TOLD_BY = {"mediation": "dispute_summary", "consultation": "consultation_content", "adviser_visit": "service_content"}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    made = make_sample_office(tmp_path_factory.mktemp("ledgers") / "office", mediations=0)
    yield made
    made.store.close()


def found_in(session: Session, kind: str) -> dict[str, list[dict[str, Value]]]:
    """The imported records by their account, as the truth names their values."""
    name, found = session.store.name_of, dict[str, list[dict[str, Value]]]()
    for record in session.store.each_record(kind):
        values: dict[str, Value] = dict(record.values)
        for child in session.store.children(record.id):
            holder = child.kind if child.kind != "party" else "applicant" if child.values["party_role"] == "1" else "respondent"
            values |= {f"{holder}.{n}": v for n, v in child.values.items()}
        for field in ("village", "committee", "mediators", "received_by", "adviser"):
            value = values.get(field)
            if value is not None:
                values[field] = [name(v) for v in value] if isinstance(value, list) else name(str(value))
        found.setdefault(str(values[TOLD_BY[kind]]), []).append(values)
    return found


def holds(values: Mapping[str, Value], truth: TrueRow) -> bool:
    return all(values.get(target) == value for target, value in truth.values.items())


@pytest.mark.parametrize(("kind", "write", "ending", "year"), [
    ("mediation", write_xlsx, "xlsx", 2025),
    ("consultation", write_xls, "xls", 2025),
    ("adviser_visit", write_xlsx, "xlsx", 2025),
])  # fmt: skip
def test_every_row_comes_in_as_it_is_known_or_is_refused_for_its_fault(
    session: Session, county: County, tmp_path: Path, kind: str, write: Callable[[Ledger, Path], None], ending: str, year: int
) -> None:
    made = ledger(county, county.office("西塘司法所"), kind, count=45, year=year, seed=year)
    path = tmp_path / f"台账.{ending}"
    write(made, path)
    report = import_ledger(session, propose(session, read_ledger(path)))
    assert {(r.sheet, r.row): r.field for r in report.refused} == {(t.sheet, t.row): t.faulty for t in made.faulty}
    assert report.added == len(made.good)
    known = found_in(session, kind)
    for truth in made.good:
        assert any(holds(values, truth) for values in known.get(str(truth.values[TOLD_BY[kind]]), [])), truth
    again = import_ledger(session, propose(session, read_ledger(path)))
    assert (again.added, again.known) == (0, len(made.good))


@pytest.mark.parametrize("kind", LAYOUTS)
def test_a_ledger_is_messy_and_repeatable(county: County, kind: str) -> None:
    office = county.offices[3]
    made, again = ledger(county, office, kind, seed=5), ledger(county, office, kind, seed=5)
    assert made == again
    assert made != ledger(county, office, kind, seed=6)
    assert made.faulty
    assert len(made.truth) == 120
    assert len(made.sheets) == 3
    rows = [row for sheet in made.sheets[:2] for row in sheet.rows]
    assert any(not row for row in rows)
    assert any(row and row[0] == "小计" for row in rows)
    assert len({type(cell) for row in rows for cell in row}) >= 4
