"""A real office with one of everything that is printed."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.store import Edit, FirstRun, User, create_store
from jusuo_desktop.store.store import Store
from tests.printing import sheets, story

CLERK = "陆晓燕"
PASSPHRASE = "correct horse battery"
CLOCK = datetime(2026, 3, 9, 9, 0)


@dataclass(frozen=True)
class Office:
    """The session and the ids of its records by kind."""

    session: Session
    ids: dict[str, str]

    @property
    def store(self) -> Store:
        return self.session.store

    def values(self, kind: str) -> dict[str, object]:
        record = self.store.record(self.ids[kind])
        assert record is not None
        return dict(record.values)

    def as_role(self, role: str) -> Session:
        """The same store in the hands of another user."""
        store = copy.copy(self.store)
        store.user = User(self.store.user.id, "别人", role)
        return Session(store, lambda: CLOCK)


def make_office(folder: Path) -> Office:
    committee = {"name": "西塘镇红菱村人民调解委员会", "short_name": "菱民", "committee_type": "01"}
    first = FirstRun(
        office=sheets.OFFICE,
        user_name=CLERK,
        passphrase=PASSPHRASE,
        villages=[{"name": "西塘镇红菱村", "division_code": "330421103204"}],
        committees=[committee],
    )
    store, _ = create_store(folder, first)
    code = str(sheets.OFFICE["division_code"])
    adviser = store.write([Edit("worker", {"name": "欧阳文博", "worker_roles": ["3"], "firm_name": "浙江开发律师事务所"})], act="save")[0].id
    known = {
        sheets.COMMITTEE: place_id("mediation_committee", f"{code}/{committee['name']}"),
        sheets.VILLAGE: place_id("village", "330421103204"),
        sheets.ADVISER: adviser,
        sheets.MEDIATOR: store.user.id,
        sheets.CLERK: store.user.id,
    }

    def linked(values: dict[str, object]) -> dict[str, object]:
        return {
            name: list(dict.fromkeys(known.get(v, v) for v in value)) if isinstance(value, list) else known.get(str(value), value)
            for name, value in values.items()
            if not name.endswith("_number") or name == "id_card_number"
        }

    ids: dict[str, str] = {"village": known[sheets.VILLAGE], "mediation_committee": known[sheets.COMMITTEE]}
    for kind in ("mediation", "consultation", "adviser_visit"):
        ids[kind] = store.write([Edit(kind, linked(sheets.RICH[kind]))], act="save")[0].id
    for party in sheets.PARTIES:
        ids["party"] = store.write([Edit("party", linked(party) | {"name": party["name"]}, parent_id=ids["mediation"])], act="save")[0].id
    for kind in ("mediation_session", "agreement"):
        ids[kind] = store.write([Edit(kind, linked(sheets.RICH[kind]), parent_id=ids["mediation"])], act="save")[0].id
    for row in story.PERFORMANCE:
        ids["performance"] = store.write([Edit("performance", row, parent_id=ids["agreement"])], act="save")[0].id
    evaluation = linked(sheets.EVALUATION) | {"evaluation_subject": "1"}
    ids["evaluation"] = store.write([Edit("evaluation", evaluation, parent_id=ids["mediation"])], act="save")[0].id
    later = store.write([Edit("mediation", linked(sheets.FILLED["mediation"]))], act="save")[0].id
    for principal, party in zip((story.APPLICANT, story.RESPONDENT), sheets.PARTIES, strict=True):
        known[principal] = store.write([Edit("party", linked(party) | {"name": party["name"]}, parent_id=later)], act="save")[0].id
    known[story.SUBSIDY_CLASS] = store.write([Edit("subsidy_class", {**story.CLASS, "basis": "县司法局文件"})], act="save")[0].id
    for kind in story.ONE:
        ids[kind] = store.write([Edit(kind, linked(sheets.FILLED[kind]), parent_id=later)], act="save")[0].id
    for kind in ("dispute_screening", "early_warning"):
        ids[kind] = store.write([Edit(kind, linked(sheets.FILLED[kind]))], act="save")[0].id
    for row in story.SCREENED:
        ids["screened_dispute"] = store.write([Edit("screened_dispute", row, parent_id=ids["dispute_screening"])], act="save")[0].id
    return Office(Session(store, lambda: CLOCK), {**ids, "later": later})
