"""The server's log: one JSON object a line, to standard error, for the service manager to keep.

It names no person, record, address or token. A request's line has its number, its route, status, bytes, milliseconds and the device; an
error has its kind and the places in the program where it passed, never its message, which may quote a value, nor any variable. Other
libraries' lines lose their arguments for the same reason.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import warnings
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final

OURS: Final = "county_server"
FIELDS: Final = ("request", "method", "route", "status", "ms", "bytes_in", "bytes_out", "device", "refusal")
"""What a line may carry beside its text; nothing else that a caller adds gets out."""

MOST_CAUSES: Final = 8
HOME: Final = str(Path(__file__).parents[1])

QUIET: Final = "JUSUO_COUNTY_QUIET"
"""Set for worker processes that shall not log each request."""


class Line(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        own = record.name == OURS or record.name.startswith(OURS + ".")
        text = record.getMessage() if own else str(record.msg).partition("\n")[0]
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "worker": record.process,
            "event": text,
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = passed(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def passed(error: BaseException) -> list[dict[str, Any]]:
    """Each error of a chain, the outermost first: its kind and where it passed."""
    told: list[dict[str, Any]] = []
    current: BaseException | None = error
    while current is not None and len(told) < MOST_CAUSES:
        told.append({"kind": f"{type(current).__module__}.{type(current).__qualname__}", "where": _places(current.__traceback__)})
        if isinstance(current, BaseExceptionGroup) and current.exceptions:
            current = current.exceptions[0]
        else:
            current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return told


def _places(traceback: TracebackType | None) -> list[str]:
    found: list[str] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        found.append(f"{_short(code.co_filename)}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return found


def _short(file: str) -> str:
    """A path without the folders of this machine."""
    if file.startswith(HOME):
        return file[len(HOME) :].lstrip("/\\")
    return "/".join(Path(file).parts[-2:])


def settings(*, quiet: bool) -> dict[str, Any]:
    """The logging configuration of a serving process."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "county_server.journal.Line"}},
        "handlers": {"errors": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["errors"], "level": "WARNING"},
        "loggers": {
            OURS: {"level": "WARNING" if quiet else "INFO"},
            "uvicorn": {"level": "WARNING"},
            "uvicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }


def catch_the_rest() -> None:
    """What nobody catches goes the same way: Python's own report of it would quote the error's message."""
    log = logging.getLogger(OURS)

    def warned(message: Warning | str, category: type[Warning], filename: str, lineno: int, file: object = None, line: str | None = None) -> None:
        log.warning("%s at %s:%d", category.__name__, _short(filename), lineno)

    def unhandled(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.critical("unhandled", exc_info=(kind, error, traceback))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            log.critical("unhandled in a thread", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))

    warnings.showwarning = warned
    sys.excepthook = unhandled
    threading.excepthook = in_thread


def request_number() -> str:
    """By which a clerk's screen, the answer's header and the log mean the same request."""
    return os.urandom(6).hex()
