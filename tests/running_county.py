"""A real county server process on loopback, for the tests."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from county_server.cli import main

COUNTY_CODE = "990101"


class RunningCounty:
    """A `county-server serve` process over one folder, with the administrator's words."""

    def __init__(
        self,
        folder: Path,
        *,
        tls: bool = True,
        database_url: str | None = None,
        workers: int = 1,
        quiet: bool = False,
        host: str = "",
        more: Sequence[str] = (),
        log: Path | None = None,
    ) -> None:
        self.folder, self._tls, self._workers, self._quiet, self._host, self._more, self._log = folder, tls, workers, quiet, host, more, log
        self._database = ["--database-url", database_url] if database_url else []
        self._port = "0"
        self._process: subprocess.Popen[str] | None = None
        self.say("init", "--county-code", COUNTY_CODE, "--county-name", "清溪县", *(["--host", host] if host else []))
        self.start()

    def say(self, word: str, *more: str) -> str:
        """Says one administrator's word, in this process, and returns what it printed."""
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            status = main([word, "--dir", str(self.folder), *self._database, *more])
        if status:
            raise RuntimeError(f"county-server {word}: exit status {status}")
        return printed.getvalue()

    def start(self) -> None:
        """Starts serving, on the same port as before."""
        words = ["--port", self._port, "--workers", str(self._workers), *([] if self._tls else ["--no-tls"]), *(["--quiet"] if self._quiet else [])]
        words += [*(["--host", self._host] if self._host else []), *self._more]
        command = [sys.executable, "-m", "county_server.cli", "serve", "--dir", str(self.folder), *self._database, *words]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        with self._log.open("ab") if self._log is not None else contextlib.nullcontext() as errors:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8", env=environment)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if "listening on" not in line:
            raise RuntimeError(f"the county server did not start: {line!r}")
        self.url = line.split()[-1]
        self._port = self.url.rpartition(":")[2]

    def stop(self, how: int = signal.SIGTERM) -> None:
        """Ends the process and waits for it."""
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.wait(timeout=60)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None

    def kill(self) -> None:
        """Ends the process as a power cut would."""
        self.stop(signal.SIGKILL)

    def restart(self) -> None:
        """Stops and starts again."""
        self.stop()
        self.start()

    def enroll(self, scope: str) -> str:
        """A one-time code for a scope."""
        return self.say("enroll", "--scope", scope).strip()

    def revoke(self, device_id: str) -> None:
        """Shuts a device out."""
        self.say("revoke", device_id)


@contextmanager
def running_county(
    folder: Path,
    *,
    tls: bool = True,
    database_url: str | None = None,
    workers: int = 1,
    quiet: bool = False,
    host: str = "",
    more: Sequence[str] = (),
    log: Path | None = None,
) -> Iterator[RunningCounty]:
    """A county server that is there inside the block and gone after it; on loopback, or on an address of a namespace that the tests made.
    `more` are further words for `serve`; what it logs goes to the end of `log`.
    """
    county = RunningCounty(folder, tls=tls, database_url=database_url, workers=workers, quiet=quiet, host=host, more=more, log=log)
    try:
        yield county
    finally:
        county.stop()
