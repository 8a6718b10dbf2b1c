"""What the engine asks of any road to the county: HTTP today, a signed bundle on a USB stick by the same messages."""

from __future__ import annotations

from typing import Protocol

from jusuo_desktop.wire.messages import (
    DigestResponse,
    LeaseResponse,
    PullRequest,
    PullResponse,
    PushRequest,
    PushResponse,
)


class Transport(Protocol):
    """Each method is one exchange; it raises a `sync.failures.SyncFailure` and has no effect here when it fails."""

    def push(self, request: PushRequest) -> PushResponse:
        """Sends a batch."""

    def pull(self, request: PullRequest) -> PullResponse:
        """Fetches what comes after a cursor."""

    def digest(self, epoch: str) -> DigestResponse:
        """Fetches the digest of everything this device may hold."""

    def lease(self, series: str, count: int, request_id: bytes, after: int = 0) -> LeaseResponse:
        """Fetches a block of numbers; the same `request_id` brings the same block. Numbers up to `after` were given out here already."""
