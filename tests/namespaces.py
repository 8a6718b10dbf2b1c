"""Network namespaces and the TUN devices in them, by the kernel's own calls: no program has to be installed for them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from typing import Final

if sys.platform == "linux":
    import fcntl

    _LIBC: Final = ctypes.CDLL(None, use_errno=True)
_NEW_NETWORK: Final = 0x40000000
_TUN_SET: Final = 0x400454CA
_TUN_PLAIN: Final = 0x0001 | 0x1000
"""IFF_TUN | IFF_NO_PI: whole IP packets and nothing before them."""
_SET_FLAGS, _SET_ADDRESS, _SET_MASK = 0x8914, 0x8916, 0x891C
_UP: Final = 0x1 | 0x40
_DEVICE: Final = b"line"
_MASK: Final = "255.255.255.0"
_CONGESTION: Final = "/proc/sys/net/ipv4/tcp_congestion_control"
"""Every kernel has reno, and cubic, the rule on office machines, behaves like it on windows this small; what this machine prefers says nothing."""


def _done(status: int) -> None:
    if status:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def _here() -> int:
    return os.open(f"/proc/self/task/{threading.get_native_id()}/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def new() -> int:
    """A new network namespace with a loopback device; it lives as long as the descriptor or a program in it.

    Raises:
        OSError: not the administrator, or not a kernel that knows them.
    """
    home = _here()
    try:
        _done(_LIBC.unshare(_NEW_NETWORK))
        try:
            made = _here()
            _bring_up(b"lo", None)
            with open(_CONGESTION, "w", encoding="ascii") as chosen:
                chosen.write("reno")
            return made
        finally:
            _done(_LIBC.setns(home, _NEW_NETWORK))
    finally:
        os.close(home)


@contextlib.contextmanager
def inside(namespace: int) -> Iterator[None]:
    """This thread, and the processes and sockets that it makes, in the namespace."""
    home = _here()
    try:
        _done(_LIBC.setns(namespace, _NEW_NETWORK))
        try:
            yield
        finally:
            _done(_LIBC.setns(home, _NEW_NETWORK))
    finally:
        os.close(home)


def wire_end(namespace: int, address: str) -> int:
    """A TUN device in the namespace, with its address; the descriptor gives and takes IP packets, without waiting."""
    with inside(namespace):
        end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        fcntl.ioctl(end, _TUN_SET, struct.pack("16sH22x", _DEVICE, _TUN_PLAIN))
        _bring_up(_DEVICE, address)
    return end


def _bring_up(device: bytes, address: str | None) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        if address is not None:
            for act, value in ((_SET_ADDRESS, address), (_SET_MASK, _MASK)):
                fcntl.ioctl(asked, act, struct.pack("16sHH4s16x", device, socket.AF_INET, 0, socket.inet_aton(value)))
        fcntl.ioctl(asked, _SET_FLAGS, struct.pack("16sH22x", device, _UP))


def tried() -> None:
    """Makes a namespace with a device in it and lets it go.

    Raises:
        OSError: it cannot be done here.
    """
    made = new()
    try:
        os.close(wire_end(made, "192.0.2.1"))
    finally:
        os.close(made)
