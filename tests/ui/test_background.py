"""Work in the background: outcomes arrive on the Qt thread, later work replaces earlier, nobody is told after the owner is gone."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.ui.background import Background


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    made = Background()
    yield made
    assert made.close()


def test_outcome_progress_and_end_arrive_on_the_qt_thread_in_order(background: Background, qtbot: QtBot) -> None:
    heard: list[tuple[str, object, bool]] = []
    here = QThread.currentThread()

    def note(what: str, value: object = None) -> None:
        heard.append((what, value, QThread.currentThread() is here))

    def work(reins: Reins) -> int:
        reins.tell(1)  # type: ignore[arg-type]
        return 7 if QThread.currentThread() is not here else 0

    background.run(background, work, done=lambda v: note("done", v), progress=lambda v: note("progress", v), ended=lambda: note("ended"))
    qtbot.waitUntil(lambda: len(heard) == 3)
    assert heard == [("progress", 1, True), ("done", 7, True), ("ended", None, True)]
    assert not background.busy


def test_a_refusal_without_a_listener_reaches_the_window_and_a_bug_is_told_apart(background: Background, qtbot: QtBot) -> None:
    def refuse(reins: Reins) -> None:
        raise Refused("磁盘已满。")

    with qtbot.waitSignal(background.refused) as told:
        background.run(background, refuse)
    assert told.args[0].message == "磁盘已满。"
    heard: list[str] = []
    background.run(background, refuse, refused=lambda r: heard.append(r.message))
    qtbot.waitUntil(lambda: heard == ["磁盘已满。"])
    with qtbot.waitSignal(background.broke) as broke:
        background.run(background, lambda reins: 1 // 0)
    assert isinstance(broke.args[0], ZeroDivisionError)


def test_later_work_under_one_key_replaces_the_earlier(background: Background, qtbot: QtBot) -> None:
    gate, heard = threading.Event(), list[str]()

    def slow(reins: Reins) -> str:
        assert gate.wait(10)
        return "stopped" if reins.stopped.is_set() else "went on"

    first = background.run(background, slow, done=heard.append, key="search")
    background.run(background, lambda reins: "second", done=heard.append, key="search")
    qtbot.waitUntil(lambda: heard == ["second"])
    gate.set()
    qtbot.waitUntil(lambda: not first.running)
    assert heard == ["second"]


def test_nobody_is_told_after_the_owner_is_gone(background: Background, qtbot: QtBot) -> None:
    gate, heard = threading.Event(), list[str]()
    owner = QObject()

    def slow(reins: Reins) -> str:
        assert gate.wait(10)
        return "late"

    task = background.run(owner, slow, done=heard.append)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    gate.set()
    qtbot.waitUntil(lambda: not task.running)
    assert heard == []


class Held(QObject):
    """A piece of the window that nobody holds any more but itself; says on which thread it goes."""

    def __init__(self, gone: list[int]) -> None:
        super().__init__()
        self.me, self._gone = self, gone

    def __del__(self) -> None:
        self._gone.append(threading.get_ident())


def test_what_belongs_to_the_window_never_goes_on_a_thread_of_the_pool(background: Background, qtbot: QtBot) -> None:
    """Found as a window that stood still for ever: a round over the heap, due on a pool thread, took an old page away."""
    gone: list[int] = []

    def busy(reins: Reins) -> list[list[int]]:
        return [[number] for number in range(300_000)]  # rounds of every generation are due

    for _ in range(3):
        Held(gone)
        with qtbot.waitSignal(background.run(background, busy).finished):
            pass
    qtbot.waitUntil(lambda: gc.isenabled())
    gc.collect()
    assert gone == [threading.get_ident()] * 3


def test_a_task_that_has_ended_goes_on_the_qt_thread(background: Background, qtbot: QtBot) -> None:
    gone: list[int] = []
    for _ in range(200):
        weakref.finalize(background.run(background, lambda reins: None), lambda: gone.append(threading.get_ident()))
    qtbot.waitUntil(lambda: not background.busy and gc.isenabled())
    gc.collect()
    assert gone == [threading.get_ident()] * 200


def test_what_is_asked_for_after_the_end_is_not_begun(qtbot: QtBot) -> None:
    made, begun = Background(), list[int]()
    assert made.close()
    task = made.run(made, lambda reins: begun.append(1), done=lambda _: begun.append(2))
    assert not task.running
    assert not made.busy
    assert made.close()
    assert begun == []
