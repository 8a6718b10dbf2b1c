"""A whole volume out of a real office: bound, read back, kept, bound again; scans in their place, what is missing named."""

from __future__ import annotations

import threading
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from sqlalchemy import Connection, event

from jusuo_desktop.actions import bind_volume as binding
from jusuo_desktop.actions.attach import attach
from jusuo_desktop.actions.bind_volume import bind_volume, prints_lacking, volume_printed
from jusuo_desktop.actions.forms import adopt_form, forms_of, retire_form, volume_of, wording_of
from jusuo_desktop.actions.print_form import prepare, printed
from jusuo_desktop.actions.reprint import past_prints, sheet_again
from jusuo_desktop.actions.take_step import take_step
from jusuo_desktop.actions.volume import lacking, volume_state
from jusuo_desktop.actions.volume_note import account_for, choose_retention
from jusuo_desktop.records.volume import CHANGED, COMING, LOST, PRESENT, UNPRINTED
from jusuo_desktop.store import Edit, Refused
from tests.actions.volume_hands import bound, county, outline, scan, states, words
from tests.printing.conftest import made_office, office  # noqa: F401  (fixtures)
from tests.printing.office import Office


def test_a_case_of_which_nothing_was_printed_is_bound_whole_and_reads_back(office: Office) -> None:  # noqa: F811
    volume = bound(office)
    said = words(volume.pdf)
    assert len(said) == volume.pages
    titles = [p.title for p in volume.state.papers]
    assert titles == [
        *("人民调解申请书", "人民调解受理登记表", "人民调解当事人权利义务告知书"),
        *("人民调解记录", "无争议事实记载", "人民调解协议书", "案卷封底"),
    ]
    assert [p.state for p in volume.state.papers] == [UNPRINTED] * 6 + [COMING]
    for paper, start in zip(volume.state.papers, volume.starts, strict=True):
        assert paper.title in said[start]
        assert start % 2 == 0
    index = next(page for page in said if "卷内目录" in page)
    for row in volume.state.plan.rows:
        assert f"{row.number}{row.name}{volume.ranges[row.number]}" in index
        here = [(p, s) for p, s in zip(volume.state.papers, volume.starts, strict=True) if p.row == row.number]
        if here:
            first, last = volume.ranges[row.number].split("—")[0], volume.ranges[row.number].split("—")[-1]
            assert said[here[0][1]].endswith(first) or said[here[0][1]].startswith(first)
            end = here[-1][1] + here[-1][0].pages - 1
            assert said[end].endswith(last) or said[end].startswith(last)
        else:
            assert volume.ranges[row.number] == ""
    marks = outline(volume.pdf)
    assert [(title, page) for level, title, page in marks if level == 0][-1] == ("13　封底", volume.starts[-1])
    for level, title, page in marks:
        if level == 1:
            assert title.split("　")[0] in said[page]


def test_the_papers_made_for_it_count_as_printed_when_the_volume_is(office: Office) -> None:  # noqa: F811
    volume = bound(office)
    assert set(states(office).values()) == {UNPRINTED, COMING}
    volume_printed(office.session, volume)
    assert set(states(office).values()) == {PRESENT}
    past = past_prints(office.session, office.ids["mediation"])
    assert past[0].title == "卷宗"
    assert sheet_again(office.session, past[0].printed) == volume.pdf
    again = bound(office)
    assert not again.fresh
    assert (again.pdf, again.said_digest) == (volume.pdf, volume.said_digest)


def test_the_prints_of_a_volume_are_noted_in_one_transaction(office: Office) -> None:  # noqa: F811
    volume = bound(office)
    commits: list[Connection] = []

    def committed(connection: Connection) -> None:
        commits.append(connection)

    event.listen(office.store._database.engine, "commit", committed)
    volume_printed(office.session, volume)
    event.remove(office.store._database.engine, "commit", committed)
    assert len(volume.fresh) > 5
    writes = [one for one in commits if one.get_execution_options().get("writes")]
    assert len(writes) == 1, "the disk is waited for once, and a power cut leaves all or none"
    with office.store._reading() as connection:
        noted = list(connection.exec_driver_sql("SELECT act FROM audit ORDER BY seq DESC LIMIT ?", (len(volume.fresh) + 1,)).scalars())
    assert set(noted) == {"print"}, "each of them stands in the audit chain"


def test_every_paper_stands_in_it_as_it_was_printed_last_and_the_changed_ones_are_named(office: Office) -> None:  # noqa: F811
    record_id = office.ids["mediation"]
    first = prepare(office.session, "acceptance_register", record_id)
    printed(office.session, first)
    office.store.write([Edit("mediation", {"dispute_summary": "后来补写的情况。"}, record_id)], act="save")
    assert states(office)["acceptance_register"] == CHANGED
    volume = bound(office)
    place = [p.form for p in volume.state.papers].index("acceptance_register")
    borne, said = volume.numbers[place], "".join(words(first.pdf))
    assert words(volume.pdf)[volume.starts[place]] in (said + borne, borne + said)
    assert "后来补写" not in words(volume.pdf)[volume.starts[place]]
    assert any("受理登记表”打印以后内容有改动" in lack.said for lack in volume.state.lacks)
    printed(office.session, prepare(office.session, "acceptance_register", record_id))
    assert states(office)["acceptance_register"] == PRESENT
    assert "后来补写" in words(bound(office).pdf)[volume.starts[place]]


def test_scans_of_signed_sheets_stand_behind_their_print_or_in_its_place(office: Office) -> None:  # noqa: F811
    printed(office.session, prepare(office.session, "mediation_agreement", office.ids["agreement"]))
    attach(office.session, office.ids["agreement"], "签好的协议.png", scan(200), purpose="1", of_form="mediation_agreement")
    attach(office.session, office.ids["agreement"], "现场.png", scan(120, 300, 200), purpose="5")
    row = [(p.title, p.signed, p.attachment) for p in volume_state(office.session, office.ids["mediation"]).of_row(9)]
    assert row == [("人民调解协议书", False, False), ("人民调解协议书（签署件）", True, True), ("现场.jpg", False, True)]
    volume = bound(office)
    assert all(start % 2 == 0 for start in volume.starts)

    county(office, "signed: behind", "signed: instead")
    row = [(p.title, p.signed, p.attachment) for p in volume_state(office.session, office.ids["mediation"]).of_row(9)]
    assert row == [("人民调解协议书（签署件）", True, True), ("现场.jpg", False, True)]
    assert not any("协议" in said for said in lacking(office.session, office.ids["mediation"]))


def test_what_was_signed_elsewhere_is_not_printed_anew_and_vouchers_go_with_the_vouchers(office: Office) -> None:  # noqa: F811
    attach(office.session, office.ids["agreement"], "签好的协议.png", scan(200), purpose="1", of_form="mediation_agreement")
    attach(office.session, office.ids["agreement"], "收条.png", scan(120), purpose="4")
    state = volume_state(office.session, office.ids["mediation"])
    assert [(p.title, p.signed) for p in state.of_row(9)] == [("人民调解协议书（签署件）", True)]
    assert [p.title for p in state.of_row(11)] == ["收条.jpg"]
    assert not any("协议" in lack.said for lack in state.lacks)
    assert "mediation_agreement" not in [p.form for p in prints_lacking(office.session, office.ids["mediation"])]


def test_identity_papers_evidence_and_what_has_no_pages(office: Office) -> None:  # noqa: F811
    mediation = office.ids["mediation"]
    attach(office.session, office.ids["party"], "身份证.png", scan(180), purpose="3")
    evidence = office.store.write([Edit("evidence", {"evidence_name": "欠条", "evidence_kind": "1"}, parent_id=mediation)], act="save")[0]
    attach(office.session, evidence.id, "欠条.png", scan(90), purpose="2")
    attach(office.session, evidence.id, "谈话.txt", "谈话记录".encode(), purpose="9")
    loose = attach(office.session, mediation, "不知何用.png", scan(33))
    volume = bound(office)
    assert [p.title for p in volume.state.of_row(2)] == ["身份证.jpg"]
    assert [(p.title, p.apart, p.pages) for p in volume.state.of_row(7)] == [
        *[("人民调解证据材料清单", False, 1)],
        ("欠条.jpg", False, 1),
        ("谈话.txt", True, 0),
    ]
    index = next(page for page in words(volume.pdf) if "卷内目录" in page)
    assert f"7相关证据材料{volume.ranges[7]}另附：谈话.txt" in index
    left = [lack for lack in volume.state.lacks if lack.record_id == loose.id]
    assert [lack.said for lack in left] == ["附件“不知何用.jpg”没有装进卷里，要装订请填写它的用途"]
    assert not any("身份证明" in said for said in lacking(office.session, mediation))
    size = pdfium.PdfDocument(volume.pdf)
    start = volume.starts[[p.title for p in volume.state.papers].index("身份证.jpg")]
    width, height = size.get_page_size(start)
    assert abs(height / width - 297 / 210) < 0.01
    size.close()


def test_an_attachment_that_is_not_on_this_computer_is_named_and_the_rest_is_bound(office: Office) -> None:  # noqa: F811
    made = attach(office.session, office.ids["party"], "身份证.png", scan(180), purpose="3")
    office.store.drop_content(str(made.values["sha256"]))
    assert states(office)["身份证.jpg"] == LOST
    volume = bound(office)
    assert volume.starts[[p.title for p in volume.state.papers].index("身份证.jpg")] == -1
    assert any("不在这台电脑上" in lack.said for lack in volume.state.lacks)
    assert any("身份证明" in lack.said and lack.must for lack in volume.state.lacks)


def test_all_lacking_prints_are_made_at_once(office: Office) -> None:  # noqa: F811
    printed(office.session, prepare(office.session, "mediation_record", office.ids["mediation_session"]))
    made = prints_lacking(office.session, office.ids["mediation"])
    assert [p.form for p in made] == [
        "mediation_application",
        "acceptance_register",
        "rights_notice",
        "undisputed_facts",
        "mediation_agreement",
    ]
    for paper in made:
        printed(office.session, paper)
    assert prints_lacking(office.session, office.ids["mediation"]) == []
    assert lacking(office.session, office.ids["mediation"]) == ["缺少当事人身份证明材料复印件，请扫描后加在当事人的附件里（卷宗必须件）。"]


def test_a_paper_that_cannot_be_made_is_named_and_the_rest_is_bound(office: Office) -> None:  # noqa: F811
    office.store.write([Edit("mediation_session", {"record_text": "他说\ue000\ue001"}, office.ids["mediation_session"])], act="save")
    volume = bound(office)
    assert any("没有字体可以打印" in lack.said and lack.form == "mediation_record" for lack in volume.state.lacks)
    assert [p.pages for p in volume.state.of_row(8)] == [0, 1]
    assert "人民调解协议书" in "".join(words(volume.pdf))


def test_it_can_be_stopped_between_two_papers_and_tells_how_far_it_is(office: Office) -> None:  # noqa: F811
    stopped, told = threading.Event(), []

    def tell(said: str) -> None:
        told.append(said)
        if len(told) == 2:
            stopped.set()

    assert bind_volume(office.session, office.ids["mediation"], stopped, tell) is None
    assert told == ["正在装订：人民调解申请书（1/7）…", "正在装订：人民调解受理登记表（2/7）…"]


def test_what_is_not_bound_or_not_here_is_refused(office: Office) -> None:  # noqa: F811
    with pytest.raises(Refused, match="不装订卷宗"):
        volume_state(office.session, office.ids["consultation"])
    with pytest.raises(Refused, match="不在本机上"):
        volume_state(office.session, "nothing")


def test_scans_too_large_for_one_volume_are_refused_with_what_to_do(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(binding, "MOST_BYTES", 60_000)
    with pytest.raises(Refused, match="不能装成一本"):
        bound(office)


def test_the_retention_class_is_proposed_by_the_countys_data_until_one_is_chosen(office: Office) -> None:  # noqa: F811
    mediation = office.ids["mediation"]
    office.store.write([Edit("mediation", {"dispute_type": "7", "mediation_result": "1", "retention_period": None}, mediation)], act="save")
    found = volume_state(office.session, mediation).proposal
    assert found is not None
    assert (found.code, "山林土地" in found.because) == ("3", True)
    choose_retention(office.session, mediation, "2")
    assert office.values("mediation")["retention_period"] == "2"
    assert volume_state(office.session, mediation).proposal is None


def test_nothing_of_it_touches_the_disk_in_clear(office: Office) -> None:  # noqa: F811
    volume = bound(office)
    volume_printed(office.session, volume)
    for file in (path for path in Path(office.store.folder).rglob("*") if path.is_file()):
        assert b"%PDF" not in file.read_bytes()


def test_a_case_is_archived_when_its_volume_is_whole_or_accounted_for(office: Office) -> None:  # noqa: F811
    closed = {n: v for n, v in office.values("mediation").items() if n not in ("case_number", "retention_period")} | {"state": "closed"}
    mediation = office.store.write([Edit("mediation", closed, import_key="closed")], act="import")[0].id  # type: ignore[arg-type]
    session = office.values("mediation_session")
    office.store.write([Edit("mediation_session", session, parent_id=mediation)], act="save")  # type: ignore[arg-type]
    ready = {"retention_period": "1", "filed_by": office.store.user.id, "filed_on": "2026-03-09"}
    with pytest.raises(Refused, match="保管期限"):
        take_step(office.session, mediation, "archive")
    with pytest.raises(Refused, match=r"卷宗不齐，还不能归档：.*人民调解记录.*卷宗情况说明"):
        take_step(office.session, mediation, "archive", ready)
    volume = bind_volume(office.session, mediation)
    assert volume is not None
    volume_printed(office.session, volume)
    with pytest.raises(Refused, match="还不能归档：缺少当事人身份证明材料复印件"):
        take_step(office.session, mediation, "archive", ready)
    account_for(office.session, mediation, 2, "当事人拒绝提供。")
    assert take_step(office.session, mediation, "archive", ready).values["state"] == "archived"


def test_a_reason_is_asked_for_and_goes_behind_what_the_note_says(office: Office) -> None:  # noqa: F811
    mediation = office.ids["mediation"]
    with pytest.raises(Refused, match="请写明为什么"):
        account_for(office.session, mediation, 6, " 。")
    account_for(office.session, mediation, 6, "没有需要调查的事项")
    account_for(office.session, mediation, 7, "当事人没有证据。")
    note = str(office.values("mediation")["dossier_note"]).splitlines()
    assert note[-2:] == ["第6项“人民调解调查记录”：没有需要调查的事项。", "第7项“相关证据材料”：当事人没有证据。"]


def test_the_county_s_own_volume_is_in_force_until_it_is_gone_back_from(office: Office) -> None:  # noqa: F811
    before, templates = volume_of(office.session, "mediation"), forms_of(office.session).templates
    county(office, "  - name: 卷宗情况说明\n", "  - name: 备考表\n", "title: 人民调解卷宗", "title: 县里的卷宗")
    assert volume_of(office.session, "mediation").rows[11].name == "备考表"
    assert forms_of(office.session).templates == templates
    assert not forms_of(office.session).broken
    assert "备考表" in "".join(words(bound(office).pdf))
    with pytest.raises(Refused, match="version"):
        adopt_form(office.session, wording_of(office.session, "volume_mediation").replace("备考表", "备考").encode())
    with pytest.raises(Refused, match=r"模板:.*没有名为“no_such_form”的表格"):
        adopt_form(office.session, wording_of(office.session, "volume_mediation").replace("form: dossier_back", "form: no_such_form").encode())
    retire_form(office.session, "volume_mediation")
    assert volume_of(office.session, "mediation") == before
