"""HTML from values: whatever comes from outside goes through `text` or an attribute's quotes here, and nowhere else is a page put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Final
from urllib.parse import urlencode

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
PATH: Final = "/status"
STYLE_PATH: Final = f"{PATH}/style.css"


class Html(str):
    """Text that is HTML already; plain text never is."""

    __slots__ = ()


def text(value: object) -> Html:
    """A value as HTML: escaped, unless it is HTML already."""
    return value if isinstance(value, Html) else Html(escape(str(value), quote=True))


def tag(name: str, /, *inside: object, **attributes: object) -> Html:
    """An element; attributes that are None are left out, a trailing underscore is not part of a name."""
    given = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items() if value is not None)
    told = "".join(f' {key}="{escape(str(value), quote=True)}"' for key, value in given)
    return Html(f"<{name}{told}>{joined(*inside)}</{name}>")


def joined(*parts: object) -> Html:
    """Parts one after the other."""
    return Html("".join(text(part) for part in parts))


def link(path: str, query: Mapping[str, str], *inside: object, class_: str | None = None, current: bool = False) -> Html:
    """A link; what is empty in the query is left out."""
    told = urlencode({key: value for key, value in query.items() if value})
    return tag("a", *inside, href=f"{path}?{told}" if told else path, class_=class_, aria_current="true" if current else None)


def table(heads: Iterable[object], rows: Iterable[Iterable[object]], *, empty: str) -> Html:
    """A table, or the sentence that stands in its place."""
    lines = [tag("tr", *(cell if isinstance(cell, Html) and cell.startswith("<td") else tag("td", cell) for cell in row)) for row in rows]
    if not lines:
        return tag("p", empty, class_="empty")
    head = tag("tr", *(one if isinstance(one, Html) and one.startswith("<th") else tag("th", one, scope="col") for one in heads))
    return tag("div", tag("table", tag("thead", head), tag("tbody", *lines)), class_="wide")


def count_head(value: object) -> Html:
    """The head of a column of numbers."""
    return tag("th", value, scope="col", class_="number")


def count_cell(value: object) -> Html:
    """A table cell with a number."""
    return tag("td", number(value) if isinstance(value, int) else value, class_="number")


def code_cell(value: object) -> Html:
    """A table cell with what is read out letter by letter."""
    return tag("td", value, class_="code")


def name_cell(value: object) -> Html:
    """A table cell with a name that somebody gave: it may be long."""
    return tag("td", value, class_="name")


def mark(value: object, kind: str = "") -> Html:
    """A word that stands out: well, or 'warn', 'bad', 'off'."""
    return tag("span", value, class_=f"mark {kind}".strip())


def hidden(**fields: str) -> Html:
    """Fields of a form that nobody sees."""
    return joined(*(Html(f'<input type="hidden" name="{text(name)}" value="{text(value)}">') for name, value in fields.items()))


def form(action: str, *inside: object, class_: str | None = None) -> Html:
    """A form that asks for an act."""
    return tag("form", *inside, method="post", action=action, class_=class_)


def moment(at: int, now: int) -> Html:
    """When something was: the minute, and how long ago in words."""
    return tag("span", exactly(at), tag("small", ago(at, now)), class_="moment")


def exactly(at: int) -> str:
    """A moment on the server's own clock, to the minute."""
    return datetime.fromtimestamp(at / 1000).strftime("%Y-%m-%d %H:%M")


def ago(at: int, now: int) -> str:
    """How long ago, in the words in which one says it."""
    passed = now - at
    if passed < MINUTE:
        return "刚刚"
    if passed < HOUR:
        return f"{passed // MINUTE}分钟前"
    if passed < DAY:
        return f"{passed // HOUR}小时前"
    return f"{passed // DAY}天前"


def size(count: int) -> str:
    """Bytes in the unit in which one reads them."""
    for unit, least in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if count >= least:
            return f"{count / least:.1f} {unit}"
    return f"{count} 字节"


def number(count: int) -> str:
    """A count with its thousands apart."""
    return f"{count:,}"


def document(title: str, body: Html, *, refresh: int | None = None) -> str:
    """A whole page, without a script; `refresh` in seconds."""
    again = Html(f'<meta http-equiv="refresh" content="{refresh:d}">') if refresh else Html("")
    head = joined(
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="robots" content="noindex">'),
        again,
        tag("title", title),
        Html(f'<link rel="stylesheet" href="{STYLE_PATH}"><link rel="icon" href="data:,">'),
    )
    return f'<!doctype html>\n<html lang="zh-CN"><head>{head}</head><body>{body}</body></html>\n'
