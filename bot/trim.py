"""Memory that is free is given back to the system, once an hour.

A model frees hundreds of megabytes at a time. The C library keeps what lies between things still
in use, and a little more of it each day: a third of the process after four days of news.
"""

from __future__ import annotations

import asyncio
import ctypes
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.background import Work


def give_back() -> None:
    """Give back what is free; glibc alone needs to be told. Other threads go on meanwhile."""
    with suppress(AttributeError, TypeError, OSError):  # another C library, another system
        ctypes.CDLL(None).malloc_trim(0)


def trimming(minute: float = 60.0, trim: Callable[[], object] = give_back) -> Work:
    """Background work that calls `trim` once an hour, of `minute` seconds each minute."""

    async def work(stop: asyncio.Event) -> None:
        while not stop.is_set():
            await asyncio.to_thread(trim)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 60 * minute)

    return work
