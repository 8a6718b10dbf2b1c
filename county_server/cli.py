"""`county-server`: what the county's administrator says. Exit status 0 done, 1 refused with a sentence, 2 wrong usage."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from county_server import devices, notes
from county_server.backing_up import NotDumped, back_up, dump
from county_server.checking import Checked, Damaged, check
from county_server.county import County
from county_server.courier import take_in
from county_server.database import DATABASE_FILE, Database
from county_server.failing import Refusal
from county_server.finding import Found, NotFound, NotTaken, find, find_set_aside
from county_server.founding import AlreadyFounded, certify_again, found, url_of
from county_server.limits import Measure
from county_server.moving import NotMoved, move_village
from county_server.number_returns import close_blocks
from county_server.openapi import description
from county_server.restoring import SKIPPED, go_on
from county_server.schema import DEVICE
from county_server.sealed import open_sealed
from county_server.serving import NotStarted, serve
from county_server.status.sign_in import new_code
from county_server.upgrade import NewerDatabase, OldPostgres, upgrade
from jusuo_desktop.wire.bundle import MOST_BUNDLE, SUFFIX, BadBundle
from jusuo_desktop.wire.enroll_code import fingerprint
from jusuo_desktop.wire.limits import MOST_NUMBER, MOST_REASON
from jusuo_desktop.wire.release_code import MOST_DAYS
from jusuo_desktop.wire.scope import COUNTY, is_scope

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
TIMES_RESTORED: Final = "times-restored"
"""File of the county folder, outside the database and its backups: how often it was restored."""
HOUR: Final = 3_600_000
MOST_WORKERS: Final = 64
MOST_RATE: Final = 1_000_000
COUNTED: Final = {"accepted": "接收", "duplicate": "以前已收", "conflict": "有冲突", "held": "暂缓", "rejected": "退回"}


class Wrong(Exception):
    """What the administrator must mend, one sentence."""


def main(words: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    args = _parser().parse_args(words)
    try:
        args.act(args)
    except (Wrong, NotStarted, NewerDatabase, OldPostgres, Damaged) as wrong:
        sys.stderr.write(f"{wrong}\n")
    except AlreadyFounded:
        sys.stderr.write(f"{args.dir} 里已经有县服务器，没有改动。\n")
    except LookupError:
        sys.stderr.write(f"{args.dir} 里还没有县服务器，请先运行 county-server init。\n")
    except OSError as trouble:
        sys.stderr.write(f"不能读写 {trouble.filename or args.dir}：{trouble.strerror}。请检查权限和磁盘空间。\n")
    except (SQLAlchemyError, ImportError) as trouble:  # ImportError: a database that has no driver here
        sys.stderr.write(f"打不开县服务器的数据库（{type(trouble).__name__}），请检查文件夹、磁盘和数据库地址。\n")
    else:
        return 0
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="county-server", description="县服务器：收发各司法所的数据")
    acts = parser.add_subparsers(required=True, metavar="init|serve|enroll|revoke|list|backup|check|restored|bundle|…")

    def act(name: str, what: str, function: Any) -> argparse.ArgumentParser:
        one = acts.add_parser(name, help=what, description=what)
        one.add_argument("--dir", type=Path, required=True, help="县服务器的文件夹")
        one.add_argument("--database-url", help="postgresql+psycopg://…；不写则用 init 时的数据库，或文件夹里的 SQLite")
        one.set_defaults(act=function)
        return one

    init = act("init", "建立县服务器", _init)
    init.add_argument("--county-code", required=True, help="6位区划代码")
    init.add_argument("--county-name", required=True)
    _hosts(init)
    run = act("serve", "开始服务", _serve)
    run.add_argument("--host", default="127.0.0.1", help="监听的地址；0.0.0.0 为本机所有地址")
    run.add_argument("--port", type=int, default=8443, help="0 为任一空闲端口")
    run.add_argument("--workers", type=int, default=1, help="工作进程数，不超过处理器核数为宜")
    run.add_argument("--no-tls", action="store_true", help="不加密，只许在本机回环地址上用")
    run.add_argument("--quiet", action="store_true", help="不逐次记录请求")
    usual = Measure()
    run.add_argument("--device-rate", type=int, default=usual.device, help=f"一台设备每秒最多几次请求，每个工作进程各算；0 为不限（{usual.device}）")
    run.add_argument("--address-rate", type=int, default=usual.address, help=f"没有登录的一个地址每秒最多几次，同上（{usual.address}）")
    enroll = act("enroll", "发一个一次性注册码", _enroll)
    enroll.add_argument("--scope", required=True, help="6位县、9位司法所或12位村的代码")
    enroll.add_argument("--hours", type=float, default=72.0, help="注册码有效小时数")
    revoke = act("revoke", "停用一台设备", _revoke)
    revoke.add_argument("device", help="设备编号，见 list")
    moving = act("move-village", "把一个村（社区）连同它的全部记录移交给另一个司法所", _move_village)
    moving.add_argument("old", help="原来的12位代码")
    moving.add_argument("new", help="新的12位代码，前9位是新的司法所")
    scoping = act("rescope", "改变一台设备的管辖范围；不再归它管的内容在下次联系后封存", _rescope)
    scoping.add_argument("device", help="设备编号，见 list")
    scoping.add_argument("scope", help="6位县、9位司法所或12位村的代码")
    sealed = act("open-sealed", "打开设备封存的内容（村移交、范围改变以后从设备上取来的文件）", _open_sealed)
    sealed.add_argument("file", type=Path, nargs="+", help="设备数据文件夹 sealed 里的文件")
    sealed.add_argument("--out", type=Path, required=True, help="内容存到哪个文件夹")
    closing = act("close-blocks", "作废一台不再回来的设备领去的号段，余号在台账里记为空号", _close_blocks)
    closing.add_argument("device", help="已停用的设备编号，见 list")
    closing.add_argument("--because", default="", help="原因，记入台账，例如“电脑损坏”")
    releasing = act("release", "给因太久没有联系而锁定的电脑开一个解锁码", _release)
    releasing.add_argument("device", help="那台电脑显示的设备编号")
    releasing.add_argument("challenge", help="那台电脑显示的挑战码")
    releasing.add_argument("--days", type=int, default=0, help=f"准许多少天不联系，最多{MOST_DAYS}天；不写则按县里规定的天数")
    listing = act("list", "列出设备", _list)
    listing.add_argument("--json", action="store_true")
    finding = act("find", "查一条记录：报回执号或者记录的编号，看县里什么时候从哪台电脑收到、有没有分歧", _find)
    finding.add_argument("number", help="回执号（像 330424103-1207）、退回号，或者记录、更改的编号")
    finding.add_argument("--json", action="store_true")
    bundle = act("bundle", "导入司法所用U盘带来的文件，做出回执文件", _bundle)
    bundle.add_argument("file", type=Path, help="司法所导出的 .jusuo 文件")
    bundle.add_argument("--out", type=Path, help="回执存成哪个文件；不写则放在原文件旁边")
    backup = act("backup", "备份数据库，服务时也可以；SQLite 的写好后打开核对一遍，PostgreSQL 的由 pg_dump 写", _backup)
    backup.add_argument("--to", type=Path, required=True, help="备份存成哪个文件，应在另一块盘或另一台机器上")
    act("check", "把数据库从头到尾核对一遍：顺序有没有缺、校验值对不对；备份取回以后用", _check)
    restored = act("restored", "数据库从备份恢复以后说一声：各所电脑会补送恢复后缺少的内容，编号跳过一段", _restored)
    restored.add_argument("--skip", type=int, default=SKIPPED, help="每类编号跳过的个数，应多于两次备份之间领取的")
    act("status-code", "换一个状态页的登录码（浏览器打开 https://服务器:端口/status）；以前的登录码和登录随即失效", _status_code)
    acts.add_parser("openapi", help="写出接口说明（OpenAPI 3.1）").set_defaults(act=_openapi)
    certificate = act("certificate", "换发服务器证书（每两年一次，或者服务器改名时）", _certificate)
    certificate.add_argument("--root-key", type=Path, required=True, help="init 时生成、另行保管的 root-key.pem")
    _hosts(certificate)
    return parser


def _hosts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", nargs="+", action="extend", default=[], help="证书写给哪些名字或地址，本机自身总在其中")


@contextmanager
def _county(args: argparse.Namespace) -> Iterator[County]:
    url = url_of(args.dir, args.database_url)
    if url.startswith("sqlite") and not args.dir.joinpath("county.db").exists():
        raise LookupError(args.dir)
    database = Database(url)
    try:
        upgrade(database)
        yield County(database)
    finally:
        database.close()


def _init(args: argparse.Namespace) -> None:
    if len(args.county_code) != COUNTY or not is_scope(args.county_code):
        raise Wrong("--county-code 应为6位数字的区划代码。")
    found(args.dir, args.county_code, args.county_name, args.host, args.database_url)
    sys.stdout.write(f"县服务器已建立：{args.dir}\n请把其中的 root-key.pem 移到安全的地方保管，换发证书时再用。\n")


def _serve(args: argparse.Namespace) -> None:
    if args.no_tls and args.host not in LOOPBACK:
        raise Wrong("--no-tls 只能用于本机回环地址。")
    if not 1 <= args.workers <= MOST_WORKERS or not 0 <= args.port <= 65535:
        raise Wrong(f"--workers 应为1至{MOST_WORKERS}，--port 应为0至65535。")
    if not (0 <= args.device_rate <= MOST_RATE and 0 <= args.address_rate <= MOST_RATE):
        raise Wrong(f"--device-rate 和 --address-rate 应为0至{MOST_RATE}。")
    with _county(args) as county:
        url = county.database.engine.url.render_as_string(hide_password=False)
    measure = Measure(args.device_rate, args.address_rate)
    serve(args.dir, url, args.host, args.port, workers=args.workers, tls=not args.no_tls, quiet=args.quiet, measure=measure)


def _enroll(args: argparse.Namespace) -> None:
    with _county(args) as county:
        if not is_scope(args.scope) or not args.scope.startswith(county.code):
            raise Wrong(f"--scope 应是本县（{county.code}）6位、9位或12位的区划代码。")
        if not 0 < args.hours <= 24 * 366:
            raise Wrong("--hours 应大于0，最长一年。")
        ours = fingerprint(county.public_key, county.root_certificate)
        with county.database.writing() as connection:
            code = devices.new_code(connection, args.scope, ours, county.now() + int(args.hours * HOUR))
    sys.stdout.write(f"{code}\n")


def _revoke(args: argparse.Namespace) -> None:
    with _county(args) as county, county.database.writing() as connection:
        if not devices.revoke(connection, args.device, county.now()):
            raise Wrong(f"没有编号为 {args.device} 的设备，请用 county-server list 查看。")
    sys.stdout.write("已停用。\n")


def _close_blocks(args: argparse.Namespace) -> None:
    because = " ".join(args.because.split()) or "设备停用"
    if len(because) > MOST_REASON or not because.isprintable():
        raise Wrong(f"--because 最多{MOST_REASON}个字。")
    with _county(args) as county, county.database.writing() as connection:
        row = connection.execute(select(DEVICE.c.revoked_at).where(DEVICE.c.id == args.device)).first()
        if row is None:
            raise Wrong(f"没有编号为 {args.device} 的设备，请用 county-server list 查看。")
        if row.revoked_at is None:
            raise Wrong("这台设备还在用，它手里的号还可能编到纸上。确实不再回来的，请先用 county-server revoke 停用它。")
        count = close_blocks(connection, args.device, county.now(), because)
    sys.stdout.write(f"已作废{count}个号段，各所电脑下次同步后在文号台账里可见。\n" if count else "这台设备没有未作废的号段。\n")


def _release(args: argparse.Namespace) -> None:
    if not 0 <= args.days <= MOST_DAYS:
        raise Wrong(f"--days 应为1至{MOST_DAYS}。")
    with _county(args) as county:
        try:
            done = county.release_code("".join(args.device.split()).upper(), args.challenge, args.days)
        except Refusal as refused:
            raise Wrong(refused.message) from None
    sys.stdout.write(f"{done.device_name}（{args.device}）的解锁码：{done.code}，准许{done.days}天不联系，只能用一次。\n")


def _move_village(args: argparse.Namespace) -> None:
    with _county(args) as county, county.database.writing() as connection:
        try:
            count = move_village(connection, county.code, args.old, args.new, county.now())
        except NotMoved as said:
            raise Wrong(f"没有移交：{said}") from None
    sys.stdout.write(f"已移交 {count} 条记录。各台设备下次同步时知道：原来的司法所封存自己的副本，新的司法所收到全部内容。\n")


def _rescope(args: argparse.Namespace) -> None:
    with _county(args) as county:
        if not is_scope(args.scope) or not args.scope.startswith(county.code):
            raise Wrong(f"新的范围应是本县（{county.code}）6位、9位或12位的区划代码。")
        with county.database.writing() as connection:
            if not devices.rescope(connection, args.device, args.scope):
                raise Wrong(f"没有编号为 {args.device} 的设备，请用 county-server list 查看。")
    sys.stdout.write("已改变，设备下次同步时知道。\n")


def _open_sealed(args: argparse.Namespace) -> None:
    parts = []
    for path in args.file:
        with path.open("rb") as file:
            parts.append((path.name, file.read(MOST_BUNDLE + 1)))
    with _county(args) as county:
        try:
            opened = open_sealed(county, parts, args.out)
        except BadBundle as bad:
            raise Wrong(f"不能打开：{bad}。") from None
    sys.stdout.write(f"{opened.device_id} 于 {datetime.fromtimestamp(opened.sealed_at / 1000):%Y-%m-%d %H:%M} 封存，范围 {opened.scope}：")
    sys.stdout.write(f"{opened.rows} 行，{opened.contents} 份附件和打印件，存到 {args.out}。\n")


def _list(args: argparse.Namespace) -> None:
    with _county(args) as county, county.database.reading() as connection:
        rows = connection.execute(select(DEVICE).order_by(DEVICE.c.scope, DEVICE.c.enrolled_at)).all()
    if args.json:
        shown = ("id", "name", "scope", "enrolled_at", "last_contact", "revoked_at")
        listed = [{name: getattr(row, name) for name in shown} for row in rows]
        sys.stdout.write(json.dumps(listed, ensure_ascii=False) + "\n")
        return
    if not rows:
        sys.stdout.write("还没有设备。用 county-server enroll 发注册码，在司法所的电脑上填写。\n")
    for row in rows:
        seen = datetime.fromtimestamp(row.last_contact / 1000).strftime("%Y-%m-%d %H:%M")
        state = "已停用" if row.revoked_at else "在用　"
        sys.stdout.write(f"{row.id}  {row.scope:<12}  {state}  最近联系 {seen}  {row.name}\n")


def _find(args: argparse.Namespace) -> None:
    with _county(args) as county, county.database.reading() as connection:
        try:
            found: list[Found | NotTaken] = [*find_set_aside(connection, args.number)]
            found = found or [find(connection, args.number)]
        except NotFound as said:
            raise Wrong(str(said)) from None
    sys.stdout.write("".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" if args.json else one.told for one in found))


def _bundle(args: argparse.Namespace) -> None:
    with args.file.open("rb") as file:
        data = file.read(MOST_BUNDLE + 1)
    with _county(args) as county:
        try:
            taken = take_in(county, data)
        except BadBundle as bad:
            raise Wrong(f"{args.file.name} 不能导入：{bad}。") from None
        except Refusal as refused:
            raise Wrong(f"{args.file.name} 不能导入：{refused.message}") from None
    back = args.out or args.file.with_name(f"{args.file.stem}-回执{SUFFIX}")
    part = back.with_suffix(".part")
    part.write_bytes(taken.answer)
    part.replace(back)
    counted = "，".join(f"{said}{taken.counts[status]}项" for status, said in COUNTED.items() if status in taken.counts) or "没有新的更改"
    more = "，还有一部分下次再取" if taken.more else ""
    sys.stdout.write(f"{taken.device_name}（{taken.device_id}），校验码 {taken.digest}：{counted}；带回 {taken.entries} 项{more}。\n回执：{back}\n")


def _backup(args: argparse.Namespace) -> None:
    url = url_of(args.dir, args.database_url)
    if args.to.is_dir():
        raise Wrong(f"{args.to} 是文件夹，--to 请写文件名。")
    with _county(args) as county:
        try:
            if county.database.embedded:
                told = _found(back_up(args.dir / DATABASE_FILE, args.to))
            else:
                dump(url, args.to)
                told = "取回后请用 county-server check 核对。"
        except (sqlite3.Error, NotDumped) as trouble:
            raise Wrong(f"备份没有写成（{trouble}），请检查 {args.to.parent} 的空间和权限；原有的备份没有改动。") from None
        with county.database.writing() as connection:
            notes.put(connection, notes.BACKUP, str(args.to), county.now())
    sys.stdout.write(f"已备份到 {args.to}：{told}\n里面有县里的密钥，请妥善保管。\n")


def _check(args: argparse.Namespace) -> None:
    with _county(args) as county, county.database.reading() as connection:
        sys.stdout.write(f"核对无误：{_found(check(connection))}\n")


def _found(checked: Checked) -> str:
    digest = checked.digest.hex()[:12]
    return f"更改{checked.changes}项，记录{checked.records}条，附件{checked.contents}份，校验码 {digest}。"


def _status_code(args: argparse.Namespace) -> None:
    with _county(args) as county, county.database.writing() as connection:
        code = new_code(connection, county.now())
    sys.stdout.write(f"{code}\n")


def _openapi(args: argparse.Namespace) -> None:
    sys.stdout.write(json.dumps(description(), ensure_ascii=False, indent=1) + "\n")


def _restored(args: argparse.Namespace) -> None:
    if not 0 < args.skip <= MOST_NUMBER:
        raise Wrong(f"--skip 应为1至{MOST_NUMBER}。")
    today = datetime.now()
    with _county(args) as county, county.database.writing() as connection:
        times = args.dir / TIMES_RESTORED
        count = 1 + (int(times.read_text(encoding="ascii")) if times.exists() else 0)
        times.write_text(str(count), encoding="ascii")
        go_on(connection, county.now(), today.year + (today.month == 12), args.skip * count)
    sys.stdout.write(f"已记为从备份恢复，各类编号跳过{args.skip * count}个。备份以后停用的设备、移交的村、改过的范围请再做一次。\n")
    sys.stdout.write("请重新启动服务；各所电脑下次同步时会重新核对，并补送县里缺少的内容。\n")


def _certificate(args: argparse.Namespace) -> None:
    with _county(args) as county:
        root = county.root_certificate
    try:
        certify_again(args.dir, args.root_key, root, args.host)
    except ValueError as error:
        raise Wrong(f"{args.root_key} 不是本县根证书的私钥。") from error
    sys.stdout.write("证书已换发，重新启动服务后生效。\n")


if __name__ == "__main__":
    raise SystemExit(main())
