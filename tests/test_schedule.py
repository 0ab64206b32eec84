"""Schedules: what a move, a nap of the server or new rules do to a reader's digests."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from simulate_year import ZONES

from bot.clock import EVERY_DAY
from bot.schedule import LATE, Schedule

HOUR = timedelta(hours=1)


def at_seven(zone: str, days: int = EVERY_DAY) -> Schedule:
    return Schedule(time(7), days, ZoneInfo(zone))


def test_the_next_is_of_the_first_day_after_what_is_done() -> None:
    """At its hour there."""
    day, due = at_seven("Africa/Cairo").after(date(2026, 3, 5))
    assert (day, due) == (date(2026, 3, 6), datetime(2026, 3, 6, 5, tzinfo=UTC))


def test_who_flies_west_has_no_date_twice() -> None:
    """Had in Tokyo, the 10th is not had again in Los Angeles, where it is still to come."""
    day, _ = at_seven("America/Los_Angeles").after(date(2026, 3, 10))
    assert day == date(2026, 3, 11)


def test_who_flies_east_is_owed_the_date_they_waited_for() -> None:
    """Within the hours in which it may be late, at once; else it is passed over."""
    done = date(2026, 3, 9)  # owed in London: the 10th, at 07:00
    now = datetime(2026, 3, 10, 6, tzinfo=UTC)
    assert at_seven("Asia/Dubai").owed(done, now) == (done, date(2026, 3, 10))  # 10:00 there
    assert at_seven("Asia/Tokyo").owed(done, now) == (date(2026, 3, 10), None)  # 15:00 there


def test_a_server_that_slept_sends_late_or_not_at_all() -> None:
    """The last of several days, if it is not too old."""
    schedule, done = at_seven("UTC"), date(2026, 3, 1)
    due = datetime(2026, 3, 4, 7, tzinfo=UTC)
    assert schedule.owed(done, due + LATE) == (date(2026, 3, 3), date(2026, 3, 4))
    assert schedule.owed(done, due + LATE + HOUR) == (date(2026, 3, 4), None)
    assert schedule.owed(date(2026, 3, 4), due + HOUR) == (date(2026, 3, 4), None)


@given(
    st.lists(st.tuples(st.integers(10, 60 * 30), st.sampled_from(ZONES)), min_size=1, max_size=40),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.integers(1, EVERY_DAY),
)
def test_however_one_travels_no_date_comes_twice_and_none_goes_unaccounted(
    moves: list[tuple[int, str]], at: time, days: int
) -> None:
    """Every date asked for is had, or was too long past in the zone where it was passed over."""
    now = datetime(2026, 3, 20, tzinfo=UTC)
    schedule = Schedule(at, days, ZoneInfo("Africa/Cairo"))
    done = schedule.behind(now)
    had: list[date] = []
    for minutes, zone in moves:
        until = now + timedelta(minutes=minutes)
        while now < until:
            before = done
            done, day = schedule.owed(done, now)
            while before < done:  # passed over: not asked for, or too late
                before, due = schedule.after(before)
                assert now - due > LATE
            if day is not None:
                had.append(day)
                done = day
            _, due = schedule.after(done)
            now = min(until, max(due, now + timedelta(minutes=1)))
        schedule = Schedule(at, days, ZoneInfo(zone))
    assert had == sorted(set(had))
    assert all(days >> day.weekday() & 1 for day in had)
