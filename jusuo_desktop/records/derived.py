"""What one typed field tells about others: filled in while typing, shown, and free to be overwritten by the clerk. No clock, no disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from jusuo_desktop.records import id_card
from jusuo_desktop.records.check import check_field
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.deadlines import NATIONAL_RULES, REFERRED, Deadline, Rules, letter_due, mediation_due, referral_due, reply_due
from jusuo_desktop.records.field import Field, FieldType, Value, Values
from jusuo_desktop.records.registry import KINDS

ELDERLY, MINOR, WOMAN = "2", "3", "4"
"""Codes of the list crowd_type that an identity number proves."""
NATURAL_PERSON: Final = "01"
ORAL: Final = "1"
LETTER: Final = "2"
"""Code of the list consultation_channel."""
PERFORMED: Final = "1"
APPLICANT, RESPONDENT = "1", "2"

BEGINNINGS: Final = frozenset({"address"})
"""Derived values that are only the beginning of one: put before the clerk to type on, never saved unseen."""


def derived(kind: str, values: Values, *, changed: str, rules: Rules = NATIONAL_RULES) -> dict[str, Value]:
    """What follows from `values` now that the field `changed` has a new value; only fields that the kind has, never `changed` itself."""
    if (kind, changed) in _DEADLINES:
        return {name: due.day for name, due in _following(kind, values, changed, rules) if due.day != values.get(name)}
    rule = _RULES.get((kind, changed)) or _RULES.get(("", changed))
    if rule is None or kind not in KINDS:
        return {}
    fields = KINDS[kind].by_name
    sound = {name: value for name, value in values.items() if name not in fields or _sound(fields[name], value)}
    if changed not in sound:
        return {}
    found = {name: value for name, value in rule(sound).items() if name in fields and name != changed and value != values.get(name)}
    return {name: value for name, value in found.items() if name not in BEGINNINGS or name not in values}


def deadline(kind: str, values: Values, *, changed: str, rules: Rules = NATIONAL_RULES) -> tuple[str, Deadline] | None:
    """The field whose last day follows from the field `changed`, and that day with what must be said beside it; None where none does."""
    return next(_following(kind, values, changed, rules), None)


def deadlines(kind: str, values: Values, rules: Rules = NATIONAL_RULES) -> dict[str, Deadline]:
    """Every last day that follows from `values`, by the field where it stands, with what must be said beside it."""
    return dict(due for of, changed in _DEADLINES if of == kind for due in _following(kind, values, changed, rules))


def _following(kind: str, values: Values, changed: str, rules: Rules) -> Iterator[tuple[str, Deadline]]:
    for rule in _DEADLINES.get((kind, changed), ()):
        fields = KINDS[kind].by_name
        looked_at = [n for n in (*rule.needs, *rule.reads) if n in values]
        if changed not in values or not all(_sound(fields[n], values[n]) for n in looked_at):
            continue
        due = rule.count(values, rules) if all(n in values for n in rule.needs) and rule.holds(values) else None
        if due is not None:
            yield rule.field, due


def _sound(field: Field, value: Value) -> bool:
    """Whether something may follow from a value: what is typed is not always a day or a code yet. Nothing follows from a long text."""
    return field.type is not FieldType.LONG_TEXT and not any(p.blocking for p in check_field(field, value))


def age_on(birth_date: str, day: str) -> int:
    """Full years at `day`; both 'YYYY-MM-DD'."""
    born, then = date.fromisoformat(birth_date), date.fromisoformat(day[:10])
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def title_of_mediation(parties: Sequence[Values], dispute_type: str) -> str:
    """“张三与李四邻里纠纷”: the first applicant and the first respondent (“等” for more), and the dispute's type; '' without parties."""
    names = [(str(p.get("name") or p.get("organization_name", "")), p.get("party_role")) for p in parties]
    sides = [_side([n for n, role in names if n and role == wanted]) for wanted in (APPLICANT, RESPONDENT)]
    if not all(sides):  # roles not yet chosen: whoever comes first, in the order of the sheet
        known = [n for n, role in names if n and role in (None, APPLICANT, RESPONDENT)]
        sides = [_side(known[:1]), _side(known[1:])]
    who = "与".join(s for s in sides if s)
    label = code_list("dispute_type").label_of(dispute_type).removeprefix("其他") if dispute_type else ""
    return f"{who}{label or '纠纷'}" if who else ""


def made(kind: str, values: Values, rows: Mapping[str, Sequence[Values]]) -> dict[str, Value]:
    """The fields that the program makes (Field.made), from a record's values and its child rows by kind, voided ones left out; what cannot
    be made is left out.
    """
    if kind != "mediation":
        return {}
    title = values.get("typed_title") or title_of_mediation(rows.get("party", ()), str(values.get("dispute_type", "")))
    return {"title": title} if title else {}


def _side(names: Sequence[str]) -> str:
    return "" if not names else names[0] + ("等" if len(names) > 1 else "")


def _from_id_card(values: Values) -> dict[str, Value]:
    told = id_card.read(str(values["id_card_number"]))
    found: dict[str, Value] = {}
    if told.birth_date:
        found["birth_date"] = told.birth_date
    if told.sex:
        found["sex"] = told.sex
        found["party_type"] = NATURAL_PERSON
    if told.region_name:
        found["address"] = told.region_name
    if crowd := _crowd(told, str(values.get("consulted_at", ""))):
        known = values.get("crowd_types", [])
        found["crowd_types"] = list(dict.fromkeys([*(known if isinstance(known, list) else []), *crowd]))
    return found


def _crowd(told: id_card.IdCard, day: str) -> list[str]:
    crowd = []
    if told.birth_date and day:
        age = age_on(told.birth_date, day)
        crowd += [ELDERLY] if age >= 60 else [MINOR] if age < 18 else []
    return crowd + ([WOMAN] if told.sex == "2" else [])


def _performed(values: Values) -> dict[str, Value]:
    return {} if "performance_status" in values else {"performance_status": PERFORMED}


def _effective(values: Values) -> dict[str, Value]:
    """An oral agreement is in force from the day it is reached (人民调解法第30条); a written one from the last signature (第29条)."""
    if values.get("agreement_form") == ORAL and "agreed_on" in values:
        return {"effective_on": values["agreed_on"]}
    return {}


def _duration(values: Values) -> dict[str, Value]:
    start, end = _minutes(values.get("started_at")), _minutes(values.get("ended_at"))
    return {"duration_minutes": end - start} if start is not None and end is not None and end > start else {}


def _minutes(clock: Value | None) -> int | None:
    hours, _, minutes = str(clock or "").partition(":")
    return int(hours) * 60 + int(minutes) if hours.isdigit() and minutes.isdigit() else None


_RULES: Final[dict[tuple[str, str], Callable[[Values], dict[str, Value]]]] = {
    ("", "id_card_number"): _from_id_card,
    ("mediation", "performed_on"): _performed,
    ("agreement", "agreement_form"): _effective,
    ("agreement", "agreed_on"): _effective,
    ("adviser_visit", "started_at"): _duration,
    ("adviser_visit", "ended_at"): _duration,
}
"""By kind ('' for every kind) and changed field."""


@dataclass(frozen=True, slots=True)
class _Due:
    """A last day that follows from other fields: where it stands, what it needs, when it applies, how it is counted."""

    field: str
    needs: tuple[str, ...]
    count: Callable[[Values, Rules], Deadline | None]
    holds: Callable[[Values], bool] = lambda values: True
    reads: tuple[str, ...] = ()
    """Further fields that it looks at where they are there."""


_BY_LETTER: Final = _Due(
    "reply_due_on",
    ("consulted_at", "consultation_channel"),
    lambda values, rules: letter_due(str(values["consulted_at"]), rules),
    lambda values: values["consultation_channel"] == LETTER,
)


def _mediation_due(values: Values, rules: Rules) -> Deadline | None:
    """A month from acceptance; what a court entrusted within the court's time, from the receipt of its papers, else from acceptance."""
    kind = str(values.get("referral_kind", ""))
    if kind in REFERRED:
        start = values.get("referral_received_on") or values.get("accepted_on")
        return referral_due(kind, str(start), rules) if start else None
    return mediation_due(str(values["accepted_on"]), rules) if "accepted_on" in values else None


_OF_A_CASE: Final = _Due("due_on", (), _mediation_due, reads=("accepted_on", "referral_kind", "referral_received_on"))
_REPLY: Final = _Due("referral_reply_due_on", ("referral_received_on",), lambda values, rules: reply_due(str(values["referral_received_on"]), rules))
_DEADLINES: Final[dict[tuple[str, str], tuple[_Due, ...]]] = {
    ("mediation", "accepted_on"): (_OF_A_CASE,),
    ("mediation", "referral_kind"): (_OF_A_CASE,),
    ("mediation", "referral_received_on"): (_OF_A_CASE, _REPLY),
    ("consultation", "consulted_at"): (_BY_LETTER,),
    ("consultation", "consultation_channel"): (_BY_LETTER,),
}
"""By kind and changed field."""

DATED: Final = frozenset(kind for kind, _ in _DEADLINES)
"""The kinds that have a last day which follows from other fields."""
