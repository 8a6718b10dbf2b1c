"""Last year's ledger, as messy as offices keep them, brought in; the lines that cannot be read come back with their reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from jusuo_desktop.actions.import_ledger import import_ledger, propose, read_ledger, write_rejected
from jusuo_desktop.actions.session import Session
from jusuo_desktop.sample.county import sample_county
from jusuo_desktop.sample.ledger_workbook import write_xlsx
from jusuo_desktop.sample.ledgers import ledger
from jusuo_desktop.wire.scope import OFFICE

LINES: Final = 60


def bring_in_ledger(session: Session, path: Path, refused: Path) -> dict[str, Any]:
    """Writes the ledger, imports it, and writes the refused lines; again, it adds nothing."""
    county = sample_county()
    office = next((o for o in county.offices if o.code == session.store.scope[:OFFICE]), county.offices[0])
    made = ledger(county, office, "mediation", count=LINES, year=session.today().year - 1)
    if not path.exists():
        making = path.with_name(f"making-{path.name}")
        write_xlsx(made, making)
        making.replace(path)
    plan = propose(session, read_ledger(path), "mediation")
    report = import_ledger(session, plan)
    write_rejected(plan, report, refused)
    return {"lines": len(made.truth), "taken_in": report.added + report.known, "refused": len(report.refused)}
