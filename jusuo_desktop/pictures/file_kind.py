"""What a file is, told by its content and never by its name alone: pictures, PDF, and the kinds that are kept as they are."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from jusuo_desktop.store.refusal import Refused

PICTURE, PDF, OTHER = "picture", "pdf", "other"
MOST_MEMBERS: Final = 20_000
LOOKED_AT: Final = 1 << 16
"""Bytes of a text that are looked at."""


class BadFile(Refused):
    """The file is of a kind that is not kept, broken, or larger than it may be."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: `family` says what can be shown of it, `reader` how the picture library calls it."""

    media_type: str
    suffix: str
    label: str
    family: str = OTHER
    reader: str = ""


JPEG: Final = FileKind("image/jpeg", ".jpg", "照片", PICTURE, "JPEG")
PNG: Final = FileKind("image/png", ".png", "图片", PICTURE, "PNG")
PDF_KIND: Final = FileKind("application/pdf", ".pdf", "PDF", PDF)
_WEBP: Final = FileKind("image/webp", ".webp", "图片", PICTURE, "WEBP")
_BMP: Final = FileKind("image/bmp", ".bmp", "图片", PICTURE, "BMP")
_TIFF: Final = FileKind("image/tiff", ".tif", "扫描件", PICTURE, "TIFF")
_GIF: Final = FileKind("image/gif", ".gif", "图片", PICTURE, "GIF")
_WAVE: Final = FileKind("audio/wav", ".wav", "录音")
_TEXT: Final = FileKind("text/plain", ".txt", "文本")

_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", _GIF),
    (b"GIF89a", _GIF),
    (b"II*\0", _TIFF),
    (b"MM\0*", _TIFF),
    (b"BM", _BMP),
    (b"{\\rtf", FileKind("application/rtf", ".rtf", "文档")),
    (b"ID3", FileKind("audio/mpeg", ".mp3", "录音")),
    (b"#!AMR", FileKind("audio/amr", ".amr", "录音")),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", FileKind("video/x-ms-asf", ".wmv", "录像")),
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_OFFICE: Final = {
    ".doc": FileKind("application/msword", ".doc", "文档"),
    ".xls": FileKind("application/vnd.ms-excel", ".xls", "表格"),
    ".ppt": FileKind("application/vnd.ms-powerpoint", ".ppt", "演示文稿"),
    ".wps": FileKind("application/vnd.ms-works", ".wps", "文档"),
    ".et": FileKind("application/vnd.ms-excel", ".et", "表格"),
}
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_PACKED: Final = (
    ("word/", FileKind(f"{_OFFICE}wordprocessingml.document", ".docx", "文档")),
    ("xl/", FileKind(f"{_OFFICE}spreadsheetml.sheet", ".xlsx", "表格")),
    ("ppt/", FileKind(f"{_OFFICE}presentationml.presentation", ".pptx", "演示文稿")),
    ("OFD.xml", FileKind("application/ofd", ".ofd", "版式文件")),
)
_BRANDS: Final = {
    b"qt  ": FileKind("video/quicktime", ".mov", "录像"),
    b"M4A ": FileKind("audio/mp4", ".m4a", "录音"),
    b"3gp": FileKind("video/3gpp", ".3gp", "录像"),
}
_FILM: Final = FileKind("video/mp4", ".mp4", "录像")
_PHONE_PICTURES: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
_TEXTS: Final = {".txt": _TEXT, ".csv": FileKind("text/csv", ".csv", "文本"), ".md": _TEXT, ".log": _TEXT}
KEPT: Final = "照片和图片（JPG、PNG、WebP、BMP、TIFF、GIF）、PDF、OFD、Word、Excel、WPS文档、文本、录音和录像"


def kind_of_file(name: str, data: bytes) -> FileKind:
    """What the bytes are.

    Raises:
        BadFile: empty, of a kind that is not kept, or a phone's format that is not read here; with what to do.
    """
    if not data:
        raise BadFile(f"“{name}”是空文件，请重新复制一份。")
    suffix = PurePath(name).suffix.lower()
    found = (
        next((kind for beginning, kind in _BEGINNINGS if data.startswith(beginning)), None)
        or (PDF_KIND if b"%PDF-" in data[:1024] else None)
        or _riff(data)
        or _boxed(name, data)
        or (_mpeg_sound(data, suffix))
        or (_OLD_OFFICE.get(suffix) if data.startswith(_OLE) else None)
        or (_packed(name, data) if data.startswith(b"PK\x03\x04") else None)
        or (_TEXTS[suffix] if suffix in _TEXTS and _is_text(data) else None)
    )
    if found is None:
        raise BadFile(f"“{name}”不是可以保存的文件。可以添加：{KEPT}。")
    return found


def named(name: str, suffix: str) -> str:
    """The file's name with the suffix that its content asks for."""
    path = PurePath(name.replace("\\", "/"))
    stem = path.stem if path.suffix else path.name
    return f"{stem[:120] or '附件'}{suffix}"


def _riff(data: bytes) -> FileKind | None:
    if not data.startswith(b"RIFF"):
        return None
    return {b"WEBP": _WEBP, b"WAVE": _WAVE, b"AVI ": FileKind("video/x-msvideo", ".avi", "录像")}.get(data[8:12])


def _boxed(name: str, data: bytes) -> FileKind | None:
    if data[4:8] != b"ftyp":
        return None
    brand = data[8:12]
    if brand in _PHONE_PICTURES:
        raise BadFile(
            f"“{name}”是手机的HEIC格式照片，这里打不开。请在手机“设置—相机—格式”里选“兼容性最佳”后重拍，或者用微信“文件传输助手”发到电脑（自动变成JPG）再添加。"
        )
    return _BRANDS.get(brand) or (_BRANDS[b"3gp"] if brand.startswith(b"3gp") else _FILM)


def _mpeg_sound(data: bytes, suffix: str) -> FileKind | None:
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return None
    if data[1] & 0xF6 == 0xF0 and suffix == ".aac":
        return FileKind("audio/aac", ".aac", "录音")
    return FileKind("audio/mpeg", ".mp3", "录音") if suffix == ".mp3" else None


def _packed(name: str, data: bytes) -> FileKind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise BadFile(f"“{name}”已经损坏或没有下载完整，请重新复制一份。") from None
    if len(members) > MOST_MEMBERS:
        raise BadFile(f"“{name}”里面的内容过多，不像文档，没有添加。")
    if any(member.endswith("vbaProject.bin") for member in members):
        raise BadFile(f"“{name}”带有宏程序，没有添加。请用WPS或Office另存为不带宏的文件，或者导出成PDF再添加。")
    return next((kind for beginning, kind in _PACKED if any(m.startswith(beginning) for m in members)), None)


def _is_text(data: bytes) -> bool:
    head = data[:LOOKED_AT]
    if b"\0" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            head[: len(head) - 4 if len(data) > len(head) else len(head)].decode(encoding)
        except UnicodeDecodeError as error:
            if len(data) > LOOKED_AT and error.start > len(head) - 12:
                return True  # a character cut at the end of what is looked at
            continue
        return True
    return False
