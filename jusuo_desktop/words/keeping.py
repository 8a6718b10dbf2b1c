"""`init`, `sample`, `verify`, `backup`, `restore`: making a store, proving it whole, and keeping it safe."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from jusuo_desktop.records.identity import place_id
from jusuo_desktop.store.keys import write_whole
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.words.answer import REFUSED, Answer
from jusuo_desktop.words.opening import PASSPHRASE, asked_twice, folder_of, opened

ASKED = {"office": "司法所名称：", "office_code": "司法所区划代码（9位）：", "county": "所属县（市、区）：", "user_name": "您的姓名："}


def init(args: argparse.Namespace) -> Answer:
    """Makes the store of an office; what the words do not say is asked for at the terminal."""
    from jusuo_desktop.actions.set_up import set_up
    from jusuo_desktop.store.opening import FirstRun

    said = {name: _told(args, name) for name in ASKED}
    office = {"name": said["office"], "division_code": said["office_code"], "county_name": said["county"]}
    if args.short_name:
        office["short_name"] = args.short_name
    villages = [{"division_code": code, "name": name} for code, name in args.village]
    first = FirstRun(
        office=office,
        user_name=said["user_name"],
        passphrase=asked_twice(),
        villages=villages,
        committees=[_committee(name, villages) for name in args.committee],
        role=args.role,
    )
    folder = folder_of(args)
    session, recovery_key = set_up(folder, first)
    today = session.today()
    session.store.close()
    if args.recovery_sheet:
        from jusuo_desktop.actions.recovery_sheet import recovery_sheet

        write_whole(Path(args.recovery_sheet), recovery_sheet(office["name"], said["user_name"], recovery_key, today))
    text = (
        f"已为{office['name']}建立数据：{folder}\n恢复密钥（只显示这一次，请抄下或打印后封存）：{recovery_key}\n"
        "忘记口令时只有它能打开数据；口令和恢复密钥都没有，数据就无法恢复。"
    )
    return Answer(text, {"store": str(folder), "user": said["user_name"], "recovery_key": recovery_key})


def _told(args: argparse.Namespace, name: str) -> str:
    said = getattr(args, name)
    if said is None and sys.stdin.isatty():
        try:
            said = input(ASKED[name])
        except EOFError:
            said = None
    if not said or not said.strip():
        raise Refused(f"缺少{ASKED[name].removesuffix('：')}：请用 --{name.replace('_', '-')} 写明。")
    return str(said).strip()


def _committee(name: str, villages: list[dict[str, str]]) -> dict[str, Any]:
    """A committee whose name begins with a village's belongs to that village."""
    village = next((v for v in sorted(villages, key=lambda v: -len(v["name"])) if name.startswith(v["name"])), None)
    if village is None:
        return {"name": name}
    return {
        "name": name,
        "village": place_id("village", village["division_code"]),
        "committee_type": "01" if village["name"].endswith("村") else "02",
    }


def verify(args: argparse.Namespace) -> Answer:
    """Every page of the file, its structure and the audit chain; status 1 when something is wrong."""
    from jusuo_desktop.actions.verify_store import verify as verify_store

    with opened(args) as session:
        found = verify_store(session)
    data = {"whole": not found, "found": found}
    return Answer("\n".join(found) or "数据完整：数据文件和操作记录都没有被改动或损坏。", data, REFUSED if found else 0)


def sample(args: argparse.Namespace) -> Answer:
    """Makes the invented office; its pass phrase is no secret and is told."""
    from jusuo_desktop.actions.sample_office import SAMPLE_PASSPHRASE, make_sample_office

    folder = folder_of(args)
    secret = os.environ.get(PASSPHRASE, SAMPLE_PASSPHRASE)
    session = make_sample_office(folder, secret, mediations=args.mediations)
    name = session.store.user.name
    session.store.close()
    told = "口令取自环境变量" if PASSPHRASE in os.environ else f"口令：{secret}"
    return Answer(f"示例司法所已建立：{folder}。用户：{name}；{told}。", {"store": str(folder), "user": name})


def backup(args: argparse.Namespace) -> Answer:
    """A verified backup, in the store's own backup folder or where `--to` says."""
    from jusuo_desktop.actions.back_up import back_up

    with opened(args) as session:
        path = back_up(session, Path(args.to) if args.to else None)
    return Answer(f"已备份到 {path}，并核对可以打开。", {"backup": str(path)})


def restore(args: argparse.Namespace) -> Answer:
    """Puts a backup in the place of the store; without one, lists what there is."""
    from jusuo_desktop.actions import back_up

    folder = folder_of(args)
    if not args.backup:
        known = back_up.backups(folder)
        lines = [f"{one.made:%Y-%m-%d %H:%M}  {one.folder}" for one in known]
        return Answer("\n".join(lines) or f"{folder} 还没有备份。", [{"made": one.made.isoformat(), "backup": str(one.folder)} for one in known])
    aside = back_up.restore(folder, Path(args.backup))
    kept = f"原来的数据没有删除，放在 {aside}。" if aside else ""
    return Answer(f"已从 {args.backup} 恢复到 {folder}。{kept}", {"store": str(folder), "aside": str(aside) if aside else None})


def out_folder(said: str) -> Path:
    """A folder to write into, made if it is not there.

    Raises:
        Refused: it cannot be made.
    """
    folder = Path(said)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as trouble:
        raise Refused(f"建不了文件夹 {folder}：{trouble.strerror}。请换一个可写的位置。") from None
    return folder
