"""The cameras of this machine and the pictures they send. The one module that needs QtMultimedia, which a machine may lack."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QCamera, QCameraDevice, QCameraFormat, QMediaCaptureSession, QMediaDevices, QVideoFrame, QVideoSink

APART_MS: Final = 60
"""Between two pictures that are shown: an old PC has other things to do."""
LEAST_RATE: Final = 4.0
"""Pictures a second that a large format must still send."""
MOST_PIXELS: Final = 24_000_000


class CameraSource(QObject):
    """`seen` carries each picture that is to be shown, `trouble` a sentence, `cameras_changed` when one was plugged in or out."""

    seen = Signal(QImage)
    trouble = Signal(str)
    cameras_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sink = QVideoSink(self)
        self.sink.videoFrameChanged.connect(self._take)
        self._session = QMediaCaptureSession(self)
        self._session.setVideoSink(self.sink)
        self._devices = QMediaDevices(self)
        self._devices.videoInputsChanged.connect(self.cameras_changed)
        self._camera: QCamera | None = None
        self._since = QElapsedTimer()

    @staticmethod
    def names() -> list[str]:
        """What the cameras are called, the usual one first."""
        return [device.description() for device in _devices()]

    def start(self, number: int) -> None:
        """Shows what that camera sees, as large as it can."""
        self.stop()
        devices = _devices()
        if not 0 <= number < len(devices):
            return
        self._camera = QCamera(devices[number], self)
        if (best := _best(devices[number])) is not None:
            self._camera.setCameraFormat(best)
        self._camera.errorOccurred.connect(self._tell)
        self._session.setCamera(self._camera)
        self._camera.start()

    def stop(self) -> None:
        """Lets go of the camera: its light goes out."""
        if self._camera is not None:
            self._camera.stop()
            self._session.setCamera(None)  # type: ignore[arg-type]
            self._camera.deleteLater()
            self._camera = None

    def _take(self, frame: QVideoFrame) -> None:
        if self._since.isValid() and self._since.elapsed() < APART_MS:
            return
        image = frame.toImage()
        if not image.isNull():
            self._since.restart()
            self.seen.emit(image)

    def _tell(self, error: QCamera.Error, said: str) -> None:
        if error != QCamera.Error.NoError:
            self.trouble.emit(f"摄像头没有打开（{said or '原因不明'}）。请检查它有没有插好、有没有被别的程序占用，再选一次。")


def _devices() -> list[QCameraDevice]:
    usual = QMediaDevices.defaultVideoInput()
    return sorted(QMediaDevices.videoInputs(), key=lambda device: device.id() != usual.id())


def _best(device: QCameraDevice) -> QCameraFormat | None:
    def size(form: QCameraFormat) -> int:
        return form.resolution().width() * form.resolution().height()

    fit = [form for form in device.videoFormats() if form.maxFrameRate() >= LEAST_RATE and size(form) <= MOST_PIXELS]
    return max(fit, key=size, default=None)
