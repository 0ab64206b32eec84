"""Memory that is free is used again, or given back to the system.

A model takes and frees hundreds of megabytes at a time, in a dozen threads. The C library lets each
thread take it from a heap (arena) of its own, where what lies between things still in use is kept
for that thread: a little more each day, a third of the process after four days of news.
"""

from __future__ import annotations

import asyncio
import ctypes
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.background import Work


_ARENA_MAX = -8  # `M_ARENA_MAX` of glibc's malloc.h

_ARENAS = 2
"""From question 120 to 350 the process grew by 14 MB with two, by 108 MB with glibc's own eight a
core; a question took 1 to 4 % more CPU, on a machine too busy to say it closer."""


def share() -> None:
    """Let all threads share few heaps. For the start of a process, before there are threads."""
    with _only_glibc():
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Give back what is free. Other threads go on meanwhile."""
    with _only_glibc():
        ctypes.CDLL(None).malloc_trim(ctypes.c_size_t(0))


def _only_glibc() -> suppress:
    """Nothing is done with another C library, or on another system."""
    return suppress(AttributeError, TypeError, OSError)


def trimming(minute: float = 60.0, trim: Callable[[], object] = give_back) -> Work:
    """Background work that calls `trim` once an hour, of `minute` seconds each minute."""

    async def work(stop: asyncio.Event) -> None:
        while not stop.is_set():
            await asyncio.to_thread(trim)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 60 * minute)

    return work
