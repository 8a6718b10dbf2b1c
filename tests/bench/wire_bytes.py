"""Bytes on the wire for a push, heads and receipts included, beside zstd over the changed values alone: what the bookkeeping costs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import zstandard

from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.sample_office import make_sample_office
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.sync_now import sync_now
from tests.bench.figure import Figure
from tests.running_county import running_county
from tests.sync.cutting_proxy import DOWN, UP, wired

MEDIATIONS: Final = 1_000


def measure(*, small: bool = False) -> Iterator[Figure]:
    """The whole sample office goes up: mediations with their parties, sessions and agreements, consultations, visits."""
    with tempfile.TemporaryDirectory() as folder, running_county(Path(folder) / "county", tls=False, quiet=True) as county:
        session = make_sample_office(Path(folder) / "office", "an-office-pass", mediations=MEDIATIONS // 10 if small else MEDIATIONS)
        with wired(county.url) as wire:
            enroll(session, wire.url, county.enroll(session.store.scope))
            values = _values(session)
            wire.passed = {UP: 0, DOWN: 0}
            report = sync_now(session)
            sent, answered = wire.passed[UP], wire.passed[DOWN]
        assert report.digest_equal
        session.store.close()
    alone = len(zstandard.ZstdCompressor().compress(msgspec.msgpack.encode(values)))
    what = f"{report.sent:,} changes"
    yield Figure(f"bytes up, {what}", sent / report.sent, "B/change", alone / report.sent, "zstd (its default level) of the values", "<=1.2")
    yield Figure(f"bytes down (confirmed), {what}", answered / report.sent, "B/change", None, "", "", "the answers to the same push")


def _values(session: Session) -> list[list[Any]]:
    return [list(one.fields.values()) for one in session.store.outgoing(("waiting",), 1 << 31)]
