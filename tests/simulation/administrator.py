"""What happens at the county in a run: its clock, its disk, and its administrator, who shuts machines out and gives villages and machines away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from county_server.moving import NotMoved
from jusuo_desktop.actions.contact_lock import release
from jusuo_desktop.sync import failures
from tests.simulation.computer import OFFICE, OTHER_OFFICE
from tests.simulation.machine import Machine

if TYPE_CHECKING:
    from tests.simulation.world import World

DAY: Final = 86_400_000
YEAR: Final = 365 * DAY


class Administrator:
    """The county's acts in a run; each is told which machine is at hand."""

    def __init__(self, world: World) -> None:
        self._world, self._house, self._chance = world, world.house, world.chance
        self._villages = [office + number for office in (OFFICE, OTHER_OFFICE) for number in ("001", "002")]

    def county_clock(self, machine: Machine) -> str:
        """The county's clock goes wrong, too, or right again."""
        self._house.offset = self._chance.choice((0, self._chance.randint(-DAY, DAY), self._chance.randint(-30 * YEAR, 30 * YEAR)))
        return ""

    def county_back_up(self, machine: Machine) -> str:
        """A copy of the county's disk is put away."""
        self._house.back_up()
        return ""

    def county_restore(self, machine: Machine, *, newest: bool = False) -> str:
        """The county's disk dies. What it had told its devices they tell it again, but for values that stood in a field only for a while."""
        if not self._house.restore(newest=newest):
            return "nothing to restore"
        for typed in self._world.typed:
            typed.reached = self._world.reached(typed)
        self._world.typed = [t for t in self._world.typed if t.reached or t.machine.keeps(t.record_id, t.name, t.value)]
        return f"to {sorted((f, len(e)) for f, e in self._house.log.feeds.items())}"

    def county_disk_dies(self, machine: Machine) -> str:
        """The county's disk dies right after it took something in, of which its answer arrived and the line went before it came back."""
        self._house.back_up()
        machine.road.closed_to = frozenset({"/v1/pull"})
        try:
            machine.sync(numbers=False)
        except failures.SyncFailure as failure:
            said = type(failure).__name__
        else:
            said = ""
        finally:
            machine.road.closed_to = frozenset()
            machine.odd.update(one.record_id for one in machine.store.outgoing(("refused",)))
        return f"{said} {self.county_restore(machine, newest=True)}"

    def revoke(self, machine: Machine) -> str:
        """A machine is shut out."""
        if self._chance.random() < 0.5 and machine.device_id in self._house.known - self._house.revoked:
            self._house.revoke(machine.device_id)
        return ""

    def move_village(self, machine: Machine) -> str:
        """The county gives a village to the other office, with all that is on file of it."""
        old = self._chance.choice(self._villages)
        new = f"{OFFICE if old.startswith(OTHER_OFFICE) else OTHER_OFFICE}{self._house.moves + 3:03}"
        try:
            count = self._house.move_village(old, new)
        except NotMoved:
            return f"{old} stays"
        self._villages[self._villages.index(old)] = new
        return f"{old} {new} {count}"

    def rescope(self, machine: Machine) -> str:
        """The county gives a machine to another office, or to the liaison of a village."""
        if machine.device_id in self._house.revoked:
            return ""
        scope = self._chance.choice((OFFICE, OTHER_OFFICE, *self._villages))
        self._house.rescope(machine.device_id, scope)
        return scope

    def begin_the_day(self, machine: Machine) -> str:
        """Somebody begins to work at a machine that may have been without contact for too long; a director has a code for it, or not."""
        machine.mains.disarm()
        locked = machine.is_locked()
        assert locked or not machine.locked, f"{machine.name} was locked, and a clock has opened it"
        machine.locked = locked
        may = machine.device_id in self._house.known - self._house.revoked
        if locked and may and machine.store.release_secret() and self._chance.random() < 0.5:
            release(machine.session, self._house.release_code(machine.device_id, machine.store.challenge()))
            machine.locked = machine.is_locked()
            assert not machine.locked, f"the county's code does not open {machine.name}"
            return "released"
        return "locked" if locked else ""
