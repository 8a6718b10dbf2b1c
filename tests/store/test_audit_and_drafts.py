"""The audit chain finds what was removed or edited; drafts are kept per user; settings and prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from jusuo_desktop.records.identity import new_id
from jusuo_desktop.store import Printed, Store, User
from tests.store.offices import consultation, edit


def acts(store: Store) -> list[str]:
    with store._reading() as connection:
        return list(connection.execute(text("SELECT act FROM audit ORDER BY seq")).scalars())


def tamper(store: Store, statement: str) -> None:
    with store._writing() as connection:
        connection.execute(text(statement))


def test_every_act_is_in_the_chain_without_values(store: Store) -> None:
    made = consultation(store, "单雄信")
    edit(store, made, remarks="秘密的话")
    store.audit_view(made.id, "id_card_number")
    store.note_print(Printed(made.id, "consultation", "1", 1, "ab", "cd"))
    assert acts(store)[-4:] == ["save", "save", "view", "print"]
    with store._reading() as connection:
        kept = " ".join(str(row) for row in connection.execute(text("SELECT * FROM audit")))
    assert "秘密的话" not in kept
    assert "单雄信" not in kept
    assert store.verify() == []
    assert [p.form for p in store.prints(made.id)] == ["consultation"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit SET detail = 'x' WHERE seq = 3", "第3条"),
        ("UPDATE audit SET user_id = 'x' WHERE seq = (SELECT max(seq) FROM audit)", "改动"),
        ("UPDATE audit SET at = at + 1 WHERE seq = 2", "第2条"),
        ("DELETE FROM audit WHERE seq = 2", "缺少第2条"),
        ("DELETE FROM audit WHERE seq BETWEEN 2 AND 3", "缺少第2条到第3条"),
        ("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)", "截断"),
        ("DELETE FROM audit", "截断"),
        ("UPDATE audit SET seq = seq + 100 WHERE seq = (SELECT max(seq) FROM audit)", "缺少"),
    ],
)
def test_what_was_removed_or_edited_is_found(store: Store, statement: str, said: str) -> None:
    consultation(store)
    consultation(store)
    assert store.verify() == []
    tamper(store, statement)
    (found,) = store.verify()
    assert said in found


def test_drafts_are_kept_for_their_user_until_dropped(store: Store, folder: Path, opening: Callable[[Path], Store]) -> None:
    store.save_draft("consultation/new", "consultation", "", {"fields": {"name": "没写"}})
    store.save_draft("consultation/new", "consultation", "", {"fields": {"name": "没写完的𬭊"}})
    made = consultation(store)
    store.save_draft(f"consultation/{made.id}", "consultation", made.id, {"fields": {}})
    me = store.user
    store.user = User(new_id(), "李强", "clerk")
    assert store.drafts() == []
    store.user = me
    store.close()
    again = opening(folder)
    assert [d.record_id for d in again.drafts()] == [made.id, ""]
    assert again.drafts()[1].content == {"fields": {"name": "没写完的𬭊"}}
    again.drop_draft("consultation/new")
    assert [d.record_id for d in again.drafts()] == [made.id]


def test_settings_are_json_values_with_a_default(store: Store) -> None:
    assert store.get("columns", ["a"]) == ["a"]
    store.set("columns", {"b": [1, None]})
    assert store.get("columns") == {"b": [1, None]}
