"""What the county has set for this office, read in one place: the parameters with their days, and the days off entered since the program was made."""

from __future__ import annotations

from collections.abc import Sequence

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.deadlines import Rules
from jusuo_desktop.records.field import Values
from jusuo_desktop.records.working_days import working_days


def office_rules(session: Session) -> Rules:
    """The rules of this office. Where two records say different things of one day, the later made one stands, on every device the same."""
    return Rules(_entered(session, "county_parameter"), working_days(_entered(session, "calendar_year")))


def _entered(session: Session, kind: str) -> Sequence[Values]:
    return tuple(record.values for record in sorted(session.store.each_record(kind), key=lambda record: record.id))
