"""Programs that tests start as processes of their own: they work on a store until something happens to them.

`python -m tests.store.children WORD FOLDER KEY_HEX USER_ID`; each line printed was true when it was printed.
"""

from __future__ import annotations

import itertools
import secrets
import sys
from datetime import datetime
from pathlib import Path

from jusuo_desktop.store import DiskTrouble, ListQuery, Refused, Store
from jusuo_desktop.store.opening import open_unlocked
from tests.store.offices import consultation, edit, mediation

SERIES = "office/2026/mediation"
PATTERN = "第{seq}号"
LONG = "很长的谈话内容。" * 400


def say(*words: object) -> None:
    """One line, on its way before anything else happens."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def write_for_ever(store: Store) -> None:
    """Every kind of writing in turn, each told when it is confirmed."""
    for i in itertools.count():
        made = consultation(store, f"来访人{i}", consultation_content=LONG[: 50 * (i % 40 + 1)])
        say("saved", made.id, made.values["name"])
        say("edited", made.id, edit(store, made, remarks=f"备注{i}").values["remarks"])
        store.save_draft("consultation/new", "consultation", "", {"typed": i})
        say("draft", "consultation/new", i)
        family = mediation(store, f"甲{i}", f"乙{i}")
        say("family", family.id, len(store.children(family.id)))
        say("number", family.id, store.draw_number(family.id, SERIES, PATTERN).values["case_number"])


def fill_the_disk(store: Store) -> None:
    """Saves until the disk is full, makes room, and saves again."""
    saved = 0
    kept = consultation(store, "先存的")
    store.save_draft("k", "consultation", "", {"typed": "草稿"})
    ballast = store.folder / "ballast"
    try:
        while True:
            consultation(store, f"来访人{saved}", consultation_content=LONG)
            saved += 1
    except DiskTrouble as trouble:
        say("full", trouble.message)
    for act in (
        lambda: consultation(store, "满了", consultation_content=LONG * 10),
        lambda: store.save_draft("k", "consultation", "", {"typed": LONG * 20}),
        lambda: store.back_up(datetime(2026, 1, 1)),
    ):
        try:
            act()
            say("WENT WELL")
        except DiskTrouble as trouble:
            say("refused", trouble.message)
    assert store.drafts()[0].content == {"typed": "草稿"}
    assert store.record(kept.id) == kept
    assert store.count(ListQuery("consultation")) == saved + 1
    ballast.unlink()
    consultation(store, "又能存了")
    say("saved", saved, store.count(ListQuery("consultation")), store.verify())


def fill_the_disk_with_contents(store: Store) -> None:
    """Keeps contents until the disk is full, makes room, and keeps one more."""
    kept: list[str] = []
    try:
        while True:
            kept.append(store.keep_content(secrets.token_bytes(200_000)))
    except DiskTrouble as trouble:
        say("full", trouble.message)
    say("left", len(list((store.folder / "contents" / "coming").iterdir())))
    say("read", len(kept), sum(store.content(one) is not None for one in kept))
    (store.folder / "ballast").unlink()
    last = b"again" * 100_000
    say("again", store.content(store.keep_content(last)) == last)


def keep_for_ever(store: Store) -> None:
    """One content after another, each told when it is confirmed."""
    for i in itertools.count():
        say("kept", store.keep_content(f"{i}号照片".encode() * 20_000))


def write_where_nothing_can_be_written(folder: Path, key: bytes, user_id: str) -> None:
    """Opens a store in a read-only folder."""
    try:
        open_unlocked(folder, key, "x", user_id).close()
        say("WENT WELL")
    except Refused as refused:
        say(type(refused).__name__, refused.message)


def main() -> None:
    word, folder, key, user_id = sys.argv[1:5]
    if word == "read-only":
        write_where_nothing_can_be_written(Path(folder), bytes.fromhex(key), user_id)
        return
    store = open_unlocked(Path(folder), bytes.fromhex(key), "x", user_id)
    {"write": write_for_ever, "fill": fill_the_disk, "fill-contents": fill_the_disk_with_contents, "keep": keep_for_ever}[word](store)
    store.close()


if __name__ == "__main__":
    main()
