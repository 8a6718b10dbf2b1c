"""YAML read with its line numbers, so that a mistake in a form is named by file and line. Bounded; no aliases, no tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import yaml

from jusuo_desktop.store.refusal import Refused

LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MOST_BYTES: Final = 256 * 1024
MOST_DEPTH: Final = 16
MOST_NODES: Final = 20_000


class TemplateError(Refused):
    """A form's file is wrong: “文件:行: 句子”."""

    def __init__(self, file: str, line: int, said: str) -> None:
        super().__init__(f"{file}:{line}: {said}")
        self.file, self.line, self.said = file, line, said


class Entry:
    """One node of the file. Every access checks the type and names the line where it is not what a form may say."""

    def __init__(self, node: yaml.Node, file: str) -> None:
        self._node, self._file = node, file

    @property
    def line(self) -> int:
        """The line in the file, counted from 1."""
        return int(self._node.start_mark.line) + 1

    def wrong(self, said: str) -> TemplateError:
        """The error to raise for this node."""
        return TemplateError(self._file, self.line, said)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self._node, yaml.SequenceNode)

    @property
    def is_map(self) -> bool:
        """Whether it is a mapping."""
        return isinstance(self._node, yaml.MappingNode)

    def items(self) -> list[Entry]:
        """The entries of a list."""
        if not isinstance(self._node, yaml.SequenceNode):
            raise self.wrong("这里应当是一个列表（每行以“- ”开头）")
        return [Entry(node, self._file) for node in self._node.value]

    def pairs(self) -> Iterator[tuple[str, Entry]]:
        """The keys and values of a mapping, keys unique."""
        if not isinstance(self._node, yaml.MappingNode):
            raise self.wrong("这里应当写成“名称: 内容”的形式")
        seen: set[str] = set()
        for key, value in self._node.value:
            name = Entry(key, self._file).text()
            if name in seen:
                raise Entry(key, self._file).wrong(f"“{name}”写了两次")
            seen.add(name)
            yield name, Entry(value, self._file)

    def mapping(self, *known: str) -> dict[str, Entry]:
        """A mapping with no other keys than `known` (any keys if none are given)."""
        found = dict(self.pairs())
        for name, entry in found.items():
            if known and name not in known:
                raise entry.wrong(f"不认识“{name}”；这里可以写：{'、'.join(known)}")
        return found

    def text(self) -> str:
        """A piece of text."""
        if not isinstance(self._node, yaml.ScalarNode):
            raise self.wrong("这里应当是一段文字")
        return str(self._node.value)

    def number(self, least: float = 0.0, most: float = 1000.0) -> float:
        """A number within bounds."""
        try:
            value = float(self.text())
        except ValueError:
            raise self.wrong(f"“{self.text()}”不是数字") from None
        if not least <= value <= most:
            raise self.wrong(f"“{self.text()}”应当在{least:g}和{most:g}之间")
        return value

    def whole(self, least: int = 0, most: int = 1000) -> int:
        """A whole number within bounds."""
        value = self.number(least, most)
        if value != int(value):
            raise self.wrong(f"“{self.text()}”应当是整数")
        return int(value)

    def flag(self) -> bool:
        """Yes or no."""
        said = self.text()
        if said not in ("true", "false", "yes", "no"):
            raise self.wrong(f"“{said}”应当是 yes 或 no")
        return said in ("true", "yes")

    def one_of(self, *words: str) -> str:
        """One of the given words."""
        said = self.text()
        if said not in words:
            raise self.wrong(f"“{said}”应当是：{'、'.join(words)}")
        return said


def read_yaml(raw: bytes, file: str) -> Entry:
    """The root of the file.

    Raises:
        TemplateError: not UTF-8, not YAML, too large, too deep, or with aliases or tags.
    """
    if len(raw) > MOST_BYTES:
        raise TemplateError(file, 1, f"文件太大，应当小于{MOST_BYTES // 1024}千字节")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TemplateError(file, raw[: error.start].count(b"\n") + 1, "文件应当以UTF-8编码保存") from None
    try:
        _bound(text, file)
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise TemplateError(
            file, mark.line + 1 if mark else 1, f"格式有误，请检查这里的缩进、冒号后的空格和引号，缩进不要用制表符（{error.problem}）"
        ) from None
    except yaml.reader.ReaderError as error:
        raise TemplateError(file, text[: error.position].count("\n") + 1, "有不可见的控制字符") from None
    if node is None:
        raise TemplateError(file, 1, "文件是空的")
    return Entry(node, file)


def _bound(text: str, file: str) -> None:
    depth = 0
    for nodes, event in enumerate(yaml.parse(text, Loader=LOADER)):
        line = (event.start_mark.line if event.start_mark else 0) + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise TemplateError(file, line, "不能使用“&”“*”引用")
        if getattr(event, "tag", None) not in (None, "!"):
            raise TemplateError(file, line, "不能使用“!”标记")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH:
            raise TemplateError(file, line, f"层次太深，最多{MOST_DEPTH}层")
        if nodes > MOST_NODES:
            raise TemplateError(file, line, "内容太多")
