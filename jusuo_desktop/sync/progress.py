"""What a running sync tells the window, and what it reports at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum


class Stage(Enum):
    """The part of a sync that is under way, as the clerk reads it."""

    STARTING = "正在连接县服务器"
    SENDING = "正在上报"
    RECEIVING = "正在接收"
    CHECKING = "正在核对"
    NUMBERS = "正在领取号段"
    CONTENTS = "正在传送附件"
    REPAIRING = "核对不一致，正在重新接收"
    WAITING = "线路不好，稍等再试"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a sync stands. `total` is 0 when nobody knows."""

    stage: Stage
    done: int = 0
    total: int = 0
    said: str = ""

    @property
    def line(self) -> str:
        """One line for the status bar."""
        counted = f" {self.done}/{self.total}" if self.total else f" {self.done}" if self.done else ""
        return f"{self.stage.value}{counted}" + (f"：{self.said}" if self.said else "…")


@dataclass(slots=True)
class SyncReport:
    """What a sync did. `digest_equal` is None when there was nothing to compare yet (changes still waiting)."""

    sent: int = 0
    received: int = 0
    conflicts: int = 0
    refused: int = 0
    held: int = 0
    refusals: list[str] = field(default_factory=list)
    digest_equal: bool | None = None
    repaired: bool = False
    digest: str = ""
    records: int = 0
    clock_offset_ms: int = 0
    sealed: str = ""
    """What was sealed because it does not belong on this device any more, in a sentence."""

    @property
    def line(self) -> str:
        """The report in one sentence."""
        parts = [f"上报 {self.sent} 项", f"接收 {self.received} 项"]
        if self.conflicts:
            parts.append(f"冲突 {self.conflicts} 处待处理")
        if self.refused:
            parts.append(f"被退回 {self.refused} 项")
        if self.held:
            parts.append(f"暂缓 {self.held} 项")
        end = {True: "与县服务器核对一致", False: "与县服务器核对不一致，请告诉县局管理员", None: ""}[self.digest_equal]
        return "，".join(parts) + (f"；{end}。" if end else "。") + self.sealed


class Reins:
    """How the window holds a running sync: it hears of progress and may stop it between two batches."""

    def __init__(self, tell: Callable[[Progress], None] = lambda _: None, stopped: threading.Event | None = None) -> None:
        self.tell = tell
        self.stopped = stopped or threading.Event()
