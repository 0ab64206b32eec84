"""Local time: hours that are missing, hours that come twice, quiet hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from fakes import chat
from hypothesis import given
from hypothesis import strategies as st
from simulate_year import ZONES, hour_of

from bot.clock import EVERY_DAY, instant, next_day, quiet, zone_of


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        # There is no 00:30 in Cairo, no 00:15 in Beirut: the moment of the change.
        ("Africa/Cairo", "2026-04-24", "00:30", "2026-04-23T22:00"),
        ("Asia/Beirut", "2026-03-29", "00:15", "2026-03-28T22:00"),
        # 23:30 comes twice in Cairo, 02:30 in Casablanca (Ramadan), 01:30 in Gaza: the first.
        ("Africa/Cairo", "2026-10-29", "23:30", "2026-10-29T20:30"),
        ("Africa/Casablanca", "2026-02-15", "02:30", "2026-02-15T01:30"),
        ("Asia/Gaza", "2026-10-24", "01:30", "2026-10-23T22:30"),
        # In Nuuk 23:30 is skipped over midnight: it is still that day's.
        ("America/Nuuk", "2026-03-28", "23:30", "2026-03-29T01:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30"),  # half an hour
        ("Asia/Riyadh", "2026-06-01", "07:30", "2026-06-01T04:30"),
    ],
)
def test_an_hour_is_found_on_the_days_of_changed_clocks(
    zone: str, day: str, at: str, expected: str
) -> None:
    """By the rules of 2026."""
    found = instant(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(zone))
    assert found == utc(expected)


@given(
    st.sampled_from(ZONES),
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_every_hour_of_every_day_comes_once(zone: str, day: date, at: time) -> None:
    """When a clock first shows it or passes over it, as an oracle reckons that walks through."""
    found = instant(day, at, ZoneInfo(zone))
    assert found == hour_of(day, at, ZoneInfo(zone))
    assert instant(day + timedelta(days=1), at, ZoneInfo(zone)) > found


def test_the_next_day_is_one_that_is_asked_for() -> None:
    """Monday is the lowest bit."""
    thursday = date(2026, 3, 5)
    assert next_day(EVERY_DAY, thursday) == date(2026, 3, 6)
    assert next_day(0b0001000, thursday) == date(2026, 3, 12)  # Thursdays: not the same one again
    assert next_day(0b1000000, thursday) == date(2026, 3, 8)  # Sundays


@pytest.mark.parametrize(
    ("now", "expected"),
    [("19:59", False), ("20:00", True), ("23:59", True), ("03:59", True), ("04:00", False)],
)
def test_quiet_hours_go_over_midnight(now: str, expected: bool) -> None:
    """In the reader's zone: Riyadh is three hours ahead."""
    reader = replace(chat(), zone="Asia/Riyadh", quiet_from="23:00", quiet_until="07:00")
    assert quiet(reader, utc(f"2026-03-05T{now}")) is expected


def test_quiet_hours_may_lie_within_a_day_or_be_none() -> None:
    """From one time up to the other, and not at all where they are equal or missing."""
    noon = utc("2026-03-05T12:00")
    nap = replace(chat(), zone="UTC", quiet_from="11:00", quiet_until="13:00")
    assert quiet(nap, noon)
    assert not quiet(nap, noon + timedelta(hours=1))
    assert not quiet(replace(nap, quiet_until="11:00"), noon)
    assert not quiet(chat(), noon)


def test_who_told_no_zone_has_the_operators() -> None:
    """One that tzdata knows no longer, too: a digest at the wrong hour is better than none."""
    reader = replace(chat(), quiet_from="11:00", quiet_until="13:00")
    assert not quiet(reader, utc("2026-03-05T12:00"))  # Riyadh: 15:00
    assert quiet(reader, utc("2026-03-05T12:00"), "UTC")
    assert zone_of("Mars/Olympus", "Africa/Cairo") == ZoneInfo("Africa/Cairo")
    assert zone_of("../etc/passwd") == ZoneInfo("Asia/Riyadh")
