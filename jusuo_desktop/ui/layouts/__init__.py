"""The layout of each kind's page; a kind without one of its own gets all its fields in order."""

from __future__ import annotations

from types import MappingProxyType

from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.ui.layouts.case_course import EVIDENCE, INQUIRY, MEDIATION_SESSION, MEDIATOR_CHANGE, PERIOD_CHANGE
from jusuo_desktop.ui.layouts.case_outcome import AGREEMENT, FOLLOW_UP, JUDICIAL_CONFIRMATION
from jusuo_desktop.ui.layouts.case_people import AGENT, INVITATION, PARTICIPANT, SERVICE_PROOF
from jusuo_desktop.ui.layouts.layout import Cell, Children, Layout, Part, Section, Table, cell, generic
from jusuo_desktop.ui.layouts.mediation import MEDIATION
from jusuo_desktop.ui.layouts.places import CALENDAR_YEAR, COUNTY_PARAMETER, JUDICIAL_OFFICE, MEDIATION_COMMITTEE, VILLAGE, WORKER
from jusuo_desktop.ui.layouts.screening import DISPUTE_SCREENING, EARLY_WARNING, PHRASE, SCREENED_DISPUTE
from jusuo_desktop.ui.layouts.services import ADVISER_VISIT, CONSULTATION, EVALUATION
from jusuo_desktop.ui.layouts.subsidy import CASE_SUBSIDY, SUBSIDY_CLASS

LAYOUTS = MappingProxyType(
    {
        layout.kind: layout
        for layout in (
            MEDIATION, AGENT, PARTICIPANT, INVITATION, SERVICE_PROOF, INQUIRY, EVIDENCE, MEDIATION_SESSION, PERIOD_CHANGE, MEDIATOR_CHANGE,
            AGREEMENT, FOLLOW_UP, JUDICIAL_CONFIRMATION, CONSULTATION, ADVISER_VISIT, EVALUATION,
            DISPUTE_SCREENING, SCREENED_DISPUTE, EARLY_WARNING, PHRASE,
            JUDICIAL_OFFICE, VILLAGE, MEDIATION_COMMITTEE, WORKER, CALENDAR_YEAR, COUNTY_PARAMETER,
            SUBSIDY_CLASS, CASE_SUBSIDY,
        )
    }
)  # fmt: skip


def layout_of(kind: str) -> Layout:
    """The layout of a kind's page."""
    return LAYOUTS.get(kind) or generic(KINDS[kind])


__all__ = ["LAYOUTS", "Cell", "Children", "Layout", "Part", "Section", "Table", "cell", "layout_of"]
