"""以案定补 on the screen: several cases at once by keyboard, what is lacking in words, the director's yes and no."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.save_record import Child, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.unlock import unlock
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.store.people import add_user
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.subsidy_page import SubsidyPage
from tests.ui.conftest import PASSPHRASE, clock

DIRECTOR = "所长的口令要长一点"
CTRL = Qt.KeyboardModifier.ControlModifier


def first(session: Session, kind: str) -> str:
    return session.store.rows(session.store.keys(ListQuery(kind)))[0].id


def closed_cases(session: Session) -> list[str]:
    common = {"subsidy_level": "3", "holds_from": "2026-01-01", "basis": "海司〔2026〕1号", "conditions": ["1", "2", "6"]}
    plain = {"class_name": "一般", "amount": 50_00, "rank": 1, **common}
    major = {"class_name": "重大", "amount": 400_00, "rank": 3, "least_people": 10, **common}
    session.store.write([Edit("subsidy_class", plain), Edit("subsidy_class", major)], act="save")
    who = session.store.find_by_name("worker", "单田芳")
    made = []
    for number, (title, more) in enumerate(
        (
            ("张三与李四邻里纠纷", {"performed_on": "2026-03-02"}),
            ("王五等与宏达公司劳动报酬纠纷", {"performed_on": "2026-03-03", "people_involved": 22}),
            ("赵六与钱七借款纠纷", {}),
        )
    ):
        values = {
            "title": title, "registered_on": "2026-02-10", "dispute_type": "2", "committee": first(session, "mediation_committee"),
            "case_number": f"〔2026〕西民调字第{number + 1}号", "mediators": who, "mediation_result": "1", "closed_on": f"2026-03-0{4 + number}",
            "state": "closed", **more,
        }  # fmt: skip
        made.append(session.store.write([Edit("mediation", values, import_key=title)], act="import")[0].id)
        agreement = Child("agreement", {"agreement_form": "2", "agreement_content": "一次性付清"})
        save(session, "mediation", {}, record_id=made[-1], children=(agreement,))
    return made


def opened(qtbot: QtBot, desk: Desk) -> SubsidyPage:
    page = SubsidyPage(desk)
    qtbot.addWidget(page)
    page.resize(1208, 640)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.shown()
    page.table.setFocus()
    qtbot.waitUntil(lambda: page.ready)
    return page


def said(page: SubsidyPage, place: int) -> str:
    return str(page.model.index(place, 6).data())


@pytest.fixture
def directors_desk(qtbot: QtBot, session: Session) -> Iterator[Desk]:
    if not session.store.find_by_name("worker", "李所长"):
        add_user(session.store, PASSPHRASE, {"name": "李所长", "worker_roles": ["2"], "access_role": "director"}, DIRECTOR)
    other = unlock(session.store.folder, "李所长", DIRECTOR, clock)
    made = Desk(other)
    yield made
    made.close()
    other.store.close()


def test_claimed_by_the_clerk_confirmed_by_the_director_put_on_the_sheet(qtbot: QtBot, desk: Desk, directors_desk: Desk, tmp_path: Path) -> None:
    page = opened(qtbot, desk)
    assert "还没有录入" in page.summary.text(), "an office whose county set nothing yet is told what to do"
    assert not page.claim_button.isEnabled()
    cases = closed_cases(desk.session)
    qtbot.waitUntil(lambda: [row.case.id for row in page.model.rows] == cases)
    assert said(page, 0) == "可以申报：各类案件，符合“一般”；海司〔2026〕1号"
    assert said(page, 2) == "还不能申报，缺少协议已履行"
    assert [str(page.model.index(n, 5).data()) for n in range(3)] == ["50", "400", "50"]

    page.table.selectAll()
    qtbot.keyClick(page.table, Qt.Key.Key_F7)
    assert page.vouch.isVisible()
    assert list(page.vouch.boxes) == ["6"], "only what no record shows"
    assert not page.vouch.boxes["6"].isChecked()
    qtbot.keyClick(page.vouch.boxes["6"], Qt.Key.Key_Space)
    page.vouch.sure.setFocus()
    with qtbot.waitSignal(desk.said) as told:
        qtbot.keyClick(page.vouch.sure, Qt.Key.Key_Space)
    assert told.args == ["已申报 2 件，等所长确认。有 1 件没有申报：还不能申报“一般”档：缺少协议已履行。"]
    qtbot.waitUntil(lambda: [row.state for row in page.model.rows] == ["proposed", "proposed", ""])
    with qtbot.waitSignal(desk.refused) as refused:
        qtbot.keyClick(page.table, Qt.Key.Key_K, CTRL)
    assert "由所长来做" in str(refused.args)

    above = opened(qtbot, directors_desk)
    assert above.summary.text().startswith("本季度结案 3 件：还不能申报 1 件；已申报，待所长确认 2 件 450 元")
    above.table.selectAll()
    qtbot.keyClick(above.table, Qt.Key.Key_K, CTRL)
    qtbot.waitUntil(lambda: [row.state for row in above.model.rows] == ["confirmed", "confirmed", ""])
    qtbot.keyClick(above.table, Qt.Key.Key_Down)
    qtbot.keyClick(above.table, Qt.Key.Key_Up)
    assert above.table.chosen_places == [0]
    qtbot.mouseClick(above.reject_button, Qt.MouseButton.LeftButton)
    above.opinion.reason.insert("卷宗缺回访记录")  # as an input method does
    qtbot.keyClick(above.opinion.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: said(above, 0) == "不予补贴：卷宗缺回访记录")
    above.table.selectAll()
    qtbot.keyClick(above.table, Qt.Key.Key_G, CTRL)
    qtbot.waitUntil(lambda: said(above, 1) == "已列入2026年第一季度发放表")
    assert above.print_button.isEnabled()
    with qtbot.waitSignal(directors_desk.said):
        above.save_sheet(tmp_path / "发放表.pdf")
    pages = PagePictures((tmp_path / "发放表.pdf").read_bytes())
    text = "".join("".join(pages.text(0).split()))
    assert "2026年第一季度" in text
    assert "王五等与宏达公司劳动报酬纠纷" in text
    assert "肆佰元整" in text
    assert "张三与李四" not in text, "what was rejected is not paid"
    qtbot.waitUntil(lambda: not directors_desk.background.busy)
