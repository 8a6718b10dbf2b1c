"""What a column of a ledger may be: the fields of the record itself and of the child rows that one line of a ledger also carries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from jusuo_desktop.records.field import Field
from jusuo_desktop.records.kind import VOIDED
from jusuo_desktop.records.mediation import AGREEMENT, PARTY
from jusuo_desktop.records.registry import KINDS

IMPORTED_KINDS: Final = ("mediation", "consultation", "adviser_visit", "village", "mediation_committee", "worker")
"""What can be brought in, in the order in which it is offered."""

RECORD_ID: Final = "record_id"
RECORD_ID_HEADING: Final = "记录标识"
"""The column by which an exported list is known again."""
NOTED: Final = "remarks+"
"""A column that no field holds: its heading and text go into the remarks, so that nothing that an office wrote down is lost.
Several columns may.
"""
NOTED_LABEL: Final = "写进备注"
REASON_HEADING: Final = "退回原因"
"""The column in which a refused row says why; never read back."""

APPLICANT, RESPONDENT, BOTH_SIDES, AGREED = "applicant", "respondent", "party", "agreement"
ROLE_OF: Final = {APPLICANT: "1", RESPONDENT: "2"}
"""Codes of the list party_role."""
HOLDERS: Final = {APPLICANT: "申请人", RESPONDENT: "被申请人", BOTH_SIDES: "当事人", AGREED: "协议"}
HOLDER_WORDS: Final[dict[str, tuple[str, ...]]] = {
    RESPONDENT: (
        "被申请人", "被申请方", "被申请", "乙方当事人", "当事人乙方", "当事人乙", "乙方", "对方当事人", "另一方当事人",
        "当事人二", "当事人2", "当事人b", "被反映人", "对方", "第二方",
    ),
    APPLICANT: (
        "申请人", "申请方", "申请调解人", "甲方当事人", "当事人甲方", "当事人甲", "甲方", "一方当事人",
        "当事人一", "当事人1", "当事人a", "反映人", "第一方",
    ),
    BOTH_SIDES: ("双方当事人", "纠纷当事人", "各方当事人", "当事人双方", "当事人"),
    AGREED: ("调解协议", "协议",),
}  # fmt: skip
"""Group headings, longest first within a holder; 被申请人 is looked for before 申请人."""

NAME_WORDS: Final = ("", "姓名", "名称", "姓名或名称", "姓名名称", "姓名单位", "人", "姓名或单位", "姓名或单位名称", "单位或姓名")
"""What may stand under a group heading for the name itself."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that a column may hold. `name` is the field, with its holder before it: 'dispute_type', 'applicant.name'."""

    name: str
    label: str
    field: Field
    holder: str = ""

    @property
    def wordings(self) -> tuple[str, ...]:
        """Every heading under which ledgers carry it."""
        return (self.field.label, *self.field.headings)


@cache
def targets(kind: str) -> dict[str, Target]:
    """The targets of a kind by name, in the order in which they are offered."""
    own = [Target(f.name, f.label, f) for f in KINDS[kind].fields if f is not VOIDED]
    if kind != "mediation":
        return {t.name: t for t in own}
    held = [
        Target(f"{holder}.{f.name}", f.label if f.label.startswith(HOLDERS[holder]) else f"{HOLDERS[holder]}·{f.label}", f, holder)
        for holder, fields in (
            (APPLICANT, PARTY.own_fields),
            (RESPONDENT, PARTY.own_fields),
            (BOTH_SIDES, PARTY.own_fields),
            (AGREED, AGREEMENT.own_fields),
        )
        for f in fields
        if f.name != "party_role"
    ]
    return {t.name: t for t in (*own, *held)}


def takes_notes(kind: str) -> bool:
    """Whether records of the kind have remarks."""
    return "remarks" in KINDS[kind].by_name


def target_label(kind: str, name: str) -> str:
    """How a target is called on screen; '' for a column that is left out."""
    if name == NOTED:
        return NOTED_LABEL
    found = targets(kind).get(name)
    return found.label if found is not None else ""
