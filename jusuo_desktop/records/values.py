"""Between what people write and what is kept: one mechanism for typed text and spreadsheet cells, and the way back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from jusuo_desktop.records.check import check_field
from jusuo_desktop.records.codes import CodeList, code_list
from jusuo_desktop.records.field import Field, FieldType, Sensitivity, Value

FindLink = Callable[[str, str], str | None]
"""Given a kind and a name, the id of the record, None when there is none."""

EXCEL_DAY_ZERO: Final = date(1899, 12, 30)
EXCEL_SERIALS: Final = range(18264, 73051)
"""1950-01-01 to 2099-12-31: a bare number outside is no date."""

SEPARATORS: Final = re.compile(r"[、，,;；/\s]+")
DATE_TEXT: Final = re.compile(r"(\d{4})\s*[-./年。、,，\\—–\s]\s*(\d{1,2})\s*[-./月。、,，\\—–\s]\s*(\d{1,2})(?!\d)\s*[日号]?")
SHORT_YEAR: Final = re.compile(r"[’']?(\d{2})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})(?!\d)\s*[日号]?")
"""25.3.7: taken for 2025 where no birth date is meant."""
CHINESE_DATE: Final = re.compile(r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]?")
CHINESE_DIGITS: Final = {"〇": 0, "○": 0, "零": 0, **{c: i for i, c in enumerate("一二三四五六七八九", 1)}}
TIME_TEXT: Final = re.compile(r"(\d{1,2})\s*[:：时点]\s*(\d{1,2})?\s*分?(?:[:：]\d{1,2}(?:\.\d+)?)?")
AMOUNT: Final = re.compile(r"(?:人民币|[¥￥])?\s*([\d,，]*\.?\d+)\s*(亿元?|万元?|千元?|元|块)?整?")
UNITS: Final = {"亿": 10**8, "万": 10**4, "千": 10**3}
LONGEST_LABEL: Final = 4
"""Pieces that “、” makes of the label of a code, at most."""
TRUE_WORDS: Final = frozenset({"是", "有", "√", "✓", "✔", "☑", "●", "对", "y", "yes", "true", "1"})
FALSE_WORDS: Final = frozenset({"否", "无", "没有", "×", "✗", "✘", "☐", "○", "不", "n", "no", "false", "0"})


class BadValue(ValueError):
    """What was written is no value of the field; the message is one sentence for the clerk."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


_HALF: Final = {code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0xFF01, 0xFF5F), 0x3000)}


def halfwidth(text: str) -> str:
    """Full-width digits, letters and signs as ordinary ones; Chinese punctuation and rare characters stay as they are."""
    return text.translate(_HALF)


def parse(field: Field, raw: object, *, links: FindLink | None = None) -> Value | None:
    """The stored value of what was typed or stands in a cell (str, int, float, bool, date, datetime); None when empty.

    Raises:
        BadValue: it is no value of this field; says what, where and how to mend it.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    value = _PARSERS[field.type](field, raw, links)
    problem = next((p for p in check_field(field, value) if p.blocking), None)
    if problem is not None:
        raise BadValue(problem.message)
    return value


def plain(raw: object) -> str:
    """The text of a cell as people see it: whole floats without '.0', days without midnight."""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    if isinstance(raw, datetime):
        return raw.strftime("%Y-%m-%d %H:%M") if raw.hour or raw.minute else raw.date().isoformat()
    return str(raw).replace("\r\n", "\n").replace("\r", "\n").strip()


def _text(field: Field, raw: object, links: FindLink | None) -> Value:
    return re.sub(r"\s*\n\s*", " ", plain(raw)).replace("\t", " ")


def _long_text(field: Field, raw: object, links: FindLink | None) -> Value:
    return plain(raw)


def _id_card(field: Field, raw: object, links: FindLink | None) -> Value:
    if isinstance(raw, float) or (isinstance(raw, str) and re.fullmatch(r"[\d.]+[eE]\+?\d+", raw.strip())):
        if isinstance(raw, float) and raw.is_integer() and len(str(int(raw))) == 15 and raw < 2**53:
            return str(int(raw))
        raise BadValue(f"{field.label}在表格里被当成数字，后几位已经丢失，请对照原件重新填写（单元格设为文本）。")
    return re.sub(r"[\s'’`-]", "", halfwidth(plain(raw))).upper()


def _phone(field: Field, raw: object, links: FindLink | None) -> Value:
    text = halfwidth(plain(raw))
    text = re.sub(r"\s+", "", re.sub(r"[—–－]", "-", text).removeprefix("+86")) or text
    digits = re.sub(r"[-()]", "", text)
    return digits if re.fullmatch(r"1[3-9]\d{9}", digits) else text


def _digits_to_date(digits: str) -> date:
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))


def _chinese_number(text: str) -> int:
    """三 → 3, 十 → 10, 二十一 → 21."""
    tens, ten, ones = text.rpartition("十")
    return (CHINESE_DIGITS.get(tens, 1) * 10 if ten else 0) + CHINESE_DIGITS.get(ones, 0)


def _as_date(field: Field, raw: object) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = halfwidth(plain(raw))
    try:
        if match := DATE_TEXT.match(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if (match := SHORT_YEAR.match(text)) and not field.name.startswith("birth"):
            return date(2000 + int(match[1]), int(match[2]), int(match[3]))
        if match := CHINESE_DATE.match(text):
            year = int("".join(str(CHINESE_DIGITS[c]) for c in match[1]))
            return date(year, _chinese_number(match[2]), _chinese_number(match[3]))
        if re.fullmatch(r"\d{8}", text):
            return _digits_to_date(text)
        if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(float(text)) in EXCEL_SERIALS:
            return EXCEL_DAY_ZERO + timedelta(days=int(float(text)))
    except ValueError:
        raise BadValue(f"{field.label}“{text}”这一天不存在，请核对年月日。") from None
    if re.fullmatch(r"\d{4}\s*[-./年]\s*\d{1,2}\s*月?", text):
        raise BadValue(f"{field.label}“{text}”没有写日，请写成“2026-3-7”这样的形式。")
    raise BadValue(f"{field.label}“{text}”不是日期，请写成“2026-3-7”或“2026年3月7日”。")


def _date(field: Field, raw: object, links: FindLink | None) -> Value:
    return _as_date(field, raw).isoformat()


def _moment(field: Field, raw: object, links: FindLink | None) -> Value:
    if isinstance(raw, datetime):
        return raw.strftime("%Y-%m-%dT%H:%M")
    day = _as_date(field, raw)
    hours = minutes = 0
    text = halfwidth(plain(raw))
    if isinstance(raw, float) and not raw.is_integer() and int(raw) in EXCEL_SERIALS:
        hours, minutes = divmod(round((raw % 1) * 24 * 60) % (24 * 60), 60)
    elif head := DATE_TEXT.match(text) or SHORT_YEAR.match(text) or CHINESE_DATE.match(text):
        rest = text[head.end() :].strip().removeprefix("T").strip()
        afternoon = rest.startswith(("下午", "晚上"))
        rest = rest.removeprefix("上午").removeprefix("下午").removeprefix("晚上").strip()
        if rest:
            clock = TIME_TEXT.fullmatch(rest) or (re.fullmatch(r"(\d{1,2})半()", rest))
            if clock is None:
                raise BadValue(f"{field.label}“{text}”里的钟点看不懂，请写成“2026-3-7 9:30”。")
            hours, minutes = int(clock[1]), 30 if rest.endswith("半") else int(clock[2] or 0)
            hours += 12 if afternoon and hours < 12 else 0
    if hours > 23 or minutes > 59:
        raise BadValue(f"{field.label}“{text}”里的钟点不对，请写成“2026-3-7 9:30”。")
    return f"{day.isoformat()}T{hours:02d}:{minutes:02d}"


def _number(field: Field, raw: object) -> tuple[Decimal, int]:
    if isinstance(raw, bool):
        raise BadValue(f"{field.label}应为数字。")
    if isinstance(raw, int | float):
        return Decimal(str(raw)), 1
    text = halfwidth(plain(raw))
    match = AMOUNT.fullmatch(text.replace(" ", ""))
    if match is None:
        raise BadValue(f"{field.label}“{text}”不是数字，请只写数字。")
    try:
        return Decimal(re.sub("[,，]", "", match[1])), UNITS.get((match[2] or "")[:1], 1)
    except InvalidOperation:
        raise BadValue(f"{field.label}“{text}”不是数字，请只写数字。") from None


def _integer(field: Field, raw: object, links: FindLink | None) -> Value:
    if isinstance(raw, str):
        raw = re.sub(r"[人次件个份名户岁分钟]+$", "", halfwidth(raw).strip())
    number, unit = _number(field, raw)
    whole = number * unit
    if not whole.is_finite() or whole != whole.to_integral_value():
        raise BadValue(f"{field.label}应为整数，不要小数。")
    return int(whole)


def _money(field: Field, raw: object, links: FindLink | None) -> Value:
    number, unit = _number(field, raw)
    if not number.is_finite():
        raise BadValue(f"{field.label}不是数字。")
    fen = number * unit * 100
    if fen != fen.to_integral_value() and not isinstance(raw, float):
        raise BadValue(f"{field.label}“{plain(raw)}”精确到分即可，请去掉多余的小数。")
    return int(fen.to_integral_value())


def _boolean(field: Field, raw: object, links: FindLink | None) -> Value:
    if isinstance(raw, bool):
        return raw
    text = halfwidth(plain(raw)).lower()
    if text in TRUE_WORDS or text in FALSE_WORDS:
        return text in TRUE_WORDS
    raise BadValue(f"{field.label}“{text}”应写“是”或“否”。")


def find_code(codes: CodeList, text: str) -> str | None:
    """The code that `text` means: the code itself, its label, a label without the customary tail, or the one label that begins so."""
    text = "".join(halfwidth(text).split())
    if text in codes.labels:
        return text
    bare = re.sub(r"^[（(]?\d{1,3}[)）.、．:：\-]?(?=\D)", "", text)
    short = re.sub(r"[（(][^（）()]*[）)]$", "", bare)
    for said in dict.fromkeys((text, bare, short)):
        if said in codes.by_label:
            return codes.by_label[said]
        if said in codes.synonyms:
            return codes.synonyms[said]
    close = {c for c, label in codes.codes if len(bare) >= 2 and (label.startswith(bare) or halfwidth(label) == bare)}
    return close.pop() if len(close) == 1 else None


def _code(field: Field, raw: object, links: FindLink | None) -> Value:
    codes = code_list(field.code_list)
    found = find_code(codes, plain(raw))
    if found is None:
        offered = "、".join(label for _, label in codes.codes[:6]) + ("等" if len(codes.codes) > 6 else "")
        raise BadValue(f"{field.label}没有“{plain(raw)}”这一项，可以填：{offered}。")
    return found


def _codes(field: Field, raw: object, links: FindLink | None) -> Value:
    codes = code_list(field.code_list)
    whole = find_code(codes, plain(raw))
    if whole is not None:
        return [whole]
    parts = [part for part in SEPARATORS.split(plain(raw)) if part]
    found: dict[str, None] = {}
    start = 0
    while start < len(parts):  # some labels hold a “、” themselves: the longest run that is a label counts
        ends = (end for end in range(min(len(parts), start + LONGEST_LABEL), start + 1, -1) if find_code(codes, "、".join(parts[start:end])))
        end = next(ends, start + 1)
        found[str(_code(field, "、".join(parts[start:end]), links))] = None
        start = end
    return list(found)


def _one_link(field: Field, name: str, links: FindLink | None) -> str:
    found = links(field.link, name) if links is not None else None
    if found is None:
        raise BadValue(f"{field.label}“{name}”还没有登记，请先登记或核对名称。")
    return found


def _link(field: Field, raw: object, links: FindLink | None) -> Value:
    return _one_link(field, plain(raw), links)


def _links(field: Field, raw: object, links: FindLink | None) -> Value:
    return list(dict.fromkeys(_one_link(field, part, links) for part in SEPARATORS.split(plain(raw)) if part))


_PARSERS: Final[dict[FieldType, Callable[[Field, object, FindLink | None], Value]]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _long_text,
    FieldType.ID_CARD: _id_card,
    FieldType.PHONE: _phone,
    FieldType.DATE: _date,
    FieldType.TIME: _moment,
    FieldType.INTEGER: _integer,
    FieldType.MONEY: _money,
    FieldType.BOOLEAN: _boolean,
    FieldType.CODE: _code,
    FieldType.CODES: _codes,
    FieldType.LINK: _link,
    FieldType.LINKS: _links,
}


def yuan(fen: int) -> str:
    """An amount in yuan as it is written: no decimals unless there are fen."""
    return f"{fen // 100:,}" if fen % 100 == 0 else f"{fen // 100:,}.{fen % 100:02d}"


def show(field: Field, value: Value | None, *, links: Callable[[str], str] | None = None, masked: bool = False) -> str:
    """The text that a person reads; '' for None. `links` turns an id into the title of its record."""
    if value is None:
        return ""
    if masked and field.sensitivity is Sensitivity.SENSITIVE:
        return mask(str(value))
    name_of = links or (lambda identity: identity)
    match field.type:
        case FieldType.CODE:
            return code_list(field.code_list).label_of(str(value))
        case FieldType.CODES if isinstance(value, list):
            return "、".join(code_list(field.code_list).label_of(v) for v in value)
        case FieldType.LINK:
            return name_of(str(value))
        case FieldType.LINKS if isinstance(value, list):
            return "、".join(name_of(v) for v in value)
        case FieldType.BOOLEAN:
            return "是" if value else "否"
        case FieldType.MONEY if isinstance(value, int):
            return f"{yuan(value)}元"
        case FieldType.TIME:
            return str(value).replace("T", " ")
        case _:
            return str(value)


def mask(text: str) -> str:
    """An identity number with its middle hidden: the first three and the last two characters stay."""
    return text[:3] + "*" * max(len(text) - 5, 0) + text[-2:] if len(text) > 5 else "*" * len(text)
