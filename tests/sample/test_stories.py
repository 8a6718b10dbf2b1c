"""The stories: what is told in one place agrees with what is told in another, and with the fields; the course keeps the rules."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from jusuo_desktop.records.field import FieldType
from jusuo_desktop.records.mediation_workflow import MEDIATION_WORKFLOW
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.workflow import Family as Rows
from jusuo_desktop.sample.case import Family
from jusuo_desktop.sample.county import County
from jusuo_desktop.sample.parts import measures, plots, wordings
from tests.sample.conftest import UNTIL

UNFINISHED = re.compile(r"[{}|]|\([^)]*$|。。|，，|None|[，、；]$")
DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def rows(family: Family) -> Rows:
    found: dict[str, list[object]] = {}
    for child in family.children:
        found.setdefault(child.kind, []).append(child.values)
    return found  # type: ignore[return-value]


def of_kind(family: Family, kind: str) -> list[dict[str, object]]:
    return [dict(c.values) for c in family.children if c.kind == kind]


def texts(family: Family) -> list[str]:
    return [
        str(record.values[field.name])
        for record in family.records
        for field in KINDS[record.kind].fields
        if field.type in (FieldType.TEXT, FieldType.LONG_TEXT) and field.name in record.values
    ]


def test_wordings_are_every_choice_of_every_bracket() -> None:
    assert wordings("(甲|乙)和(丙|丁)") == ("甲和丙", "甲和丁", "乙和丙", "乙和丁")
    assert wordings("没有(补充)选择") == ("没有(补充)选择",)
    assert wordings("去(，也|)不去") == ("去，也不去", "去不去")
    many = wordings("(1|2|3|4)" * 5)
    assert len(many) == len(set(many)) <= 64


def test_every_dispute_type_has_a_plot_for_villages_and_towns_unless_it_belongs_to_fields() -> None:
    kinds = {kind for kind, _ in plots()}
    assert kinds == set(measures()["types"]) == {str(n) for n in range(1, 19)}
    assert {kind for kind in kinds if (kind, True) not in plots()} == {"3", "7", "9"}


def test_no_wording_is_left_unfinished(families: list[Family]) -> None:
    for family in families:
        for text in texts(family):
            assert not UNFINISHED.search(text.replace("(宣传)", "")), text


def test_parties_village_and_amount_agree_in_all_texts(county: County, cases: list[Family]) -> None:
    names = {r.id: str(r.values["name"]) for r in county.records()}
    for family in cases:
        values = family.record.values
        told = [str(p.get("organization_name") or p["name"]) for p in of_kind(family, "party")][:2]
        summary = str(values["dispute_summary"])
        assert all(name in summary for name in told), family
        assert all(name in str(values["title"]) for name in told)
        assert names[str(values["village"])] in summary
        assert 60 <= len(summary) <= 600
        for session in of_kind(family, "mediation_session"):
            assert told[0] in str(session["record_text"]), family
            assert names[str(values["mediators"][0])] in str(session["record_text"]) or session["mediation_result"] == "3"  # type: ignore[index]
        for agreement in of_kind(family, "agreement"):
            content = str(agreement["agreement_content"])
            assert told[0] in str(agreement["facts_and_disputed_matters"])
            assert summary.split("。")[1] in str(agreement["facts_and_disputed_matters"])
            if "agreement_amount" in agreement:
                assert f"{int(str(agreement['agreement_amount'])) // 100}元" in content, content


def test_the_due_day_in_the_words_is_that_of_the_field(cases: list[Family]) -> None:
    seen = 0
    for agreement in (a for f in cases for a in of_kind(f, "agreement")):
        days = {date(int(y), int(m), int(d)).isoformat() for y, m, d in DAY.findall(str(agreement["performance_terms"]))}
        if days:
            seen += 1
            assert days == {agreement["performance_due_on"]}
    assert seen > 500


def test_days_follow_each_other_and_nothing_lies_ahead(families: list[Family]) -> None:
    for family in families:
        for record in family.records:
            for field in KINDS[record.kind].fields:
                if field.type in (FieldType.DATE, FieldType.TIME) and field.name in record.values and "due" not in field.name:
                    assert str(record.values[field.name])[:10] <= UNTIL.isoformat(), (field.name, record)
        values = family.record.values
        course = [values.get(n) for n in ("registered_on", "accepted_on")]
        course += [str(s["mediated_at"])[:10] for s in of_kind(family, "mediation_session")]
        course += [a["agreed_on"] for a in of_kind(family, "agreement")]
        course.append(values.get("closed_on") if values.get("state") != "registered" else None)
        known = [str(day) for day in course if day]
        assert known == sorted(known), known


def test_a_settled_case_could_have_been_settled_step_by_step(cases: list[Family]) -> None:
    settle = next(s for s in MEDIATION_WORKFLOW.steps if s.act == "settle")
    accept = next(s for s in MEDIATION_WORKFLOW.steps if s.act == "accept")
    seen = 0
    for family in cases:
        values = family.record.values
        if values.get("mediation_result") == "1":
            seen += 1
            assert MEDIATION_WORKFLOW.lacking(settle, {**values, "state": "mediating"}, rows(family)) == []
        if "accepted_on" in values:
            assert MEDIATION_WORKFLOW.lacking(accept, {**values, "state": "registered"}, rows(family)) == []
    assert seen > 2000


def test_the_mix_is_near_the_published_one(cases: list[Family]) -> None:
    ended = [f for f in cases if f.record.values["state"] in ("closed", "archived", "settled", "failed")]
    settled = sum(f.record.values.get("mediation_result") == "1" for f in ended)
    assert abs(settled / len(ended) - 0.9787) < 0.01
    types = Counter(str(f.record.values["dispute_type"]) for f in cases)
    wanted = measures()["types"]
    for kind in ("1", "2", "6"):
        assert abs(types[kind] / len(cases) - wanted[kind] / sum(wanted.values())) < 0.04
    hours = Counter(str(s["mediated_at"])[11:13] for f in cases for s in of_kind(f, "mediation_session"))
    assert sum(n for hour, n in hours.items() if "08" <= hour <= "17") / sum(hours.values()) > 0.9
