"""Identity numbers against a second implementation (python-stdnum), and every way in which they come in wrong."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from jusuo_desktop.records.divisions import region_name
from jusuo_desktop.records.id_card import check_character, read

BODIES = st.builds(
    lambda region, born, order: f"{region}{born:%Y%m%d}{order:03d}",
    st.sampled_from(["110105", "330424", "610502", "420200", "321203"]),
    st.dates(date(1900, 1, 1), date(2025, 12, 31)),
    st.integers(0, 999),
)


@given(BODIES)
def test_the_check_character_is_that_of_the_standard(body: str) -> None:
    assert check_character(body) == ric.calc_check_digit(body + "0")


@given(BODIES)
def test_a_whole_number_tells_birth_date_sex_and_region(body: str) -> None:
    told = read(body + check_character(body))
    assert told.birth_date == f"{body[6:10]}-{body[10:12]}-{body[12:14]}"
    assert told.sex == ("1" if int(body[16]) % 2 else "2")
    assert told.region_name == region_name(body[:6]) != ""
    assert told.warning == ""


@given(BODIES, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(body: str, place: int, by: int) -> None:
    wrong = body[:place] + str((int(body[place]) + by) % 10) + body[place + 1 :]
    assert read(wrong + check_character(body)).warning != ""


@given(st.text(max_size=20))
def test_anything_else_is_answered_with_a_warning(typed: str) -> None:
    told = read(typed)
    assert told.warning or ric.is_valid(typed)


@pytest.mark.parametrize(
    ("number", "birth_date", "said"),
    [
        ("110105491231002", "1949-12-31", "15位"),
        ("11010519490231002X", "", "不存在"),
        ("1101051949123100", "", "18位"),
        ("11010519491231002x", "", "18位"),
        ("", "", "18位"),
    ],
)
def test_old_impossible_and_short_numbers(number: str, birth_date: str, said: str) -> None:
    told = read(number)
    assert told.birth_date == birth_date
    assert said in told.warning


def test_the_documented_number_reads_as_its_county() -> None:
    told = read("11010519491231002X")
    assert (told.birth_date, told.sex, told.region_name, told.warning) == ("1949-12-31", "2", "北京市朝阳区", "")
    assert region_name("999999") == ""
