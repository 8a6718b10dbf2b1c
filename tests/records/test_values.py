"""What people write and what is kept: every way back and forth, and every way that offices write a date, an amount, a number."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jusuo_desktop.records import field as f
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Field, FieldType, Value
from jusuo_desktop.records.id_card import check_character
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import EXCEL_DAY_ZERO, BadValue, find_code, halfwidth, parse, show

DAY = f.date("registered_on", "登记日期")
MOMENT = f.moment("consulted_at", "咨询时间")
AMOUNT = f.money("agreement_amount", "金额")
CARD = f.id_card("id_card_number", "身份证号")
COUNT = f.integer("people_involved", "人数")
FULL_WIDTH = str.maketrans("0123456789.-/:XxE+", "０１２３４５６７８９．－／：ＸｘＥ＋")

LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Co"])
WRITINGS = (
    "{0}.{1}.{2}",
    "{0}-{1:02}-{2:02}",
    "{0}/{1}/{2}",
    "{0}年{1}月{2}日",
    "{0} 年 {1} 月 {2} 日",
    "{0}{1:02}{2:02}",
    "{0}。{1}。{2}",
    "{0}、{1}、{2}",
    "{0}.{1}.{2}日",
    "{0}年{1}月{2}号",
    " {0}-{1}-{2} 00:00:00",
    "{0}\\{1}\\{2}",
    "{0}年{1}月{2}日星期三",
)
NO_DAYS = ("2025.2.30", "2025年13月1日", "20251301", "2025.3.123", "2025.3", "2025年3月", "昨天", "3.7", "12", "99999999", "2025")
IN_CHARACTERS = [("二〇二五年三月七日", "2025-03-07"), ("二○二四年十二月三十一日", "2024-12-31"), ("二零二五年十月二十日", "2025-10-20")]
days = st.dates(date(1950, 1, 1), date(2099, 12, 31))
ALL_FIELDS = [field for kind in KINDS.values() for field in kind.fields]


def stored(field: Field) -> st.SearchStrategy[Value]:
    """Values that the field may hold, as the entry page and the wire would bring them."""
    line = st.text(LETTERS, min_size=1, max_size=min(field.max_length, 40))
    match field.type:
        case FieldType.DATE:
            return days.map(date.isoformat)
        case FieldType.TIME:
            return st.datetimes(datetime(1950, 1, 1), datetime(2099, 12, 31)).map(lambda d: d.strftime("%Y-%m-%dT%H:%M"))
        case FieldType.INTEGER | FieldType.MONEY:
            return st.integers(field.least or 0, field.most)
        case FieldType.BOOLEAN:
            return st.booleans()
        case FieldType.CODE:
            return st.sampled_from(list(code_list(field.code_list).labels))
        case FieldType.CODES:
            return st.lists(st.sampled_from(list(code_list(field.code_list).labels)), min_size=1, unique=True)
        case FieldType.LINK:
            return st.just("id-of-东村")
        case FieldType.LINKS:
            return st.just(["id-of-张三", "id-of-李四"])
        case FieldType.ID_CARD:
            return st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True)
        case FieldType.PHONE:
            return st.from_regex(r"1[3-9][0-9]{9}|0[0-9]{2,3}-[2-8][0-9]{6,7}", fullmatch=True)
        case _ if field.name in ("days_off", "days_worked"):
            return st.just("1月1日至3日、2月15日")
        case _ if field.check is not None:
            return st.just("9:30")
        case _:
            return line


@given(st.data(), st.sampled_from(ALL_FIELDS))
def test_what_is_shown_is_read_back_as_it_was(data: st.DataObject, field: Field) -> None:
    value = data.draw(stored(field))
    shown = show(field, value, links=lambda i: i.removeprefix("id-of-"))
    assert parse(field, shown, links=lambda _, name: f"id-of-{name}") == value


@given(days, st.sampled_from(WRITINGS), st.booleans())
def test_a_day_in_every_writing(day: date, writing: str, full_width: bool) -> None:
    text = writing.format(day.year, day.month, day.day)
    assert parse(DAY, text.translate(FULL_WIDTH) if full_width else text) == day.isoformat()


@given(days)
def test_a_day_as_a_spreadsheet_keeps_it(day: date) -> None:
    serial = (day - EXCEL_DAY_ZERO).days
    whole = datetime(day.year, day.month, day.day)
    for raw in (serial, float(serial), str(serial), serial + 0.25, day, whole, float(day.strftime("%Y%m%d")), int(day.strftime("%Y%m%d"))):
        assert parse(DAY, raw) == day.isoformat()


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_short_year_is_of_this_century_unless_it_is_a_birth(day: date) -> None:
    text = f"{day.year % 100:02}.{day.month}.{day.day}"
    assert parse(DAY, text) == day.isoformat()
    with pytest.raises(BadValue):
        parse(f.date("birth_date", "出生日期"), text)


@pytest.mark.parametrize(("text", "day"), IN_CHARACTERS)
def test_a_day_in_characters(text: str, day: str) -> None:
    assert parse(DAY, text) == day


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_no_day_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadValue, match=r"登记日期.*。$"):
        parse(DAY, text)


@given(st.datetimes(datetime(1950, 1, 1), datetime(2099, 12, 31)))
def test_a_time_in_every_writing(when: datetime) -> None:
    when = when.replace(second=0, microsecond=0)
    kept = when.strftime("%Y-%m-%dT%H:%M")
    day = f"{when.year}年{when.month}月{when.day}日"
    half = f"{'下午' if when.hour >= 12 else '上午'}{when.hour - 12 if when.hour > 12 else when.hour}:{when.minute:02}"
    serial = (when - datetime(1899, 12, 30)) / timedelta(days=1)
    for raw in (when, f"{day}{when.hour}时{when.minute}分", f"{day} {when:%H:%M:%S}", f"{when:%Y.%m.%d %H：%M}", kept, day + half, serial):
        assert parse(MOMENT, raw) == kept


@given(st.integers(0, 10**11), st.sampled_from(["{}元", "{}", "￥{}", "人民币{}元整", " {} 元 ", "{}块"]), st.booleans())
def test_an_amount_in_yuan(fen: int, writing: str, full_width: bool) -> None:
    yuan = f"{Decimal(fen) / 100:.2f}".rstrip("0").rstrip(".")
    text = writing.format(yuan)
    assert parse(AMOUNT, text.translate(FULL_WIDTH) if full_width else text) == fen
    assert parse(AMOUNT, f"{Decimal(fen) / 100:,.2f}") == fen
    assert parse(AMOUNT, fen / 100) == fen


@given(st.integers(0, 10**7))
def test_an_amount_in_ten_thousands(hundreds: int) -> None:
    for word in ("万", "万元", " 万元整"):
        assert parse(AMOUNT, f"{Decimal(hundreds) / 100}{word}") == hundreds * 100 * 100


@given(st.from_regex(r"[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", fullmatch=True))
def test_an_identity_number_as_text_stays_whole_and_a_damaged_one_is_refused(body: str) -> None:
    whole = body + check_character(body)
    spaced = f"'{whole[:6]} {whole[6:14]} {whole[14:]}".lower()
    for raw in (whole, spaced, whole.translate(FULL_WIDTH), f" {whole}\t"):
        assert parse(CARD, raw) == whole
    if not whole.endswith("X"):
        for raw in (float(whole), f"{float(whole):.5E}", f"{float(whole):.14e}"):
            with pytest.raises(BadValue, match="后几位已经丢失"):
                parse(CARD, raw)


@given(st.integers(10**14, 10**15 - 1))
def test_an_old_identity_number_survives_as_a_float(number: int) -> None:
    assert parse(CARD, float(number)) == str(number)


@given(st.integers(0, 999_999))
def test_a_count_with_its_measure_word(count: int) -> None:
    for raw in (count, float(count), f"{count}人", f"{count} 人次", str(count).translate(FULL_WIDTH)):
        assert parse(COUNT, raw) == count
    assume(count > 0)
    with pytest.raises(BadValue):
        parse(COUNT, count + 0.5)


@given(st.sampled_from(sorted({f.code_list for f in ALL_FIELDS if f.code_list})), st.data())
def test_a_code_by_its_label_numbered_spaced_or_full_width(name: str, data: st.DataObject) -> None:
    codes = code_list(name)
    code, label = data.draw(st.sampled_from(codes.codes))
    for said in (label, " ".join(label), f"{label[:2]}\n{label[2:]}", label.translate(FULL_WIDTH)):
        assert find_code(codes, said) == code
    if not label[0].isdigit():
        assert find_code(codes, f"3、{label}") == find_code(codes, f"（3）{label}") == code
    for synonym, meant in codes.synonyms.items():
        assert find_code(codes, synonym) == meant


@given(st.sampled_from(ALL_FIELDS), st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.datetimes(), st.dates(), st.none()))
def test_nothing_in_a_cell_breaks_the_parser(field: Field, raw: object) -> None:
    value: object = ""
    with suppress(BadValue):
        value = parse(field, raw, links=lambda _, name: name)
        assert value != ""


@given(st.text())
def test_half_width_twice_is_half_width(text: str) -> None:
    assert halfwidth(halfwidth(text)) == halfwidth(text)
