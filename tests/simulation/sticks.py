"""USB sticks in a run (S10): bundles that arrive late, twice, in any order or never, and answers that come back so, mixed with the network."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from county_server.failing import Refusal
from jusuo_desktop.actions import courier as acts
from jusuo_desktop.store import Enrolment
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync import courier
from jusuo_desktop.sync.courier import SEAL_KEY
from jusuo_desktop.sync.progress import SyncReport
from jusuo_desktop.wire.bundle import Answer, BadBundle, open_bundle, seal_key_of
from jusuo_desktop.wire.codec import decode
from jusuo_desktop.wire.messages import Entry, PullResponse
from tests.simulation.county_house import CountyHouse
from tests.simulation.machine import Machine

MOST: Final = 8
"""Files that lie about, of each direction; the oldest is lost."""
KEPT: Final = 0.35
"""How often a file stays on its stick and may be brought once more."""


@dataclass(frozen=True)
class Stick:
    """A file that a machine wrote, and who it was then."""

    machine: Machine
    data: bytes
    enrolment: Enrolment
    changes: int


@dataclass
class Reply:
    """The county's file for a machine, the entries that it tells, and whether the machine has taken it in."""

    machine: Machine
    data: bytes
    told: list[Entry]
    done: bool = False


class Sticks:
    """The files that are under way."""

    def __init__(self, chance: Random, house: CountyHouse, *, numbers: bool) -> None:
        self._chance, self._house, self._numbers = chance, house, numbers
        self._out: list[Stick] = []
        self._back: list[Reply] = []
        self._brought: Reply | None = None

    def export(self, machine: Machine) -> str:
        """A machine writes what waits onto a stick."""
        if not machine.store.get(SEAL_KEY):
            return "no seal yet"
        before = machine.store.outbox_counts()
        data, changes = self._written(machine)
        after = machine.store.outbox_counts()
        assert sum(after.values()) == sum(before.values()), "S10: an export took something out of the queue"
        enrolment = machine.store.enrolment
        assert enrolment is not None
        self._out = [*self._out, Stick(machine, data, enrolment, changes)][-MOST:]
        return f"{changes}"

    def _written(self, machine: Machine) -> tuple[bytes, int]:
        """The file and the changes in it; by the clerk's own act, which asks for numbers as well, unless the run is without them."""
        if not self._numbers:
            made = courier.exported(machine.store, [], machine.now())
            return made.data, made.changes
        machine.stick.mkdir(exist_ok=True)
        handover = acts.export_bundle(machine.session, machine.stick)
        return (machine.stick / handover.file).read_bytes(), handover.changes

    def carry(self, machine: Machine) -> str:
        """Somebody brings a stick to the county, any of those that lie about; the administrator takes the file in, perhaps twice."""
        if not self._out:
            return ""
        stick = self._taken(self._out)
        if self._chance.random() < 0.1:
            return f"{stick.machine.name} lost"
        said = []
        for _ in range(self._chance.choice((1, 1, 1, 2))):
            dies_at = self._chance.randint(1, 30) if self._chance.random() < 0.1 else 0
            try:
                taken = self._house.take_in(stick.data, dies_at=dies_at)
            except (BadBundle, Refusal) as refused:
                said.append(type(refused).__name__)
                continue
            if taken is None:
                said.append("server died")
                continue
            whole = stick.changes if stick.enrolment.epoch == self._house.epoch else 0
            assert sum(taken.counts.values()) == whole, "S10: the receipt counts something else than was on the stick"
            told = self._look_at(stick, taken.answer)
            self._back = [*self._back, Reply(stick.machine, taken.answer, told)][-MOST:]
            said.append(" ".join(f"{status}:{count}" for status, count in sorted(taken.counts.items())))
        return f"{stick.machine.name} {', '.join(said)}"

    def bring_back(self, machine: Machine) -> str:
        """A stick with an answer comes back to its machine, now and then to another one."""
        replies = [r for r in self._back if r.machine is machine] or (self._back if self._chance.random() < 0.2 else [])
        if not replies:
            return ""
        reply = self._chance.choice(replies)
        if self._chance.random() > KEPT:
            self._back.remove(reply)
        self._brought = reply
        state = self._state(machine)
        try:
            report = self._read(machine, reply.data)
        except Refused as refused:
            assert reply.machine is machine or self._state(machine) == state, "S10: an answer for another machine changed this one"
            return f"{type(refused).__name__} {refused.message[:14]}"
        finally:
            machine.odd.update(one.record_id for one in machine.store.outgoing(("refused",)))
        assert report.digest_equal is not False, "S2: digests differ after an answer by stick"
        if reply.done:
            assert report.received == 0, "S10: an answer that was taken in before brought something again"
            assert self._state(machine) == state, "S10: an answer that was taken in before changed something"
        reply.done = True
        return f"sent {report.sent} received {report.received}"

    def _read(self, machine: Machine, data: bytes) -> SyncReport:
        if not self._numbers:
            return courier.imported(machine.store, data).report
        machine.stick.mkdir(exist_ok=True)
        (machine.stick / "回执.jusuo").write_bytes(data)
        return acts.import_bundle(machine.session, machine.stick / "回执.jusuo")

    def hear(self, machine: Machine) -> None:
        """What the last answer told a machine, as far as it came: it was read out when the stick was at the county, not now."""
        if self._brought is not None:
            before, reached = machine.mirror.cursor, machine.store.feed_cursor()
            machine.mirror.hear(e.change_id for e in self._brought.told if before.get(e.feed, 0) < e.seq <= reached.get(e.feed, 0))
        self._brought = None

    def forget_done(self, machine: Machine) -> None:
        """A machine is back at an earlier state: what it took in since may be new to it."""
        for reply in self._back:
            if reply.machine is machine:
                reply.done = False

    def _taken(self, sticks: list[Stick]) -> Stick:
        stick = self._chance.choice(sticks)
        if self._chance.random() > KEPT:
            sticks.remove(stick)
        return stick

    @staticmethod
    def _state(machine: Machine) -> object:
        numbers = [(series, machine.store.numbers_left(series)) for series in machine.store.free_series()]
        return machine.store.held_digest(), machine.store.feed_cursor(), sum(machine.store.outbox_counts().values()), numbers

    def _look_at(self, stick: Stick, data: bytes) -> list[Entry]:
        """What is sealed in an answer is for the eyes of its device alone, and of its scope."""
        answer: Answer = open_bundle(data, Answer, stick.enrolment.server_key, seal_key_of(stick.enrolment.private_key))
        pages = [decode(page, PullResponse) for page in answer.pages]
        for page in pages:
            self._house.check_page(page, self._house.scopes[stick.enrolment.device_id])
        return [entry for page in pages for entry in page.entries]
