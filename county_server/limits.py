"""How often one device, or one address that has not signed in, may ask: token buckets in each worker's memory.

A device keeps one connection and so stays with one worker; who opens many may have the measure once from each worker, N times with N of
them. That is enough to keep a machine gone mad from the others. What must be exact, wrong enrolment codes, is counted in the database
for all workers together (county_server.devices).
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

BURST: Final = 20
"""Seconds' worth of requests that may come at once: a first sync after a week in the villages."""

MOST_KEYS: Final = 20_000
"""Buckets kept at once: a county has hundreds of devices; more are somebody who sends from many addresses."""

GUESSES: Final = 1
"""Codes of the status page that one address may try in a second."""

NETWORK: Final = 64
"""Bits of an IPv6 address that stand for one household of addresses."""


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


class Limits:
    """What one worker keeps: a bucket for each device and each address."""

    def __init__(self, measure: Measure, clock: Callable[[], float] = time.monotonic) -> None:
        self._devices, self._addresses = Buckets(measure.device, clock), Buckets(measure.address, clock)
        self._guesses = Buckets(GUESSES, clock)

    def device(self, device_id: str) -> int:
        """Seconds that a device has to wait, 0 for none."""
        return self._devices.wait(device_id)

    def guess(self, host: str) -> int:
        """Seconds until somebody at that address, this machine's own as well, may try a code of the status page again; 0 for now."""
        return self._guesses.wait(host)

    def address(self, host: str) -> int:
        """Seconds that somebody unknown at that address has to wait, 0 for none. What comes from this machine itself is the administrator's, or
        a proxy's, behind which the whole county would be one address; such a proxy limits by itself.
        """
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return self._addresses.wait(host)
        if address.version == 6 and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        if address.is_loopback:
            return 0
        if address.version == 6:
            return self._addresses.wait(str(ipaddress.ip_network((address, NETWORK), strict=False)))
        return self._addresses.wait(str(address))


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if address.version == 6 else None
    return (mapped or address).is_loopback
