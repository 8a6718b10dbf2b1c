"""What the heads of IPv4 and TCP tell of a conversation whose contents nobody reads: bytes, repeats, connections, turns."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import NamedTuple

_TCP = 6
_SYN = 0x02
_HALF = 1 << 31


class Segment(NamedTuple):
    """One TCP segment. `connection` is the port of the client and the one of the server, the same for both directions."""

    connection: tuple[int, int]
    opens: bool
    sequence: int
    payload: int


def segment_in(packet: bytes) -> Segment | None:
    """The segment in an IP packet; None for anything else."""
    if len(packet) < 40 or packet[0] >> 4 != 4 or packet[9] != _TCP:
        return None
    head = (packet[0] & 15) * 4
    source, target, sequence, _, offset, flags = struct.unpack_from("!HHIIBB", packet, head)
    size = struct.unpack_from("!H", packet, 2)[0] - head - (offset >> 4) * 4
    return Segment((min(source, target), max(source, target)), bool(flags & _SYN), sequence, size)


@dataclass
class Counted:
    """What went over a line, by direction (0 up, 1 down): `bytes` with all heads, `new` what the programs said, `again` what TCP repeated."""

    bytes: list[int] = field(default_factory=lambda: [0, 0])
    new: list[int] = field(default_factory=lambda: [0, 0])
    again: list[int] = field(default_factory=lambda: [0, 0])
    lost: int = 0
    turns: int = 0
    """How often the far side answered after the near side had spoken: what the programs had to wait for, one round trip each."""
    connections: set[tuple[int, int]] = field(default_factory=set)
    _highest: dict[tuple[tuple[int, int], int], int] = field(default_factory=dict)
    _spoke: dict[tuple[int, int], int] = field(default_factory=dict)

    def saw(self, direction: int, segment: Segment, size: int) -> None:
        """Counts one segment in a packet of `size` bytes."""
        self.bytes[direction] += size
        place = (segment.connection, direction)
        if segment.opens:
            if segment.connection not in self.connections:
                self.connections.add(segment.connection)
                self.turns += 1
            self._highest[place] = (segment.sequence + 1) & 0xFFFFFFFF
            return
        if not segment.payload:
            return
        end = (segment.sequence + segment.payload) & 0xFFFFFFFF
        known = self._highest.get(place, segment.sequence)
        fresh = (end - known) & 0xFFFFFFFF
        if fresh == 0 or fresh >= _HALF:
            self.again[direction] += segment.payload
            return
        fresh = min(fresh, segment.payload)
        self._highest[place] = end
        self.new[direction] += fresh
        self.again[direction] += segment.payload - fresh
        if direction == 1 and self._spoke.get(segment.connection) == 0:
            self.turns += 1
        self._spoke[segment.connection] = direction
