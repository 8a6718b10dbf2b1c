"""Where there are no namespaces: a proxy on loopback that is as slow and as far as a line, but loses nothing, because it moves bytes, not packets."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Iterator

from tests.counted import Counted
from tests.shaped_line import TOWNSHIP, Cut, Shape

PART = 1400
"""Bytes moved at a time, about a packet's."""


class ShapedProxy:
    """Has the face of `tests.shaped_line.ShapedLine`; `near` and `far` are both this machine."""

    host = "127.0.0.1"
    said = "a proxy on loopback: rate and delay alone, no packet is lost"

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.counted = Counted()
        self._turn = threading.Lock()
        self._free_at = [0.0, 0.0]
        self._cut: Cut | None = None
        self._doors: list[socket.socket] = []
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def near(self) -> contextlib.AbstractContextManager[None]:
        """Here."""
        return contextlib.nullcontext()

    def far(self) -> contextlib.AbstractContextManager[None]:
        """Here as well."""
        return contextlib.nullcontext()

    def port(self) -> int:
        """A port that is free on loopback."""
        with socket.create_server((self.host, 0)) as tried:
            return int(tried.getsockname()[1])

    def reach(self, port: int) -> tuple[str, int]:
        """A door of this proxy that leads to `port`."""
        door = socket.create_server((self.host, 0))
        self._doors.append(door)
        self._start(self._receive, door, port)
        return self.host, int(door.getsockname()[1])

    def count_anew(self) -> Counted:
        """The counts from now on."""
        self.counted = Counted()
        return self.counted

    def cut(self, direction: int, after: int, seconds: float, *, forgetful: bool = True) -> Cut:
        """Plans a cut: all connections are lost, and new ones for so many seconds."""
        self.count_anew()
        self._cut = Cut(direction, after, seconds, forgetful)
        return self._cut

    def close(self) -> None:
        """Shuts all doors."""
        for end in (*self._doors, *self._ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for end in (*self._doors, *self._ends):
            end.close()

    def _start(self, work: object, *words: object) -> None:
        thread = threading.Thread(target=work, args=words, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _receive(self, door: socket.socket, port: int) -> None:
        while True:
            try:
                near, _ = door.accept()
                far = socket.create_connection((self.host, port))
            except OSError:
                return
            self._ends += [near, far]
            if self._is_cut():
                self._reset(near, far)
                continue
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.counted.turns += 1
            spoke = [-1]
            for direction, pair in enumerate(((near, far), (far, near))):
                flying: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
                self._start(self._take, direction, pair[0], flying, spoke, (near, far))
                self._start(self._give, pair[1], flying)

    def _take(self, direction: int, source: socket.socket, flying: queue.SimpleQueue[tuple[float, bytes]], spoke: list[int], pair: object) -> None:
        with contextlib.suppress(OSError):
            while part := source.recv(PART):
                with self._turn:
                    self.counted.bytes[direction] += len(part)
                    self.counted.new[direction] += len(part)
                    self.counted.turns += direction == 1 and spoke[0] == 0
                    spoke[0] = direction
                    begun = max(time.monotonic(), self._free_at[direction])
                    self._free_at[direction] = begun + len(part) * 8 / self.shape.bits
                if self._is_cut():
                    self._reset(*self._ends)
                    return
                flying.put((self._free_at[direction] + self.shape.round_trip / 2, part))
                time.sleep(max(0.0, self._free_at[direction] - time.monotonic()))
        flying.put((0.0, b""))

    def _give(self, target: socket.socket, flying: queue.SimpleQueue[tuple[float, bytes]]) -> None:
        with contextlib.suppress(OSError):
            while (come := flying.get())[1]:
                time.sleep(max(0.0, come[0] - time.monotonic()))
                target.sendall(come[1])
            target.shutdown(socket.SHUT_WR)

    def _reset(self, *ends: socket.socket) -> None:
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _is_cut(self) -> bool:
        cut, now = self._cut, time.monotonic()
        if cut is None or cut.ended is not None:
            return False
        if cut.began is None:
            if self.counted.new[cut.direction] < cut.after:
                return False
            cut.began = now
        if now < cut.began + cut.seconds:
            return True
        cut.ended = now
        return False


@contextlib.contextmanager
def shaped_proxy(shape: Shape = TOWNSHIP) -> Iterator[ShapedProxy]:
    """The proxy, there inside the block."""
    proxy = ShapedProxy(shape)
    try:
        yield proxy
    finally:
        proxy.close()
