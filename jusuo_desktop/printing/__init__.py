"""How a record gets on paper: templates (forms/), layout, PDF.

`forms(folder)` and `load(path)` read templates, `render` makes the PDF of one form from a `Sheet` of values.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jusuo_desktop.printing.bindings import Sheet
from jusuo_desktop.printing.fill import is_offered
from jusuo_desktop.printing.fonts import Fonts, shipped_fonts
from jusuo_desktop.printing.layout import MissingGlyph, lay_out
from jusuo_desktop.printing.pdf import write_pdf
from jusuo_desktop.printing.template import Template
from jusuo_desktop.printing.template_reader import TemplateError, forms, load

FORMS = Path(__file__).parents[2] / "forms"
"""The forms that come with the program."""


@cache
def _shipped() -> tuple[dict[str, Template], dict[str, TemplateError]]:
    return forms(FORMS)


def shipped_forms() -> dict[str, Template]:
    """The forms that come with the program, read once; those with a mistake are left out."""
    return _shipped()[0]


def broken_forms() -> dict[str, TemplateError]:
    """What is wrong with the forms that could not be read, by name."""
    return _shipped()[1]


def render(template: Template, sheet: Sheet, *, blank: bool = False, values_only: bool = False, fonts: Fonts | None = None) -> bytes:
    """The PDF of one form. `blank` leaves every blank empty, to be filled in by hand; `values_only` prints onto pre-printed paper.

    Raises:
        MissingGlyph: a value has a character that no font has; nothing is printed.
    """
    used = fonts or shipped_fonts()
    pages = lay_out(template, Sheet() if blank else sheet, used)
    return write_pdf(pages, used, template.title, values_only=values_only)


__all__ = [
    "FORMS",
    "MissingGlyph",
    "Sheet",
    "Template",
    "TemplateError",
    "broken_forms",
    "forms",
    "is_offered",
    "lay_out",
    "load",
    "render",
    "shipped_fonts",
    "shipped_forms",
    "write_pdf",
]
