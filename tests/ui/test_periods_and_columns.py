"""Stretches of time and the choice of columns: pure."""

from __future__ import annotations

from array import array
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.ui import periods
from jusuo_desktop.ui.columns import first_columns, from_setting
from jusuo_desktop.ui.list_model import place_in

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(st.lists(st.integers(0, 2**40) | st.integers(0, 300), unique=True, max_size=60), st.data())
def test_a_key_is_found_where_it_stands(numbers: list[int], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(numbers) if numbers else st.just(5)) if data.draw(st.booleans()) else data.draw(st.integers(0, 70_000))
    assert place_in(array("q", numbers), key) == (numbers.index(key) if key in numbers else -1)


LISTED = [kind for kind in KINDS.values() if kind.listed]


@given(DAYS)
def test_named_stretches_hold_what_their_name_says(today: date) -> None:
    for name in periods.NAMES:
        first, last = (date.fromisoformat(str(day)) for day in periods.span_of(name, today))
        assert first <= last
        if name in ("今天", "本周", "本月", "本季度", "今年"):
            assert first <= today <= last
        else:
            assert last < today
    first, last = (date.fromisoformat(str(day)) for day in periods.span_of("本周", today))
    assert first.weekday() == 0
    assert last - first == timedelta(days=6)
    first, last = (date.fromisoformat(str(day)) for day in periods.span_of("本季度", today))
    assert (first.day, (last + timedelta(days=1)).day, first.month % 3) == (1, 1, 1)
    first, last = (date.fromisoformat(str(day)) for day in periods.span_of("上月", today))
    assert (first.day, last + timedelta(days=1)) == (1, today.replace(day=1))


def test_stretches_in_words() -> None:
    assert periods.said((None, None)) == ""
    assert periods.said(("2026-03-01", None)) == "2026-03-01 起"
    assert periods.said((None, "2026-03-01")) == "至 2026-03-01"
    assert periods.said(("2026-03-01", "2026-03-01")) == "2026-03-01"


@given(st.sampled_from(LISTED), st.data())
def test_columns_survive_being_kept(kind: object, data: st.DataObject) -> None:
    columns = first_columns(kind)  # type: ignore[arg-type]
    names = [f.name for f in kind.listed]  # type: ignore[attr-defined]
    for name in data.draw(st.lists(st.sampled_from(names), max_size=8)):
        columns = columns.with_shown(kind, name, data.draw(st.booleans()))  # type: ignore[arg-type]
        columns = columns.with_width(name, data.draw(st.integers(20, 2000)))
        columns = columns.sorted_by(name)
    assert columns.shown
    assert list(columns.shown) == [n for n in names if n in columns.shown]
    assert from_setting(kind, columns.as_setting()) == columns  # type: ignore[arg-type]


@given(
    st.sampled_from(LISTED),
    st.one_of(
        st.none(), st.text(), st.lists(st.text()), st.dictionaries(st.text(), st.text()),
        st.fixed_dictionaries({
            "shown": st.lists(st.text()), "widths": st.dictionaries(st.text(), st.integers()), "sort": st.text(), "descending": st.booleans(),
        }),
    ),
)  # fmt: skip
def test_whatever_an_older_version_kept_gives_columns(kind: object, kept: object) -> None:
    assert from_setting(kind, kept).shown  # type: ignore[arg-type]
