"""A print is known on every computer of the office, in one order, with its bytes; a laptop fetches them when they are wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from county_server.county import County
from jusuo_desktop.actions.print_form import forms_for, prepare, printed
from jusuo_desktop.actions.reprint import past_prints, sheet_again
from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.void_record import void
from jusuo_desktop.actions.volume import volume_state
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.records.volume import PRESENT
from jusuo_desktop.store import Printed, Refused, Store
from jusuo_desktop.store.edit import User
from jusuo_desktop.store.schema import PRINTED
from jusuo_desktop.sync.contents import ContentRun, missing
from jusuo_desktop.sync.engine import sync_once
from tests.county_server.counties import founded
from tests.sync.direct import DirectTransport, joined
from tests.sync.offices import OFFICE, OTHER_VILLAGE, VILLAGE, new_store, reopened


class Computer:
    """One computer of the office."""

    def __init__(self, county: County, folder: Path, user: str, scope: str = OFFICE) -> None:
        self.county, self.folder, self.user = county, folder, user
        self.session = Session(new_store(folder, user), lambda: datetime(2026, 3, 20, 9))
        self.line = DirectTransport(county, joined(county, self.session.store, scope))

    @property
    def store(self) -> Store:
        return self.session.store

    def sync(self) -> None:
        assert sync_once(self.store, self.line).digest_equal is True

    def carry(self) -> None:
        """The bytes, as an office's computer does after a sync."""
        run = ContentRun(self.store, self.line)
        run.send()
        run.fetch(missing(self.store))

    def case(self) -> str:
        values = {"title": "院墙滴水", "registered_on": "2026-03-09", "village": place_id("village", VILLAGE), "case_number": "〔2026〕第1号"}
        return save(self.session, "mediation", values).record.id

    def print_out(self, record_id: str) -> bytes:
        paper = prepare(self.session, form(self.session), record_id)
        printed(self.session, paper)
        return paper.pdf


def form(session: Session) -> str:
    return next(t.name for t in forms_for(session, "mediation") if t.kind.name == "mediation")


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with founded(tmp_path / "county") as made:
        yield made


@pytest.fixture
def front(county: County, tmp_path: Path) -> Iterator[Computer]:
    made = Computer(county, tmp_path / "front", "王内勤")
    yield made
    made.store.close()


@pytest.fixture
def back(county: County, tmp_path: Path) -> Iterator[Computer]:
    made = Computer(county, tmp_path / "back", "李所长")
    yield made
    made.store.close()


def test_another_computer_reprints_the_same_bytes_and_both_hold_the_prints_in_one_order(front: Computer, back: Computer) -> None:
    case = front.case()
    pdf = front.print_out(case)
    front.sync()
    front.carry()
    back.sync()
    (past,) = past_prints(back.session, case)
    assert past.by == "王内勤"
    assert past.kept, "the county has it"
    with pytest.raises(Refused, match="不在这台电脑上"):
        sheet_again(back.session, past.printed)
    back.carry()
    assert sheet_again(back.session, past.printed) == pdf
    back.print_out(case)
    front.print_out(case)
    for computer in (back, front, back):
        computer.sync()
    orders = [[(p.digest, p.user_id) for p in computer.store.prints(case)] for computer in (front, back)]
    assert len(orders[0]) == 3
    assert orders[0] == orders[1], "the last print is the last one everywhere"


def test_another_computer_takes_the_print_into_its_volume_and_offers_no_first_print(front: Computer, back: Computer) -> None:
    case = front.case()
    front.print_out(case)
    for computer in (front, back):
        computer.sync()
        computer.carry()
    name = form(front.session)
    states = [{p.form: p.state for p in volume_state(c.session, case).papers if p.form == name} for c in (front, back)]
    assert states[0] == states[1] == {name: PRESENT}
    assert "已经打印过1次" in prepare(back.session, name, case).remark


def test_a_print_of_a_voided_record_and_by_a_reader_is_noted_too(front: Computer, back: Computer) -> None:
    case = front.case()
    void(front.session, case, "重复登记")
    front.store.user = replace(front.store.user, role="reader")
    front.print_out(case)
    front.sync()
    back.sync()
    assert len(back.store.prints(case)) == 1
    assert isinstance(front.store.user, User)


def test_a_village_s_laptop_knows_its_prints_and_nobody_else_s(county: County, front: Computer, tmp_path: Path) -> None:
    here = front.case()
    values = {"title": "别村的事", "village": place_id("village", OTHER_VILLAGE), "case_number": "〔2026〕第2号"}
    elsewhere = save(front.session, "mediation", values).record.id
    front.print_out(here)
    front.print_out(elsewhere)
    front.sync()
    front.carry()
    laptop = Computer(county, tmp_path / "laptop", "张联络", VILLAGE)
    laptop.sync()
    assert len(laptop.store.prints(here)) == 1
    assert laptop.store.prints(elsewhere) == []
    assert len(missing(laptop.store)) == 1, "named, and fetched when it is wanted"
    laptop.store.close()


def test_prints_of_before_become_records_once_in_the_name_of_who_printed_them(front: Computer, back: Computer) -> None:
    case = front.case()
    front.print_out(case)
    with front.store._writing() as connection:  # as the version before left it
        connection.execute(PRINTED.update().values(print_id="", user_id=back.store.user.id))
        connection.exec_driver_sql("DELETE FROM outbox WHERE kind = 'printed_sheet'")
        connection.exec_driver_sql("DELETE FROM record WHERE kind = 'printed_sheet'")
    front.store.close()
    for waiting in (1, 0):
        front.session = Session(reopened(front.folder, front.user), front.session.clock)
        assert sum(one.kind == "printed_sheet" for one in front.store.outgoing()) == waiting
        front.sync()
        front.store.close()
    front.session = Session(reopened(front.folder, front.user), front.session.clock)
    back.sync()
    assert [p.user_id for p in back.store.prints(case)] == [back.store.user.id]
    assert len(front.store.prints(case)) == 1


def test_a_volume_s_own_bytes_stay_where_it_was_bound(front: Computer, back: Computer) -> None:
    case = front.case()
    kept = front.store.keep_content(b"%PDF a whole volume")
    front.store.note_print(Printed(case, "volume", "1", 29, kept, "v", title="卷宗"))
    front.sync()
    assert front.store.contents_named() == []
    back.sync()
    assert [(p.title, p.kept) for p in past_prints(back.session, case)] == [("卷宗", False)]
