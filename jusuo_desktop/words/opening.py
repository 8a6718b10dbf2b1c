"""Opening the store for a word: which folder, which user, and the pass phrase, from the environment or the prompt."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.store_folder import default_folder
from jusuo_desktop.records.kind import Record, RecordKind
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.refusal import Refused

PASSPHRASE: Final = "JUSUO_PASSPHRASE"
"""The environment variable; a pass phrase on the command line would stand in the process list."""


def folder_of(args: argparse.Namespace) -> Path:
    """The store folder that the words name, or the user's own."""
    return Path(args.store) if args.store else default_folder()


def asked(prompt: str) -> str:
    """A secret from the environment or the prompt.

    Raises:
        Refused: there is neither.
    """
    if PASSPHRASE in os.environ:
        return os.environ[PASSPHRASE]
    if not sys.stdin.isatty():
        raise Refused(f"需要口令：请在终端里运行，或者设环境变量 {PASSPHRASE}。")
    try:
        return getpass.getpass(prompt)
    except EOFError:
        raise Refused("没有输入口令。") from None


def asked_twice() -> str:
    """A new pass phrase, typed twice at the prompt.

    Raises:
        Refused: the two differ.
    """
    first = asked("请设口令（至少8个字符）：")
    if PASSPHRASE not in os.environ and asked("再输入一次：") != first:
        raise Refused("两次输入的口令不一样，请重新运行。")
    return first


@contextmanager
def opened(args: argparse.Namespace, *, even_locked: bool = False) -> Iterator[Session]:
    """The unlocked store for the time of the block; `even_locked`, also where the machine was without contact for too long.

    Raises:
        Locked: it was, and this word is none that opens it.
        Refused: no store, several users and none named, a wrong pass phrase, a damaged or newer store.
    """
    from jusuo_desktop.actions.contact_lock import refuse_locked
    from jusuo_desktop.actions.unlock import unlock, user_names

    folder = folder_of(args)
    names = user_names(folder)
    if args.user is None and len(names) > 1:
        raise Refused(f"这份数据有几个用户，请用 --user 指明：{'、'.join(names)}。")
    name = args.user if args.user is not None else names[0] if names else ""
    session = unlock(folder, name, asked(f"{name}的口令：") if name in names else "")
    try:
        if not even_locked:
            refuse_locked(session)
        yield session
    finally:
        session.store.close()


def kind_said(said: str) -> RecordKind:
    """The kind that a word names, in English or Chinese.

    Raises:
        Refused: none; the sentence lists them.
    """
    for kind in KINDS.values():
        if said in (kind.name, kind.label):
            return kind
    raise Refused(f"没有“{said}”这一类记录；可以写：{'、'.join(f'{k.name}（{k.label}）' for k in KINDS.values())}。")


def record_said(session: Session, said: str) -> Record:
    """The record that a word names: by its id, or by its printed number.

    Raises:
        Refused: none, or several.
    """
    record = session.store.record(said.strip())
    if record is not None:
        return record
    numbered = [r for hit in session.store.search(said, limit=20) if (r := session.store.record(hit.id)) is not None]
    numbered = [r for r in numbered if (n := KINDS[r.kind].number) and r.values.get(n) == said.strip()]
    if len(numbered) != 1:
        few = "有几条记录都是这个编号，请改用记录的 ID。" if numbered else "请写记录的 ID 或者完整的编号；用 search 可以查到。"
        raise Refused(f"找不到“{said}”：{few}")
    return numbered[0]
