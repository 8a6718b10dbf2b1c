"""Printed numbers: drawn once, kept for ever, never two papers with one number (S8)."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jusuo_desktop.actions.number import PATTERNS, draw
from jusuo_desktop.actions.print_form import prepare
from jusuo_desktop.store import Edit, Enrolment, NotAllowed, Refused, open_store
from jusuo_desktop.store.numbers import check_pattern, series, written
from tests.conftest import ROOT
from tests.printing.office import PASSPHRASE, Office


def mediations(office: Office, count: int, **values: object) -> list[str]:
    edits = [Edit("mediation", {"registered_on": "2026-03-09", "committee": office.ids["mediation_committee"], **values}) for _ in range(count)]  # type: ignore[dict-item]
    return [record.id for record in office.store.write(edits, act="save")]


def number_of(office: Office, record_id: str) -> str:
    return str(draw(office.session, record_id).values["case_number"])


def test_each_kind_has_its_own_series_and_year(office: Office) -> None:
    first, second = mediations(office, 2)
    (old,) = mediations(office, 1, registered_on="2025-12-31")
    assert number_of(office, first) == "〔2026〕菱民调字第1号"
    assert number_of(office, second) == "〔2026〕菱民调字第2号"
    assert number_of(office, old) == "〔2025〕菱民调字第1号"
    assert draw(office.session, office.ids["agreement"]).values["agreement_number"] == "〔2026〕菱民调协字第1号"
    assert draw(office.session, office.ids["consultation"]).values["consultation_number"] == "〔2026〕西塘咨字第1号"
    assert draw(office.session, office.ids["adviser_visit"]).values["visit_number"] == "〔2026〕西塘顾字第1号"


def test_asking_again_gives_the_same_number(office: Office) -> None:
    (one,) = mediations(office, 1)
    assert {number_of(office, one) for _ in range(5)} == {"〔2026〕菱民调字第1号"}


def test_a_kind_without_a_number_stays_as_it_is(office: Office) -> None:
    assert draw(office.session, office.ids["party"]).values == office.values("party")


def test_threads_never_share_a_number(office: Office) -> None:
    ids = mediations(office, 12) * 2
    with ThreadPoolExecutor(4) as pool:
        numbers = dict(zip(ids, pool.map(lambda one: number_of(office, one), ids), strict=True))
    assert set(numbers.values()) == {f"〔2026〕菱民调字第{n}号" for n in range(1, 13)}
    stored = [office.store.record(one).values["case_number"] for one in numbers]  # type: ignore[union-attr]
    assert stored == list(numbers.values())


DRAWING = """
import sys
from pathlib import Path
from jusuo_desktop.actions.number import draw
from jusuo_desktop.actions.session import Session
from jusuo_desktop.store import open_store
store = open_store(Path(sys.argv[1]), "陆晓燕", sys.argv[2])
for record_id in sys.argv[3:]:
    print(draw(Session(store), record_id).values["case_number"], flush=True)
store.close()
"""


def test_processes_never_share_a_number(office: Office) -> None:
    ids = mediations(office, 8)
    command = [sys.executable, "-c", DRAWING, str(office.store.folder), PASSPHRASE]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    runs = [subprocess.Popen([*command, *some], stdout=subprocess.PIPE, env=environment, encoding="utf-8") for some in (ids[:4], ids[4:])]
    said = [run.communicate(timeout=60)[0].split() for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sorted(said[0] + said[1]) == sorted(f"〔2026〕菱民调字第{n}号" for n in range(1, 9))


def test_a_number_typed_or_imported_is_passed_over(office: Office) -> None:
    taken = mediations(office, 1, case_number="〔2026〕菱民调字第1号")[0]
    one, two = mediations(office, 2)
    assert number_of(office, one) == "〔2026〕菱民调字第2号"
    assert number_of(office, two) == "〔2026〕菱民调字第3号"
    assert number_of(office, taken) == "〔2026〕菱民调字第1号"


def test_a_number_that_was_cleared_by_hand_comes_back_to_its_record(office: Office) -> None:
    one, two = mediations(office, 2)
    number_of(office, one)
    office.store.write([Edit("mediation", {"case_number": None}, one)], act="save")
    assert number_of(office, two) == "〔2026〕菱民调字第2号"
    assert number_of(office, one) == "〔2026〕菱民调字第1号"


def test_a_refused_write_draws_nothing(office: Office) -> None:
    one, two = mediations(office, 2)
    office.store.write([Edit("mediation", {"voided_reason": "重复登记"}, one)], act="void")
    with pytest.raises(Refused, match="已经作废"):
        draw(office.session, one)
    reader = office.as_role("reader")
    with pytest.raises(NotAllowed, match="只读"):
        draw(reader, two)
    assert number_of(office, two) == "〔2026〕菱民调字第1号"


def test_a_liaison_draws_like_a_clerk(office: Office) -> None:
    (one,) = mediations(office, 1)
    assert draw(office.as_role("liaison"), one).values["case_number"] == "〔2026〕菱民调字第1号"


def test_the_pattern_is_a_setting(office: Office) -> None:
    office.store.set(PATTERNS, {"consultation": "01{region}{year}{month}{seq:4}"})
    assert draw(office.session, office.ids["consultation"]).values["consultation_number"] == "013304212026030001"


@pytest.mark.parametrize(
    ("pattern", "said"), [("{year}号", "{seq}"), ("{seq}{seq}", "{seq}"), ("{sequence}", "“{sequence}”不认识"), ("{seq}}", "成对")]
)
def test_a_pattern_that_makes_no_numbers_is_refused(office: Office, pattern: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        check_pattern(pattern)
    assert said in refused.value.message
    office.store.set(PATTERNS, {"mediation": pattern})
    with pytest.raises(Refused):
        draw(office.session, mediations(office, 1)[0])


def test_tokens_that_are_not_known_yet_stay() -> None:
    assert written("{year}-{seq:3}", {"year": 2026}) == "2026-{seq:3}"
    assert written("2026-{seq:3}", {"seq": 7}) == "2026-007"


def enrolled(office: Office) -> None:
    office.store.enrol(Enrolment("https://county.example", "0197a0b4-0000-7000-8000-0000000000aa", "330421103", "e", b"s" * 32, b"", b"k" * 32))


def test_an_enrolled_device_draws_from_its_lease_and_says_when_it_is_used_up(office: Office) -> None:
    one, two, three, four = mediations(office, 4)
    assert number_of(office, one) == "〔2026〕菱民调字第1号"
    enrolled(office)
    with pytest.raises(Refused, match="号段已经用完"):
        draw(office.session, two)
    name = series(office.ids["mediation_committee"], 2026, "mediation")
    office.store.add_block(name, 1, 2)
    assert number_of(office, two) == "〔2026〕菱民调字第2号"
    with pytest.raises(Refused, match="号段已经用完"):
        prepare(office.session, "acceptance_register", three)
    office.store.add_block(name, 51, 60)
    assert [number_of(office, n) for n in (three, four)] == ["〔2026〕菱民调字第51号", "〔2026〕菱民调字第52号"]


def test_a_drawn_number_is_there_after_the_store_is_opened_again(office: Office) -> None:
    (one,) = mediations(office, 1)
    number_of(office, one)
    again = open_store(Path(office.store.folder), "陆晓燕", PASSPHRASE)
    try:
        record = again.record(one)
        assert record is not None
        assert record.values["case_number"] == "〔2026〕菱民调字第1号"
    finally:
        again.close()
