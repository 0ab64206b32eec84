"""When a reader's digests are due: one for each local date they asked for. Pure.

The truth is a date, not an instant: `done`, the last local date that had its digest or was passed
over. The next one is for the first day asked for after it, whatever became of clocks and zones
since. So a reader who moves has no date twice, a date that a new zone has already behind it comes
late or is passed over like one that a server slept through, and new rules of daylight saving take
effect as soon as they are installed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.clock import instant, local, next_day, zone_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.store.chats import Chat

LATE = timedelta(hours=6)
"""How long after its hour a digest is still sent: a morning's by noon, an evening's by night."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A reader's hour, their weekdays (a bit each, Monday the lowest), and their zone."""

    at: time
    days: int
    zone: ZoneInfo

    @classmethod
    def of(cls, chat: Chat, default: str) -> Schedule | None:
        """The schedule of `chat`; None where it wants no digest. `default`: see `clock.zone_of`."""
        if chat.digest_at is None or not chat.digest_days:
            return None
        zone = zone_of(chat.zone, default)
        return cls(time.fromisoformat(chat.digest_at), chat.digest_days, zone)

    def after(self, done: date) -> tuple[date, datetime]:
        """The first day asked for after `done`, and the instant its digest is due."""
        day = next_day(self.days, done)
        return day, instant(day, self.at, self.zone)

    def behind(self, now: datetime) -> date:
        """The last local date whose hour has come by `now`, asked for or not."""
        day = local(now, self.zone).date()
        while instant(day, self.at, self.zone) > now:
            day -= _DAY
        return day

    def owed(self, done: date, now: datetime) -> tuple[date, date | None]:
        """The date up to which all is done or too late, and the one owed now after it, if any."""
        while True:
            day, due = self.after(done)
            if due > now:
                return done, None
            if now - due <= LATE:
                return done, day
            done = day
