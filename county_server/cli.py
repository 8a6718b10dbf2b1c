"""`county-server`: what the county's administrator says. Exit status 0 done, 1 refused with a sentence, 2 wrong usage."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from county_server.checking import Damaged
from county_server.founding import AlreadyFounded
from county_server.limits import Measure
from county_server.restoring import SKIPPED
from county_server.serving import NotStarted
from county_server.upgrade import NewerDatabase, OldPostgres
from county_server.words import arriving, devices, keeping, places, serving
from county_server.words.opening import Wrong
from jusuo_desktop.wire.release_code import MOST_DAYS

Word = Callable[[str, str, Callable[[argparse.Namespace], None]], argparse.ArgumentParser]


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

    def word(name: str, what: str, act: Callable[[argparse.Namespace], None]) -> argparse.ArgumentParser:
        one = acts.add_parser(name, help=what, description=what)
        one.add_argument("--dir", type=Path, required=True, help="县服务器的文件夹")
        one.add_argument("--database-url", help="postgresql+psycopg://…；不写则用 init 时的数据库，或文件夹里的 SQLite")
        one.set_defaults(act=act)
        return one

    _declare_serving(word)
    _declare_devices(word)
    _declare_places(word)
    _declare_arriving(word)
    _declare_keeping(word)
    acts.add_parser("openapi", help="写出接口说明（OpenAPI 3.1）").set_defaults(act=serving.openapi)
    return parser


def _declare_serving(word: Word) -> None:
    init = word("init", "建立县服务器", keeping.init)
    init.add_argument("--county-code", required=True, help="6位区划代码")
    init.add_argument("--county-name", required=True)
    _hosts(init)
    run = word("serve", "开始服务", serving.serve)
    run.add_argument("--host", default="127.0.0.1", help="监听的地址；0.0.0.0 为本机所有地址")
    run.add_argument("--port", type=int, default=8443, help="0 为任一空闲端口")
    run.add_argument("--workers", type=int, default=1, help="工作进程数，不超过处理器核数为宜")
    run.add_argument("--no-tls", action="store_true", help="不加密，只许在本机回环地址上用")
    run.add_argument("--quiet", action="store_true", help="不逐次记录请求")
    run.add_argument("--behind-proxy", action="store_true", help="前面有本机的反向代理：按它写的 X-Forwarded-For 认对方的地址，来自别处的不认")
    usual = Measure()
    run.add_argument("--device-rate", type=int, default=usual.device, help=f"一台设备每秒最多几次请求，每个工作进程各算；0 为不限（{usual.device}）")
    run.add_argument("--address-rate", type=int, default=usual.address, help=f"没有登录的一个地址每秒最多几次，同上（{usual.address}）")


def _declare_devices(word: Word) -> None:
    enroll = word("enroll", "发一个一次性注册码", devices.enroll)
    enroll.add_argument("--scope", required=True, help="6位县、9位司法所或12位村的代码")
    enroll.add_argument("--hours", type=float, default=72.0, help="注册码有效小时数")
    listing = word("list", "列出设备", devices.list_devices)
    listing.add_argument("--json", action="store_true")
    revoke = word("revoke", "停用一台设备", devices.revoke)
    revoke.add_argument("device", help="设备编号，见 list")
    closing = word("close-blocks", "作废一台不再回来的设备领去的号段，余号在台账里记为空号", devices.close_blocks)
    closing.add_argument("device", help="已停用的设备编号，见 list")
    closing.add_argument("--because", default="", help="原因，记入台账，例如“电脑损坏”")
    releasing = word("release", "给因太久没有联系而锁定的电脑开一个解锁码", devices.release)
    releasing.add_argument("device", help="那台电脑显示的设备编号")
    releasing.add_argument("challenge", help="那台电脑显示的挑战码")
    releasing.add_argument("--days", type=int, default=0, help=f"准许多少天不联系，最多{MOST_DAYS}天；不写则按县里规定的天数")


def _declare_places(word: Word) -> None:
    moving = word("move-village", "把一个村（社区）连同它的全部记录移交给另一个司法所", places.move_village)
    moving.add_argument("old", help="原来的12位代码")
    moving.add_argument("new", help="新的12位代码，前9位是新的司法所")
    scoping = word("rescope", "改变一台设备的管辖范围；不再归它管的内容在下次联系后封存", places.rescope)
    scoping.add_argument("device", help="设备编号，见 list")
    scoping.add_argument("scope", help="6位县、9位司法所或12位村的代码")
    sealed = word("open-sealed", "打开设备封存的内容（村移交、范围改变以后从设备上取来的文件）", places.open_sealed)
    sealed.add_argument("file", type=Path, nargs="+", help="设备数据文件夹 sealed 里的文件")
    sealed.add_argument("--out", type=Path, required=True, help="内容存到哪个文件夹")


def _declare_arriving(word: Word) -> None:
    finding = word("find", "查一条记录：报回执号或者记录的编号，看县里什么时候从哪台电脑收到、有没有分歧", arriving.find)
    finding.add_argument("number", help="回执号（像 330424103-1207）、退回号，或者记录、更改的编号")
    finding.add_argument("--json", action="store_true")
    bundle = word("bundle", "导入司法所用U盘带来的文件，做出回执文件", arriving.bundle)
    bundle.add_argument("file", type=Path, help="司法所导出的 .jusuo 文件")
    bundle.add_argument("--out", type=Path, help="回执存成哪个文件；不写则放在原文件旁边")


def _declare_keeping(word: Word) -> None:
    backup = word("backup", "备份数据库，服务时也可以；SQLite 的写好后打开核对一遍，PostgreSQL 的由 pg_dump 写", keeping.backup)
    backup.add_argument("--to", type=Path, required=True, help="备份存成哪个文件，应在另一块盘或另一台机器上")
    word("check", "把数据库从头到尾核对一遍：顺序有没有缺、校验值对不对；备份取回以后用", keeping.check)
    restored = word("restored", "数据库从备份恢复以后说一声：各所电脑会补送恢复后缺少的内容，编号跳过一段", keeping.restored)
    restored.add_argument("--skip", type=int, default=SKIPPED, help="每类编号跳过的个数，应多于两次备份之间领取的")
    word("status-code", "换一个状态页的登录码（浏览器打开 https://服务器:端口/status）；以前的登录码和登录随即失效", keeping.status_code)
    certificate = word("certificate", "换发服务器证书（每两年一次，或者服务器改名时）", keeping.certificate)
    certificate.add_argument("--root-key", type=Path, required=True, help="init 时生成、另行保管的 root-key.pem")
    _hosts(certificate)


def _hosts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", nargs="+", action="extend", default=[], help="证书写给哪些名字或地址，本机自身总在其中")


if __name__ == "__main__":
    raise SystemExit(main())
