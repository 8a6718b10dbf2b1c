"""Pictures on sheets: a small PDF in which each picture stands as it is encoded, the same bytes for the same pictures.

JPEG and PNG go in unchanged (DCTDecode; FlateDecode with PNG's own predictor), so nothing is lost once more and nothing is decoded here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from jusuo_desktop.pictures.file_kind import BadFile

MM: Final = 72 / 25.4
A4: Final = (210 * MM, 297 * MM)
MARGIN: Final = 15 * MM
LIKE_A4: Final = (1.36, 1.47)
"""Long edge by short edge: a scanned sheet, which fills the page."""
COARSEST: Final = 72 / 96
"""Points a pixel; a small picture is not blown up beyond it."""
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""JPEG markers that carry the size."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the PDF has to know of an encoded picture."""

    width: int
    height: int
    bits: int
    colours: int
    stream: bytes
    filter: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A sheet and the picture's place on it, in points from below at the left."""

    sheet: tuple[float, float]
    left: float
    bottom: float
    width: float
    height: float


def on_a4(width: int, height: int) -> Placed:
    """A scanned sheet fills its page, lying if it lies; anything else stands upright in the middle within margins."""
    if LIKE_A4[0] <= max(width, height) / min(width, height) <= LIKE_A4[1]:
        sheet, margin, most = (A4 if height >= width else (A4[1], A4[0])), 0.0, float("inf")
    else:
        sheet, margin, most = A4, MARGIN, COARSEST
    scale = min((sheet[0] - 2 * margin) / width, (sheet[1] - 2 * margin) / height, most)
    w, h = width * scale, height * scale
    return Placed(sheet, (sheet[0] - w) / 2, (sheet[1] - h) / 2, w, h)


def as_large(width: int, height: int) -> Placed:
    """A sheet of the picture's own shape, for the screen."""
    scale = A4[1] / max(width, height)
    return Placed((width * scale, height * scale), 0.0, 0.0, width * scale, height * scale)


def pdf_of_pictures(pictures: Sequence[bytes], *, a4: bool = True, turns: Sequence[int] = ()) -> bytes:
    """The PDF of encoded pictures, one a page; each turned clockwise by its entry of `turns` in degrees.

    Raises:
        BadFile: one is neither a JPEG nor a plain PNG.
    """
    place = on_a4 if a4 else as_large
    bodies: list[bytes] = []
    kids = " ".join(f"{3 + 3 * n} 0 R" for n in range(len(pictures)))
    bodies.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    bodies.append(f"<< /Type /Pages /Count {len(pictures)} /Kids [{kids}] >>".encode())
    for n, data in enumerate(pictures):
        picture = encoded(data)
        turn = turns[n] % 360 if n < len(turns) else 0
        lying = turn in (90, 270)
        placed = place(*((picture.height, picture.width) if lying else (picture.width, picture.height)))
        page, content, image = (3 + 3 * n + k for k in range(3))
        drawn = f"q {_matrix(placed, turn)} cm /P Do Q".encode()
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {placed.sheet[0]:.3f} {placed.sheet[1]:.3f}] "
            f"/Resources << /XObject << /P {image} 0 R >> >> /Contents {content} 0 R >>".encode()
        )
        bodies.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn))
        bodies.append(_image(picture))
        assert page == len(bodies) - 2
    return b"".join(_file(bodies))


def _matrix(placed: Placed, turn: int) -> str:
    left, bottom, w, h = placed.left, placed.bottom, placed.width, placed.height
    found = {
        0: (w, 0.0, 0.0, h, left, bottom),
        90: (0.0, -h, w, 0.0, left, bottom + h),
        180: (-w, 0.0, 0.0, -h, left + w, bottom + h),
        270: (0.0, h, -w, 0.0, left + w, bottom),
    }[turn]
    return " ".join(f"{n:.3f}" for n in found)


def _image(picture: Encoded) -> bytes:
    space = "/DeviceGray" if picture.colours == 1 else "/DeviceRGB"
    parameters = ""
    if picture.filter == "FlateDecode":
        parameters = f" /DecodeParms << /Predictor 15 /Colors {picture.colours} /BitsPerComponent {picture.bits} /Columns {picture.width} >>"
    head = (
        f"<< /Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} /ColorSpace {space} "
        f"/BitsPerComponent {picture.bits} /Filter /{picture.filter}{parameters} /Length {len(picture.stream)} >>\nstream\n"
    )
    return b"".join((head.encode(), picture.stream, b"\nendstream"))


def _file(bodies: Sequence[bytes]) -> Iterator[bytes]:
    head = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    yield head
    at, places = len(head), []
    for number, body in enumerate(bodies, 1):
        places.append(at)
        whole = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        at += len(whole)
        yield whole
    yield b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    yield b"".join(b"%010d 00000 n \n" % place for place in places)
    yield b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, at)


def encoded(data: bytes) -> Encoded:
    """Reads a picture's own heading.

    Raises:
        BadFile: it is neither a JPEG nor a plain PNG.
    """
    try:
        if data.startswith(b"\xff\xd8"):
            return _jpeg(data)
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(data)
    except (struct.error, IndexError):
        pass
    raise BadFile("图片的内容已经损坏，不能显示。请重新添加这份附件。")


def _jpeg(data: bytes) -> Encoded:
    at = 2
    while True:
        mark, kind, length = struct.unpack_from(">BBH", data, at)
        if mark != 0xFF:
            raise IndexError(at)
        if kind in _FRAMES:
            bits, height, width, colours = struct.unpack_from(">BHHB", data, at + 4)
            if colours not in (1, 3) or not width or not height:
                raise IndexError(at)
            return Encoded(width, height, bits, colours, data, "DCTDecode")
        at += 2 + length


def _png(data: bytes) -> Encoded:
    width, height, bits, kind, _, _, interlaced = struct.unpack_from(">IIBBBBB", data, 16)
    colours = {0: 1, 2: 3}.get(kind)
    if colours is None or interlaced or not width or not height:
        raise IndexError(kind)
    stream, at = [], 8
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        if name == b"IDAT":
            stream.append(data[at + 8 : at + 8 + length])
        at += 12 + length
    return Encoded(width, height, bits, colours, b"".join(stream), "FlateDecode")
