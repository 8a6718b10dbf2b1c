"""Hostile requests at the HTTP face of a real server process: each gets a typed, signed answer or a closed line, and the next one is served."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import anyio
import msgspec
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from county_server.app import build
from county_server.county import County
from jusuo_desktop.wire.codec import decode, encode
from jusuo_desktop.wire.columns import push_request
from jusuo_desktop.wire.enroll_code import fingerprint, make
from jusuo_desktop.wire.limits import MOST_BODY_BYTES, MOST_INFLATED_BYTES
from jusuo_desktop.wire.messages import (
    CONTENT_TYPE,
    RECEIPT_HEADER,
    ChallengeRequest,
    ChallengeResponse,
    EnrollRequest,
    EnrollResponse,
    Failure,
    Hello,
    PullRequest,
    PullResponse,
    PushResponse,
    SessionRequest,
    SessionResponse,
)
from jusuo_desktop.wire.receipt import challenge_text, receipt_holds
from tests.county_server.counties import change
from tests.running_county import RunningCounty, running_county

OFFICE = "990101001"


class Device(NamedTuple):
    """An enrolled device with its server, session and receipts."""

    county: RunningCounty
    id: str
    token: str
    epoch: str
    server_key: bytes


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def failure(self) -> Failure:
        return decode(self.body, Failure)


def ask(county: RunningCounty, path: str, body: bytes = b"", *, method: str = "POST", token: str = "", **headers: str) -> Answer:
    """One request on a line of its own."""
    parts = urlsplit(county.url)
    line = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
    try:
        more = {"Authorization": f"Bearer {token}"} if token else {}
        line.request(method, path, body or None, {"Content-Type": CONTENT_TYPE, **more, **{n.replace("_", "-"): v for n, v in headers.items()}})
        got = line.getresponse()
        return Answer(got.status, {n.lower(): v for n, v in got.getheaders()}, got.read())
    finally:
        line.close()


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Device]:
    with serving(tmp_path_factory.mktemp("county")) as made:
        yield made


@pytest.fixture
def besieged(tmp_path: Path) -> Iterator[Device]:
    """A county of its own: after too many wrong codes nobody enrols there for ten minutes."""
    with serving(tmp_path) as made:
        yield made


@contextmanager
def serving(folder: Path) -> Iterator[Device]:
    """A county server process with an honest device enrolled."""
    with running_county(folder, tls=False, quiet=True) as county:
        hello = decode(ask(county, "/v1/hello", method="GET").body, Hello)
        key = Ed25519PrivateKey.generate()
        asked = EnrollRequest(county.enroll(OFFICE), key.public_key().public_bytes_raw(), "电脑")
        joined = decode(ask(county, "/v1/enroll", encode(asked)).body, EnrollResponse)
        nonce = decode(ask(county, "/v1/challenge", encode(ChallengeRequest(joined.device_id))).body, ChallengeResponse).challenge
        signed = SessionRequest(joined.device_id, nonce, key.sign(challenge_text(joined.epoch, nonce)))
        token = decode(ask(county, "/v1/session", encode(signed)).body, SessionResponse).token
        yield Device(county, joined.device_id, token, joined.epoch, hello.server_key)


@pytest.fixture(autouse=True)
def still_serving(device: Device) -> Iterator[None]:
    """Whatever a request was, the next one of an honest device is answered."""
    yield
    request = encode(PullRequest(device.epoch, {}, 1000))
    answer = ask(device.county, "/v1/pull", request, token=device.token)
    assert answer.status == 200
    assert signed(device, answer, request)
    assert decode(answer.body, PullResponse).epoch == device.epoch


def signed(device: Device, answer: Answer, request: bytes) -> bool:
    return receipt_holds(device.server_key, base64.b64decode(answer.headers[RECEIPT_HEADER.lower()]), request, answer.body)


def refused(device: Device, answer: Answer, status: int, code: str, read: bytes = b"") -> None:
    """A typed refusal in the clerk's words, signed over what was read of the request."""
    assert (answer.status, answer.failure.code) == (status, code)
    assert answer.headers["content-type"] == CONTENT_TYPE
    assert answer.failure.message.endswith("。")
    assert signed(device, answer, read)


def frame(raw: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=1, write_checksum=True).compress(raw)


# -- size, before anything is parsed ----------------------------------------------------


@pytest.mark.parametrize(("path", "most"), [("/v1/push", MOST_BODY_BYTES), ("/v1/challenge", 64 * 1024), ("/v1/enroll", 64 * 1024)])
def test_a_body_that_says_it_is_too_large_is_refused_unread(device: Device, path: str, most: int) -> None:
    parts = urlsplit(device.county.url)
    with socket.create_connection((str(parts.hostname), parts.port), timeout=10) as line:
        line.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {device.token}\r\nContent-Length: {most + 1}\r\n\r\n".encode())
        head = line.recv(65536)  # not one byte of the body was sent
    assert head.startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(("path", "most"), [("/v1/push", MOST_BODY_BYTES), ("/v1/challenge", 64 * 1024)])
def test_a_body_that_does_not_say_its_size_is_read_no_further_than_the_limit(device: Device, path: str, most: int) -> None:
    parts = urlsplit(device.county.url)
    piece = bytes(most // 4)
    with socket.create_connection((str(parts.hostname), parts.port), timeout=30) as line:
        line.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {device.token}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        for _ in range(5):
            line.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        assert line.recv(65536).startswith(b"HTTP/1.1 413")


def test_a_body_that_comes_byte_by_byte_is_read(device: Device) -> None:
    request = encode(PullRequest(device.epoch, {}, 1000))
    parts = urlsplit(device.county.url)
    with socket.create_connection((str(parts.hostname), parts.port), timeout=30) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        head = f"POST /v1/pull HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {device.token}\r\nTransfer-Encoding: chunked\r\n\r\n"
        line.sendall(head.encode())
        for byte in request:
            line.sendall(b"1\r\n" + bytes([byte]) + b"\r\n")
        line.sendall(b"0\r\n\r\n")
        assert line.recv(65536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("stated", ["-1", "12x", "٣", "1e3", "+5"])
def test_a_size_that_is_no_number(device: Device, stated: str) -> None:
    parts = urlsplit(device.county.url)
    with socket.create_connection((str(parts.hostname), parts.port), timeout=10) as line:
        line.sendall(f"POST /v1/push HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {device.token}\r\nContent-Length: {stated}\r\n\r\n".encode())
        assert line.recv(65536).split()[1] in (b"400", b"413")


# -- who speaks --------------------------------------------------------------------------


def test_without_a_token_nothing_is_read(device: Device) -> None:
    request = encode(PullRequest(device.epoch, {}, 1000))
    for token in ("", "x", device.token[:-1], device.token[:-1] + ("0" if device.token[-1] != "0" else "1"), "." * 500, device.token + "é"):
        for path in ("/v1/push", "/v1/pull", "/v1/digest", "/v1/lease"):
            refused(device, ask(device.county, path, request, token=token), 401, "unauthorized")


def test_a_token_whose_end_was_moved_is_forged(device: Device) -> None:
    who, expires, seal = device.token.rsplit(".", 2)
    later = f"{who}.{int(expires) + 1}.{seal}"
    other = f"{'0' * len(who)}.{expires}.{seal}"
    for forged in (later, other, f"{who}.{expires}.", f".{expires}.{seal}"):
        refused(device, ask(device.county, "/v1/pull", encode(PullRequest(device.epoch, {}, 1)), token=forged), 401, "unauthorized")


def test_a_challenge_of_somebody_else_opens_no_session(device: Device) -> None:
    key = Ed25519PrivateKey.generate()
    nonce = decode(ask(device.county, "/v1/challenge", encode(ChallengeRequest(device.id))).body, ChallengeResponse).challenge
    for asked in (nonce, nonce[:-1], bytes(56), b""):
        request = encode(SessionRequest(device.id, asked, key.sign(challenge_text(device.epoch, asked))))
        refused(device, ask(device.county, "/v1/session", request), 401, "unauthorized", request)


def test_a_revoked_device_is_refused_with_its_token(device: Device) -> None:
    key = Ed25519PrivateKey.generate()
    asked = EnrollRequest(device.county.enroll(OFFICE), key.public_key().public_bytes_raw(), "旧电脑")
    joined = decode(ask(device.county, "/v1/enroll", encode(asked)).body, EnrollResponse)
    nonce = decode(ask(device.county, "/v1/challenge", encode(ChallengeRequest(joined.device_id))).body, ChallengeResponse).challenge
    session = SessionRequest(joined.device_id, nonce, key.sign(challenge_text(joined.epoch, nonce)))
    token = decode(ask(device.county, "/v1/session", encode(session)).body, SessionResponse).token
    request = encode(PullRequest(device.epoch, {}, 1000))
    assert ask(device.county, "/v1/pull", request, token=token).status == 200
    device.county.revoke(joined.device_id)
    refused(device, ask(device.county, "/v1/pull", request, token=token), 403, "revoked", request)


# -- where to -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/pushes", "/v3/push", "/v1/push/", "/../etc/passwd", "/v1/%00", "/" + "x" * 5000])
def test_an_address_that_there_is_not(device: Device, path: str) -> None:
    refused(device, ask(device.county, path, b"x", token=device.token), 404, "protocol")


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/push"), ("PUT", "/v1/pull"), ("DELETE", "/v1/digest"), ("POST", "/v1/hello")])
def test_a_method_that_is_not_meant(device: Device, method: str, path: str) -> None:
    refused(device, ask(device.county, path, method=method, token=device.token), 405, "malformed")


# -- what is in the body ------------------------------------------------------------------


def array_of(count: int) -> bytes:
    return b"\xdd" + struct.pack(">I", count)


def bombs() -> dict[str, bytes]:
    deep = b"\x91" * 200_000 + b"\xc0"
    lying = bytearray(frame(bytes(1000)))
    lying[5:7] = struct.pack("<H", 65_000)
    return {
        "nothing": b"",
        "zeros": bytes(1000),
        "html": b"<html></html>",
        "json": json.dumps({"a": 1}).encode(),
        "plain msgpack": msgspec.msgpack.encode([1, 2]),
        "a frame that inflates without end": frame(bytes(MOST_INFLATED_BYTES + 1)),
        "a frame of unknown size": zstandard.ZstdCompressor(write_content_size=False).compress(bytes(100_000)),
        "a frame that lies about its size": bytes(lying),
        "a frame cut short": frame(bytes(range(256)) * 50)[:-20],
        "a frame with something after it": frame(b"\x90") + b"x",
        "depth": frame(deep),
        "an array of four thousand million": frame(array_of(2**32 - 1)),
        "a map of four thousand million": frame(b"\xdf" + struct.pack(">I", 2**32 - 1)),
        "a text of four thousand million": frame(b"\xdb" + struct.pack(">I", 2**32 - 1)),
        "many empty arrays": frame(array_of(1_000_000) + b"\x90" * 1_000_000),
        "text that is none": frame(b"\x9b" + b"\xa4\xff\xfe\xfd\xfc" * 11),
        "not a number": frame(b"\x94" + b"\xcb" + struct.pack(">d", float("nan")) * 1 + b"\xc0" * 3),
    }


@pytest.mark.parametrize("name", bombs())
@pytest.mark.parametrize("path", ["/v1/push", "/v1/pull", "/v1/session"])
def test_a_body_that_is_no_message(device: Device, name: str, path: str) -> None:
    body = bombs()[name]
    begun = time.monotonic()
    answer = ask(device.county, path, body, token=device.token)
    assert time.monotonic() - begun < 10
    refused(device, answer, 400, "malformed", body)


def test_a_value_nested_in_a_change_is_that_change_s_trouble(device: Device) -> None:
    deep: Any = "x"
    for _ in range(200):
        deep = [deep]
    body = encode(push_request(bytes(16), device.epoch, [change({"name": deep}), change({"name": "好的"})]))
    answer = ask(device.county, "/v1/push", body, token=device.token)
    assert [r.status for r in decode(answer.body, PushResponse).results] == ["rejected", "accepted"]


# -- slow lines ----------------------------------------------------------------------------


def test_slow_bodies_hold_nobody_up(device: Device) -> None:
    """Thirty lines that send a byte and then nothing: the server goes on serving beside them (see `still_serving`) and holds no thread for them."""
    parts = urlsplit(device.county.url)
    lines = [socket.create_connection((str(parts.hostname), parts.port), timeout=10) for _ in range(30)]
    try:
        for line in lines:
            line.sendall(f"POST /v1/push HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {device.token}\r\nContent-Length: 1000\r\n\r\nx".encode())
        begun = time.monotonic()
        for _ in range(5):
            assert ask(device.county, "/health", method="GET").status == 200
        assert time.monotonic() - begun < 5
    finally:
        for line in lines:
            line.close()


def test_a_body_that_never_ends_is_given_up(embedded: County) -> None:
    sent: list[Any] = []

    async def speak() -> None:
        pieces = iter([{"type": "http.request", "body": b"x", "more_body": True}])

        async def receive() -> Any:
            if (piece := next(pieces, None)) is None:
                await anyio.sleep_forever()
            return piece

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/v1/challenge", "headers": [], "query_string": b"", "http_version": "1.1"}
        await build(embedded, body_seconds=0.05)(scope, receive, send)

    anyio.run(speak)
    assert sent[0]["status"] == 503
    assert decode(sent[1]["body"], Failure).code == "busy"


def test_wrong_codes_are_counted_and_then_nobody_may_guess(besieged: Device) -> None:
    request = encode(EnrollRequest(str(make(fingerprint(besieged.server_key, b""))), bytes(32), "谁"))
    seen = [ask(besieged.county, "/v1/enroll", request) for _ in range(120)]
    refused(besieged, seen[0], 403, "bad_code", request)
    refused(besieged, seen[-1], 429, "busy", request)
    assert seen[-1].headers["retry-after"] == "10"
    assert sum(answer.status == 403 for answer in seen) <= 101
