"""A whole volume of 13 documents (design.md §9: ≤ 0.25 s after start): all of them printed before, none of them printed before.

The reference is PDFium copying the same pages into one file, without numbers, bookmarks, index, store and decryption.
"""

from __future__ import annotations

import io
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from jusuo_desktop.actions.attach import attach
from jusuo_desktop.actions.bind_volume import Volume, bind_volume, volume_printed
from jusuo_desktop.actions.print_form import prepare
from jusuo_desktop.store import Edit
from tests.bench.figure import Figure, median_seconds
from tests.printing.office import Office, make_office

DOCUMENTS = 13
SCANS = 4
SESSIONS = 2
SECONDS = 0.25


def case(folder: Path) -> Office:
    """A case with two mediation records and, as scans of A4 sheets, two identity cards and two pieces of evidence."""
    office = make_office(folder)
    mediation = office.ids["mediation"]
    first = {name: value for name, value in office.values("mediation_session").items() if name != "undisputed_facts"}
    for number in range(1, SESSIONS):
        again = {**first, "mediated_at": f"2026-03-1{number}T09:30"}
        office.store.write([Edit("mediation_session", again, parent_id=mediation)], act="save")  # type: ignore[arg-type]
    evidence = office.store.write([Edit("evidence", {"evidence_name": "借条", "evidence_kind": "1"}, parent_id=mediation)], act="save")[0]
    for number in range(SCANS):
        parent, purpose = (office.ids["party"], "3") if number < SCANS // 2 else (evidence.id, "2")
        attach(office.session, parent, f"扫描{number + 1}.jpg", scan(number), purpose=purpose)
    return office


def scan(seed: int) -> bytes:
    """A sheet of A4 at 150 dots an inch, grained as scanners grain."""
    picture = Image.frombytes("L", (310, 438), random.Random(seed).randbytes(310 * 438)).resize((1240, 1754))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=70)
    return out.getvalue()


def bound(office: Office) -> Volume:
    """The volume, which must be whole to be counted."""
    volume = bind_volume(office.session, office.ids["mediation"])
    assert volume is not None
    assert len(volume.state.papers) == DOCUMENTS
    return volume


def copied(volume: bytes) -> bytes:
    """The same pages in one file, by PDFium alone."""
    out, source, made = io.BytesIO(), pdfium.PdfDocument(volume), pdfium.PdfDocument.new()
    made.import_pages(source)
    made.save(out)
    made.close()
    source.close()
    return out.getvalue()


def measure(*, small: bool) -> Iterator[Figure]:
    """Never printed, the first one after the start, then again; last with every document printed before."""
    times = 5 if small else 21
    with tempfile.TemporaryDirectory() as folder:
        office = case(Path(folder) / "store")
        prepare(office.session, "acceptance_register", office.ids["mediation"])  # the program has made a paper since it was started
        begun = time.perf_counter()
        volume = bound(office)
        first = time.perf_counter() - begun
        beside = median_seconds(lambda: copied(volume.pdf), times)
        said = f"budget {SECONDS} s; {volume.pages} pages, {len(volume.pdf) / 1e6:.1f} MB"
        against = "PDFium copying the pages alone"
        yield Figure("volume, no paper printed before, the first", first, "s", beside, against, note=said)
        yield Figure("volume, no paper printed before", median_seconds(lambda: bound(office), times), "s", beside, against, note=said)
        volume_printed(office.session, volume)
        yield Figure("volume, every paper printed before", median_seconds(lambda: bound(office), times), "s", beside, against, note=said)
        kept = median_seconds(lambda: office.store.keep_content(volume.pdf + str(time.perf_counter()).encode()), times)
        yield Figure("the volume encrypted and flushed to the disk", kept, "s")
        office.store.close()
