"""An attachment as pages: for the screen as large as it is, for paper and the volume on A4, for another computer as a copy that is noted."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jusuo_desktop.actions.attach import arrangement_of
from jusuo_desktop.actions.contents import content_of
from jusuo_desktop.actions.session import Session
from jusuo_desktop.apart import Broken, TooSlow, run_apart
from jusuo_desktop.pictures.arranging import PagePlace, arranged
from jusuo_desktop.pictures.file_kind import JPEG, PDF_KIND, PNG
from jusuo_desktop.pictures.picture_pdf import pdf_of_pictures
from jusuo_desktop.printing.raster import PagePictures, Picture, pdfium_lock
from jusuo_desktop.records.kind import Record
from jusuo_desktop.store.refusal import DamagedContent, DiskTrouble, Refused

PICTURES: Final = frozenset({JPEG.media_type, PNG.media_type})
SHOWN: Final = PICTURES | {PDF_KIND.media_type}
"""What can be shown, printed and bound."""
MOST_SECONDS: Final = 60


def is_shown(record: Record) -> bool:
    """Whether the attachment has pages; documents, sounds and films have none."""
    return record.values.get("media_type") in SHOWN


def bytes_of(session: Session, record: Record) -> bytes:
    """The attachment's content as it is kept here, else from the county.

    Raises:
        Refused: it is not on this computer and the county cannot be asked, or it is damaged.
    """
    return content_of(session, str(record.values.get("sha256", "")), str(record.values.get("file_name", "附件")))


def pdf_of(session: Session, record: Record, *, a4: bool = True) -> bytes:
    """The attachment as a PDF, a page for each of its pages, arranged as people arranged them: each picture upright in the middle of an
    A4 sheet (without `a4`, a page of its own shape); a PDF as it is. The same record gives the same bytes.

    Raises:
        Refused: it has no pages, is not on this computer, or is damaged.
    """
    if not is_shown(record):
        raise Refused(f"“{record.values.get('file_name', '附件')}”不是图片或PDF，不能在这里显示或者装订。请另存后用别的程序打开，或者打印后扫描。")
    data, places = bytes_of(session, record), arrangement_of(record)
    if record.values.get("media_type") in PICTURES:
        return pdf_of_pictures([data], a4=a4, turns=[places[0].turn if places else 0])
    if places == tuple(PagePlace(n) for n in range(len(places))):
        return data
    with pdfium_lock:
        return arranged(data, places)


def pages_of(session: Session, record: Record) -> PagePictures:
    """The attachment's pages in colour, for the screen.

    Raises:
        Refused: as `pdf_of`.
    """
    pdf = pdf_of(session, record, a4=False)
    try:
        return PagePictures(pdf, colour=True)
    except RuntimeError:  # PDFium's own: it cannot read what another computer sent
        raise DamagedContent(f"“{record.values.get('file_name', '附件')}”打不开，内容可能不完整。请重新添加这份附件。") from None


def thumbnail(session: Session, record: Record, edge: int) -> Picture | None:
    """The first page, its long edge so many pixels; None for what has no pages or is not here.

    Raises:
        DamagedContent: the content is damaged.
    """
    if not session.store.has_content(str(record.values.get("sha256", ""))):
        return None  # fetched when it is opened, not for a small picture
    try:
        pages = pages_of(session, record)
    except DamagedContent:
        raise
    except Refused:
        return None
    return pages.picture(0, 72 * edge / max(pages.sizes[0]))


def save_copy(session: Session, record: Record, path: Path) -> None:
    """Writes the attachment, arranged, into a file outside; noted in the audit chain first, so that no copy is without its note.

    Raises:
        Refused: it is not here, it is damaged, or the file cannot be written.
    """
    data = arranged_content(session, record)
    session.store.audit_note("export", record.id, str(record.values.get("file_name", "")))
    try:
        path.write_bytes(data)
    except OSError as error:
        raise DiskTrouble(f"没有保存到 {path}：{error.strerror}。请换一个可写的文件夹，或者关掉正打开它的程序。") from None


def arranged_content(session: Session, record: Record) -> bytes:
    """The attachment as a file of its own kind, its pages as people arranged them.

    Raises:
        Refused: it is not here, or damaged.
    """
    if record.values.get("media_type") not in PICTURES:
        return pdf_of(session, record) if is_shown(record) else bytes_of(session, record)
    data, places = bytes_of(session, record), arrangement_of(record)
    if not places or not places[0].turn:
        return data
    from jusuo_desktop.pictures.upright import turned  # the library of pictures, which the window does without

    try:
        return run_apart(turned, data, places[0].turn, told=Refused, seconds=MOST_SECONDS)
    except (Broken, TooSlow):
        raise DamagedContent(f"“{record.values.get('file_name')}”的内容已损坏，没有保存。请重新添加这份附件。") from None
