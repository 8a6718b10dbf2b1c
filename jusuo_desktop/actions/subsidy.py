"""以案定补: the closed cases of a quarter, what the program proposes to pay for each, the director's word, and the sheet it is paid by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from jusuo_desktop.actions.print_form import Paper
from jusuo_desktop.actions.print_list import prepare_list
from jusuo_desktop.actions.save_record import existing, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records import subsidy_proposal
from jusuo_desktop.records.case_subsidy import CASE_SUBSIDY_WORKFLOW
from jusuo_desktop.records.field import Value, Values
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.subsidy_proposal import ClassProposal
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.listing import Filter, ListQuery
from jusuo_desktop.store.refusal import Refused

KIND: Final = "case_subsidy"
DONE: Final = ("closed", "archived")
MOST_CASES: Final = 5000
UNCLAIMED, PROPOSED, CONFIRMED, REJECTED, PAID = "", "proposed", "confirmed", "rejected", "paid"


@dataclass(frozen=True, slots=True)
class SubsidyRow:
    """A closed case and its claim, if there is one. `class_id` and `amount` (fen) are the claim's, else what is proposed; `lacking` (code,
    label) of the class's conditions that are not met, `reason` why it was proposed.
    """

    case: Record
    claim: Record | None
    mediator_id: str
    class_id: str
    amount: int
    reason: str
    lacking: tuple[tuple[str, str], ...]

    @property
    def state(self) -> str:
        """Where the claim stands; '' for none."""
        return CASE_SUBSIDY_WORKFLOW.state(self.claim.values) if self.claim is not None else UNCLAIMED


def quarter_span(quarter: str) -> tuple[str, str]:
    """First and last day of '2026-Q3'."""
    year, number = int(quarter[:4]), int(quarter[-1])
    first = date(year, 3 * number - 2, 1)
    following = date(year + number // 4, (3 * number) % 12 + 1, 1)
    return first.isoformat(), (following - timedelta(days=1)).isoformat()


def quarters(session: Session, many: int = 8) -> list[str]:
    """This quarter and those before it, newest first."""
    today = session.today()
    place = today.year * 4 + (today.month - 1) // 3
    return [f"{(place - n) // 4}-Q{(place - n) % 4 + 1}" for n in range(many)]


def subsidy_rows(session: Session, quarter: str) -> list[SubsidyRow]:
    """Every case closed in a quarter, oldest first, with its claim or the proposal for one."""
    store = session.store
    query = ListQuery("mediation", (Filter("state", "in", DONE), Filter("closed_on", "between", quarter_span(quarter))), "closed_on", False)
    classes = subsidy_classes(session)
    return [_row(session, Record(r.id, r.kind, "", r.values), classes) for r in store.rows(store.keys(query, MOST_CASES))]


def subsidy_classes(session: Session) -> dict[str, Values]:
    """What the county pays, by the id of the class."""
    return {record.id: record.values for record in session.store.each_record("subsidy_class")}


def proposal(session: Session, case: Record) -> ClassProposal | None:
    """What the program proposes for a case."""
    return subsidy_proposal.propose(case.values, _family(session, case.id), subsidy_classes(session), _committee_type(session, case))


def claim(session: Session, case_id: str, *, ticked: Sequence[str] = ()) -> Record:
    """Claims the subsidy of a case for its leading mediator, in the class that is proposed; `ticked` are conditions that a person vouches for.

    Raises:
        Refused: one dispute is paid once; no class fits; something that the class asks for is missing.
    """
    case = existing(session, case_id)
    if case.kind != "mediation" or case.values.get("state") not in DONE:
        raise Refused("以案定补只能为已经结案的调解案件申报，请先办理结案。")
    held = _claims(session, case_id)
    if any(CASE_SUBSIDY_WORKFLOW.state(c.values) != REJECTED for c in held):
        raise Refused("这件案件已经申报过以案定补，一件纠纷只补一次。")
    row = _row(session, case, subsidy_classes(session))
    if not row.class_id:
        raise Refused("县里还没有设定适用于这件案件的补贴档次，请在“设置”的“以案定补档次”里添加。")
    if not row.mediator_id:
        raise Refused("这件案件没有填写调解员，补贴发给办案的调解员，请先补填。")
    chosen = subsidy_classes(session)[row.class_id]
    met = (*_shown(session, case), *ticked)
    if still := subsidy_proposal.lacking(chosen, met):
        raise Refused(f"还不能申报“{chosen.get('class_name', '')}”档：缺少{'、'.join(label for _, label in still)}。")
    values: dict[str, Value | None] = {
        "mediator": row.mediator_id,
        "proposed_class": row.class_id,
        "subsidy_class": row.class_id,
        "class_reason": row.reason[:500],
        "amount": row.amount,
        "conditions_met": sorted(set(met)),
        "claimed_on": session.today().isoformat(),
    }
    return save(session, KIND, values, parent_id=case_id).record


def change_class(session: Session, claim_id: str, class_id: str) -> Record:
    """Another class for a claim that is not confirmed yet, with that class's amount."""
    held = existing(session, claim_id)
    amount, _ = subsidy_proposal.amount_of(subsidy_classes(session)[class_id], _family(session, held.parent_id))
    return save(session, KIND, {"subsidy_class": class_id, "amount": amount}, record_id=claim_id).record


def confirm(session: Session, claim_ids: Sequence[str]) -> list[Record]:
    """The director's yes to some claims, in one act.

    Raises:
        NotAllowed: the user is not the director.
        Refused: a claim lacks something; none is confirmed then.
    """
    said = {"state": CONFIRMED, "confirmed_by": session.store.user.id, "confirmed_on": session.today().isoformat()}
    return _all(session, claim_ids, said, "confirm_subsidy")


def reject(session: Session, claim_id: str, opinion: str) -> Record:
    """The director's no, with the reason."""
    return _all(session, [claim_id], {"state": REJECTED, "office_opinion": opinion}, "reject_subsidy")[0]


def reconsider(session: Session, claim_id: str) -> Record:
    """Takes the director's word back, so that class and amount can be changed."""
    taken_back = {"state": PROPOSED, "confirmed_by": None, "confirmed_on": None}
    return _all(session, [claim_id], taken_back, "reconsider_subsidy")[0]


def put_on_sheet(session: Session, claim_ids: Sequence[str], quarter: str) -> list[Record]:
    """Puts confirmed claims on the payment sheet of a quarter; a claim stands on one sheet only."""
    return _all(session, claim_ids, {"state": PAID, "paid_quarter": quarter}, "pay_subsidy")


def sheet_claims(session: Session, quarter: str) -> list[Record]:
    """The claims on the payment sheet of a quarter, by mediator and day."""
    store = session.store
    query = ListQuery(KIND, (Filter("paid_quarter", "=", quarter), Filter("state", "=", PAID)), "claimed_on", False)
    found = [Record(r.id, r.kind, "", r.values) for r in store.rows(store.keys(query, MOST_CASES))]
    return sorted(found, key=lambda c: (store.name_of(str(c.values.get("mediator", ""))), str(c.values.get("claimed_on", "")), c.id))


def payment_sheet(session: Session, quarter: str) -> Paper:
    """The payment sheet of a quarter, a line to sign for each claim, with its sums.

    Raises:
        Refused: nothing stands on it yet.
    """
    claims = sheet_claims(session, quarter)
    if not claims:
        raise Refused("这个季度的发放表还是空的：请先把所长确认过的列入发放表。")
    return prepare_list(session, "subsidy_payment", [claim.id for claim in claims], about=subsidy_proposal.said_quarter(quarter))


def _all(session: Session, claim_ids: Iterable[str], values: Mapping[str, Value | None], act: str) -> list[Record]:
    return session.store.write([Edit(KIND, values, claim_id) for claim_id in claim_ids], act=act)


def _row(session: Session, case: Record, classes: Mapping[str, Values]) -> SubsidyRow:
    claims = _claims(session, case.id)
    held = claims[-1] if claims else None
    made = subsidy_proposal.propose(case.values, _family(session, case.id), classes, _committee_type(session, case))
    mediators = case.values.get("mediators", [])
    first = mediators[0] if isinstance(mediators, list) and mediators else ""
    if held is not None:
        class_id, amount = str(held.values.get("subsidy_class", "")), held.values.get("amount", 0)
        ticked = held.values.get("conditions_met", [])
        met = {*_shown(session, case), *(ticked if isinstance(ticked, list) else [])}
        missing = subsidy_proposal.lacking(classes.get(class_id, {}), met)
        reason = str(held.values.get("class_reason", ""))
        return SubsidyRow(case, held, str(held.values.get("mediator", "")), class_id, amount if isinstance(amount, int) else 0, reason, missing)
    if made is None:
        return SubsidyRow(case, None, first, "", 0, "", ())
    return SubsidyRow(
        case, None, first, made.class_id, made.amount, made.reason, subsidy_proposal.lacking(classes[made.class_id], _shown(session, case))
    )


def _claims(session: Session, case_id: str) -> list[Record]:
    return [c for c in session.store.children(case_id, KIND) if not c.voided]


def _shown(session: Session, case: Record) -> tuple[str, ...]:
    archived = case.values.get("state") == "archived"  # an archived dossier was found complete: records.mediation_workflow
    before = any(CASE_SUBSIDY_WORKFLOW.state(c.values) != REJECTED for c in _earlier_claims(session, case))
    return subsidy_proposal.conditions_met(case.values, _family(session, case.id), dossier_complete=archived, claimed_before=before)


def _earlier_claims(session: Session, case: Record) -> list[Record]:
    """The claims of the mediations of the same dispute that went before: one dispute is paid once (domain/rules.md §9, 砚山)."""
    found: list[Record] = []
    seen = {case.id}
    earlier = str(case.values.get("earlier_mediation", ""))
    while earlier and earlier not in seen:
        seen.add(earlier)
        found += _claims(session, earlier)
        record = session.store.record(earlier)
        earlier = str(record.values.get("earlier_mediation", "")) if record is not None else ""
    return found


def _family(session: Session, case_id: str) -> dict[str, list[Values]]:
    family: dict[str, list[Values]] = {}
    for child in session.store.children(case_id):
        if not child.voided and child.kind in KINDS:
            family.setdefault(child.kind, []).append(child.values)
    return family


def _committee_type(session: Session, case: Record) -> str:
    committee = session.store.record(str(case.values.get("committee", "")))
    return str(committee.values.get("committee_type", "")) if committee is not None else ""
