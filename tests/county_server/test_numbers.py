"""Number blocks: repeatable, never overlapping, only for whose committee it is (S8)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from county_server.county import County
from county_server.failing import Refusal
from county_server.restoring import go_on
from jusuo_desktop.records.identity import new_id, packed, unpacked
from jusuo_desktop.wire.limits import MOST_LEASE
from jusuo_desktop.wire.messages import LeaseRequest, LeaseResponse
from tests.county_server.counties import OFFICE, OTHER_OFFICE, VILLAGE, change, enrolled, send


def asked(series: str = "x/2026/mediation", count: int = 50, after: int = 0) -> LeaseRequest:
    return LeaseRequest(packed(new_id()), series, count, after)


def test_a_lost_answer_burns_no_block(county: County) -> None:
    a, _ = enrolled(county, OFFICE)
    request = asked()
    assert [county.lease(a, request) for _ in range(3)] == [LeaseResponse(1, 50)] * 3
    assert county.lease(a, asked()) == LeaseResponse(51, 100)
    assert county.lease(a, asked("x/2027/mediation", 7)) == LeaseResponse(1, 7)


def test_a_block_begins_behind_what_the_office_gave_out_alone(embedded: County) -> None:
    a, _ = enrolled(embedded, OFFICE)
    assert embedded.lease(a, asked(after=37)) == LeaseResponse(38, 87)
    assert embedded.lease(a, asked(after=37)) == LeaseResponse(88, 137)


def test_many_at_once_never_overlap(county: County) -> None:
    devices = [enrolled(county, OFFICE)[0] for _ in range(4)]
    requests = [(device, asked(count=size)) for size in (1, 7, 50) for device in devices for _ in range(4)]
    doubled = [pair for pair in requests for _ in range(2)]
    with ThreadPoolExecutor(8) as pool:
        blocks = list(pool.map(lambda pair: county.lease(*pair), doubled))
    by_request = {pair[1].request_id: {(b.first, b.last) for p, b in zip(doubled, blocks, strict=True) if p[1] is pair[1]} for pair in requests}
    assert all(len(answers) == 1 for answers in by_request.values())
    given = [n for answers in by_request.values() for first, last in answers for n in range(first, last + 1)]
    assert sorted(given) == list(range(1, sum(pair[1].count for pair in requests) + 1))


def test_only_for_whose_committee_it_is(county: County) -> None:
    a, b, village = (enrolled(county, scope)[0] for scope in (OFFICE, OTHER_OFFICE, VILLAGE))
    committee = change({"name": "清溪调委会"}, kind="mediation_committee")
    send(county, a, committee)
    series = f"{unpacked(committee.record_id)}/2026/mediation"
    assert county.lease(a, asked(series)).first == 1
    assert county.lease(village, asked(series)).first == 51
    with pytest.raises(Refusal) as caught:
        county.lease(b, asked(series))
    assert caught.value.code == "scope"


def test_somebody_else_s_request_is_not_answered(embedded: County) -> None:
    a, b = enrolled(embedded, OFFICE)[0], enrolled(embedded, OFFICE)[0]
    request = asked()
    embedded.lease(a, request)
    with pytest.raises(Refusal):
        embedded.lease(b, request)


@pytest.mark.parametrize(
    "request_", [asked(count=0), asked(count=MOST_LEASE + 1), asked(""), asked("x" * 121), asked("a\nb"), asked(after=-1), LeaseRequest(b"1", "x", 1)]
)
def test_what_nobody_needs_is_refused(embedded: County, request_: LeaseRequest) -> None:
    a, _ = enrolled(embedded, OFFICE)
    with pytest.raises(Refusal):
        embedded.lease(a, request_)


def test_after_a_restore_no_series_begins_where_it_may_have_been(county: County) -> None:
    device, _ = enrolled(county, OFFICE)
    known, unknown, later = "c1/2026/mediation", "c2/2026/mediation", "c2/2027/mediation"

    def first(series: str) -> int:
        return county.lease(device, asked(series)).first

    assert first(known) == 1
    with county.database.writing() as connection:
        go_on(connection, county.now(), 2026)
    assert (first(known), first(unknown), first(later)) == (1051, 1001, 1)
    with county.database.writing() as connection:
        go_on(connection, county.now(), 2026)
    assert (first(known), first("c3/2026/mediation")) == (2101, 2001)
