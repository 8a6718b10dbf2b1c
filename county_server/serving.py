"""Runs the server: uvicorn over one listening socket, one or several worker processes that share nothing but the database."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette

TLS_CHAIN: Final = "server-chain.pem"
TLS_KEY: Final = "server-key.pem"
DATABASE_VARIABLE: Final = "JUSUO_COUNTY_DATABASE"
"""How worker processes, which start from nothing, learn the database."""

BACKLOG: Final = 1024


def application() -> Starlette:
    """The application of a worker process (uvicorn's factory)."""
    from county_server.app import build

    return build(os.environ[DATABASE_VARIABLE])


def serve(folder: Path, database_url: str, host: str, port: int, *, workers: int, tls: bool) -> None:
    """Serves until SIGTERM or SIGINT; prints `listening on URL` once connections are accepted (queued until the workers are up)."""
    os.environ[DATABASE_VARIABLE] = database_url
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    listening.listen(BACKLOG)
    listening.set_inheritable(True)
    config = uvicorn.Config(
        "county_server.serving:application",
        factory=True,
        workers=workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=10,
        ssl_certfile=str(folder / TLS_CHAIN) if tls else None,
        ssl_keyfile=str(folder / TLS_KEY) if tls else None,
    )
    shown = f"[{host}]" if ":" in host else host
    sys.stdout.write(f"listening on {'https' if tls else 'http'}://{shown}:{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    server = uvicorn.Server(config)
    if workers > 1:
        from uvicorn.supervisors import Multiprocess

        Multiprocess(config, target=server.run, sockets=[listening]).run()
    else:
        server.run(sockets=[listening])
