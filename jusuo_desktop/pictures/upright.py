"""One picture made upright, plain and small: the camera's remarks (place, serial number) are gone, text stays legible, colour stays where it
says something (a red seal, a thumb print).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageCms, ImageOps

from jusuo_desktop.pictures.file_kind import JPEG, PNG

LONG_EDGE: Final = 2480
"""Pixels: an A4 sheet at 212 dpi; characters of 10 points stay sharp on paper."""
MOST_EDGE: Final = 7100
"""Of a picture in two tones, which is small as it is: A4 at 600 dpi."""
QUALITY: Final = 82
TALL: Final = 2.5
"""So many times as tall as wide and taller than LONG_EDGE: a long screenshot, cut into sheets."""
TALL_WIDTH: Final = 1240
PIECE: Final = 1.36
"""Height of a piece of a tall picture by its width: fills an A4 sheet within margins."""
OVERLAP: Final = 0.03
COLOUR_LOOK: Final = 400
COLOUR_LEAST: Final = 26
COLOUR_SHARE: Final = 0.0004
"""Of the pixels looked at: a small seal on a sheet is some hundredths."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One upright picture, encoded."""

    data: bytes
    media_type: str
    suffix: str
    width: int
    height: int


def upright(image: Image.Image) -> Iterator[Picture]:
    """The picture as it is kept; several where it is a tall strip."""
    turned = ImageOps.exif_transpose(image)
    if _two_tones(turned):
        yield _in_two_tones(turned)
        return
    plain = _plain(turned)
    width, height = plain.size
    if height > TALL * width and height > LONG_EDGE:
        yield from map(_encoded, _pieces(plain))
    else:
        plain.thumbnail((LONG_EDGE, LONG_EDGE), Image.Resampling.LANCZOS)
        yield _encoded(plain)


def _two_tones(image: Image.Image) -> bool:
    if image.mode == "1":
        return True
    if image.mode != "P" or "transparency" in image.info:
        return False
    found = image.convert("RGB").getcolors(2)
    return found is not None and {colour for _, colour in found} <= {(0, 0, 0), (255, 255, 255)}


def _in_two_tones(image: Image.Image) -> Picture:
    two = image.convert("1", dither=Image.Dither.NONE)
    if max(two.size) > MOST_EDGE:
        grey = two.convert("L")
        grey.thumbnail((MOST_EDGE, MOST_EDGE), Image.Resampling.BOX)
        two = grey.point(lambda level: 255 if level > 127 else 0).convert("1", dither=Image.Dither.NONE)
    made = io.BytesIO()
    two.save(made, "PNG", optimize=True)
    return Picture(made.getvalue(), PNG.media_type, PNG.suffix, *two.size)


def _plain(image: Image.Image) -> Image.Image:
    """On white, 8 bits, sRGB or grey."""
    if image.mode.startswith(("I", "F")):
        low, high = (float(e) for e in image.getextrema())  # type: ignore[arg-type]
        span = 65535.0 if 255 < high <= 65535 and low >= 0 else max(high, 1.0)
        image = image.convert("F").point(lambda level: level * (255.0 / span)).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or (image.mode == "P" and "transparency" in image.info):
        seen = image.convert("RGBA")
        white = Image.new("RGBA", seen.size, "white")
        white.alpha_composite(seen)
        image = white
    if image.mode == "L":
        return image.copy()
    plain = _in_srgb(image)
    return plain if _has_colour(plain) else plain.convert("L")


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            made = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB")
            if made is not None:
                return made
    return image.convert("RGB")


def _has_colour(image: Image.Image) -> bool:
    small = image.copy()
    small.thumbnail((COLOUR_LOOK, COLOUR_LOOK), Image.Resampling.BOX)
    _, blue, red = small.convert("YCbCr").split()
    strong = sum(count for band in (blue, red) for level, count in enumerate(band.histogram()) if abs(level - 128) >= COLOUR_LEAST)
    return strong > COLOUR_SHARE * small.width * small.height


def _pieces(image: Image.Image) -> Iterator[Image.Image]:
    if image.width > TALL_WIDTH:
        image = image.resize((TALL_WIDTH, round(image.height * TALL_WIDTH / image.width)), Image.Resampling.LANCZOS)
    tall = round(image.width * PIECE)
    step = round(tall * (1 - OVERLAP))
    top = 0
    while True:
        yield image.crop((0, top, image.width, min(top + tall, image.height)))
        if top + tall >= image.height:
            return
        top += step


def _encoded(image: Image.Image) -> Picture:
    made = io.BytesIO()
    image.save(made, "JPEG", quality=QUALITY, optimize=True, subsampling=0)
    return Picture(made.getvalue(), JPEG.media_type, JPEG.suffix, *image.size)


def turned(data: bytes, turn: int) -> bytes:
    """A kept picture turned clockwise by a multiple of 90 degrees, for a copy; in the process that may die of it."""
    with Image.open(io.BytesIO(data), formats=[JPEG.reader, PNG.reader]) as image:
        made = image.rotate(-turn, expand=True)
        if image.format == PNG.reader:
            into = io.BytesIO()
            made.save(into, PNG.reader, optimize=True)
            return into.getvalue()
        return _encoded(made).data
