"""A list taken out: what stands in it, what is hidden, that it is noted, and that it comes back without adding anything."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from jusuo_desktop.actions.export_list import export_list
from jusuo_desktop.actions.import_ledger import dry_run, import_ledger, propose, read_ledger
from jusuo_desktop.actions.session import Session
from jusuo_desktop.store import Edit, Filter, ListQuery, NotAllowed, Refused, add_user, open_store
from tests.reports.conftest import PASSPHRASE
from tests.reports.test_import_ledger import CARD, HEAD, everything, plan_of, row


@pytest.fixture
def filled(office: Session, tmp_path: Path) -> Session:
    """Five imported cases and one typed by hand."""
    import_ledger(office, plan_of(office, tmp_path / "in.xlsx", [HEAD, *[row(i) for i in range(5)]]))
    office.store.write(
        [
            Edit(
                "mediation", {"title": "手工登记", "registered_on": "2025-12-31", "remarks": "=1+1"}, "0190a000-0000-7000-8000-000000000001", new=True
            ),
            Edit("party", {"name": "𠮷野", "party_role": "1"}, parent_id="0190a000-0000-7000-8000-000000000001"),
        ],
        act="save",
    )
    return office


def cells(path: Path) -> list[list[object]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [[c.value for c in r] for r in sheet.iter_rows()]


def test_headings_are_labels_numbers_are_text_and_the_foot_says_who_and_when(filled: Session, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    assert export_list(filled, ListQuery("mediation"), path, unmasked=True) == 6
    rows = cells(path)
    heads = rows[1]
    assert rows[0][0] == "人民调解台账"
    assert heads[:3] == ["案号", "纠纷名称", "登记日期"]
    by_head = [dict(zip(heads, r, strict=True)) for r in rows[2:8]]
    assert by_head[0]["纠纷名称"] == "手工登记"
    assert by_head[0]["申请人姓名"] == "𠮷野"
    assert by_head[0]["备注"] == "=1+1"
    assert by_head[1]["申请人身份证号"] == CARD
    assert by_head[1]["村（社区）"] == "红旗村"
    assert by_head[1]["协议涉及金额（元）"] == 1004
    assert "周敏" in str(rows[8][0])
    assert "2026-03-09 10:30" in str(rows[8][0])
    book = openpyxl.load_workbook(path)
    assert "周敏" in str(book.worksheets[0].oddFooter.left.text)
    hidden = [letter for letter, column in book.worksheets[0].column_dimensions.items() if column.hidden]
    assert hidden == [get_column_letter(len(heads))], "the record's own name, for taking the sheet in again"


def test_identity_numbers_and_phones_are_masked_unless_asked_and_both_are_noted(filled: Session, tmp_path: Path) -> None:
    export_list(filled, ListQuery("mediation"), tmp_path / "a.xlsx")
    text = str(cells(tmp_path / "a.xlsx"))
    assert CARD not in text
    assert "13812345678" not in text
    assert "已遮盖" in text
    export_list(filled, ListQuery("mediation"), tmp_path / "b.xlsx", unmasked=True)
    assert "注意保密" in str(cells(tmp_path / "b.xlsx"))
    assert filled.store.verify() == []


@pytest.mark.parametrize("unmasked", [True, False])
def test_an_export_comes_back_and_adds_nothing(filled: Session, tmp_path: Path, unmasked: bool) -> None:
    export_list(filled, ListQuery("mediation"), tmp_path / "a.xlsx", unmasked=unmasked)
    before = everything(filled)
    report = import_ledger(filled, propose(filled, read_ledger(tmp_path / "a.xlsx")))
    assert (report.added, report.known, report.refused) == (0, 6, ())
    assert everything(filled) == before


def test_an_export_fills_another_office_with_the_same_cases(filled: Session, offices: Callable[[], Session], tmp_path: Path) -> None:
    export_list(filled, ListQuery("mediation"), tmp_path / "a.xlsx", unmasked=True)
    other = offices()
    assert import_ledger(other, propose(other, read_ledger(tmp_path / "a.xlsx"))).refused == ()

    def told(session: Session) -> list[tuple[object, ...]]:
        return sorted(
            (v["title"], v["registered_on"], str(v.get("dispute_summary")), str([dict(c) for k, c in children if k == "agreement"]))
            for v, children in everything(session)
        )

    assert told(other) == told(filled)


@pytest.mark.parametrize("kind", ["village", "mediation_committee", "worker", "consultation"])
def test_every_kind_goes_out_and_comes_back(filled: Session, tmp_path: Path, kind: str) -> None:
    filled.store.write([Edit("consultation", {"name": "吴九", "consulted_at": "2025-03-07T09:30", "contact_phone": "13812345678"})], act="save")
    count = export_list(filled, ListQuery(kind), tmp_path / "a.xlsx")
    plan = propose(filled, read_ledger(tmp_path / "a.xlsx"))
    assert plan.kind == kind
    report = dry_run(filled, plan)
    assert (report.added, report.known, report.refused) == (0, count, ())


def test_only_the_filtered_list_goes_out_in_its_order(filled: Session, tmp_path: Path) -> None:
    query = ListQuery("mediation", (Filter("registered_on", "between", ("2025-02-01", "2025-04-30")),), descending=False)
    assert export_list(filled, query, tmp_path / "a.xlsx", columns=["registered_on", "agreement.agreement_amount"]) == 3
    assert [r[0] for r in cells(tmp_path / "a.xlsx")[2:5]] == ["2025-02-02", "2025-03-03", "2025-04-04"]


def test_a_stopped_export_leaves_no_file(filled: Session, tmp_path: Path) -> None:
    class Stopped:
        stopped = threading.Event()

        def tell(self, progress: object) -> None: ...

    Stopped.stopped.set()
    with pytest.raises(Refused, match="停止"):
        export_list(filled, ListQuery("mediation"), tmp_path / "a.xlsx", reins=Stopped())
    assert not (tmp_path / "a.xlsx").exists()


def test_a_place_that_cannot_be_written_is_a_sentence(filled: Session, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="写不了"):
        export_list(filled, ListQuery("mediation"), tmp_path / "没有" / "a.xlsx")


def test_a_liaison_gets_masked_numbers_only(filled: Session, tmp_path: Path) -> None:
    add_user(filled.store, PASSPHRASE, {"name": "联络", "worker_roles": ["5"], "access_role": "liaison"}, PASSPHRASE)
    filled.store.close()
    liaison = Session(open_store(filled.store.folder, "联络", PASSPHRASE))
    try:
        with pytest.raises(NotAllowed):
            export_list(liaison, ListQuery("mediation"), tmp_path / "a.xlsx", unmasked=True)
        assert export_list(liaison, ListQuery("mediation"), tmp_path / "b.xlsx") == 6
    finally:
        liaison.store.close()
