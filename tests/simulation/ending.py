"""The end of a run: the lines heal, everybody syncs until nothing moves, and then everything is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.records.printed_sheet import PRINTED_SHEET
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.progress import SyncReport
from jusuo_desktop.wire.messages import COUNTY_DEVICE, Entry
from tests.simulation.log import said

if TYPE_CHECKING:
    from tests.simulation.machine import Machine
    from tests.simulation.world import World


def settle(world: World) -> None:
    """Heals the lines, lets everybody sync, and checks what must hold when nothing is under way any more.

    Raises:
        AssertionError: a promise was broken.
    """
    house = world.house
    for machine in world.machines:
        if machine.device_id in house.revoked or machine.device_id not in house.known:
            machine.enrol()
    for _ in range(3):
        for machine in world.machines:
            report = _synced(world, machine)
            assert report.digest_equal is True, f"S2: {machine.name} differs at the end"
            assert not report.repaired
    world.told.say(f"settled {sorted((f, len(e)) for f, e in house.log.feeds.items())}")
    with house.workers[0].database.reading() as connection:
        house.log.check_records(connection)
    for machine in world.machines:
        _at_rest(world, machine)
    told = [e for e in house.log.ids.values() if not e.author_id and e.device_id != COUNTY_DEVICE]
    again = [e for e in told if not (e.fields or {}).keys() <= KINDS[e.kind].made]
    assert house.restored or not again, "S1: something was sent again that the county had not lost"
    house.check_numbers()
    nothing_lost(world)
    authors(world)
    prints(world)
    world.contents.check(world.machines)


def _synced(world: World, machine: Machine) -> SyncReport:
    """A piece of a content that had rotted is found out by the content's name, which ends that sync, and is fetched anew."""
    while True:
        try:
            report = machine.sync(numbers=world.like.numbers)
            if world.moving:  # typed for a village of which a machine that joins anew hears first that it has left
                machine.odd.update(one.record_id for one in machine.store.outgoing(("refused",), 10_000))
            return report
        except failures.Garbled:
            assert machine.rotten
            machine.rotten.pop()


def _at_rest(world: World, machine: Machine) -> None:
    counts = machine.store.outbox_counts()
    stuck = {o.record_id for o in machine.store.outgoing(("refused", "held"), 10_000) if not machine.is_odd(o.record_id)}
    assert set(counts) <= {"refused", "held"}, f"S1: {machine.name} still has {counts}"
    assert not stuck, f"S1: {machine.name} keeps back {stuck}"
    machine.check()
    machine.check_whole(settled=True)
    machine.check_scope()
    cursor = {feed: seq for feed, seq in machine.store.feed_cursor().items() if seq}
    assert cursor == world.house.log.heads(machine.scope), f"S4: {machine.name} is not at the end"
    assert machine.store.verify() == []


def nothing_lost(world: World) -> None:
    """S3: every value that a person typed is current, in a history or in a conflict, where it was typed and at the county; of a record that
    has left the machine's scope, in the files that were sealed there. (Where villages are moved, a machine that comes out of a backup is not
    told again what was before a move: then it counts that the county knows it.)
    """
    sealed = {machine.name: machine.sealed() for machine in world.machines}
    for typed in world.typed:
        what = f"S3: {typed.name}={typed.value!r} of {typed.record_id}, typed at step {typed.step} on {typed.machine.name}"
        away = said(typed.record_id, typed.name, typed.value) in sealed[typed.machine.name]
        if typed.reached and not typed.machine.is_odd(typed.record_id):
            assert away or world.reached(typed), what + ", never reached the county"
        assert away or (world.moving and world.reached(typed)) or typed.machine.keeps(typed.record_id, typed.name, typed.value), what


def prints(world: World) -> None:
    """What was printed of a record is known on every machine that may hold record and print, in the order of the places where the county has them.
    (Two machines can make one imported record at different places, and each print it before the county says where it lives.)
    """
    sheets: dict[str, dict[bytes, str]] = {}
    last: dict[bytes, tuple[int, int, str]] = {}
    for entry in world.house.log.ids.values():
        if entry.kind == PRINTED_SHEET.name:
            last[entry.record_id] = max(last.get(entry.record_id, (0, 0, "")), (entry.version, entry.seq, entry.scope))
            if "of_record" in (fields := entry.fields or {}):
                sheets.setdefault(fields["of_record"], {}).setdefault(entry.record_id, fields["sha256"])
    for machine in world.machines:
        for record_id, told in sheets.items():
            if (record := machine.store.record(record_id)) is not None and record.scope.startswith(machine.scope):
                shown = [one.digest for one in machine.store.prints(record_id) if one.at_county]
                here = [(last[sheet][1], sha256) for sheet, sha256 in told.items() if last[sheet][2].startswith(machine.scope)]
                assert shown == [sha256 for _, sha256 in sorted(here)], f"S2: {machine.name} shows other prints of {record_id}"


def authors(world: World) -> None:
    """Nobody's work went under another's name, and nobody overwrote what he had not seen."""
    last: dict[tuple[bytes, str], Entry] = {}
    for entry in sorted(world.house.log.ids.values(), key=lambda e: (e.record_id, e.version)):
        author, base = world.authors.get(unpacked(entry.change_id), ("", 0))
        assert entry.author_id == author or not author or entry.device_id == COUNTY_DEVICE, f"S3: {entry.change_id.hex()} under another name"
        for name, value in (entry.fields or {}).items():
            before = last.get((entry.record_id, name))
            if before is None or (before.fields or {})[name] != value:
                seen = before is None or not author or before.version <= base or before.device_id == entry.device_id
                assert seen, f"S3: {entry.change_id.hex()} overwrote an unseen {name}"
                last[entry.record_id, name] = entry
