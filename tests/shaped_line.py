"""A line as a township has it: slow, far and lossy, between two network namespaces, so that real TCP meets real loss.

A thread of this process moves the IP packets between the TUN devices of both namespaces: each direction takes so many bits a second,
keeps a bounded queue, delays by half the round trip and loses packets by a seed. What passed is counted by reading the packets' heads:
any program's bytes, what it sent twice, and how often it had to wait for the other side. Needs Linux and its administrator.
"""

from __future__ import annotations

import contextlib
import os
import random
import select
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests import namespaces
from tests.counted import Counted, segment_in

UP, DOWN = 0, 1
NEAR, FAR = "192.0.2.1", "192.0.2.2"
"""Addresses for documentation (RFC 5737): they exist in the two namespaces and nowhere else."""

MOST_PACKET = 2048


@dataclass(frozen=True)
class Shape:
    """A line: bits a second each way, seconds there and back, the share of packets lost, seconds of traffic that its queue holds."""

    bits: float = 64_000
    round_trip: float = 0.6
    loss: float = 0.05
    queue: float = 2.0


TOWNSHIP = Shape()
OPEN = Shape(bits=1e9, round_trip=0.0, loss=0.0)
"""Nothing in the way: while a measurement is prepared."""


@dataclass
class Cut:
    """A cut to come: when so many new bytes of a direction have passed, for so many seconds.

    With `forgetful`, the connections of before the cut are dead after it, without a word to either end: a router or a firewall between
    them was started anew. Without, TCP itself goes on.
    """

    direction: int
    after: int
    seconds: float
    forgetful: bool = True
    began: float | None = None
    ended: float | None = None


@dataclass
class _Way:
    """One direction: where its packets come from and go to, and those that are under way."""

    source: int
    target: int
    flying: deque[tuple[float, bytes]] = field(default_factory=deque)
    free_at: float = 0.0


class ShapedLine:
    """The line between `near` (the office) and `far` (the county). Made by `shaped_line`."""

    host = FAR
    """Where a server on the far side listens."""

    said = ""
    """What this line cannot do; '' for the real one."""

    def __init__(self, shape: Shape, seed: int) -> None:
        self.shape = shape
        self.counted = Counted()
        self._chance = random.Random(seed)
        self._near, self._far = namespaces.new(), namespaces.new()
        ends = [namespaces.wire_end(self._near, NEAR), namespaces.wire_end(self._far, FAR)]
        self._ways = (_Way(ends[0], ends[1]), _Way(ends[1], ends[0]))
        self._cut: Cut | None = None
        self._last_port = 8000
        self._dead: set[tuple[int, int]] = set()
        self._stop, self._stopped = os.pipe()
        self._mover = threading.Thread(target=self._move, daemon=True)
        self._mover.start()

    def near(self) -> contextlib.AbstractContextManager[None]:
        """This thread and what it starts, in the office."""
        return namespaces.inside(self._near)

    def far(self) -> contextlib.AbstractContextManager[None]:
        """This thread and what it starts, at the county."""
        return namespaces.inside(self._far)

    def port(self) -> int:
        """A port that is free on the far side."""
        self._last_port += 1
        return self._last_port

    def reach(self, port: int) -> tuple[str, int]:
        """Where the office reaches what listens on `port` of the far side."""
        return self.host, port

    def count_anew(self) -> Counted:
        """The counts from now on."""
        self.counted = Counted()
        return self.counted

    def cut(self, direction: int, after: int, seconds: float, *, forgetful: bool = True) -> Cut:
        """Plans a cut, counted from now."""
        self.count_anew()
        self._cut = Cut(direction, after, seconds, forgetful)
        return self._cut

    def close(self) -> None:
        """Takes the line down; the namespaces go with the last program in them."""
        os.close(self._stopped)
        self._mover.join(5)
        for way in self._ways:
            os.close(way.source)
        for end in (self._stop, self._near, self._far):
            os.close(end)

    # the mover's thread

    def _move(self) -> None:
        poll = select.epoll()
        with contextlib.closing(poll):
            for place in (self._stop, *(way.source for way in self._ways)):
                poll.register(place, select.EPOLLIN)
            while True:
                due = min((way.flying[0][0] for way in self._ways if way.flying), default=None)
                ready = poll.poll(None if due is None else max(0.0, due - time.monotonic()))
                if any(place == self._stop for place, _ in ready):
                    return
                for direction, way in enumerate(self._ways):
                    self._take(direction, way)
                    self._give(way)

    def _take(self, direction: int, way: _Way) -> None:
        """Packets off the sender's device and onto the line."""
        while True:
            try:
                packet = os.read(way.source, MOST_PACKET)
            except BlockingIOError:
                return
            segment = segment_in(packet)
            if segment is None:
                continue
            now = time.monotonic()
            self.counted.saw(direction, segment, len(packet))
            if self._is_cut(now) or segment.connection in self._dead:
                self.counted.lost += 1
                continue
            rate = self.shape.bits / 8
            if (way.free_at - now) > self.shape.queue:
                self.counted.lost += 1
                continue
            way.free_at = max(now, way.free_at) + len(packet) / rate
            if self._chance.random() < self.shape.loss:
                self.counted.lost += 1  # lost on the way: it took its time on the line all the same
                continue
            way.flying.append((way.free_at + self.shape.round_trip / 2, packet))

    def _give(self, way: _Way) -> None:
        """Packets off the line whose time has come."""
        now = time.monotonic()
        while way.flying and way.flying[0][0] <= now:
            _, packet = way.flying.popleft()
            with contextlib.suppress(BlockingIOError):
                os.write(way.target, packet)

    def _is_cut(self, now: float) -> bool:
        cut = self._cut
        if cut is None or cut.ended is not None:
            return False
        if cut.began is None:
            if self.counted.new[cut.direction] < cut.after:
                return False
            cut.began = now
            if cut.forgetful:
                self._dead |= self.counted.connections
            for way in self._ways:
                way.flying.clear()
        if now < cut.began + cut.seconds:
            return True
        cut.ended = now
        return False


@contextlib.contextmanager
def shaped_line(shape: Shape = TOWNSHIP, *, seed: int = 1) -> Iterator[ShapedLine]:
    """A line of that shape, there inside the block.

    Raises:
        OSError: this machine lets nobody make namespaces (`why_not` says it beforehand).
    """
    line = ShapedLine(shape, seed)
    try:
        yield line
    finally:
        line.close()


def why_not() -> str:
    """Why there can be no such line on this machine; '' when there can."""
    if sys.platform != "linux":
        return "network namespaces are Linux's alone"
    try:
        namespaces.tried()
    except OSError as error:
        return f"no network namespaces with a TUN device on this machine ({error.strerror})"
    return ""
