"""Old stores open, newer ones are refused, and a migration that is killed leaves the store as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, event, text

from jusuo_desktop.store import ListQuery, NewerStore, Store, StoreInUse, open_store
from jusuo_desktop.store.backup import FOLDER, backups
from jusuo_desktop.store.engine import Database
from jusuo_desktop.store.keys import read_keys, unwrap
from jusuo_desktop.store.migrating import config, revisions
from jusuo_desktop.store.opening import KNOWN_REVISIONS
from jusuo_desktop.store.presence import at_store
from jusuo_desktop.store.printed import Printed
from jusuo_desktop.store.schema import METADATA, SCHEMA_REVISION, SEARCH_DDL
from tests.store.offices import USER, Clock

RELEASED = Path(__file__).parent / "released"
OLD_PASSPHRASE = "fixture pass phrase"
OLD_MEDIATION = "张三与李四邻里纠纷"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The kept store of schema 0001."""
    return Path(shutil.copytree(RELEASED / "0001", tmp_path / "old"))


@pytest.fixture
def newer_old(tmp_path: Path) -> Path:
    """The kept store of schema 0002."""
    return Path(shutil.copytree(RELEASED / "0002", tmp_path / "newer_old"))


@pytest.fixture
def old_database(old: Path) -> Iterator[Database]:
    """The same, opened without being migrated."""
    wrapped = read_keys(old)[USER]
    database = Database(old / "records.db", unwrap(wrapped, OLD_PASSPHRASE, USER))
    yield database
    database.close()


@pytest.fixture
def blank(tmp_path: Path) -> Iterator[Database]:
    """An empty encrypted database."""
    database = Database(tmp_path / "blank.db", b"k" * 32)
    yield database
    database.close()


def shape(connection: Connection) -> dict[str, str]:
    """Every table and index with its definition, words apart by one blank; search tables and the derived list indexes by their own DDL."""
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'list\\_%' ESCAPE '\\'"))
    return {row.name: " ".join(row.sql.replace('"', "").split()) for row in rows}


def tables(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """The columns of every ordinary table: name, type, not null, default, place in the key."""
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%'")).scalars().all()
    return {name: [tuple(row)[1:] for row in connection.exec_driver_sql(f"PRAGMA table_info({name})")] for name in names if name != "alembic_version"}


def upgrade(database: Database, to: str) -> None:
    with database.engine.execution_options(writes=True).begin() as connection:
        command.upgrade(config(connection), to)


def downgrade(database: Database, to: str) -> None:
    with database.engine.execution_options(writes=True).begin() as connection:
        command.downgrade(config(connection), to)


def test_the_steps_lead_to_the_schema_that_a_new_store_gets(blank: Database, store: Store) -> None:
    upgrade(blank, "head")
    with blank.engine.begin() as migrated, store._reading() as fresh:
        assert tables(migrated) == tables(fresh)
        assert {n: s for n, s in shape(migrated).items() if n.startswith("search_")} == {
            n: s for n, s in shape(fresh).items() if n.startswith("search_")
        }
        assert set(shape(migrated)) == set(shape(fresh))
        differences = compare_metadata(MigrationContext.configure(migrated), METADATA)
        ours = [d for d in differences if "search" not in str(d)]
        assert ours == []


def test_the_known_revisions_are_the_steps_on_disk() -> None:
    assert list(KNOWN_REVISIONS) == revisions()
    assert revisions()[-1] == SCHEMA_REVISION
    assert len(SEARCH_DDL) == 2


def test_every_step_can_be_taken_and_taken_back(blank: Database) -> None:
    shapes = []
    for revision in revisions():
        upgrade(blank, revision)
        with blank.engine.begin() as connection:
            shapes.append(shape(connection))
    for revision, before in zip([*revisions()[:-1]][::-1], shapes[:-1][::-1], strict=True):
        downgrade(blank, revision)
        with blank.engine.begin() as connection:
            assert set(shape(connection)) == set(before)
        upgrade(blank, "head")
        with blank.engine.begin() as connection:
            assert set(shape(connection)) == set(shapes[-1])
        downgrade(blank, revision)
    downgrade(blank, "base")
    with blank.engine.begin() as connection:
        assert set(shape(connection)) == {"alembic_version"}


def test_a_store_of_schema_0001_opens_with_everything_in_it(old: Path) -> None:
    store = open_store(old, USER, OLD_PASSPHRASE, Clock())
    try:
        assert store.verify() == []
        (row,) = store.rows(store.keys(ListQuery("mediation")))
        assert row.values["title"] == OLD_MEDIATION
        assert row.values["case_number"] == "〔2025〕清民调字第1号"
        assert row.values["some_future_field"] == "kept"
        assert [c.values["name"] for c in store.children(row.id)] == ["张三", "𬭊泽民"]
        assert store.count(ListQuery("consultation", include_voided=True)) == 1
        assert store.count(ListQuery("consultation")) == 0
        assert store.drafts()[0].content == {"fields": {"title": "没写完的一句话"}}
        assert store.outbox_counts() == {"waiting": 11}, "the ten of then, and the print that has become a record"
        assert store.get("columns/mediation") == ["title", "state"]
        assert [p.form for p in store.prints(row.id)] == ["mediation_acceptance"]
        assert len(store.history(row.id)) == 2
        for _ in range(2):
            assert [h.title for h in store.search("𬭊泽")] == [OLD_MEDIATION]
            assert [h.title for h in store.search("138001")] == [OLD_MEDIATION]
            while store.index_waiting():
                pass
        drawn = store.draw_number(store.write([_new_mediation()], act="save")[0].id, _series(store), "〔2025〕清民调字第{seq}号")
        assert drawn.values["case_number"] == "〔2025〕清民调字第2号"
    finally:
        store.close()
    (backup,) = backups(old / FOLDER)
    assert backup.records == 8
    assert len(backups(old / FOLDER)) == 1


def test_a_store_of_schema_0002_opens_with_its_prints_which_name_no_whole_sheet(newer_old: Path) -> None:
    store = open_store(newer_old, USER, OLD_PASSPHRASE, Clock())
    try:
        assert store.verify() == []
        assert [h.title for h in store.search("张三")] == [OLD_MEDIATION]
        (row,) = store.rows(store.keys(ListQuery("mediation")))
        prints = store.prints(row.id)
        assert [p.form for p in prints] == ["mediation_acceptance", "acceptance_register"]
        assert [(p.whole, p.readable == p.digest, store.has_content(p.digest)) for p in prints] == [("", True, False)] * 2
        kept = store.keep_content(b"a print onto pre-printed paper"), store.keep_content(b"the same with the form")
        store.note_print(Printed(row.id, "acceptance_register", "1", 1, kept[0], "v", whole=kept[1]))
        last = store.prints(row.id)[-1]
        assert (last.digest, last.readable) == kept
        assert store.content(last.readable) == b"the same with the form"
        assert [p.form for p in store.prints(row.id, "another")] == ["mediation_acceptance", "acceptance_register", "acceptance_register"]
    finally:
        store.close()
    (backup,) = backups(newer_old / FOLDER)
    assert backup.records == 8


def _new_mediation():  # type: ignore[no-untyped-def]
    from jusuo_desktop.store import Edit

    return Edit("mediation", {"title": "新的", "dispute_type": "2"})


def _series(store: Store) -> str:
    with store._reading() as connection:
        return str(connection.execute(text("SELECT series FROM number")).scalars().first())


def test_the_backup_made_before_a_migration_is_the_old_store(old: Path) -> None:
    open_store(old, USER, OLD_PASSPHRASE, Clock()).close()
    (backup,) = backups(old / FOLDER)
    wrapped = read_keys(backup.folder)[USER]
    database = Database(backup.folder / "records.db", unwrap(wrapped, OLD_PASSPHRASE, USER))
    with database.engine.begin() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0001"
    database.close()


def test_a_store_of_a_newer_version_is_refused_and_untouched(folder: Path, store: Store, opening: Callable[[Path], Store]) -> None:
    with store._writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    before = (folder / "records.db").read_bytes()
    with pytest.raises(NewerStore, match="升级"):
        opening(folder)
    assert (folder / "records.db").read_bytes() == before
    assert not (folder / FOLDER).exists()


def test_an_old_store_is_not_migrated_while_another_program_has_it_open(old: Path) -> None:
    other = at_store(old)
    with pytest.raises(StoreInUse):
        open_store(old, USER, OLD_PASSPHRASE, Clock())
    other.release()
    open_store(old, USER, OLD_PASSPHRASE, Clock()).close()


def statements_of_a_migration(database: Database) -> int:
    seen: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda c, cursor, statement, *rest: seen.append(statement))
    upgrade(database, "head")
    return len(seen)


KILLED_CHILD = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from jusuo_desktop.store.engine import Database
from jusuo_desktop.store.migrating import migrate
folder, key, last = Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), int(sys.argv[3])
database = Database(folder / "records.db", key)
seen = 0
def count(*_):
    global seen
    seen += 1
    if seen == last:
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(database.engine, "before_cursor_execute", count)
migrate(database.engine)
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX's")
def test_a_migration_killed_before_any_of_its_statements_leaves_a_store_that_opens(old: Path, tmp_path: Path) -> None:
    key = unwrap(read_keys(old)[USER], OLD_PASSPHRASE, USER)
    counted = Path(shutil.copytree(old, tmp_path / "counted"))
    database = Database(counted / "records.db", key)
    count = statements_of_a_migration(database)
    database.close()
    assert count >= 8
    for last in sorted({2, count // 2, count - 1, count}):
        folder = Path(shutil.copytree(old, tmp_path / f"killed{last}"))
        child = subprocess.run([sys.executable, "-c", KILLED_CHILD, str(folder), key.hex(), str(last)], check=False, timeout=60)
        assert child.returncode == -9
        store = open_store(folder, USER, OLD_PASSPHRASE, Clock())
        assert store.verify() == []
        assert [h.title for h in store.search("张三")] == [OLD_MEDIATION]
        store.close()


def test_alembic_is_not_loaded_at_an_ordinary_start(folder: Path, office) -> None:  # type: ignore[no-untyped-def]
    said = (
        "import sys; from pathlib import Path; from jusuo_desktop.store.opening import open_unlocked;"
        "open_unlocked(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), 'x', sys.argv[3]).close();"
        "sys.exit(any(m.split('.')[0] in ('alembic', 'mako') for m in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", said, str(folder), office.key.hex(), office.user_id], check=True, timeout=60)
