"""Counting from a real store, and the workbook that goes to the county."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from jusuo_desktop.actions.sample_office import make_sample_office
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.statistics import RULE, export_statistics, statistics
from jusuo_desktop.actions.void_record import void
from jusuo_desktop.reports import facts
from jusuo_desktop.reports.progress import FreeReins
from jusuo_desktop.reports.statistics import MONTH, VILLAGE, Period
from jusuo_desktop.reports.statistics_columns import T1, T4, T7
from jusuo_desktop.store.refusal import Refused

NOW = datetime(2026, 9, 30, 9, 0)
PERIOD = Period("2026-01-01", "2026-09-30")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    made = make_sample_office(tmp_path_factory.mktemp("statistics") / "office", seed=4, mediations=150, clock=lambda: NOW)
    yield made
    made.store.close()


def test_the_figures_are_those_of_the_store(session: Session) -> None:
    report = statistics(session, PERIOD)
    closed = [r for r in session.store.each_record("mediation") if "2026-01-01" <= str(r.values.get("closed_on", "")) <= "2026-09-30"]
    counted = [r for r in closed if "refusal_reason" not in r.values]
    table = report.tables["mediation"]
    assert table.cell("cases_total") == len(counted) > 50
    ids = {r.id for r in counted}
    amounts = [r.values.get("agreement_amount", 0) for r in session.store.each_record("agreement") if r.parent_id in ids]
    assert table.cell("agreement_amount") == sum(int(str(a)) for a in amounts)
    assert set(report.behind("mediation", "cases_total")) == ids
    assert report.findings["mediation"] == ()
    assert (report.office, report.rule) == ("西塘司法所", facts.CLOSED)


def test_grouping_and_rule_of_the_office(session: Session) -> None:
    session.store.set(RULE, facts.ACCEPTED)
    try:
        report = statistics(session, PERIOD, VILLAGE)
        accepted = [v for v in session.store.each("mediation") if PERIOD.first <= str(v.get("accepted_on", "")) <= PERIOD.last]
        assert report.tables["mediation"].cell("cases_total") == len(accepted)
        assert len(report.tables["mediation"].rows) == 14
        assert [r.label for r in statistics(session, PERIOD, MONTH).tables["consultation"].rows][:2] == ["2026年1月", "2026年2月"]
    finally:
        session.store.set(RULE, facts.CLOSED)


def test_a_voided_case_no_longer_counts_nor_does_its_agreement(session: Session) -> None:
    before = statistics(session, PERIOD).tables["mediation"]
    parents = {r.parent_id for r in session.store.each_record("agreement") if r.values.get("agreement_amount")}
    gone = next(i for i in before.behind("cases_total") if i in parents)
    amount = sum(f.number("fen") for f in before.facts if f.id == gone)
    void(session, gone, "重复登记")
    after = statistics(session, PERIOD).tables["mediation"]
    assert after.cell("cases_total") == before.cell("cases_total") - 1
    assert after.cell("agreement_amount") == before.cell("agreement_amount") - amount < before.cell("agreement_amount")


def test_a_period_that_ends_before_it_begins_is_refused(session: Session) -> None:
    with pytest.raises(Refused, match="起日2026-02-01在止日2026-01-01之后"):
        statistics(session, Period("2026-02-01", "2026-01-01"))


def test_counting_can_be_stopped(session: Session) -> None:
    reins = FreeReins()
    reins.stopped = threading.Event()
    reins.stopped.set()
    with pytest.raises(Refused, match="统计已停止"):
        statistics(session, PERIOD, reins=reins)


def test_the_workbook_carries_titles_bands_figures_and_the_rule(session: Session, tmp_path: Path) -> None:
    report = statistics(session, PERIOD)
    path = export_statistics(session, report, tmp_path / "统计.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["人民调解", "法律咨询", "村居法律顾问"]
    for form, name in ((T1, "人民调解"), (T4, "法律咨询"), (T7, "村居法律顾问")):
        rows = list(book[name].iter_rows(values_only=True))
        table = report.tables[form.name]
        assert rows[0][0] == form.title
        heads = {str(v) for row in rows[2:6] for v in row if v}
        assert {c.label for c in form.columns} <= heads
        assert {c.group for c in form.columns if c.group} <= heads
        total = next(row for row in rows if row[0] == "合计")
        assert total[1] == table.total.cells[0]
        below = [r for r in rows if r[0] in {row.label for row in table.rows}]
        assert len(below) == len(table.rows)
        assert sum(int(str(r[1])) for r in below) == total[1]
    rows = list(book["人民调解"].iter_rows(values_only=True))
    assert "排查预防纠纷" in rows[2]
    total = next(row for row in rows if row[0] == "合计")
    counted = report.tables["mediation"]
    assert total[-10:-8] == (counted.cell("screenings"), "—"), "a figure entered by hand is no zero"
    assert total[-8:] == counted.total.cells[-8:]
    assert counted.cell("screenings") > 0
    assert abs(float(str(total[5])) - report.tables["mediation"].cell("agreement_amount") / 1_000_000) <= 0.005
    assert any("按结案日期计入本期" in str(row[0]) for row in rows)


def test_an_export_to_nowhere_is_refused_in_one_sentence(session: Session, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        export_statistics(session, statistics(session, PERIOD), tmp_path / "没有这个文件夹" / "统计.xlsx")
