"""Local time: when a reader's digest is due, and when they are not to be disturbed. Pure.

Instants are aware and in UTC; what a reader chose is a wall clock's time in their zone. Where
clocks are changed, an hour that does not exist that day means the moment of the change, and one
that comes twice means the first of the two.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from bot.store.chats import Chat

EVERY_DAY = 0b1111111
"""All weekdays, a bit each, Monday the lowest."""

DEFAULT_ZONE = "Asia/Riyadh"
"""Of readers who never told theirs: within an hour of it live most who read Arabic news."""

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


def zone_of(name: str | None, default: str = DEFAULT_ZONE) -> ZoneInfo:
    """The time zone of that IANA name; `default` where there is none or it is known no longer."""
    try:
        return ZoneInfo(name or default)
    except (ZoneInfoNotFoundError, ValueError):  # ValueError: no zone could have that name
        return ZoneInfo(default)


def local(now: datetime, zone: ZoneInfo) -> datetime:
    """`now` on a clock of `zone`."""
    return now.astimezone(zone)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant at which a clock of `zone` first shows `at`, or passes over it, on `day`.

    It can fall on the day after, where the clocks are put forward over midnight (Nuuk).
    """
    wall = datetime.combine(day, at)
    while True:
        found = wall.replace(tzinfo=zone).astimezone(UTC)
        if found.astimezone(zone).replace(tzinfo=None) == wall:
            return found
        wall += _MINUTE  # all changes are of whole minutes


def asked_for(days: int, day: date) -> bool:
    """Whether `days`, a bit a weekday with Monday the lowest, holds that of `day`."""
    return bool(days >> day.weekday() & 1)


def next_day(days: int, after: date) -> date:
    """The first day after `after` that `days` holds; there must be one."""
    assert days & EVERY_DAY, "no weekday is asked for"
    day = after + _DAY
    while not asked_for(days, day):
        day += _DAY
    return day


def quiet(chat: Chat, now: datetime, default: str = DEFAULT_ZONE) -> bool:
    """Whether it is one of the quiet hours of `chat`: from the first time up to the second.

    They may go over midnight; two equal times are none. `default` is the operator's zone, for a
    reader who told none.
    """
    if chat.quiet_from is None or chat.quiet_until is None:
        return False
    start, end = time.fromisoformat(chat.quiet_from), time.fromisoformat(chat.quiet_until)
    at = local(now, zone_of(chat.zone, default)).time()
    return start <= at < end if start <= end else at >= start or at < end
