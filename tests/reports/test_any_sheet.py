"""Whatever stands on a sheet: the whole way from proposal to written records ends in a report, and twice is once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from jusuo_desktop.actions.import_ledger import dry_run, import_ledger, propose
from jusuo_desktop.actions.import_preview import shown_lines
from jusuo_desktop.actions.session import Session
from jusuo_desktop.reports.rejected import write_rejected
from jusuo_desktop.reports.targets import IMPORTED_KINDS, targets
from jusuo_desktop.reports.workbook_file import Ledger, Sheet, read_ledger
from jusuo_desktop.store import ListQuery
from jusuo_desktop.store import create_store as create
from tests.reports.conftest import OFFICE

WORDINGS = {kind: sorted({w for t in targets(kind).values() for w in (t.label, *t.field.headings)}) for kind in IMPORTED_KINDS}
SAID = (
    "张三",
    "张三、李四",
    "张三与李四",
    "合计",
    "小计",
    "红旗村",
    "2025.3.7",
    "2025年3月7日",
    "12345",
    "无",
    "/",
    "成功",
    "邻里纠纷",
    "3.5万",
    "注：",
    "是",
    "110101199003077571",
)
CELLS: st.SearchStrategy[Any] = st.one_of(
    st.just(""),
    st.sampled_from(SAID),
    st.text(max_size=20),
    st.floats(),
    st.integers(-10, 10**18),
    st.booleans(),
    st.dates(date(1900, 1, 1), date(2199, 1, 1)),
    st.datetimes(datetime(1900, 1, 1), datetime(2199, 1, 1)),
    st.just(time(9, 30)),
    st.just(timedelta(hours=30)),
)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[str, Sheet]:
    kind = draw(st.sampled_from(IMPORTED_KINDS))
    width = draw(st.integers(2, 7))
    line = st.lists(CELLS, min_size=width, max_size=width)
    head = st.sampled_from(WORDINGS[kind])
    heads = draw(st.lists(st.lists(head, min_size=width, max_size=width), min_size=1, max_size=2))
    if draw(st.booleans()):
        heads[0][0] = draw(CELLS)
    rows = [*draw(st.lists(line, max_size=1)), *heads, *draw(st.lists(line, min_size=1, max_size=8))]
    spans = st.tuples(st.integers(0, len(rows)), st.integers(0, width), st.integers(0, 3), st.integers(0, 3))
    merged = tuple((r, c, r + down, c + right) for r, c, down, right in draw(st.lists(spans, max_size=3)))
    return kind, Sheet(draw(st.sampled_from(["一", "2025年", "台账"])), rows, merged, False, width)


@pytest.fixture(scope="module")
def one_office(tmp_path_factory: pytest.TempPathFactory) -> Any:
    store, _ = create(tmp_path_factory.mktemp("any") / "store", OFFICE)
    yield Session(store)
    store.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(sheets())
def test_any_sheet_ends_in_a_report_and_twice_is_once(one_office: Session, tmp_path: Path, case: tuple[str, Sheet]) -> None:
    kind, sheet = case
    plan = propose(one_office, Ledger(Path("台账.xlsx"), (sheet,)), kind)
    shown_lines(one_office, plan)
    assume(any(s.included and s.by_target for s in plan.sheets))
    tried = dry_run(one_office, plan)
    done = import_ledger(one_office, plan)
    assert (tried.added, tried.refused) == (done.added, done.refused)
    held = one_office.store.count(ListQuery(kind))
    again = import_ledger(one_office, plan)
    assert (again.added, again.completed) == (0, 0)
    assert one_office.store.count(ListQuery(kind)) == held
    if done.refused:
        write_rejected(plan, done.refused, done.marks, tmp_path / "r.xlsx")
        rejected = read_ledger(tmp_path / "r.xlsx")
        assert sum(1 for row in rejected.sheets[0].rows if any(row)) >= len(done.refused)
