"""Every kind of record, by name; the one list that forms, lists, import, wire and search walk."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from jusuo_desktop.records.adviser_visit import ADVISER_VISIT
from jusuo_desktop.records.agent import AGENT
from jusuo_desktop.records.attachment import ATTACHMENT
from jusuo_desktop.records.calendar_year import CALENDAR_YEAR
from jusuo_desktop.records.case_subsidy import CASE_SUBSIDY, SUBSIDY_CLASS
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.consultation import CONSULTATION
from jusuo_desktop.records.county_form import COUNTY_FORM
from jusuo_desktop.records.county_parameter import COUNTY_PARAMETER
from jusuo_desktop.records.dispute_screening import DISPUTE_SCREENING, SCREENED_DISPUTE
from jusuo_desktop.records.early_warning import EARLY_WARNING
from jusuo_desktop.records.evaluation import EVALUATION
from jusuo_desktop.records.evidence import EVIDENCE
from jusuo_desktop.records.follow_up import FOLLOW_UP
from jusuo_desktop.records.inquiry import INQUIRY
from jusuo_desktop.records.invitation import INVITATION
from jusuo_desktop.records.judicial_confirmation import JUDICIAL_CONFIRMATION
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.mediation import AGREEMENT, MEDIATION, MEDIATION_SESSION, PARTY
from jusuo_desktop.records.mediator_change import MEDIATOR_CHANGE
from jusuo_desktop.records.participant import PARTICIPANT
from jusuo_desktop.records.performance import PERFORMANCE
from jusuo_desktop.records.period_change import PERIOD_CHANGE
from jusuo_desktop.records.phrase import PHRASE
from jusuo_desktop.records.place import JUDICIAL_OFFICE, MEDIATION_COMMITTEE, VILLAGE, WORKER
from jusuo_desktop.records.printed_sheet import PRINTED_SHEET
from jusuo_desktop.records.service_proof import SERVICE_PROOF
from jusuo_desktop.records.voided_number import VOIDED_NUMBER

_DECLARED = (
    JUDICIAL_OFFICE,
    VILLAGE,
    MEDIATION_COMMITTEE,
    WORKER,
    CALENDAR_YEAR,
    COUNTY_PARAMETER,
    COUNTY_FORM,
    SUBSIDY_CLASS,
    PHRASE,
    DISPUTE_SCREENING,
    SCREENED_DISPUTE,
    EARLY_WARNING,
    MEDIATION,
    PARTY,
    AGENT,
    PARTICIPANT,
    INVITATION,
    INQUIRY,
    EVIDENCE,
    MEDIATION_SESSION,
    PERIOD_CHANGE,
    MEDIATOR_CHANGE,
    AGREEMENT,
    PERFORMANCE,
    FOLLOW_UP,
    JUDICIAL_CONFIRMATION,
    SERVICE_PROOF,
    CASE_SUBSIDY,
    CONSULTATION,
    ADVISER_VISIT,
    EVALUATION,
    VOIDED_NUMBER,
    PRINTED_SHEET,
)

_NAMES = tuple(kind.name for kind in (*_DECLARED, ATTACHMENT, CONFLICT))

KINDS = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            *_DECLARED,
            replace(ATTACHMENT, parents=tuple(kind.name for kind in _DECLARED if kind.attached)),
            replace(CONFLICT, parents=_NAMES),
        )
    }
)


def kind_of(name: str) -> RecordKind:
    """The kind of that name.

    Raises:
        KeyError: no such kind here (a newer version of the program may know it).
    """
    return KINDS[name]


def children_of(name: str) -> tuple[RecordKind, ...]:
    """The kinds that may live as child rows under `name`."""
    return tuple(k for k in KINDS.values() if name in k.parents)
