"""Release codes: what is read out is understood, every slip of the tongue is found, and only the county can answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.wire.enroll_code import ALPHABET
from jusuo_desktop.wire.release_code import CHALLENGE, CODE, MOST_DAYS, BadCode, code_for, device_secret, granted, new_challenge, read

DEVICE = "7K2M9QXABC"
SECRET = device_secret(b"county", DEVICE)
days = st.integers(1, MOST_DAYS)
places = st.integers(0, CODE - 1)


@given(days=days)
def test_a_code_grants_its_days_however_it_is_typed(days: int) -> None:
    challenge = new_challenge()
    code = code_for(SECRET, DEVICE, challenge.lower().replace("-", " "), days)
    assert granted(SECRET, DEVICE, challenge, code) == days
    assert granted(SECRET, DEVICE, challenge, code.lower().replace("-", "　").replace("0", "o").replace("1", "l")) == days


@given(days=days, place=places, other=st.sampled_from(ALPHABET))
def test_every_wrong_character_is_found_before_it_counts(days: int, place: int, other: str) -> None:
    code = code_for(SECRET, DEVICE, "0000-000" + read_check("0000000"), days).replace("-", "")
    wrong = code[:place] + other + code[place + 1 :]
    if wrong != code:
        with pytest.raises(BadCode, match="听错或输错"):
            read(wrong, CODE, "解锁码")


@given(challenge=st.text(ALPHABET, min_size=CHALLENGE - 1, max_size=CHALLENGE - 1), place=st.integers(0, CHALLENGE - 2))
def test_two_exchanged_characters_are_found(challenge: str, place: int) -> None:
    whole = challenge + read_check(challenge)
    swapped = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
    if swapped != whole:
        with pytest.raises(BadCode):
            read(swapped, CHALLENGE, "挑战码")


@given(days=days, other=days)
def test_only_the_county_can_answer_and_only_to_this_challenge_and_device(days: int, other: int) -> None:
    challenge, another = new_challenge(), new_challenge()
    code = code_for(SECRET, DEVICE, challenge, days)
    assert granted(SECRET, DEVICE, another, code) == 0
    assert granted(device_secret(b"county", "another"), DEVICE, challenge, code) == 0
    assert granted(SECRET, "another", challenge, code) == 0
    more = (ALPHABET[other] + code.replace("-", "")[1:-1]) if other != days else ""
    assert not more or granted(SECRET, DEVICE, challenge, more + read_check(more)) == 0, "the days are signed, too"


@pytest.mark.parametrize(("typed", "said"), [("ABC", "应为10个字母和数字，现有3个"), ("ABCDE-ABCD天", "没有“天”这个字符"), ("", "现有0个")])
def test_what_is_no_code_is_told_at_once(typed: str, said: str) -> None:
    with pytest.raises(BadCode, match=said):
        granted(SECRET, DEVICE, new_challenge(), typed)


def read_check(characters: str) -> str:
    """The check character that belongs to some characters, found by trying all."""
    for check in ALPHABET:
        try:
            read(characters + check, len(characters) + 1, "")
        except BadCode:
            continue
        return check
    raise AssertionError
