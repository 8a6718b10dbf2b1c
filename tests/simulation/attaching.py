"""The bytes of attachments and prints in a run (S9): what people attach and print, what a broken machine or a rotten disk does to it, and what
must be true of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from random import Random
from typing import Final

from sqlalchemy import func, select

from county_server.failing import Refusal
from county_server.schema import CONTENT, CONTENT_PIECE
from jusuo_desktop.actions.contents import clear, fetches_ahead
from jusuo_desktop.records.printed_sheet import contents_named
from jusuo_desktop.sync.contents import missing
from jusuo_desktop.wire.messages import ContentPutRequest
from jusuo_desktop.wire.scope import visible
from tests.simulation.county_house import CountyHouse
from tests.simulation.log import Mirror
from tests.simulation.machine import Machine

SIZES: Final = (1, 700, 20_000, 140_000, 300_000)
"""Bytes: one piece or several, also when the line is at its worst."""


class Attachments:
    """Every content that people attached, and where it must lie."""

    def __init__(self, seed: int, chance: Random, house: CountyHouse) -> None:
        self._seed, self._chance, self._house = seed, chance, house
        self.known: dict[str, bytes] = {}
        self._kept: dict[tuple[str, str], int] = {}
        """The step at which a machine took a content in; gone when its disk was lost since, or its room was needed."""
        self._cleared: dict[str, int] = {}
        """How often the county had been restored when a machine let go of a content that the county held."""
        self._sealed: dict[tuple[str, str], int] = {}
        """The same for a content that left a machine because nothing in its scope names it any more."""

    def chosen(self) -> tuple[str, bytes]:
        """A picture to be attached: a new one, or one that somebody has attached before, perhaps elsewhere."""
        if self.known and self._chance.random() < 0.35:
            return self._chance.choice(list(self.known.items()))
        data = self.sheet()
        return hashlib.sha256(data).hexdigest(), data

    def sheet(self) -> bytes:
        """The bytes of a sheet that is printed: others every time."""
        size = self._chance.choices(SIZES, (3, 4, 3, 2, 1))[0]
        data = Random(f"content {self._seed} {len(self.known)}").randbytes(size)
        self.known[hashlib.sha256(data).hexdigest()] = data
        return data

    def taken_in(self, machine: Machine, sha256: str, step: int) -> None:
        """A machine said that an attachment was saved."""
        self._kept[machine.name, sha256] = step

    def disk_lost(self, machine: Machine, step: int) -> None:
        """What a machine took in since that step, it may not have any more."""
        self._kept = {(name, sha256): at for (name, sha256), at in self._kept.items() if name != machine.name or at <= step}

    def look_for_sealed(self, machine: Machine) -> None:
        """What a machine took in may have been sealed, once no record there names it."""
        for name, sha256 in list(self._kept):
            if name == machine.name and not machine.store.has_content(sha256) and not machine.names_content(sha256):
                del self._kept[name, sha256]
                self._sealed[name, sha256] = self._house.restored

    # -- bad luck -------------------------------------------------------------------------

    def clear(self, machine: Machine) -> str:
        """Room is needed on a machine: it lets go of what the county holds as well."""
        before = {sha256 for sha256 in self.known if machine.store.has_content(sha256)}
        went = clear(machine.session, self._chance.choice((0, 100_000)))
        gone = {sha256 for sha256 in before if not machine.store.has_content(sha256)}
        assert gone <= machine.store.contents_sent(), f"S9: {machine.name} let go of what the county does not hold"
        for sha256 in gone:
            self._kept.pop((machine.name, sha256), None)
            self._cleared[sha256] = self._house.restored if machine.epoch == self._house.epoch else -1
        return f"{went}"

    def wrong_piece(self, machine: Machine) -> str:
        """A broken machine sends the beginning of something else under a content's name."""
        whole = self._complete()
        if lacking := sorted(s for s, places in self._house.log.contents.items() if bytes.fromhex(s) not in whole and s in self.known and places):
            sha256 = self._chance.choice(lacking)
            size = len(self.known[sha256])
            county = self._house.workers[0]
            request = ContentPutRequest(county.epoch, bytes.fromhex(sha256), size, 0, self._chance.randbytes(min(size, 900)))
            try:
                said = county.content_put(machine.device_id, request)
            except Refusal as refused:
                return refused.code
            assert not said.complete or request.data == self.known[sha256], "S9: the county took in what is not what its name says"
            return f"{said.received}"
        return ""

    def rot(self, machine: Machine) -> str:
        """What came of a content before the line was cut is not what it was any more."""
        for sha256, size in missing(machine.store):
            if size > 1 and machine.store.content_come(sha256) == 0:
                machine.store.add_content_part(sha256, 0, self._chance.randbytes(min(size - 1, 500)))
                machine.rotten.append(sha256)
                return sha256[:6]
        return ""

    # -- what must be true ------------------------------------------------------------------

    def _complete(self) -> dict[bytes, int]:
        with self._house.workers[0].database.reading() as connection:
            rows = connection.execute(select(CONTENT.c.sha256, CONTENT.c.size).where(CONTENT.c.complete == 1)).all()
        return {bytes(sha256): size for sha256, size in rows}

    def check_sent(self, machine: Machine) -> None:
        """A machine believes of no content that the county holds it, unless it does."""
        if machine.epoch == self._house.epoch:
            wrong = {bytes.fromhex(one) for one in machine.store.contents_sent()} - self._complete().keys()
            assert not wrong, f"S9: {machine.name} takes {len(wrong)} contents for sent that the county does not hold"

    def check(self, machines: Sequence[Machine]) -> None:
        """At the end: whole and verified at the county and on the office's computers, the same bytes, once; nothing elsewhere."""
        named = dict(self._named())
        with self._house.workers[0].database.reading() as connection:
            lengths = select(CONTENT_PIECE.c.sha256, func.sum(func.length(CONTENT_PIECE.c.data))).group_by(CONTENT_PIECE.c.sha256)
            sums = {bytes(sha256): total for sha256, total in connection.execute(lengths)}
        whole = self._complete()
        for name, size in whole.items():
            assert self._house.content(name) == self.known[name.hex()], f"S9: the county holds something else as {name.hex()[:8]}"
            assert sums[name] == size, f"S9: the county holds {name.hex()[:8]} more than once"
        sealed = {machine.name: machine.sealed_contents() for machine in machines}
        for (name, sha256), restored in self._sealed.items():
            there = bytes.fromhex(sha256) in whole or sha256 in sealed[name]
            assert there or restored < self._house.restored, f"S9: {sha256[:8]} was sealed at {name}, and is neither in the files nor at the county"
        for sha256, scopes in named.items():
            self._check_one(sha256, scopes, bytes.fromhex(sha256) in whole, machines)
        for machine in machines:
            for sha256 in self.known:
                if machine.store.has_content(sha256):
                    scopes = {s for log in self._house.logs.values() for s in log.contents.get(sha256, ())}
                    ours = sha256 in machine.attached or any(s.startswith(machine.scope) for s in scopes)
                    assert ours, f"S5: {machine.name} holds a content of another scope"

    def _check_one(self, sha256: str, scopes: set[str], whole: bool, machines: Iterable[Machine]) -> None:
        data = self.known[sha256]
        holders = [m.name for m in machines if m.store.has_content(sha256) and any(s.startswith(m.scope) for s in scopes)]
        kept = [m for m in machines if (m.name, sha256) in self._kept and any(visible(s, m.scope, reference=False) for s in scopes)]
        for machine in kept:
            if machine.store.has_content(sha256):
                assert machine.store.content(sha256) == data, f"S9: {machine.name} holds something else as {sha256[:8]}"
            else:  # cleared when the power went, or sealed: somebody else holds it then
                assert whole or sha256 in machine.sealed_contents(), f"S9: {machine.name} has lost a content that was attached there"
        must = holders or self._cleared.get(sha256) == self._house.restored
        assert whole or not must, f"S9: {sha256[:8]} is not at the county, but at {holders}"
        for machine in machines:
            if whole and fetches_ahead(machine.store) and any(scope.startswith(machine.scope) for scope in scopes):
                assert machine.store.content(sha256) == data, f"S9: {sha256[:8]} did not come to {machine.name}"

    def _named(self) -> Iterable[tuple[str, set[str]]]:
        """Every content that a record at the county names which is not voided, with the scopes of those records."""
        log = self._house.log
        mirror = Mirror(log, "")
        mirror.advance({feed: len(entries) for feed, entries in log.feeds.items()})
        places: dict[str, set[str]] = {}
        for one in mirror.held.values():
            for sha256, _ in contents_named(one.kind, one.values):
                if "voided_reason" not in one.values and sha256 in self.known:
                    places.setdefault(sha256, set()).add(one.scope)
        return places.items()
