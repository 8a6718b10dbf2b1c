"""An error of ours: noted in a report without any personal data, told calmly, and the program goes on."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType


class CrashHooks:
    """Every error that nobody caught comes here: its report goes into `folder`, one sentence to `tell`. `remove` gives the hooks back."""

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self._folder, self._tell = folder, tell
        self._before = sys.excepthook, threading.excepthook
        self._telling = False

    def install(self) -> None:
        """Takes the hooks of the interpreter and of its threads."""
        sys.excepthook = self._hook
        threading.excepthook = lambda args: self._hook(args.exc_type, args.exc_value, args.exc_traceback)

    def remove(self) -> None:
        """Gives the hooks back."""
        sys.excepthook, threading.excepthook = self._before

    def note(self, error: BaseException) -> None:
        """Writes the report of an error and tells of it."""
        from jusuo_desktop.actions.crash_report import crash_report

        if sys.flags.dev_mode and sys.__stderr__ is not None:
            traceback.print_exception(error, file=sys.__stderr__)
        path = crash_report(error, self._folder)
        where = f"错误报告在 {path}（不含个人信息），请转交维护人员。" if path else "磁盘写不了错误报告，请检查磁盘空间。"
        said = "程序出了一个错，刚才的操作可能没有完成。已保存的内容都在，正在填写的内容已留作草稿，可以继续使用。"
        if not self._telling:  # an error while telling of one would go round for ever
            self._telling = True
            try:
                self._tell(said + where)
            finally:
                self._telling = False

    def _hook(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            self._before[0](kind, error, trace)
        elif error is not None:
            self.note(error)
