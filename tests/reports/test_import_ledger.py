"""A ledger comes in whole and once: whatever is wrong in it, however often it is tried, wherever it is cut."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jusuo_desktop.actions import import_ledger as act
from jusuo_desktop.actions.import_ledger import ImportReport, dry_run, import_ledger, propose, read_ledger, write_rejected
from jusuo_desktop.actions.import_preview import preview
from jusuo_desktop.actions.session import Session
from jusuo_desktop.reports.plan import Options, Plan
from jusuo_desktop.reports.targets import NOTED
from jusuo_desktop.store import Edit, ListQuery, NotAllowed, Refused, add_user, open_store
from tests.reports.books import Merges, Rows, write_book
from tests.reports.conftest import PASSPHRASE

CARD, OTHER_CARD = "110101199003077571", "110101199003077619"
HEAD = ["序号", "登记日期", "申请人", "申请人身份证号", "申请人电话", "被申请人", "纠纷类型", "简要情况", "所属村", "调解员", "金额（元）", "结果"]


def row(number: int, **other: Any) -> list[Any]:
    """One good line; `other` by heading."""
    line = dict(zip(HEAD, [number, f"2025.{number % 12 + 1}.{number % 28 + 1}", f"张三{chr(0x4E00 + number)}", CARD, "13812345678", "李四",
                           "邻里纠纷", f"第{number}件：排水沟堵塞", "红旗村", "王建国", 1000 + number, "成功"], strict=True))  # fmt: skip
    return list({**line, **other}.values())


def plan_of(session: Session, path: Path, rows: Rows, merges: Merges = (), kind: str = "mediation") -> Plan:
    return propose(session, read_ledger(write_book(path, {"台账": rows}, {"台账": merges})), kind)


def everything(session: Session, kind: str = "mediation") -> list[tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]]:
    """All records of a kind with their child rows, oldest entry first."""
    store = session.store
    rows = sorted(store.rows(store.keys(ListQuery(kind))), key=lambda r: r.key)
    return [(r.values, [(c.kind, dict(c.values)) for c in store.children(r.id)]) for r in rows]


class StopsAfter:
    """Stops the work once it has told of so many batches."""

    def __init__(self, batches: int) -> None:
        self.stopped = threading.Event()
        self._left = batches

    def tell(self, progress: object) -> None:
        self._left -= 1
        if self._left <= 0:
            self.stopped.set()


def test_one_line_becomes_a_case_with_parties_and_agreement(office: Session, tmp_path: Path) -> None:
    report = import_ledger(office, plan_of(office, tmp_path / "a.xlsx", [HEAD, row(1)]))
    assert (report.added, report.known, report.refused) == (1, 0, ())
    assert report.created_references == (("worker", "王建国"),)
    [(values, children)] = everything(office)
    village = office.store.find_by_name("village", "红旗村")[0]
    assert values["registered_on"] == "2025-02-02"
    assert values["dispute_type"] == "2"
    assert values["village"] == village
    assert [office.store.name_of(m) for m in values["mediators"]] == ["王建国"]
    assert (values["title"], values["state"]) == ("张三丁与李四邻里纠纷", "settled")
    assert [c[0] for c in children] == ["party", "party", "agreement"]
    assert children[0][1]["id_card_number"] == CARD
    assert children[0][1]["birth_date"] == "1990-03-07"
    assert children[1][1] == {"name": "李四", "party_role": "2"}
    assert children[2][1] == {"agreement_amount": 100_100}
    record = office.store.rows(office.store.keys(ListQuery("mediation")))[0]
    found = office.store.record(record.id)
    assert found is not None
    assert found.scope == "990101001200"
    assert [h.id for h in office.store.search("张三丁")] == [record.id]
    assert office.store.index_waiting() == 0
    assert office.store.verify() == []


def test_what_is_no_record_is_set_aside_and_counted(office: Session, tmp_path: Path) -> None:
    title, blank = ["清溪镇台账", *[""] * 11], [""] * 12
    total = ["小　计", *[""] * 9, 2003, ""]
    page_total = ["", "", "合计", *[""] * 7, 1003, ""]
    notes = [["注：本表一式两份", *[""] * 11], ["填表人：周敏", *[""] * 11]]
    rows = [title, HEAD, row(1), blank, row(2), total, title, HEAD, row(3), page_total, *notes, [4, *[""] * 11]]
    report = import_ledger(office, plan_of(office, tmp_path / "a.xls", rows))
    assert report.added == 3
    assert report.refused == ()
    assert report.skipped == {"空行": 2, "小计、合计": 2, "重复的表头": 1, "标题、说明": 3}


def test_importing_twice_adds_nothing_even_after_a_record_was_changed(office: Session, tmp_path: Path) -> None:
    rows = [HEAD, *[row(i) for i in range(5)]]
    path = tmp_path / "a.xlsx"
    assert import_ledger(office, plan_of(office, path, rows)).added == 5
    first = office.store.rows(office.store.keys(ListQuery("mediation")))[0]
    office.store.write([Edit("mediation", {"dispute_summary": "改过", "registered_on": "2024-01-01"}, first.id)], act="edit")
    before = everything(office)
    again = import_ledger(office, plan_of(office, path, rows))
    assert (again.added, again.known, again.created_references) == (0, 5, ())
    assert everything(office) == before


def test_twin_lines_both_come_in_and_only_once(office: Session, tmp_path: Path) -> None:
    rows = [HEAD, row(1), row(1), row(2)]
    assert import_ledger(office, plan_of(office, tmp_path / "a.xlsx", rows)).added == 3
    assert import_ledger(office, plan_of(office, tmp_path / "a.xlsx", rows)).known == 3
    more = [HEAD, row(1), row(1), row(1), row(2)]
    assert import_ledger(office, plan_of(office, tmp_path / "b.xlsx", more)).added == 1


def test_a_dry_run_says_what_will_happen_and_writes_nothing(office: Session, tmp_path: Path) -> None:
    plan = plan_of(office, tmp_path / "a.xlsx", [HEAD, row(1), row(2, 登记日期="2025.2.30"), row(3, 所属村="没有村")])
    tried = dry_run(office, plan)
    assert everything(office) == []
    assert office.store.find_by_name("worker", "王建国") == []
    done = import_ledger(office, plan)
    assert (tried.added, tried.refused, tried.created_references, tried.skipped) == (done.added, done.refused, done.created_references, done.skipped)
    assert tried.dry
    assert "可以导入 1 条" in tried.line


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["good", "twin", "bad day", "no village", "blank", "total"]), max_size=14), st.integers(1, 4), st.integers(1, 6))
def test_an_import_cut_anywhere_and_done_again_is_whole(
    offices: Callable[[], Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kinds: list[str], size: int, cut: int
) -> None:
    lines: dict[str, Callable[[int], list[Any]]] = {
        "good": row,
        "twin": lambda i: row(0),
        "bad day": lambda i: row(i, 登记日期="昨天"),
        "no village": lambda i: row(i, 所属村="外地村"),
        "blank": lambda i: [""] * 12,
        "total": lambda i: ["合计", *[""] * 11],
    }
    rows = [HEAD, *[lines[k](i) for i, k in enumerate(kinds, 1)], row(99)]
    whole, cut_short = offices(), offices()
    straight = import_ledger(whole, plan_of(whole, tmp_path / "a.xlsx", rows))
    with monkeypatch.context() as patch:
        patch.setattr(act, "BATCH", size)
        first = import_ledger(cut_short, plan_of(cut_short, tmp_path / "a.xlsx", rows), reins=StopsAfter(cut))
    again = import_ledger(cut_short, plan_of(cut_short, tmp_path / "a.xlsx", rows))
    assert first.added + again.added == straight.added
    assert again.refused == straight.refused
    comparable = [[(k, {n: v for n, v in values.items() if n != "village"}) for k, values in c] for _, c in everything(whole)]
    assert [[(k, {n: v for n, v in values.items() if n != "village"}) for k, values in c] for _, c in everything(cut_short)] == comparable
    assert len(whole.store.find_by_name("worker", "王建国")) == len(cut_short.store.find_by_name("worker", "王建国")) == 1


def refused_reasons(report: ImportReport) -> dict[int, str]:
    return {r.row: r.reason for r in report.refused}


def test_each_refused_line_says_why_and_all_others_go_on(office: Session, tmp_path: Path) -> None:
    rows = [
        HEAD,
        row(1, 登记日期="2025.13.1"),
        row(2, 申请人身份证号=float(CARD)),
        row(3, 所属村="南山村"),
        row(4, 纠纷类型="外星纠纷", **{"金额（元）": "很多"}),
        row(5),
        ["", "2025.3.3", *[""] * 10],
    ]
    report = import_ledger(office, plan_of(office, tmp_path / "a.xlsx", rows))
    reasons = refused_reasons(report)
    assert report.added == 1
    assert sorted(reasons) == [2, 3, 4, 5, 7]
    assert "登记日期“2025.13.1”这一天不存在" in reasons[2]
    assert "后几位已经丢失" in reasons[3]
    assert "南山村" in reasons[4]
    assert "外星纠纷" in reasons[5]
    assert "很多" in reasons[5]
    assert "缺少当事人或者纠纷名称" in reasons[7]


def corrected(path: Path, changes: dict[str, Any], to: Path) -> Path:
    """Opens a rejected workbook as a person would, writes over the cells that hold each old text, and saves it."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.value in changes and type(cell).__name__ == "Cell":
                    cell.value = changes[cell.value]
    book.save(to)
    return to


def test_the_rejected_workbook_is_corrected_and_imported_and_nothing_doubles(office: Session, tmp_path: Path) -> None:
    rows = [
        ["台账", *[""] * 11],
        HEAD,
        row(1),
        row(2, 登记日期="昨天"),
        row(2, 登记日期="昨天", 申请人电话="13900000000"),
        row(3, 所属村="南山村"),
        row(1, 结果="乱写"),
    ]
    original = plan_of(office, tmp_path / "a.xlsx", rows, [(0, 0, 0, 11)])
    report = import_ledger(office, original)
    assert (report.added, len(report.refused)) == (1, 4)
    write_rejected(original, report, tmp_path / "退回.xlsx")
    book = openpyxl.load_workbook(tmp_path / "退回.xlsx")
    sheet = book["台账"]
    assert [c.value for c in sheet[2]] == [*HEAD, "退回原因"]
    assert sheet["D3"].value == CARD
    assert sheet["D3"].data_type == "s"
    assert "昨天" in str(sheet["M3"].value)
    changes = {"昨天": "2025.3.3", "南山村": "红旗村", "乱写": "成功"}
    plan = propose(office, read_ledger(corrected(tmp_path / "退回.xlsx", changes, tmp_path / "改好.xlsx")))
    assert [s.name for s in plan.sheets if s.included] == ["台账"]
    second = import_ledger(office, plan)
    assert (second.added, second.known, second.refused) == (4, 0, ())
    assert len(everything(office)) == 5
    assert import_ledger(office, propose(office, read_ledger(tmp_path / "改好.xlsx"))).added == 0
    fixed = [[changes.get(c, c) if isinstance(c, str) else c for c in line] for line in rows]
    assert import_ledger(office, plan_of(office, tmp_path / "全.xlsx", fixed)).added == 0
    assert import_ledger(office, original).added == 0


def test_a_case_over_several_merged_lines_has_all_its_parties(office: Session, tmp_path: Path) -> None:
    second = ["", "", "张四", OTHER_CARD, "", "王五", *[""] * 6]
    rows = [HEAD, row(1), second, row(2)]
    merges = [(1, 0, 2, 0), (1, 1, 2, 1), (1, 6, 2, 6)]
    report = import_ledger(office, plan_of(office, tmp_path / "a.xlsx", rows, merges))
    assert (report.added, report.refused) == (2, ())
    names = [[(p["name"], p["party_role"]) for k, p in children if k == "party"] for _, children in everything(office)]
    assert names[0][1:] == [("李四", "2"), ("张四", "1"), ("王五", "2")]
    assert len(names[1]) == 2


def test_a_refused_case_over_merged_lines_stays_one_case_in_the_rejected_workbook(office: Session, tmp_path: Path) -> None:
    rows = [HEAD, row(1, 登记日期="昨天"), ["", "", "张四", "", "", "", *[""] * 6]]
    plan = plan_of(office, tmp_path / "a.xlsx", rows, [(1, 0, 2, 0)])
    write_rejected(plan, import_ledger(office, plan), tmp_path / "r.xlsx")
    again = import_ledger(office, propose(office, read_ledger(corrected(tmp_path / "r.xlsx", {"昨天": "2025.3.3"}, tmp_path / "c.xlsx"))))
    assert (again.added, again.refused) == (1, ())
    assert len(everything(office)[0][1]) == 4


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({"申请人": "张三、李四", "申请人身份证号": f"{CARD}、{OTHER_CARD}"}, [("张三", CARD), ("李四", OTHER_CARD)]),
        ({"申请人": "张三\n李四", "申请人身份证号": f"{CARD}\n{OTHER_CARD}"}, [("张三", CARD), ("李四", OTHER_CARD)]),
        ({"申请人": "1.张三 2.李四", "申请人身份证号": ""}, [("张三", None), ("李四", None)]),
        ({"申请人": "张　三", "申请人身份证号": CARD}, [("张三", CARD)]),
        ({"申请人": f"张三（男，{CARD}）", "申请人身份证号": "/"}, [("张三", CARD)]),
        ({"申请人": "清溪建材有限公司", "申请人身份证号": "无"}, [("清溪建材有限公司", None)]),
    ],
)
def test_names_as_people_write_them(office: Session, tmp_path: Path, cells: dict[str, Any], wanted: list[tuple[str, str | None]]) -> None:
    [line] = preview(office, plan_of(office, tmp_path / "a.xlsx", [HEAD, row(1, **cells)]))
    assert line.problems == []
    applicants = [p for p in line.parties if p["party_role"] == "1"]
    assert [(p.get("name") or p["organization_name"], p.get("id_card_number")) for p in applicants] == wanted


def test_one_column_for_both_sides_and_a_title_alone(office: Session, tmp_path: Path) -> None:
    both = [
        ["日期", "当事人", "纠纷类型", "情况"],
        ["2025.1.2", "张三、王五与李四", "邻里纠纷", "争地"],
        ["2025.1.3", "赵六诉清溪村委会", "合同纠纷", "欠款"],
    ]
    report = import_ledger(office, plan_of(office, tmp_path / "a.xlsx", both))
    assert report.refused == ()
    sides = [[(p.get("name") or p["organization_name"], p["party_role"]) for _, p in c] for _, c in everything(office)]
    assert sides == [[("张三", "1"), ("王五", "1"), ("李四", "2")], [("赵六", "1"), ("清溪村委会", "2")]]
    titled = [["登记日期", "纠纷名称", "调解结果"], ["2025.2.2", "钱七与孙八邻里纠纷", "成功"]]
    import_ledger(office, plan_of(office, tmp_path / "b.xlsx", titled))
    values, children = everything(office)[-1]
    assert values["dispute_type"] == "2"
    assert [p["name"] for _, p in children] == ["钱七", "孙八"]


def test_dates_without_a_year_take_it_from_the_title_and_amounts_their_unit(office: Session, tmp_path: Path) -> None:
    rows = [
        ["2025年调解台账", "", "", ""],
        ["日期", "当事人", "纠纷类型", "金额(万元)"],
        ["3月7日", "张三与李四", "邻里", 3.5],
        ["12.8", "王五与赵六", "邻里", "5000元"],
    ]
    import_ledger(office, plan_of(office, tmp_path / "a.xls", rows))
    found = everything(office)
    assert [v["registered_on"] for v, _ in found] == ["2025-03-07", "2025-12-08"]
    assert [c[-1][1]["agreement_amount"] for _, c in found] == [3_500_000, 500_000]


def test_other_kinds_come_in_and_link_by_name(office: Session, tmp_path: Path) -> None:
    villages = [["村名", "区划代码", "联系电话"], ["南山村", "990101001209", "13812345678"], ["红旗村", "990101001200", "13812345679"]]
    report = import_ledger(office, plan_of(office, tmp_path / "v.xlsx", villages, kind="village"))
    assert (report.added, report.known, report.completed) == (1, 1, 1)
    workers = [["姓名", "岗位", "联系电话", "律所"], ["周律师", "法律顾问", "13812345670", "正义律师事务所"]]
    assert import_ledger(office, plan_of(office, tmp_path / "w.xlsx", workers, kind="worker")).added == 1
    visits = [
        ["服务日期", "服务村", "法律顾问", "服务方式", "服务类型", "服务内容", "讲座人次"],
        ["2025.3.7", "清溪镇南山村", "周律师", "现场", "讲座、咨询", "讲解民法典", "35人"],
    ]
    assert import_ledger(office, plan_of(office, tmp_path / "x.xlsx", visits, kind="adviser_visit")).refused == ()
    [(values, _)] = everything(office, "adviser_visit")
    assert office.store.name_of(values["village"]) == "南山村"
    assert office.store.name_of(values["adviser"]) == "周律师"
    assert (values["service_types"], values["lecture_attendance"]) == (["2", "1"], 35)
    consultations = [
        ["日期", "姓名", "电话", "事项", "内容摘要", "答复摘要", "接待人"],
        ["2025-3-7 9:30", "吴九", "0573-84551234", "民事", "遗产怎么分", "已解答", "周敏"],
    ]
    assert import_ledger(office, plan_of(office, tmp_path / "c.xlsx", consultations, kind="consultation")).refused == ()
    [(values, _)] = everything(office, "consultation")
    assert values["consulted_at"] == "2025-03-07T09:30"
    assert (values["state"], office.store.name_of(values["received_by"])) == ("answered", "周敏")


def test_names_not_on_file_are_registered_or_refused_as_asked(office: Session, tmp_path: Path) -> None:
    plan = plan_of(office, tmp_path / "a.xlsx", [HEAD, row(1, 所属村="南山村")])
    assert "南山村" in dry_run(office, plan).refused[0].reason
    assert dry_run(office, plan.with_options(Options(register_villages=True))).added == 1
    strict = plan_of(office, tmp_path / "b.xlsx", [HEAD, row(1)]).with_options(Options(register_workers=False))
    assert "王建国" in dry_run(office, strict).refused[0].reason


def test_damaged_identity_numbers_may_be_left_blank(office: Session, tmp_path: Path) -> None:
    plan = plan_of(office, tmp_path / "a.xlsx", [HEAD, row(1, 申请人身份证号=float(CARD))])
    assert len(dry_run(office, plan).refused) == 1
    [line] = preview(office, plan.with_options(Options(blank_damaged_id_cards=True)))
    assert line.problems == []
    assert "id_card_number" not in line.parties[0]


def test_a_changed_mapping_is_remembered_for_the_same_headings_only(office: Session, tmp_path: Path) -> None:
    rows = [["日期", "当事人", "谁来调的", "纠纷类型"], ["2025.1.2", "张三与李四", "王建国", "邻里"]]
    plan = plan_of(office, tmp_path / "a.xlsx", rows)
    assert plan.sheets[0].columns[2].target == NOTED
    import_ledger(office, plan.with_column(0, 2, "mediators"))
    again = plan_of(office, tmp_path / "b.xlsx", [rows[0], ["2025.6.6", "王五与赵六", "钱七", "邻里"]])
    assert again.sheets[0].columns[2].target == "mediators"
    assert again.sheets[0].columns[2].remembered
    kept = str(office.store.get(act.MAPPINGS))
    assert "张三" not in kept
    other = plan_of(office, tmp_path / "c.xlsx", [[*rows[0], "备注"], ["2025.6.6", "王五与赵六", "钱七", "邻里", ""]])
    assert other.sheets[0].columns[2].target == NOTED


def test_two_devices_that_import_one_ledger_make_the_same_records(offices: Callable[[], Session], tmp_path: Path) -> None:
    rows = [HEAD, row(1), row(1), row(2)]
    ids = []
    for session in (offices(), offices()):
        import_ledger(session, plan_of(session, tmp_path / "a.xlsx", rows))
        listed = session.store.rows(session.store.keys(ListQuery("mediation")))
        ids.append(sorted([r.id for r in listed] + [c.id for r in listed for c in session.store.children(r.id)]))
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 3 + 9


def test_a_reader_may_not_import_and_a_liaison_makes_nobody_up(office: Session, tmp_path: Path) -> None:
    rows = [HEAD, row(1)]
    add_user(office.store, PASSPHRASE, {"name": "看客", "worker_roles": ["1"], "access_role": "reader"}, PASSPHRASE)
    add_user(office.store, PASSPHRASE, {"name": "联络", "worker_roles": ["5"], "access_role": "liaison"}, PASSPHRASE)
    office.store.close()
    reader = Session(open_store(office.store.folder, "看客", PASSPHRASE))
    try:
        with pytest.raises(NotAllowed):
            import_ledger(reader, plan_of(reader, tmp_path / "a.xlsx", rows))
    finally:
        reader.store.close()
    liaison = Session(open_store(office.store.folder, "联络", PASSPHRASE))
    try:
        report = import_ledger(liaison, plan_of(liaison, tmp_path / "a.xlsx", rows))
        assert "王建国" in report.refused[0].reason
    finally:
        liaison.store.close()


def test_a_plan_without_a_sheet_is_refused(office: Session, tmp_path: Path) -> None:
    plan = plan_of(office, tmp_path / "a.xlsx", [HEAD, row(1)]).with_sheet(0, False)
    with pytest.raises(Refused, match="没有选中"):
        import_ledger(office, plan)


def test_a_rejected_workbook_that_cannot_be_written_is_a_sentence(office: Session, tmp_path: Path) -> None:
    plan = plan_of(office, tmp_path / "a.xlsx", [HEAD, row(1, 登记日期="昨天")])
    report = dry_run(office, plan)
    with pytest.raises(Refused, match="写不了"):
        write_rejected(plan, report, tmp_path / "没有这个文件夹" / "r.xlsx")


def test_what_no_field_holds_goes_into_the_remarks_unless_left_out(office: Session, tmp_path: Path) -> None:
    rows = [[*HEAD, "回访日期", "司法确认", "备注"], [*row(1), "2025.5.1", "否", "已归档"], [*row(2), "/", "", ""]]
    plan = plan_of(office, tmp_path / "a.xlsx", rows)
    [first, second] = preview(office, plan)
    assert first.values["remarks"] == "已归档；回访日期：2025.5.1；司法确认：否"
    assert "remarks" not in second.values
    [first, _] = preview(office, plan.with_column(0, 12, ""))
    assert first.values["remarks"] == "已归档；司法确认：否"


def test_a_birth_without_its_day_is_left_out_and_told(office: Session, tmp_path: Path) -> None:
    rows = [["姓名", "性别", "出生年月", "联系电话", "岗位"], ["钱七", "女", "1970.5", "13812345678", "调解员"]]
    report = import_ledger(office, plan_of(office, tmp_path / "a.xlsx", rows, kind="worker"))
    assert (report.added, report.refused) == (1, ())
    assert "没有写日" in report.doubts[0].reason


def test_a_csv_with_a_long_odd_name_has_its_rejected_workbook_too(office: Session, tmp_path: Path) -> None:
    path = tmp_path / f"['2025]{'很长的名字' * 10}.csv"
    plan = plan_of(office, path, [HEAD, row(1, 登记日期="昨天", 简要情况="长" * 40_000)])
    report = import_ledger(office, plan)
    write_rejected(plan, report, tmp_path / "r.xlsx")
    assert "昨天" in str(read_ledger(tmp_path / "r.xlsx").sheets[0].rows[1])
