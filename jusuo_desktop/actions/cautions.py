"""What to look up for in a case, on its page and on the pages of what belongs to it: by what stands there, saved or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from jusuo_desktop.actions.office_rules import office_rules
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.take_step import family
from jusuo_desktop.records.deadlines import Rules
from jusuo_desktop.records.field import Values
from jusuo_desktop.records.mediation_warnings import Caution, warnings

TOWN: Final = frozenset({"03", "04"})
"""Codes of the list committee_type: a town's and a street's."""
CASE: Final = "mediation"


def cautions(session: Session, kind: str, record_id: str, parent_id: str, values: Values, rows: Mapping[str, Sequence[Values]]) -> list[Caution]:
    """For the page of a mediation or of a child of one, whose fields hold `values` and whose tables hold `rows` (by kind)."""
    if kind == CASE:
        found: dict[str, Sequence[Values]] = {**(family(session, record_id) if record_id else {}), **rows}
        return warnings(values, found, office_rules(session), town=_of_town(session, values))
    case = session.store.record(parent_id) if parent_id else None
    if case is None or case.kind != CASE:
        return []
    held = session.store.record(record_id) if record_id else None
    beside: dict[str, Sequence[Values]] = {k: [v for v in vs if held is None or v != held.values] for k, vs in family(session, parent_id).items()}
    beside |= {kind: [*beside.get(kind, ()), values], **rows}
    told = warnings(case.values, beside, office_rules(session), town=_of_town(session, case.values))
    return [one for one in told if one.field.partition(".")[0] in (kind, *rows)]


def cautions_of(session: Session, record_id: str, rules: Rules) -> list[Caution]:
    """For a stored mediation."""
    record = session.store.record(record_id)
    if record is None or record.kind != CASE or record.voided:
        return []
    return warnings(record.values, family(session, record_id), rules, town=_of_town(session, record.values))


def _of_town(session: Session, values: Values) -> bool:
    committee = session.store.record(str(values.get("committee", "")))
    return committee is not None and committee.values.get("committee_type") in TOWN
