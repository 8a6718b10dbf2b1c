"""How often one device, or one address that has not signed in, may ask, and how much it may send at once: kept in each worker's memory.

A device keeps one connection and so stays with one worker; who opens many may have the measure once from each worker, N times with N of
them. That is enough to keep a machine gone mad from the others. What must be exact, wrong enrolment codes, is counted in the database
for all workers together (county_server.devices).
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final

from county_server import failing
from jusuo_desktop.wire.limits import MOST_BODY_BYTES

BURST: Final = 20
"""Seconds' worth of requests that may come at once: a first sync after a week in the villages."""

MOST_KEYS: Final = 20_000
"""Buckets kept at once: a county has hundreds of devices; more are somebody who sends from many addresses."""

GUESSES: Final = 1
"""Codes of the status page that one address may try in a second."""

NETWORK: Final = 64
"""Bits of an IPv6 address that stand for one household of addresses."""

LITTLE: Final = 64 * 1024
"""Bytes of a request that is made before anybody has proved who he is."""

DEVICE_AT_ONCE: Final = 2 * MOST_BODY_BYTES
"""Bytes of bodies that one device may have on their way: the one that a cut left behind, and its repetition."""

DEVICES_AT_ONCE: Final = 8 * MOST_BODY_BYTES
"""And all devices of one worker, whose memory it is. An honest device sends a tenth of a body at a time and waits for the answer."""

ADDRESS_AT_ONCE: Final = 16 * LITTLE
"""The same before sign-in: a few hundred honest computers behind one address."""

ADDRESSES_AT_ONCE: Final = 16 * ADDRESS_AT_ONCE
"""Apart from the devices', so that nobody unknown can shut them out."""


@dataclass(frozen=True)
class Measure:
    """Requests a second; 0 for no limit. By default far above what an honest device needs, and what a first sync does on the fastest line."""

    device: int = 100
    address: int = 50


class Buckets:
    """One token bucket a key, made when it is first asked for and forgotten when it is full again."""

    def __init__(self, per_second: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._most, self._clock = per_second, per_second * BURST, clock
        self._turn = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, key: str) -> int:
        """Takes one request of `key`: 0 if it may pass, otherwise the seconds after which it may."""
        if not self._rate:
            return 0
        with self._turn:
            now = self._clock()
            tokens, since = self._left.get(key, (float(self._most), now))
            tokens = min(self._most, tokens + (now - since) * self._rate)
            if tokens < 1:
                self._left[key] = tokens, now
                return math.ceil(1 / self._rate + (1 - tokens) / self._rate)
            self._left[key] = tokens - 1, now
            if len(self._left) > MOST_KEYS:
                self._forget(now)
        return 0

    def _forget(self, now: float) -> None:
        """Drops what is full again; if that is not enough, everything: better a flood that is limited a little later than memory without end."""
        self._left = {k: (t, s) for k, (t, s) in self._left.items() if t + (now - s) * self._rate < self._most}
        if len(self._left) > MOST_KEYS:
            self._left.clear()


class Bodies:
    """The bodies that are being read or worked on: so many bytes for one sender, so many for all. For the thread of the event loop alone."""

    def __init__(self, most_of_one: int, most_of_all: int) -> None:
        self._most_of_one, self._most_of_all = most_of_one, most_of_all
        self._held: Counter[str] = Counter()

    @contextmanager
    def holding(self, key: str, size: int) -> Iterator[None]:
        """Counts `size` bytes for `key` until the block is left; '' is a sender who counts among all alone.

        Raises:
            Refusal: he, or all together, have too much on its way.
        """
        if key and self._held[key] + size > self._most_of_one:
            raise failing.too_much_at_once()
        if self._held.total() + size > self._most_of_all:
            raise failing.busy()
        self._held[key] += size
        try:
            yield
        finally:
            self._held[key] -= size
            if not self._held[key]:
                del self._held[key]


class Limits:
    """What one worker keeps: a bucket and the bytes on their way, for each device and each address."""

    def __init__(self, measure: Measure, clock: Callable[[], float] = time.monotonic) -> None:
        self._devices, self._addresses = Buckets(measure.device, clock), Buckets(measure.address, clock)
        self._guesses = Buckets(GUESSES, clock)
        self._of_devices, self._of_addresses = Bodies(DEVICE_AT_ONCE, DEVICES_AT_ONCE), Bodies(ADDRESS_AT_ONCE, ADDRESSES_AT_ONCE)

    def device(self, device_id: str) -> int:
        """Seconds that a device has to wait, 0 for none."""
        return self._devices.wait(device_id)

    def guess(self, host: str) -> int:
        """Seconds until somebody at that address, this machine's own as well, may try a code of the status page again; 0 for now."""
        return self._guesses.wait(host)

    def address(self, host: str) -> int:
        """Seconds that somebody unknown at that address has to wait, 0 for none. What comes from this machine itself is the administrator's, or
        that of a proxy which `serve` was not told of (--behind-proxy) and behind which the whole county would be one address.
        """
        return self._addresses.wait(key) if (key := one_of(host)) else 0

    def body_of_device(self, device_id: str, size: int) -> AbstractContextManager[None]:
        """Counts a body of a device for the time of the block; refuses it where too much is on its way."""
        return self._of_devices.holding(device_id, size)

    def body_of_address(self, host: str, size: int) -> AbstractContextManager[None]:
        """The same for somebody unknown at that address."""
        return self._of_addresses.holding(one_of(host), size)


def one_of(host: str) -> str:
    """What counts as one address: itself, or its network of IPv6; '' for this machine's own, which are not measured."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host or "?"
    if address.version == 6 and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_loopback:
        return ""
    return str(ipaddress.ip_network((address, NETWORK), strict=False) if address.version == 6 else address)


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own."""
    return not one_of(host)
