"""Hands on a volume: scans to attach, what its pages and bookmarks say, the county's own data of it."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
from PIL import Image

from jusuo_desktop.actions.bind_volume import Volume, bind_volume
from jusuo_desktop.actions.forms import adopt_form, wording_of
from jusuo_desktop.actions.volume import volume_state
from jusuo_desktop.printing.raster import PagePictures
from tests.printing.office import Office


def scan(shade: int, width: int = 210, height: int = 297) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height), shade).save(out, "PNG")
    return out.getvalue()


def words(pdf: bytes) -> list[str]:
    pictures = PagePictures(pdf)
    return ["".join(pictures.text(n).split()) for n in range(len(pictures.sizes))]


def outline(pdf: bytes) -> list[tuple[int, str, int]]:
    document = pdfium.PdfDocument(pdf)
    try:
        return [(mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    finally:
        document.close()


def bound(office: Office) -> Volume:
    volume = bind_volume(office.session, office.ids["mediation"])
    assert volume is not None
    return volume


def county(office: Office, *changes: str) -> None:
    """The county's own data of the volume: each pair of `changes` is what stands there and what shall."""
    text = wording_of(office.session, "volume_mediation").replace('version: "1"', 'version: "2"')
    for before, after in zip(changes[::2], changes[1::2], strict=True):
        assert before in text
        text = text.replace(before, after)
    adopt_form(office.session, text.encode(), basis="县司发〔2026〕3号")


def states(office: Office) -> dict[str, str]:
    return {paper.form or paper.title: paper.state for paper in volume_state(office.session, office.ids["mediation"]).papers}
