"""The parts of the rail and the pages of the window. A page's module is loaded when it is first shown, so that starting is quick."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from jusuo_desktop.records.field import Value
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.page import Page

PARTS: Final = (
    ("today", "今日"),
    ("mediation", "人民调解"),
    ("consultation", "法律咨询"),
    ("adviser_visit", "村居法律顾问"),
    ("dispute_screening", "排查预警"),
    ("statistics", "统计"),
    ("sync", "同步"),
    ("settings", "设置"),
)
LISTS: Final = ("mediation", "consultation", "adviser_visit")
"""Kinds whose list is a part of the rail; lists of other kinds are laid over."""


def _today(desk: Desk) -> Page:
    from jusuo_desktop.ui.today_page import TodayPage

    return TodayPage(desk)


def _screening(desk: Desk) -> Page:
    from jusuo_desktop.ui.screening_page import ScreeningPage

    return ScreeningPage(desk)


def _statistics(desk: Desk) -> Page:
    from jusuo_desktop.ui.statistics_page import StatisticsPage

    return StatisticsPage(desk)


def _sync(desk: Desk) -> Page:
    from jusuo_desktop.ui.sync_page import SyncPage

    return SyncPage(desk)


def _settings(desk: Desk) -> Page:
    from jusuo_desktop.ui.settings_page import SettingsPage

    return SettingsPage(desk)


def list_page(desk: Desk, kind: str) -> Page:
    """The list of a kind."""
    from jusuo_desktop.ui.list_page import ListPage

    return ListPage(desk, kind)


def entry_page(desk: Desk, kind: str, record_id: str = "", values: Mapping[str, Value] | None = None, parent_id: str = "") -> Page:
    """The page on which a record is written."""
    from jusuo_desktop.ui.entry_page import EntryPage

    return EntryPage(desk, kind, record_id=record_id, values=values, parent_id=parent_id)


def preview_page(desk: Desk, form: str, record_id: str) -> Page:
    """The print preview of a form."""
    from jusuo_desktop.ui.preview_page import PreviewPage

    return PreviewPage(desk, form, record_id)


def import_page(desk: Desk) -> Page:
    """The import of a ledger."""
    from jusuo_desktop.ui.import_page import ImportPage

    return ImportPage(desk)


def number_ledger_page(desk: Desk) -> Page:
    """The ledger of numbers."""
    from jusuo_desktop.ui.number_ledger_page import NumberLedgerPage

    return NumberLedgerPage(desk)


def subsidy_page(desk: Desk) -> Page:
    """The per-case subsidies of a quarter."""
    from jusuo_desktop.ui.subsidy_page import SubsidyPage

    return SubsidyPage(desk)


def forms_page(desk: Desk) -> Page:
    """The forms that are printed, and the county's own."""
    from jusuo_desktop.ui.forms_page import FormsPage

    return FormsPage(desk)


def makers(desk: Desk) -> dict[str, Callable[[], Page]]:
    """How the ground page of each part is made."""
    own: dict[str, Callable[[Desk], Page]] = {
        "today": _today,
        "dispute_screening": _screening,
        "statistics": _statistics,
        "sync": _sync,
        "settings": _settings,
    }
    return {name: partial(own[name], desk) if name in own else partial(list_page, desk, name) for name, _ in PARTS}
