"""Lists against a plain model in Python: filters, order, text, pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store import Edit, Filter, ListQuery, Store
from jusuo_desktop.store.list_indexes import index_statements, reading
from tests.store.county_model import FORBIDDEN, County
from tests.store.offices import consultation, edit, entry_of, mediation
from tests.store.test_feed import sync

NAMES = ["张三", "李四", "王五", "𬭊泽", None]
MOMENTS = ["2026-01-02T09:30", "2026-01-02T23:59", "2026-02-01T00:00", None]
CODES = [["1"], ["1", "3"], None]

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(NAMES),
            "consulted_at": st.sampled_from(MOMENTS),
            "crowd_types": st.sampled_from(CODES),
            "accompanying_count": st.sampled_from([0, 1, 2, 10, None]),
            "voided_reason": st.sampled_from([None, None, None, "重复"]),
        }
    ),
    max_size=12,
)
FILTERS = st.lists(
    st.one_of(
        st.builds(Filter, st.just("name"), st.just("="), st.sampled_from(NAMES[:4])),
        st.builds(Filter, st.just("name"), st.just("in"), st.lists(st.sampled_from(NAMES[:4]), max_size=3)),
        st.builds(Filter, st.just("name"), st.just("contains"), st.sampled_from(["张", "三", "𬭊", "%", "_"])),
        st.builds(Filter, st.just("crowd_types"), st.just("contains"), st.sampled_from(["1", "3", "0"])),
        st.builds(Filter, st.sampled_from(["name", "crowd_types", "consulted_at"]), st.just("empty")),
        st.builds(
            Filter, st.just("consulted_at"), st.just("between"),
            st.tuples(st.sampled_from(["2026-01-02", "2026-01-02T10:00", None]), st.sampled_from(["2026-01-02", "2026-01-31", None])),
        ),
        st.builds(Filter, st.just("accompanying_count"), st.just("between"), st.tuples(st.sampled_from([1, None]), st.sampled_from([2, None]))),
    ),
    max_size=2,
)  # fmt: skip


def matches(values: dict[str, Any], one: Filter) -> bool:
    value = values.get(one.field)
    if one.comparison == "empty":
        return value is None
    if one.comparison == "between" and one.value == (None, None):
        return True
    if value is None:
        return False
    if one.comparison == "=":
        return bool(value == one.value)
    if one.comparison in ("in", "contains"):
        return value in one.value if one.comparison == "in" else one.value in value
    low, high = one.value
    if isinstance(value, str) and high is not None and len(high) == 10:
        high += "T99"
    return (low is None or value >= low) and (high is None or value <= high)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, FILTERS, st.sampled_from(["", "name", "consulted_at", "accompanying_count"]), st.booleans(), st.booleans())
def test_a_list_is_what_a_plain_loop_says(
    store: Store, rows: list[dict[str, Any]], filters: list[Filter], sort: str, descending: bool, with_voided: bool
) -> None:
    with store._writing() as connection:
        connection.execute(text("DELETE FROM record WHERE kind = 'consultation'"))
    made = store.write([Edit("consultation", {n: v for n, v in row.items() if v is not None}) for row in rows], act="import") if rows else []
    query = ListQuery("consultation", tuple(filters), sort, descending, with_voided)
    kept = [(n, r) for n, r in enumerate(made) if (with_voided or not r.voided) and all(matches(dict(r.values), f) for f in filters)]
    field = sort or "consulted_at"
    kept.sort(key=lambda pair: (field in pair[1].values, pair[1].values.get(field, 0) if field in pair[1].values else 0, pair[0]), reverse=descending)
    keys = store.keys(query)
    assert [row.id for row in store.rows(keys)] == [r.id for _, r in kept]
    assert store.count(query) == len(kept)
    assert list(store.keys(query, 3)) == list(keys)[:3]


def test_text_searches_the_record_and_its_rows(store: Store) -> None:
    first = mediation(store, "张三", "李四", dispute_summary="院墙滴水")
    second = mediation(store, "王五", "赵六")
    store.write([Edit("party", {"name": "钱七", "party_role": "2", "contact_phone": "13711112222"}, parent_id=second.id)], act="save")

    def found(typed: str) -> list[str]:
        return [r.id for r in store.rows(store.keys(ListQuery("mediation", text=typed)))]

    assert found("滴水") == [first.id]
    assert found("钱七") == [second.id]
    assert found("1112") == [second.id]
    assert sorted(found("邻里")) == sorted([first.id, second.id])
    assert found("没有") == []
    assert sorted(found("  ")) == sorted([first.id, second.id])


def test_rows_come_in_the_order_asked_and_say_what_is_unsent_or_in_conflict(store: Store) -> None:
    county = County(store.device_id)
    sync(store, county)
    sent, unsent = consultation(store, "已送"), None
    sync(store, county)
    unsent = consultation(store, "未送")
    store.apply(
        [entry_of(len(county.feed) + 1, "01900000-0000-7000-8000-000000000001", 1, {"state": "open"}, kind="conflict", parent_id=sent.id)], {}
    )
    keys = store.keys(ListQuery("consultation"))
    rows = {row.id: row for row in store.rows(list(reversed(keys)))}
    assert list(rows) == [r.id for r in store.rows(keys)][::-1]
    assert (rows[sent.id].unsent, rows[sent.id].conflict) == (False, True)
    assert (rows[unsent.id].unsent, rows[unsent.id].conflict) == (True, False)
    assert store.rows([10**9]) == []


def test_a_refused_change_counts_as_unsent(store: Store) -> None:
    county = County(store.device_id)
    sync(store, county)
    made = consultation(store, FORBIDDEN)
    sync(store, county)
    assert store.unsent_count() == 1
    assert [row.unsent for row in store.rows(store.keys(ListQuery("consultation")))] == [True]
    edit(store, made, name="改正")
    sync(store, county)
    assert store.unsent_count() == 0


@pytest.mark.parametrize("query", [ListQuery("consultation", sort="body"), ListQuery("consultation", (Filter("name'", "="),))])
def test_what_is_no_field_never_reaches_the_database(store: Store, query: ListQuery) -> None:
    with pytest.raises(ValueError, match="no such"):
        store.keys(query)


def test_sorting_by_an_indexed_column_reads_the_index(store: Store) -> None:
    with store._reading() as connection:
        for kind in KINDS.values():
            if kind.order:
                statement = (
                    f"SELECT serial FROM record{reading(kind, (), kind.order)} WHERE kind = '{kind.name}' AND voided = 0"
                    f" ORDER BY json_extract(body, '$.{kind.order}') DESC, serial DESC"
                )
                plan = " ".join(str(row) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {statement}")))
                assert f"COVERING INDEX list_{kind.name}_{kind.order}" in plan
                assert "TEMP B-TREE" not in plan


def test_indexes_follow_the_declarations(store: Store, folder: Any, opening: Callable[[Any], Store]) -> None:
    wanted = len(index_statements())
    query = "SELECT count(*) FROM sqlite_master WHERE name LIKE 'list\\_%' ESCAPE '\\'"
    with store._writing() as connection:
        assert connection.execute(text(query)).scalar_one() == wanted
        connection.execute(text("DROP INDEX list_mediation_registered_on"))
        connection.execute(text("CREATE INDEX list_mediation_gone ON record (json_extract(body, '$.gone')) WHERE kind = 'mediation'"))
    store.close()
    with opening(folder)._reading() as connection:
        assert connection.execute(text(query)).scalar_one() == wanted
