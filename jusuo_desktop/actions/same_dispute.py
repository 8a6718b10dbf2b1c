"""The same dispute on file already: candidates from the search index, never a scan; the likeness is records.same_dispute's.

Nothing is merged: the clerk says that it is the same, and that is a link (`earlier_mediation`, or a screened matter's case).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from jusuo_desktop.actions.known_people import PERSON_FIELDS
from jusuo_desktop.actions.save_record import existing, save
from jusuo_desktop.actions.screening_case import MADE_A_CASE
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import Value, Values
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.same_dispute import Dispute, Likeness, Somebody, place_words, ranked, times
from jusuo_desktop.reports.names import everyone
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.listing import ListQuery

MOST_PEOPLE: Final = 6
OF_A_NUMBER, OF_A_NAME, OF_TWO_NAMES, OF_A_PLACE = 8, 20, 8, 8
"""Records looked at for what was typed."""
NEWEST: Final = 60
"""The newest mediations are looked through as they are: what came in lately from another desk shares subject and village, not always a name."""
MOST_CANDIDATES: Final = 90
SHOWN: Final = 5
NAMES_IN: Final = ("party", "consultation")
TOLD_IN: Final = ("mediation", "consultation", "dispute_screening")
MOST_CHAIN: Final = 20


@dataclass(frozen=True, slots=True)
class Found:
    """What is on file: likenesses, the best first; who came to mediation how often before; how often this very dispute was mediated before."""

    alike: tuple[Likeness, ...]
    before: tuple[tuple[str, int], ...]
    again: int = 0


def dispute_of(kind: str, values: Values, people: Sequence[Values] = (), record_id: str = "", village: str = "") -> Dispute:
    """A record of a mediation (with its parties), a consultation or a screened dispute as the likeness sees it; half typed ones too."""
    if kind == "screened_dispute":
        named = tuple(Somebody(one.name) for one in everyone(str(values.get("parties", ""))))
        told, day = f"{values.get('place', '')} {values.get('summary', '')}", ""
    elif kind == "consultation":
        named, told, day = (somebody(values),), str(values.get("consultation_content", "")), str(values.get("consulted_at", ""))[:10]
    else:
        named = tuple(somebody(p) for p in people)
        told, day = f"{values.get('dispute_summary', '')} {values.get('application_items', '')}", str(values.get("registered_on", ""))
    return Dispute(
        record_id,
        kind,
        KINDS[kind].title(values),
        tuple(p for p in named if p.name or p.id_number or p.phone),
        str(values.get("dispute_type", "")),
        str(values.get("village", "")) or village,
        told.strip(),
        day,
    )


def somebody(values: Values) -> Somebody:
    """A party or a visitor."""
    name = values.get("name") or values.get("organization_name") or ""
    return Somebody(str(name), str(values.get("id_card_number", "")), str(values.get("contact_phone", "")))


def same_disputes(session: Session, typed: Dispute, apart_from: frozenset[str] = frozenset(), *, earlier: str = "") -> Found:
    """What on file may be the dispute that is being typed; `apart_from` are records that are known to be, or not to be. Bounded: some tens of
    records are read, whatever the size of the store. `earlier` is the case that this one is said to go on from.
    """
    again = len(earlier_cases(session, {"earlier_mediation": earlier})) if earlier else 0
    if not typed.people and len(typed.told) < 8:
        return Found((), (), again)
    looked = replace(typed, day=typed.day or session.today().isoformat())
    known = _candidates(session, looked)
    others = [d for d in known if d.record_id not in apart_from]
    return Found(tuple(ranked(looked, others, SHOWN)), tuple(times(looked, known)), again)


def _candidates(session: Session, typed: Dispute) -> list[Dispute]:
    tops: dict[str, None] = {}
    for record in _records(session, typed):
        top = record.parent_id or record.id
        tops.setdefault(top)
    families = session.store.families(list(islice(tops, MOST_CANDIDATES)))
    return [dispute for record, children in families if not record.voided for dispute in _read(record, [c for c in children if not c.voided])]


def _records(session: Session, typed: Dispute) -> Iterable[Record]:
    store = session.store
    people = typed.people[:MOST_PEOPLE]
    for one in people:
        for number in (one.id_number, one.phone):
            if len(number) >= 7:
                yield from store.people(number, OF_A_NUMBER, kinds=NAMES_IN)
    names = [one.name for one in people if len(one.name) > 1]
    if len(names) > 1:
        yield from store.people(" ".join(names[:2]), OF_TWO_NAMES, kinds=("mediation",))
    for name in names:
        yield from store.people(name, OF_A_NAME, kinds=NAMES_IN)
        yield from _hits(session, name, ("dispute_screening",))
    for word in [w for w in place_words(typed.told) if len(w) > 2][:2]:
        yield from _hits(session, word, TOLD_IN)
    if typed.told:
        for row in store.rows(store.keys(ListQuery("mediation"), NEWEST)):
            if (typed.village and row.values.get("village") == typed.village) or row.values.get("dispute_type") == typed.dispute_type:
                yield Record(row.id, row.kind, "", row.values)


def _hits(session: Session, words: str, kinds: Sequence[str]) -> Iterable[Record]:
    for hit in session.store.search(words, kinds, OF_A_PLACE):
        yield Record(hit.id, hit.kind, "")


def _read(record: Record, children: Sequence[Record]) -> list[Dispute]:
    if record.kind == "mediation":
        parties = [c.values for c in children if c.kind == "party"]
        return [dispute_of("mediation", record.values, parties, record.id)]
    if record.kind == "consultation":
        return [dispute_of("consultation", record.values, (), record.id)]
    if record.kind != "dispute_screening" or record.values.get("is_zero_report"):
        return []
    day, village = str(record.values.get("screened_on", "")), str(record.values.get("village", ""))
    rows = [c for c in children if c.kind == "screened_dispute" and not c.values.get("mediation")]
    return [replace(dispute_of("screened_dispute", row.values, (), row.id, village), day=day) for row in rows]


def people_of(session: Session, record_id: str) -> list[dict[str, Value]]:
    """The people of a found record as party rows, without the roles they had there.

    Raises:
        Refused: no such record.
    """
    record = existing(session, record_id)
    if record.kind == "screened_dispute":
        named = everyone(str(record.values.get("parties", "")))
        return [{"organization_name" if one.organization else "name": one.name} for one in named]
    rows: list[Mapping[str, Value]] = [record.values]
    if record.kind == "mediation":
        rows = [c.values for c in session.store.children(record.id, "party") if not c.voided]
    found = [{n: row[n] for n in PERSON_FIELDS if n in row} for row in rows]
    return [row for row in found if row]


def link_screened(session: Session, mediation_id: str, screened_id: str) -> Record:
    """Says that a screened matter is the dispute of this case: linked both ways in one write.

    Raises:
        Refused: one of them is gone, voided, or was changed by somebody else at this moment.
    """
    screened = existing(session, screened_id)
    before = {"mediation": screened.values.get("mediation")}
    also = Edit(screened.kind, {"mediation": mediation_id, "screening_outcome": MADE_A_CASE}, screened_id, expected=before)
    return save(session, "mediation", {"screened_dispute": screened_id}, record_id=mediation_id, also=(also,)).record


def earlier_cases(session: Session, mediation: Values) -> list[Record]:
    """The cases in which the same dispute was mediated before, the latest first, by the links the clerks have made."""
    found: list[Record] = []
    following = str(mediation.get("earlier_mediation", ""))
    while following and len(found) < MOST_CHAIN and following not in {r.id for r in found}:
        record = session.store.record(following)
        if record is None:
            break
        found.append(record)
        following = str(record.values.get("earlier_mediation", ""))
    return found
