"""One thing that waits, and how long it is until then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from jusuo_desktop.actions.session import Session
from jusuo_desktop.store.listing import ListQuery, ListRow


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to do: the record, its title, the day it is due ('' for none), and what is said in one line. Without a record it is
    about the whole part of the rail that is named like the kind.
    """

    kind: str
    record_id: str
    title: str
    due_on: str
    said: str


def rows(session: Session, query: ListQuery, limit: int) -> list[ListRow]:
    """The first records of a list."""
    return session.store.rows(session.store.keys(query, limit))


def span(session: Session, before: int, after: int) -> tuple[str, str]:
    """From so many days ago to so many days ahead."""
    today = session.today()
    return (today - timedelta(days=before)).isoformat(), (today + timedelta(days=after)).isoformat()


def days_left(session: Session, due_on: str, what: str) -> str:
    """“调解期限还有 3 天到期”."""
    left = (date.fromisoformat(due_on[:10]) - session.today()).days
    if left < 0:
        return f"{what}已超过 {-left} 天"
    return f"{what}今天到期" if left == 0 else f"{what}还有 {left} 天到期"
