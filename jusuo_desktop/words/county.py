"""`enroll URL CODE` and `sync`."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.words.answer import Answer
from jusuo_desktop.words.opening import opened


def join(args: argparse.Namespace) -> Answer:
    """Enrols this store at the county server."""
    with opened(args) as session:
        enrolment = enroll(session, args.url, args.code, args.device_name)
    said = f"已在县服务器注册，范围 {enrolment.scope}，设备 {enrolment.device_id}。运行 sync 开始同步。"
    return Answer(said, {"device": enrolment.device_id, "scope": enrolment.scope, "url": enrolment.url})


def sync(args: argparse.Namespace) -> Answer:
    """Sends what waits and takes in what is new."""
    with opened(args) as session:
        report = sync_now(session)
        unsent = session.store.unsent_count()
    return Answer("\n".join([report.line, *report.refusals]), {**asdict(report), "unsent": unsent})
