"""Several devices, people who type what they like, a line that fails anywhere: the promises S1 to S6 as one state machine.

A failing run prints the steps that lead to it and the blob that repeats it.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from county_server.county import County
from county_server.database import Database
from county_server.founding import found, url_of
from county_server.schema import CHANGE, RECORD
from jusuo_desktop.actions.decide_conflict import decide, open_conflicts
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store import Edit, Store
from jusuo_desktop.sync.engine import sync_once
from jusuo_desktop.sync.failures import SyncFailure
from jusuo_desktop.sync.patience import BatchSize, Patience
from jusuo_desktop.wire.scope import visible
from tests.county_server.counties import COUNTY_CODE
from tests.sync.direct import DirectTransport, Fate, joined
from tests.sync.offices import OFFICE, OTHER_VILLAGE, VILLAGE, new_store, reopened

DEVICES = {"王内勤": OFFICE, "李所长": OFFICE, "赵联络员": VILLAGE}
AT_ONCE = Patience(tries=2, first_pause=0.0, longest_pause=0.0)
EDITED = {
    "consultation": ("name", "consultation_content", "contact_phone", "from_the_future"),
    "mediation": ("dispute_summary", "from_the_future"),
    "party": ("name", "from_the_future"),
}
WORDS = st.sampled_from(["甲", "乙", "丙", None])
WHO = st.sampled_from(sorted(DEVICES))
FATES = st.lists(st.sampled_from(Fate), max_size=6)
SMALL = st.builds(BatchSize, changes=st.integers(1, 6), most_bytes=st.sampled_from([64, 400, 65536]))


class Devices(RuleBasedStateMachine):
    """Three machines of one office and the county."""

    @initialize()
    def open(self) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="devices-"))
        found(self.base / "county", COUNTY_CODE, "清溪县", [], None)
        self.database = Database(url_of(self.base / "county", None))
        self.county = County(self.database)
        self.stores: dict[str, Store] = {}
        self.ids: dict[str, str] = {}
        self.wall = 1_770_000_000.0
        self.copies: dict[str, int] = {}
        for name, scope in DEVICES.items():
            self.stores[name] = new_store(self.base / name, name)
            self.ids[name] = joined(self.county, self.stores[name], scope)
        self.typed: list[tuple[str, str, Any, str]] = []

    def teardown(self) -> None:
        try:
            if hasattr(self, "stores"):
                self.settle()
        finally:
            for store in getattr(self, "stores", {}).values():
                store.close()
            if hasattr(self, "database"):
                self.database.close()
                shutil.rmtree(self.base)

    # -- people ------------------------------------------------------------------

    def write(self, who: str, edit: Edit) -> None:
        record = self.stores[who].write([edit], act="save")[0]
        self.typed += [(record.id, name, value, record.scope) for name, value in edit.values.items() if value is not None]

    def known(self, who: str, kind: str) -> list[str]:
        return sorted(h for h in {t[0] for t in self.typed} if (r := self.stores[who].record(h)) is not None and r.kind == kind)

    @rule(who=WHO, name=WORDS, elsewhere=st.booleans())
    def consult(self, who: str, name: str | None, elsewhere: bool) -> None:
        village = OTHER_VILLAGE if elsewhere and DEVICES[who] == OFFICE else VILLAGE
        self.write(who, Edit("consultation", {"name": name, "village": place_id("village", village)}))

    @rule(who=WHO)
    def mediate(self, who: str) -> None:
        self.write(who, Edit("mediation", {"dispute_summary": "争地界", "village": place_id("village", VILLAGE)}))

    @rule(who=WHO, name=WORDS, pick=st.integers(0, 50))
    def add_party(self, who: str, name: str | None, pick: int) -> None:
        if parents := self.known(who, "mediation"):
            self.write(who, Edit("party", {"name": name or "某"}, parent_id=parents[pick % len(parents)]))

    @rule(who=WHO, kind=st.sampled_from(sorted(EDITED)), pick=st.integers(0, 50), field=st.integers(0, 9), value=WORDS)
    def edit(self, who: str, kind: str, pick: int, field: int, value: str | None) -> None:
        if records := self.known(who, kind):
            names = EDITED[kind]
            self.write(who, Edit(kind, {names[field % len(names)]: value}, records[pick % len(records)]))

    @rule(who=WHO, take=st.sampled_from(["kept", "other"]))
    def decide_one(self, who: str, take: Any) -> None:
        session = Session(self.stores[who])
        if conflicts := open_conflicts(session):
            decide(session, conflicts[0].id, take)

    # -- the world -----------------------------------------------------------------

    @rule(who=WHO, fates=FATES, size=SMALL)
    def sync(self, who: str, fates: list[Fate], size: BatchSize) -> None:
        transport = DirectTransport(self.county, self.ids[who], fates)
        try:
            report = sync_once(self.stores[who], transport, patience=AT_ONCE, size=size, wall=lambda: self.wall)
        except SyncFailure:
            return
        assert report.digest_equal is not False
        assert not report.repaired
        assert report.refused == 0

    @rule(who=WHO)
    def restart(self, who: str) -> None:
        self.stores[who].close()
        self.stores[who] = reopened(self.base / who, who)

    @rule(by=st.integers(-(10**9), 10**9))
    def clock_jumps(self, by: int) -> None:
        self.wall += by

    @invariant()
    def what_was_typed_last_is_shown_until_the_county_decides(self) -> None:
        for store in getattr(self, "stores", {}).values():
            assert store.held_digest() == store.local_digest()

    # -- the promises -----------------------------------------------------------------

    def settle(self) -> None:
        for _ in range(2):
            for name, store in self.stores.items():
                report = sync_once(store, DirectTransport(self.county, self.ids[name]), patience=AT_ONCE)
                assert report.digest_equal is True
        for name, store in self.stores.items():
            assert store.outbox_counts() == {}, f"{name}: S1"
        with self.database.reading() as connection:
            rows = {r.id: r for r in connection.execute(select(RECORD))}
            log = connection.execute(select(CHANGE.c.feed, CHANGE.c.seq, CHANGE.c.change_id).order_by(CHANGE.c.feed, CHANGE.c.seq)).all()
        assert len({r.change_id for r in log}) == len(log), "S1"
        for feed in {r.feed for r in log}:
            assert [r.seq for r in log if r.feed == feed] == list(range(1, sum(r.feed == feed for r in log) + 1)), "S4"
        first, second = (self.stores[name] for name, scope in DEVICES.items() if scope == OFFICE)
        assert first.local_digest() == second.local_digest(), "S2"
        village = next(self.stores[name] for name, scope in DEVICES.items() if scope == VILLAGE)
        held = sum(visible(r.scope, VILLAGE, reference=KINDS[r.kind].reference) for r in rows.values())
        assert village.local_digest()[1] == held, "S5"
        for record_id, name, value, scope in self.typed:
            assert self.kept(first, record_id, name, value), f"S3: {name}={value!r} of {record_id}"
            if scope == OTHER_VILLAGE:
                assert village.record(record_id) is None, "S5"

    @staticmethod
    def kept(store: Store, record_id: str, name: str, value: Any) -> bool:
        record = store.record(record_id)
        assert record is not None, "S4"
        if record.values.get(name) == value:
            return True
        if any(value in pair for row in store.history(record_id) for field, pair in row.fields.items() if field == name):
            return True
        conflicts = store.children(record_id, "conflict")
        return any(c.values["field_name"] == name and json.loads(str(c.values["other_value"])) == value for c in conflicts)


CHECKS = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def test_devices_converge_and_nothing_typed_is_lost() -> None:
    run_state_machine_as_test(Devices, settings=settings(max_examples=12, stateful_step_count=18, deadline=None, suppress_health_check=CHECKS))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_devices_converge_over_a_long_time() -> None:
    run_state_machine_as_test(Devices, settings=settings(max_examples=400, stateful_step_count=60, deadline=None, suppress_health_check=CHECKS))
