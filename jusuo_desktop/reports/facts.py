"""What counts of a record, and nothing else of it: a mediation, a consultation, a visit as one line of numbers. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from jusuo_desktop.records.field import Values
from jusuo_desktop.records.kind import Record

CLOSED, ACCEPTED, AGREED = "closed", "accepted", "agreed"
RULES: Final = {CLOSED: "结案日期", ACCEPTED: "受理日期", AGREED: "协议日期"}
"""By which day a mediation counts: domain/statistics.md T1c leaves the choice to the county; it is printed under the table."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One counted record: its id and kind, the day on which it counts, where it belongs, and its numbers by name."""

    id: str
    kind: str
    day: str
    committee: str
    village: str
    values: Mapping[str, int | str]

    def number(self, name: str) -> int:
        """A number, 0 where the record has none."""
        value = self.values.get(name, 0)
        return value if isinstance(value, int) else 0

    @property
    def month(self) -> str:
        """YYYY-MM."""
        return self.day[:7]


def agreements_by_case(agreements: Iterable[Record]) -> dict[str, tuple[str, int, str]]:
    """For each mediation that has agreements: the form (written if one is), the sum in fen, the first day."""
    found: dict[str, tuple[str, int, str]] = {}
    for record in agreements:
        form, fen, day = found.get(record.parent_id, ("", 0, ""))
        values = record.values
        own, agreed = str(values.get("agreement_form", "")), str(values.get("agreed_on", ""))
        amount = values.get("agreement_amount", 0)
        found[record.parent_id] = (
            max(form, own),
            fen + (amount if isinstance(amount, int) else 0),
            min((d for d in (day, agreed) if d), default=""),
        )
    return found


def never_taken(values: Values) -> bool:
    """Whether the committee refused the case, closed and archived as refused or not: it was registered (rule A-04), never mediated."""
    return values.get("state") == "refused" or ("refusal_reason" in values and "accepted_on" not in values)


def case_day(values: Values, agreed: str, rule: str) -> str:
    """The day on which a mediation counts by a rule, '' when it does not count (yet). One that was never taken on never counts."""
    if never_taken(values):
        return ""
    if rule == AGREED:
        return agreed
    if rule == ACCEPTED:
        return str(values.get("accepted_on") or ("" if values.get("state", "registered") == "registered" else values.get("registered_on", "")))
    return str(values.get("closed_on", ""))


def cases(
    mediations: Iterable[Record],
    agreements: Mapping[str, tuple[str, int, str]],
    party_count: Callable[[str], int],
    committee_types: Mapping[str, str],
    rule: str = CLOSED,
) -> Iterator[Fact]:
    """The mediations that count by the rule. People involved: as entered, else as many as there are party rows."""
    for record in mediations:
        values = record.values
        form, fen, agreed = agreements.get(record.id, ("", 0, ""))
        day = case_day(values, agreed, rule)
        if not day:
            continue
        committee = str(values.get("committee", ""))
        people = values.get("people_involved")
        yield Fact(
            record.id,
            record.kind,
            day,
            committee,
            str(values.get("village", "")),
            {
                "type": str(values.get("dispute_type", "")),
                "source": str(values.get("case_source", "")),
                "result": str(values.get("mediation_result", "")),
                "difficulty": str(values.get("difficulty", "")),
                "performance": str(values.get("performance_status", "")),
                "body": committee_types.get(committee, ""),
                "form": form,
                "fen": fen,
                "people": people if isinstance(people, int) else party_count(record.id),
            },
        )


def consultations(records: Iterable[Record]) -> Iterator[Fact]:
    """Consultations, on the day on which somebody asked."""
    for record in records:
        values = record.values
        day = str(values.get("consulted_at", ""))[:10]
        if day:
            named = ("consultation_channel", "matter_type", "handling_method", "state", "satisfaction_grade")
            numbers: dict[str, int | str] = {name: str(values.get(name, "")) for name in named}
            numbers["aid"] = int(bool(values.get("transferred_to_legal_aid")))
            yield Fact(record.id, record.kind, day, "", str(values.get("village", "")), numbers)


VISIT_NUMBERS: Final = (
    "duration_minutes",
    "lecture_attendance",
    "consultation_count",
    "mediation_count",
    "training_attendance",
    "material_count",
    "legal_aid_count",
    "document_count",
    "charter_count",
)


def visits(records: Iterable[Record]) -> Iterator[Fact]:
    """Advisers' visits, on the day of the visit."""
    for record in records:
        values = record.values
        day = str(values.get("served_on", ""))
        if not day:
            continue
        numbers: dict[str, int | str] = {}
        for name in VISIT_NUMBERS:
            value = values.get(name)
            if isinstance(value, int):
                numbers[name] = value
        types = values.get("service_types")
        for code in types if isinstance(types, list) else ():
            numbers[f"type_{code}"] = 1
        numbers["rating"] = str(values.get("rating", ""))
        yield Fact(record.id, record.kind, day, "", str(values.get("village", "")), numbers)


def screenings(records: Iterable[Record], committee_of: Mapping[str, str]) -> Iterator[Fact]:
    """Rounds of dispute screening, zero reports among them, on their day; `committee_of` gives the committee of a village where none is named."""
    for record in records:
        values = record.values
        village, day = str(values.get("village", "")), str(values.get("screened_on", ""))
        if day:
            yield Fact(record.id, record.kind, day, str(values.get("committee") or committee_of.get(village, "")), village, {})


def averted(records: Iterable[Record], committee_of: Mapping[str, str]) -> Iterator[Fact]:
    """Dangers that were averted: early warnings that are resolved, on the day of that (the day they were seen, where none is told)."""
    for record in records:
        values = record.values
        day = str(values.get("resolved_at") or values.get("warned_at", ""))[:10]
        if day and values.get("state") == "resolved":
            village = str(values.get("village", ""))
            people = values.get("people_involved")
            numbers: dict[str, int | str] = {"danger": str(values.get("risk_forecast", "")), "people": people if isinstance(people, int) else 0}
            yield Fact(record.id, record.kind, day, committee_of.get(village, ""), village, numbers)
