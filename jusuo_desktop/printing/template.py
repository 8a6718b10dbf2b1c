"""A printed form as a value: what one YAML file of forms/ says, checked and resolved. See forms/README.md for the format."""

from __future__ import annotations

from dataclasses import dataclass, field

from jusuo_desktop.printing.bindings import Path
from jusuo_desktop.printing.typeset import Style
from jusuo_desktop.records.codes import CodeList
from jusuo_desktop.records.kind import RecordKind


@dataclass(frozen=True)
class Blank:
    """A place for a value inside wording. `width` in sizes (characters); `fill` stretches it to the end of the line.

    `each` prints one blank for every child row, at least `least`, joined by `join`. `form`: '', 'day', 'month', 'chinese',
    'masked', 'capitals', 'figures'. `empty` is wording that stands behind the room of an empty blank. `options` strikes out the wordings whose
    codes do not apply: ((codes), wording). `of` takes only some of the rows; `total` prints the sum over all of them, `last`
    the last of them where no row is at hand.
    """

    path: Path
    width: float = 0.0
    fill: bool = False
    underline: bool = True
    each: bool = False
    least: int = 1
    join: str = "、"
    form: str = ""
    empty: str = ""
    options: tuple[tuple[tuple[str, ...], str], ...] = ()
    of: When | None = None
    total: bool = False
    last: bool = False


@dataclass(frozen=True)
class Choices:
    """Every label of a code list (or some of them, under other words) with a box before it; the chosen ones are ticked.

    `other` is the wording before a chosen label that is not among `offered` ('' leaves it out).
    """

    path: Path
    offered: tuple[tuple[tuple[str, ...], str], ...]
    other: str = ""
    apart: float = 1.0


@dataclass(frozen=True)
class Room:
    """An underlined place to write in by hand that no value ever fills; `width` in sizes, `fill` to the end of the line."""

    width: float = 0.0
    fill: bool = False


Inline = str | Blank | Choices | Room


@dataclass(frozen=True)
class When:
    """Prints a block only where the value is one of `codes` (`negated`: none of them); or only where there is a value if `filled`
    (`negated`: where there is none).
    """

    path: Path
    codes: tuple[str, ...] = ()
    negated: bool = False
    filled: bool = False


@dataclass(frozen=True)
class Block:
    """Anything that takes room on the paper; `line` is its line in the template file."""

    line: int = 0
    when: When | None = None


@dataclass(frozen=True)
class Paragraph(Block):
    """A line of wording with blanks; `keep` holds it on one page with what follows, `with_previous` with what was before."""

    content: tuple[Inline, ...] = ()
    style: Style = Style()
    keep: bool = False
    with_previous: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell of a row or table. `label` cells are centred wording; `heads` and `grades` cells spread a code list over columns.

    `vertical` sets one character below the other, columns from right to left, as on the spine of a volume.
    """

    content: tuple[Inline, ...] = ()
    style: Style = Style()
    weight: float = 1.0
    span: int = 1
    label: bool = False
    vertical: bool = False


@dataclass(frozen=True)
class Row(Block):
    """Cells side by side without borders, shares of the width by weight; kept like a paragraph."""

    cells: tuple[Cell, ...] = ()
    keep: bool = False
    with_previous: bool = False


@dataclass(frozen=True)
class TableRow:
    """A bordered row, at least `least` points high; `stretch` is its share of the room left on a single page."""

    cells: tuple[Cell, ...]
    least: float = 0.0
    stretch: float = 0.0
    line: int = 0


@dataclass(frozen=True)
class Section:
    """Rows of a table, with a label down their left side if `side` is set; repeated for each child row of `each`, `across` of
    them side by side (labels on a sheet).
    """

    rows: tuple[TableRow, ...]
    side: str = ""
    each: Path | None = None
    least: int = 1
    across: int = 1
    of: When | None = None


@dataclass(frozen=True)
class Table(Block):
    """A bordered grid; `columns` are shares of the width, the first one the side column where a section has a side. `width` in points
    where it is narrower than the type area.
    """

    columns: tuple[float, ...] = ()
    sections: tuple[Section, ...] = ()
    style: Style = Style()
    width: float = 0.0


@dataclass(frozen=True)
class Ruled(Block):
    """Long text on ruled lines that grows over pages; at least `least` lines, more if it may `stretch` to fill the page."""

    label: str = ""
    path: Path | None = None
    least: int = 3
    stretch: bool = False
    style: Style = Style()


@dataclass(frozen=True)
class Repeat(Block):
    """Blocks printed once for every child row that `of` holds for, at least `least` times."""

    each: Path | None = None
    least: int = 1
    body: tuple[Block, ...] = ()
    of: When | None = None


@dataclass(frozen=True)
class Place:
    """Where somebody signs: a label and room. Never filled. `each` gives every child row of a kind that `of` holds for a place, at least `least`."""

    label: str
    each: Path | None = None
    least: int = 1
    room: float = 8.0
    of: When | None = None


@dataclass(frozen=True)
class Signatures(Block):
    """Signature places, `columns` side by side; kept with the text of the act they sign."""

    places: tuple[Place, ...] = ()
    columns: int = 2
    style: Style = Style()


@dataclass(frozen=True)
class Seal(Block):
    """The place of the seal at the right, `room` points high, with a date beneath it (blank where the path is empty or None)."""

    label: str = ""
    date: Path | None = None
    dated: bool = True
    room: float = 60.0
    style: Style = Style()


@dataclass(frozen=True)
class Space(Block):
    """Empty room, dropped at the head of a page."""

    height: float = 0.0
    stretch: float = 0.0


@dataclass(frozen=True)
class Cut(Block):
    """A broken line across the paper where it is cut or torn, wording in its middle (the stub of a letter)."""

    content: tuple[Inline, ...] = ()
    style: Style = Style()


@dataclass(frozen=True)
class Keep(Block):
    """Blocks that stay on one page if they fit on one."""

    body: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Paper:
    """The sheet in points."""

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float


@dataclass(frozen=True)
class Template:
    """One form. `number` is printed on continuation pages; `every_page` at the foot of each page that is not the last;
    `coded` sheets bear the machine-readable code. `offered` says for which records the form is among the papers to choose from,
    `offered_rows` which child rows these must have.
    `rows` is the kind of the rows of a list form, which binds no single record.
    Without `heading` the first page bears neither the title nor its own place among the pages (a cover, labels).
    """

    name: str
    title: str
    version: str
    kind: RecordKind
    parent: RecordKind | None
    paper: Paper
    style: Style
    title_style: Style
    body: tuple[Block, ...]
    number: Path | None = None
    page_number: str = "dashes"
    every_page: tuple[Inline, ...] = ()
    copies: int = 1
    copies_each: Path | None = None
    copies_field: Path | None = None
    from_parent: str = "latest"
    order: int = 500
    offered: tuple[When, ...] = ()
    offered_rows: tuple[str, ...] = ()
    coded: bool = True
    heading: bool = True
    rows: RecordKind | None = None
    source: str = ""
    paths: tuple[Path, ...] = field(default=())


def code_labels(codes: CodeList) -> tuple[tuple[tuple[str, ...], str], ...]:
    """A whole code list as offered choices."""
    return tuple(((code,), label) for code, label in codes.codes)
