"""A volume on the screen: what is missing leads to where it is mended, what is shown is what is printed and kept, all by keys."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.attach import attach
from jusuo_desktop.actions.print_form import prepare, printed
from jusuo_desktop.actions.reprint import past_prints
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.store import Edit, Printed
from jusuo_desktop.ui.archive_page import ArchivePage
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.entry_page import EntryPage
from jusuo_desktop.ui.past_prints_page import PastPrintsPage
from jusuo_desktop.ui.printer import Order
from jusuo_desktop.ui.volume_page import PRINT, STOP, VolumePage
from tests.printing import conftest as printing
from tests.printing.office import Office
from tests.ui.typing_hands import press, shown

made_office, office = printing.made_office, printing.office
DRAFT = 60


@pytest.fixture
def desk(office: Office, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(office.session)
    broken: list[object] = []
    made.background.broke.connect(broken.append)
    yield made
    made.close()
    assert not broken, broken


def opened(qtbot: QtBot, desk: Desk, record_id: str) -> VolumePage:
    page = VolumePage(desk, record_id)
    qtbot.addWidget(page)
    page.resize(1216, 658)
    page.show()
    page.shown()
    still(qtbot, page)
    return page


def still(qtbot: QtBot, page: VolumePage) -> None:
    qtbot.waitUntil(lambda: page.ready and page.view.drawn and not page.desk.background.busy, timeout=20_000)


def lines(page: VolumePage) -> dict[str, tuple[str, ...]]:
    return {line[0]: line for line in page.rows.lines}


def test_the_rows_their_papers_and_what_is_missing(qtbot: QtBot, desk: Desk, office: Office) -> None:
    printed(office.session, prepare(office.session, "acceptance_register", office.ids["mediation"]))
    office.store.write([Edit("mediation", {"dispute_summary": "改过了。"}, office.ids["mediation"])], act="save")
    page = opened(qtbot, desk, office.ids["mediation"])
    shown = lines(page)
    assert shown["2　身份证明材料复印件"] == ("2　身份证明材料复印件", "缺", "", "必须")
    assert shown["6　人民调解调查记录"][1:] == ("", "", "按需")
    assert shown["人民调解受理登记表"][1:3] == ("已改动", "1")
    assert shown["人民调解当事人权利义务告知书"][1:] == ("未打印", "2", "按现在的内容")
    assert shown["案卷封底"][1] == "随卷打印"
    assert page.lacks.lines[0][0] == "缺少当事人身份证明材料复印件，请扫描后加在当事人的附件里"
    assert page.said.text().startswith("缺")
    assert f"共{page.volume.pages}面" in page.said.text()  # type: ignore[union-attr]
    assert page.title == "卷宗　张建国与李秀英邻里纠纷"


def test_enter_leads_to_the_paper_to_print_and_to_the_record_a_scan_is_added_to(qtbot: QtBot, desk: Desk, office: Office) -> None:
    page = opened(qtbot, desk, office.ids["mediation"])
    place = [line[0] for line in page.lacks.lines].index("缺少权利义务告知书")
    page.lacks.setFocus()
    page.lacks.setCurrentItem(page.lacks.topLevelItem(place))
    with qtbot.waitSignal(desk.preview_wanted) as preview:
        qtbot.keyClick(page.lacks, Qt.Key.Key_Return)
    assert preview.args == ["rights_notice", office.ids["mediation"]]
    page.rows.setFocus()
    page.rows.choose_row(2)
    with qtbot.waitSignal(desk.record_wanted) as record:
        qtbot.keyClick(page.rows, Qt.Key.Key_Return)
    assert record.args == ["mediation", office.ids["mediation"]]
    page.rows.choose_row(8)
    qtbot.keyClick(page.rows, Qt.Key.Key_Down)
    with qtbot.waitSignal(desk.preview_wanted) as preview:
        qtbot.keyClick(page.rows, Qt.Key.Key_Return)
    assert preview.args == ["mediation_record", office.ids["mediation_session"]]


def test_moving_through_the_rows_turns_the_volume(qtbot: QtBot, desk: Desk, office: Office) -> None:
    page = opened(qtbot, desk, office.ids["mediation"])
    assert page.volume is not None
    page.rows.choose_row(9)
    start = page.volume.starts[[p.row for p in page.volume.state.papers].index(9)]
    assert abs(page.view.verticalScrollBar().value() - page.view.places()[start].top()) < 20
    still(qtbot, page)


def test_a_missing_paper_is_accounted_for_and_no_longer_demanded(qtbot: QtBot, desk: Desk, office: Office) -> None:
    page = opened(qtbot, desk, office.ids["mediation"])
    page.lacks.setFocus()
    place = next(n for n, line in enumerate(page.lacks.lines) if "身份证明" in line[0])
    page.lacks.setCurrentItem(page.lacks.topLevelItem(place))
    qtbot.keyClick(page.lacks, Qt.Key.Key_Q, Qt.KeyboardModifier.AltModifier)
    assert page.note_bar.isVisible()
    page.note_bar.reason.insert("当事人拒绝提供")
    with qtbot.waitSignal(desk.said):
        qtbot.keyClick(page.note_bar.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.ready and lines(page)["2　身份证明材料复印件"][1] == "")
    assert office.values("mediation")["dossier_note"] == "第2项“身份证明材料复印件”：当事人拒绝提供。"
    assert "卷宗情况说明" in lines(page)
    still(qtbot, page)


def test_the_volume_is_printed_in_one_run_and_kept_as_it_was(qtbot: QtBot, desk: Desk, office: Office, tmp_path: Path) -> None:
    page = opened(qtbot, desk, office.ids["mediation"])
    volume = page.volume
    assert volume is not None
    with qtbot.waitSignal(desk.said, check_params_cb=lambda said: "整卷已送到打印机" in said, timeout=20_000):
        page.print_out(Order(file=str(tmp_path / "out.pdf"), most_dpi=DRAFT, duplex=True))
    still(qtbot, page)
    assert len(PagePictures((tmp_path / "out.pdf").read_bytes()).sizes) == volume.pages
    past = past_prints(office.session, office.ids["mediation"])
    assert past[0].title == "卷宗"
    assert office.store.content(past[0].printed.digest) == volume.pdf
    assert {line[1] for name, line in lines(page).items() if line[3] not in ("必须", "按需")} == {"在"}
    assert not page.lacking_button.isEnabled()


def test_a_volume_put_away_without_printing_counts_too(qtbot: QtBot, desk: Desk, office: Office) -> None:
    page = opened(qtbot, desk, office.ids["mediation"])
    with qtbot.waitSignal(desk.said, check_params_cb=lambda said: "加密存好" in said):
        qtbot.keyClick(page.rows, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    still(qtbot, page)
    assert past_prints(office.session, office.ids["mediation"])[0].title == "卷宗"


def test_printing_stops_by_the_same_key_and_nothing_is_noted(qtbot: QtBot, desk: Desk, office: Office, tmp_path: Path) -> None:
    page = opened(qtbot, desk, office.ids["mediation"])
    said: list[str] = []

    def hear(text: str) -> None:
        said.append(text)
        if len(said) == 1:
            assert page.print_button.text() == STOP
            page.print_button.click()

    desk.said.connect(hear)
    page.print_out(Order(file=str(tmp_path / "out.pdf"), most_dpi=300, copies=20))
    qtbot.waitUntil(lambda: "已停止打印，没有记为打印过。" in said, timeout=20_000)
    still(qtbot, page)
    assert page.print_button.text() == PRINT
    assert past_prints(office.session, office.ids["mediation"]) == []


def test_everything_that_was_never_printed_is_printed_at_once(qtbot: QtBot, desk: Desk, office: Office, tmp_path: Path) -> None:
    page = opened(qtbot, desk, office.ids["mediation"])
    with qtbot.waitSignal(desk.said, check_params_cb=lambda said: "已送到打印机" in said, timeout=20_000):
        page.print_lacking(Order(file=str(tmp_path / "out.pdf"), most_dpi=DRAFT))
    still(qtbot, page)
    forms = {past.printed.form for past in past_prints(office.session, office.ids["mediation"])}
    assert {"mediation_application", "acceptance_register", "rights_notice", "mediation_record", "mediation_agreement"} <= forms
    assert "未打印" not in {line[1] for line in page.rows.lines}


def test_what_changes_elsewhere_is_taken_in(qtbot: QtBot, desk: Desk, office: Office) -> None:
    page = opened(qtbot, desk, office.ids["mediation"])
    out = io.BytesIO()
    Image.new("L", (210, 297), 200).save(out, "PNG")
    attach(office.session, office.ids["party"], "身份证.png", out.getvalue(), purpose="3")
    qtbot.waitUntil(lambda: page.ready and "身份证.jpg" in lines(page), timeout=20_000)
    assert lines(page)["2　身份证明材料复印件"][1] == ""
    still(qtbot, page)


def test_the_proposed_retention_class_is_taken_by_a_key(qtbot: QtBot, desk: Desk, office: Office) -> None:
    office.store.write([Edit("mediation", {"retention_period": None}, office.ids["mediation"])], act="save")
    page = opened(qtbot, desk, office.ids["mediation"])
    assert page.state is not None
    assert page.state.proposal is not None
    assert page.state.proposal.because in page.retention.text()
    wanted = page.state.proposal.code
    qtbot.keyClick(page.rows, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: office.values("mediation").get("retention_period") == wanted and page.retention.isHidden())
    still(qtbot, page)


def test_a_kind_that_is_not_bound_says_so(qtbot: QtBot, desk: Desk, office: Office) -> None:
    page = VolumePage(desk, office.ids["consultation"])
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: "不装订卷宗" in page.trouble.text())
    assert not page.print_button.isEnabled()


def test_the_case_s_page_leads_to_its_volume_by_a_key(qtbot: QtBot, desk: Desk, office: Office) -> None:
    page = shown(qtbot, EntryPage(desk, "mediation", office.ids["mediation"]))
    with qtbot.waitSignal(desk.page_wanted) as wanted:
        press(Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    (volume,) = wanted.args or [None]
    assert isinstance(volume, VolumePage)
    assert volume.record_id == office.ids["mediation"]
    qtbot.addWidget(volume)
    qtbot.waitUntil(lambda: volume.ready and not desk.background.busy, timeout=20_000)
    assert page.may_close()


def test_the_archive_is_one_key_away_and_its_list_is_saved(qtbot: QtBot, desk: Desk, office: Office, tmp_path: Path) -> None:
    values = {"title": "旧案", "case_number": "旧1", "state": "archived", "archived_on": "2026-02-01", "retention_period": "1"}
    office.store.write([Edit("mediation", values, import_key="old")], act="import")
    page = opened(qtbot, desk, office.ids["mediation"])
    with qtbot.waitSignal(desk.page_wanted) as wanted:
        qtbot.keyClick(page.rows, Qt.Key.Key_Y, Qt.KeyboardModifier.AltModifier)
    (archive,) = wanted.args or [None]
    assert isinstance(archive, ArchivePage)
    qtbot.addWidget(archive)
    qtbot.waitUntil(lambda: archive.model.rowCount() == 1 and archive.said.text().startswith("1卷"))
    archive.save_to(tmp_path / "清单.pdf")
    qtbot.waitUntil(lambda: (tmp_path / "清单.pdf").exists() and not desk.background.busy)
    archive.print_out(Order(file=str(tmp_path / "out.pdf"), most_dpi=DRAFT))
    qtbot.waitUntil(lambda: (tmp_path / "out.pdf").exists() and not desk.background.busy, timeout=20_000)
    archive.choice.setCurrentIndex(archive.choice.count() - 1)
    archive.choice.activated.emit(archive.choice.currentIndex())
    qtbot.waitUntil(lambda: "没有定" in archive.said.text())
    assert not archive.print_button.isEnabled()


def test_past_prints_are_shown_as_they_were_and_printed_again(qtbot: QtBot, desk: Desk, office: Office, tmp_path: Path) -> None:
    paper = prepare(office.session, "mediation_record", office.ids["mediation_session"])
    printed(office.session, paper)
    office.store.note_print(Printed(office.ids["mediation"], "acceptance_register", "1", 1, "0" * 64, "v"))
    page = PastPrintsPage(desk, office.ids["mediation"])
    qtbot.addWidget(page)
    page.resize(1216, 658)
    page.show()
    qtbot.waitUntil(lambda: "没有保存在本机" in page.trouble.text())
    assert not page.print_button.isEnabled()
    page.table.selectRow(1)
    qtbot.waitUntil(lambda: page.print_button.isEnabled() and page.view.drawn)
    assert [page.model.data(page.model.index(row, 4)) for row in (0, 1)] == ["原样不在本机", "没有变化"]
    with qtbot.waitSignal(desk.said, check_params_cb=lambda said: "和当时的一样" in said, timeout=20_000):
        page.print_out(Order(file=str(tmp_path / "again.pdf"), most_dpi=DRAFT))
    assert len(PagePictures((tmp_path / "again.pdf").read_bytes()).sizes) == paper.pages
    qtbot.waitUntil(lambda: not desk.background.busy)
    assert len(office.store.prints(office.ids["mediation_session"])) == 1


def test_a_record_of_which_nothing_was_printed_says_so(qtbot: QtBot, desk: Desk, office: Office) -> None:
    page = PastPrintsPage(desk, office.ids["consultation"])
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.trouble.text() == "这条记录还没有打印过。")
