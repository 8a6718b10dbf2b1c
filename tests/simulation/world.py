"""One run: a county, several machines, people, bad luck; all of it drawn from one seed. The same seed makes the same run.

Checked after each step: S1 and S4 on the county's log (each change once, no hole), S2, S4, S5 and S6 on the machine at hand (it holds what the
log says, no more), S3 on what was just typed, S5 on every answer, S8 on every paper. At the end, when the lines and clocks have healed:
every machine holds what the county holds, nothing waits, nothing typed is lost, every author is the one who typed, every chain is whole.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Final, Self

import msgspec

from jusuo_desktop.records.identity import identities_from
from jusuo_desktop.store.backup import Backup
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.patience import BatchSize
from tests.simulation.administrator import Administrator
from tests.simulation.attaching import Attachments
from tests.simulation.county_house import CountyHouse
from tests.simulation.ending import settle
from tests.simulation.faults import BAD, Fate, PowerCut
from tests.simulation.log import Mirror, said
from tests.simulation.machine import Machine
from tests.simulation.people import People
from tests.simulation.sticks import Sticks
from tests.simulation.templates import PLACES, Templates

BEGIN: Final = 1_770_000_000_000
YEAR: Final = 365 * 86_400_000


@dataclass
class Typed:
    """A value that a person gave a field and the machine said was saved."""

    machine: Machine
    record_id: str
    name: str
    value: Any
    step: int
    reached: bool = True
    """False once the county has lost it: it may be in the history of its machine alone."""


@dataclass
class Kept:
    """A backup of a machine and the step at which it was made."""

    backup: Backup
    step: int
    mirror: Mirror


@dataclass(frozen=True)
class Likeness:
    """What a run does: whether the machines' clocks go wrong, and whether numbers are leased and drawn (the year decides which)."""

    clocks: bool = True
    numbers: bool = True


WILD: Final = Likeness()


@dataclass
class Told:
    """What happened, step by step; `digest` is equal for equal runs."""

    loud: Callable[[str], None] = lambda _: None
    lines: list[str] = field(default_factory=list)
    running: Any = field(default_factory=hashlib.sha256)

    def say(self, line: str) -> None:
        """Adds a line."""
        self.loud(line)
        self.lines.append(line)
        self.running.update(line.encode() + b"\n")


class World:
    """A run. Use as a context manager; `step` as often as you like, then `settle`."""

    def __init__(self, seed: int, folder: Path, templates: Templates, loud: Callable[[str], None] = lambda _: None, *, like: Likeness = WILD) -> None:
        self.seed, self._folder, self._templates, self.like = seed, folder, templates, like
        self.chance = Random(seed)
        self._ids = Random(f"identities {seed}")
        self.told = Told(loud)
        self.time, self.steps = BEGIN, 0
        self._stack = ExitStack()
        self._events: list[str] = []

    def __enter__(self) -> Self:
        self._stack.enter_context(identities_from(lambda: uuid.UUID(int=self._ids.getrandbits(128), version=4)))
        chance = self.chance
        self.calm = chance.choice((0.0, 0.3, 0.7))
        """The share of exchanges that go well on a bad line."""
        self.house = CountyHouse(self._folder / "county", self._templates.county, chance, lambda: self.time, chance.randint(1, 3))
        self._stack.callback(self.house.close)
        self.moving = chance.random() < 0.35
        """Whether villages are moved and machines given to other places. A county that is restored has lost that, and the administrator does it
        again before the server starts; but a further village may go only when every device has sent back what the county lost of it: what comes
        from the old office later finds the village gone and stays there. Acts of a run wait for nobody, so these runs do without restores.
        """
        self.late: list[tuple[str, str, bytes]] = []
        self.papers: dict[str, str] = {}
        self.printed: set[tuple[str, str]] = set()
        self.contents = Attachments(self.seed, chance, self.house)
        self.sticks = Sticks(chance, self.house, numbers=self.like.numbers)
        self.county = Administrator(self)
        self.people = People(chance, self._paper, self.contents.chosen, self.contents.sheet, numbers=self.like.numbers)
        self.typed: list[Typed] = []
        self.backups: dict[str, list[Kept]] = {}
        self.authors: dict[str, tuple[str, int]] = {}
        self.machines: list[Machine] = []
        places = chance.sample(PLACES[1:], chance.randint(1, 4))
        for name, scope, _, _ in (PLACES[0], *places):
            made = self._templates.stores[name]
            machine = Machine(name, scope, made, self._folder / name, self.house, chance, lambda: self.time, self.late, self._events.append)
            self._stack.callback(machine.close)
            self.machines.append(machine)
            machine.enrol()
            self.authors.update(machine.check_queue())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()

    # -- steps ----------------------------------------------------------------------

    def step(self) -> None:
        """Something happens."""
        self.steps += 1
        self.time += self.chance.choice((1_000, 60_000, 3_600_000, 86_400_000 // 2))
        machine = self.chance.choice(self.machines)
        acts: tuple[tuple[Callable[[Machine], str], int], ...] = (
            (self._people, 46), (self._sync, 34), (self._late_arrival, 4), (self._clock, 4), (self.county.county_clock, 1), (self._restart, 3),
            (self._index, 2), (self._back_up, 2), (self._restore, 1), (self.county.revoke, 1), (self._disk_dies, 2 * self.like.numbers),
            (self.county.county_back_up, 1), (self.county.county_restore, not self.moving), (self.county.county_disk_dies, not self.moving),
            (self.county.move_village, 2 * self.moving), (self.county.rescope, self.moving),
            (self.county.begin_the_day, 2 * self.like.numbers),
            (self.sticks.export, 3), (self.sticks.carry, 4), (self.sticks.bring_back, 4),
            (self._open_attachment, 2), (self.contents.clear, 1), (self.contents.wrong_piece, 1), (self.contents.rot, 1),
        )  # fmt: skip
        functions, weights = zip(*acts, strict=True)
        act: Callable[[Machine], str] = self.chance.choices(functions, weights)[0]
        cut = self.chance.randint(1, 60) if self.chance.random() < 0.06 else 0
        machine.mains.arm(cut)
        try:
            outcome = act(machine)
        except PowerCut:
            machine.power_back()
            if act == self._people:
                self._after_cut(machine)
            outcome = f"power cut in {act.__name__}"
        else:
            machine.mains.disarm()
        self.told.say(f"{self.steps} {machine.name} {act.__name__.strip('_')} {outcome} [{' '.join(self._events)}]")
        self._events.clear()
        self.authors.update(machine.check_queue())
        self.sticks.hear(machine)
        machine.check()
        machine.check_set_aside()
        self.contents.check_sent(machine)
        self.contents.look_for_sealed(machine)
        if self.chance.random() < 0.05:
            machine.check_whole()

    def _people(self, machine: Machine) -> str:
        try:
            outcome = self.people.act(machine)
        except Refused as refused:
            return f"{type(refused).__name__} {refused.message[:12]}"
        for record_id, name, value in self.people.typed:
            self._note(machine, record_id, name, value)
        for (record_id, name), value in {(i, n): v for i, n, v in self.people.typed}.items():
            record = machine.store.record(record_id)
            assert record is not None
            assert record.values.get(name) == value, f"S3: {machine.name} does not show {name}={value!r} of {record_id}"
        return outcome

    def _note(self, machine: Machine, record_id: str, name: str, value: Any) -> None:
        self.typed.append(Typed(machine, record_id, name, value, self.steps))
        machine.last[record_id, name] = value
        if name in ("sha256", "whole_sha256"):
            self.contents.taken_in(machine, str(value), self.steps)

    def _after_cut(self, machine: Machine) -> None:
        """What was being saved when the power went is there whole, or not at all."""
        for made in self.people.made:
            there = [machine.store.record(record_id) is not None for record_id in made]
            assert len(set(there)) == 1
        for record_id, name, value in self.people.typed:
            record = machine.store.record(record_id)
            if record is not None and record.values.get(name) == value:
                self._note(machine, record_id, name, value)

    def _sync(self, machine: Machine) -> str:
        machine.road.fates.extend(self._fates(0.6))
        size = BatchSize(self.chance.choice((1, 3, 7, 200)), self.chance.choice((64, 700, 131_072)))
        try:
            report = machine.sync(size, numbers=self.like.numbers, fates=self._fates(0.4))
        except failures.Unauthorized:
            if machine.device_id in self.house.known:
                return "unauthorized"
            machine.enrol()
            return "forgotten by the county, joined again"
        except (failures.Transient, failures.FalseReceipt) as failure:
            return type(failure).__name__
        except failures.Revoked:
            assert machine.device_id in self.house.revoked, "an answer is believed that the county did not give"
            machine.enrol()
            return "revoked, joined again"
        finally:
            machine.road.fates.clear()
            machine.odd.update(one.record_id for one in machine.store.outgoing(("refused",)))
        assert report.digest_equal is not False, "S2: digests differ after a sync"
        assert not report.repaired, "S2: a repair was needed"
        return f"sent {report.sent} received {report.received} conflicts {report.conflicts} refused {report.refused} held {report.held}"

    def _fates(self, often: float) -> list[Fate]:
        """What becomes of the next exchanges."""
        if self.chance.random() >= often:
            return []
        return [Fate.WELL if self.chance.random() < self.calm else self.chance.choice(BAD) for _ in range(self.chance.randint(1, 12))]

    def _open_attachment(self, machine: Machine) -> str:
        """Somebody wants to see an attachment that may not be here; or one of another village, whose name somebody told him."""
        if not self.contents.known:
            return ""
        sha256, data = self.chance.choice(list(self.contents.known.items()))
        machine.road.fates.extend(self._fates(0.4))
        try:
            assert machine.open_attachment(sha256) == data, f"S9: {machine.name} opened something else than was attached"
        except failures.SyncFailure as failure:
            return type(failure).__name__
        finally:
            machine.road.fates.clear()
        return f"{len(data)}"

    def _late_arrival(self, machine: Machine) -> str:
        """A request that its device gave up long ago reaches the county after all."""
        if not self.late:
            return ""
        path, token, body = self.late.pop(self.chance.randrange(len(self.late)))
        answer = self.house.serve(path, token, body)
        return f"{path} {answer[0] if answer else '-'}"

    def _clock(self, machine: Machine) -> str:
        offset = self.chance.choice((0, self.chance.randint(-60_000, 60_000), self.chance.randint(-60 * YEAR, 100 * YEAR)))
        machine.offset = offset if self.like.clocks else 0
        return ""

    def _restart(self, machine: Machine) -> str:
        machine.restart(self.chance.randrange(2))
        return str(machine.user)

    def _index(self, machine: Machine) -> str:
        return str(machine.store.index_waiting())

    def _back_up(self, machine: Machine) -> str:
        into = self._folder / "backups" / machine.name / str(self.steps)
        kept = Kept(machine.store.back_up(machine.local_time(), into), self.steps, machine.mirror.copy())
        self.backups.setdefault(machine.name, []).append(kept)
        return ""

    def _restore(self, machine: Machine) -> str:
        kept = self.backups.get(machine.name)
        if not kept:
            return ""
        machine.mains.disarm()
        return self._back_to(machine, self.chance.choice(kept))

    def _back_to(self, machine: Machine, chosen: Kept) -> str:
        machine.restore(chosen.backup.folder, chosen.mirror.copy())
        self.contents.disk_lost(machine, chosen.step)
        self.sticks.forget_done(machine)
        machine.last.clear()
        self.typed = [t for t in self.typed if t.machine is not machine or t.step <= chosen.step or self.reached(t)]
        return f"to {chosen.step}"

    def _disk_dies(self, machine: Machine) -> str:
        """Papers are printed after the last backup, the disk dies, and more papers are printed: with no contact to the county in between."""
        machine.mains.disarm()
        self._back_up(machine)
        kept = self.backups[machine.name][-1]
        said = [self._draw(machine) for _ in range(2)]
        self._back_to(machine, kept)
        said += [self._draw(machine) for _ in range(2)]
        return " ".join(said)

    def _draw(self, machine: Machine) -> str:
        try:
            return self.people.draw(machine)
        except Refused as refused:
            return type(refused).__name__

    def reached(self, typed: Typed) -> bool:
        """Whether the county took a value in."""
        return said(typed.record_id, typed.name, typed.value) in self.house.log.said

    def _paper(self, machine: Machine, record_id: str, number: str) -> None:
        """A paper was printed and signed."""
        if (record_id, number) in self.printed:
            return  # once more, perhaps at the office to which its village has been moved
        self.printed.add((record_id, number))
        bearer = self.papers.setdefault(f"{machine.scope[:9]}/{number}", record_id)
        assert bearer == record_id, f"S8: {number} on two papers, {bearer} and {record_id}"

    def settle(self) -> None:
        """The end of the run: see tests.simulation.ending."""
        settle(self)

    @property
    def digest(self) -> str:
        """What happened and what the county wrote down, without the times that clocks told."""
        said = self.told.running.copy()
        for entry in self.house.log.ids.values():
            fields = {n: v for n, v in (entry.fields or {}).items() if not n.endswith("_at")}
            said.update(repr(msgspec.structs.replace(entry, made_at=0, received_at=0, fields=fields)).encode())
        return str(said.hexdigest())
