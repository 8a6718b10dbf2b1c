"""To save: a record and its child rows in one write. An incomplete record is saved all the same and says what it still lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jusuo_desktop.actions.office_rules import office_rules
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.case_consequences import CONSEQUENT, consequences
from jusuo_desktop.records.check import check, missing
from jusuo_desktop.records.deadlines import NATIONAL_RULES, Rules
from jusuo_desktop.records.derived import BEGINNINGS, DATED, derived, title_of_mediation
from jusuo_desktop.records.field import Problem, Value, Values
from jusuo_desktop.records.identity import new_id
from jusuo_desktop.records.kind import VOIDED, Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.refusal import BadFields, Refused

REMOVED: Final = "录入有误"
"""The reason kept with a child row that is taken off the page: nothing is erased, not even a slip (design.md §4)."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The record as it now stands, and the labels of what it lacks to be complete (of child rows too: “当事人1：地位”)."""

    record: Record
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Child:
    """One child row of the page: changed fields, its id if it is saved already, and what the page saw in those fields."""

    kind: str
    values: Mapping[str, Value | None]
    record_id: str = ""
    expected: Mapping[str, Value | None] | None = None


def save(
    session: Session,
    kind: str,
    values: Mapping[str, Value | None],
    *,
    record_id: str = "",
    parent_id: str = "",
    expected: Mapping[str, Value | None] | None = None,
    children: Sequence[Child] = (),
    removed: Sequence[str] = (),
    draft_key: str = "",
    new: bool = False,
    also: Sequence[Edit] = (),
) -> Saved:
    """Writes a record, its child rows and the `removed` ones (voided) in one transaction, in which the draft goes too.

    `values` hold the changed fields, None empties one. `expected` is what the page saw in them. With `new` the id `record_id` is
    the caller's own for a record that does not exist yet. `also` are changes of other records that stand or fall with it.

    Raises:
        BadFields: a value that no record may hold; the problem of a child row is named “party[0].name”, by its place in `children`.
        Refused: a stale screen, a voided record, a role that may not.
    """
    _check_children(children)
    held = None if new or not record_id else session.store.record(record_id)
    identity = record_id or new_id()
    is_new = new or not record_id
    rows = [] if is_new else [r for r in session.store.children(identity) if not r.voided]
    rules = office_rules(session) if kind in DATED else NATIONAL_RULES
    own = _filled_in(kind, dict(values), held.values if held is not None else {}, rules)
    if is_new and (workflow := KINDS[kind].workflow) is not None:
        own.setdefault(workflow.field, workflow.first)
    if kind == "mediation":
        own |= titled(held.values if held is not None else {}, own, rows, children, removed)
    edits = [Edit(kind, own, identity, parent_id, new=is_new, expected=expected), *_child_edits(identity, rows, children)]
    edits += [Edit("", {VOIDED.name: REMOVED}, child_id) for child_id in removed]
    edits += _consequences(session, kind, own, held, parent_id)
    record = session.store.write([*edits, *also], act="save", draft_key=draft_key)[0]
    return Saved(record, lacking(session, record))


def lacking(session: Session, record: Record) -> tuple[str, ...]:
    """The labels of the required fields that are still empty in a record and its child rows."""
    kind = KINDS.get(record.kind)
    if kind is None or record.voided:
        return ()
    found = [f.label for f in missing(kind, record.values)]
    counted: dict[str, int] = {}
    for child in session.store.children(record.id):
        child_kind = KINDS.get(child.kind)
        if child_kind is None or child.voided:
            continue
        counted[child.kind] = counted.get(child.kind, 0) + 1
        found += [f"{child_kind.label}{counted[child.kind]}：{f.label}" for f in missing(child_kind, child.values)]
    return tuple(found)


def _check_children(children: Sequence[Child]) -> None:
    problems = []
    for place, child in enumerate(children):
        kind = KINDS[child.kind]
        given = {n: v for n, v in child.values.items() if v is not None}
        called = kind.title(given)
        for problem in check(kind, given):
            if problem.blocking:
                said = f"{kind.label}{f'“{called}”' if called else ''}：{problem.message}"
                problems.append(Problem(f"{child.kind}[{place}].{problem.field}", said))
    if problems:
        raise BadFields(tuple(problems))


def _filled_in(kind: str, given: dict[str, Value | None], held: Values, rules: Rules = NATIONAL_RULES) -> dict[str, Value | None]:
    """The given fields and what follows from them, where nothing stands yet and nobody emptied it on purpose."""
    whole = _put(held, given)
    for name in [n for n, v in given.items() if v is not None]:
        for filled, value in derived(kind, whole, changed=name, rules=rules).items():
            if filled not in whole and filled not in given and filled not in BEGINNINGS:
                given[filled] = whole[filled] = value
    return given


def _put(held: Values, given: Mapping[str, Value | None]) -> dict[str, Value]:
    return {n: v for n, v in {**held, **given}.items() if v is not None}


def _child_edits(parent_id: str, rows: Sequence[Record], children: Sequence[Child]) -> list[Edit]:
    held = {r.id: r.values for r in rows}
    edits = []
    for child in children:
        own = _filled_in(child.kind, dict(child.values), held.get(child.record_id, {}))
        if child.record_id:
            edits.append(Edit(child.kind, own, child.record_id, expected=child.expected))
        elif any(v is not None for v in own.values()):  # an untouched empty row of the page is no row
            edits.append(Edit(child.kind, own, new_id(), parent_id, new=True))
    return edits


def _consequences(session: Session, kind: str, own: Mapping[str, Value | None], held: Record | None, parent_id: str) -> list[Edit]:
    """The change of the record above that goes with this one: the mediators of the case, its last day."""
    above = held.parent_id if held is not None else parent_id
    case = session.store.record(above) if kind in CONSEQUENT and above else None
    if case is None:
        return []
    before = held.values if held is not None else {}
    beside = [r.values for r in session.store.children(case.id, kind) if not r.voided and (held is None or r.id != held.id)]
    changed = consequences(kind, before, _put(before, own), case.values, beside)
    return [Edit(case.kind, changed, case.id)] if changed else []


def titled(
    held: Values, own: Mapping[str, Value | None], rows: Sequence[Record], children: Sequence[Child] = (), removed: Sequence[str] = ()
) -> dict[str, Value | None]:
    """What a change of a mediation makes of its title: made from parties and type while nobody has typed one of their own. A typed one is
    kept in a field of its own as well, so that two people who change the parties never disagree about it, and what one of them typed stays.
    """
    before = [r.values for r in rows if r.kind == "party"]
    made_before = title_of_mediation(before, str(held.get("dispute_type", "")))
    if (typed := own.get("title")) and typed != made_before:
        return {"typed_title": typed}
    if "title" not in own and (typed := own["typed_title"] if "typed_title" in own else held.get("typed_title")):
        return {"title": typed} if typed != held.get("title") else {}
    if "title" not in own and "typed_title" not in own and (shown := held.get("title")) and shown != made_before:
        return {}  # typed before typed titles had a field of their own
    forgotten: dict[str, Value | None] = {"typed_title": None} if "typed_title" in held else {}
    edited = {c.record_id: c.values for c in children if c.record_id}
    after = [_put(r.values, edited.get(r.id, {})) for r in rows if r.kind == "party" and r.id not in removed]
    after += [_put({}, c.values) for c in children if c.kind == "party" and not c.record_id]
    made = title_of_mediation(after, str(_put(held, own).get("dispute_type", "")))
    return {"title": made, **forgotten} if made and made != held.get("title") else forgotten


def existing(session: Session, record_id: str) -> Record:
    """The record of that id.

    Raises:
        Refused: it is not on this machine.
    """
    record = session.store.record(record_id)
    if record is None:
        raise Refused("本机上没有这条记录，可能编号有误，或者已经移交给别的司法所。")
    return record
