"""What is done to a file before it is kept: it is decoded in a process of its own, once and whole, and what comes back is harmless.

Pictures come back upright and small, one picture as a JPEG or PNG, several as one PDF with a sheet each. A PDF comes back as it is, after
every page of it could be drawn. Everything else is only told apart, and kept as it is.
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from jusuo_desktop.apart import Broken, CalledOff, TooSlow, run_apart
from jusuo_desktop.pictures.file_kind import PDF, PDF_KIND, PICTURE, BadFile, FileKind, kind_of_file, named
from jusuo_desktop.store.refusal import Refused

if TYPE_CHECKING:
    from PIL import Image

    from jusuo_desktop.pictures.upright import Picture

MOST_BYTES: Final = 100 << 20
MOST_PIXELS: Final = 220_000_000
"""Of one picture: the largest that phones take."""
MOST_PAGES: Final = 300
MOST_SECONDS: Final = 180
MOST_TOGETHER: Final = 100
"""Files joined into one."""
DRAWN_AT: Final = 0.5
"""Pixels a point at which every page of a PDF is drawn once."""
_EXIF_FOLDER, _TAKEN = 0x8769, 0x9003
_EARLIEST: Final = 1990


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as it is kept. `pages` is 0 for what has none; `taken_at` is the camera's own time, '' when it has none to be believed."""

    file_name: str
    media_type: str
    data: bytes
    pages: int
    taken_at: str = ""


def take_in(name: str, data: bytes, *, stopped: threading.Event | None = None, seconds: float = MOST_SECONDS) -> Taken:
    """One file as it is kept.

    Raises:
        BadFile: what is wrong with it and what to do.
        Refused: it was called off.
    """
    kind = _bounded(name, data)
    if kind.family not in (PICTURE, PDF):
        return Taken(named(name, kind.suffix), kind.media_type, data, 0)
    return _apart(name, ((name, data, kind),), seconds, stopped)


def join(files: Sequence[tuple[str, bytes]], *, stopped: threading.Event | None = None, seconds: float = MOST_SECONDS) -> Taken:
    """Several pictures and PDFs as one, a sheet behind the other, called after the first.

    Raises:
        BadFile: what is wrong with one of them and what to do.
        Refused: it was called off.
    """
    if len(files) > MOST_TOGETHER:
        raise BadFile(f"一次最多合并{MOST_TOGETHER}个文件，请分几次添加。")
    if sum(len(data) for _, data in files) > 4 * MOST_BYTES:
        raise BadFile(f"要合并的文件一共超过{4 * MOST_BYTES >> 20}兆，请分几次添加。")
    known = tuple((name, data, _bounded(name, data)) for name, data in files)
    for name, _, kind in known:
        if kind.family not in (PICTURE, PDF):
            raise BadFile(f"“{name}”是{kind.label}，只有图片和PDF可以合并成一份。请单独添加它。")
    return _apart(files[0][0], known, seconds, stopped)


def _bounded(name: str, data: bytes) -> FileKind:
    if len(data) > MOST_BYTES:
        raise BadFile(f"“{name}”有{len(data) >> 20}兆，最大只能保存{MOST_BYTES >> 20}兆。请压缩或者分成几个文件后再添加。")
    return kind_of_file(name, data)


def _apart(name: str, files: tuple[tuple[str, bytes, FileKind], ...], seconds: float, stopped: threading.Event | None) -> Taken:
    try:
        taken = run_apart(read_files, files, told=BadFile, seconds=seconds, stopped=stopped)
    except TooSlow:
        raise BadFile(f"“{name}”处理了很久还没有完，没有添加。请缩小图片或者分成几个文件后再添加。") from None
    except Broken:
        raise BadFile(f"“{name}”已经损坏，打不开。请重新复制、重新拍照或者重新扫描后再添加。") from None
    except CalledOff:
        raise Refused(f"已停止，没有添加“{name}”。") from None
    if len(taken.data) > MOST_BYTES:
        raise BadFile(f"“{name}”整理后仍有{len(taken.data) >> 20}兆，最大只能保存{MOST_BYTES >> 20}兆。请分成几个文件后再添加。")
    return taken


# -- in the other process --------------------------------------------------------


def read_files(files: Sequence[tuple[str, bytes, FileKind]]) -> Taken:
    """The files as one; in the process that may die of it.

    Raises:
        BadFile: one of them cannot be read, or is too large.
    """
    from jusuo_desktop.pictures.arranging import joined
    from jusuo_desktop.pictures.picture_pdf import pdf_of_pictures

    parts: list[bytes] = []
    waiting: list[Picture] = []
    pages = 0
    taken_at = ""
    for name, data, kind in files:
        if kind.family == PDF:
            pages += _drawn(name, data)
            if waiting:
                parts.append(pdf_of_pictures([p.data for p in waiting]))
            waiting = []
            parts.append(data)
        else:
            for picture, taken in _pictures(name, data, kind):
                waiting.append(picture)
                taken_at = taken_at or taken
                pages += 1
        if pages > MOST_PAGES:
            raise BadFile(f"“{name}”到了第{pages}页，一份附件最多{MOST_PAGES}页，请分成几份添加。")
    first = files[0][0]
    if not parts and len(waiting) == 1:
        return Taken(named(first, waiting[0].suffix), waiting[0].media_type, waiting[0].data, 1, taken_at)
    if waiting:
        parts.append(pdf_of_pictures([p.data for p in waiting]))
    whole = parts[0] if len(parts) == 1 else joined(parts)
    return Taken(named(first, PDF_KIND.suffix), PDF_KIND.media_type, whole, pages, taken_at)


def _pictures(name: str, data: bytes, kind: FileKind) -> Iterator[tuple[Picture, str]]:
    from PIL import Image, ImageSequence, UnidentifiedImageError

    from jusuo_desktop.pictures.upright import LONG_EDGE, TALL, upright

    Image.MAX_IMAGE_PIXELS = None  # judged here, by the picture's own heading
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a decoder finds odd and reads all the same
            with Image.open(io.BytesIO(data), formats=[kind.reader]) as image:
                frames = ImageSequence.Iterator(image) if kind.reader == "TIFF" else iter((image,))
                for frame in frames:
                    if frame.width * frame.height > MOST_PIXELS:
                        raise BadFile(f"“{name}”有{frame.width}×{frame.height}点，太大了。请在手机或扫描仪上改用小一些的尺寸。")
                    taken = _taken(frame)
                    if frame.height <= TALL * frame.width:
                        frame.draft("RGB", (2 * LONG_EDGE, 2 * LONG_EDGE))  # a JPEG is decoded no larger than it has to be
                    for picture in upright(frame):
                        yield picture, taken
    except BadFile:
        raise
    except MemoryError:
        raise BadFile(f"“{name}”太大，内存不够。请缩小图片后再添加。") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError, KeyError, ZeroDivisionError, OverflowError):
        raise BadFile(f"“{name}”已经损坏或没有复制完整，打不开。请重新复制、重新拍照或者重新扫描后再添加。") from None


def _taken(image: Image.Image) -> str:
    """When the camera says it was taken; only the time is read, never the place."""
    try:
        said = image.getexif().get_ifd(_EXIF_FOLDER).get(_TAKEN)
        taken = datetime.strptime(str(said).strip("\0 "), "%Y:%m:%d %H:%M:%S")
    except Exception:  # a camera's remarks may be anything, and none is worth a picture
        return ""
    return f"{taken:%Y-%m-%dT%H:%M}" if taken.year >= _EARLIEST else ""


def _drawn(name: str, data: bytes) -> int:
    """Draws every page once; returns how many there are."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise BadFile(f"“{name}”设了打开密码。请先取消密码（用打开它的程序另存），再添加。") from None
        raise BadFile(f"“{name}”已经损坏或没有下载完整，打不开。请重新复制一份。") from None
    try:
        pages = len(document)
        if not 0 < pages <= MOST_PAGES:
            raise BadFile(f"“{name}”有{pages}页，一份附件最多{MOST_PAGES}页。请分成几份添加。" if pages else f"“{name}”里一页也没有。")
        for number in range(pages):
            page = document[number]
            width, height = page.get_size()
            page.render(scale=DRAWN_AT * min(1.0, 1000 / max(width, height, 1.0)), draw_annots=False).close()
            page.close()
    except pdfium.PdfiumError:
        raise BadFile(f"“{name}”第{number + 1}页已经损坏，显示不出来。请重新制作这份PDF，或者打印后扫描。") from None
    finally:
        document.close()
    return pages
