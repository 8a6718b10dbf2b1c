"""When a computer has been without contact for too long: pure, of times in milliseconds.

Time runs forward only: `seen` is the latest moment that the machine's clock has ever shown. So a clock that is turned back opens nothing,
and one that once stood in another century locks the machine until it has had contact, or a release code: both begin anew from the
clock as it stands then. No clock decides what is recorded; this one decides when to ask a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jusuo_desktop.records.county_parameter import DAY, HOUR, MONTH, WORKING_DAY, Parameter

DAY_MS: Final = 86_400_000
VILLAGE: Final = 12
"""Digits of a village's division code."""
MOST_WARNED: Final = 7
"""The warning comes so many days before, or when a third of the time is left if that is later."""


def parameter_of(scope: str) -> str:
    """The county's parameter for the computers of a scope (code list county_parameter)."""
    return "contact_village" if len(scope) == VILLAGE else "contact_office"


def days_of(parameter: Parameter) -> int:
    """A parameter in days: a month is thirty, five working days are a week, a part of a day is one."""
    hours = {MONTH: 30 * 24, DAY: 24, WORKING_DAY: 24 * 7 / 5, HOUR: 1}[parameter.unit] * parameter.value
    return -int(-hours // 24)


@dataclass(frozen=True, slots=True)
class Contact:
    """What is kept of the last contact: the machine's clock then, the latest it has shown, and the days that a release code granted since."""

    at: int
    seen: int
    released_days: int = 0


@dataclass(frozen=True, slots=True)
class ContactState:
    """How the machine stands: `limit` days without contact are allowed (0: any number), `days` have passed."""

    limit: int
    days: int

    @property
    def locked(self) -> bool:
        """Whether it waits for contact or for a release code."""
        return 0 < self.limit <= self.days

    @property
    def left(self) -> int:
        """Days until it locks."""
        return max(self.limit - self.days, 0)

    @property
    def warned(self) -> bool:
        """Whether people are to be told."""
        return self.limit > 0 and not self.locked and self.left <= max(1, min(MOST_WARNED, self.limit // 3))


def contact_state(contact: Contact, now: int, county_days: int) -> ContactState:
    """How a machine stands. `county_days` is the county's number, 0 for none; a release code stands in its place until the next contact."""
    limit = (contact.released_days or county_days) if county_days else 0
    return ContactState(limit, max(max(contact.seen, now) - contact.at, 0) // DAY_MS)
