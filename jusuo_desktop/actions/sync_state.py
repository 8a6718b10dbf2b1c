"""How this machine stands with the county, as the sync page shows it: last contact, what waits and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jusuo_desktop.actions.last_contact import CLOCK_OFFSET, LAST_CONTACT, LAST_OUTCOME
from jusuo_desktop.actions.number_blocks import series_of
from jusuo_desktop.actions.queue_reading import Group, groups
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.keys import shut_out_since
from jusuo_desktop.store.sealing import SealedAway

CLOCK_TOLERATED: Final = 5 * 60_000
"""Milliseconds: less is nobody's business, for no decision depends on a clock."""
MOST_SERIES: Final = 200


@dataclass(frozen=True, slots=True)
class NumbersLeft:
    """How many numbers are left for one kind of record this year, and where the fewest are."""

    label: str
    left: int
    least: int
    owner: str


@dataclass(frozen=True, slots=True)
class SyncState:
    """Everything that the sync page shows at once; `counts` are changes by state, `groups` what waits, read line by line as it comes into
    sight (actions.queue_reading).
    """

    enrolled: bool
    url: str
    device_id: str
    scope: str
    last_contact: str
    last_outcome: str
    counts: dict[str, int]
    groups: list[Group]
    clock_offset: int = 0
    numbers: Sequence[NumbersLeft] = ()
    shut_out: bool = False
    """The county shut this device out: it has to join anew."""
    sealed: Sequence[str] = ()
    """What was sealed because it no longer belongs on this device, newest first, a line each."""

    @property
    def unsent(self) -> int:
        """Changes that the county does not have yet."""
        return sum(self.counts.get(state, 0) for state in ("waiting", "held", "refused"))


def _sealed_lines(one: SealedAway) -> list[str]:
    said = f"{datetime.fromtimestamp(one.at / 1000):%Y-%m-%d %H:%M}　{one.line}封存文件在数据文件夹的 sealed 里。"
    return [said, *(f"　　没有送到县里：{lost}" for lost in one.unsent)]


def sync_state(session: Session) -> SyncState:
    """Reads it; what waits for a person comes first."""
    store = session.store
    enrolment = store.enrolment
    return SyncState(
        enrolment is not None,
        enrolment.url if enrolment else "",
        enrolment.device_id if enrolment else "",
        store.scope,
        str(store.get(LAST_CONTACT, "")),
        str(store.get(LAST_OUTCOME, "")),
        store.outbox_counts(),
        groups(session),
        int(store.get(CLOCK_OFFSET, 0)),
        numbers_left(session) if enrolment else (),
        shut_out_since(store.folder) is not None,
        [line for one in reversed(store.sealed_away()) for line in _sealed_lines(one)],
    )


def numbers_left(session: Session) -> list[NumbersLeft]:
    """The numbers that this machine may still give out this year, by kind of record."""
    found: dict[str, list[tuple[int, str]]] = {}
    for series in series_of(session)[:MOST_SERIES]:
        owner, year, kind = series.split("/", 2)
        if int(year) == session.today().year:
            found.setdefault(kind, []).append((session.store.numbers_left(series), owner))
    told = []
    for kind, left in found.items():
        least, owner = min(left)
        told.append(NumbersLeft(KINDS[kind].label, sum(n for n, _ in left), least, session.store.name_of(owner) if len(left) > 1 else ""))
    return told


def clock_line(offset: int) -> str:
    """What is wrong with this machine's clock; '' where nothing is."""
    if abs(offset) < CLOCK_TOLERATED:
        return ""
    minutes = abs(offset) // 60_000
    days, hours = minutes // 1440, minutes % 1440 // 60
    said = f"{days} 天" if days else ""
    said += f"{' ' if said else ''}{hours} 小时" if hours and days < 10 else ""
    said = said or f"{minutes} 分钟"
    return f"本机时钟比县里{'快' if offset > 0 else '慢'} {said}，请校正电脑的日期和时间。上报不受影响，县里按自己的时间记。"
