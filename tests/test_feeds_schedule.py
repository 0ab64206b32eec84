"""When feeds and pages are read next: by their rate, their failures and their servers' wishes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.feeds import schedule
from index.feeds.schedule import stamp
from index.store.feeds import Feed
from index.store.pages import PageRow

NOW = datetime(2023, 3, 16, 12, tzinfo=UTC)
FEED = Feed(1, "https://site.example/feed", "feed", None, None, stamp(NOW), stamp(NOW))


def wait(feed: Feed) -> timedelta:
    assert feed.next_try is not None
    return datetime.fromisoformat(feed.next_try) - NOW


def read(feed: Feed = FEED, new: int = 0, dates: tuple[str | None, ...] = ()) -> Feed:
    return schedule.succeeded(feed, now=NOW, new=new, dates=dates, chance=0.5)


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (0.0, timedelta(hours=6)),
        (2.0, timedelta(hours=6)),
        (12.0, timedelta(hours=1)),
        (1000.0, timedelta(minutes=10)),
    ],
)
def test_a_feed_is_read_twice_in_the_time_an_item_takes(rate: float, expected: timedelta) -> None:
    """Within bounds."""
    dates = tuple(stamp(NOW - timedelta(days=n / rate)) for n in range(9)) if rate else ()
    since = replace(FEED, succeeded_at=stamp(NOW - timedelta(days=30)), items_a_day=0.0)
    assert wait(read(dates=dates) if rate else read(since)) == expected


def test_a_feed_without_dates_is_read_hourly_until_it_is_known() -> None:
    """Then by what came."""
    first = read(dates=(None, "--03-16"))
    assert (first.items_a_day, wait(first)) == (None, timedelta(hours=1))
    before = replace(first, succeeded_at=stamp(NOW - timedelta(hours=2)))
    assert read(before, new=1).items_a_day == 12.0


def test_a_rate_follows_what_comes_and_forgets() -> None:
    """A quiet month brings it down."""
    busy = replace(FEED, succeeded_at=stamp(NOW - timedelta(hours=1)), items_a_day=48.0)
    later = read(busy, new=2).items_a_day
    assert later == pytest.approx(48.0)
    quiet = replace(busy, succeeded_at=stamp(NOW - timedelta(days=30)))
    rate = read(quiet).items_a_day
    assert rate is not None
    assert rate < 0.01


def test_failures_double_the_wait_and_a_success_forgets_them() -> None:
    """Up to half a day."""
    feed, waits = FEED, []
    for _ in range(12):
        feed = schedule.failed(feed, "no answer", now=NOW, chance=0.5)
        waits.append(wait(feed))
    assert waits[:3] == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20)]
    assert waits[-1] == timedelta(hours=12)
    assert (feed.state, feed.failures, feed.failing_since) == ("failing", 12, stamp(NOW))
    well = read(feed)
    assert (well.state, well.failures, well.failing_since, well.error) == ("ok", 0, None, None)


@given(st.integers(1, 10_000), st.floats(0, 1), st.integers(0, 10**9))
def test_no_wait_is_too_short_or_endless(failures: int, chance: float, asked: int) -> None:
    """Whatever chance and the server say."""
    found = schedule.backoff(failures, chance, timedelta(seconds=asked))
    assert timedelta(minutes=3) < found <= timedelta(days=1)


def test_what_the_server_asks_is_waited_at_least() -> None:
    """Chance never shortens it."""
    assert schedule.backoff(1, 0.0, timedelta(hours=2)) == timedelta(hours=2)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta()),
        ("Thu, 16 Mar 2023 13:00:00 GMT", timedelta(hours=1)),
        ("Thu, 16 Mar 2023 11:00:00 GMT", timedelta()),
        ("999999999999", timedelta(days=1)),
        ("Thu, 16 Mar 2033 13:00:00 GMT", timedelta(days=1)),
        ("soon", None),
        ("-5", None),
        ("١٢", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(stated: str | None, expected: timedelta | None) -> None:
    """Believed for a day at most."""
    assert schedule.retry_after(stated, NOW) == expected


def test_a_feed_dead_for_days_is_noticed_once() -> None:
    """And again only after it has lived."""
    feed = schedule.failed(FEED, "no answer", now=NOW, chance=0.5)
    later = NOW + timedelta(days=3)
    assert schedule.noticed(feed, now=later - timedelta(minutes=1)) is None
    told = schedule.noticed(feed, now=later)
    assert told is not None
    assert told.state == "dead"
    assert schedule.noticed(schedule.failed(told, "x", now=later, chance=0), now=later) is None
    assert read(told).noticed_at is None


def test_a_feed_that_is_gone_is_tried_no_more() -> None:
    """The operator is told by its state."""
    feed = schedule.gone(FEED, "the server answered 410", now=NOW)
    assert (feed.next_try, feed.state) == (None, "gone")


def test_a_page_is_given_up_after_some_tries() -> None:
    """It waits between them."""
    page = PageRow("k", "https://site.example/1", 1, "f", None, None, None, stamp(NOW))
    for _ in range(schedule.PAGE_TRIES):
        assert page.next_try is not None
        page = schedule.page_failed(page, "no", now=NOW, chance=0.5)
    assert (page.next_try, page.error) == (None, "no")
