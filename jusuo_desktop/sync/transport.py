"""What the engine asks of any road to the county: HTTP today, a signed bundle on a USB stick by the same messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from jusuo_desktop.wire.messages import (
    BlocksResponse,
    DigestResponse,
    LeaseResponse,
    PullRequest,
    PullResponse,
    PushRequest,
    PushResponse,
    Returned,
    ReturnResponse,
)


class Transport(Protocol):
    """Each method is one exchange; it raises a `sync.failures.SyncFailure` and has no effect here when it fails."""

    def push(self, request: PushRequest) -> PushResponse:
        """Sends a batch."""

    def prepared(self, request: PushRequest) -> Callable[[], PushResponse]:
        """Turns a batch into what travels, while another exchange may be under way; the call sends it."""

    def pull(self, request: PullRequest) -> PullResponse:
        """Fetches what comes after a cursor."""

    def digest(self, epoch: str) -> DigestResponse:
        """Fetches the digest of everything this device may hold."""

    def lease(self, series: str, count: int, request_id: bytes, after: int = 0) -> LeaseResponse:
        """Fetches a block of numbers; the same `request_id` brings the same block. Numbers up to `after` were given out here already."""

    def take_back(self, returns: list[Returned]) -> ReturnResponse:
        """Gives back numbers that this device has closed for itself; the same again changes nothing."""

    def blocks(self, year: int, digest: bytes) -> BlocksResponse:
        """Fetches the list of the blocks of the office's devices, unless `digest` is that of the list."""
