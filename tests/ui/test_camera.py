"""The document camera: pages taken by key from real frames, turned, cut, taken off; a machine without camera or parts says one sentence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.attach import attachments
from jusuo_desktop.actions.save_record import save
from jusuo_desktop.store import Refused
from jusuo_desktop.ui.camera_dialog import NO_PARTS, CameraDialog, open_camera
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.entry_page import EntryPage
from tests.conftest import ROOT
from tests.ui.typing_hands import shown

try:
    from PySide6.QtMultimedia import QVideoFrame

    from jusuo_desktop.ui.camera_source import CameraSource
except ImportError:
    CameraSource = None  # type: ignore[assignment,misc]

pytestmark = pytest.mark.qt_log_ignore("Couldn't (load|resolve) (va|pipewire)", "PulseAudioService", "No RHI backend", extend=True)
"""What Qt's multimedia says of a machine without graphics card and sound."""

needs_parts = pytest.mark.skipif(CameraSource is None, reason="the machine lacks what cameras need")


def desk_with_sheet(colour: str = "white") -> QImage:
    """What the camera over the desk sees: a sheet, its head blue."""
    image = QImage(1600, 1200, QImage.Format.Format_RGB32)
    image.fill(QColor("#6b5038"))
    painter = QPainter(image)
    painter.fillRect(400, 100, 800, 1000, QColor(colour))
    painter.fillRect(400, 100, 800, 150, QColor("blue"))
    painter.end()
    return image


@pytest.fixture
def dialog(qtbot: QtBot) -> Iterator[CameraDialog]:
    made = CameraDialog(CameraSource())
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    made.open()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.hide()


def send(qtbot: QtBot, dialog: CameraDialog, image: QImage) -> None:
    """A frame by the camera's own way: into the sink."""
    with qtbot.waitSignal(dialog.source.seen, timeout=5000):
        dialog.source.sink.setVideoFrame(QVideoFrame(image))


def press(dialog: CameraDialog, key: Qt.Key) -> None:
    QTest.keyClick(dialog.sight, key)


@needs_parts
def test_pages_are_taken_by_space_turned_by_r_and_handed_over_by_enter(qtbot: QtBot, dialog: CameraDialog) -> None:
    assert not dialog.shoot_button.isEnabled()
    press(dialog, Qt.Key.Key_Space)
    press(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible(), "nothing taken yet"
    send(qtbot, dialog, desk_with_sheet())
    press(dialog, Qt.Key.Key_Space)
    press(dialog, Qt.Key.Key_R)
    press(dialog, Qt.Key.Key_Space)
    press(dialog, Qt.Key.Key_Space)
    press(dialog, Qt.Key.Key_Delete)
    assert dialog.list.count() == 2
    assert "已拍2页" in dialog.said.text()
    with qtbot.waitSignal(dialog.taken) as taken:
        press(dialog, Qt.Key.Key_Return)
    first, second = taken.args[0]
    assert (first.width(), first.height()) == (1600, 1200)
    assert (second.width(), second.height()) == (1200, 1600)
    assert QColor(first.pixel(800, 150)).blue() > 200 > 60 > QColor(first.pixel(800, 150)).red()
    assert QColor(second.pixel(1020, 800)).blue() > 200, "the head of the sheet went to the right"
    assert not dialog.isVisible()


@needs_parts
def test_a_frame_drawn_with_the_mouse_cuts_what_is_taken_until_it_is_taken_off(qtbot: QtBot, dialog: CameraDialog) -> None:
    send(qtbot, dialog, desk_with_sheet())
    place = dialog.sight._place()

    def at(x: float, y: float) -> QPointF:
        return QPointF(place.x() + x * place.width() / 1600, place.y() + y * place.height() / 1200)

    QTest.mousePress(dialog.sight, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(400, 100).toPoint())
    QTest.mouseMove(dialog.sight, at(900, 800).toPoint())
    QTest.mouseMove(dialog.sight, at(1200, 1100).toPoint())
    QTest.mouseRelease(dialog.sight, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(1200, 1100).toPoint())
    press(dialog, Qt.Key.Key_Space)
    page = dialog.pages[0]
    assert abs(page.width() - 800) < 8
    assert abs(page.height() - 1000) < 8
    assert QColor(page.pixel(400, 60)).blue() > 200
    press(dialog, Qt.Key.Key_C)
    press(dialog, Qt.Key.Key_Space)
    assert dialog.pages[1].width() == 1600


@needs_parts
def test_escape_asks_once_before_pages_are_lost(qtbot: QtBot, dialog: CameraDialog) -> None:
    send(qtbot, dialog, desk_with_sheet())
    press(dialog, Qt.Key.Key_Space)
    press(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert "再按一次Esc放弃" in dialog.said.text()
    press(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@needs_parts
def test_the_pages_become_one_attachment_of_the_record(qtbot: QtBot, desk: Desk) -> None:
    case = save(desk.session, "mediation", {"registered_on": "2026-03-02", "dispute_type": "2"}).record.id
    page = shown(qtbot, EntryPage(desk, "mediation", case))
    assert page.attaching is not None
    page.attaching.add_photographs([desk_with_sheet(), desk_with_sheet("yellow")])
    qtbot.waitUntil(lambda: len(attachments(desk.session, case)) == 1 and not desk.background.busy, timeout=30_000)
    made = attachments(desk.session, case)[0].values
    assert (made["file_name"], made["media_type"], made["pages"]) == ("拍摄0309-1030.pdf", "application/pdf", 2)


def test_a_machine_without_a_camera_says_one_sentence_and_opens_nothing(qtbot: QtBot, desk: Desk) -> None:
    case = save(desk.session, "mediation", {"registered_on": "2026-03-02"}).record.id
    page = shown(qtbot, EntryPage(desk, "mediation", case))
    try:
        open_camera(page).reject()
    except Refused as refused:
        said = refused.message
    else:
        pytest.skip("this machine has a camera")
    assert page.form.shelf is not None
    page.form.shelf.camera_button.click()
    assert page.form.shelf.problems.text() == said
    assert "手机拍照" in said


def test_a_machine_without_the_parts_says_one_sentence_too() -> None:
    program = (
        "import sys\n"
        "sys.modules['PySide6.QtMultimedia'] = None\n"  # as where its system libraries are missing: the import fails
        "from jusuo_desktop.ui.camera_dialog import open_camera\n"
        "from jusuo_desktop.store import Refused\n"
        "try:\n    open_camera(None)\nexcept Refused as refused:\n    sys.stdout.write(refused.message)\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
    )
    assert done.stdout == NO_PARTS, done.stderr
