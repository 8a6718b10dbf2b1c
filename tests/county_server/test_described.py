"""The description of the HTTP face against a real server process: whatever is sent, every answer is one of those described, signed, and no 500.

schemathesis makes the requests from the description and checks the answers against it; here messages are packed and unpacked for it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import types
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

import jsonschema_rs
import msgspec
import pytest
import requests
import schemathesis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.generation.case import Case

from county_server import routes
from county_server.cli import main
from county_server.openapi import description
from jusuo_desktop.wire import messages
from jusuo_desktop.wire.codec import Malformed, decode, encode, inflated
from jusuo_desktop.wire.limits import MOST_INFLATED_BYTES
from jusuo_desktop.wire.messages import CONTENT_TYPE, RECEIPT_HEADER, EnrollRequest, EnrollResponse, Hello, PushRequest, SessionRequest, TablePush
from jusuo_desktop.wire.receipt import challenge_text, receipt_holds
from jusuo_desktop.wire.table import tabled
from tests.county_server.counties import OFFICE
from tests.running_county import RunningCounty, running_county

EXAMPLES, MANY = 12, 400
"""Requests for each act, each way of making them and each kind of token; the second with --long."""

WHOLE = 2**64 - 1


class Known(NamedTuple):
    """A running county and an enrolled device."""

    county: RunningCounty
    key: bytes
    epoch: str
    device: str
    token: str


# -- packing and unpacking ----------------------------------------------------------------


def packed_as(kind: Any, value: Any) -> Any:
    """A value of JSON as the msgpack member of that type; one that is not of the type stays what it is."""
    if kind is bytes and isinstance(value, str):
        return raw(value)
    origin, inner = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, list):
        hints = get_type_hints(kind)
        kinds = [hints[name] for name in kind.__struct_fields__]
        return [packed_as(kinds[n] if n < len(kinds) else Any, one) for n, one in enumerate(value)]
    if origin is list and isinstance(value, list):
        return [packed_as(inner[0], one) for one in value]
    if origin is dict and isinstance(value, dict):
        return {key: packed_as(inner[1], one) for key, one in value.items()}
    if origin is types.UnionType and value is not None:
        return packed_as(inner[0], value)
    return fitting(value)


def fitting(value: Any) -> Any:
    """Only what msgpack can carry."""
    if isinstance(value, int) and not -(2**63) <= value <= WHOLE:
        return str(value)
    if isinstance(value, list):
        return [fitting(one) for one in value]
    return {key: fitting(one) for key, one in value.items()} if isinstance(value, dict) else value


def raw(told: str) -> bytes:
    """Bytes for a generated text: as long as an identity or a hash is, as often as not."""
    try:
        content = base64.b64decode(told, validate=True)
    except (binascii.Error, ValueError):
        content = told.encode(errors="replace")
    digest = hashlib.sha256(content).digest()
    return (digest[:16], digest, content)[len(told) % 3]


def asked_at(path: str) -> type[msgspec.Struct]:
    return next(act.asked for act in routes.ACTS if act.path == path)


@schemathesis.serializer(CONTENT_TYPE)
def _packed(ctx: Any, value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return encode(packed_as(asked_at(ctx.case.path), value))


def unpacked(content: bytes) -> Any:
    """An answer as the description describes it: bytes are base64 there."""
    return msgspec.json.decode(msgspec.json.encode(msgspec.msgpack.decode(inflated(content, MOST_INFLATED_BYTES))))


# -- the county ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    with running_county(tmp_path_factory.mktemp("county"), tls=False, quiet=True, more=("--device-rate", "0")) as county:
        hello = decode(requests.get(county.url + routes.HELLO, timeout=30).content, Hello)
        key = Ed25519PrivateKey.generate()
        joined = ask(county, "/v1/enroll", EnrollRequest(county.enroll(OFFICE), key.public_key().public_bytes_raw(), "电脑"), EnrollResponse)
        nonce = ask(county, "/v1/challenge", messages.ChallengeRequest(joined.device_id), messages.ChallengeResponse).challenge
        session = SessionRequest(joined.device_id, nonce, key.sign(challenge_text(joined.epoch, nonce)))
        token = ask(county, "/v1/session", session, messages.SessionResponse).token
        yield Known(county, hello.server_key, joined.epoch, joined.device_id, token)


def ask(county: RunningCounty, path: str, request: msgspec.Struct, answer: type[Any]) -> Any:
    got = requests.post(county.url + path, encode(request), headers={"Content-Type": CONTENT_TYPE}, timeout=30)
    return decode(got.content, answer)


@lru_cache(1)
def described() -> Any:
    return schemathesis.openapi.from_dict(description())


def sensible(known: Known, path: str, body: Any) -> Any:
    """The same request by somebody who knows this county: its epoch, this device, columns of one length."""
    names = asked_at(path).__struct_fields__
    if not isinstance(body, list) or len(body) < len(asked_at(path).__struct_fields__) - len(asked_at(path).__struct_defaults__):
        return body
    made = list(body)
    for name, value in (("epoch", known.epoch), ("device_id", known.device)):
        if name in names:
            made[names.index(name)] = value
    try:
        if asked_at(path) is PushRequest:
            return straightened(names, made)
        if asked_at(path) is TablePush:
            return as_table(dict(zip(names, made, strict=False)), known.epoch)
    except TypeError:
        return body  # made to be wrong, and wrong in its columns
    return made


def as_table(told: dict[str, Any], epoch: str) -> bytes:
    """A table that is one, with the columns and values of the request."""
    values = [{"name": value, "reply_due_on": value} for column in told["columns"] if isinstance(column, list) for value in column]
    columns = {name: told.get(name, []) for name in ("scopes", "parent_ids", "base_versions", "author_ids", "made_ats")}
    given: dict[str, Any] = {"batch_id": "", "epoch": epoch, "record_ids": str(told["record_ids"]), "change_ids": str(told["own_ids"])}
    given |= {"kinds": [], **columns, "fields": values}
    names = PushRequest.__struct_fields__[: len(given)]
    try:
        request = decode(encode(packed_as(PushRequest, straightened(names, [given[name] for name in names]))), PushRequest)
    except Malformed:
        return b""
    return encode(tabled(request))


def straightened(names: tuple[str, ...], made: list[Any]) -> list[Any]:
    """Columns of one length."""
    kinds = made[names.index("kinds")] = ["consultation", *made[names.index("kinds")]][:5]
    for name in ("record_ids", "change_ids"):
        seed = str(made[names.index(name)]).encode(errors="replace")
        made[names.index(name)] = b"".join(hashlib.sha256(seed + bytes([n])).digest()[:16] for n in range(len(kinds)))
    filler = {"scopes": OFFICE, "parent_ids": b"", "base_versions": 0, "author_ids": "0190aaaa", "made_ats": 1, "fields": {"name": "好"}}
    for name, one in filler.items():
        at = names.index(name)
        made[at] = [*made[at], *[one] * len(kinds)][: len(kinds)]
    return made


def checked(known: Known, case: Case, token: str, body: bytes) -> requests.Response:
    """Sends a request; the answer is described, signed over what was asked, and no bug of ours."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if case.method == "POST":
        headers["Content-Type"] = CONTENT_TYPE
    got = case.call(base_url=known.county.url, headers=headers, timeout=30)
    assert got.status_code != 500, got.content
    case.validate_response(got, checks=described_checks())
    schema_of(case.path, case.method.lower(), got.status_code).validate(unpacked(got.content))
    receipt = base64.b64decode(got.headers[RECEIPT_HEADER.lower()][0])
    assert any(receipt_holds(known.key, receipt, read, got.content) for read in (body, b""))
    return got


@lru_cache(1)
def described_checks() -> list[Any]:
    from schemathesis.specs.openapi import checks

    return [checks.status_code_conformance, checks.content_type_conformance, checks.response_headers_conformance]


@lru_cache
def schema_of(path: str, method: str, status: int) -> Any:
    """The validator of one answer. schemathesis 4.32 rewrites prefixItems below allOf into what its own validator does not take."""
    whole = description()
    schema = whole["paths"][path][method]["responses"][str(status)]["content"][CONTENT_TYPE]["schema"]
    return jsonschema_rs.Draft202012Validator({**schema, "components": whole["components"]})


# -- what must hold -----------------------------------------------------------------------


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda m: m.value)
@pytest.mark.parametrize("path", [act.path for act in routes.ACTS])
def test_no_request_breaks_it(known: Known, path: str, mode: GenerationMode, request: pytest.FixtureRequest) -> None:
    examples = MANY if request.config.getoption("--long") else EXAMPLES
    seen: set[int] = set()

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=described()[path]["POST"].as_strategy(generation_mode=mode), sane=st.booleans(), who=st.sampled_from(["", "forged", "device"]))
    def asked(case: Case, sane: bool, who: str) -> None:
        value = sensible(known, path, case.body) if sane else case.body
        body = encode(packed_as(asked_at(path), value)) if not isinstance(value, bytes) else value
        case.body = body
        token = {"": "", "forged": known.token[:-1] + "x", "device": known.token}[who]
        seen.add(checked(known, case, token, body).status_code)

    asked()
    assert seen


def test_hello_is_as_described(known: Known) -> None:
    case = described()[routes.HELLO]["GET"].Case()
    assert checked(known, case, "", b"").status_code == 200


def test_every_refusal_of_the_table_is_described() -> None:
    paths = description()["paths"]
    for act in routes.ACTS:
        told = paths[act.path]["post"]["responses"]
        for refusal in (made() for made in act.may_refuse):
            codes = told[str(refusal.status)]["content"][CONTENT_TYPE]["schema"]["allOf"][1]["prefixItems"][0]["enum"]
            assert refusal.code in codes


def test_the_server_and_the_administrator_s_word_tell_the_same(known: Known, capsys: pytest.CaptureFixture[str]) -> None:
    served = requests.get(known.county.url + routes.DESCRIPTION, timeout=30).json()
    capsys.readouterr()
    assert main(["openapi"]) == 0
    assert msgspec.json.decode(capsys.readouterr().out) == served == description()
