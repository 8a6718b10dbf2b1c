"""Anki's client in steps, against its own server at URL: `anki_steps.py URL TEXTS`. Run by the peers' interpreter. TEXTS: a JSON file of pairs.

Steps: prepared (two empty collections, in sync), written (a note a pair on the first), push, pull. A sync that the line breaks is begun again,
as a person would by pressing the button: Anki takes nothing of a broken one.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from anki.collection import Collection
from anki.errors import NetworkError, SyncError


def step(name, work):
    """Waits for the word, works, tells."""
    sys.stdin.readline()
    begun = time.monotonic()
    tries = work() or 1
    sys.stdout.write(json.dumps({"step": name, "seconds": time.monotonic() - begun, "tries": tries}) + "\n")
    sys.stdout.flush()


def main(url, pairs, folder):
    """The steps, one after the other."""
    kept = {}

    def opened(name):
        """Opened anew before each sync, as hours later: no connection is left over from the last one."""
        if name in kept:
            kept.pop(name).close()
        kept[name] = Collection(f"{folder}/{name}.anki2")
        return kept[name]

    def prepare():
        for name in ("a", "b"):
            one = opened(name)
            kept["auth"] = one.sync_login("u", "p", url)
            one.sync_collection(kept["auth"], False)
            one.close_for_full_sync()
            one.full_upload_or_download(auth=kept["auth"], server_usn=None, upload=name == "a")
            one.reopen(after_full_sync=True)

    def write():
        kind, deck = kept["a"].models.by_name("Basic"), kept["a"].decks.id("Default")
        for title, text in pairs:
            note = kept["a"].new_note(kind)
            note["Front"], note["Back"] = title, text
            kept["a"].add_note(note, deck)

    def synced(name):
        tries = 1
        while True:
            try:
                opened(name).sync_collection(kept["auth"], False)
                return tries
            except (NetworkError, SyncError) as broken:
                sys.stderr.write(f"{broken}\n")
                tries += 1
                time.sleep(0.5)

    step("prepared", prepare)
    step("written", write)
    step("push", lambda: synced("a"))
    step("pull", lambda: synced("b"))
    assert kept["b"].note_count() == len(pairs), kept["b"].note_count()
    for name in ("a", "b"):
        kept[name].close()


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
    main(sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")), Path(place))
