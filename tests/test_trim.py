"""Free memory goes back to the system."""

from __future__ import annotations

import asyncio

from bot.trim import give_back, trimming


async def test_it_is_given_back_once_an_hour_until_the_bot_stops() -> None:
    """A simulation's hour is shorter."""
    stop, hours = asyncio.Event(), []

    def trim() -> None:
        hours.append(len(hours))
        if len(hours) == 3:
            loop.call_soon_threadsafe(stop.set)

    loop = asyncio.get_running_loop()
    await asyncio.wait_for(trimming(0.0001, trim)(stop), 5)
    assert hours == [0, 1, 2]


def test_giving_back_is_no_error_anywhere() -> None:
    """Where the C library has no such function nothing happens."""
    give_back()
