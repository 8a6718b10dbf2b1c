"""A mistake in a form's file is named by file, line and sentence; a good file is read as it is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from jusuo_desktop.printing import TemplateError, forms, load
from jusuo_desktop.printing.template_reader import read_template

HEAD = """\
form: try_out
title: 试表
version: "1"
kind: mediation
"""

BODY: list[tuple[str, int, str]] = [
    ("body: 一段话", 5, "应当是一个列表"),
    ("body:\n  - txt: 一段话", 6, "不认识这一块内容"),
    ("body:\n  - 一段话", 6, "名称: 内容"),
    ("body:\n  - text: 一段话\n    color: red", 7, "不认识“color”"),
    ("body:\n  - text: 一段话\n    size: 大", 7, "“大”不是数字"),
    ("body:\n  - text: 一段话\n    size: 100", 7, "应当在6和40之间"),
    ("body:\n  - text: 一段话\n    font: 楷体", 7, "应当是：song"),
    ("body:\n  - text: 一段话\n    align: middle", 7, "应当是：left"),
    ("body:\n  - text: 一段话\n    keep_next: 也许", 7, "应当是 yes 或 no"),
    ("body:\n  - text: [一段话]", 6, "应当是一段文字"),
    ("body:\n  - text: 编号{case_number", 6, "大括号不成对"),
    ("body:\n  - text: 编号case_number}", 6, "大括号不成对"),
    ("body:\n  - text: 编号{case_no}", 6, "没有字段“case_no”"),
    ("body:\n  - text: 编号{parent.case_number}", 6, "没有上级记录"),
    ("body:\n  - text: 编号{committee.nickname}", 6, "没有字段“nickname”"),
    ("body:\n  - text: 编号{office.mayor}", 6, "没有字段“mayor”"),
    ("body:\n  - text: 编号{party.weight}", 6, "没有字段“weight”"),
    ("body:\n  - text: 编号{case_number:宽}", 6, "宽度应当是1到60的字数"),
    ("body:\n  - text: 编号{case_number:61}", 6, "宽度应当是1到60的字数"),
    ("body:\n  - text: 编号{case_number:0}", 6, "宽度应当是1到60的字数"),
    ("body:\n  - text: 一段话\n    blanks: {x: {field: title}}", 6, "没用到的空：x"),
    ("body:\n  - text: 甲{x}\n    blanks: {x: {width: 3}}", 7, "缺少“field”"),
    ("body:\n  - text: 甲{x}\n    blanks: {x: {field: title, form: roman}}", 7, "应当是：day"),
    ("body:\n  - text: 甲{x}\n    blanks: {x: {each: title}}", 7, "不是可以重复的下级记录的字段"),
    ("body:\n  - text: 甲{x}\n    blanks: {x: {strike: title}}", 7, "没有代码表"),
    (
        "body:\n  - text: 甲{x}\n    blanks:\n      x:\n        choices: case_source\n        offered:\n          - {codes: ['77'], text: 其他}",
        11,
        "没有代码“77”",
    ),
    (
        "body:\n  - text: 甲{x}\n    blanks:\n      x:\n        choices: case_source\n        offered:\n          - {codes: ['1']}",
        11,
        "“codes”和“text”",
    ),
    ("body:\n  - text: 甲\n    when: {field: state}", 7, "“is”“not”“filled”之一"),
    ("body:\n  - text: 甲\n    when: {field: title, filled: 满}", 7, "应当是 yes 或 no"),
    ("body: []\noffered: {rows: performance}", 6, "不是人民调解的下级记录"),
    ("body: []\noffered: {field: committee.name, filled: yes}", 6, "不是这条记录或者它上级记录自己的字段"),
    ("body:\n  - text: 甲\n    when: {field: title, is: [甲]}", 7, "没有代码表"),
    ("body:\n  - text: 甲\n    when: {field: state, is: [太好了]}", 7, "没有代码“太好了”"),
    ("body:\n  - row: 甲", 6, "应当是一个列表"),
    ("body:\n  - row:\n      - {text: 甲, label: 乙}", 7, "只有其中之一"),
    ("body:\n  - row:\n      - {width: 3}", 7, "只有其中之一"),
    ("body:\n  - row:\n      - {text: 甲, width: 0}", 7, "应当在0.1和100之间"),
    ("body:\n  - lines: nothing", 6, "没有字段“nothing”"),
    ("body:\n  - lines: dispute_summary\n    least: 2.5", 7, "应当是整数"),
    ("body:\n  - table: [[{text: 甲}]]", 6, "缺少“columns”"),
    ("body:\n  - columns: 2\n    table:\n      - [{text: 甲}]", 8, "这一行占1列，表格在这里有2列"),
    ("body:\n  - columns: 2\n    table:\n      - cells: [{text: 甲, span: 3}]", 8, "这一行占3列"),
    ("body:\n  - columns: 2\n    table:\n      - least: 9", 8, "缺少“cells”"),
    ("body:\n  - columns: 2\n    table:\n      - rows: [[{text: 甲}]]\n        side: 乙\n        each: title", 10, "没有字段“title.called”"),
    ("body:\n  - columns: 2\n    table:\n      - cells: [{text: 甲}, {grades: title}]", 8, "没有代码表"),
    ("body:\n  - each: party", 6, "缺少“body”"),
    ("body:\n  - columns: 2\n    table:\n      - rows: [[{text: 甲}]]\n        across: 2", 9, "要和“each”一起用"),
    ("body:\n  - columns: 3\n    table:\n      - rows: [[{text: 甲}]]\n        each: party\n        across: 2", 10, "把3列分尽"),
    ("body:\n  - columns: 1\n    table:\n      - [{choices: case_source, vertical: yes}]", 8, "只能有文字和字段"),
    ("body:\n  - row:\n      - {text: 甲, vertical: yes}", 7, "只能用在表格的格子里"),
    ("body:\n  - columns: 1\n    table:\n      - [{sum: party.name}]", 8, "不能合计"),
    ("body:\n  - columns: 1\n    table:\n      - [{sum: party.row_number}]", 8, "不能合计"),
    ("body:\n  - columns: 1\n    table:\n      - [{text: 甲, form: figures}]", 8, "只能和field或sum一起用"),
    ("list: yes\nnumber: case_number\nbody:\n  - text: 甲", 6, "清单（list: yes）不能有“number”"),
    ("list: yes\nbody:\n  - text: 甲{case_number}", 7, "没有字段“case_number”"),
    ("body:\n  - each: case_number\n    body: [{text: 甲}]", 6, "没有字段“case_number.called”"),
    ("body:\n  - sign:\n      - {room: 8}", 7, "缺少“label”"),
    ("body:\n  - sign:\n      - {label: 甲, room: 1}", 7, "应当在2和30之间"),
    ("body:\n  - sign: [{label: 甲}]\n    columns: 5", 7, "应当在1和4之间"),
    ("body:\n  - seal: 印章\n    date: birthday", 7, "没有字段“birthday”"),
    ("body:\n  - space: 300", 6, "应当在0和200之间"),
    ("body:\n  - keep:\n      - text: 甲\n        colour: 红", 8, "不认识“colour”"),
    ("body:\n  - text: 甲\n    text: 乙", 7, "“text”写了两次"),
    ("body:\n  - text: &a 甲\n  - text: *a", 6, "不能使用“&”“*”引用"),
    ("body:\n  - text: !!binary aGk=", 6, "不能使用“!”标记"),
    ("body:\n  - text: '甲", 6, "格式有误"),
    ("body:\n\t- text: 甲", 6, "格式有误"),
    ("body: " + "[" * 20 + "]" * 20, 5, "层次太深"),
]

TOP: list[tuple[str, int, str]] = [
    ("", 1, "文件是空的"),
    ("只有一句话", 1, "名称: 内容"),
    ("form: try_out\ntitle: 试表", 1, "缺少“version”"),
    (HEAD, 1, "缺少“body”"),
    (HEAD.replace("try_out", "试表") + "body: []", 1, "表格名只能用小写英文字母"),
    (HEAD.replace("mediation", "marriage") + "body: []", 4, "没有“marriage”这种记录"),
    (HEAD + "under: consultation\nbody: []", 5, "不是法律咨询的下级记录"),
    (HEAD + "paper: B5\nbody: []", 5, "应当是：A4"),
    (HEAD + "margins: {top: 3}\nbody: []", 5, "应当在5和100之间"),
    (HEAD + "margins: {inner: 30}\nbody: []", 5, "不认识“inner”"),
    (HEAD + "paper: A5 landscape\nmargins: {top: 60, bottom: 60}\nbody: []", 6, "页边距太大"),
    (HEAD + "page_number: roman\nbody: []", 5, "应当是：dashes"),
    (HEAD + "number: case\nbody: []", 5, "没有字段“case”"),
    (HEAD + "copies: 0\nbody: []", 5, "应当在1和99之间"),
    (HEAD + "copies: {plus: 1}\nbody: []", 5, "缺少“each”"),
    (HEAD + "copies: {each: party, field: title}\nbody: []", 5, "不是这条记录自己的整数字段"),
    (HEAD + "from_parent: first\nbody: []", 5, "应当是：latest"),
    (HEAD + "order: 一\nbody: []", 5, "不是数字"),
    (HEAD + "code: 无\nbody: []", 5, "应当是 yes 或 no"),
    (HEAD + "every_page: '{x}'\nbody: []", 5, "没有字段“x”"),
    (HEAD + "colour: red\nbody: []", 5, "不认识“colour”"),
]


@pytest.mark.parametrize(("body", "line", "said"), BODY, ids=[f"{n}" for n in range(len(BODY))])
def test_a_mistake_in_the_body(body: str, line: int, said: str) -> None:
    refused(HEAD + body, line, said)


@pytest.mark.parametrize(("text", "line", "said"), TOP, ids=[f"{n}" for n in range(len(TOP))])
def test_a_mistake_at_the_top(text: str, line: int, said: str) -> None:
    refused(text, line, said)


def refused(text: str, line: int, said: str) -> None:
    with pytest.raises(TemplateError) as error:
        read_template(text.encode(), "试表.yaml")
    assert error.value.message.startswith(f"试表.yaml:{line}: "), error.value.message
    assert said in error.value.message


@pytest.mark.parametrize(
    ("raw", "line", "said"),
    [
        (HEAD.encode() + "body: 甲".encode("gb18030"), 5, "UTF-8"),
        (b"x" * 300_000, 1, "文件太大"),
        (HEAD.encode() + b"body: []\n# \x07", 6, "控制字符"),
        (HEAD.encode() + b"body:\n" + b"  - text: a\n" * 8000, 5003, "内容太多"),
    ],
)
def test_a_file_that_is_no_form_at_all(raw: bytes, line: int, said: str) -> None:
    with pytest.raises(TemplateError) as error:
        read_template(raw, "试表.yaml")
    assert error.value.message.startswith(f"试表.yaml:{line}: "), error.value.message
    assert said in error.value.message


def test_a_file_with_a_byte_order_mark_is_read() -> None:
    assert read_template(b"\xef\xbb\xbf" + HEAD.encode() + b"body: []", "试表.yaml").title == "试表"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"missing.yaml:1: 读不出表格文件"):
        load(tmp_path / "missing.yaml")


def test_the_name_of_the_file_is_the_name_of_the_form(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(HEAD + "body: []", encoding="utf-8")
    good, broken = forms(tmp_path)
    assert not good
    assert broken["other"].message == "other.yaml:1: 表格名“try_out”应当和文件名一致"


def test_a_mistake_in_one_form_leaves_the_others_alone(tmp_path: Path) -> None:
    (tmp_path / "alpha.yaml").write_text(HEAD.replace("try_out", "alpha") + "body: [{txt: 甲}]", encoding="utf-8")
    (tmp_path / "beta.yaml").write_text(HEAD.replace("try_out", "beta") + "body: []", encoding="utf-8")
    good, broken = forms(tmp_path)
    assert list(good) == ["beta"]
    assert broken["alpha"].message.startswith("alpha.yaml:5: 不认识这一块内容")


def test_every_form_of_a_folder_in_the_order_they_ask_for(tmp_path: Path) -> None:
    for name, order in (("alpha", 20), ("beta", 10)):
        (tmp_path / f"{name}.yaml").write_text(HEAD.replace("try_out", name) + f"order: {order}\nbody: []", encoding="utf-8")
    assert list(forms(tmp_path)[0]) == ["beta", "alpha"]
