"""A reader that dies, never ends or asks for all memory is a sentence; what it read comes back whole."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from jusuo_desktop.reports.bounds import BadWorkbook
from jusuo_desktop.reports.reading_apart import MOST_MEMORY, read_apart


def whole(path: Path) -> list[str]:
    return [path.name, "𬭊", str(os.getpid())]


def dies(path: Path) -> None:
    os.abort()


def never_ends(path: Path) -> None:
    threading.Event().wait()


def refuses(path: Path) -> None:
    raise BadWorkbook(f"“{path.name}”不是台账。")


def takes_all(path: Path) -> int:
    try:
        return len(bytearray(MOST_MEMORY))
    except MemoryError:
        return -1


def test_what_was_read_comes_back_from_another_process(tmp_path: Path) -> None:
    name, character, process = read_apart(whole, tmp_path / "台账.xlsx")
    assert (name, character) == ("台账.xlsx", "𬭊")
    assert process != str(os.getpid())


def test_a_reader_that_dies_is_a_sentence_about_the_file(tmp_path: Path) -> None:
    with pytest.raises(BadWorkbook, match=r"“坏[.]xls”已经损坏"):
        read_apart(dies, tmp_path / "坏.xls")


def test_a_reader_that_never_ends_is_ended(tmp_path: Path) -> None:
    with pytest.raises(BadWorkbook, match="没有读完"):
        read_apart(never_ends, tmp_path / "慢.xls", seconds=1)


def test_the_readers_own_sentence_arrives(tmp_path: Path) -> None:
    with pytest.raises(BadWorkbook, match="不是台账"):
        read_apart(refuses, tmp_path / "照片.xls")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such bound; the bounds on the file stand there alone")
def test_memory_is_bounded(tmp_path: Path) -> None:
    assert read_apart(takes_all, tmp_path / "大.xls") == -1
