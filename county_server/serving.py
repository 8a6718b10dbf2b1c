"""Runs the server: uvicorn over one listening socket, one or several worker processes that share nothing but the database."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
from dataclasses import astuple
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from county_server.app import build
from county_server.county import County
from county_server.database import Database
from county_server.journal import catch_the_rest, settings
from county_server.limits import Measure
from county_server.metrics import FOLDER as METRICS_FOLDER
from county_server.metrics import forget_worker

TLS_CHAIN: Final = "server-chain.pem"
TLS_KEY: Final = "server-key.pem"
DATABASE_VARIABLE: Final = "JUSUO_COUNTY_DATABASE"
"""How worker processes, which start from nothing, learn the database."""

MEASURE_VARIABLE: Final = "JUSUO_COUNTY_MEASURE"
"""And how often one device and one address may ask."""

BACKLOG: Final = 1024
START_SECONDS: Final = 60

PROXIES: Final = "127.0.0.1,::1"
"""Whose word about where a request comes from is believed, where there is a proxy."""


class NotStarted(Exception):
    """The server could not start; the message is a sentence for the administrator."""


ROUNDS: Final = 200_000
"""Objects made before the garbage collector looks at them: a batch makes many, and not one cycle."""


def application() -> ASGIApp:
    """The application of a worker process (uvicorn's factory)."""
    catch_the_rest()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    measure = Measure(*map(int, os.environ[MEASURE_VARIABLE].split(",")))
    county = build(County(Database(os.environ[DATABASE_VARIABLE])), measure=measure)
    gc.collect()
    gc.freeze()  # what is loaded stays
    gc.set_threshold(ROUNDS, 20, 20)
    return county


def _leave_with(parent: Any) -> None:
    """A worker whose supervisor was killed ends too, or it would keep the port from the next one."""
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


class _Single(uvicorn.Server):
    """A server in this process that says when it listens."""

    line = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _say(self.line)


class _Several(Multiprocess):
    """A supervisor of worker processes that says when all of them listen."""

    line = ""
    ready = True

    def keep_subprocess_alive(self) -> None:
        for process in self.processes:
            if not process.process.is_alive():
                forget_worker(process.pid)
        super().keep_subprocess_alive()

    def init_processes(self) -> None:
        super().init_processes()
        self.ready = all(process.wait_until_ready(START_SECONDS, self.should_exit) for process in self.processes)
        if self.ready:
            _say(self.line)
        else:
            self.should_exit.set()


def _say(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()


def serve(
    folder: Path,
    database_url: str,
    host: str,
    port: int,
    *,
    workers: int,
    tls: bool,
    quiet: bool,
    measure: Measure | None = None,
    behind_proxy: bool = False,
) -> None:
    """Serves until SIGTERM or SIGINT, which let answers under way finish; prints `listening on URL` once it answers. `behind_proxy`, what comes
    from this machine's own address comes from where its X-Forwarded-For says: from the last address there that is not this machine's.

    Raises:
        NotStarted: the address is taken, or a worker did not come up.
    """
    os.environ[DATABASE_VARIABLE] = database_url
    os.environ[MEASURE_VARIABLE] = ",".join(map(str, astuple(measure or Measure())))
    listening = _listening(host, port)
    config = uvicorn.Config(
        "county_server.serving:application",
        factory=True,
        workers=workers,
        log_config=settings(quiet=quiet),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=behind_proxy,
        forwarded_allow_ips=PROXIES,  # or it would be read from the environment
        timeout_keep_alive=30,
        timeout_graceful_shutdown=5,  # an answer cut short is asked for again and has no second effect
        ssl_certfile=str(folder / TLS_CHAIN) if tls else None,
        ssl_keyfile=str(folder / TLS_KEY) if tls else None,
    )
    shown = f"[{host}]" if ":" in host else host
    line = f"listening on {'https' if tls else 'http'}://{shown}:{listening.getsockname()[1]}\n"
    if workers > 1:
        with tempfile.TemporaryDirectory(prefix="county-metrics-") as counts:  # for the workers, which load the library with it
            os.environ[METRICS_FOLDER] = counts
            several = _Several(config, [listening])
            several.line = line
            several.run()
            started = several.ready
    else:
        single = _Single(config)
        single.line = line
        single.run([listening])
        started = single.started
    listening.close()
    if not started:
        raise NotStarted("县服务器没有启动成功，原因见上面的记录。")


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, or asyncio leaves Nagle's delay on
        try:
            if os.name != "nt":  # on Windows the option would let two servers share one port
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((host, port))
            listening.listen(BACKLOG)
            listening.set_inheritable(True)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        raise NotStarted(f"不能在 {host}:{port} 上服务：{error.strerror}。请换一个地址或端口。") from error
    return listening
