"""以案定补 through the real store: proposed, claimed once, confirmed by the director alone, put on one sheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest

from jusuo_desktop.actions.save_record import Child, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.subsidy import (
    change_class,
    claim,
    confirm,
    put_on_sheet,
    quarter_span,
    quarters,
    reconsider,
    reject,
    sheet_claims,
    subsidy_rows,
)
from jusuo_desktop.actions.unlock import unlock
from jusuo_desktop.records.subsidy_proposal import quarter_of
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.store.people import add_user
from jusuo_desktop.store.refusal import NotAllowed, Refused
from tests.actions.conftest import PASSPHRASE, TODAY

DIRECTOR_WORDS = "所长的口令要长一点"


def committee(session: Session) -> str:
    store = session.store
    return store.rows(store.keys(ListQuery("mediation_committee")))[0].id


def mediator(session: Session) -> str:
    return session.store.write([Edit("worker", {"name": "单田芳", "worker_roles": ["3"]})], act="save")[0].id


def classes(session: Session) -> tuple[str, str]:
    common = {"subsidy_level": "3", "holds_from": "2026-01-01", "basis": "县司发〔2026〕1号", "conditions": ["1", "2"]}
    plain = {"class_name": "一般", "amount": 50_00, "rank": 1, "oral_share": 50, **common}
    major = {"class_name": "重大", "amount": 400_00, "rank": 3, "difficulties": ["3"], **common}
    made = session.store.write([Edit("subsidy_class", plain), Edit("subsidy_class", major)], act="save")
    return made[0].id, made[1].id


def closed_case(session: Session, who: str, *, form: str = "2", **more: object) -> str:
    """A case brought in from a ledger, closed on 10 March: how it came so far is not the matter here."""
    values = {
        "title": "张三与李四邻里纠纷", "registered_on": "2026-03-01", "dispute_type": "2", "committee": committee(session), "mediators": [who],
        "mediation_result": "1", "performed_on": "2026-03-09", "closed_on": "2026-03-10", "state": "closed", **more,
    }  # fmt: skip
    made = session.store.write([Edit("mediation", values, import_key=f"row-{len(more)}-{form}-{more}")], act="import")[0]
    save(session, "mediation", {}, record_id=made.id, children=(Child("agreement", {"agreement_form": form, "agreement_content": "清理排水沟"}),))
    return made.id


@pytest.fixture
def as_director(session: Session) -> Callable[[], Session]:
    """The same store, opened by the director."""
    add_user(session.store, PASSPHRASE, {"name": "李所长", "worker_roles": ["2"], "access_role": "director"}, DIRECTOR_WORDS)

    def opened() -> Session:
        folder = session.store.folder
        session.store.close()
        return unlock(folder, "李所长", DIRECTOR_WORDS, lambda: TODAY)

    return opened


def test_from_the_closed_case_to_the_sheet(session: Session, as_director: Callable[[], Session]) -> None:
    plain, major = classes(session)
    who = mediator(session)
    oral, hard = closed_case(session, who, form="1"), closed_case(session, who, difficulty="3")
    rows = {r.case.id: r for r in subsidy_rows(session, "2026-Q1")}
    assert {i: (r.class_id, r.amount, r.state, r.lacking) for i, r in rows.items()} == {oral: (plain, 25_00, "", ()), hard: (major, 400_00, "", ())}
    first, second = claim(session, oral), claim(session, hard)
    with pytest.raises(Refused, match="一件纠纷只补一次"):
        claim(session, oral)
    with pytest.raises(NotAllowed, match="由所长来做"):
        confirm(session, [first.id, second.id])
    assert change_class(session, first.id, major).values["amount"] == 400_00
    change_class(session, first.id, plain)

    director = as_director()
    assert [r.values["state"] for r in confirm(director, [first.id, second.id])] == ["confirmed", "confirmed"]
    with pytest.raises(Refused, match="不能再改金额"):
        save(director, "case_subsidy", {"amount": 900_00}, record_id=second.id)
    reconsider(director, first.id)
    with pytest.raises(Refused, match="审核意见"):
        reject(director, first.id, "")
    reject(director, first.id, "协议没有履行")
    assert {r.case.id: r.state for r in subsidy_rows(director, "2026-Q1")} == {oral: "rejected", hard: "confirmed"}
    put_on_sheet(director, [second.id], "2026-Q1")
    with pytest.raises(Refused):
        put_on_sheet(director, [second.id], "2026-Q2")
    assert [c.id for c in sheet_claims(director, "2026-Q1")] == [second.id]
    assert sheet_claims(director, "2026-Q2") == []
    assert claim(director, oral).values["amount"] == 25_00, "after a no, the case may be claimed anew"
    director.store.close()


def test_what_stands_in_the_way_is_named(session: Session) -> None:
    who = mediator(session)
    bare = closed_case(session, who)
    with pytest.raises(Refused, match="还没有设定"):
        claim(session, bare)
    classes(session)
    unpaid = closed_case(session, who, performed_on=None, people_involved=3)
    with pytest.raises(Refused, match="缺少协议已履行"):
        claim(session, unpaid)
    assert subsidy_rows(session, "2026-Q1")[0].case.id in (bare, unpaid)
    nobody = closed_case(session, who, mediators=None)
    with pytest.raises(Refused, match="没有填写调解员"):
        claim(session, nobody)
    open_case = save(session, "mediation", {"registered_on": "2026-03-01"}).record.id
    with pytest.raises(Refused, match="已经结案"):
        claim(session, open_case)


def test_a_dispute_mediated_again_is_not_paid_again(session: Session) -> None:
    plain, _ = classes(session)
    session.store.write([Edit("subsidy_class", {"conditions": ["1", "7"]}, plain)], act="save")
    who = mediator(session)
    before = closed_case(session, who)
    claim(session, before)
    again = closed_case(session, who, earlier_mediation=before)
    with pytest.raises(Refused, match="同一纠纷没有领过补贴"):
        claim(session, again)
    claim(session, again, ticked=["7"])


def test_the_quarters_of_a_year_follow_without_a_gap(session: Session) -> None:
    assert quarters(session, 6) == ["2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2", "2025-Q1", "2024-Q4"]
    spans = [quarter_span(q) for q in reversed(quarters(session, 8))]
    for (_, last), (first, _) in pairwise(spans):
        assert date.fromisoformat(last) + timedelta(1) == date.fromisoformat(first)
    assert all(quarter_of(day) == q for q in quarters(session) for day in quarter_span(q))
