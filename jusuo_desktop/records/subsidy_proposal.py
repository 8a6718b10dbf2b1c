"""Which subsidy class a closed case falls into and what a claim still lacks (以案定补): proposed from the record, confirmed by the director.

domain/rules.md §9: the county sets classes, amounts and conditions, each with the day from which they hold; the case's own difficulty and
the subsidy class stay two fields. Pure: the classes and the case come in as values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Values
from jusuo_desktop.records.values import yuan
from jusuo_desktop.records.workflow import Family

TOWN, VILLAGE, EITHER = "1", "2", "3"
"""Codes of the list subsidy_level."""
VILLAGE_COMMITTEES: Final = frozenset({"01", "02"})
TOWN_COMMITTEES: Final = frozenset({"03", "04"})
"""Codes of the list committee_type."""
SETTLED, PERFORMED, COMPLETE, ARCHIVED, REPORTED_UP, MAY_BE_PAID, ONCE, ORAL_PROOF = "12345678"
"""Codes of the list subsidy_condition."""
SUCCESS: Final = "1"
ORAL: Final = "1"
FULL: Final = 100


@dataclass(frozen=True, slots=True)
class ClassProposal:
    """The class (its record id), the amount in fen and why, in one sentence for the director."""

    class_id: str
    amount: int
    reason: str


def level_of(committee_type: str) -> str:
    """Which amounts a committee's cases are paid by; '' for a trade committee, to which only classes for either level apply."""
    return VILLAGE if committee_type in VILLAGE_COMMITTEES else TOWN if committee_type in TOWN_COMMITTEES else ""


def propose(case: Values, family: Family, classes: Mapping[str, Values], committee_type: str) -> ClassProposal | None:
    """The highest class that the case meets on the day it was closed; None where the county has set none that fits.

    A class is met by any one of its criteria (difficulty, people, amount); a class without criteria takes every case.
    """
    day = str(case.get("closed_on", ""))
    level = level_of(committee_type)
    found: list[tuple[int, int, str, str]] = []
    for class_id, one in _in_force(classes, day).items():
        if one.get("subsidy_level") not in (level, EITHER):
            continue
        why = _met(one, case, family)
        if why is not None:
            found.append((_whole(one, "rank"), _whole(one, "amount"), class_id, why))
    if not found:
        return None
    _, _, class_id, why = max(found)
    chosen = classes[class_id]
    amount, share = amount_of(chosen, family)
    reason = f"{why}，符合“{chosen.get('class_name', '')}”；{share}{chosen.get('basis', '')}"
    return ClassProposal(class_id, amount, reason)


def amount_of(subsidy_class: Values, family: Family) -> tuple[int, str]:
    """The amount of a class in fen for a case with these agreements, and what is said of an oral share; rounded down to whole fen."""
    amount = _whole(subsidy_class, "amount")
    forms = {str(a.get("agreement_form", "")) for a in family.get("agreement", ())}
    share = subsidy_class.get("oral_share")
    if forms == {ORAL} and isinstance(share, int) and share != FULL:
        return amount * share // FULL, f"口头协议按{share}%计；"
    return amount, ""


def conditions_met(case: Values, family: Family, *, dossier_complete: bool, claimed_before: bool) -> tuple[str, ...]:
    """The conditions that the record itself shows; the others (reported up, not a civil servant, proof of presence) a person ticks."""
    sessions = [s for s in family.get("mediation_session", ()) if s.get("mediation_result")]
    settled = case.get("mediation_result", sessions[-1].get("mediation_result") if sessions else "") == SUCCESS
    shown = {
        SETTLED: settled and bool(family.get("agreement")),
        PERFORMED: bool(case.get("performed_on")) or case.get("performance_status") == "1",
        COMPLETE: dossier_complete,
        ARCHIVED: case.get("state") == "archived",
        ONCE: not claimed_before,
    }
    return tuple(code for code, holds in shown.items() if holds)


def lacking(subsidy_class: Values, met: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """(code, label) of the class's conditions that are not met yet."""
    asked = subsidy_class.get("conditions", [])
    known = code_list("subsidy_condition")
    had = set(met)
    return tuple((str(code), known.label_of(str(code))) for code in (asked if isinstance(asked, list) else []) if code not in had)


def quarter_of(day: str) -> str:
    """'2026-08-05' is '2026-Q3'."""
    return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"


def said_quarter(quarter: str) -> str:
    """'2026-Q3' is 2026年第三季度."""
    return f"{quarter[:4]}年第{'一二三四'[int(quarter[-1]) - 1]}季度"


def _in_force(classes: Mapping[str, Values], day: str) -> dict[str, Values]:
    """Of each class and level the newest that had begun on that day."""
    newest: dict[tuple[str, str], tuple[str, str]] = {}
    for class_id, one in sorted(classes.items()):
        begun = str(one.get("holds_from", ""))
        key = str(one.get("class_name", "")), str(one.get("subsidy_level", ""))
        if begun and begun <= day and begun >= newest.get(key, ("", ""))[0]:
            newest[key] = begun, class_id
    return {class_id: classes[class_id] for _, class_id in newest.values()}


def _met(one: Values, case: Values, family: Family) -> str | None:
    """Why a case falls into a class; None if it does not."""
    difficulties = one.get("difficulties")
    people, amount = _whole(one, "least_people"), _whole(one, "least_amount")
    if not difficulties and not people and not amount:
        return "各类案件"
    if isinstance(difficulties, list) and case.get("difficulty") in difficulties:
        return code_list("difficulty").label_of(str(case["difficulty"]))
    if people and _whole(case, "people_involved") >= people:
        return f"涉及{_whole(case, 'people_involved')}人"
    agreed = _agreed(family.get("agreement", ()))
    if amount and agreed >= amount:
        return f"协议金额{yuan(agreed)}元"
    return None


def _agreed(agreements: Sequence[Values]) -> int:
    return sum(_whole(a, "agreement_amount") for a in agreements)


def _whole(values: Values, name: str) -> int:
    value = values.get(name)
    return value if isinstance(value, int) else 0
