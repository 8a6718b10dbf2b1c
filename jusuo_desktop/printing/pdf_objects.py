"""The objects of a PDF that PDFium saved (one plain cross-reference table, no object streams), and an update appended to it.

PDFium copies pages better than anything else, but can neither write bookmarks nor add to a page without taking its content apart.
An update leaves every byte of the pages as it was: it appends new objects and newer versions of a few old ones (ISO 32000-1 §7.5.6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

TOKEN: Final = re.compile(
    rb"[\x00\t\n\f\r ]*(?:%[^\r\n]*[\x00\t\n\f\r ]*)*"
    rb"(<<|>>|\[|\]|\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>|/[^\x00\t\n\f\r ()<>\[\]{}/%]*|[^\x00\t\n\f\r ()<>\[\]{}/%]+)",
    re.DOTALL,
)
WHOLE: Final = re.compile(rb"\d+")
STARTXREF: Final = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
SECTION: Final = re.compile(rb"\s*(\d+) (\d+)\s*[\r\n]+")
ROW: Final = 20
TAIL: Final = 64


class Ref(NamedTuple):
    """A reference to an object; PDFium numbers a new file's objects with generation 0 only."""

    number: int


Object = dict[bytes, Any] | list[Any] | Ref | bytes
"""Names (with their slash), numbers and strings stay the bytes that they are."""


class UnreadablePdf(ValueError):
    """A file is not of the plain form that PDFium writes: our bug, not the clerk's."""


class PdfObjects:
    """Reads objects on demand from `data`, any buffer; `pages` are the references of the pages in order."""

    def __init__(self, data: bytes | bytearray | memoryview) -> None:
        self._data = memoryview(data)
        found = STARTXREF.search(bytes(self._data[-TAIL:]))
        if found is None:
            raise UnreadablePdf("no startxref")
        self.last_xref = int(found[1])
        self.trailer = self._read_table(self.last_xref)
        self.root: Ref = self.trailer[b"/Root"]
        catalog = self.read(self.root)
        assert isinstance(catalog, dict)
        self.catalog = catalog
        self.pages: list[Ref] = list(self._leaves(catalog[b"/Pages"]))

    def _read_table(self, start: int) -> dict[bytes, Any]:
        data = self._data
        if bytes(data[start : start + 4]) != b"xref":
            raise UnreadablePdf("no plain cross-reference table")
        self._offsets: dict[int, int] = {}
        place = start + 4
        while (section := SECTION.match(data, place)) is not None:
            first, count = int(section[1]), int(section[2])
            for number in range(count):
                row = bytes(data[section.end() + number * ROW : section.end() + (number + 1) * ROW])
                if row[17:18] == b"n":
                    self._offsets[first + number] = int(row[:10])
            place = section.end() + count * ROW
        found = _Parser(data, place)
        if found.token() != b"trailer":
            raise UnreadablePdf("no trailer")
        trailer = found.value()
        assert isinstance(trailer, dict)
        return trailer

    def place(self, at: Ref) -> int:
        """Where an object begins in the file."""
        return self._offsets[at.number]

    def read(self, at: Object) -> Object:
        """The object behind a reference; anything else as it is. Of a stream only its dictionary."""
        if not isinstance(at, Ref):
            return at
        parser = _Parser(self._data, self._offsets[at.number])
        if [parser.token(), parser.token(), parser.token()] != [str(at.number).encode(), b"0", b"obj"]:
            raise UnreadablePdf(f"object {at.number} is not where the table says")
        return parser.value()

    def dictionary(self, at: Object) -> dict[bytes, Any]:
        """A copy of the dictionary behind a reference; empty for null or nothing."""
        found = self.read(at)
        return dict(found) if isinstance(found, dict) else {}

    def _leaves(self, node: Ref, depth: int = 0) -> Iterator[Ref]:
        found = self.dictionary(node)
        if b"/Kids" not in found:
            yield node
            return
        if depth > 40:
            raise UnreadablePdf("the tree of pages is too deep")
        kids = self.read(found[b"/Kids"])
        assert isinstance(kids, list)
        for kid in kids:
            yield from self._leaves(kid, depth + 1)

    def close(self) -> None:
        """Gives the buffer back, so that it can be written to."""
        self._data.release()

    @property
    def size(self) -> int:
        """The next free number of an object."""
        return int(self.trailer[b"/Size"])


class _Parser:
    """One object after the other from a place in the file."""

    def __init__(self, data: memoryview, place: int) -> None:
        self._data, self._place = data, place

    def token(self) -> bytes:
        found = TOKEN.match(self._data, self._place)
        if found is None:
            raise UnreadablePdf(f"nothing to read at {self._place}")
        self._place = found.end()
        return bytes(found[1])

    def value(self) -> Object:
        token = self.token()
        if token == b"<<":
            return self._dictionary()
        if token == b"[":
            return self._list()
        return self._reference(token) or token

    def _reference(self, token: bytes) -> Ref | None:
        """`12 0 R` is three tokens: looks two ahead."""
        if not WHOLE.fullmatch(token):
            return None
        before = self._place
        if WHOLE.fullmatch(self.token()) and self.token() == b"R":
            return Ref(int(token))
        self._place = before
        return None

    def _dictionary(self) -> dict[bytes, Any]:
        found: dict[bytes, Any] = {}
        while (name := self.token()) != b">>":
            if not name.startswith(b"/"):
                raise UnreadablePdf(f"{name!r} is not a name")
            found[name] = self.value()
        return found

    def _list(self) -> list[Any]:
        found: list[Any] = []
        while True:
            before = self._place
            if self.token() == b"]":
                return found
            self._place = before
            found.append(self.value())


class Update:
    """New objects, and newer versions of old ones, to be appended to a file."""

    def __init__(self, objects: PdfObjects) -> None:
        self._objects = objects
        self._next = objects.size
        self._bodies: dict[int, bytes] = {}

    def add(self, value: Object, stream: bytes | None = None) -> Ref:
        """A new object, with its bytes where it is a stream."""
        reference = self.reserve()
        self.put(reference, value, stream)
        return reference

    def reserve(self) -> Ref:
        """A number for an object that is put later: two that name each other."""
        self._next += 1
        return Ref(self._next - 1)

    def put(self, at: Ref, value: Object, stream: bytes | None = None) -> None:
        """The object's newest version."""
        if stream is None:
            self._bodies[at.number] = written(value)
        else:
            assert isinstance(value, dict)
            head = written({**value, b"/Length": str(len(stream)).encode()})
            self._bodies[at.number] = head + b"\nstream\n" + stream + b"\nendstream"

    def appended(self, start: int, trailer: dict[bytes, Any]) -> bytes:
        """What to append to a file of `start` bytes."""
        out, offsets = [b"\n"], {}
        place = start + 1
        for number in sorted(self._bodies):
            offsets[number] = place
            out.append(b"%d 0 obj\n%s\nendobj\n" % (number, self._bodies[number]))
            place += len(out[-1])
        out.append(b"xref\n")
        out += [b"%d 1\n%010d 00000 n \n" % (number, offset) for number, offset in offsets.items()]
        whole = {**trailer, b"/Root": self._objects.root, b"/Size": str(self._next).encode(), b"/Prev": str(self._objects.last_xref).encode()}
        out.append(b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (written(whole), place))
        return b"".join(out)


def written(value: Object) -> bytes:
    """An object as it stands in a file."""
    if isinstance(value, Ref):
        return b"%d 0 R" % value.number
    if isinstance(value, dict):
        return b"<<" + b" ".join(name + b" " + written(held) for name, held in value.items()) + b">>"
    if isinstance(value, list):
        return b"[" + b" ".join(map(written, value)) + b"]"
    return value


def text(said: str) -> bytes:
    """A text string in any script: UTF-16 with its mark, in hexadecimal."""
    return b"<FEFF" + said.encode("utf-16-be").hex().upper().encode() + b">"
