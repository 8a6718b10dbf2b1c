"""To point at an office, a village, a committee or a worker: what is offered while typing, and the name of a ledger's cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import FindLink, halfwidth
from jusuo_desktop.store.listing import ListQuery, ListRow
from jusuo_desktop.store.pinyin import initials

MOST_ROWS: Final = 5000
"""Places and workers of one county: some hundreds; a bound all the same."""
NEWEST: Final = 200
"""Of kinds that grow without end (cases, what was screened) the newest are offered."""
CUSTOMARY_TAILS: Final = ("村民委员会", "居民委员会", "村委会", "居委会", "人民调解委员会", "调解委员会", "调委会", "社区", "村")
TAILED: Final = frozenset({"village", "mediation_committee"})
CLERK_ROLES: Final = ("1", "2")
ROLES_OF: Final = {
    "mediators": ("3",),
    "adviser": ("4",),
    "received_by": CLERK_ROLES,
    "registered_by": CLERK_ROLES,
    "recorder": CLERK_ROLES,
    "visited_by": CLERK_ROLES,
}
"""Which workers a field most likely means, by their role."""


def candidates(session: Session, kind: str, typed: str = "", limit: int = 30, *, field: str = "") -> list[tuple[str, str]]:
    """(id, title) of the records that a link field may mean: found by name, initials or code; those of the user's own committee and
    village first, then those whose role fits the field named `field`.
    """
    wanted = halfwidth(typed).strip().lower()
    own = _own(session)
    ranked = []
    for row in _rows(session, kind):
        fit = _fit(row, wanted)
        if fit is not None:
            title = KINDS[kind].title(row.values)
            ranked.append((fit, _distance(row, own, field), title, row.id))
    return [(record_id, title) for _, _, title, record_id in sorted(ranked)[:limit]]


def siblings(session: Session, kind: str, parent_id: str) -> list[tuple[str, str]]:
    """(id, title) of the child rows of that kind that stand beside a record under one parent: the parties of a case."""
    found = session.store.children(parent_id, kind) if parent_id else []
    return [(r.id, KINDS[kind].title(r.values)) for r in found if not r.voided]


def find_link(session: Session) -> FindLink:
    """Finds the record that a name in a ledger means: the exact title, else the only one that differs by its customary tail
    (“东村” for “东村村民委员会”). Reads each kind once, when it is first asked for.
    """
    known: dict[str, dict[str, str | None]] = {}

    def find(kind: str, name: str) -> str | None:
        if kind not in known:
            known[kind] = _names(session, kind)
        name = _tidy(name)
        return known[kind].get(name) or known[kind].get(_short(kind, name))

    return find


def _rows(session: Session, kind: str) -> list[ListRow]:
    query, most = (ListQuery(kind, descending=False), MOST_ROWS) if KINDS[kind].reference else (ListQuery(kind), NEWEST)
    return session.store.rows(session.store.keys(query, most))


def _names(session: Session, kind: str) -> dict[str, str | None]:
    whole: dict[str, str | None] = {}
    short: dict[str, str | None] = {}
    for row in _rows(session, kind):
        for name in _called(row):
            whole[name] = row.id if whole.get(name, row.id) == row.id else None
            bare = _short(kind, name)
            short[bare] = row.id if short.get(bare, row.id) == row.id else None
    return {**short, **whole}


def _called(row: ListRow) -> Iterator[str]:
    for name in ("name", "division_code"):
        if name in row.values:
            yield _tidy(str(row.values[name]))


def _tidy(name: str) -> str:
    return "".join(halfwidth(name).split())


def _short(kind: str, name: str) -> str:
    if kind not in TAILED:
        return name
    tail = next((t for t in CUSTOMARY_TAILS if name.endswith(t) and len(name) > len(t)), "")
    return name.removesuffix(tail)


def _fit(row: ListRow, wanted: str) -> int | None:
    """0 the name begins so, 1 its initials do, 2 it is inside; None no match."""
    name = str(row.values.get("name") or ("" if KINDS[row.kind].reference else KINDS[row.kind].title(row.values))).lower()
    if name.startswith(wanted):
        return 0
    if wanted.isascii() and wanted.isalpha() and any(spelling.startswith(wanted) for spelling in initials(name)):
        return 1
    others = (str(row.values.get(n, "")) for n in ("short_name", "division_code", "firm_name", "phone"))
    return 2 if wanted in name or any(wanted in other for other in others) else None


def _own(session: Session) -> dict[str, Value]:
    user = session.store.record(session.store.user.id)
    return {"worker": session.store.user.id, **(user.values if user is not None else {})}


def _distance(row: ListRow, own: dict[str, Value], field: str) -> int:
    """0 the user's own committee or village and its people, 1 a fitting role, 2 the rest."""
    roles = row.values.get("worker_roles", [])
    wanted = ROLES_OF.get(field, ())
    if wanted and not (isinstance(roles, list) and set(wanted) & set(roles)):
        return 2
    if row.id in (own.get("worker"), own.get("committee"), own.get("village")):
        return 0
    near = (("committee", own.get("committee")), ("village", own.get("village")))
    return 0 if any(value and row.values.get(name) == value for name, value in near) else 1
