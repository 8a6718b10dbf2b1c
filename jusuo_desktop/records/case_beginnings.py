"""What a child of a mediation begins with, from what the case already knows: nobody types a name twice. All of it can be typed over. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from jusuo_desktop.records.deadlines import months_later_day
from jusuo_desktop.records.derived import APPLICANT, RESPONDENT, age_on
from jusuo_desktop.records.field import Value, Values

BY_POWER, BY_LAW = "1", "2"
"""Codes of the list agent_kind."""
DONE, PARTLY, NOT_DONE = "1", "2", "3"
"""Codes of the list evaluation_performance."""
ADULT: Final = 18
PROPERTY: Final = frozenset({"3", "7", "8"})
"""Codes of the list dispute_type in which the court wants to see whose the property is (民诉法解释第354条)."""


@dataclass(frozen=True, slots=True)
class Case:
    """A mediation and all that hangs on it, by kind; the ids of its parties stand beside them in the same order."""

    values: Values
    title: str = ""
    family: Mapping[str, Sequence[Values]] = field(default_factory=dict)
    party_ids: Sequence[str] = ()
    committee: Values = field(default_factory=dict)
    county: str = ""

    def of(self, kind: str) -> Sequence[Values]:
        """The rows of a kind."""
        return self.family.get(kind, ())

    @property
    def agreement(self) -> Values:
        """The agreement that was reached last; {} while there is none."""
        return max(self.of("agreement"), key=lambda a: str(a.get("agreed_on", "")), default={})


def name_of(person: Values) -> str:
    """What a party, an agent or a participant is called."""
    return str(person.get("name") or person.get("organization_name", ""))


def names(people: Iterable[Values], *roles: str) -> str:
    """Their names in a line; those of the named party roles alone, if any are named."""
    found = (name_of(p) for p in people if not roles or p.get("party_role") in roles)
    return "、".join(dict.fromkeys(n for n in found if n))


def begun(kind: str, case: Case) -> dict[str, Value]:
    """The first values of a new child of that kind; none that the case does not know."""
    rule = _RULES.get(kind)
    found = rule(case) if rule is not None else {}
    return {name: value for name, value in found.items() if value not in ("", [], None)}


def begun_row(kind: str, begin: Values, parent: Values, rows: Sequence[Values]) -> dict[str, Value]:
    """The first values of one more row of a table: `begin` is what every row may start with, `parent` the record above, `rows` those before."""
    rule = _ROWS.get(kind)
    return {**begin, **(rule(parent, rows) if rule is not None else {})}


def _present(case: Case) -> str:
    return names((*case.of("party"), *case.of("agent"), *case.of("participant")))


def _agent(case: Case) -> dict[str, Value]:
    """A minor's guardian is his agent by law; else nothing is known yet."""
    day = str(case.values.get("registered_on", ""))
    for party_id, party in zip(case.party_ids, case.of("party"), strict=False):
        born = party.get("birth_date")
        if day and born and "guardian_name" in party and age_on(str(born), day) < ADULT and not case.of("agent"):
            return {
                "name": party["guardian_name"],
                "agent_kind": BY_LAW,
                "principals": [party_id],
                "relationship": party.get("guardian_relationship", ""),
                "contact_phone": party.get("guardian_phone", ""),
            }
    return {"principals": list(case.party_ids)} if len(case.party_ids) == 1 else {}


def _invitation(case: Case) -> dict[str, Value]:
    place = case.values.get("place") or case.committee.get("address") or case.committee.get("name", "")
    contact = " ".join(str(case.committee[n]) for n in ("name", "phone") if n in case.committee) if "phone" in case.committee else ""
    return {"invited_persons": names(case.of("party")), "place": place, "contact": contact}


def _service_proof(case: Case) -> dict[str, Value]:
    """The paper that most likely goes out now, to the party that has none yet."""
    served = {str(p.get("recipient", "")) for p in case.of("service_proof")}
    waiting = [p for p in case.of("party") if name_of(p) and name_of(p) not in served]
    paper = next((paper for state, paper in PAPERS if case.values.get("state") == state), "调解通知书" if case.of("invitation") else "")
    return {"document_names": paper, "recipient": name_of(waiting[0]) if waiting else "", "place": waiting[0].get("address", "") if waiting else ""}


PAPERS: Final = (("refused", "不予受理通知书"), ("failed", "终止调解通知书"), ("settled", "人民调解协议书"))


def _inquiry(case: Case) -> dict[str, Value]:
    return {"place": case.values.get("place", ""), "investigators": case.values.get("mediators", [])}


def _session(case: Case) -> dict[str, Value]:
    known: dict[str, Value] = {n: case.values[n] for n in ("place", "mediators") if n in case.values}
    called = max(case.of("invitation"), key=lambda i: str(i.get("mediated_at", "")), default={})
    return {**known, "participants": _present(case), "place": known.get("place", "") or called.get("place", "")}


def _agreement(case: Case) -> dict[str, Value]:
    parties = case.of("party")
    return {
        "facts_and_disputed_matters": case.values.get("dispute_summary", ""),
        "copies": len(parties) + 1 if parties else "",  # each party one, the committee one (人民调解法第29条)
    }


def _change(case: Case) -> dict[str, Value]:
    return {"former_mediators": case.values.get("mediators", [])}


def performance_of(case: Case) -> str:
    """How far the agreement is performed, by its items: a code of evaluation_performance, '' where nothing tells."""
    items = case.of("performance")
    if not items:
        return DONE if case.values.get("performance_status") == "1" or "performed_on" in case.values else ""
    done = ["performed_on" in i for i in items]
    return DONE if all(done) else PARTLY if any(done) else NOT_DONE


def _follow_up(case: Case) -> dict[str, Value]:
    return {"visited_persons": names(case.of("party")), "visit_reason": case.title, "performance_status": performance_of(case)}


def _confirmation(case: Case) -> dict[str, Value]:
    """What the two sides ask and why, in the words of their agreement; the wording is a beginning (domain/forms.md §2.14)."""
    agreed = case.agreement
    if not agreed:
        return {"court_name": f"{case.county}人民法院" if case.county else ""}
    who = names(case.of("party"), APPLICANT, RESPONDENT) or names(case.of("party"))
    day, number, committee = _day(agreed.get("agreed_on")), agreed.get("agreement_number", ""), case.committee.get("name", "")
    parts = (agreed.get(n, "") for n in ("facts_and_disputed_matters", "agreement_content", "performance_terms"))
    account = "\n".join(str(p) for p in parts if p)
    materials = [
        "人民调解协议书",
        "调解组织主持调解的证明",
        "双方身份证明",
        *(["财产权利证明"] if case.values.get("dispute_type") in PROPERTY else []),
    ]
    return {
        "court_name": f"{case.county}人民法院" if case.county else "",
        "request_items": f"请求依法确认{who}于{day}经{committee}主持调解达成的调解协议{f'（{number}）' if number else ''}有效。",
        "facts_and_reasons": account,
        "materials": "、".join(materials),
    }


def _day(value: Value | None) -> str:
    year, month, day = str(value)[:10].split("-") if value else ("", "", "")
    return f"{year}年{int(month)}月{int(day)}日" if year else "　年　月　日"


def _evaluation(case: Case) -> dict[str, Value]:
    return {"performance": performance_of(case)}


def _instalment(agreement: Values, rows: Sequence[Values]) -> dict[str, Value]:
    """The first item is the whole amount by the agreed day; a further one goes on from the one before it, a month later."""
    amount, last = agreement.get("agreement_amount"), rows[-1] if rows else {}
    rest = amount - sum(r["amount"] for r in rows if isinstance(r.get("amount"), int)) if isinstance(amount, int) else 0  # type: ignore[misc]
    found: dict[str, Value] = {"instalment": len(rows) + 1} if rows else {}
    if rest > 0:
        found["amount"] = rest
    if not rows and "performance_due_on" in agreement:
        found["due_on"] = agreement["performance_due_on"]
    if "due_on" in last:
        found["due_on"] = months_later_day(str(last["due_on"]), 1)
    return {**found, **{n: last[n] for n in ("obligor", "content", "performance_method", "received_by") if n in last}}


def row_begin(kind: str, case: Case) -> dict[str, Value]:
    """What every row of a table beneath the case's agreement may start with: he who was asked mostly owes."""
    owing = [p for p in case.of("party") if p.get("party_role") == RESPONDENT]
    return {"obligor": name_of(owing[0])} if kind == "performance" and len(owing) == 1 and name_of(owing[0]) else {}


_RULES: Final[dict[str, Callable[[Case], dict[str, Value]]]] = {
    "agent": _agent,
    "invitation": _invitation,
    "service_proof": _service_proof,
    "inquiry": _inquiry,
    "mediation_session": _session,
    "mediator_change": _change,
    "agreement": _agreement,
    "follow_up": _follow_up,
    "judicial_confirmation": _confirmation,
    "evaluation": _evaluation,
}
_ROWS: Final[dict[str, Callable[[Values, Sequence[Values]], dict[str, Value]]]] = {"performance": _instalment}
ROW_KINDS: Final = frozenset(_ROWS)
"""The kinds whose rows begin with what the page above them and the rows before them say."""
