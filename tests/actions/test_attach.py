"""Attaching: bytes first, record second; turned and ordered as a value; roles kept; nothing in clear, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from jusuo_desktop.actions.attach import arrange, arrangement_of, attach, attach_joined, attachments, leave_out, move_page, turn
from jusuo_desktop.actions.attachment_pages import bytes_of, is_shown, pages_of, pdf_of, save_copy, thumbnail
from jusuo_desktop.actions.merge_attachments import merge
from jusuo_desktop.actions.save_record import save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.signed_scan import mark_signed, signed_papers
from jusuo_desktop.actions.void_record import void
from jusuo_desktop.pictures.arranging import PagePlace, read_arrangement, write_arrangement
from jusuo_desktop.pictures.file_kind import BadFile
from jusuo_desktop.store import DamagedContent, NotAllowed, Refused, add_user, create_store, open_store
from jusuo_desktop.store.contents import FOLDER, files_in
from tests.actions.conftest import PASSPHRASE, TODAY, first_run
from tests.pictures.images import encoded, opened, pdf, phone_exif, photograph, scan, sheet

SHEET = encoded(sheet(size=(620, 877)), "JPEG", exif=phone_exif(1))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One office for all of them: opening one costs as much as a pass phrase does."""
    store, _ = create_store(tmp_path_factory.mktemp("office") / "store", first_run())
    yield Session(store, lambda: TODAY)
    store.close()


def places(session: Session) -> set[Path]:
    """The files of contents."""
    return set(files_in(session.store.folder / FOLDER))


@pytest.fixture
def case(session: Session) -> str:
    return save(session, "mediation", {"registered_on": "2026-03-02", "dispute_type": "2"}).record.id


def sizes(data: bytes) -> list[tuple[int, int]]:
    document = pdfium.PdfDocument(data)
    found = [(round(w), round(h)) for w, h in (document.get_page_size(n) for n in range(len(document)))]
    document.close()
    return found


def test_a_photograph_goes_under_its_record(session: Session, case: str) -> None:
    made = attach(session, case, "IMG_1.jpg", SHEET, description="协议书签字页", purpose="1", of_form="written_agreement")
    assert attachments(session, case) == [made]
    assert {n: made.values[n] for n in ("file_name", "media_type", "pages", "purpose", "of_form", "taken_at", "description")} == {
        "file_name": "IMG_1.jpg", "media_type": "image/jpeg", "pages": 1, "purpose": "1", "of_form": "written_agreement",
        "taken_at": "2026-03-05T14:20", "description": "协议书签字页",
    }  # fmt: skip
    data = bytes_of(session, made)
    assert len(data) == made.values["size_bytes"]
    assert opened(data).size == (620, 877)
    assert case in [h.id for h in session.store.search("签字页")]


def test_every_attachment_comes_to_paper_on_a4(session: Session, case: str) -> None:
    lying = attach(session, case, "照片.jpg", encoded(photograph((800, 600)), "JPEG"))
    three = attach(session, case, "扫描.tif", scan(3))
    foreign = attach(session, case, "判决书.pdf", pdf(2))
    assert sizes(pdf_of(session, lying)) == [(595, 842)]
    assert sizes(pdf_of(session, lying, a4=False)) == [(842, 631)]
    assert sizes(pdf_of(session, three)) == [(595, 842)] * 3
    assert pdf_of(session, foreign) == bytes_of(session, foreign)
    assert pdf_of(session, lying) == pdf_of(session, lying)
    picture = thumbnail(session, lying, 160)
    assert picture is not None
    assert (picture.width, picture.colour) == (160, True)


def test_what_has_no_pages_is_kept_and_says_so_when_it_is_to_be_bound(session: Session, case: str) -> None:
    made = attach(session, case, "证人录音.mp3", b"ID3\x04" + bytes(4000))
    assert not is_shown(made)
    assert arrangement_of(made) == ()
    assert thumbnail(session, made, 160) is None
    with pytest.raises(Refused, match=r"“证人录音.mp3”不是图片或PDF"):
        pdf_of(session, made)
    with pytest.raises(Refused, match="不能旋转"):
        turn(session, made.id)


def test_three_photographs_of_one_agreement_are_one_attachment(session: Session, case: str) -> None:
    files = [(f"第{n}页.jpg", encoded(sheet(f"第{n}页", size=(620, 877)), "JPEG")) for n in (1, 2, 3)]
    made = attach_joined(session, case, files, description="调解协议书", purpose="1")
    assert (made.values["file_name"], made.values["pages"]) == ("第1页.pdf", 3)
    with pytest.raises(BadFile, match=r"“坏.jpg”已经损坏"):
        attach_joined(session, case, [*files, ("坏.jpg", b"\xff\xd8\xff" + bytes(40))])
    with pytest.raises(Refused, match="已经添加过"):
        attach_joined(session, case, files)
    assert attachments(session, case) == [made]


def test_pages_are_turned_moved_and_left_out_as_a_value_that_the_history_tells(session: Session, case: str) -> None:
    made = attach(session, case, "扫描.tif", scan(3))
    content = made.values["sha256"]
    turn(session, made.id, {1})
    move_page(session, made.id, 2, 0)
    now = leave_out(session, made.id, 1)
    assert now.values["arrangement"] == "3 2:90"
    assert now.values["sha256"] == content
    assert sizes(pdf_of(session, now)) == [(595, 842), (842, 595)]
    assert pages_of(session, now).sizes[1] == pytest.approx((841.89, 595.28), abs=0.1)
    back = arrange(session, made.id, tuple(PagePlace(n) for n in range(3)))
    assert "arrangement" not in back.values
    assert sum("arrangement" in h.fields for h in session.store.history(made.id)) == 4
    leave_out(session, made.id, 0)
    leave_out(session, made.id, 0)
    with pytest.raises(Refused, match="至少要留一页"):
        leave_out(session, made.id, 0)


def test_a_photograph_turns_four_times_round(session: Session, case: str) -> None:
    made = attach(session, case, "照片.jpg", encoded(photograph((800, 600)), "JPEG"))
    shapes = [sizes(pdf_of(session, turn(session, made.id), a4=False))[0] for _ in range(4)]
    assert shapes == [(631, 842), (842, 631), (631, 842), (842, 631)]
    assert "arrangement" not in attachments(session, case)[0].values
    turn(session, made.id, by=-90)
    assert attachments(session, case)[0].values["arrangement"] == "1:270"


def test_an_arrangement_that_cannot_be_read_shows_every_page() -> None:
    assert [p.page for p in read_arrangement("9 x 0:45", 3)] == [0, 1, 2]
    some = (PagePlace(2, 90), PagePlace(0), PagePlace(2))
    assert read_arrangement(write_arrangement(some, 3), 3) == some


def test_the_same_file_twice_is_said_and_a_voided_one_may_come_again(session: Session, case: str) -> None:
    made = attach(session, case, "IMG_1.jpg", SHEET)
    before = places(session)
    with pytest.raises(Refused, match=r"已经添加过了（IMG_1.jpg）"):
        attach(session, case, "副本.jpg", SHEET)
    other = save(session, "mediation", {"registered_on": "2026-03-03"}).record.id
    attach(session, other, "IMG_1.jpg", SHEET)
    assert places(session) == before, "two records, one content"
    void(session, made.id, "拍糊了")
    assert attachments(session, case) == []
    assert attach(session, case, "IMG_1.jpg", SHEET).id != made.id


def test_who_may_only_read_attaches_nothing(session: Session, case: str) -> None:
    made = attach(session, case, "a.jpg", SHEET)
    add_user(session.store, PASSPHRASE, {"name": "李查阅", "worker_roles": ["1"], "access_role": "reader"}, "李查阅的口令一二三")
    reader = Session(open_store(session.store.folder, "李查阅", "李查阅的口令一二三"), lambda: TODAY)
    try:
        before = places(session)
        with pytest.raises(NotAllowed, match="只读"):
            attach(reader, case, "b.jpg", encoded(photograph((400, 300)), "JPEG"))
        with pytest.raises(NotAllowed):
            turn(reader, made.id)
        assert places(session) == before
        assert pdf_of(reader, made)
    finally:
        reader.store.close()


def test_a_record_that_takes_none_or_was_voided_is_named(session: Session, case: str) -> None:
    with pytest.raises(Refused, match="不带附件"):
        attach(session, session.store.user.id, "a.jpg", SHEET)
    void(session, case, "重复登记")
    with pytest.raises(Refused, match="已经作废"):
        attach(session, case, "a.jpg", SHEET)
    with pytest.raises(Refused, match="本机上没有"):
        attach(session, "0190" * 8, "a.jpg", SHEET)


def test_a_copy_is_noted_before_it_is_written_and_comes_out_as_it_is_shown(session: Session, case: str, tmp_path: Path) -> None:
    photo = attach(session, case, "照片.jpg", encoded(photograph((800, 600)), "JPEG"))
    save_copy(session, photo, tmp_path / str(photo.values["file_name"]))
    assert (tmp_path / "照片.jpg").read_bytes() == bytes_of(session, photo)
    turned = turn(session, photo.id)
    save_copy(session, turned, tmp_path / "转.jpg")
    assert opened((tmp_path / "转.jpg").read_bytes()).size == (600, 800)
    with pytest.raises(Refused, match="没有保存到"):
        save_copy(session, photo, tmp_path / "没有这个文件夹" / "a.jpg")
    with session.store._reading() as connection:
        noted = connection.exec_driver_sql("SELECT count(*) FROM audit WHERE act = 'export' AND record_id = ?", (photo.id,)).scalar_one()
    assert noted == 3


def test_a_damaged_or_absent_content_is_a_sentence(session: Session, case: str) -> None:
    second = attach(session, case, "b.tif", scan(1))
    session.store.drop_content(str(second.values["sha256"]))
    with pytest.raises(Refused, match="不在这台电脑上"):
        pdf_of(session, second)
    before = places(session)
    first = attach(session, case, "a.jpg", encoded(photograph((300, 200)), "JPEG"))
    (file,) = places(session) - before
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(DamagedContent, match="重新添加"):
        pdf_of(session, first)


def test_nothing_of_a_picture_lies_in_clear_or_in_temporary_files(session: Session, case: str) -> None:
    note = encoded(Image.new("L", (60, 60)), "JPEG", comment="院墙滴水的秘密".encode())
    attach(session, case, "秘密照片甲.jpg", note)
    attach(session, case, "说明.txt", "院墙滴水的秘密".encode() * 100)
    with suppress(Refused):
        attach(session, case, "秘密乙.jpg", note[:300])
    for path in [p for p in session.store.folder.rglob("*") if p.is_file()]:
        raw = path.read_bytes()
        assert "院墙滴水".encode() not in raw, path
        assert "秘密照片甲".encode() not in raw, path
        assert b"JFIF" not in raw, path


def test_photographs_that_came_one_by_one_become_one(session: Session, case: str) -> None:
    one, two = (attach(session, case, f"{n}.jpg", encoded(sheet(f"第{n}页", size=(620, 877)), "JPEG"), purpose="1") for n in (1, 2))
    turn(session, two.id)
    with pytest.raises(Refused, match="两份以上"):
        merge(session, case, [one.id])
    made = merge(session, case, [two.id, one.id])
    assert (made.values["pages"], made.values["purpose"]) == (2, "1")
    assert sizes(pdf_of(session, made)) == [(842, 595), (595, 842)]
    assert attachments(session, case) == [made]
    assert "已合并到" in str(session.store.record(one.id).values["voided_reason"])  # type: ignore[union-attr]


def test_a_poster_is_drawn_within_bounds_whatever_is_asked(session: Session, case: str) -> None:
    from reportlab.pdfgen.canvas import Canvas

    from jusuo_desktop.printing.raster import MOST_PIXELS

    made = BytesIO()
    canvas = Canvas(made, pagesize=(14_000, 14_000))
    canvas.rect(100, 100, 9000, 9000, fill=1)
    canvas.save()
    pages = pages_of(session, attach(session, case, "规划图.pdf", made.getvalue()))
    assert pages.sizes == ((14_000, 14_000),)
    picture = pages.picture(0, 20)
    assert picture.width * picture.height <= MOST_PIXELS
    assert picture.width == pytest.approx(14_000 * 20 / 72, abs=2)
    huge = pages.picture(0, 72)
    assert huge.width * huge.height <= MOST_PIXELS * 1.001


def test_a_signed_scan_goes_to_the_record_of_its_paper(session: Session, case: str) -> None:
    agreement = save(session, "agreement", {"agreement_form": "2", "agreed_on": "2026-03-10"}, parent_id=case).record
    own, other = attach(session, case, "受理.jpg", SHEET), attach(session, case, "协议.tif", scan(2), description="协议扫描")
    papers = signed_papers(session, case)
    assert not any("还没有" in one.about or "空表" in one.about for one in papers), "a blank sheet was signed by nobody"
    paper = next(one for one in papers if one.record_id == agreement.id)
    moved = mark_signed(session, other.id, paper)
    assert (moved.parent_id, moved.values["of_form"], moved.values["purpose"]) == (agreement.id, paper.form, "1")
    assert moved.values["description"] == "协议扫描"
    assert pdf_of(session, moved) == pdf_of(session, other)
    assert attachments(session, case) == [own]
    sheet_of_case = next(one for one in papers if one.record_id == case)
    marked = mark_signed(session, own.id, sheet_of_case)
    assert (marked.id, marked.values["description"]) == (own.id, f"{sheet_of_case.title}（签署件）")
    with pytest.raises(Refused, match="已经作废"):
        mark_signed(session, other.id, paper)
