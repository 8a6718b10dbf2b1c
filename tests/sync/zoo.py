"""Servers that are not the county's: each animal answers every request in its own wrong way, over real TLS on loopback."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from jusuo_desktop.wire.messages import CONTENT_TYPE, RECEIPT_HEADER

Animal = Callable[[socket.socket], None]


def answer(status: str, body: bytes, *headers: str, length: int | None = None) -> Animal:
    """Answers with exactly this, whatever was asked; `length` is what it claims."""

    def animal(line: socket.socket) -> None:
        head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Connection: close", *headers]
        line.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body)

    return animal


def nothing(line: socket.socket) -> None:
    """Hangs up without a word."""


def chatter(line: socket.socket) -> None:
    """Speaks another language."""
    line.sendall(b"220 mail.example ESMTP ready\r\n")


def silence(line: socket.socket) -> None:
    """Never answers, until the other side hangs up."""
    with contextlib.suppress(OSError):
        while line.recv(1024):
            pass


def trickle(line: socket.socket) -> None:
    """Sends a byte whenever the time-out of a single read is near, for ever."""
    with contextlib.suppress(OSError):
        line.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: {CONTENT_TYPE}\r\nContent-Length: 1000000\r\n\r\n".encode())
        line.settimeout(0.05)
        while True:
            line.sendall(b"x")
            with contextlib.suppress(TimeoutError):
                if not line.recv(1024):
                    return


OURS = f"Content-Type: {CONTENT_TYPE}"
FALSE_RECEIPT = f"{RECEIPT_HEADER}: " + "A" * 86 + "=="

ANIMALS: dict[str, tuple[Animal, str]] = {
    "html": (answer("200 OK", b"<html>please log in</html>", "Content-Type: text/html"), "HTML 网页"),
    "redirect": (answer("302 Found", b"", "Location: http://portal.example/login"), "portal.example"),
    "must log in": (answer("511 Network Authentication Required", b"<html>", "Content-Type: text/html"), "登录"),
    "broken": (answer("500 Internal Server Error", b"Internal Server Error", "Content-Type: text/plain"), "500"),
    "gateway": (answer("502 Bad Gateway", b"<html>", "Content-Type: text/html"), "502"),
    "busy": (answer("503 Service Unavailable", b"", "Content-Type: text/plain"), "正忙"),
    "half a body": (answer("200 OK", b"\x01" * 100, OURS, FALSE_RECEIPT, length=5000), "断线"),
    "empty body": (answer("200 OK", b"", OURS), "没有给出任何答复"),
    "nothing": (nothing, "没有给出任何答复"),
    "no receipt": (answer("200 OK", b"\x01" * 100, OURS), "回执"),
    "false receipt": (answer("200 OK", b"\x01" * 100, OURS, FALSE_RECEIPT), "回执"),
    "unsigned failure": (answer("403 Forbidden", b"\xff" * 50, OURS), "回执"),
    "another service": (chatter, "不是网页服务"),
    "silent": (silence, "超时"),
    "trickling": (trickle, "超时"),
}
"""Each animal with a piece of the sentence that the clerk must read."""


@contextlib.contextmanager
def caged(animal: Animal, pem: Path | None) -> Iterator[str]:
    """Serves the animal at the yielded address, over TLS with the certificate in `pem`, or in clear."""
    context = None
    if pem is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
    door = socket.create_server(("127.0.0.1", 0))
    lines: list[socket.socket] = []
    keepers: list[threading.Thread] = []

    def keep(raw: socket.socket) -> None:
        with contextlib.suppress(OSError), raw:
            line = context.wrap_socket(raw, server_side=True) if context else raw
            lines.append(line)
            with line:
                if _request_read(line):
                    animal(line)
                    if animal is not silence:
                        line.shutdown(socket.SHUT_WR)
                        while line.recv(4096):
                            pass

    def receive() -> None:
        while True:
            try:
                raw, _ = door.accept()
            except OSError:
                return
            keepers.append(threading.Thread(target=keep, args=(raw,), daemon=True))
            keepers[-1].start()

    porter = threading.Thread(target=receive, daemon=True)
    porter.start()
    try:
        yield f"{'https' if pem else 'http'}://127.0.0.1:{door.getsockname()[1]}"
    finally:
        with contextlib.suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)
        door.close()
        porter.join(5)
        for line in lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for keeper in keepers:
            keeper.join(5)


def _request_read(line: socket.socket) -> bool:
    """Reads one whole request; False if the client hung up first."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = line.recv(65536)
        if not part:
            return False
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    length = next((int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        part = line.recv(65536)
        if not part:
            return False
        body += part
    return True
