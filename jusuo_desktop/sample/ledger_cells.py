"""How one value gets into a cell of a ledger, in all the ways that clerks write it; what it means stays known."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from jusuo_desktop.records.codes import code_list
from jusuo_desktop.sample.chance import pick

Cell = str | int | float | date | datetime | None
FULL_WIDTH: Final = str.maketrans("0123456789", "０１２３４５６７８９")
EXCEL_DAY_ZERO: Final = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Written:
    """A cell; `fault` says in a word why its row must be refused, '' when it is only untidy."""

    cell: Cell
    fault: str = ""


def day(draw: random.Random, value: str, *, serials: bool = True) -> Written:
    """A day in any of the forms in use."""
    on = date.fromisoformat(value[:10])
    forms: list[Cell] = [
        f"{on.year}.{on.month}.{on.day}",
        f"{on.year}年{on.month}月{on.day}日",
        f"{on.year}{on.month:02d}{on.day:02d}",
        f"{on.year}-{on.month:02d}-{on.day:02d}",
        f"{on.year}/{on.month}/{on.day}",
        f"{on.year}.{on.month:02d}.{on.day:02d}".translate(FULL_WIDTH),
        on,
        on,
    ]
    if serials:
        forms += [(on - EXCEL_DAY_ZERO).days, int(f"{on.year}{on.month:02d}{on.day:02d}")]
    return Written(pick(draw, forms))


def moment(draw: random.Random, value: str) -> Written:
    """A day with a time of day."""
    at = datetime.strptime(value, "%Y-%m-%dT%H:%M")
    half = "上午" if at.hour < 12 else "下午"
    twelve = at.hour if at.hour <= 12 else at.hour - 12
    forms: list[Cell] = [
        f"{at.year}-{at.month}-{at.day} {at.hour}:{at.minute:02d}",
        f"{at.year}年{at.month}月{at.day}日{half}{twelve}:{at.minute:02d}",
        f"{at.year}.{at.month}.{at.day} {at.hour}：{at.minute:02d}",
        at,
    ]
    return Written(pick(draw, forms))


def no_such_day(draw: random.Random, value: str) -> Written:
    """A day that the calendar does not have, or a month without a day."""
    year = value[:4]
    return Written(pick(draw, (f"{year}.2.30", f"{year}年13月5日", f"{year}年{int(value[5:7])}月", "去年秋天")), "no such day")


def identity_number(draw: random.Random, value: str) -> Written:
    """An identity number as text, with blanks, in full width, with a small x or a leading apostrophe."""
    return Written(
        pick(
            draw,
            (
                value,
                value,
                value,
                f"{value[:6]} {value[6:14]} {value[14:]}",
                value.translate(FULL_WIDTH),
                value.lower(),
                f"'{value}",
            ),
        )
    )


def damaged_number(draw: random.Random, value: str) -> Written:
    """An identity number that the spreadsheet took for a number: the last digits are gone."""
    number = float(value[:17] + ("0" if value[17] == "X" else value[17]))
    forms: list[Cell] = [number, f"{number:.5E}"]
    return Written(pick(draw, forms), "identity number damaged")


def phone(draw: random.Random, value: str) -> Written:
    """A phone as number or text, in groups, in full width."""
    if not value.isdigit():
        return Written(value.replace("-", pick(draw, ("-", "－", "—"))))
    groups = [value[:3], value[3:7], value[7:]]
    forms: list[Cell] = [value, int(value), " ".join(groups), "-".join(groups), value.translate(FULL_WIDTH)]
    return Written(pick(draw, forms))


def amount(draw: random.Random, fen: int, unit: int) -> Written:
    """An amount under a heading that names `unit` yuan (1 or 10,000); a unit written in the cell itself counts."""
    yuan = fen // 100
    if unit > 1:
        in_units: list[Cell] = [round(yuan / unit, 4), round(yuan / unit, 4), f"{yuan / unit:g}", f"{yuan}元"]
        return Written(pick(draw, in_units))
    forms: list[Cell] = [yuan, yuan, float(yuan), f"{yuan:,}", f"{yuan}元", f"￥{yuan}", f"{yuan}".translate(FULL_WIDTH)]
    if yuan % 100 == 0:
        forms.append(f"{yuan / 10_000:g}万元")
    return Written(pick(draw, forms))


def no_amount(draw: random.Random) -> Written:
    """Not an amount."""
    forms: list[Cell] = [-500, "约伍佰", "若干"]
    return Written(pick(draw, forms), "no amount")


def label(draw: random.Random, list_name: str, code: str) -> Written:
    """The label of a code, or one of the wordings that ledgers use for it."""
    codes = code_list(list_name)
    wordings = [codes.label_of(code)] * 3 + [s for s, c in codes.synonyms.items() if c == code]
    said = pick(draw, wordings)
    if draw.random() < 0.05 and said == codes.label_of(code):
        said = f"{[c for c, _ in codes.codes].index(code) + 1}、{said}" if codes.codes[int(code) - 1][0] == code else said
    return Written(f" {said}" if draw.random() < 0.04 else said)


def number(draw: random.Random, value: int, unit: str) -> Written:
    """A whole number, bare, as a float or with its measure word."""
    forms: list[Cell] = [value, value, float(value), f"{value}{unit}", str(value).translate(FULL_WIDTH)]
    return Written(pick(draw, forms))


def several(draw: random.Random, items: list[str]) -> Written:
    """Several names in one cell."""
    return Written(pick(draw, ("、", "、", "，", " ", "/")).join(items))
