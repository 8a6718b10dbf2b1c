"""The acts of the HTTP face, one line each: where, what is asked, what is answered, by which act of the county, and what may be refused.

The endpoints (face.py) and the description (openapi.py) are both made from this table, so that the description cannot drift.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec

from county_server import failing
from county_server.failing import Refusal
from jusuo_desktop.wire import messages as m

Refusals = tuple[Callable[[], Refusal], ...]

ANYWHERE: Final[Refusals] = (failing.too_often, failing.busy, failing.broken)
"""What any request may meet."""

WITH_A_BODY: Final[Refusals] = (failing.malformed, failing.too_large, failing.too_much_at_once)
SIGNED_IN: Final[Refusals] = (failing.unauthorized, failing.revoked)
SAME_PAST: Final[Refusals] = (failing.other_epoch,)
CONTENT: Final[Refusals] = (*SAME_PAST, failing.outside, failing.wrong_content)


@dataclass(frozen=True, slots=True)
class Act:
    """One endpoint. `act` is the name of the method of County.act; `opened`: for anybody, before sign-in, and small."""

    path: str
    asked: type[msgspec.Struct]
    answered: type[msgspec.Struct]
    act: str
    refusals: Refusals = ()
    opened: bool = False

    @property
    def may_refuse(self) -> Refusals:
        """All refusals that a request to it may meet."""
        return (*WITH_A_BODY, *ANYWHERE, *(() if self.opened else SIGNED_IN), *self.refusals)


ACTS: Final = (
    Act("/v1/enroll", m.EnrollRequest, m.EnrollResponse, "enroll", (failing.bad_code, failing.revoked, failing.too_many_codes), opened=True),
    Act("/v1/challenge", m.ChallengeRequest, m.ChallengeResponse, "challenge", opened=True),
    Act("/v1/session", m.SessionRequest, m.SessionResponse, "session", (*SIGNED_IN, failing.too_old, failing.too_new), opened=True),
    Act("/v1/push", m.PushRequest, m.PushResponse, "push", (*SAME_PAST, failing.went_backward)),
    Act("/v2/push", m.TablePush, m.PushResponse, "push_table", (*SAME_PAST, failing.went_backward)),
    Act("/v1/pull", m.PullRequest, m.PullResponse, "pull", (*SAME_PAST, failing.went_backward)),
    Act("/v1/digest", m.DigestRequest, m.DigestResponse, "digest", SAME_PAST),
    Act("/v1/lease", m.LeaseRequest, m.LeaseResponse, "lease", (failing.outside,)),
    Act("/v1/return", m.ReturnRequest, m.ReturnResponse, "take_back"),
    Act("/v1/blocks", m.BlocksRequest, m.BlocksResponse, "blocks"),
    Act("/v1/release", m.ReleaseRequest, m.ReleaseResponse, "release", (failing.outside, failing.wrong_content)),
    Act("/v1/content/state", m.ContentStateRequest, m.ContentStateResponse, "content_state", CONTENT),
    Act("/v1/content/put", m.ContentPutRequest, m.ContentPutResponse, "content_put", CONTENT),
    Act("/v1/content/get", m.ContentGetRequest, m.ContentGetResponse, "content_get", CONTENT),
)

HELLO: Final = "/v1/hello"
HEALTH: Final = "/health"
METRICS: Final = "/metrics"
DESCRIPTION: Final = "/openapi.json"
STATUS: Final = "/status"
