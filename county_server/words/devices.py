"""`enroll`, `list`, `revoke`, `close-blocks`, `release`: a device from its first code to the numbers that it left behind."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from typing import Final

from sqlalchemy import select

from county_server import devices
from county_server.failing import Refusal
from county_server.number_returns import close_blocks as close_blocks_of
from county_server.schema import DEVICE
from county_server.words.opening import Wrong, is_ours, no_such_device, opened
from jusuo_desktop.wire.enroll_code import fingerprint
from jusuo_desktop.wire.limits import MOST_REASON
from jusuo_desktop.wire.release_code import MOST_DAYS

HOUR: Final = 3_600_000


def enroll(args: argparse.Namespace) -> None:
    """A code with which one device enrols once."""
    with opened(args) as county:
        if not is_ours(county, args.scope):
            raise Wrong(f"--scope 应是本县（{county.code}）6位、9位或12位的区划代码。")
        if not 0 < args.hours <= 24 * 366:
            raise Wrong("--hours 应大于0，最长一年。")
        ours = fingerprint(county.public_key, county.root_certificate)
        with county.database.writing() as connection:
            code = devices.new_code(connection, args.scope, ours, county.now() + int(args.hours * HOUR))
    sys.stdout.write(f"{code}\n")


def list_devices(args: argparse.Namespace) -> None:
    """Every device, the shut out ones too."""
    with opened(args) as county, county.database.reading() as connection:
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


def revoke(args: argparse.Namespace) -> None:
    """Shuts a device out."""
    with opened(args) as county, county.database.writing() as connection:
        if not devices.revoke(connection, args.device, county.now()):
            raise no_such_device(args.device)
    sys.stdout.write("已停用。\n")


def close_blocks(args: argparse.Namespace) -> None:
    """Closes the numbers that a device which was shut out still held."""
    because = " ".join(args.because.split()) or "设备停用"
    if len(because) > MOST_REASON or not because.isprintable():
        raise Wrong(f"--because 最多{MOST_REASON}个字。")
    with opened(args) as county, county.database.writing() as connection:
        row = connection.execute(select(DEVICE.c.revoked_at).where(DEVICE.c.id == args.device)).first()
        if row is None:
            raise no_such_device(args.device)
        if row.revoked_at is None:
            raise Wrong("这台设备还在用，它手里的号还可能编到纸上。确实不再回来的，请先用 county-server revoke 停用它。")
        count = close_blocks_of(connection, args.device, county.now(), because)
    sys.stdout.write(f"已作废{count}个号段，各所电脑下次同步后在文号台账里可见。\n" if count else "这台设备没有未作废的号段。\n")


def release(args: argparse.Namespace) -> None:
    """The code that opens a machine which had no contact for too long."""
    if not 0 <= args.days <= MOST_DAYS:
        raise Wrong(f"--days 应为1至{MOST_DAYS}。")
    with opened(args) as county:
        try:
            done = county.release_code("".join(args.device.split()).upper(), args.challenge, args.days)
        except Refusal as refused:
            raise Wrong(refused.message) from None
    sys.stdout.write(f"{done.device_name}（{args.device}）的解锁码：{done.code}，准许{done.days}天不联系，只能用一次。\n")
