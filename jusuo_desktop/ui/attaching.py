"""The page's hand that attaches: files that are dropped, pasted, chosen or photographed go under the record one by one, in the background.

A record that was never saved is saved first. Where that is not possible yet, the files wait on the page and go in with the next save. One bad
file gets its sentence; the others go in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QMimeData, QObject, QPoint
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from jusuo_desktop.actions.attach import File, attach_joined
from jusuo_desktop.actions.attachment_pages import save_copy, thumbnail
from jusuo_desktop.actions.merge_attachments import merge
from jusuo_desktop.actions.print_form import Offer
from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.signed_scan import mark_signed, signed_papers
from jusuo_desktop.actions.void_record import void
from jusuo_desktop.pictures.taking_in import MOST_BYTES
from jusuo_desktop.records.kind import Record
from jusuo_desktop.store.refusal import DiskTrouble, Refused
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.ui.attachment_icon import ICON
from jusuo_desktop.ui.attachment_shelf import ADD_KEYS, GO_KEYS, KIND, AttachmentShelf
from jusuo_desktop.ui.background import Task
from jusuo_desktop.ui.printer import image_of

if TYPE_CHECKING:
    from jusuo_desktop.ui.entry_page import EntryPage

FOLDER: Final = "attachment_folder"
"""Setting: where files were chosen last."""
CHOICE: Final = (
    "可以添加的文件 (*.jpg *.jpeg *.png *.webp *.bmp *.tif *.tiff *.gif *.pdf *.ofd *.doc *.docx *.wps *.xls *.xlsx *.et *.ppt *.pptx"
    " *.txt *.csv *.rtf *.mp3 *.m4a *.wav *.amr *.aac *.mp4 *.mov *.3gp *.avi);;所有文件 (*)"
)


@dataclass(frozen=True, slots=True)
class Coming:
    """What becomes one attachment: how it is called while it is on its way, and how its files are read, off the Qt thread."""

    name: str
    read: Callable[[], Sequence[File]]
    description: str = ""


class Attaching(QObject):
    """Joins a record's page, its shelf of attachments and the acts behind them."""

    def __init__(self, page: EntryPage, shelf: AttachmentShelf) -> None:
        super().__init__(page)
        self._page, self.shelf = page, shelf
        self._waiting: list[Coming] = []
        self._task: Task | None = None
        shelf.files_wanted.connect(self.choose_files)
        shelf.paste_wanted.connect(self.paste)
        shelf.camera_wanted.connect(self.photograph)
        shelf.picture_wanted.connect(self._draw)
        shelf.wanted.connect(self.open)
        shelf.described.connect(lambda one, text: self._write([one], description=text or None))
        shelf.purpose_given.connect(lambda ids, code: self._write(ids, purpose=code))
        shelf.papers_wanted.connect(self._offer_papers)
        shelf.signed.connect(self._mark_signed)
        shelf.merge_wanted.connect(self._merge)
        shelf.copy_wanted.connect(self._choose_copy)
        shelf.voided.connect(self._void)
        shelf.stop_wanted.connect(lambda: self._task.cancel() if self._task is not None else None)
        page.add_keys(ADD_KEYS, self.choose_files)
        page.add_keys(GO_KEYS, shelf.go_to_last)
        page.add_keys("Ctrl+Shift+V", self.paste)
        page.setAcceptDrops(True)
        page.installEventFilter(self)

    @property
    def waiting(self) -> int:
        """How many are not in yet."""
        return len(self._waiting)

    # -- where files come from -------------------------------------------------------

    def choose_files(self) -> None:
        """Asks for files."""
        if self._page.locked:
            return
        folder = str(self._page.desk.session.store.get(FOLDER, str(Path.home())))
        chosen, _ = QFileDialog.getOpenFileNames(self._page, "添加附件", folder, CHOICE)
        if chosen:
            store, last = self._page.desk.session.store, str(Path(chosen[0]).parent)
            self._page.desk.background.run(self, lambda reins: store.set(FOLDER, last))
            self.add([of_path(Path(one)) for one in chosen])

    def paste(self) -> None:
        """Takes the picture or the files in the clipboard."""
        found = self._found_in(QGuiApplication.clipboard().mimeData())
        if self._page.locked:
            return
        if found:
            self.add(found)
        else:
            self._page.say("剪贴板里没有图片，也没有复制好的文件。请先截图，或者在文件夹里选中文件按Ctrl+C。")

    def photograph(self) -> None:
        """Opens the camera; the pages taken become one attachment."""
        if self._page.locked:
            return
        from jusuo_desktop.ui.camera_dialog import open_camera

        try:
            dialog = open_camera(self._page)
        except Refused as refused:
            self.shelf.tell_problems([refused.message])
            return
        dialog.taken.connect(self.add_photographs)

    def add_photographs(self, taken: Sequence[QImage]) -> None:
        """The pages that the camera took, as one attachment."""
        name = f"拍摄{self._page.desk.session.clock():%m%d-%H%M}"
        self.add([Coming(name, lambda: [(f"{name}.jpg", encoded(image, "JPG", 95)) for image in taken])])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QDropEvent) or self._page.locked:  # entering and moving are drops in the making
            return super().eventFilter(watched, event)
        if not (event.mimeData().hasUrls() or event.mimeData().hasImage()):
            return super().eventFilter(watched, event)
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop and (found := self._found_in(event.mimeData())):
            self.add(found)
        return True

    def _found_in(self, mime: QMimeData | None) -> list[Coming]:
        if mime is None:  # an empty clipboard
            return []
        if files := [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]:
            return [of_path(Path(one)) for one in files]
        if not mime.hasImage():
            return []
        image = QImage(mime.imageData())
        name = f"粘贴{self._page.desk.session.clock():%m%d-%H%M}"
        return [Coming(name, lambda: [(f"{name}.png", encoded(image))])] if not image.isNull() else []

    # -- in they go ------------------------------------------------------------------

    def add(self, coming: Sequence[Coming]) -> None:
        """Attaches; a record that was never saved is saved first."""
        page = self._page
        if page.locked or not coming:
            return
        self._waiting += coming
        self.shelf.tell_problems(())
        if page.record_id:
            self.go_on()
            return
        self.shelf.tell_problems([f"有{len(self._waiting)}个文件等着，保存这条记录后自动添加。"])
        page.acts.when_saved(self.go_on)

    def go_on(self) -> None:
        """The record is saved: what waits goes in."""
        page = self._page
        if not self._waiting or not page.record_id or (self._task is not None and self._task.running):
            return
        coming, self._waiting = self._waiting, []
        session, parent_id = page.desk.session, page.record_id
        self.shelf.tell_problems(())

        def work(reins: Reins) -> tuple[int, list[str]]:
            done, sentences = 0, []
            tell: Callable[[Any], None] = reins.tell
            for number, one in enumerate(coming, 1):
                if reins.stopped.is_set():
                    sentences.append(f"已停止，还有{len(coming) - number + 1}个文件没有添加。")
                    break
                tell(f"正在添加 {number}/{len(coming)}：{one.name}" if len(coming) > 1 else f"正在添加：{one.name}")
                try:
                    attach_joined(session, parent_id, one.read(), description=one.description, stopped=reins.stopped)
                    done += 1
                except Refused as refused:
                    sentences.append(refused.message)
            return done, sentences

        self.shelf.tell_work("正在添加…")
        self._task = page.desk.background.run(self, work, done=self._added, progress=self.shelf.tell_work, ended=self._ended)

    def _added(self, outcome: tuple[int, list[str]]) -> None:
        done, sentences = outcome
        self.shelf.tell_problems(sentences)
        if done:
            self._page.say(f"已添加{done}份附件。")
        self._page.look_again()

    def _ended(self) -> None:
        self.shelf.tell_work("")
        self.go_on()

    # -- what becomes of them -----------------------------------------------------------

    def open(self, attachment_id: str) -> None:
        """Lays the attachment over the page, whole."""
        from jusuo_desktop.ui.attachment_page import AttachmentPage

        page = self._page
        page.desk.show_page(AttachmentPage(page.desk, page.record_id, attachment_id, locked=page.locked))

    def _draw(self, record: Record) -> None:
        session, ratio = self._page.desk.session, self._page.devicePixelRatioF()

        def work(_: Reins) -> QImage | None:
            picture = thumbnail(session, record, round(max(ICON.width(), ICON.height()) * ratio))
            return image_of(picture) if picture is not None else None

        def refused(said: Refused) -> None:
            self.shelf.show_picture(record, None)
            self.shelf.tell_problems([said.message])

        self._page.desk.background.run(
            self, work, done=lambda image: self.shelf.show_picture(record, image), refused=refused, key=f"picture {record.id}"
        )

    def _write(self, ids: Sequence[str], **values: str | None) -> None:
        session = self._page.desk.session
        self._act(lambda reins: [save(session, KIND, values, record_id=one) for one in ids])

    def _offer_papers(self, at: QPoint) -> None:
        session, record_id, shelf = self._page.desk.session, self._page.record_id, self.shelf
        self._page.desk.background.run(
            self, lambda reins: signed_papers(session, record_id), done=lambda papers: shelf.offer_papers(at, papers), key="papers"
        )

    def _mark_signed(self, ids: Sequence[str], paper: Offer) -> None:
        session = self._page.desk.session
        self._act(lambda reins: [mark_signed(session, one, paper) for one in ids])
        if paper.record_id != self._page.record_id:
            self._page.say(f"已放到“{paper.title}”（{paper.about}）那一页。")

    def _void(self, ids: Sequence[str], reason: str) -> None:
        session = self._page.desk.session

        def work(_: Reins) -> None:
            for one in ids:
                void(session, one, reason)

        self._act(work)

    def _merge(self, ids: Sequence[str]) -> None:
        session, parent_id = self._page.desk.session, self._page.record_id
        self.shelf.tell_work("正在合并…")
        self._task = self._act(lambda reins: merge(session, parent_id, ids, stopped=reins.stopped))

    def _act(self, work: Callable[[Reins], object]) -> Task:
        def done(_: object) -> None:
            self.shelf.void_bar.hide()
            self._page.look_again()

        self.shelf.tell_problems(())
        return self._page.desk.background.run(
            self, work, done=done, refused=lambda said: self.shelf.tell_problems([said.message]), ended=lambda: self.shelf.tell_work("")
        )

    def _choose_copy(self, attachment_id: str) -> None:
        page = self._page
        record = next((r for r in page.records if r.id == attachment_id), None)
        if record is None:
            return
        chosen, _ = QFileDialog.getSaveFileName(page, "另存附件", str(Path.home() / str(record.values.get("file_name"))))
        if chosen:
            session, path = page.desk.session, Path(chosen)
            page.desk.background.run(
                self, lambda reins: save_copy(session, record, path), done=lambda _: page.desk.say(f"已保存：{path}"), refused=page.refuse
            )


def of_path(path: Path) -> Coming:
    """A file of the disk; read when its turn comes."""

    def read() -> Sequence[File]:
        try:
            if path.is_dir():
                raise Refused(f"“{path.name}”是文件夹，请打开它，选中里面的文件再添加。")
            if (size := path.stat().st_size) > MOST_BYTES:
                raise Refused(f"“{path.name}”有{size >> 20}兆，最大只能保存{MOST_BYTES >> 20}兆。请压缩或者分成几个文件后再添加。")
            return [(path.name, path.read_bytes())]
        except OSError as trouble:
            raise DiskTrouble(f"打不开“{path.name}”：{trouble.strerror or trouble}。请核对文件位置，或者先关闭正在使用它的程序。") from None

    return Coming(path.name, read)


def encoded(image: QImage, form: str = "PNG", quality: int = 100) -> bytes:
    """A picture of the clipboard or the camera as a file in memory."""
    into = QBuffer()
    into.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(into, form, quality)  # type: ignore[call-overload]
    return bytes(into.data().data())
