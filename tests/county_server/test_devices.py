"""Who may speak: one-time codes, signed challenges, tokens, and a revoked device that is refused everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from county_server import devices, sessions
from county_server.county import County
from county_server.failing import Refusal
from jusuo_desktop.wire.columns import push_request
from jusuo_desktop.wire.enroll_code import ALPHABET
from jusuo_desktop.wire.messages import (
    ChallengeRequest,
    DigestRequest,
    EnrollRequest,
    LeaseRequest,
    PullRequest,
    SessionRequest,
)
from jusuo_desktop.wire.receipt import challenge_text
from tests.county_server.counties import HOUR, OFFICE, change, code_for, enrolled, founded


class Clock:
    """The server's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_770_000_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timed(tmp_path: Path, clock: Clock) -> Iterator[County]:
    with founded(tmp_path / "county", clock=clock) as made:
        yield made


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    assert caught.value.message.endswith("。")
    return caught.value.code


def test_the_same_code_with_the_same_key_gives_the_same_identity(county: County) -> None:
    key = Ed25519PrivateKey.generate()
    request = EnrollRequest(code_for(county, OFFICE), public(key), "内勤电脑")
    first = county.enroll(request)
    assert county.enroll(request) == first
    assert first.scope == OFFICE
    thief = EnrollRequest(request.code, public(Ed25519PrivateKey.generate()), "别的电脑")
    assert refused(lambda: county.enroll(thief)) == "bad_code"


def test_wrong_expired_and_foreign_codes_open_nothing(timed: County, clock: Clock) -> None:
    code, key = code_for(timed, OFFICE, hours=1), public(Ed25519PrivateKey.generate())
    wrong = next(c for c in ALPHABET if c != code[0]) + code[1:]
    for typed in (wrong, "", "0" * 25, "你好", code[:-1]):
        assert refused(lambda typed=typed: timed.enroll(EnrollRequest(typed, key, "x"))) == "bad_code"
    assert refused(lambda: timed.enroll(EnrollRequest(code, b"no key", "x"))) == "bad_code"
    clock.now += HOUR + 1
    assert refused(lambda: timed.enroll(EnrollRequest(code, key, "x"))) == "bad_code"


def test_guessing_is_bounded_for_the_whole_county(timed: County, clock: Clock) -> None:
    key, code = public(Ed25519PrivateKey.generate()), code_for(timed, OFFICE, hours=5)
    for _ in range(devices.MOST_WRONG):
        assert refused(lambda: timed.enroll(EnrollRequest("0" * 25, key, "x"))) == "bad_code"
    assert refused(lambda: timed.enroll(EnrollRequest(code, key, "x"))) == "busy"
    clock.now += devices.PERIOD
    assert timed.enroll(EnrollRequest(code, key, "x")).scope == OFFICE


def signed(county: County, device_id: str, key: Ed25519PrivateKey) -> SessionRequest:
    nonce = county.challenge(ChallengeRequest(device_id)).challenge
    return SessionRequest(device_id, nonce, key.sign(challenge_text(county.epoch, nonce)))


def test_a_session_for_a_signed_challenge(timed: County, clock: Clock) -> None:
    device, key = enrolled(timed, OFFICE)
    session = timed.session(signed(timed, device, key))
    assert timed.speaker(session.token) == device
    clock.now += session.seconds * 1000 + 1
    assert refused(lambda: timed.speaker(session.token)) == "unauthorized"


def test_no_session_without_the_key_or_with_an_old_challenge(timed: County, clock: Clock) -> None:
    device, key = enrolled(timed, OFFICE)
    other, other_key = enrolled(timed, OFFICE)
    request = signed(timed, device, key)
    for false in (
        signed(timed, device, other_key),
        SessionRequest("0000000000", request.challenge, request.signature),
        SessionRequest(other, request.challenge, other_key.sign(challenge_text(timed.epoch, request.challenge))),
        SessionRequest(device, b"", b""),
        SessionRequest(device, request.challenge[:-1] + bytes([request.challenge[-1] ^ 1]), request.signature),
    ):
        assert refused(lambda false=false: timed.session(false)) == "unauthorized"
    clock.now += sessions.CHALLENGE_SECONDS * 1000 + 1
    assert refused(lambda: timed.session(request)) == "unauthorized"


@pytest.mark.parametrize("presented", ["", ".", "x.y.z", "a.9999999999999." + "0" * 64, "é" * 100, "." * 500])
def test_forged_tokens_speak_for_nobody(embedded: County, presented: str) -> None:
    assert refused(lambda: embedded.speaker(presented)) == "unauthorized"


def test_a_revoked_device_is_refused_everything_at_once(county: County) -> None:
    device, key = enrolled(county, OFFICE)
    request = EnrollRequest(code_for(county, OFFICE), public(key), "x")
    second = county.enroll(request).device_id
    with county.database.writing() as connection:
        assert devices.revoke(connection, device, county.now())
        assert devices.revoke(connection, second, county.now())
        assert not devices.revoke(connection, "nobody", county.now())
    epoch = county.epoch
    for act in (
        lambda: county.session(signed(county, device, key)),
        lambda: county.push(device, push_request(b"", epoch, [change({"name": "张三"})])),
        lambda: county.pull(device, PullRequest(epoch, {}, 1000)),
        lambda: county.digest(device, DigestRequest(epoch)),
        lambda: county.lease(device, LeaseRequest(b"0" * 16, "x/2026/mediation", 1)),
        lambda: county.enroll(request),
    ):
        assert refused(act) == "revoked"
