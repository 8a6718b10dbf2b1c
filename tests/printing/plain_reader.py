"""A PDF read by the book and by nothing else: fonts, ToUnicode maps and text operators, as ISO 32000 describes them."""

from __future__ import annotations

import re
import zlib

OBJECT = re.compile(rb"\n(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
SHOWN = re.compile(rb"/(F\d+\+\d+) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\) Tj", re.DOTALL)
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)


def text_of(pdf: bytes) -> str:
    """All text of all pages in the order in which it is drawn."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    fonts: dict[bytes, dict[int, str]] = {}
    for name, number in re.findall(rb"/(F\d+\+\d+) (\d+) 0 R", pdf):
        map_at = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
        assert map_at, f"no ToUnicode map for {name!r}"
        fonts[name] = _map(_stream(objects[int(map_at[1])]))
    said: list[str] = []
    for body in objects.values():
        for contents in re.findall(rb"/Contents (\d+) 0 R", body):
            said.extend(_drawn(_stream(objects[int(contents)]), fonts))
    return "".join(said)


def _stream(body: bytes) -> bytes:
    return zlib.decompress(body.partition(b"stream\n")[2].rpartition(b"endstream")[0])


def _map(cmap: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-F]{2})> <([0-9A-F]{4,8})>", cmap.partition(b"endcodespacerange")[2])
    return {int(code, 16): bytes.fromhex(point.decode()).decode("utf-16-be") for code, point in pairs}


def _drawn(content: bytes, fonts: dict[bytes, dict[int, str]]) -> list[str]:
    said, current = [], dict[int, str]()
    for name, string in SHOWN.findall(content):
        if name:
            current = fonts[name]
        else:
            said += [current[code] for code in ESCAPED.sub(_unescaped, string)]
    return said


def _unescaped(found: re.Match[bytes]) -> bytes:
    mark = found[1]
    if mark.isdigit():
        return bytes([int(mark, 8)])
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}.get(mark, mark)
