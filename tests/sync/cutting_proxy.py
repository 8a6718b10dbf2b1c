"""A wire between client and server that is cut after so many bytes, in one direction or the other."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

UP, DOWN = "up", "down"


@dataclass
class Wire:
    """Where the wire is cut: after `after` bytes in `direction` (over all connections), once; never while `after` is None.

    `then` is called at the cut, before the ends hear of it.
    """

    url: str
    direction: str = UP
    after: int | None = None
    then: Callable[[], None] = lambda: None
    passed: dict[str, int] = field(default_factory=lambda: {UP: 0, DOWN: 0})
    happened: threading.Event = field(default_factory=threading.Event)

    def cut(self, direction: str, after: int, then: Callable[[], None] = lambda: None) -> None:
        """Plans the next cut, counted from now."""
        self.passed = {UP: 0, DOWN: 0}
        self.happened.clear()
        self.direction, self.after, self.then = direction, after, then

    def allowed(self, direction: str, size: int) -> int:
        """How many of `size` bytes may still pass; fewer means that the wire is cut now."""
        passed = min(size, max(0, self.after - self.passed[direction])) if self.after is not None and direction == self.direction else size
        self.passed[direction] += passed
        if passed < size:
            self.after = None
            self.then()
            self.happened.set()
        return passed


@contextlib.contextmanager
def wired(to: str) -> Iterator[Wire]:
    """A wire to the server at `to`; its own address has the same scheme."""
    parts = urlsplit(to)
    there = (parts.hostname or "127.0.0.1", parts.port or 443)
    door = socket.create_server(("127.0.0.1", 0))
    wire = Wire(f"{parts.scheme}://127.0.0.1:{door.getsockname()[1]}")
    threads: list[threading.Thread] = []
    ends: list[socket.socket] = []

    def carry(source: socket.socket, target: socket.socket, direction: str) -> None:
        with contextlib.suppress(OSError):
            while part := source.recv(512):
                passed = wire.allowed(direction, len(part))
                target.sendall(part[:passed])
                if passed < len(part):
                    break
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def receive() -> None:
        while True:
            try:
                near, _ = door.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(there)
            except OSError:
                near.close()
                continue
            ends.extend((near, far))
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for pair in ((near, far, UP), (far, near, DOWN)):
                threads.append(threading.Thread(target=carry, args=pair, daemon=True))
                threads[-1].start()

    porter = threading.Thread(target=receive, daemon=True)
    porter.start()
    try:
        yield wire
    finally:
        with contextlib.suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)
        door.close()
        porter.join(5)
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(5)
        for end in ends:
            end.close()
