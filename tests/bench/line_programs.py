"""The three programs that are measured on a bad line, each with its server on the far side: ours, Anki, PouchDB with express-pouchdb.

Each does the same: two devices that know the server, so many records written on the first, a push from it, a pull by the second.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.sample.families import records
from jusuo_desktop.store import Edit
from jusuo_desktop.sync.failures import Transient
from jusuo_desktop.sync.progress import Progress, Reins, Stage
from tests.bench.peers import NO_ANKI, NO_NODE, node, peer_python
from tests.running_county import running_county
from tests.shaped_line import ShapedLine
from tests.sync.offices import OFFICE, new_session

PEERS = Path(__file__).parent / "peer_sync"
MOST_SECONDS = 150.0
"""A step that takes longer is given up."""
AGAIN_AFTER = 0.5
"""Seconds after which a broken sync is begun again: the clerk presses the key at once, and so does the peers' script."""


def texts(count: int) -> list[tuple[str, str]]:
    """Titles and accounts of invented disputes, no two alike: what the office writes, and what compresses like it."""
    told = [str(one.values["dispute_summary"]) for one in records(7, most=1_000 + count * 9) if one.kind == "mediation"][:count]
    assert len(told) == count
    return [(f"{text[:8]}纠纷", text) for text in told]


class GivenUp(Exception):
    """The step took too long."""


class Program(Protocol):
    """One program at both ends of the line. Each method returns once it is done."""

    name: str

    def prepare(self) -> None:
        """Two devices that know the server; the records are on the first."""

    def push(self) -> int:
        """From the first device to the server; how many tries it took."""

    def pull(self) -> int:
        """From the server to the second device."""


class Ours:
    """The program, over TLS as everywhere beyond loopback."""

    name = "ours"

    def __init__(self, line: ShapedLine, url: str, codes: Callable[[], str], folder: Path, pairs: list[tuple[str, str]]) -> None:
        self._line, self._url, self._codes, self._folder, self._pairs = line, url, codes, folder, pairs
        self.sessions: list[Session] = []
        self.waits = 0
        """How often an exchange was given up and begun again."""

    def prepare(self) -> None:
        with self._line.near():
            for name in ("王内勤", "李所长"):
                session = new_session(self._folder / str(len(self.sessions)), name)
                self.sessions.append(session)
                enroll(session, self._url, self._codes())
            for session in (*self.sessions, self.sessions[0]):
                sync_now(session)
        self.write(self._pairs)

    def write(self, pairs: list[tuple[str, str]]) -> None:
        """A record a pair on the first device."""
        edits = [Edit("consultation", {"name": title, "consultation_content": text}) for title, text in pairs]
        self.sessions[0].store.write(edits, act="import")

    def push(self) -> int:
        return self._synced(self.sessions[0])

    def pull(self) -> int:
        return self._synced(self.sessions[1])

    def _told(self, progress: Progress) -> None:
        self.waits += progress.stage is Stage.WAITING

    def _synced(self, session: Session) -> int:
        tries = 1
        with self._line.near():
            while True:
                try:
                    report = sync_now(session, reins=Reins(self._told))
                except Transient:
                    tries += 1
                    time.sleep(AGAIN_AFTER)
                    continue
                assert report.digest_equal
                assert session.store.outbox_counts() == {}
                return tries


@contextlib.contextmanager
def ours(line: ShapedLine, folder: Path, pairs: list[tuple[str, str]]) -> Iterator[Ours]:
    """Our client and the county server."""
    with contextlib.ExitStack() as stack:
        with line.far():
            county = stack.enter_context(running_county(folder / "county", quiet=True, host=line.host))
        host, port = line.reach(int(county.url.rpartition(":")[2]))
        program = Ours(line, f"https://{host}:{port}", lambda: county.enroll(OFFICE), folder, pairs)
        stack.callback(lambda: [session.store.close() for session in program.sessions])
        yield program


class Stepwise:
    """A peer's client: a process in the office that does one step a line."""

    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        self.name, self._process = name, process
        self._said: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def prepare(self) -> None:
        self._step("prepared")
        self._step("written")

    def push(self) -> int:
        return self._step("push")

    def pull(self) -> int:
        return self._step("pull")

    def _step(self, name: str) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        try:
            told = json.loads(self._said.get(timeout=MOST_SECONDS))
        except queue.Empty:
            raise GivenUp(f"{self.name}: {name} took more than {MOST_SECONDS:.0f} s") from None
        assert told["step"] == name
        return int(told["tries"])

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put(line)


@contextlib.contextmanager
def anki(line: ShapedLine, folder: Path, pairs: list[tuple[str, str]]) -> Iterator[Stepwise]:
    """Anki's client and its own sync server.

    Raises:
        LookupError: they are not on this machine.
    """
    python = peer_python()
    if python is None:
        raise LookupError(NO_ANKI)
    port = line.port()
    served = {"SYNC_USER1": "u:p", "SYNC_BASE": str(folder / "anki"), "SYNC_HOST": line.host, "SYNC_PORT": str(port)}
    host, reached = line.reach(port)
    (folder / "texts.json").write_text(json.dumps(pairs), encoding="utf-8")
    client = [str(python), str(PEERS / "anki_steps.py"), f"http://{host}:{reached}/", str(folder / "texts.json")]
    with _both("Anki", line, port, [str(python), "-m", "anki.syncserver"], client, {**os.environ, **served}) as program:
        yield program


@contextlib.contextmanager
def pouch(line: ShapedLine, folder: Path, pairs: list[tuple[str, str]]) -> Iterator[Stepwise]:
    """PouchDB and express-pouchdb.

    Raises:
        LookupError: they are not on this machine.
    """
    found = node()
    if found is None:
        raise LookupError(NO_NODE)
    program, environment = found
    port = line.port()
    host, reached = line.reach(port)
    (folder / "texts.json").write_text(json.dumps(pairs), encoding="utf-8")
    (folder / "served").mkdir()
    (folder / "kept").mkdir()
    script = [str(program), str(PEERS / "pouch_steps.js")]
    server = [*script, "serve", line.host, str(port), str(folder / "served")]
    client = [*script, f"http://{host}:{reached}", str(folder / "texts.json"), str(folder / "kept")]
    with _both("PouchDB", line, port, server, client, environment) as both:
        yield both


@contextlib.contextmanager
def _both(name: str, line: ShapedLine, port: int, server: list[str], client: list[str], environment: dict[str, str]) -> Iterator[Stepwise]:
    """The server on the far side, once it answers, and the client on the near one; both gone after the block."""
    with line.far():
        served = subprocess.Popen(server, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _answers(line.host, port)
        except TimeoutError:
            served.kill()
            raise
    with line.near():
        process = subprocess.Popen(client, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield Stepwise(name, process)
    finally:
        for one in (process, served):
            one.kill()
            one.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _answers(host: str, port: int, within: float = 20.0) -> None:
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"no server on {host}:{port}")
