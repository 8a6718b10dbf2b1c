"""`county-server`: init, serve, enroll, revoke, list. Exit status 0 done, 1 refused with a sentence, 2 wrong usage."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from county_server import devices
from county_server.app import County, now, open_county
from county_server.certificates import make_certificates
from county_server.database import add_county, county_row, database_url, lay_out, open_database, reading, writing
from county_server.schema import DEVICE
from county_server.serving import TLS_CHAIN, TLS_KEY, serve
from jusuo_desktop.records.identity import new_id
from jusuo_desktop.wire.enroll_code import fingerprint
from jusuo_desktop.wire.scope import COUNTY, is_scope

ROOT_KEY = "root-key.pem"
CONFIG = "county.json"


class Wrong(Exception):
    """What the administrator must mend, one sentence."""


def main(words: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    args = _parser().parse_args(words)
    try:
        args.act(args)
    except Wrong as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1
    except LookupError:
        sys.stderr.write(f"{args.dir} 里还没有县服务器，请先运行 county-server init。\n")
        return 1
    except (SQLAlchemyError, OSError) as trouble:
        sys.stderr.write(f"打不开县服务器的数据：{type(trouble).__name__}。请检查文件夹、磁盘和数据库地址。\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="county-server", description="县服务器：收发各司法所的数据")
    acts = parser.add_subparsers(required=True, metavar="init|serve|enroll|revoke|list")

    def act(name: str, what: str, function: Any) -> argparse.ArgumentParser:
        one = acts.add_parser(name, help=what)
        one.add_argument("--dir", type=Path, required=True, help="县服务器的文件夹")
        one.add_argument("--database-url", default=None, help="postgresql+psycopg://…；不写则用文件夹里的 SQLite")
        one.set_defaults(act=function)
        return one

    init = act("init", "建立县服务器", _init)
    init.add_argument("--county-code", required=True, help="6位区划代码")
    init.add_argument("--county-name", required=True)
    init.add_argument("--host", action="append", default=[], help="证书写给哪个名字或地址，可以写几次")
    run = act("serve", "开始服务", _serve)
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--port", type=int, default=8443, help="0 为任一空闲端口")
    run.add_argument("--workers", type=int, default=1)
    run.add_argument("--no-tls", action="store_true", help="只许在本机回环地址上用")
    enroll = act("enroll", "发一个一次性登记码", _enroll)
    enroll.add_argument("--scope", required=True, help="6位县、9位司法所或12位村的代码")
    enroll.add_argument("--hours", type=float, default=72.0, help="登记码有效小时数")
    revoke = act("revoke", "停用一台设备", _revoke)
    revoke.add_argument("device")
    listing = act("list", "列出设备", _list)
    listing.add_argument("--json", action="store_true")
    return parser


def _url(args: argparse.Namespace) -> str:
    if args.database_url:
        return str(args.database_url)
    config = args.dir / CONFIG
    if config.exists():
        kept = json.loads(config.read_text(encoding="utf-8")).get("database_url")
        if kept:
            return str(kept)
    return database_url(args.dir)


def _private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _init(args: argparse.Namespace) -> None:
    if len(args.county_code) != COUNTY or not is_scope(args.county_code):
        raise Wrong("--county-code 应为6位数字的区划代码。")
    args.dir.mkdir(parents=True, exist_ok=True)
    if args.database_url:
        _private(args.dir / CONFIG, json.dumps({"database_url": args.database_url}).encode())
    url = _url(args)
    if url.startswith("sqlite"):
        _private(args.dir / "county.db", b"") if not (args.dir / "county.db").exists() else None
    engine = open_database(url)
    try:
        lay_out(engine)
        with writing(engine).begin() as connection:
            if county_row(connection) is not None:
                raise Wrong(f"{args.dir} 里已经有县服务器，没有改动。")
            certificates = make_certificates(args.county_name, [*args.host, "localhost", "127.0.0.1", "::1"])
            _private(args.dir / TLS_CHAIN, certificates.server_chain)
            _private(args.dir / TLS_KEY, certificates.server_key)
            _private(args.dir / ROOT_KEY, certificates.root_key)
            add_county(
                connection,
                code=args.county_code,
                name=args.county_name,
                epoch=new_id(),
                signing_key=Ed25519PrivateKey.generate().private_bytes_raw(),
                token_secret=secrets.token_bytes(32),
                root_certificate=certificates.root,
            )
    finally:
        engine.dispose()
    sys.stdout.write(f"县服务器已建立：{args.dir}\n请把 {ROOT_KEY} 移到安全的地方保管。\n")


def _serve(args: argparse.Namespace) -> None:
    if args.no_tls and args.host not in ("127.0.0.1", "localhost", "::1"):
        raise Wrong("--no-tls 只能用于本机回环地址。")
    url = _url(args)
    open_county(url).engine.dispose()
    serve(args.dir, url, args.host, args.port, workers=args.workers, tls=not args.no_tls)


def _with_county(args: argparse.Namespace) -> County:
    return open_county(_url(args))


def _enroll(args: argparse.Namespace) -> None:
    county = _with_county(args)
    try:
        with writing(county.engine).begin() as connection:
            code = county_row(connection).code
            if not is_scope(args.scope) or not args.scope.startswith(code):
                raise Wrong(f"--scope 应是本县（{code}）6位、9位或12位的区划代码。")
            public = county.key.public_key().public_bytes_raw()
            expires = now() + int(args.hours * 3_600_000)
            printed = devices.new_code(connection, args.scope, fingerprint(public, county.root_certificate), expires)
    finally:
        county.engine.dispose()
    sys.stdout.write(f"{printed}\n")


def _revoke(args: argparse.Namespace) -> None:
    county = _with_county(args)
    try:
        with writing(county.engine).begin() as connection:
            if not devices.revoke(connection, args.device, now()):
                raise Wrong(f"没有编号为 {args.device} 的设备。用 county-server list 查看。")
    finally:
        county.engine.dispose()
    sys.stdout.write("已停用。\n")


def _list(args: argparse.Namespace) -> None:
    county = _with_county(args)
    try:
        with reading(county.engine).begin() as connection:
            rows = connection.execute(select(DEVICE).order_by(DEVICE.c.scope, DEVICE.c.enrolled_at)).all()
    finally:
        county.engine.dispose()
    if args.json:
        listed = [{"id": r.id, "name": r.name, "scope": r.scope, "last_contact": r.last_contact, "revoked_at": r.revoked_at} for r in rows]
        sys.stdout.write(json.dumps(listed, ensure_ascii=False) + "\n")
        return
    for r in rows:
        seen = datetime.fromtimestamp(r.last_contact / 1000).strftime("%Y-%m-%d %H:%M")
        sys.stdout.write(f"{r.id}  {r.scope:<12}  {seen}  {'已停用  ' if r.revoked_at else ''}{r.name}\n")


if __name__ == "__main__":
    raise SystemExit(main())
