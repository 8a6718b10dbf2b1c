"""Pictures as a scanner would make them, for the invented cases: a sheet with what it shows, or printed pages with a note where people sign.

They say of themselves that they are samples. No signature, thumb print or seal is drawn: those are made by hand (domain/forms.md §1 rule 1).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image

FONT: Final = Path(__file__).parents[2] / "resources" / "fonts" / "NotoSansSC-Regular.ttf"
DOTS_PER_INCH: Final = 100
SIZE: Final = (827, 1169)
"""A4 at that many dots."""
PAPER, INK, PALE = 250, 40, 110
NOTE: Final = "（示例扫描件：此处为手写签名、手印和印章）"
QUALITY: Final = 70


def sheet(title: str, said: str = "（示例扫描件，内容略）") -> Image.Image:
    """A sheet that bears its title alone: a receipt, a court's letter, copies of identity cards."""
    from PIL import Image, ImageDraw, ImageFont

    made = Image.new("L", SIZE, PAPER)
    pen = ImageDraw.Draw(made)
    width, height = SIZE
    pen.rectangle((60, 60, width - 60, height - 60), outline=PALE, width=2)
    size = min(34, (width - 180) // max(len(title), 1))
    pen.text((width // 2, 180), title, INK, ImageFont.truetype(str(FONT), size), anchor="mm")
    pen.text((width // 2, height // 2), said, PALE, ImageFont.truetype(str(FONT), 22), anchor="mm")
    return made


def signed(pages: Sequence[Image.Image]) -> list[Image.Image]:
    """Printed pages as they come back from signing: the same, with the note at the foot of the last one."""
    from PIL import ImageDraw, ImageFont

    made = [page.convert("L") for page in pages]
    last = made[-1]
    ImageDraw.Draw(last).text((last.width // 2, last.height - 60), NOTE, PALE, ImageFont.truetype(str(FONT), 18), anchor="mm")
    return made


def as_file(pages: Sequence[Image.Image]) -> tuple[str, bytes]:
    """One picture as a JPEG, several as a PDF: the ending of the file's name, and what is in it."""
    made = io.BytesIO()
    if len(pages) == 1:
        pages[0].save(made, "JPEG", quality=QUALITY, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
        return ".jpg", made.getvalue()
    pages[0].save(made, "PDF", save_all=True, append_images=list(pages[1:]), resolution=DOTS_PER_INCH, quality=QUALITY)
    return ".pdf", made.getvalue()
