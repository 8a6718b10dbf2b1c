"""How often one may ask, who may read the metrics, and what they count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from county_server import limits
from county_server.app import build
from county_server.county import County
from county_server.limits import Buckets, Limits, Measure
from jusuo_desktop.wire.codec import decode, encode
from jusuo_desktop.wire.messages import ChallengeRequest, Failure, PullRequest
from tests.county_server.counties import OFFICE, change
from tests.county_server.speakers import Speaker
from tests.county_server.test_face import ask
from tests.running_county import RunningCounty, running_county

OUTSIDE = "10.1.2.3"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(rate=st.integers(1, 200), steps=st.lists(st.floats(0, 3), max_size=60))
def test_nobody_gets_more_than_his_measure_and_the_wait_that_is_named_is_enough(rate: int, steps: list[float]) -> None:
    clock = Clock()
    buckets = Buckets(rate, clock)
    passed = 0
    for step in steps:
        clock.now += step
        while (wait := buckets.wait("a")) == 0:
            passed += 1
        assert passed <= rate * limits.BURST + rate * clock.now + 1e-6
        assert buckets.wait("b") == 0  # another one's bucket
        clock.now += wait
        assert buckets.wait("a") == 0
        passed += 1


def test_no_measure_is_no_limit() -> None:
    assert not any(Buckets(0).wait("a") for _ in range(100_000))


def test_many_keys_cost_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEYS", 50)
    buckets = Buckets(1, Clock())
    for number in range(500):
        buckets.wait(str(number))
        assert len(buckets._left) <= 51


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.0.0.1", "10.0.0.2", False),
        ("2001:db8::1", "2001:db8::2", True),  # one household
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("10.0.0.1", "::ffff:10.0.0.1", True),
        ("fe80::1%eth0", "fe80::1%eth1", True),
    ],
)
def test_what_counts_as_one_address(one: str, other: str, same: bool) -> None:
    measured = Limits(Measure(1, 1), Clock())
    while not measured.address(one):
        pass
    assert bool(measured.address(other)) is same


@pytest.mark.parametrize("own", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_itself_is_not_measured(own: str) -> None:
    measured = Limits(Measure(1, 1), Clock())
    assert not any(measured.address(own) for _ in range(100))


class Answers:
    """The application in this process, asked from an address that the test chooses."""

    def __init__(self, county: County, measure: Measure) -> None:
        self._app = build(county, measure=measure, clock=Clock())

    def ask(self, method: str, path: str, body: bytes = b"", *, host: str = OUTSIDE, **headers: str) -> tuple[int, dict[str, str], bytes]:
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        given_headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "headers": given_headers, "query_string": b"", "http_version": "1.1"}
        anyio.run(self._app, {**scope, "client": (host, 5), "raw_path": path.encode()}, receive, send)
        told = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], told, b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/hello"),
        ("POST", "/v1/challenge"),
        ("POST", "/v1/session"),
        ("POST", "/v1/enroll"),
        ("POST", "/v1/push"),
        ("GET", "/nowhere"),
        ("GET", "/status"),
    ],
)
def test_an_address_that_has_not_signed_in_is_measured_wherever_it_asks(embedded: County, method: str, path: str) -> None:
    answers = Answers(embedded, Measure(0, 1))
    body = encode(ChallengeRequest("x")) if method == "POST" else b""
    seen = [answers.ask(method, path, body, authorization="Bearer x")[0] for _ in range(limits.BURST)]
    assert 429 not in seen
    status, headers, content = answers.ask(method, path, body)
    assert status == 429
    assert 1 <= int(headers["retry-after"]) <= 2
    if path != "/status":
        assert decode(content, Failure).message.startswith("请求太频繁")
    assert answers.ask(method, path, body, host="10.1.2.4")[0] != 429
    assert answers.ask("GET", "/health")[0] == 200


def test_who_guesses_the_administrator_s_code_is_slowed_down_from_this_machine_too(embedded: County) -> None:
    answers = Answers(embedded, Measure())
    for host in (OUTSIDE, "127.0.0.1"):
        seen = [answers.ask("POST", "/status/sign-in", b"code=0", host=host)[0] for _ in range(limits.BURST + 1)]
        assert seen == [403] * limits.BURST + [429]


@pytest.fixture(params=[1, 2], ids=["one worker", "two workers"])
def county(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningCounty]:
    with running_county(tmp_path / "county", tls=False, quiet=True, workers=request.param) as made:
        yield made


def figures(county: RunningCounty) -> dict[str, float]:
    answer = ask(county, "/metrics", method="GET")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in answer.body.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_the_metrics_count_what_all_workers_did(county: RunningCounty) -> None:
    name = "甲所电脑"
    with closing(Speaker(county.url, county.enroll(OFFICE), name)) as speaker:
        speaker.sign_in()
        speaker.push([change({"name": "好"}), change({"reply_due_on": "不是"})])
        for _ in range(6):  # each on a line of its own: some to each worker
            assert ask(county, "/v1/pull", encode(PullRequest(speaker.epoch, {}, 1000)), token=speaker._token).status == 200
        told = figures(county)
        assert told['jusuo_changes_total{result="accepted"}'] == 1
        assert told['jusuo_changes_total{result="rejected"}'] == 1
        assert told['jusuo_requests_total{route="/v1/pull",status="200"}'] == 6
        assert told['jusuo_request_seconds_count{route="/v1/pull"}'] == 6
        assert told['jusuo_request_bytes_total{route="/v2/push"}'] > 0
        assert told['jusuo_devices{state="active"}'] == 1
        assert told[f'jusuo_feed_head{{feed="{OFFICE}"}}'] == 1
        assert told["jusuo_changes_set_aside"] == 1
        assert 0 <= told["jusuo_oldest_contact_seconds"] < 600
        assert "jusuo_pool_connections_in_use" in str(told)
        content = ask(county, "/metrics", method="GET").body.decode()
        assert name not in content
        assert not re.search(speaker.id, content)


def test_the_metrics_are_for_this_machine(embedded: County) -> None:
    answers = Answers(embedded, Measure())
    assert answers.ask("GET", "/metrics", host="127.0.0.1")[0] == 200
    assert answers.ask("GET", "/metrics")[0] == 404
    assert answers.ask("GET", "/metrics", host="127.0.0.1", x_forwarded_for=OUTSIDE)[0] == 404


def test_a_worker_whose_database_is_of_another_version_is_not_ready(embedded: County) -> None:
    answers = Answers(embedded, Measure())
    status, _, content = answers.ask("GET", "/health")
    assert (status, content.splitlines()[0]) == (200, b"ok")
    with embedded.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert answers.ask("GET", "/health")[0] == 503
