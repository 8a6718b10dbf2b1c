"""Every kind of record, by name; the one list that forms, lists, import, wire and search walk."""

from __future__ import annotations

from types import MappingProxyType

from jusuo_desktop.records.adviser_visit import ADVISER_VISIT
from jusuo_desktop.records.attachment import ATTACHMENT
from jusuo_desktop.records.calendar_year import CALENDAR_YEAR
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.consultation import CONSULTATION
from jusuo_desktop.records.county_parameter import COUNTY_PARAMETER
from jusuo_desktop.records.evaluation import EVALUATION
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.mediation import AGREEMENT, MEDIATION, MEDIATION_SESSION, PARTY
from jusuo_desktop.records.place import JUDICIAL_OFFICE, MEDIATION_COMMITTEE, VILLAGE, WORKER
from jusuo_desktop.records.voided_number import VOIDED_NUMBER

KINDS = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            JUDICIAL_OFFICE,
            VILLAGE,
            MEDIATION_COMMITTEE,
            WORKER,
            CALENDAR_YEAR,
            COUNTY_PARAMETER,
            MEDIATION,
            PARTY,
            MEDIATION_SESSION,
            AGREEMENT,
            CONSULTATION,
            ADVISER_VISIT,
            EVALUATION,
            ATTACHMENT,
            VOIDED_NUMBER,
            CONFLICT,
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
