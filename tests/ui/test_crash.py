"""Errors of ours: a report without values, one calm sentence, and the program goes on."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from jusuo_desktop.ui.crash import CrashHooks
from tests.ui.window_hands import log_in, window_on_copy

SECRET = "330424198506120034"


@pytest.fixture
def told(tmp_path: Path) -> Iterator[list[str]]:
    heard: list[str] = []
    hooks = CrashHooks(tmp_path / "reports", heard.append)
    hooks.install()
    yield heard
    hooks.remove()


def _reports(tmp_path: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in (tmp_path / "reports").glob("crash-*.txt")]


def _fail() -> None:
    raise KeyError(f"张三 {SECRET}")


def test_an_error_in_a_slot_is_reported_without_its_message(qtbot: QtBot, told: list[str], tmp_path: Path) -> None:
    QTimer.singleShot(0, _fail)
    qtbot.waitUntil(lambda: bool(told))
    assert "已保存的内容都在" in told[0]
    assert "可以继续使用" in told[0]
    report = _reports(tmp_path)[0]
    assert "builtins.KeyError" in report
    assert "_fail" in report
    assert SECRET not in report
    assert "张三" not in report


def test_an_error_in_a_thread_and_its_cause(told: list[str], tmp_path: Path) -> None:
    def work() -> None:
        try:
            _fail()
        except KeyError as error:
            raise ValueError(SECRET) from error

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(told) == 1
    report = _reports(tmp_path)[0]
    assert report.index("ValueError") < report.index("KeyError")
    assert SECRET not in report


def test_an_error_while_telling_does_not_go_round(tmp_path: Path) -> None:
    calls: list[str] = []

    def tell(said: str) -> None:
        calls.append(said)
        hooks.note(RuntimeError("again"))

    hooks = CrashHooks(tmp_path / "reports", tell)
    hooks.note(ValueError("first"))
    assert len(calls) == 1


def test_where_no_report_can_be_written_it_is_told_all_the_same(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    heard: list[str] = []
    CrashHooks(blocked / "reports", heard.append).note(ValueError("x"))
    assert len(heard) == 1


def test_the_window_tells_on_its_bar_and_goes_on(qtbot: QtBot, office_folder: Path, tmp_path: Path) -> None:
    with window_on_copy(qtbot, office_folder, tmp_path) as window:
        workspace = log_in(qtbot, window)
        hooks = CrashHooks(tmp_path / "reports", window.tell_crash)
        hooks.install()
        try:
            workspace.desk.background.run(workspace, lambda _reins: _fail())
            qtbot.waitUntil(lambda: bool(workspace.bar.sentences))
        finally:
            hooks.remove()
        assert workspace.bar.sentences[0].startswith("程序出了一个错")
        assert "builtins.KeyError" in _reports(tmp_path)[0]
        workspace.show_part("mediation")
        assert workspace.pages.part == "mediation"
    assert sys.excepthook is not hooks._hook
