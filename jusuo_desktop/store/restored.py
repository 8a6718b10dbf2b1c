"""What the first opening of a restored store does, so that nothing printed or sent after the backup is done a second time.

Numbers (S8): an enrolled device closes every block it holds and leases anew at the next sync; what was left of them is a gap that its note
explains. A stand-alone office is its own issuer: it goes on after the highest number found in the files that were set aside, and if
they cannot be read, skips ahead by more than an office prints between two backups.
Changes (S1): those that the county accepted after the backup come back in the feed ('unknown own change', asked for with their values);
those still in the restored queue are sent again and known by their ids. Neither is doubled.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import DatabaseError

from jusuo_desktop.store.backup import COMPANIONS, MARK, SET_ASIDE
from jusuo_desktop.store.contents import Contents
from jusuo_desktop.store.engine import DATABASE_FILE, Database
from jusuo_desktop.store.enrolment import read_enrolment
from jusuo_desktop.store.numbers import ASKED, FLOOR
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.store.rows import to_values
from jusuo_desktop.store.schema import NUMBER, NUMBER_BLOCK, RECORD, SETTING
from jusuo_desktop.store.settings import get_setting, put_setting

NOTICE: Final = "restored_notice"
"""Setting: what the office has to know, shown until somebody has read it."""
SKIPPED: Final = 200
CLOSED_NOTE: Final = "从备份恢复，余号停用"
MOST_SET_ASIDE: Final = 5


def settle(connection: Connection, database: Database, year: int) -> str:
    """Does it, inside the opening's transaction, if the store came out of a backup; returns the backup's time, '' if it did not.

    `year` is the present one: series of later years were not begun before the restore.
    """
    mark = get_setting(connection, MARK)
    if not mark:
        return ""
    connection.execute(delete(SETTING).where(SETTING.c.name == MARK))
    said = f"数据已从{mark[:4]}年{mark[4:6]}月{mark[6:8]}日{mark[9:11]}:{mark[11:13]}的备份恢复。"
    if read_enrolment(connection) is not None:
        connection.execute(
            update(NUMBER_BLOCK).where(NUMBER_BLOCK.c.next <= NUMBER_BLOCK.c.last).values(next=NUMBER_BLOCK.c.last + 1, note=CLOSED_NOTE)
        )
        connection.execute(delete(SETTING).where(SETTING.c.name == ASKED))  # its block may have come and been printed from since
        said += "备份以后的记录会在下次同步时取回，文书编号也要同步一次才能继续领取。"
    else:
        said += _go_on(connection, database, max(year, int(mark[:4])))
    said += "备份以后新建的登录账号要重新添加。"
    if missing := _without_content(connection, database):
        said += f"有{missing}份附件的内容不在备份里，请重新添加，或者从别的备份恢复。"
    put_setting(connection, NOTICE, said)
    return str(mark)


def _without_content(connection: Connection, database: Database) -> int:
    contents = Contents(database.path.parent, database)
    query = select(RECORD.c.body).where(RECORD.c.kind == "attachment", RECORD.c.voided == 0)
    return sum(not contents.has(str(to_values(body).get("sha256", ""))) for body in connection.execute(query).scalars())


def _go_on(connection: Connection, database: Database, year: int) -> str:
    known = _highest(connection)
    highest, whole = _set_aside_numbers(database)
    for name in known.keys() | highest.keys():
        following = max(known.get(name, 0), highest.get(name, 0)) + 1 + (0 if whole else SKIPPED)
        open_one = (NUMBER_BLOCK.c.series == name) & (NUMBER_BLOCK.c.next <= NUMBER_BLOCK.c.last)
        connection.execute(update(NUMBER_BLOCK).where(open_one).values(last=following - 1, next=following, note=CLOSED_NOTE))
        block = {"series": name, "first": following, "last": following + 100_000, "next": following}
        connection.execute(insert(NUMBER_BLOCK).values(**block, note=CLOSED_NOTE if not whole else ""))
    if not whole:
        put_setting(connection, FLOOR, [SKIPPED, year])
    if whole:
        return "文书编号接着原来的继续。备份以后登记的内容请对照纸件补录。"
    return f"备份以后用过哪些文书编号已无法读出，各类编号跳过{SKIPPED}个再继续，跳过的记为空号。备份以后登记的内容请对照纸件补录。"


def _highest(connection: Connection) -> dict[str, int]:
    query = select(NUMBER.c.series, func.max(NUMBER.c.value)).group_by(NUMBER.c.series)
    return {str(row[0]): int(row[1]) for row in connection.execute(query)}


def _set_aside_numbers(database: Database) -> tuple[dict[str, int], bool]:
    """The highest number of each series in the files set aside, and whether those set aside last could be read."""
    folder = database.path.parent / SET_ASIDE
    places = sorted((p for p in folder.iterdir() if (p / DATABASE_FILE).is_file()), reverse=True) if folder.is_dir() else []
    highest: dict[str, int] = {}
    found = [_numbers_in(place, database) for place in places[:MOST_SET_ASIDE]]
    for numbers in found:
        for name, value in (numbers or {}).items():
            highest[name] = max(value, highest.get(name, 0))
    return highest, bool(found) and found[0] is not None


def _numbers_in(place: Path, database: Database) -> dict[str, int] | None:
    """Read from a copy, so that what was set aside stays as it is; None when it cannot be read."""
    with tempfile.TemporaryDirectory(dir=database.path.parent) as beside:
        copy: Database | None = None
        try:
            for companion in COMPANIONS:
                if (place / (DATABASE_FILE + companion)).exists():
                    shutil.copyfile(place / (DATABASE_FILE + companion), Path(beside) / (DATABASE_FILE + companion))
            copy = database.beside(Path(beside) / DATABASE_FILE)
            with copy.engine.begin() as connection:
                return _highest(connection)
        except (DatabaseError, Refused, OSError):
            return None
        finally:
            if copy is not None:
                copy.close()
