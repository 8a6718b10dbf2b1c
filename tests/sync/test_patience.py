"""A server that asks for patience gets it: the wait that it names is kept, and a wait that is too long is left to the next sync."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jusuo_desktop.store import Enrolment
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.county_line import CountyLine
from jusuo_desktop.sync.http_transport import HttpTransport
from jusuo_desktop.sync.patience import MOST_WAIT, Patience
from jusuo_desktop.wire.messages import EnrollRequest, EnrollResponse, Hello, PullRequest
from tests.county_server.counties import OFFICE
from tests.county_server.speakers import Speaker
from tests.running_county import RunningCounty, running_county


class Waits(threading.Event):
    """An event that is never set and notes for how long it was waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout or 0.0)
        return False


def busy(wait: float) -> failures.Busy:
    made = failures.Busy()
    made.wait = wait
    return made


@pytest.mark.parametrize("asked", [0.0, 7.0, MOST_WAIT])
def test_a_busy_server_is_tried_again_after_the_time_that_it_names(asked: float) -> None:
    answers = [busy(asked), busy(asked), None]

    def work() -> str:
        if (failure := answers.pop(0)) is not None:
            raise failure
        return "done"

    waits = Waits()
    assert Patience(first_pause=0.5, longest_pause=1.0).attempt(work, stopped=waits) == "done"
    assert len(waits.seconds) == 2
    assert all(asked <= seconds <= max(asked, 1.5) for seconds in waits.seconds)


def test_who_asks_for_too_much_is_left_alone() -> None:
    def work() -> None:
        raise busy(MOST_WAIT + 1)

    waits = Waits()
    with pytest.raises(failures.Busy):
        Patience().attempt(work, stopped=waits)
    assert waits.seconds == []


def test_a_device_over_its_measure_is_told_for_how_long_and_then_served(tmp_path: Path) -> None:
    with running_county(tmp_path / "county", tls=False, quiet=True, more=("--device-rate", "1")) as county:
        transport = HttpTransport(enrolled(county), tmp_path)
        request = PullRequest(transport.hello().epoch, {}, 1000)
        with pytest.raises(failures.Busy) as caught:
            all(transport.pull(request) for _ in range(200))
        assert 1 <= caught.value.wait <= 2
        assert Patience().attempt(lambda: transport.pull(request), stopped=threading.Event()).entries == []
        transport.close()


def enrolled(county: RunningCounty) -> Enrolment:
    key = Ed25519PrivateKey.generate()
    other = Speaker(county.url, county.enroll(OFFICE))
    asked = EnrollRequest(county.enroll(OFFICE), key.public_key().public_bytes_raw(), "电脑")
    joined = other.ask("/v1/enroll", asked, EnrollResponse)
    other.close()
    line = CountyLine(county.url, root=None, server_key=b"")
    hello = line.ask("/v1/hello", None, Hello)
    line.close()
    return Enrolment(county.url, joined.device_id, joined.scope, joined.epoch, hello.server_key, hello.root_certificate, key.private_bytes_raw())
