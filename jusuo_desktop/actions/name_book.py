"""The places and people that a ledger names: found as people write them, or registered on the way where that was asked for."""

from __future__ import annotations

import re
from typing import Final

from jusuo_desktop.actions.linked import find_link
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.check import check
from jusuo_desktop.records.field import Field, Value
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.reports.names import tidy
from jusuo_desktop.reports.plan import Options
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.store.write import REFERENCE_WRITERS

ROLE_BY_FIELD: Final = {"adviser": "4", "received_by": "1", "registered_by": "1", "recorder": "1"}
MEDIATOR: Final = "3"
COMMITTEE_TYPES: Final = ((r"社区|居", "02"), (r"街道", "04"), (r"镇|乡", "03"), (r"村", "01"), (r"公司|厂|企业", "05"))
TOWN_BEFORE: Final = re.compile(r"^.{2,8}?(?:镇|乡|街道(?:办事处)?)(?=.{2,})")


class NameBook:
    """Looks names up once and remembers; a name that may be registered gets an identity now and its record with the line that needs it."""

    def __init__(self, session: Session, options: Options) -> None:
        self._store = session.store
        self._find = find_link(session)
        allowed = session.store.user.role in REFERENCE_WRITERS
        self._register = {
            "worker": options.register_workers and allowed,
            "mediation_committee": options.register_committees and allowed,
            "village": options.register_villages and allowed,
        }
        self._known: dict[tuple[str, str], str | None] = {}
        self._new: dict[str, Edit] = {}
        self._used: list[str] = []

    def find(self, of: Field, name: str) -> str | None:
        """The id of the record that `name` means; None when there is none and none may be made."""
        found = self._known.get((of.link, name), "")
        if found == "":
            found = self._look(of, tidy(name))
            self._known[of.link, name] = found
        if found in self._new:
            self._used.append(found)
        return found

    def title(self, identity: str) -> str:
        """How the record is called, on file or about to be."""
        edit = self._new.get(identity)
        return str(edit.values["name"]) if edit is not None else self._store.name_of(identity)

    def used(self) -> list[str]:
        """The ids of records to be made that were asked for since the last call."""
        used, self._used = self._used, []
        return used

    def edits(self, ids: list[str]) -> list[Edit]:
        """The records to be made among `ids`."""
        return [self._new[i] for i in dict.fromkeys(ids) if i in self._new]

    def written(self, edits: list[Edit]) -> None:
        """These records are on file now."""
        for edit in edits:
            self._new.pop(edit.record_id, None)

    def same_name(self, kind: str, name: str) -> list[tuple[str, dict[str, Value]]]:
        """The records of a kind that are called exactly so: (id, values)."""
        ids = self._store.find_by_name(kind, name)
        records = [r for i in ids if (r := self._store.record(i)) is not None]
        return [(r.id, dict(r.values)) for r in records]

    def _look(self, of: Field, name: str) -> str | None:
        found = self._find(of.link, name)
        if found is None and of.link == "village":
            found = self._find(of.link, TOWN_BEFORE.sub("", name))
        if found is not None or not self._register.get(of.link) or not 2 <= len(name) <= 40:
            return found
        if of.link == "worker" and self._several(name):
            return None
        if any(p.blocking for p in check(KINDS[of.link], self._values(of, name))):
            return None
        identity = place_id(of.link, f"{self._store.scope}/{name}")
        if self._store.record(identity) is None and identity not in self._new:
            self._new[identity] = Edit(of.link, self._values(of, name), identity, new=True)
        return identity

    def _several(self, name: str) -> bool:
        """Whether two workers have that name: then a ledger's word alone does not say which."""
        return len(self._store.keys(ListQuery("worker", text=name), 3)) > 1 and len(self._store.find_by_name("worker", name)) > 1

    def _values(self, of: Field, name: str) -> dict[str, Value]:
        values: dict[str, Value] = {"name": name}
        if of.link == "worker":
            values["worker_roles"] = [ROLE_BY_FIELD.get(of.name, MEDIATOR)]
        elif of.link == "mediation_committee":
            kind = next((code for pattern, code in COMMITTEE_TYPES if re.search(pattern, name)), None)
            if kind is not None:
                values["committee_type"] = kind
        return {n: v for n, v in values.items() if n in KINDS[of.link].by_name}
