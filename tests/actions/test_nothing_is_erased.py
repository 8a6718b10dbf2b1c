"""Whatever is saved, taken off, voided or moved on, in any order: nothing is erased, and what is refused leaves no trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jusuo_desktop.actions.save_record import Child, lacking, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.take_step import open_steps, take_step
from jusuo_desktop.actions.void_record import void
from jusuo_desktop.records.kind import Record
from jusuo_desktop.store import Refused, create_store
from tests.actions.conftest import TODAY, first_run
from tests.actions.test_save_record import mediation

DAY = st.sampled_from(["2026-03-01", "2026-03-09", "2026-13-01", None])
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "accepted_on": DAY,
        "rights_notified_on": DAY,
        "closed_on": DAY,
        "dispute_type": st.sampled_from(["2", "no such code", None]),
        "title": st.sampled_from(["院墙滴水纠纷", None]),
        "termination_reason": st.sampled_from(["1", None]),
        "retention_period": st.sampled_from(["1", None]),
    },
)
PARTY = st.fixed_dictionaries(
    {"name": st.sampled_from(["张三", "单小芳", "𫖯明"])}, optional={"party_role": st.sampled_from(["1", "2"]), "birth_date": DAY}
)
ACT = st.one_of(
    st.tuples(st.just("save"), VALUES, st.lists(PARTY, max_size=2)),
    st.tuples(st.just("take off"), st.integers(0, 5)),
    st.tuples(st.just("step"), st.sampled_from(["accept", "refuse", "mediate", "fail", "withdraw", "resume", "close", "archive"])),
    st.tuples(st.just("void"), st.sampled_from(["重复登记", " "])),
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder: Path = tmp_path_factory.mktemp("office")
    store, _ = create_store(folder / "store", first_run())
    yield Session(store, lambda: TODAY)
    assert store.verify() == []
    store.close()


def family(session: Session, record_id: str) -> dict[str, Record]:
    top = session.store.record(record_id)
    assert top is not None
    return {r.id: r for r in (top, *session.store.children(record_id))}


def do(session: Session, record_id: str, act: tuple[object, ...]) -> None:
    match act:
        case ("save", dict(values), list(parties)):
            save(session, "mediation", values, record_id=record_id, children=tuple(Child("party", p) for p in parties))
        case ("take off", int(place)):
            rows = [r.id for r in session.store.children(record_id, "party") if not r.voided]
            save(session, "mediation", {}, record_id=record_id, removed=rows[place : place + 1])
        case ("step", str(step)):
            take_step(session, record_id, step)
        case ("void", str(reason)):
            void(session, record_id, reason)


@settings(max_examples=40)
@given(st.lists(ACT, max_size=12))
def test_nothing_is_erased_and_a_refusal_changes_nothing(office: Session, acts: list[tuple[object, ...]]) -> None:
    record_id = save(office, "mediation", mediation(office)).record.id
    for act in acts:
        before = family(office, record_id)
        try:
            do(office, record_id, act)
        except Refused:
            assert family(office, record_id) == before
            continue
        after = family(office, record_id)
        assert before.keys() <= after.keys()
        assert all(after[i].voided for i, r in before.items() if r.voided)
        assert not after[record_id].voided or all(r.voided for r in after.values())
        assert not {n for r in after.values() for n, v in r.values.items() if v is None}
    lacked = lacking(office, family(office, record_id)[record_id])
    for open_step in open_steps(office, record_id):
        if not open_step.lacking:
            moved = take_step(office, record_id, open_step.step.act)
            assert moved.values["state"] == open_step.step.target
            break
    assert lacking(office, family(office, record_id)[record_id]) == lacked
