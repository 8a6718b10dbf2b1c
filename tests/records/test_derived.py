"""What one field tells about others."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.records.check import check
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.deadlines import mediation_due
from jusuo_desktop.records.derived import age_on, derived, title_of_mediation
from jusuo_desktop.records.id_card import check_character
from jusuo_desktop.records.registry import KINDS

DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))


@given(DAYS)
def test_a_month_later_is_the_same_day_or_the_last_of_the_next_month(day: date) -> None:
    later = date.fromisoformat(mediation_due(day.isoformat()).day)
    assert 28 <= (later - day).days <= 31
    assert (later.month - day.month) % 12 == 1
    assert later.day == day.day or (later.day < day.day and (date.fromordinal(later.toordinal() + 1)).day == 1)


@given(DAYS, st.integers(0, 999))
def test_an_identity_number_tells_sex_and_birth_date(born: date, order: int) -> None:
    first = f"990101{born:%Y%m%d}{order:03d}"
    number = first + check_character(first)
    told = derived("party", {"id_card_number": number}, changed="id_card_number")
    assert told == {"birth_date": born.isoformat(), "sex": "1" if order % 2 else "2", "party_type": "01"}


@given(
    st.text(max_size=20) | st.sampled_from(["2026-13-01", "0000-01-01", "9999-12-31"]), st.sampled_from(["", "2026-13-01T99:00", "2026-03-07T09:30"])
)
def test_nothing_typed_breaks_it_or_fills_in_what_no_record_may_hold(typed: str, at: str) -> None:
    for kind in KINDS.values():
        for name in ("id_card_number", "started_at", "ended_at", "accepted_on", "agreed_on", "performed_on"):
            told = derived(kind.name, {"started_at": "9:00", "consulted_at": at, "agreement_form": "1", name: typed}, changed=name)
            assert name not in told
            assert not [p for p in check(kind, told) if p.blocking]


def test_an_identity_number_begins_the_address_and_finds_the_visitors_group() -> None:
    values = {"id_card_number": "110105194912310021", "consulted_at": "2026-03-07T09:30", "crowd_types": ["6"]}
    told = derived("consultation", values, changed="id_card_number")
    assert told["crowd_types"] == ["6", "2", "4"]
    assert str(told["address"]).startswith("北京市")
    assert "address" not in derived("consultation", {**values, "address": "东村3组"}, changed="id_card_number")


@pytest.mark.parametrize(
    ("kind", "values", "changed", "told"),
    [
        ("mediation", {"accepted_on": "2026-12-31"}, "accepted_on", {"due_on": "2027-01-31"}),
        ("mediation", {"accepted_on": "2026-12-31", "due_on": "2027-01-31"}, "accepted_on", {}),
        ("mediation", {"performed_on": "2026-12-31"}, "performed_on", {"performance_status": "1"}),
        ("mediation", {}, "accepted_on", {}),
        ("agreement", {"agreement_form": "1", "agreed_on": "2026-03-05"}, "agreed_on", {"effective_on": "2026-03-05"}),
        ("agreement", {"agreement_form": "2", "agreed_on": "2026-03-05"}, "agreed_on", {}),
        ("adviser_visit", {"started_at": "14:00", "ended_at": "13:00"}, "ended_at", {}),
        ("no_such_kind", {"accepted_on": "2026-12-31"}, "accepted_on", {}),
    ],
)
def test_what_follows(kind: str, values: dict[str, str], changed: str, told: dict[str, str]) -> None:
    assert derived(kind, values, changed=changed) == told


@pytest.mark.parametrize(
    ("parties", "dispute_type", "title"),
    [
        ([{"name": "张三", "party_role": "1"}, {"name": "李四", "party_role": "2"}], "2", "张三与李四邻里纠纷"),
        ([{"name": "李四", "party_role": "2"}, {"name": "张三", "party_role": "1"}], "2", "张三与李四邻里纠纷"),
        ([{"name": "张三", "party_role": "1"}, {"organization_name": "清溪建材厂", "party_role": "2"}], "11", "张三与清溪建材厂劳动争议纠纷"),
        ([{"name": n, "party_role": "1"} for n in "甲乙"] + [{"name": "丙", "party_role": "2"}], "", "甲等与丙纠纷"),
        ([{"name": "张三"}, {"name": "李四"}, {"name": "王五", "party_role": "4"}], "4", "张三与李四合同纠纷"),
        ([{"name": "张三", "party_role": "1"}], "2", "张三邻里纠纷"),
        ([{}], "2", ""),
    ],
)
def test_a_mediation_is_called_by_its_parties(parties: list[dict[str, str]], dispute_type: str, title: str) -> None:
    assert title_of_mediation(parties, dispute_type) == title


def test_every_dispute_type_makes_a_title_that_says_dispute() -> None:
    for code in code_list("dispute_type").labels:
        assert title_of_mediation([{"name": "张三"}], code).endswith("纠纷")


def test_age_turns_on_the_birthday() -> None:
    assert age_on("1966-03-08", "2026-03-07") == 59
    assert age_on("1966-03-08", "2026-03-08T09:00") == 60
