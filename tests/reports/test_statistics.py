"""The tables against a second calculation, and sums that hold for whatever records there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.kind import Record
from jusuo_desktop.reports import facts
from jusuo_desktop.reports.statistics import COMMITTEE, GROUPINGS, MONTH, VILLAGE, Period, Table, scaled, share, shown, tabulate
from jusuo_desktop.reports.statistics_checks import consultation_checks, mediation_checks, visit_checks
from jusuo_desktop.reports.statistics_columns import FEN, HOURS, T1, T4, T7
from jusuo_desktop.sample.county import County, sample_county
from jusuo_desktop.sample.families import sample_records

YEAR = Period("2025-01-01", "2025-12-31")
TYPES = [c for c, _ in code_list("dispute_type").codes]


@pytest.fixture(scope="module")
def county() -> County:
    return sample_county(2)


@pytest.fixture(scope="module")
def records(county: County) -> list[Record]:
    stream = sample_records(county, per_year=700, years=(2024, 2025), until=date(2026, 1, 31))
    return [record for family in stream for record in family.records]


def of(records: Sequence[Record], kind: str) -> list[Record]:
    return [r for r in records if r.kind == kind]


def mediation_table(county: County, records: Sequence[Record], by: str = COMMITTEE, rule: str = facts.CLOSED, period: Period = YEAR) -> Table:
    committees = {c.record.id: c.record for o in county.offices for c in o.committees}
    types = {i: str(r.values["committee_type"]) for i, r in committees.items()}
    labels = {
        COMMITTEE: {i: str(r.values["name"]) for i, r in committees.items()},
        VILLAGE: {v.record.id: v.name for o in county.offices for v in o.villages},
    }
    parties = Counter(r.parent_id for r in of(records, "party"))
    cases = facts.cases(of(records, "mediation"), facts.agreements_by_case(of(records, "agreement")), lambda i: parties[i], types, rule)
    return tabulate(T1, cases, period, by, labels.get(by))


def by_hand(county: County, records: Sequence[Record], committee: str) -> dict[str, int]:
    """Plain loops that share nothing with the code under test."""
    kinds = {c.record.id: c.record.values["committee_type"] for o in county.offices for c in o.committees}
    found: Counter[str] = Counter()
    for case in records:
        v = case.values
        if case.kind != "mediation" or "refusal_reason" in v or not "2025-01-01" <= str(v.get("closed_on", "")) <= "2025-12-31":
            continue
        if committee and v["committee"] != committee:
            continue
        found["cases_total"] += 1
        found["parties_total"] += int(str(v["people_involved"]))
        found["cases_succeeded"] += v.get("mediation_result") == "1"
        found["cases_difficult"] += v.get("difficulty") in ("3", "4")
        found[f"type_{v['dispute_type']}"] += 1
        found["source_initiative"] += v["case_source"] == "2"
        found["source_application"] += v["case_source"] in ("1", "8", "9")
        found["source_police"] += v["case_source"] == "5"
        found["by_village_committee"] += kinds[str(v["committee"])] == "01"
        found["by_township_committee"] += kinds[str(v["committee"])] == "03"
        for child in records:
            if child.kind == "agreement" and child.parent_id == case.id:
                found["agreement_amount"] += int(str(child.values.get("agreement_amount", 0)))
                found["agreement_oral"] += child.values["agreement_form"] == "1"
                found["agreement_written"] += child.values["agreement_form"] == "2"
    return dict(found)


def test_the_mediation_table_equals_plain_loops(county: County, records: list[Record]) -> None:
    table = mediation_table(county, records)
    for name, value in by_hand(county, records, "").items():
        assert table.cell(name) == value, name
    assert table.cell("cases_total") > 600
    busiest = max(table.rows, key=lambda r: r.cells[0] or 0)
    for name, value in by_hand(county, records, busiest.key).items():
        assert table.cell(name, busiest.key) == value, name


@pytest.mark.parametrize("rule", facts.RULES)
@pytest.mark.parametrize("by", GROUPINGS)
def test_totals_and_checks_hold_by_every_grouping_and_rule(county: County, records: list[Record], by: str, rule: str) -> None:
    table = mediation_table(county, records, by, rule)
    assert mediation_checks(table) == []
    whole = mediation_table(county, records, COMMITTEE, rule)
    assert table.total.cells == whole.total.cells
    expected = {COMMITTEE: sum(len(o.committees) for o in county.offices), VILLAGE: 91, MONTH: 12}[by]
    assert len(table.rows) == expected


def test_every_figure_has_its_records_behind_it(county: County, records: list[Record]) -> None:
    table = mediation_table(county, records, MONTH)
    cases = {r.id: r.values for r in of(records, "mediation")}
    for row in table.rows:
        for name, test in (("cases_total", lambda v: True), ("type_2", lambda v: v["dispute_type"] == "2")):
            behind = table.behind(name, row.key)
            assert len(behind) == table.cell(name, row.key)
            assert all(str(cases[i]["closed_on"])[:7] == row.key and test(cases[i]) for i in behind)
    assert len(table.behind("type_2")) == table.cell("type_2")
    assert table.behind("disputes_prevented") == []


def test_months_of_a_year_add_up_to_the_year(county: County, records: list[Record]) -> None:
    year = mediation_table(county, records)
    sums = Counter[str]()
    for month in YEAR.months:
        part = mediation_table(county, records, period=Period(f"{month}-01", f"{month}-31"))
        for column in T1.columns:
            if column.formula is not None:
                sums[column.name] += part.cell(column.name)
    assert all(sums[c.name] == year.cell(c.name) for c in T1.columns if c.formula is not None)


def test_what_cannot_be_counted_is_no_zero(county: County, records: list[Record]) -> None:
    table = mediation_table(county, records)
    lacking = [c for c in T1.columns if c.formula is None]
    assert len(T1.columns) == 49
    assert [c.name for c in lacking] == ["disputes_prevented"], "entered by hand: statistics.md T1"
    assert all(c.why for c in lacking)
    with pytest.raises(KeyError):
        table.cell("disputes_prevented")
    assert shown(None, "件") == "—"


def test_consultations_and_visits_equal_plain_loops(county: County, records: list[Record]) -> None:
    villages = {v.record.id: v.name for o in county.offices for v in o.villages}
    asked = tabulate(T4, facts.consultations(of(records, "consultation")), YEAR, VILLAGE, villages)
    plain = [r.values for r in of(records, "consultation") if str(r.values["consulted_at"])[:4] == "2025"]
    assert asked.cell("consultations_total") == len(plain)
    assert asked.cell("by_call") == sum(v["consultation_channel"] == "3" for v in plain)
    assert asked.cell("applied_for_aid") == sum(v.get("handling_method") in ("212", "213") for v in plain)
    assert consultation_checks(asked) == []
    visited = tabulate(T7, facts.visits(of(records, "adviser_visit")), YEAR, VILLAGE, villages)
    seen = [r.values for r in of(records, "adviser_visit") if str(r.values["served_on"])[:4] == "2025"]
    assert visited.cell("visits_total") == len(seen)
    assert visited.cell("hours") == sum(int(str(v["duration_minutes"])) for v in seen)
    assert visited.cell("type_2") == sum("2" in v["service_types"] for v in seen)  # type: ignore[operator]
    lacking = {(i, m) for i in villages for m in YEAR.months} - {(str(v["village"]), str(v["served_on"])[:7]) for v in seen}
    said = visit_checks(visited, YEAR.months, villages)
    assert [f.said.split("个")[0] for f in said] == ([str(len(lacking))] if lacking else [])


days = st.dates(date(2023, 11, 1), date(2026, 2, 28)).map(date.isoformat)
mediations = st.builds(
    lambda n, values: Record(f"m{n}", "mediation", "990101100201", {k: v for k, v in values.items() if v is not None}),
    st.integers(0, 40),
    st.fixed_dictionaries(
        {
            "dispute_type": st.sampled_from([None, *TYPES]),
            "case_source": st.sampled_from([None, *"123456789"]),
            "committee": st.sampled_from([None, "c01", "c03", "c99", "strange"]),
            "village": st.sampled_from([None, "v1", "v2"]),
            "mediation_result": st.sampled_from([None, "1", "2", "3"]),
            "difficulty": st.sampled_from([None, *"1234"]),
            "people_involved": st.none() | st.integers(0, 500),
            "refusal_reason": st.sampled_from([None, None, "1"]),
            "state": st.sampled_from(["registered", "accepted", "refused", "withdrawn", "closed", "archived"]),
            "registered_on": days,
            "accepted_on": st.none() | days,
            "closed_on": st.none() | days,
        }
    ),
)
agreements = st.builds(
    lambda n, values: Record("a", "agreement", "990101100201", {k: v for k, v in values.items() if v is not None}, f"m{n}"),
    st.integers(0, 40),
    st.fixed_dictionaries(
        {
            "agreement_form": st.sampled_from([None, "1", "2"]),
            "agreement_amount": st.none() | st.integers(0, 10**13),
            "agreed_on": st.none() | days,
        }
    ),
)


@given(
    st.lists(mediations, max_size=30, unique_by=lambda r: r.id),
    st.lists(agreements, max_size=30),
    st.sampled_from([COMMITTEE, VILLAGE, MONTH]),
    st.sampled_from(list(facts.RULES)),
    st.tuples(st.just("") | days, st.just("") | days),
)
def test_whatever_the_records_rows_add_up_and_a_difference_names_its_records(
    made: list[Record], agreed: list[Record], by: str, rule: str, span: tuple[str, str]
) -> None:
    types = {"c01": "01", "c03": "03", "c99": "99"}
    period = Period(*span)
    cases = list(facts.cases(made, facts.agreements_by_case(agreed), lambda _: 0, types, rule))
    table = tabulate(T1, cases, period, by, {"c01": "甲", "v1": "乙"} if by != MONTH else None)
    counted = [f for f in cases if period.holds(f.day)]
    refused = {r.id for r in made if r.values["state"] == "refused" or ("refusal_reason" in r.values and "accepted_on" not in r.values)}
    assert not refused & {f.id for f in cases}
    assert table.cell("cases_total") == len(counted) == sum(row.cells[0] or 0 for row in table.rows)
    assert table.cell("agreement_amount") == sum(f.number("fen") for f in counted)
    for row in table.rows:
        for column, value in zip(T1.columns, row.cells, strict=True):
            if column.unit == "件" and column.formula is not None:
                assert len(table.behind(column.name, row.key)) == value
    findings = {f.check: f for f in mediation_checks(table)}
    for check, field in (("K1", "type"), ("K2", "source")):
        empty = {f.id for f in counted if not f.values[field]}
        assert (check in findings) == bool(empty)
        assert set(findings[check].ids if check in findings else ()) == empty
    assert ("K4" in findings) == any(not f.values["body"] for f in counted)
    formless = {f.id for f in counted if f.values["result"] == "1" and not f.values["form"]}
    assert set(findings["K5"].ids if "K5" in findings else ()) == formless


def test_units_and_shares_round_halves_up() -> None:
    assert str(scaled(1_234_500_0, FEN)) == "12.35"
    assert str(scaled(500_0, FEN)) == "0.01"
    assert str(scaled(93, HOURS)) == "1.6"
    assert (shown(0, "件"), shown(12345, "件")) == ("", "12,345")
    assert (share(842, 869), share(6217, 6368), share(1, 0)) == ("96.9%", "97.6%", "—")  # the two published rates of T10


def test_periods() -> None:
    assert Period("2025-11-15", "2026-02-01").months == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert Period("", "2026-01-01").months == []
    assert Period().holds("1999-01-01")
    assert not Period("2025-01-01", "2025-12-31").holds("2026-01-01")


def test_people_that_were_not_entered_are_the_parties_on_file() -> None:
    made = [
        Record("m1", "mediation", "990101100201", {"closed_on": "2025-02-03", "state": "closed", "people_involved": 7}),
        Record("m2", "mediation", "990101100201", {"closed_on": "2025-02-03", "state": "closed"}),
    ]
    counted = {f.id: f.number("people") for f in facts.cases(made, {}, lambda record_id: {"m2": 3}[record_id], {})}
    assert counted == {"m1": 7, "m2": 3}


def test_rounds_of_screening_and_averted_dangers_are_counted_beside_the_cases(county: County, records: list[Record]) -> None:
    committee = county.offices[0].committees[-1].record
    village = str(committee.values["village"])
    rounds = [
        Record(f"s{n}", "dispute_screening", "", {"screened_on": day, "village": village, "is_zero_report": n == 1})
        for n, day in enumerate(("2025-03-01", "2025-03-16", "2026-01-01"))
    ]
    seen = {"warned_at": "2025-04-01T09:00", "village": village, "people_involved": 30, "risk_forecast": "4"}
    warnings = [
        Record("w0", "early_warning", "", {**seen, "state": "resolved", "resolved_at": "2025-05-02T10:00"}),
        Record("w1", "early_warning", "", {**seen, "state": "reported"}),
        Record("w2", "early_warning", "", {**seen, "state": "resolved", "risk_forecast": "2", "people_involved": 1}),
    ]
    of_village = {village: committee.id}
    more = [*facts.screenings(rounds, of_village), *facts.averted(warnings, of_village)]
    alone = mediation_table(county, records)
    table = tabulate(T1, [*alone.facts, *more], YEAR, COMMITTEE, {committee.id: "本村"})
    assert (table.cell("screenings"), table.cell("screenings", committee.id)) == (2, 2), "a zero report is a round too"
    assert (table.cell("group_petition_prevented_cases"), table.cell("group_petition_prevented_persons")) == (1, 30)
    assert (table.cell("suicide_prevented_cases"), table.cell("suicide_prevented_persons", committee.id)) == (1, 1)
    assert table.cell("criminal_prevented_cases") == table.cell("group_fight_prevented_persons") == 0
    assert table.cell("cases_total") == alone.cell("cases_total")
    assert table.behind("screenings") == ["s0", "s1"]
    assert table.behind("group_petition_prevented_cases") == ["w0"]
    assert mediation_checks(table) == [], "rounds and warnings do not stand among the cases"
