"""When a feed or a page is read next, and what its failures mean. Pure.

Intervals follow how many items a day a feed has; failures double the wait, with chance in it so
that feeds that failed together do not come back together.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from index.dates import sort_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.store.feeds import Feed
    from index.store.pages import PageRow

SHORTEST: Final = timedelta(minutes=10)
LONGEST: Final = timedelta(hours=6)
"""How often a feed is read: twice in the time that one item takes to come, within these bounds."""

UNKNOWN: Final = timedelta(hours=1)
"""How often one is read whose items do not say when they came out."""

FIRST_WAIT: Final = timedelta(minutes=5)
LONGEST_WAIT: Final = timedelta(hours=12)
"""What the first failure costs, doubled by each, up to this."""

LONGEST_PROMISE: Final = timedelta(days=1)
"""The longest that a server's `Retry-After` is believed."""

DEAD: Final = timedelta(days=3)
"""A feed that fails this long is told to the operator, once."""

PAGE_TRIES: Final = 6
"""Times a page is tried, over some two and a half hours, before it is given up."""

PAGE_PAUSE: Final = timedelta(hours=1)
"""A page is read once in this time at most, however often its feed says that it changed."""

FORGET: Final = timedelta(days=90)
"""An item that its feed has not named this long is new if it is named again."""

MEMORY: Final = timedelta(days=3)
"""The time over which items a day are averaged."""


def stamp(moment: datetime) -> str:
    """Return a moment as it is stored: UTC, ISO, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def succeeded(
    feed: Feed,
    *,
    now: datetime,
    new: int,
    dates: Sequence[str | None],
    chance: float,
) -> Feed:
    """Return a feed that was read: `new` items since before, all its items' `dates`.

    `chance` is of 0..1.
    """
    rate = items_a_day(feed, now=now, new=new, dates=dates)
    wait = UNKNOWN if rate is None else _within(rate)
    return replace(
        feed,
        tried_at=stamp(now),
        succeeded_at=stamp(now),
        next_try=stamp(now + wait * (0.9 + 0.2 * chance)),
        items_a_day=rate,
        failures=0,
        failing_since=None,
        error=None,
        noticed_at=None,
    )


def failed(
    feed: Feed, error: str, *, now: datetime, chance: float, retry_after: timedelta | None = None
) -> Feed:
    """Return a feed that could not be read, with the time of its next try."""
    failures = feed.failures + 1
    return replace(
        feed,
        tried_at=stamp(now),
        next_try=stamp(now + backoff(failures, chance, retry_after)),
        failures=failures,
        failing_since=feed.failing_since or stamp(now),
        error=error,
    )


def gone(feed: Feed, error: str, *, now: datetime) -> Feed:
    """Return a feed that its server says is gone for good (410): it is tried no more."""
    since = feed.failing_since or stamp(now)
    return replace(
        feed,
        tried_at=stamp(now),
        next_try=None,
        failures=feed.failures + 1,
        failing_since=since,
        error=error,
        noticed_at=feed.noticed_at or stamp(now),
    )


def noticed(feed: Feed, *, now: datetime) -> Feed | None:
    """Return the feed marked as told, where it has been dead for long and was not told; or None."""
    if feed.failing_since is None or feed.noticed_at is not None:
        return None
    dead = now - datetime.fromisoformat(feed.failing_since) >= DEAD
    return replace(feed, noticed_at=stamp(now)) if dead else None


def page_failed(
    page: PageRow, error: str, *, now: datetime, chance: float, retry_after: timedelta | None = None
) -> PageRow:
    """Return a page that could not be read; after `PAGE_TRIES` it is tried no more."""
    failures = page.failures + 1
    after = None
    if failures < PAGE_TRIES:
        after = stamp(now + backoff(failures, chance, retry_after))
    return replace(page, failures=failures, error=error, next_try=after)


def backoff(failures: int, chance: float, retry_after: timedelta | None = None) -> timedelta:
    """Return the wait after so many failures in a row; never less than what the server asked."""
    doubled = FIRST_WAIT * float(2 ** min(failures - 1, 20))
    wait = min(doubled, LONGEST_WAIT) * (0.75 + 0.5 * chance)
    return max(wait, min(retry_after or timedelta(), LONGEST_PROMISE))


def retry_after(stated: str | None, now: datetime) -> timedelta | None:
    """Return the wait that a `Retry-After` header asks for: seconds, or a date."""
    stated = (stated or "").strip()
    if stated.isascii() and stated.isdigit():
        return min(timedelta(seconds=int(stated[:9])), LONGEST_PROMISE)
    try:
        until = parsedate_to_datetime(stated)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
    return min(max(until - now, timedelta()), LONGEST_PROMISE)


def items_a_day(
    feed: Feed, *, now: datetime, new: int, dates: Sequence[str | None]
) -> float | None:
    """Return how many items a day a feed has, None where nothing tells.

    At first by the dates of its items, then by how many came since it was read last: an average
    that forgets in the course of `MEMORY`.
    """
    if feed.succeeded_at is None:
        moments = sorted(key for date in dates if (key := sort_key(date)))
        if len(moments) < 2:
            return None
        span = datetime.fromisoformat(moments[-1]) - datetime.fromisoformat(moments[0])
        return (len(moments) - 1) / max(span / timedelta(days=1), 1 / 24)
    days = max((now - datetime.fromisoformat(feed.succeeded_at)) / timedelta(days=1), 1 / 1440)
    if feed.items_a_day is None:
        return new / days
    kept = math.exp(-days / (MEMORY / timedelta(days=1)))
    return feed.items_a_day * kept + new / days * (1 - kept)


def _within(rate: float) -> timedelta:
    wait = timedelta(days=0.5) / rate if rate > 2 else LONGEST
    return min(max(wait, SHORTEST), LONGEST)
