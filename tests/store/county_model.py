"""A county in few lines: one feed, the real merge, and the power to refuse. What store.feed is tested against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from jusuo_desktop.records.identity import new_id, packed, unpacked
from jusuo_desktop.wire.digest import digest_of
from jusuo_desktop.wire.merge import Mark, merge, put, stamped
from jusuo_desktop.wire.messages import Change, Entry, Result
from tests.store.offices import CODE

FORBIDDEN = "forbidden"
"""A value that this county refuses."""


@dataclass
class Held:
    kind: str
    version: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)


@dataclass
class County:
    device_id: str
    feed: list[Entry] = field(default_factory=list)
    held: dict[str, Held] = field(default_factory=dict)
    conflicts: list[tuple[str, str, Any]] = field(default_factory=list)

    def push(self, changes: list[Change], device_id: str = "") -> list[Result]:
        return [self._take(change, device_id or self.device_id) for change in changes]

    def _take(self, change: Change, device_id: str) -> Result:
        fields = msgspec.msgpack.decode(change.fields) if isinstance(change.fields, msgspec.Raw) else change.fields
        known = next((e for e in self.feed if e.change_id == change.change_id), None)
        if known is not None:
            return Result("duplicate", known.version, known.refused)
        if FORBIDDEN in fields.values():
            return Result("rejected", message="这个值县里不收。")
        identity = unpacked(change.record_id)
        one = self.held.get(identity)
        if change.base_version > (one.version if one else 0):
            return Result("held")
        one = self.held.setdefault(identity, Held(change.kind))
        merged = merge(one.values, one.marks, change.base_version, device_id, fields)
        one.version += 1
        one.values = put(one.values, merged.applied)
        one.marks = stamped(one.marks, merged.applied, Mark(one.version, device_id, len(self.feed) + 1))
        self.conflicts += [(identity, name, value) for name, value in merged.refused.items()]
        told = {**merged.already, **merged.applied}
        self.feed.append(
            Entry(
                CODE,
                len(self.feed) + 1,
                change.change_id,
                change.record_id,
                one.kind,
                CODE,
                b"",
                one.version,
                device_id,
                change.author_id,
                change.made_at,
                0,
                told,
                list(merged.refused),
            )
        )
        return Result("conflict" if merged.refused else "accepted", one.version, list(merged.refused))

    def elsewhere(self, identity: str, fields: dict[str, Any], base_version: int | None = None) -> None:
        """Another device writes."""
        held = self.held.get(identity)
        version = (held.version if held else 0) if base_version is None else base_version
        change = Change(packed(new_id()), packed(identity), "consultation", CODE, b"", version, "another person", 1, fields)
        assert self._take(change, "another device").status in ("accepted", "conflict")

    def page(self, after: int, most: int = 1000, *, echo_own: bool = False) -> tuple[list[Entry], dict[str, int]]:
        entries = self.feed[after : after + most]
        if not echo_own:
            entries = [msgspec.structs.replace(e, fields=None) if e.device_id == self.device_id else e for e in entries]
        return entries, {CODE: after + len(entries)}

    def digest(self) -> tuple[bytes, int]:
        return digest_of((i, h.version, h.values) for i, h in self.held.items()), len(self.held)
