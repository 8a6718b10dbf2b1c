"""`serve`, `openapi`: the face that devices speak to, and its description."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Final

from county_server.limits import Measure
from county_server.openapi import description
from county_server.serving import serve as serve_until_told
from county_server.words.opening import Wrong, opened

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
MOST_WORKERS: Final = 64
MOST_RATE: Final = 1_000_000


def serve(args: argparse.Namespace) -> None:
    """Serves until it is told to end."""
    if args.no_tls and args.host not in LOOPBACK:
        raise Wrong("--no-tls 只能用于本机回环地址。")
    if not 1 <= args.workers <= MOST_WORKERS or not 0 <= args.port <= 65535:
        raise Wrong(f"--workers 应为1至{MOST_WORKERS}，--port 应为0至65535。")
    if not (0 <= args.device_rate <= MOST_RATE and 0 <= args.address_rate <= MOST_RATE):
        raise Wrong(f"--device-rate 和 --address-rate 应为0至{MOST_RATE}。")
    with opened(args) as county:
        url = county.database.engine.url.render_as_string(hide_password=False)
    measure = Measure(args.device_rate, args.address_rate)
    serve_until_told(
        args.dir,
        url,
        args.host,
        args.port,
        workers=args.workers,
        tls=not args.no_tls,
        quiet=args.quiet,
        measure=measure,
        behind_proxy=args.behind_proxy,
    )


def openapi(args: argparse.Namespace) -> None:
    """The description of the face, the same that it gives by itself."""
    sys.stdout.write(json.dumps(description(), ensure_ascii=False, indent=1) + "\n")
