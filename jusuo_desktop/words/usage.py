"""A parser of words that says in Chinese what is wrong with them; argparse itself speaks English only."""

from __future__ import annotations

import argparse
import re
from typing import Final, NoReturn

from jusuo_desktop.words.answer import WRONG_USAGE

SAID: Final = (
    (re.compile(r"the following arguments are required: (.+)"), r"还缺 \1"),
    (re.compile(r"one of the arguments (.+) is required"), r"要写 \1 其中一项"),
    (re.compile(r"argument (\S+): not allowed with argument (\S+)"), r"\1 和 \2 只能写一项"),
    (re.compile(r"argument 命令: invalid choice: '?([^' ]*)'? \(choose from (.+)\)"), r"没有“\1”这个命令，可以用：\2"),
    (re.compile(r"argument (\S+): invalid choice: '?([^' ]*)'? \(choose from (.+)\)"), r"\1 不能是“\2”，可以写：\3"),
    (re.compile(r"argument (\S+): invalid .+ value: '?(.*?)'?$"), r"\1 不能是“\2”"),
    (re.compile(r"argument (\S+): expected .+"), r"\1 后面没有写内容"),
    (re.compile(r"argument (\S+): (.+)"), r"\1 \2"),
    (re.compile(r"unrecognized arguments: (.+)"), r"不认识 \1"),
    (re.compile(r"ambiguous option: (\S+) could match (.+)"), r"\1 可能是 \2，请写全"),
)
"""argparse's sentences and ours; whatever is not here is passed on as it is."""


class WordParser(argparse.ArgumentParser):
    """Its errors are one Chinese line; how the word is used follows `--help`."""

    def error(self, message: str) -> NoReturn:
        """Says what is wrong and ends with status 2."""
        self.exit(WRONG_USAGE, f"用法有误：{in_chinese(message)}。用法见 {self.prog} --help\n")


def in_chinese(message: str) -> str:
    """What argparse complains of, in Chinese."""
    for pattern, ours in SAID:
        if (match := pattern.match(message)) is not None:
            return match.expand(ours).replace("'", "")
    return message
