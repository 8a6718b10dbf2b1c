"""`move-village`, `rescope`, `open-sealed`: villages and devices that change their place, and what a device sealed because of it."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from county_server import devices, moving, sealed
from county_server.words.opening import Wrong, is_ours, no_such_device, opened
from jusuo_desktop.wire.bundle import MOST_BUNDLE, BadBundle


def move_village(args: argparse.Namespace) -> None:
    """Gives a village with all its records to another office."""
    with opened(args) as county, county.database.writing() as connection:
        try:
            count = moving.move_village(connection, county.code, args.old, args.new, county.now())
        except moving.NotMoved as said:
            raise Wrong(f"没有移交：{said}") from None
    sys.stdout.write(f"已移交 {count} 条记录。各台设备下次同步时知道：原来的司法所封存自己的副本，新的司法所收到全部内容。\n")


def rescope(args: argparse.Namespace) -> None:
    """Gives a device another place."""
    with opened(args) as county:
        if not is_ours(county, args.scope):
            raise Wrong(f"新的范围应是本县（{county.code}）6位、9位或12位的区划代码。")
        with county.database.writing() as connection:
            if not devices.rescope(connection, args.device, args.scope):
                raise no_such_device(args.device)
    sys.stdout.write("已改变，设备下次同步时知道。\n")


def open_sealed(args: argparse.Namespace) -> None:
    """Opens what a device sealed, into a folder."""
    parts = []
    for path in args.file:
        with path.open("rb") as file:
            parts.append((path.name, file.read(MOST_BUNDLE + 1)))
    with opened(args) as county:
        try:
            found = sealed.open_sealed(county, parts, args.out)
        except BadBundle as bad:
            raise Wrong(f"不能打开：{bad}。") from None
    sys.stdout.write(f"{found.device_id} 于 {datetime.fromtimestamp(found.sealed_at / 1000):%Y-%m-%d %H:%M} 封存，范围 {found.scope}：")
    sys.stdout.write(f"{found.rows} 行，{found.contents} 份附件和打印件，存到 {args.out}。\n")
