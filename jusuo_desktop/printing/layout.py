"""A form with its values laid out on pages: title, body, heads of continuation pages, page numbers, the sheet's code. Pure."""

from __future__ import annotations

from typing import Final

from jusuo_desktop.printing.bindings import Sheet
from jusuo_desktop.printing.compose import Composer
from jusuo_desktop.printing.fill import Filler
from jusuo_desktop.printing.fonts import Fonts
from jusuo_desktop.printing.marks import MM, Code, Mark, Page, Rule, moved
from jusuo_desktop.printing.pagination import Placed, draw_spans, paginate
from jusuo_desktop.printing.sheet_code import sheet_code
from jusuo_desktop.printing.template import Template
from jusuo_desktop.printing.typeset import Piece, Style, Typesetter, Words, placed
from jusuo_desktop.store.refusal import Refused

HEAD_RISE: Final = 8 * MM
"""The running head stands this far above the type area."""

HEAD_LEAST: Final = 6 * MM
"""Printers leave the edge of the paper white."""

CODE_SIDE: Final = 18 * MM
"""Side of the QR code (anchors: at least 18 mm, level Q)."""

NUMBER_DROP: Final = 7 * MM
"""The page number stands this far below the type area (GB/T 9704)."""

SMALL: Final = Style("song", 10.5, 14.0, "left")
FOOT_ROOM: Final = SMALL.pitch + 8
"""Kept free for what stands at the foot of every page that is followed by another."""
NUMBER: Final = Style("song", 14.0, 18.0, "center")
"""Page numbers: Song 14 pt (domain/forms.md §1)."""

NOTE: Final = Style("song", 8.0, 10.0, "left")
NOTE_DROP: Final = 12 * MM
"""The paper's word about itself stands below the page number."""


class MissingGlyph(Refused):
    """A character that no font has; it is named, and nothing is printed."""


def lay_out(template: Template, sheet: Sheet, fonts: Fonts) -> list[Page]:
    """The pages of one form.

    Raises:
        MissingGlyph: a value has a character that cannot be printed.
    """
    typesetter = Typesetter(fonts)
    filler = Filler(sheet, typesetter, template.rows.name if template.rows else "")
    foot = _foot(template, filler, typesetter)
    below = FOOT_ROOM if foot else 0.0
    composer = Composer(template, filler, typesetter, below)
    if template.heading:
        composer.paragraph([Words(template.title)], template.title_style)
    composer.compose(template.body)
    laid = paginate(composer.units, composer.height, below)
    number = filler.text(template.number) if template.number else ""
    pages = []
    for index, content in enumerate(laid):
        page = Page(template.paper.width, template.paper.height, index + 1, len(laid))
        page.marks += _head(template, typesetter, number, page, composer)
        page.marks += [moved(m, 0.0, template.paper.top) for m in _body(composer, content)]
        if foot and page.number < page.of:
            page.marks += [moved(m, 0.0, template.paper.top + composer.height - SMALL.pitch) for m in foot]
        page.marks += _numbers(template, typesetter, page, composer)
        page.marks += _note(template, typesetter, sheet.note, composer)
        if template.coded:
            page.marks.append(_code(template, sheet, page))
        pages.append(page)
    _refuse_missing(template, typesetter)
    return pages


def _body(composer: Composer, content: list[Placed]) -> list[Mark]:
    marks: list[Mark] = []
    for placed_unit in content:
        unit = composer.units[placed_unit.unit]
        marks += [moved(m, 0.0, placed_unit.top) for m in unit.marks]
        if placed_unit.head:
            marks += [moved(m, 0.0, placed_unit.top - placed_unit.head.height) for m in placed_unit.head.marks]
        if unit.fill:
            marks += [moved(m, 0.0, placed_unit.top) for m in unit.fill(placed_unit.height)]
    return marks + draw_spans(composer.spans, content)


def _line(typesetter: Typesetter, pieces: list[Piece], style: Style, align: str, composer: Composer) -> list[Mark]:
    """One line across the type area."""
    style = Style(style.role, style.size, style.pitch, align)
    return placed(typesetter.lines(pieces, style, composer.width)[0], composer.left, style)


def _head(template: Template, typesetter: Typesetter, number: str, page: Page, composer: Composer) -> list[Mark]:
    """On papers of several pages: 第x页 共y页; from the second on also the form's title and the number of the case."""
    if page.of == 1 or (page.number == 1 and not template.heading):
        return []
    top = max(template.paper.top - HEAD_RISE - SMALL.pitch / 2, min(HEAD_LEAST, template.paper.top - SMALL.pitch - 4))
    said = f"第{page.number}页 共{page.of}页"
    marks = _line(typesetter, [Words(said)], SMALL, "right", composer)
    if page.number > 1:
        room = composer.width - typesetter.width_of(said, SMALL) - 2 * SMALL.size
        called = f"{template.title}（续页）"
        if number and template.number:
            labelled = f"{called}　{template.number.field.label}："
            called = labelled if typesetter.width_of(labelled + number, SMALL) <= room else f"{called}　"
        pieces: list[Piece] = [Words(called, whole=True)]
        if number and template.number:
            pieces.append(Words(_shortened(typesetter, number, room - typesetter.width_of(called, SMALL)), template.number.written))
        marks += _line(typesetter, pieces, SMALL, "left", composer)
        y = SMALL.pitch + 2
        marks.append(Rule(composer.left, y, composer.left + composer.width, y))
    return [moved(m, 0.0, top) for m in marks]


def _shortened(typesetter: Typesetter, text: str, room: float) -> str:
    """The text as far as it goes into `room`; only for what stands in full elsewhere on the form."""
    if typesetter.width_of(text, SMALL) <= room:
        return text
    while text and typesetter.width_of(text + "…", SMALL) > room:
        text = text[:-1]
    return text + "…"


def _numbers(template: Template, typesetter: Typesetter, page: Page, composer: Composer) -> list[Mark]:
    said = {"dashes": f"— {page.number} —", "x_of_y": f"第{page.number}页 共{page.of}页", "none": ""}[template.page_number]
    top = template.paper.height - template.paper.bottom + NUMBER_DROP - NUMBER.pitch / 2
    return [moved(m, 0.0, top) for m in _line(typesetter, [Words(said)], NUMBER, "center", composer)] if said else []


def _foot(template: Template, filler: Filler, typesetter: Typesetter) -> list[Mark]:
    """What stands at the foot of each page that is followed by another, e.g. a place to sign every page."""
    if not template.every_page:
        return []
    paper = template.paper
    style = Style(SMALL.role, SMALL.size, SMALL.pitch, "right")
    line = typesetter.lines(filler.pieces(template.every_page, style), style, paper.width - paper.left - paper.right)[0]
    return placed(line, paper.left, style)


def _note(template: Template, typesetter: Typesetter, note: str, composer: Composer) -> list[Mark]:
    """What the paper says of itself, small, at the left of the lower margin, clear of the page number and the code."""
    if not note:
        return []
    top = template.paper.height - template.paper.bottom + NOTE_DROP
    width = composer.width - CODE_SIDE - 12 * MM
    most = max(int((template.paper.bottom - NOTE_DROP - 4 * MM) / NOTE.pitch), 1)
    lines = typesetter.lines([Words(note)], NOTE, width)
    while len(lines) > most:
        note = note.rstrip("…")[:-8] + "…"  # it stands in full in the record
        lines = typesetter.lines([Words(note)], NOTE, width)
    return [moved(m, 0.0, top + number * NOTE.pitch) for number, line in enumerate(lines) for m in placed(line, composer.left, NOTE)]


def _code(template: Template, sheet: Sheet, page: Page) -> Code:
    """The sheet's code in the lower right corner, its foot a third up the bottom margin."""
    paper = template.paper
    room = paper.bottom - CODE_SIDE
    x = paper.width - paper.right - CODE_SIDE
    y = paper.height - paper.bottom + max(room * 0.45, 2.0)
    return Code(x, y, CODE_SIDE, sheet_code(template, sheet, page.number, page.of))


def _refuse_missing(template: Template, typesetter: Typesetter) -> None:
    if not typesetter.missing:
        return
    labels = {path.written: (path.via or path.field).label for path in template.paths}
    said = [f"“{labels.get(binding, '表格文字')}”里的“{character}”（U+{ord(character):04X}）" for character, binding in list(typesetter.missing)[:5]]
    more = f"等{len(typesetter.missing)}处" if len(typesetter.missing) > 5 else ""
    raise MissingGlyph(f"{'、'.join(said)}{more}没有字体可以打印，“{template.title}”没有打印。请换一种写法，或者请管理员补充字体。")
