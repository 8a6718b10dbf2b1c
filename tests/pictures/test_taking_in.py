"""What comes in from phones, scanners and screens: upright, small, without the camera's remarks; what is broken is a sentence."""

from __future__ import annotations

import os
import threading
import time
import zipfile
from contextlib import suppress
from io import BytesIO
from typing import Any

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from jusuo_desktop.apart import Broken, CalledOff, TooSlow, run_apart
from jusuo_desktop.pictures.file_kind import BadFile, kind_of_file
from jusuo_desktop.pictures.taking_in import MOST_BYTES, MOST_PIXELS, Taken, join, read_files, take_in
from jusuo_desktop.store import Refused
from tests.pictures.images import chat, encoded, opened, pdf, phone_exif, photograph, scan, sheet


def taken(name: str, data: bytes) -> Taken:
    """As in the other process."""
    return read_files([(name, data, kind_of_file(name, data))])


def page_sizes(data: bytes) -> list[tuple[int, int]]:
    document = pdfium.PdfDocument(data)
    found = [tuple(round(side) for side in document.get_page_size(n)) for n in range(len(document))]
    document.close()
    return found  # type: ignore[return-value]


# -- pictures --------------------------------------------------------------------


def test_a_phones_photograph_is_upright_small_and_does_not_tell_where_it_was_taken() -> None:
    held = photograph((3200, 2400)).transpose(Image.Transpose.ROTATE_90)  # what the sensor saw; the remark says how to turn it
    made = take_in("IMG_0001.HEIC.JPG", encoded(held, "JPEG", quality=92, exif=phone_exif(6)))
    assert (made.file_name, made.media_type, made.pages, made.taken_at) == ("IMG_0001.HEIC.jpg", "image/jpeg", 1, "2026-03-05T14:20")
    image = opened(made.data)
    assert image.size == (2480, 1860)
    assert not image.getexif()
    assert b"Exif" not in made.data
    assert len(made.data) < 1_500_000
    corner = image.convert("RGB").resize((8, 6))
    assert corner.getpixel((4, 3))[2] > corner.getpixel((0, 0))[2], "paper in the middle, table at the edge: turned and not torn"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_whichever_way_the_camera_was_held_the_top_is_at_the_top(orientation: int) -> None:
    image = Image.new("RGB", (300, 400), "white")
    image.paste("red", (0, 0, 300, 60))
    image.paste("blue", (0, 60, 40, 400))
    undo = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    seen = image if undo is None else image.transpose(Image.Transpose(undo))
    made = opened(taken("照片.jpg", encoded(seen, "JPEG", exif=phone_exif(orientation))).data).convert("RGB")
    assert made.size == (300, 400)
    assert made.getpixel((150, 20))[0] > 200
    assert made.getpixel((150, 20))[2] < 60
    assert made.getpixel((10, 200))[2] > 200


def test_a_red_seal_keeps_its_colour_and_a_grey_scan_becomes_smaller() -> None:
    with_seal = taken("a.png", encoded(sheet(), "PNG"))
    without = taken("b.png", encoded(sheet(seal=False), "PNG"))
    assert opened(with_seal.data).mode == "RGB"
    assert opened(without.data).mode == "L"
    red, green, _ = opened(with_seal.data).crop((720, 1280, 1020, 1580)).split()
    assert any(r > 150 and g < 100 for r, g in zip(red.tobytes(), green.tobytes(), strict=True))
    assert len(without.data) < len(with_seal.data) < len(encoded(sheet(), "PNG")) * 2


def test_text_stays_legible_after_compression() -> None:
    before = sheet(seal=False).convert("L")
    after = opened(taken("a.bmp", encoded(before, "BMP")).data)
    assert after.size == before.size
    worst = max(abs(a - b) for a, b in zip(before.resize((310, 438)).tobytes(), after.resize((310, 438)).tobytes(), strict=True))
    assert worst < 24


@pytest.mark.parametrize("form", ["PNG", "WEBP", "BMP", "GIF", "TIFF", "JPEG"])
@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "RGBA", "LA", "CMYK", "I;16", "F"])
def test_every_kind_of_pixel_is_read(form: str, mode: str) -> None:
    small = sheet(size=(300, 424))
    image = small.convert("L").convert("I;16") if mode == "I;16" else small.convert("L").convert("F") if mode == "F" else small.convert(mode)
    try:
        data = encoded(image, form)
    except (OSError, ValueError, KeyError):
        return  # the format has no such pixels
    made = taken("a", data)
    image = opened(made.data)
    assert image.size == (300, 424)
    light = image.convert("L").getpixel((3, 3))
    assert light > 200 or mode in ("I;16",), "paper is light"


def test_what_is_transparent_lies_on_white() -> None:
    assert opened(taken("a.png", encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG")).data).convert("L").getextrema() == (255, 255)


def test_a_scan_of_three_sheets_is_one_pdf_of_a4_pages_in_two_tones() -> None:
    made = take_in("扫描0001.tif", scan(3))
    assert (made.file_name, made.media_type, made.pages) == ("扫描0001.pdf", "application/pdf", 3)
    assert page_sizes(made.data) == [(595, 842)] * 3
    assert len(made.data) < 120_000
    assert b"/BitsPerComponent 1 " in made.data


def test_a_long_screenshot_is_cut_into_sheets_that_overlap() -> None:
    made = taken("聊天记录.png", encoded(chat(9000), "PNG"))
    assert made.media_type == "application/pdf"
    assert 9 <= made.pages <= 11
    assert set(page_sizes(made.data)) == {(595, 842)}


def test_a_camera_without_a_clock_says_nothing() -> None:
    for said in ("0000:00:00 00:00:00", "1980:01:01 00:00:00", "junk", ""):
        assert taken("a.jpg", encoded(Image.new("L", (9, 9)), "JPEG", exif=phone_exif(1, said))).taken_at == ""


# -- several as one ------------------------------------------------------------------


def test_pictures_and_pdfs_become_one_in_their_order() -> None:
    files = [("签字页.jpg", encoded(sheet(), "JPEG")), ("判决书.pdf", pdf(2)), ("照片.jpg", encoded(photograph((800, 600)), "JPEG"))]
    made = join(files)
    assert (made.file_name, made.media_type, made.pages) == ("签字页.pdf", "application/pdf", 4)
    assert len(page_sizes(made.data)) == 4
    assert join(files).data == made.data, "the same files, the same bytes, the same name in the store"


def test_what_cannot_be_joined_is_named() -> None:
    with pytest.raises(BadFile, match=r"“录音.mp3”是录音，只有图片和PDF可以合并"):
        join([("a.jpg", encoded(sheet(size=(100, 141)), "JPEG")), ("录音.mp3", b"ID3\x04" + bytes(100))])


def test_a_pdf_stays_as_it_is() -> None:
    data = pdf(2)
    assert take_in("判决书", data) == Taken("判决书.pdf", "application/pdf", data, 2)


# -- what a file is ---------------------------------------------------------------------


def packed(*names: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [
        ("照片.txt", encoded(Image.new("L", (9, 9)), "JPEG"), "照片.jpg"),
        ("文书.docx", packed("[Content_Types].xml", "word/document.xml"), "文书.docx"),
        ("表.zip", packed("[Content_Types].xml", "xl/workbook.xml"), "表.xlsx"),
        ("公文.ofd", packed("OFD.xml", "Doc_0/Document.xml"), "公文.ofd"),
        ("老文书.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "老文书.doc"),
        ("录音.mp3", b"\xff\xfb\x90\x44" + bytes(400), "录音.mp3"),
        ("录音.amr", b"#!AMR\n" + bytes(40), "录音.amr"),
        ("录音.m4a", b"\0\0\0\x20ftypM4A " + bytes(40), "录音.m4a"),
        ("录像", b"\0\0\0\x20ftypisom" + bytes(40), "录像.mp4"),
        ("录像.mov", b"\0\0\0\x14ftypqt  " + bytes(40), "录像.mov"),
        ("录音.wav", b"RIFF\x24\0\0\0WAVEfmt " + bytes(30), "录音.wav"),
        ("说明.txt", "证人住在村东头".encode("gb18030") * 20_000, "说明.txt"),
        ("说明.txt", "证人".encode() * 30_000, "说明.txt"),
        (r"C:\桌面\..\说明.csv", b"a,b", "说明.csv"),
    ],
)
def test_a_file_is_known_by_its_content(name: str, data: bytes, kept: str) -> None:
    assert take_in(name, data).file_name == kept


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("空.jpg", b"", "空文件"),
        ("程序.jpg", b"MZ\x90\0" + bytes(400), "不是可以保存的文件"),
        ("病毒.bat", b"del *.*", "不是可以保存的文件"),
        ("网页.txt.html", b"<script>", "不是可以保存的文件"),
        ("二进制.txt", b"a\0b", "不是可以保存的文件"),
        ("带宏.docx", packed("word/document.xml", "word/vbaProject.bin"), "带有宏"),
        ("压缩包.zip", packed("a.exe"), "不是可以保存的文件"),
        ("半个.docx", packed("word/document.xml")[:40], "没有下载完整"),
        ("IMG.HEIC", b"\0\0\0\x18ftypheic" + bytes(40), "HEIC"),
        ("大.jpg", b"\xff\xd8\xff" + bytes(MOST_BYTES), "最大只能保存100兆"),
        ("坏.jpg", b"\xff\xd8\xff\xe0" + bytes(400), "已经损坏"),
        ("半张.jpg", encoded(photograph((800, 600)), "JPEG")[:9000], "没有复制完整"),
        ("坏.pdf", b"%PDF-1.7\njunk", "已经损坏"),
    ],
)
def test_what_is_not_taken_in_is_a_sentence_that_names_the_file(name: str, data: bytes, said: str) -> None:
    with pytest.raises(BadFile, match=said) as refused:
        take_in(name, data)
    assert name.split(".")[0] in refused.value.message
    assert refused.value.message.endswith(("。", "”）再添加。"))


def test_a_locked_pdf_is_a_sentence() -> None:
    from reportlab.pdfgen.canvas import Canvas

    made = BytesIO()
    canvas = Canvas(made, encrypt="secret")
    canvas.drawString(100, 100, "x")
    canvas.save()
    with pytest.raises(BadFile, match="打开密码"):
        taken("判决书.pdf", made.getvalue())


def test_a_picture_that_would_fill_the_memory_is_judged_by_its_heading() -> None:
    side = int((MOST_PIXELS + 1) ** 0.5) + 1
    bomb = bytearray(encoded(Image.new("1", (64, 64)), "PNG"))
    import struct
    import zlib

    head = struct.pack(">II", side, side) + bytes(bomb[24:29])
    bomb[16:29] = head
    bomb[29:33] = struct.pack(">I", zlib.crc32(b"IHDR" + head))
    with pytest.raises(BadFile, match="太大了"):
        taken("炸弹.png", bytes(bomb))


# -- anything at all -----------------------------------------------------------------------


SEEDS = [encoded(sheet(size=(80, 113)), form) for form in ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF")] + [pdf(1)[:4000]]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=8), st.integers(0, 4000))
def test_any_damage_is_read_or_refused_and_nothing_else(seed: bytes, flips: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(seed)
    for place, value in flips:
        data[place % len(data)] = value
    data = data[: len(data) - cut % (len(data) // 2)]
    with suppress(BadFile):
        made = taken("文件.txt", bytes(data))
        assert made.pages >= 1 or made.media_type == "text/plain"


# -- in a process of its own ------------------------------------------------------------------


def dies() -> None:
    os.abort()


def never_ends(*_: Any) -> None:
    threading.Event().wait()


def test_a_decoder_that_dies_takes_nothing_with_it() -> None:
    with pytest.raises(Broken):
        run_apart(dies, told=BadFile, seconds=20)
    with pytest.raises(TooSlow):
        run_apart(never_ends, told=BadFile, seconds=0.2)


def test_it_can_be_called_off() -> None:
    stopped = threading.Event()
    began = time.monotonic()
    threading.Timer(0.3, stopped.set).start()
    with pytest.raises(CalledOff):
        run_apart(never_ends, told=BadFile, seconds=60, stopped=stopped)
    assert time.monotonic() - began < 10
    with pytest.raises(Refused, match="已停止"):
        take_in("a.jpg", encoded(sheet(), "JPEG"), stopped=stopped)
