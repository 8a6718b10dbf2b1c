"""Pictures as offices have them: a typed sheet with a red seal, a photograph held wrongly, a scan of three sheets, a long screenshot, a PDF."""

from __future__ import annotations

import io
import math
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from jusuo_desktop.printing.fonts import FOLDER


def encoded(image: Image.Image, form: str, **more: Any) -> bytes:
    """The picture as a file."""
    made = io.BytesIO()
    image.save(made, form, **more)
    return made.getvalue()


def opened(data: bytes) -> Image.Image:
    """The file as a picture."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def sheet(title: str = "人民调解协议书", *, size: tuple[int, int] = (1240, 1754), seal: bool = True) -> Image.Image:
    """Text on paper, with a red seal at its foot."""
    image = Image.new("RGB", size, (250, 249, 245))
    draw = ImageDraw.Draw(image)
    unit = size[0] / 40
    font = ImageFont.truetype(FOLDER / "NotoSerifSC-Regular.ttf", int(unit))
    heading = ImageFont.truetype(FOLDER / "NotoSerifSC-Regular.ttf", int(1.8 * unit))
    draw.text((size[0] / 2, 4 * unit), title, fill=(20, 20, 20), font=heading, anchor="mm")
    line = "经调解，双方当事人自愿达成如下协议：院墙由张三出资修复，李四协助。"
    for row in range(18):
        draw.text((4 * unit, (8 + 1.9 * row) * unit), line[row % 7 :], fill=(30, 30, 30), font=font)
    if seal:
        middle, radius = (28 * unit, 46 * unit), 4.5 * unit
        draw.ellipse([middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius], outline=(206, 36, 36), width=int(unit / 3))
        tips = [(1.6 if k % 2 else 0.7, k * math.pi / 5) for k in range(10)]
        star = [(middle[0] + far * unit * math.sin(turn), middle[1] + far * unit * math.cos(turn)) for far, turn in tips]
        draw.polygon(star, fill=(206, 36, 36))
    return image


def photograph(size: tuple[int, int] = (2000, 1500), *, tilt: float = 4.0) -> Image.Image:
    """A sheet photographed askew on a wooden table."""
    table = Image.effect_noise((size[0] // 8, size[1] // 8), 40).resize(size).convert("RGB")
    table = Image.blend(table, Image.new("RGB", size, (126, 92, 60)), 0.8)
    paper = sheet("现场照片说明", size=(int(size[1] * 0.6), int(size[1] * 0.85))).rotate(tilt, expand=True, fillcolor=(126, 92, 60))
    table.paste(paper, ((size[0] - paper.width) // 2, (size[1] - paper.height) // 2))
    return table.filter(ImageFilter.GaussianBlur(0.6))


def phone_exif(orientation: int = 6, taken: str = "2026:03:05 14:20:11") -> Image.Exif:
    """What a phone writes into a photograph, the place included."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "某牌手机"
    exif.get_ifd(0x8769)[0x9003] = taken
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 45.0, 12.5)})
    return exif


def scan(pages: int = 3) -> bytes:
    """A multi-page TIFF in two tones, as scanners make it."""
    sheets = [sheet(f"第{n}页", seal=False).convert("L").point(lambda level: 255 if level > 140 else 0).convert("1") for n in range(1, pages + 1)]
    return encoded(sheets[0], "TIFF", save_all=True, append_images=sheets[1:], compression="group4")


def pdf(pages: int = 2) -> bytes:
    """A PDF that another program made."""
    sheets = [sheet(f"判决书第{n}页", size=(620, 877)) for n in range(1, pages + 1)]
    return encoded(sheets[0], "PDF", save_all=True, append_images=sheets[1:], resolution=75)


def chat(height: int = 9000) -> Image.Image:
    """A long screenshot of a conversation."""
    image = Image.new("RGB", (720, height), (237, 237, 237))
    draw = ImageDraw.Draw(image)
    for n, top in enumerate(range(40, height - 100, 160)):
        left = 40 if n % 2 else 260
        draw.rounded_rectangle((left, top, left + 420, top + 110), 16, fill="white" if n % 2 else (149, 236, 105))
    return image
