"""How much one sender may have on its way at once: refused before its body is read, in a real server process and over real sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from county_server.failing import Refusal
from county_server.limits import ADDRESS_AT_ONCE, BURST, DEVICE_AT_ONCE, DEVICES_AT_ONCE, LITTLE, Bodies
from jusuo_desktop.wire.codec import decode, encode
from jusuo_desktop.wire.limits import MOST_BODY_BYTES
from jusuo_desktop.wire.messages import ChallengeRequest, Failure
from tests.county_server.counties import OFFICE
from tests.county_server.speakers import Speaker
from tests.county_server.test_face import ask
from tests.running_county import RunningCounty, running_county

OF_ONE, OF_ALL = DEVICE_AT_ONCE // MOST_BODY_BYTES, DEVICES_AT_ONCE // MOST_BODY_BYTES
SECONDS = 30


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 7), st.booleans()), max_size=60))
def test_nobody_and_all_together_never_hold_more_than_their_measure(steps: list[tuple[str, int, bool]]) -> None:
    bodies, held = Bodies(10, 15), list[tuple[str, int, ExitStack]]()
    for key, size, leaves in steps:
        if leaves and held:
            held.pop(0)[2].close()
            continue
        mine, all_of_them = sum(s for k, s, _ in held if k == key), sum(s for _, s, _ in held)
        with ExitStack() as entered:
            if mine + size > 10 or all_of_them + size > 15:
                with pytest.raises(Refusal) as refused:
                    entered.enter_context(bodies.holding(key, size))
                assert refused.value.status == (429 if mine + size > 10 else 503)
                continue
            entered.enter_context(bodies.holding(key, size))
            held.append((key, size, entered.pop_all()))
    for _, _, one in held:
        one.close()
    assert not bodies._held


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCounty]:
    with running_county(tmp_path_factory.mktemp("county"), tls=False, quiet=True) as made:
        yield made


@contextmanager
def signed_in(county: RunningCounty, name: str) -> Iterator[Speaker]:
    with closing(Speaker(county.url, county.enroll(OFFICE), name)) as speaker:
        speaker.sign_in()
        yield speaker


class Sender:
    """A line on which a body is announced, and then comes as the test likes."""

    def __init__(self, county: RunningCounty, path: str, size: int | None, token: str = "", more: str = "") -> None:
        parts = urlsplit(county.url)
        self.line = socket.create_connection((str(parts.hostname), parts.port), timeout=SECONDS)
        length = "Transfer-Encoding: chunked" if size is None else f"Content-Length: {size}"
        who = f"Authorization: Bearer {token}\r\n" if token else ""
        self.line.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\n{who}{more}{length}\r\n\r\n".encode())

    def close(self) -> None:
        self.line.close()

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """What comes back while not one byte of the body was sent."""
        got = b""
        while b"\r\n\r\n" not in got:
            got += self.line.recv(65536)
        head, _, body = got.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers["content-length"]):
            body += self.line.recv(65536)
        return int(first.split()[1]), headers, body


def settled(county: RunningCounty) -> None:
    """An exchange on another line: the server's one thread has taken in what was sent before it."""
    for _ in range(3):
        assert ask(county, "/health", method="GET").status == 200


def refused(sender: Sender, status: int) -> None:
    told, headers, body = sender.answer()
    assert told == status
    assert int(headers["retry-after"]) >= 1
    assert decode(body, Failure).code == "busy"
    sender.close()


def test_a_device_that_sends_too_much_at_once_waits_and_the_others_do_not(county: RunningCounty) -> None:
    with ExitStack() as lines, signed_in(county, "甲所电脑") as greedy, signed_in(county, "乙所电脑") as other:
        first, *_ = [lines.enter_context(closing(Sender(county, "/v2/push", MOST_BODY_BYTES, greedy._token))) for _ in range(OF_ONE)]
        settled(county)
        for size in (MOST_BODY_BYTES, None, 1):  # one that does not say its size counts as the largest
            refused(Sender(county, "/v2/push", size, greedy._token), 429)
        assert other.push([]) == []
        first.line.sendall(bytes(1000))  # part of it came, then the line was cut
        first.close()
        settled(county)
        with closing(Sender(county, "/v2/push", MOST_BODY_BYTES, greedy._token)) as again:
            again.line.sendall(bytes(MOST_BODY_BYTES))
            assert again.answer()[0] == 400  # it was read whole
        assert greedy.pull({}).epoch == greedy.epoch  # its measure is its own again once there was an answer


def test_all_devices_together_have_a_measure_and_it_is_not_used_up_by_those_who_have_not_signed_in(county: RunningCounty) -> None:
    with ExitStack() as lines:
        settled(county)  # the lines of the test before
        names = [f"{number}号电脑" for number in range(OF_ALL // OF_ONE + 1)]
        *many, late = [lines.enter_context(signed_in(county, name)) for name in names]
        for device in many:
            for _ in range(OF_ONE):
                lines.enter_context(closing(Sender(county, "/v2/push", MOST_BODY_BYTES, device._token)))
        settled(county)
        refused(Sender(county, "/v2/push", 1000, late._token), 503)
        assert ask(county, "/v1/challenge", encode(ChallengeRequest(late.id))).status == 200


@pytest.fixture(scope="module")
def behind_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCounty]:
    """Each test comes from addresses of its own."""
    with running_county(tmp_path_factory.mktemp("county"), tls=False, quiet=True, more=["--behind-proxy", "--address-rate", "1"]) as made:
        yield made


def asked(county: RunningCounty, forwarded: str, source: str = "127.0.0.1") -> int:
    """A question of somebody unknown, passed on by a proxy at `source`."""
    parts = urlsplit(county.url)
    with socket.create_connection((str(parts.hostname), parts.port), timeout=SECONDS, source_address=(source, 0)) as line:
        said = f"X-Forwarded-For: {forwarded}\r\n" if forwarded else ""
        line.sendall(f"GET /v1/hello HTTP/1.1\r\nHost: x\r\n{said}Connection: close\r\n\r\n".encode())
        return int(line.makefile("rb").readline().split()[1])


def test_behind_a_proxy_each_address_has_its_own_measure(behind_proxy: RunningCounty) -> None:
    for number in range(BURST):
        assert asked(behind_proxy, f"10.9.9.{number}, 10.1.2.3") == 200  # what the sender put before is not believed
    assert asked(behind_proxy, "10.9.9.9, 10.1.2.3:4711") == 429
    assert asked(behind_proxy, "10.1.2.4") == 200
    assert asked(behind_proxy, "") == 200  # the administrator, on this machine


def test_behind_a_proxy_each_address_has_its_own_bytes(behind_proxy: RunningCounty) -> None:
    with ExitStack() as lines:
        for _ in range(ADDRESS_AT_ONCE // LITTLE):
            lines.enter_context(closing(Sender(behind_proxy, "/v1/challenge", LITTLE, more="X-Forwarded-For: 10.1.2.6\r\n")))
        settled(behind_proxy)
        refused(Sender(behind_proxy, "/v1/challenge", LITTLE, more="X-Forwarded-For: 10.1.2.6\r\n"), 429)
        with closing(Sender(behind_proxy, "/v1/challenge", 5, more="X-Forwarded-For: 10.1.2.7\r\n")) as other:
            other.line.sendall(b"12345")
            assert other.answer()[0] == 400


def test_nobody_else_is_believed_about_where_he_comes_from(behind_proxy: RunningCounty) -> None:
    """Were the header believed, one of these would be over the measure of that address."""
    assert [asked(behind_proxy, "10.1.2.5", "127.0.0.2") for _ in range(BURST + 1)] == [200] * (BURST + 1)


def test_without_the_option_the_header_says_nothing(tmp_path: Path) -> None:
    with running_county(tmp_path / "county", tls=False, quiet=True, more=["--address-rate", "1"]) as county:
        assert [asked(county, "10.1.2.3") for _ in range(BURST + 1)] == [200] * (BURST + 1)
