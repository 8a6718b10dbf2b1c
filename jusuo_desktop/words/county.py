"""`enroll URL CODE`, `sync`, `bundle-export DIR`, `bundle-import FILE` and `release [CODE]`: what a locked machine may still do."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from jusuo_desktop.actions.contact_lock import lock_state, release, warning
from jusuo_desktop.actions.courier import export_bundle, handover_receipt, import_bundle
from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.store.keys import write_whole
from jusuo_desktop.words.answer import Answer
from jusuo_desktop.words.opening import opened


def join(args: argparse.Namespace) -> Answer:
    """Enrols this store at the county server."""
    with opened(args, even_locked=True) as session:
        enrolment = enroll(session, args.url, args.code, args.device_name)
    said = f"已在县服务器注册，范围 {enrolment.scope}，设备 {enrolment.device_id}。运行 sync 开始同步。"
    return Answer(said, {"device": enrolment.device_id, "scope": enrolment.scope, "url": enrolment.url})


def sync(args: argparse.Namespace) -> Answer:
    """Sends what waits and takes in what is new."""
    with opened(args, even_locked=True) as session:
        report = sync_now(session)
        unsent = session.store.unsent_count()
    return Answer("\n".join([report.line, *report.refusals]), {**asdict(report), "unsent": unsent})


def bundle_export(args: argparse.Namespace) -> Answer:
    """Writes what waits into a sealed file to be carried to the county, with its receipt if asked."""
    with opened(args, even_locked=True) as session:
        handover = export_bundle(session, Path(args.folder))
        if args.receipt:
            write_whole(Path(args.receipt), handover_receipt(session, handover))
    return Answer(f"{handover.line}\n文件：{Path(args.folder) / handover.file}", {**asdict(handover), "changes": handover.changes})


def bundle_import(args: argparse.Namespace) -> Answer:
    """Takes in the county's answer."""
    with opened(args, even_locked=True) as session:
        report = import_bundle(session, Path(args.file))
        unsent = session.store.unsent_count()
    return Answer("\n".join([report.line, *report.refusals]), {**asdict(report), "unsent": unsent})


def release_lock(args: argparse.Namespace) -> Answer:
    """Opens a machine that was locked for want of contact; without a code, says what to read out on the telephone."""
    with opened(args, even_locked=True) as session:
        if args.code:
            days = release(session, args.code)
            return Answer(f"已解锁，{days}天内请与县服务器联系一次。", {"days": days})
        state = lock_state(session)
        device, challenge = session.store.device_id, session.store.challenge() if state.locked else ""
    said = f"已锁定。设备编号 {device}，挑战码 {challenge}。" if state.locked else warning(state) or "没有锁定。"
    return Answer(said, {"locked": state.locked, "device": device, "challenge": challenge, "days": state.days, "limit": state.limit})
