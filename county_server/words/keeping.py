"""`init`, `certificate`, `status-code`, `backup`, `check`, `restored`: making the county's server, its keys, and keeping what it holds."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from datetime import datetime
from typing import Final

from county_server import checking, notes
from county_server.backing_up import NotDumped, back_up, dump
from county_server.checking import Checked
from county_server.database import DATABASE_FILE
from county_server.founding import certify_again, found, url_of
from county_server.restoring import go_on
from county_server.status.sign_in import new_code
from county_server.words.opening import Wrong, opened
from jusuo_desktop.wire.limits import MOST_NUMBER
from jusuo_desktop.wire.scope import COUNTY, is_scope

TIMES_RESTORED: Final = "times-restored"
"""File of the county folder, outside the database and its backups: how often it was restored."""


def init(args: argparse.Namespace) -> None:
    """Makes the county's server."""
    if len(args.county_code) != COUNTY or not is_scope(args.county_code):
        raise Wrong("--county-code 应为6位数字的区划代码。")
    found(args.dir, args.county_code, args.county_name, args.host, args.database_url)
    sys.stdout.write(f"县服务器已建立：{args.dir}\n请把其中的 root-key.pem 移到安全的地方保管，换发证书时再用。\n")


def certificate(args: argparse.Namespace) -> None:
    """A new certificate of the server, by the county's own root."""
    with opened(args) as county:
        root = county.root_certificate
    try:
        certify_again(args.dir, args.root_key, root, args.host)
    except ValueError as error:
        raise Wrong(f"{args.root_key} 不是本县根证书的私钥。") from error
    sys.stdout.write("证书已换发，重新启动服务后生效。\n")


def status_code(args: argparse.Namespace) -> None:
    """The code of the status page; earlier ones end with it."""
    with opened(args) as county, county.database.writing() as connection:
        code = new_code(connection, county.now())
    sys.stdout.write(f"{code}\n")


def backup(args: argparse.Namespace) -> None:
    """A backup beside the running server."""
    url = url_of(args.dir, args.database_url)
    if args.to.is_dir():
        raise Wrong(f"{args.to} 是文件夹，--to 请写文件名。")
    with opened(args) as county:
        try:
            if county.database.embedded:
                told = _counted(back_up(args.dir / DATABASE_FILE, args.to))
            else:
                dump(url, args.to)
                told = "取回后请用 county-server check 核对。"
        except (sqlite3.Error, NotDumped) as trouble:
            raise Wrong(f"备份没有写成（{trouble}），请检查 {args.to.parent} 的空间和权限；原有的备份没有改动。") from None
        with county.database.writing() as connection:
            notes.put(connection, notes.BACKUP, str(args.to), county.now())
    sys.stdout.write(f"已备份到 {args.to}：{told}\n里面有县里的密钥，请妥善保管。\n")


def check(args: argparse.Namespace) -> None:
    """Reads everything and says whether it fits together."""
    with opened(args) as county, county.database.reading() as connection:
        sys.stdout.write(f"核对无误：{_counted(checking.check(connection))}\n")


def _counted(checked: Checked) -> str:
    digest = checked.digest.hex()[:12]
    return f"更改{checked.changes}项，记录{checked.records}条，附件{checked.contents}份，校验码 {digest}。"


def restored(args: argparse.Namespace) -> None:
    """Says that the database came from a backup: series skip ahead, and devices send back what is lacking."""
    if not 0 < args.skip <= MOST_NUMBER:
        raise Wrong(f"--skip 应为1至{MOST_NUMBER}。")
    today = datetime.now()
    with opened(args) as county, county.database.writing() as connection:
        times = args.dir / TIMES_RESTORED
        count = 1 + (int(times.read_text(encoding="ascii")) if times.exists() else 0)
        times.write_text(str(count), encoding="ascii")
        go_on(connection, county.now(), today.year + (today.month == 12), args.skip * count)
    sys.stdout.write(f"已记为从备份恢复，各类编号跳过{args.skip * count}个。备份以后停用的设备、移交的村、改过的范围请再做一次。\n")
    sys.stdout.write("请重新启动服务；各所电脑下次同步时会重新核对，并补送县里缺少的内容。\n")
