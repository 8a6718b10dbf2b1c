"""The OpenAPI 3.1 description of the HTTP face, made from the table of acts and the declarations of the messages."""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from county_server import failing, routes
from county_server.county import County
from county_server.routes import Act, Refusals
from jusuo_desktop.wire.messages import CONTENT_TYPE, RECEIPT_HEADER, Failure, Hello
from jusuo_desktop.wire.program import program_version

JSON: Final = "application/json"
LEAST_WHOLE, MOST_WHOLE = -(2**63), 2**64 - 1
"""What msgpack can carry."""

SAID: Final = f"""The sync between a judicial office's devices and its county.

A message is one msgpack array with the members of its declaration in order, inside one zstd frame that states its inflated size
(`{CONTENT_TYPE}`). The schemas describe the array; members whose schema says `contentEncoding: base64` travel as raw bytes (msgpack bin).
A sender may know more members than the receiver, at the end; members with a default may be missing there.
Every answer of these types is signed: `{RECEIPT_HEADER}` is the base64 of an Ed25519 signature by the county over the request and the answer.
An answer with status 400 and above is a Failure: a code for the program and a sentence for the clerk."""


def description() -> dict[str, Any]:
    """The document."""
    kinds = [*(a.asked for a in routes.ACTS), *(a.answered for a in routes.ACTS), Hello, Failure]
    _, schemas = msgspec.json.schema_components(dict.fromkeys(kinds), ref_template="#/components/schemas/{name}")
    paths: dict[str, Any] = {act.path: {"post": _posted(act)} for act in routes.ACTS}
    paths[routes.HELLO] = {"get": _got("The server's face before enrolment", CONTENT_TYPE, {"$ref": "#/components/schemas/Hello"})}
    paths[routes.HEALTH] = {
        "get": {
            "summary": "Whether this worker can serve: the database answers and stands at the schema of this version",
            "operationId": "health",
            "security": [],
            "responses": {"200": _text("It can."), "503": _text("It cannot, and why, in one word.")},
        }
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "jusuo county server", "version": program_version() or "0", "description": SAID},
        "paths": paths,
        "components": {
            "schemas": {name: _bounded(schema) for name, schema in schemas.items()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "The token of a SessionResponse."}},
        },
    }


def _posted(act: Act) -> dict[str, Any]:
    said = inspect.getdoc(getattr(County, act.act)) or ""
    return {
        "summary": said.partition("\n")[0],
        "operationId": act.act,
        "security": [] if act.opened else [{"token": []}],
        "requestBody": {"required": True, "content": {CONTENT_TYPE: {"schema": {"$ref": f"#/components/schemas/{act.asked.__name__}"}}}},
        "responses": {"200": _signed("The answer.", {"$ref": f"#/components/schemas/{act.answered.__name__}"}), **_failures(act.may_refuse)},
    }


def _got(summary: str, media: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "summary": summary,
        "operationId": "hello",
        "security": [],
        "responses": {"200": _signed("The answer.", schema, media), **_failures(routes.ANYWHERE)},
    }


def _failures(refusals: Refusals) -> dict[str, Any]:
    """The answers for each status that these refusals have; 405 belongs to every path."""
    by_status: dict[int, list[failing.Refusal]] = defaultdict(list)
    for made in dict.fromkeys([*refusals, failing.wrong_method]):
        refusal = made()
        by_status[refusal.status].append(refusal)
    return {str(status): _failure(status, by_status[status]) for status in sorted(by_status)}


def _failure(status: int, refusals: Iterable[failing.Refusal]) -> dict[str, Any]:
    codes = sorted({r.code for r in refusals})
    members = {"prefixItems": [{"enum": codes}, {"type": "string"}]}
    schema = {"allOf": [{"$ref": "#/components/schemas/Failure"}, members]}
    answer = _signed(" / ".join(dict.fromkeys(r.message for r in refusals)), schema)
    if status in failing.PASSING:
        answer["headers"]["Retry-After"] = {"required": True, "schema": {"type": "string", "pattern": "^[0-9]+$"}, "description": "Seconds."}
    return answer


def _signed(said: str, schema: dict[str, Any], media: str = CONTENT_TYPE) -> dict[str, Any]:
    receipt = {"required": True, "schema": {"type": "string"}, "description": "The county's signature over request and answer."}
    return {"description": said, "headers": {RECEIPT_HEADER: receipt}, "content": {media: {"schema": schema}}}


def _text(said: str) -> dict[str, Any]:
    return {"description": said, "content": {"text/plain": {"schema": {"type": "string"}}}}


def _bounded(schema: Any) -> Any:
    """A schema whose whole numbers are those that can travel."""
    if isinstance(schema, list):
        return [_bounded(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: value if key == "default" else _bounded(value) for key, value in schema.items()}
    if made.get("type") == "integer":
        made.setdefault("minimum", LEAST_WHOLE)
        made.setdefault("maximum", MOST_WHOLE)
    return made
