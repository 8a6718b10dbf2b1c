"""Deliberate defects: what if a part did not do its work? Each breaks one promise, and the simulation has to find it.

A run that finds nothing proves little unless it is known what it would have found. `python -m tests.simulation --defects` tries them all,
`--defect NAME` runs with one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import delete, insert, select, true, update

from county_server import contents, devices, numbers, pull, push
from county_server.schema import DEVICE, NUMBER_SERIES
from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store import feed, known_before, set_aside
from jusuo_desktop.store.county_side import CountySide
from jusuo_desktop.store.schema import CURSOR, OUTBOX
from jusuo_desktop.sync import contents as content_road
from jusuo_desktop.sync import county_line, courier
from jusuo_desktop.wire.merge import Merged, same
from tests.simulation.runs import run
from tests.simulation.templates import Templates

STEPS: Final = 250
MOST_SEEDS: Final = 60
HOUR: Final = 3_600_000
Patch = tuple[Any, str, Any]
"""An object, the name of one of its parts, and what takes its place."""


@dataclass(frozen=True)
class Defect:
    """What goes wrong, and the promise that it breaks. `patches` takes the place of parts of the program."""

    what: str
    promise: str
    patches: Callable[[], Sequence[Patch]]


@contextmanager
def afflicted(name: str) -> Iterator[None]:
    """The program has that defect; '' for none."""
    patches = DEFECTS[name].patches() if name else ()
    before = [(owner, part, getattr(owner, part)) for owner, part, _ in patches]
    try:
        for owner, part, other in patches:
            setattr(owner, part, other)
        yield
    finally:
        for owner, part, old in before:
            setattr(owner, part, old)


def found_by(name: str, templates: Templates, seeds: Sequence[int] = range(1, MOST_SEEDS + 1)) -> tuple[int, str] | None:
    """The first seed whose run finds a defect and what it said; None if none does."""
    with afflicted(name):
        for seed in seeds:
            try:
                run(seed, STEPS, templates)
            except Exception as error:
                return seed, f"{type(error).__name__}: {error}".splitlines()[0][:110]
    return None


# -- the county's side ----------------------------------------------------------------------


def _forgets_what_it_has_seen() -> Sequence[Patch]:
    """The memory of changes ends after an hour, as a time-to-live in a cache would have it."""
    seen = push._seen
    now = [0]

    def taken(batch: Any, change: Any) -> Any:
        now[0] = batch.now
        return take(batch, change)

    def remembered(*given: Any) -> Any:
        return {i: entry for i, entry in seen(*given).items() if abs(now[0] - entry.received_at) < HOUR}

    take = push._take
    return [(push, "_seen", remembered), (push, "_take", taken)]


def _merges_by_clock() -> Sequence[Patch]:
    """The value with the later time stands, whoever knew what."""
    told: dict[tuple[bytes, str], int] = {}
    current: list[Any] = []
    take = push._take

    def taken(batch: Any, change: Any) -> Any:
        current[:] = [change]
        return take(batch, change)

    def merged(held: Mapping[str, Any], meta: Any, base_version: int, device_id: str, fields: Mapping[str, Any], *_: Any) -> Merged:
        change = current[0]
        result = Merged({}, {}, {})
        for name, value in fields.items():
            place = change.record_id, name
            if same(held.get(name), value) or told.get(place, 0) > change.made_at:
                result.already[name] = held.get(name)
            else:
                result.applied[name] = value
                told[place] = change.made_at
        return result

    return [(push, "_take", taken), (push, "merge", merged)]


def _drops_unknown_fields() -> Sequence[Patch]:
    """What this version does not know is left out."""
    accept = push._accept

    def accepted(batch: Any, one: Any, change: Any, applied: Any, told: Any, *rest: Any) -> None:
        declared = KINDS[one.kind].by_name if one.kind in KINDS else applied
        known = [{n: v for n, v in some.items() if n in declared} for some in (applied, told)]
        accept(batch, one, change, known[0], known[1], *rest)

    return [(push, "_accept", accepted)]


def _skips_when_full() -> Sequence[Patch]:
    """The cursor of an answer that is full goes to the end all the same."""
    read = pull._Answer.read

    def read_on(self: Any, feed: str, after: int, head: int) -> int:
        return max(read(self, feed, after, head), head)

    return [(pull._Answer, "read", read_on)]


def _gives_a_block_again() -> Sequence[Patch]:
    """A series does not move on behind a block that was given out."""
    lease = numbers.lease

    def leased(connection: Any, device: Any, request: Any, now: int) -> tuple[int, int]:
        first, last = lease(connection, device, request, now)
        connection.execute(update(NUMBER_SERIES).where(NUMBER_SERIES.c.series == request.series).values(last=first - 1))
        return first, last

    return [(numbers, "lease", leased)]


def _serves_revoked_devices() -> Sequence[Patch]:
    """A revoked device is answered as before."""
    row = devices.device_row

    def any_row(connection: Any, device_id: str) -> Any:
        found = connection.execute(select(DEVICE).where(DEVICE.c.id == device_id)).first()
        return found if found is not None else row(connection, device_id)

    return [(devices, "device_row", any_row)]


# -- the devices' side ----------------------------------------------------------------------


def _cursor_first() -> Sequence[Patch]:
    """The cursor is moved in a transaction of its own, before the data."""

    def apply(self: Any, entries: Any, cursor: Any, marks: Any = None) -> Any:
        with self._writing() as connection:
            reached = feed.feed_cursor(connection)
            feed._move(connection, reached, cursor, marks or {})
        with self._writing() as connection:
            connection.execute(delete(CURSOR))
            if reached:
                connection.execute(insert(CURSOR), [{"feed": f, "seq": s} for f, s in reached.items()])
            return feed.apply(connection, entries, cursor, marks)

    return [(CountySide, "apply", apply)]


def _sent_before_it_is_there() -> Sequence[Patch]:
    """An attachment counts as sent when its first piece goes out."""
    send = content_road.ContentRun._send_one

    def sent(self: Any, sha256: str, received: int) -> None:
        self._store.note_content_sent(sha256)
        send(self, sha256, received)

    return [(content_road.ContentRun, "_send_one", sent)]


def _done_when_sent() -> Sequence[Patch]:
    """What went out is taken for done: it is sent again only when it was held back."""
    waiting = CountySide.waiting

    def handed_out(self: Any, *given: Any) -> Any:
        changes = waiting(self, *given)
        with self._writing() as connection:
            ids = [unpacked(change.change_id) for change in changes]
            connection.execute(update(OUTBOX).where(OUTBOX.c.change_id.in_(ids)).values(state="sent"))
        return changes

    def resend(self: Any) -> None:
        with self._writing() as connection:
            connection.execute(update(OUTBOX).where(OUTBOX.c.state == "held").values(state="waiting"))

    return [(CountySide, "waiting", handed_out), (CountySide, "resend", resend)]


def _sends_as_who_is_there() -> Sequence[Patch]:
    """A change goes under the name of whoever sits at the machine when it is sent."""
    waiting = CountySide.waiting

    def signed(self: Any, *given: Any) -> Any:
        return [msgspec.structs.replace(c, author_id=c.author_id and self.user.id) for c in waiting(self, *given)]

    return [(CountySide, "waiting", signed)]


def _stick_counts_as_sent() -> Sequence[Patch]:
    """What was written to a stick leaves the queue."""
    exported = courier.exported

    def written(store: Any, *given: Any, **more: Any) -> Any:
        made = exported(store, *given, **more)
        with store._writing() as connection:
            connection.execute(delete(OUTBOX).where(OUTBOX.c.state == "waiting"))
        return made

    return [(courier, "exported", written)]


def _nothing(*_: Any, **__: Any) -> None:
    """Not done."""


def _put_out(owner: Any, *parts: str) -> Callable[[], Sequence[Patch]]:
    return lambda: [(owner, part, _nothing) for part in parts]


DEFECTS: Final[Mapping[str, Defect]] = {
    "skip-resend": Defect("what was sent and never came back in the feed is not sent again", "S1", _put_out(CountySide, "resend")),
    "skip-superseded": Defect(
        "what was typed over a refused value leaves it standing", "S3", lambda: [(m, "superseded", _nothing) for m in (feed, set_aside)]
    ),
    "cursor-first": Defect("the cursor is moved before the data is there", "S4", _cursor_first),
    "done-when-sent": Defect("a change is marked before its answer is verified", "S1", _done_when_sent),
    "receipt-unread": Defect("an answer is believed whoever signed it", "S2", lambda: [(county_line, "receipt_holds", lambda *_: True)]),
    "seen-for-an-hour": Defect("the county forgets after an hour what it has taken in", "S1", _forgets_what_it_has_seen),
    "conflict-dropped": Defect("the value that came later is dropped", "S3", _put_out(push, "_keep_other")),
    "scope-off": Defect("a village is told everything of its office's feed", "S5", lambda: [(pull, "_visible", lambda _: true())]),
    "revoked-served": Defect("a revoked device is answered", "S5", _serves_revoked_devices),
    "by-clock": Defect("the last writer by the machines' clocks wins", "S7", _merges_by_clock),
    "unknown-dropped": Defect("fields that the county does not know are dropped", "S6", _drops_unknown_fields),
    "page-skipped": Defect("an answer that is full moves the cursor to the end", "S4", _skips_when_full),
    "block-twice": Defect("a block of numbers is handed out twice", "S8", _gives_a_block_again),
    "author-at-hand": Defect("a change goes under the name of whoever is there when it is sent", "S3", _sends_as_who_is_there),
    "history-untold": Defect("what others wrote is not told in the history", "S3", _put_out(feed, "_tell")),
    "past-version": Defect("what waits keeps the version of before the county was restored", "S1", _put_out(known_before, "_made_on")),
    "content-unread": Defect("only the devices look whether a content is what its name says", "S9", lambda: [(contents, "_digest", lambda _, n: n)]),
    "content-sent-early": Defect("a content counts as sent before it is there", "S9", _sent_before_it_is_there),
    "stick-counts": Defect("what is written to a stick counts as sent", "S10", _stick_counts_as_sent),
}
"""By name; see the README on what the promises say."""


def main(names: Sequence[str], templates: Templates, say: Callable[[str], Any]) -> int:
    """Tries the defects of those names, all unless told; returns how many no seed found."""
    missed = 0
    for name in names or tuple(DEFECTS):
        defect = DEFECTS[name]
        found = found_by(name, templates)
        missed += found is None
        said = f"found by seed {found[0]}: {found[1]}" if found else f"NOT FOUND by {MOST_SEEDS} seeds"
        say(f"{defect.promise:4} {name}: {defect.what}: {said}\n")
    return missed
