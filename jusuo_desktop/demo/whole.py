"""The whole job: an office, a ledger, records, paper, a county, two computers that end equal, and what it all looks like.

Every step can be repeated: what is half made is made again beside its place and moved there whole, what was saved is found and not
saved twice. So a demo that is killed at any moment and started again with the same folder loses nothing that was confirmed.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from jusuo_desktop.actions.session import Session
from jusuo_desktop.demo.cases import carry_cases
from jusuo_desktop.demo.course import FINISHED, FIRST, FORMS, LEDGER, OURS, PAGES, PASSPHRASE, PICTURES, REFUSED, SUMMARY, VOLUMES, Course, DemoFailed
from jusuo_desktop.demo.journal import FILE as JOURNAL
from jusuo_desktop.demo.journal import Journal
from jusuo_desktop.demo.ledger import bring_in_ledger
from jusuo_desktop.demo.pages import draw_pages, print_all
from jusuo_desktop.demo.records import MAIN, record_one_of_each
from jusuo_desktop.demo.two_computers import county_at_work, work_together
from jusuo_desktop.store.keys import write_whole
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.words.keeping import out_folder


def run_demo(out: Path, *, mediations: int, pictures: bool, cases: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Does the whole job in `out`, or goes on with one that was interrupted there; returns what summary.json says.

    Raises:
        Refused: the folder holds something else, or cannot be written.
        DemoFailed: something confirmed is lost, or the computers are not equal.
    """
    started = time.monotonic()
    resumed = _begin(out)
    with closing(Journal(out)) as journal:
        course = Course(out, journal, tell)
        if resumed:
            tell(f"接着上次中断的地方做，已确认 {len(journal.ids())} 条记录。")
        imported = _work_alone(course, mediations, cases)
        tell("建立并启动县服务器…")
        with county_at_work(course) as url:
            together = work_together(course, url)
            if pictures:
                tell("拍窗口的画面…")
                _take_pictures(course)
        tell("把表格画成图…")
        draw_pages(sorted((out / FORMS).glob("*.pdf")), course.folder(PAGES))
        summary = {
            **together,
            "imported": imported,
            "forms": sorted(p.name for p in (out / FORMS).glob("*.pdf")),
            "volumes": sorted(p.name for p in (out / VOLUMES).glob("*.pdf")),
            "pictures": sorted(p.name for p in (out / PICTURES).glob("*.png")),
            "resumed": resumed,
            "seconds": round(time.monotonic() - started, 1),
        }
        write_whole(out / SUMMARY, json.dumps(summary, ensure_ascii=False, indent=2).encode())
        if summary["lost"] or not summary["equal_digests"]:
            raise DemoFailed
        journal.confirm(FINISHED)
    return summary


def _begin(out: Path) -> bool:
    """Whether an interrupted demo lies in the folder; the results of a finished one are cleared away."""
    out_folder(str(out))
    if not (out / JOURNAL).exists():
        if any(out.iterdir()):
            raise Refused(f"文件夹 {out} 里有别的东西，请换一个空文件夹。")
        return False
    with closing(Journal(out)) as journal:
        if not journal.has(FINISHED):
            return True
    for name in OURS:
        path = out / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    (out / JOURNAL).unlink()  # last: a clearing that was cut short is taken up again
    return False


def _work_alone(course: Course, mediations: int, cases: int) -> dict[str, Any]:
    """The morning without a network: an office with its records, last year's ledger, one of each, all forms."""
    from jusuo_desktop.actions.sample_office import make_sample_office

    course.tell("建立演示司法所…")
    course.made(FIRST, lambda folder: make_sample_office(folder, PASSPHRASE, mediations=mediations))
    with course.opened(FIRST) as session:
        if not course.journal.has("office"):
            course.journal.confirm("office", _ids(session))
        course.tell("导入去年的台账…")
        imported = bring_in_ledger(session, course.out / LEDGER, course.out / REFUSED)
        if not course.journal.has("ledger"):
            course.journal.confirm("ledger", _ids(session))
        course.tell("各登记一件：人民调解、法律咨询、村居法律顾问、满意度测评…")
        record_one_of_each(session, course.journal)
        course.tell("打印全部表格…")
        print_all(session, course.journal, course.folder(FORMS))
        course.tell("把十个案例从排查办到归档…")
        carry_cases(course, session, course.folder(VOLUMES), cases)
    return imported


def _ids(session: Session) -> list[str]:
    store = session.store
    return [row.id for kind in MAIN for row in store.rows(store.keys(ListQuery(kind)))]


def _take_pictures(course: Course) -> None:
    from jusuo_desktop.demo.pictures import take_pictures

    take_pictures(course)
